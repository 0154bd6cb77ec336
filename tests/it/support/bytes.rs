//! Files as people send them, good and bad, built here byte by byte.

use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::{Bytes, ImageEXIF};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Where the photo was taken; nobody may find it in what is kept.
pub const PLACE: &[u8] = b"19.4326077N 99.1332080W Canon EOS ana@example.org";

/// A PDF document of about that many bytes.
pub fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut seed = 7u32;
    while bytes.len() < size {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend_from_slice(&seed.to_le_bytes());
    }
    bytes.extend_from_slice(b"\n%%EOF\n");
    bytes
}

/// A ZIP file with those entries.
pub fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("started");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

/// A workbook, with more in it.
pub fn workbook(more: &[(&str, &[u8])]) -> Vec<u8> {
    let whole: [(&str, &[u8]); 2] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
    ];
    packed(&[&whole, more].concat())
}

/// A photo whose camera wrote down where it was.
pub fn photo() -> Vec<u8> {
    let exif = [b"MM\0*\0\0\0\x08\0\0\0\0\0\0".as_slice(), PLACE].concat();
    let scan = JpegSegment::new_with_entropy(
        markers::SOS,
        Bytes::from_static(b"\x01\x01\0\0\x3f\0"),
        Bytes::from_static(b"the picture itself\xff\xd9"),
    );
    let frame = Bytes::from_static(b"\x08\0\x10\0\x10\x01\x01\x11\0");
    let mut bytes = vec![0xff, 0xd8];
    bytes.extend(JpegSegment::new_with_contents(markers::SOF0, frame).encoder().bytes());
    bytes.extend(scan.encoder().bytes());
    let mut photo = Jpeg::from_bytes(bytes.into()).expect("a photo");
    photo.set_exif(Some(exif.into()));
    let bytes = photo.encoder().bytes().to_vec();
    assert!(has(&bytes, PLACE));
    bytes
}

/// Whether those bytes are somewhere in the others.
pub fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
