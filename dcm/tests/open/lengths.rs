use std::collections::BTreeMap;

use isocenter_dcm::{Error, OpenOptions, ReadLimits, Tag, Warning, tags, value};

use super::make::{EXPLICIT, explicit, file, ids, image};

fn with_pixels() -> Vec<u8> {
    file(EXPLICIT, &[ids(), image(2, 3, [16, 16], 0), explicit(tags::PIXEL_DATA, "OW", &[7; 12])].concat())
}

#[test]
fn every_cut_is_an_error_or_a_shorter_whole() {
    let bytes = with_pixels();
    assert!(OpenOptions::new().parse(&bytes).is_ok());
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for length in 0..bytes.len() {
        let result = OpenOptions::new().parse(&bytes[..length]);
        assert!(!result.as_ref().is_ok_and(|instance| instance.has_pixels()), "cut at {length}");
        *told.entry(result.map_or_else(|error| error.reason(), |_| "whole")).or_default() += 1;
    }
    // a cut behind one of the 4 elements of the meta group, or of the 10 before the pixels, leaves a shorter whole; every other is told
    assert_eq!(told, BTreeMap::from([("empty-file", 1), ("not-dicom", 132), ("truncated", 235), ("whole", 14)]));
    let cut = OpenOptions::new().parse(&bytes[..bytes.len() - 1]).unwrap_err();
    assert!(matches!(cut, Error::Truncated { tag: Some(tags::PIXEL_DATA), wanted: 12, left: 11, .. }), "{cut}");
}

#[test]
fn a_header_tells_that_its_pixels_are_cut() {
    let bytes = with_pixels();
    let header = OpenOptions::new().header_only(true);
    let whole = header.parse(&bytes).unwrap();
    assert!(whole.has_pixels() && whole.is_header_only() && whole.dataset.get(tags::PIXEL_DATA).is_none());
    assert_eq!(header.parse(&bytes[..bytes.len() - 2]).unwrap_err().reason(), "truncated");
}

#[test]
fn pixel_data_shorter_than_rows_and_columns_is_truncated() {
    let bytes = file(EXPLICIT, &[ids(), image(2, 3, [16, 16], 0), explicit(tags::PIXEL_DATA, "OW", &[7; 10])].concat());
    for header_only in [false, true] {
        let error = OpenOptions::new().header_only(header_only).parse(&bytes).unwrap_err();
        assert!(matches!(error, Error::Truncated { wanted: 12, left: 10, .. }), "{error}");
    }
}

#[test]
fn a_declared_length_reserves_nothing() {
    let mut bytes = file(EXPLICIT, &ids());
    bytes.extend([0x10, 0x00, 0x00, 0x40, b'U', b'T', 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, b'x']);
    let error = OpenOptions::new().parse(&bytes).unwrap_err();
    assert!(matches!(error, Error::Truncated { wanted: 0xFFFF_FFFE, left: 1, .. }), "{error}");
}

#[test]
fn a_length_beyond_its_item_is_malformed() {
    let inner = explicit(tags::CODE_VALUE, "SH", b"abcd");
    let mut item = vec![0xFE, 0xFF, 0x00, 0xE0];
    item.extend((inner.len() as u32 - 2).to_le_bytes());
    item.extend(inner);
    let dataset =
        [ids(), explicit(Tag(0x0040, 0xA043), "SQ", &item), explicit(tags::PATIENT_ID, "LO", b"abcdefgh")].concat();
    assert_eq!(OpenOptions::new().parse(&file(EXPLICIT, &dataset)).unwrap_err().reason(), "malformed");
}

#[test]
fn depth_and_count_are_limited() {
    let mut nested = Vec::new();
    for _ in 0..100 {
        nested.extend([0x40, 0x00, 0x30, 0xA7, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        nested.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    let bytes = file(EXPLICIT, &[ids(), nested].concat());
    assert_eq!(OpenOptions::new().parse(&bytes).unwrap_err().reason(), "limit");
    let few = ReadLimits::default().elements(1);
    assert_eq!(OpenOptions::new().limits(few).parse(&file(EXPLICIT, &ids())).unwrap_err().reason(), "limit");
    let small = ReadLimits::default().file_bytes(100);
    assert_eq!(OpenOptions::new().limits(small).parse(&file(EXPLICIT, &ids())).unwrap_err().reason(), "limit");
}

#[test]
fn trailing_zeros_are_padding() {
    let bytes = file(EXPLICIT, &[ids(), vec![0; 21]].concat());
    let instance = OpenOptions::new().parse(&bytes).unwrap();
    assert_eq!(instance.warnings, [Warning::TrailingBytes { count: 21 }]);
}

#[test]
fn a_header_longer_than_the_first_block_is_read_on() {
    let long = explicit(Tag(0x0029, 0x1010), "OB", &vec![5; 300_000]);
    let dataset = [ids(), long, image(1, 2, [8, 8], 0), explicit(tags::PIXEL_DATA, "OW", &[1, 2])].concat();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, file(EXPLICIT, &dataset)).unwrap();
    let instance = OpenOptions::new().header_only(true).open(&path).unwrap();
    assert_eq!(value::u16(&instance.dataset, tags::COLUMNS), Some(2));
    assert!(instance.has_pixels());
}

#[test]
fn zeros_before_more_elements_are_looked_through_once() {
    // Each eight zeros are an element; looking to the end of them for padding at each took minutes.
    let mut bytes = explicit(tags::PATIENT_ID, "LO", b"4711");
    bytes.extend(vec![0; 4 << 20]);
    bytes.push(1);
    let limits = isocenter_dcm::ReadLimits::default().elements(1 << 20);
    let refused = OpenOptions::new().limits(limits).parse(&file(EXPLICIT, &bytes));
    assert_eq!(refused.unwrap_err().reason(), "truncated");
}
