//! Pictures without what a camera or an editor hid in them: place, time, device, owner, previews, comments. What is needed to
//! show them stays: the image, its colours, and which side is up.
//!
//! Each format is rebuilt from the parts that are known and needed; everything else is left out, so that a field nobody has
//! thought of does not stay.

use crate::domain::files::FileKind;
use bytes::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_EXIF, CHUNK_VP8X, WebP};
use img_parts::{ImageEXIF, webp};

const DAMAGED: &str = "The picture is damaged and cannot be read. Open it, save it anew and send that.";

/// The picture without its hidden data.
///
/// # Errors
/// When it is damaged.
pub(super) fn clean(kind: FileKind, bytes: Bytes) -> Result<Bytes, String> {
    let cleaned = match kind {
        FileKind::Jpeg => jpeg(bytes),
        FileKind::Png => png(bytes),
        FileKind::Webp => web_picture(bytes),
        FileKind::Gif => gif(&bytes),
        _ => Some(bytes),
    };
    cleaned.ok_or_else(|| DAMAGED.to_owned())
}

fn jpeg(bytes: Bytes) -> Option<Bytes> {
    let mut picture = Jpeg::from_bytes(bytes).ok()?;
    let turned = picture.exif().as_deref().and_then(orientation);
    let segments = std::mem::take(picture.segments_mut());
    picture
        .segments_mut()
        .extend(segments.into_iter().filter_map(needed_segment));
    if !picture.segments().last()?.has_entropy() {
        return None;
    }
    picture.set_exif(turned.map(only_orientation));
    Some(picture.encoder().bytes())
}

/// The segment, if the image cannot be shown without it.
fn needed_segment(segment: JpegSegment) -> Option<JpegSegment> {
    let contents = segment.contents();
    match segment.marker() {
        markers::APP0 if contents.starts_with(b"JFIF\0") && contents.len() >= 14 => {
            // Version, unit and density; then the size of a preview, which is left out.
            let plain = [&contents[..12], &[0, 0]].concat();
            Some(JpegSegment::new_with_contents(markers::APP0, plain.into()))
        }
        markers::APP2 if contents.starts_with(b"ICC_PROFILE\0") => Some(segment),
        markers::APP14 if contents.starts_with(b"Adobe") => Some(segment),
        markers::APP0..=markers::APP15 | markers::COM => None,
        marker if segment.has_entropy() => {
            let rest = segment.clone().encoder().bytes();
            let scans = scans(&rest[4 + contents.len()..]);
            Some(JpegSegment::new_with_entropy(marker, contents.clone(), scans.into()))
        }
        _ => Some(segment),
    }
}

/// What follows the head of the first scan, up to the end of the image: cameras hang previews and films behind it.
fn scans(rest: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(rest.len());
    let mut at = 0;
    while let Some(next) = rest[at..].iter().position(|byte| *byte == markers::P) {
        kept.extend_from_slice(&rest[at..at + next]);
        at += next;
        let Some(marker) = rest.get(at + 1).copied() else { break };
        match marker {
            0 | markers::RST0..=markers::RST7 => {
                kept.extend_from_slice(&rest[at..at + 2]);
                at += 2;
            }
            markers::P => at += 1,
            markers::EOI => {
                at = rest.len();
                break;
            }
            _ => {
                let length = rest
                    .get(at + 2..at + 4)
                    .map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])));
                let end = at + 2 + length.unwrap_or(usize::from(u16::MAX));
                let Some(segment) = rest.get(at..end) else {
                    at = rest.len();
                    break;
                };
                if !matches!(marker, markers::APP0..=markers::APP15 | markers::COM) {
                    kept.extend_from_slice(segment);
                }
                at = end;
            }
        }
    }
    kept.extend_from_slice(rest[at..].strip_suffix(&[markers::P]).unwrap_or(&rest[at..]));
    kept.extend_from_slice(&[markers::P, markers::EOI]);
    kept
}

fn png(bytes: Bytes) -> Option<Bytes> {
    const NEEDED: [&[u8; 4]; 17] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
        b"pHYs", b"acTL", b"fcTL", b"fdAT", b"hIST",
    ];
    let mut picture = Png::from_bytes(bytes).ok()?;
    let turned = picture.exif().as_deref().and_then(orientation);
    picture.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.kind()));
    let has = |kind: &[u8; 4]| picture.chunk_by_type(*kind).is_some();
    if !(has(b"IHDR") && has(b"IDAT") && has(b"IEND")) {
        return None;
    }
    picture.set_exif(turned.map(only_orientation));
    Some(picture.encoder().bytes())
}

