//! A meta group that comes twice.

use isocenter_dcm::{Bytes, Lazy, OpenOptions, Tolerance, Warning, pixel::DecodeOptions, tags, value};

use super::make;
use super::make::{EXPLICIT, IMPLICIT, explicit, file, ids, image, meta};

const RLE: &str = "1.2.840.10008.1.2.5";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const PIXELS: [u8; 6] = [1, 2, 3, 4, 5, 6];

fn native() -> Vec<u8> {
    [image(2, 3, [8, 8], 0), explicit(tags::PIXEL_DATA, "OB", &PIXELS)].concat()
}

fn run_lengths() -> Vec<u8> {
    let mut stream = vec![0; 64];
    (stream[0], stream[4]) = (1, 64);
    stream.extend([&[5][..], &PIXELS, &[0]].concat());
    let item = |body: &[u8]| [&[0xFE, 0xFF, 0, 0xE0][..], &(body.len() as u32).to_le_bytes(), body].concat();
    let mut pixels = explicit(tags::PIXEL_DATA, "OB", &[]);
    pixels[8..].fill(0xFF);
    [image(2, 3, [8, 8], 0), pixels, item(&[]), item(&stream), vec![0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]].concat()
}

/// Checks the pixels and the syntax that was believed.
fn read(bytes: &[u8], syntax: &str) {
    let whole = OpenOptions::new().parse(bytes).unwrap();
    assert!(whole.warnings.contains(&Warning::SecondMeta), "{:?}", whole.warnings);
    assert_eq!(whole.warnings.iter().filter(|warning| **warning == Warning::SecondMeta).count(), 1);
    assert_eq!(whole.meta.transfer_syntax_uid, syntax);
    assert_eq!(make::decode_frame(&whole, 0).unwrap().samples, make::u8s(PIXELS.to_vec()));
    assert_eq!(whole.sop_instance_uid().as_deref(), Some("1.2.3"));
    assert!(whole.dataset.iter().all(|element| element.header().tag.group() > 2));
    let lazy = Lazy::new(Bytes(bytes.to_vec()), &OpenOptions::new()).unwrap();
    let lazily = lazy.frame(0).unwrap().decode(&DecodeOptions::default()).unwrap();
    assert_eq!(lazily.samples, make::u8s(PIXELS.to_vec()));
    let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(bytes).unwrap_err();
    assert_eq!(strict.reason(), "not-conforming");
    let again = OpenOptions::new().parse(&whole.to_bytes().unwrap()).unwrap();
    assert_eq!(again.warnings, []);
}

#[test]
fn the_syntax_that_the_data_set_bears_out_is_believed() {
    for (first, second) in [
        (EXPLICIT, EXPLICIT),
        (EXPLICIT, IMPLICIT),
        (EXPLICIT, RLE),
        (RLE, EXPLICIT),
        (IMPLICIT, EXPLICIT),
        (DEFLATED, EXPLICIT),
        (EXPLICIT, DEFLATED),
    ] {
        read(&file(first, &[meta(second), ids(), native()].concat()), EXPLICIT);
        // further down in the data set
        if first != DEFLATED && [first, second] != [IMPLICIT, EXPLICIT] {
            read(&file(first, &[ids(), meta(second), native()].concat()), EXPLICIT);
        }
    }
    for (first, second) in [(RLE, EXPLICIT), (EXPLICIT, RLE), (RLE, RLE)] {
        read(&file(first, &[meta(second), ids(), run_lengths()].concat()), RLE);
        read(&file(first, &[ids(), meta(second), run_lengths()].concat()), RLE);
    }
}

#[test]
fn a_file_within_a_file_is_the_inner_one() {
    let inner = file(EXPLICIT, &[ids(), native()].concat());
    for first in [EXPLICIT, RLE] {
        read(&file(first, &inner), EXPLICIT);
    }
}

#[test]
fn what_only_the_second_group_says_counts() {
    // the first group without its syntax, and without its length
    let group = meta(EXPLICIT);
    let syntax = group.windows(6).position(|w| w == b"\x02\0\x10\0UI").unwrap();
    let bytes = [&[0; 128][..], b"DICM", &group[12..syntax], &group, &ids(), &native()].concat();
    read(&bytes, EXPLICIT);
    // elements of one group in another order are one group
    let class = explicit(tags::MEDIA_STORAGE_SOP_CLASS_UID, "UI", b"1.2\0");
    let syntax = explicit(tags::TRANSFER_SYNTAX_UID, "UI", b"1.2.840.10008.1.2.1\0");
    let bytes = [&[0; 128][..], b"DICM", &syntax, &class, &ids(), &native()].concat();
    let whole = OpenOptions::new().parse(&bytes).unwrap();
    assert!(!whole.warnings.contains(&Warning::SecondMeta));
    assert_eq!(whole.meta.media_storage_sop_class_uid, "1.2");
    assert_eq!(value::u16(&whole.dataset, tags::ROWS), Some(2));
}
