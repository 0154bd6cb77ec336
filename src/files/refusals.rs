//! What a file is that is not taken, and what to send instead.

/// For files that bring programs along.
pub(super) const MACROS: &str =
    "The file contains macros, which are programs. Save it without them (as DOCX, XLSX or PPTX), or as PDF.";
/// For files that carry one along.
pub(super) const CARRIED: &str = "The file has a program in it, and programs are not taken. Take it out of the document and save that anew, or save it as PDF.";
/// For files that lead their reader's Office to a template somewhere else.
pub(super) const TEMPLATE: &str = "The file fetches its template from another computer whenever it is opened, and a template can bring programs along. Detach the template in Office and save the file anew, or save it as PDF.";
const SVG: &str = "The file is an SVG drawing, which can carry scripts. Save it as PNG or PDF.";
const PAGE: &str =
    "The file is a web page (HTML), which can carry scripts. Save it as PDF, or give its address as the link.";
const MARKUP: &str = "The file is XML or another markup, which is not taken. Save it as PDF, TXT or CSV.";
const SCRIPT: &str = "The file is a script, and programs are not taken.";
const PROGRAM: &str = "The file is a program, and programs are not taken.";
const ARCHIVE: &str = "The file is an archive. Take the files out and send each by itself.";
const HEIC: &str = "The file is a HEIC or AVIF photo, which many readers cannot open. Convert it to JPEG.";
const TIFF: &str = "The file is a TIFF or raw photo, which many readers cannot open. Convert it to JPEG or PDF.";
const RTF: &str = "The file is an RTF document. Save it as DOCX or PDF.";
const PICTURE: &str = "This kind of picture is not taken. Convert it to JPEG or PNG.";
const SOUND: &str = "This kind of recording is not taken. Convert it to MP3, OGG or MP4.";

/// What the first bytes of text give away: markup and scripts, which a browser or a shell might run.
pub(super) fn in_text(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"{\\rtf") {
        return Some(RTF);
    }
    if head.starts_with(b"%!PS") || head.starts_with(b"#!") {
        return Some(SCRIPT);
    }
    // Zeros of UTF-16 are skipped, so that the other encoding is no way round.
    let plain: Vec<u8> = head
        .iter()
        .filter(|byte| **byte != 0 && **byte < 0x80)
        .map(u8::to_ascii_lowercase)
        .skip_while(u8::is_ascii_whitespace)
        .take(1024)
        .collect();
    let plain = String::from_utf8_lossy(&plain);
    let first = plain.strip_prefix('<')?;
    if plain.contains("<svg") {
        return Some(SVG);
    }
    let web = [
        "!doctype html",
        "html",
        "head",
        "body",
        "script",
        "iframe",
        "!--",
        "meta",
        "title",
        "table",
        "div",
        "style",
        "img",
        "a ",
        "p>",
        "h1",
        "br",
        "font",
        "object",
        "embed",
        "form",
        "link",
        "base",
    ];
    if web.iter().any(|tag| first.starts_with(tag)) || plain.contains("<html") {
        return Some(PAGE);
    }
    first
        .starts_with(|c: char| c.is_ascii_alphabetic() || c == '?' || c == '!')
        .then_some(MARKUP)
}

/// What the first bytes of something that is no text give away.
pub(super) fn in_bytes(head: &[u8]) -> String {
    use infer::MatcherType as Is;
    let Some(found) = infer::get(head) else {
        return format!(
            "What the file is could not be recognised. These are taken: {}.",
            crate::domain::files::TAKEN
        );
    };
    let known = match (found.matcher_type(), found.mime_type()) {
        (_, "image/heif" | "image/avif") => HEIC,
        (_, "image/tiff" | "image/x-canon-cr2") => TIFF,
        (_, "application/x-ole-storage") => PROGRAM,
        (_, "application/rtf") => RTF,
        (_, "text/html") => PAGE,
        (_, "text/xml") => MARKUP,
        (_, "text/x-shellscript") => SCRIPT,
        (Is::App, _) => PROGRAM,
        (Is::Image, _) => PICTURE,
        (Is::Audio | Is::Video, _) => SOUND,
        (Is::Archive, _) => ARCHIVE,
        (_, mime) => {
            return format!(
                "The file is of the kind {mime}, which is not taken. These are: {}.",
                crate::domain::files::TAKEN
            );
        }
    };
    known.to_owned()
}

/// What a name's ending promises, where that is nothing we take: then it is refused whatever is inside, because a reader's
/// system goes by the ending.
pub(super) fn by_ending(end: &str) -> Option<&'static str> {
    Some(match end {
        "svg" | "svgz" => SVG,
        "html" | "htm" | "xhtml" | "xht" | "mhtml" | "mht" | "shtml" => PAGE,
        "xml" | "xsl" | "xslt" => MARKUP,
        "docm" | "dotm" | "xlsm" | "xltm" | "xlsb" | "xlam" | "pptm" | "potm" | "ppsm" => MACROS,
        "js" | "mjs" | "ts" | "py" | "sh" | "bash" | "bat" | "cmd" | "ps1" | "psm1" | "vbs" | "vbe" | "jse" | "wsf"
        | "wsh" | "hta" | "php" | "pl" | "rb" | "lua" | "ps" | "eps" | "reg" | "applescript" => SCRIPT,
        "exe" | "com" | "scr" | "msi" | "msp" | "dll" | "pif" | "cpl" | "jar" | "apk" | "app" | "deb" | "rpm"
        | "dmg" | "pkg" | "lnk" | "url" | "scf" | "desktop" | "appimage" | "so" | "bin" | "elf" | "wasm" => PROGRAM,
        "zip" | "rar" | "7z" | "gz" | "tgz" | "tar" | "bz2" | "xz" | "zst" | "cab" | "iso" | "img" | "vhd" => ARCHIVE,
        "heic" | "heif" | "avif" => HEIC,
        "tif" | "tiff" | "cr2" | "nef" | "dng" | "arw" => TIFF,
        "rtf" => RTF,
        _ => return None,
    })
}
