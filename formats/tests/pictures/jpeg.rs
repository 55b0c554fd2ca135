//! JPEG: read only.

use isocenter_formats::{Error, ReadOptions, WriteOptions, read_bytes, write_bytes};

use crate::{common::small, support::codes, voxels};

/// 8 x 8 pixels of one gray, as PIL 13 (libjpeg-turbo) writes them: `Image.new("L", (8, 8), 77).save(f, "JPEG", quality=95)`, with
/// tables of its own.
fn gray() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let mut segment = |marker: u8, body: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend(((body.len() + 2) as u16).to_be_bytes());
        bytes.extend(body);
    };
    segment(0xdb, &[[0].as_slice(), &[1; 64]].concat());
    segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    // one code of one bit: nine bits of difference; one code for the end of a block
    segment(0xc4, &[[0].as_slice(), &[1], &[0; 15], &[9]].concat());
    segment(0xc4, &[[0x10].as_slice(), &[1], &[0; 15], &[0]].concat());
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    // (77 - 128) * 8 = -408: code 0, then -408 + 511 = 103 in nine bits, then the end, then ones
    bytes.extend([0b0001_1001, 0b1101_1111, 0xff, 0xd9]);
    bytes
}

#[test]
fn gray_is_read() {
    let read = read_bytes(&gray(), &ReadOptions::default()).unwrap();
    assert_eq!((read.format, read.volume.shape(), codes(&read)), ("JPEG", [8, 8, 1], vec!["no-place"]));
    assert_eq!(voxels!(read, U8), [77; 64]);
}

#[test]
fn damage_is_an_error_or_another_picture_and_writing_is_not_offered() {
    let good = gray();
    for n in 0..good.len() - 4 {
        assert!(read_bytes(&good[..n], &ReadOptions::default()).is_err(), "cut at {n}");
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut changed = good.clone();
            changed[n] = value;
            let _ = read_bytes(&changed, &ReadOptions::default());
        }
    }
    let mut huge = good;
    let at = huge.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    huge[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
    let read = read_bytes(&huge, &ReadOptions::default());
    assert!(matches!(read, Err(Error::Truncated { .. } | Error::Limit { .. })), "{read:?}");
    assert!(matches!(write_bytes(&small(0), "jpg", &WriteOptions::default()), Err(Error::UnknownExtension)));
}