fn web_picture(bytes: Bytes) -> Option<Bytes> {
    const NEEDED: [[u8; 4]; 7] = [
        CHUNK_VP8X,
        webp::CHUNK_VP8,
        webp::CHUNK_VP8L,
        webp::CHUNK_ALPH,
        webp::CHUNK_ANIM,
        webp::CHUNK_ANMF,
        webp::CHUNK_ICCP,
    ];
    const EXIF: u8 = 0b1000;
    const XMP: u8 = 0b0100;
    let mut picture = WebP::from_bytes(bytes).ok()?;
    let turned = picture.exif().as_deref().and_then(orientation);
    picture.chunks_mut().retain(|chunk| NEEDED.contains(&chunk.id()));
    let shows = [webp::CHUNK_VP8, webp::CHUNK_VP8L, webp::CHUNK_ANMF];
    if !shows.iter().any(|id| picture.has_chunk(*id)) {
        return None;
    }
    let head = picture.chunks_mut().iter_mut().find(|chunk| chunk.id() == CHUNK_VP8X);
    if let Some(RiffContent::Data(data)) = head.map(RiffChunk::content_mut) {
        let mut flags = data.to_vec();
        let first = flags.first_mut()?;
        *first &= !(EXIF | XMP);
        if turned.is_some() {
            *first |= EXIF;
        }
        *data = flags.into();
        if let Some(exif) = turned.map(only_orientation) {
            picture
                .chunks_mut()
                .push(RiffChunk::new(CHUNK_EXIF, RiffContent::Data(exif)));
        }
    }
    Some(picture.encoder().bytes())
}

fn gif(bytes: &[u8]) -> Option<Bytes> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut kept = bytes.get(..at)?.to_vec();
    loop {
        let (from, kind) = (at, *bytes.get(at)?);
        let keep = match kind {
            0x3b => {
                kept.push(kind);
                return Some(kept.into());
            }
            0x2c => {
                at += 11 + colours(*bytes.get(at + 9)?);
                true
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at += 2;
                let name = bytes.get(at + 1..at + 12);
                label == 0xf9
                    || (label == 0xff && name.is_some_and(|name| name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0"))
            }
            _ => return None,
        };
        // The data: pieces with their length before them, ended by an empty one.
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
        if keep {
            kept.extend_from_slice(bytes.get(from..at)?);
        }
    }
}

/// Which side is up, where the camera says that it is not the first.
fn orientation(exif: &[u8]) -> Option<u8> {
    const TAG: usize = 0x0112;
    let is_little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let slice = exif.get(at..at.checked_add(bytes)?)?;
        let join = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if is_little {
            slice.iter().rev().fold(0, join)
        } else {
            slice.iter().fold(0, join)
        })
    };
    let list = number(4, 4)?;
    let entries = number(list, 2)?;
    let entry = (0..entries)
        .map(|n| list + 2 + n * 12)
        .find(|at| number(*at, 2) == Some(TAG))?;
    let value = u8::try_from(number(entry + 8, 2)?).ok()?;
    (2..=8).contains(&value).then_some(value)
}

