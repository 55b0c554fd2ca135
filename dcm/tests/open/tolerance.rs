use std::io::Cursor;

use isocenter_dcm::{OpenOptions, Tag, Tolerance, Warning, tags, value};

use super::make;
use super::make::{EXPLICIT, explicit, file, ids, image};

fn salvage() -> OpenOptions {
    OpenOptions::new().tolerance(Tolerance::Salvage)
}

fn undefined(tag: Tag, body: &[u8]) -> Vec<u8> {
    let mut out = explicit(tag, "OB", &[]);
    out.truncate(8);
    out.extend([0xFF; 4]);
    out.extend(body);
    out
}

fn item(bytes: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0][..], &(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

#[test]
fn a_truncated_last_element_is_refused_or_salvaged() {
    let bytes = file(EXPLICIT, &[ids(), explicit(tags::PATIENT_COMMENTS, "LT", b"a long story")].concat());
    let cut = &bytes[..bytes.len() - 5];
    assert_eq!(OpenOptions::new().parse(cut).unwrap_err().reason(), "truncated");
    let kept = salvage().parse(cut).unwrap();
    assert_eq!(value::string(&kept.dataset, tags::PATIENT_COMMENTS).as_deref(), Some("a long"));
    assert_eq!(kept.warnings, [Warning::Truncated { tag: tags::PATIENT_COMMENTS, wanted: 12, left: 7 }]);
}

#[test]
fn numbers_are_salvaged_whole() {
    let longs = explicit(Tag(0x0028, 0x0020), "UL", &[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
    let bytes = file(EXPLICIT, &[ids(), longs].concat());
    let kept = salvage().parse(&bytes[..bytes.len() - 2]).unwrap();
    assert_eq!(value::f64s(&kept.dataset, Tag(0x0028, 0x0020)), [1.0, 2.0]);
}

#[test]
fn every_cut_can_be_salvaged() {
    let nested = explicit(Tag(0x0008, 0x1140), "SQ", &item(&ids()));
    let pixels = explicit(tags::PIXEL_DATA, "OW", &[7; 12]);
    let bytes = file(EXPLICIT, &[ids(), nested, image(2, 3, [16, 16], 0), pixels].concat());
    let whole = OpenOptions::new().parse(&bytes).unwrap();
    // The meta group must be there; from then on each cut leaves what stood before it.
    let start = bytes.len() - 12 - 12 - 150;
    let mut elements = 0;
    for length in start..bytes.len() {
        let kept = salvage().parse(&bytes[..length]).unwrap();
        let count = kept.dataset.iter().count();
        assert!(count >= elements && count <= whole.dataset.iter().count(), "cut at {length}");
        elements = count;
    }
}

#[test]
fn whole_frames_of_cut_pixel_data_are_salvaged() {
    let two = explicit(tags::NUMBER_OF_FRAMES, "IS", b"2 ");
    let pixels = explicit(tags::PIXEL_DATA, "OW", &[1, 0, 2, 0, 3, 0, 4, 0]);
    let bytes = file(EXPLICIT, &[ids(), two, image(1, 2, [16, 16], 0), pixels].concat());
    let cut = &bytes[..bytes.len() - 3];
    let kept = salvage().parse(cut).unwrap();
    let told = Warning::Truncated { tag: tags::PIXEL_DATA, wanted: 8, left: 5 };
    assert_eq!(kept.warnings.iter().filter(|&warning| *warning == told).count(), 1);
    assert_eq!(make::decode_frame(&kept, 0).unwrap().samples, make::u16s(vec![1, 2]));
    assert_eq!(make::decode_frame(&kept, 1).unwrap_err().reason(), "truncated");
    assert!(salvage().header_only(true).parse(cut).unwrap().has_pixels());
}

#[test]
fn fragments_without_their_delimiter_are_read() {
    let body = [item(&[]), item(&[1, 2])].concat();
    let syntax = "1.2.840.10008.1.2.1.98";
    let bytes = file(syntax, &[ids(), image(1, 2, [8, 8], 0), undefined(tags::PIXEL_DATA, &body)].concat());
    let open = OpenOptions::new().parse(&bytes).unwrap();
    assert_eq!(open.warnings, [Warning::MissingDelimiter { tag: tags::PIXEL_DATA }]);
    assert_eq!(make::decode_frame(&open, 0).unwrap().samples, make::u8s(vec![1, 2]));
}

#[test]
fn strict_reading_refuses_the_first_repair() {
    let strict = OpenOptions::new().tolerance(Tolerance::Strict);
    let bytes = file(EXPLICIT, &ids());
    assert!(strict.parse(&bytes).is_ok());
    let error = strict.parse(&[bytes.as_slice(), &[0; 16]].concat()).unwrap_err();
    assert_eq!(error.to_string(), "not conforming: trailing-bytes");
}

#[test]
fn reading_ends_before_the_tag_asked_for() {
    let big = explicit(Tag(0x0029, 0x1010), "OB", &vec![5; 300_000]);
    let bytes = file(EXPLICIT, &[ids(), image(1, 2, [8, 8], 0), big].concat());
    let until = OpenOptions::new().until(tags::COLUMNS);
    let open = until.parse(&bytes).unwrap();
    assert!(open.is_header_only() && open.dataset.get(tags::COLUMNS).is_none());
    assert_eq!(value::u16(&open.dataset, tags::ROWS), Some(1));
    assert_eq!(open.write("nowhere").unwrap_err().reason(), "partly-read");
    let mut reader = Cursor::new(&bytes);
    assert_eq!(until.read(&mut reader).unwrap().dataset, open.dataset);
    assert!(reader.position() < 40_000, "no more than the first block was read");
}

#[test]
fn readers_streams_and_bytes_give_the_same() {
    let bytes = file(EXPLICIT, &[ids(), image(1, 2, [8, 8], 0), explicit(tags::PIXEL_DATA, "OB", &[1, 2])].concat());
    let options = OpenOptions::new();
    let parsed = options.parse(&bytes).unwrap();
    let mut behind = Cursor::new([b"xyz", bytes.as_slice()].concat());
    behind.set_position(3);
    assert_eq!(options.read(&mut behind).unwrap().dataset, parsed.dataset);
    assert_eq!(options.read_stream(&mut bytes.as_slice()).unwrap().dataset, parsed.dataset);
    assert_eq!(options.read_stream(&mut std::io::empty()).unwrap_err().reason(), "empty-file");
}
