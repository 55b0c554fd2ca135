//! FITS: read only, made card by card.

use isocenter_formats::{Error, ReadOptions, Region, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{Frame, Unit};

use crate::{common::small, support::codes, voxels};

/// A header of cards, and the bytes behind it, both filled up to whole blocks.
fn fits(cards: &[&str], data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for card in [&["SIMPLE  =                    T"], cards, &["END"]].concat() {
        bytes.extend(format!("{card:<80}").bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(2880), 0);
    bytes
}

const SHAPE: [&str; 4] = ["NAXIS   =                    3", "NAXIS1  = 2", "NAXIS2  = 1 / lines", "NAXIS3  = 2"];

fn with(bits: &'static str, more: &[&'static str]) -> Vec<&'static str> {
    [&[bits], SHAPE.as_slice(), more].concat()
}

#[test]
fn samples_are_as_stored_or_without_their_sign() {
    let words: Vec<u8> = [-32_768i16, -1, 0, 32_767].iter().flat_map(|n| n.to_be_bytes()).collect();
    let read = |more: &[&'static str]| read_bytes(&fits(&with("BITPIX  = 16", more), &words), &ReadOptions::default());
    let plain = read(&[]).unwrap();
    assert_eq!((plain.format, plain.volume.shape(), codes(&plain)), ("FITS", [2, 1, 2], vec!["no-place"]));
    assert_eq!(voxels!(plain, I16), [-32_768, -1, 0, 32_767]);
    let unsigned = read(&["BZERO   = 3.2768D4", "BSCALE  = 1"]).unwrap();
    assert_eq!(voxels!(unsigned, U16), [0, 32_767, 32_768, 65_535]);
    assert!(unsigned.volume.scaling().is_identity());
    let scaled = read(&["BZERO   = -24.0", "BSCALE  = 0.5", "BUNIT   = 'HU      '", "BLANK   = -1"]).unwrap();
    assert_eq!(scaled.volume.scaling().as_uniform().map(|r| (r.slope(), r.intercept())), Some((0.5, -24.0)));
    assert_eq!((scaled.volume.scaling().unit(), codes(&scaled)), (&Unit::Hu, vec!["blank", "no-place"]));
    let bytes =
        read_bytes(&fits(&with("BITPIX  = 8", &["BZERO   = -128"]), &[0, 127, 128, 255]), &ReadOptions::default());
    assert_eq!(voxels!(bytes.unwrap(), I8), [-128, -1, 0, 127]);
    let floats: Vec<u8> = [1.5f32, -2.0, 0.0, 1e9].iter().flat_map(|n| n.to_be_bytes()).collect();
    let floats = read_bytes(&fits(&with("BITPIX  = -32", &[]), &floats), &ReadOptions::default()).unwrap();
    assert_eq!(voxels!(floats, F32), [1.5, -2.0, 0.0, 1e9]);
    let opened = fits(&with("BITPIX  = 16", &["BZERO   = 32768"]), &words);
    let opened = open_from(Source::from_bytes(&opened).unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(voxels!(opened.read_region(&Region::planes([2, 1, 2], 1, 1)).unwrap(), U16), [32_768, 65_535]);
}

#[test]
fn a_straight_line_in_millimetres_is_a_place() {
    let line = [
        "CUNIT1  = 'mm      '",
        "CUNIT2  = 'cm'",
        "CUNIT3  = 'mm' / along the table",
        "CDELT1  = 0.5",
        "CDELT2  = -0.2",
        "CDELT3  = 3.0",
        "CRPIX1  = 1.0",
        "CRPIX2  = 2.0",
        "CRVAL1  = -10.0",
        "CRVAL2  = 1.0",
        "OBJECT  = 'it''s / a jar'",
    ];
    let read = |more: &[&'static str]| {
        read_bytes(&fits(&with("BITPIX  = 8", more), &[0; 4]), &ReadOptions::default()).unwrap()
    };
    let placed = read(&line);
    assert_eq!((placed.volume.geometry().frame(), codes(&placed)), (&Frame::Unknown, vec![]));
    assert_eq!(placed.volume.geometry().spacing_mm(), [0.5, 2.0, 3.0]);
    // the second pixel of y is at 1 cm and the first 0.2 cm above; z has its reference a pixel before the first
    assert_eq!(placed.volume.geometry().origin_mm(), [-10.0, 12.0, 3.0]);
    assert_eq!(placed.texts["OBJECT"], "it's / a jar");
    for other in ["PC1_2   = 0.1", "CROTA2  = 30.0", "CD1_1   = 2.0"] {
        assert_eq!(codes(&read(&[&line[..], &[other]].concat())), ["no-place"], "{other}");
    }
    assert_eq!(codes(&read(&[&["CUNIT1  = 'deg'"], &line[1..]].concat())), ["no-place"]);
}

#[test]
fn broken_headers_are_refused() {
    let good = fits(&with("BITPIX  = 8", &[]), &[1, 2, 3, 4]);
    assert_eq!(voxels!(read_bytes(&good, &ReadOptions::default()).unwrap(), U8), [1, 2, 3, 4]);
    for n in 0..2884 {
        assert!(read_bytes(&good[..n], &ReadOptions::default()).is_err(), "cut at {n}");
    }
    for n in 0..480 {
        for value in [0, b' ', b'9', b'-', b'\'', 0xff] {
            let mut changed = good.clone();
            changed[n] = value;
            let _ = read_bytes(&changed, &ReadOptions::default());
        }
    }
    let reason = |cards: &[&str]| read_bytes(&fits(cards, &[0; 8]), &ReadOptions::default()).unwrap_err().reason();
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 0"]), "unsupported");
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 0"]), "malformed");
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 1"]), "malformed");
    assert_eq!(reason(&["BITPIX  = 12", "NAXIS   = 1", "NAXIS1  = 1"]), "malformed");
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 99999999999"]), "malformed");
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 1", "BSCALE  = 0.0"]), "geometry");
    assert_eq!(reason(&["BITPIX  = 64", "NAXIS   = 2", "NAXIS1  = 60000", "NAXIS2  = 60000"]), "limit");
    assert_eq!(reason(&["BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 60000", "NAXIS2  = 60000"]), "truncated");
    let endless = [fits(&[], &[])[..80].to_vec(), vec![b' '; 20 << 20]].concat();
    assert!(matches!(read_bytes(&endless, &ReadOptions::default()), Err(Error::Limit { .. })));
    assert!(matches!(write_bytes(&small(0), "fits", &WriteOptions::default()), Err(Error::UnknownExtension)));
    let longer = [good, fits(&[], &[])].concat();
    assert_eq!(codes(&read_bytes(&longer, &ReadOptions::default()).unwrap()), ["no-place", "trailing-bytes"]);
}