/// EXIF data that say which side is up, and nothing else.
fn only_orientation(value: u8) -> Bytes {
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[value, 0, 0, 0, 0, 0, 0]);
    exif.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &[u8] = b"19.4326N 99.1332W";

    fn has(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    /// EXIF with an orientation and a text behind it.
    fn exif(value: u8) -> Vec<u8> {
        [&only_orientation(value)[..], SECRET].concat()
    }

    fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
        let length = u16::try_from(contents.len() + 2).expect("short").to_be_bytes();
        [&[0xff, marker], &length[..], contents].concat()
    }

    fn photo(value: u8) -> Vec<u8> {
        let place = [b"Exif\0\0", &exif(value)[..]].concat();
        let xmp = [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat();
        [
            b"\xff\xd8".to_vec(),
            segment(
                markers::APP0,
                &[b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01", SECRET].concat(),
            ),
            segment(markers::APP1, &place),
            segment(markers::APP1, &xmp),
            segment(markers::APP13, &[b"Photoshop 3.0\0", SECRET].concat()),
            segment(markers::APP2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(markers::COM, SECRET),
            segment(markers::SOF2, b"\x08\0\x10\0\x10\x01\x01\x11\0"),
            segment(markers::SOS, b"\x01\x01\0\0\x3f\0"),
            b"scan\xff\0one".to_vec(),
            segment(markers::APP1, &place),
            segment(markers::DHT, b"table"),
            segment(markers::SOS, b"\x01\x01\0\0\x3f\0"),
            b"scan two\xff\xd0".to_vec(),
            b"\xff\xd9".to_vec(),
            b"\xff\xd8".to_vec(),
            SECRET.to_vec(),
        ]
        .concat()
    }

    #[test]
    fn a_photo_forgets_where_it_was_taken_and_stays_upright() {
        for (value, upright) in [(1, None), (6, Some(6))] {
            let cleaned = clean(FileKind::Jpeg, photo(value).into()).expect("a photo");
            assert!(!has(&cleaned, SECRET), "{cleaned:?}");
            for kept in [&b"JFIF\0"[..], b"colours", b"scan\xff\0one", b"table", b"scan two"] {
                assert!(has(&cleaned, kept), "{kept:?}");
            }
            assert!(cleaned.ends_with(b"\xff\xd0\xff\xd9"));
            let again = Jpeg::from_bytes(cleaned.clone()).expect("a photo");
            assert_eq!(again.exif().as_deref().and_then(orientation), upright);
            assert_eq!(again.exif().map(|exif| exif.len()), upright.map(|_| 26));
            assert_eq!(
                clean(FileKind::Jpeg, cleaned.clone()),
                Ok(cleaned),
                "a second time changes nothing"
            );
        }
    }

    #[test]
    fn the_other_formats_forget_it_too() {
        let chunk = |kind: [u8; 4], bytes: &[u8]| img_parts::png::PngChunk::new(kind, Bytes::copy_from_slice(bytes));
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, bytes) in [
            (*b"IHDR", &b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"[..]),
            (*b"eXIf", &exif(3)),
            (*b"tEXt", SECRET),
            (*b"iTXt", SECRET),
            (*b"tIME", b"1234567"),
            (*b"spYe", SECRET),
            (*b"IDAT", b"pixels"),
            (*b"IEND", b""),
        ] {
            png.extend(chunk(kind, bytes).encoder().bytes());
        }
        png.extend_from_slice(SECRET);
        let cleaned = clean(FileKind::Png, png.into()).expect("a picture");
        assert!(!has(&cleaned, SECRET) && !has(&cleaned, b"tIME") && has(&cleaned, b"pixels"));
        let again = Png::from_bytes(cleaned).expect("a picture");
        assert_eq!(again.exif().as_deref().and_then(orientation), Some(3));

        let data = |id: [u8; 4], bytes: &[u8]| RiffChunk::new(id, RiffContent::Data(Bytes::copy_from_slice(bytes)));
        let chunks = vec![
            data(CHUNK_VP8X, b"\x2c\0\0\0\0\0\0\0\0\0"),
            data(webp::CHUNK_VP8L, b"pixels"),
            data(CHUNK_EXIF, &exif(1)),
            data(webp::CHUNK_XMP, SECRET),
        ];
        let content = RiffContent::List {
            kind: Some(*b"WEBP"),
            subchunks: chunks,
        };
        let cleaned = clean(FileKind::Webp, RiffChunk::new(*b"RIFF", content).encoder().bytes()).expect("a picture");
        assert!(!has(&cleaned, SECRET) && has(&cleaned, b"pixels") && has(&cleaned, b"VP8X\x0a\0\0\0\x20"));

        let gif = [
            &b"GIF89a\x01\0\x01\0\x80\0\0rgbRGB"[..],
            b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0",
            b"\x21\xff\x0bXMP DataXMP\x1119.4326N 99.1332W\0",
            b"\x21\xfe\x1119.4326N 99.1332W\0",
            b"\x21\xf9\x04\0\0\0\0\0",
            b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b",
            SECRET,
        ]
        .concat();
        let cleaned = clean(FileKind::Gif, gif.into()).expect("a picture");
        assert!(!has(&cleaned, SECRET) && has(&cleaned, b"NETSCAPE2.0") && cleaned.ends_with(b"\x44\x01\0\x3b"));
    }

    proptest! {
        #[test]
        fn damage_is_refused_and_never_a_panic(at in 0usize..400, byte: u8, cut in 0usize..500, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut damaged = photo(6);
            let at = at % damaged.len();
            damaged[at] = byte;
            let _ = clean(FileKind::Jpeg, damaged.clone().into());
            damaged.truncate(cut);
            let _ = clean(FileKind::Jpeg, damaged.into());
            let gif = [b"GIF89a", &bytes[..]].concat();
            let png = [b"\x89PNG\r\n\x1a\n", &bytes[..]].concat();
            let riff = [b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0", &bytes[..]].concat();
            for (kind, bytes) in [(FileKind::Gif, gif), (FileKind::Png, png), (FileKind::Webp, riff)] {
                let _ = clean(kind, bytes.into());
            }
            let _ = orientation(&bytes);
        }
    }
}
