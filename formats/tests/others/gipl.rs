//! GIPL.

use isocenter_formats::{ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{Affine, Frame, Geometry, Head};
use proptest::prelude::*;

use crate::{
    common::{
        back, file, numbered, refuses_a_scaling, refuses_what_is_not_upright, small, survives_damage, text, upright,
    },
    support::codes,
    voxels,
};

/// Kinds of [`crate::common::samples`] that the format has.
const HELD: [usize; 10] = [0, 1, 2, 3, 4, 5, 8, 9, 11, 12];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_type_and_place_comes_back(
        grid in upright(), steps in 1usize..4, kind in prop::sample::select(&HELD[..]), seed in any::<u64>(), packed in any::<bool>(),
    ) {
        let slow = if steps > 1 { numbered(&[steps]) } else { Vec::new() };
        let written = file(grid.clone(), slow, kind, seed);
        let read = back(&written, if packed { "gipl.gz" } else { "gipl" });
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        let unknown = Head::new(grid.with_frame(Frame::Unknown)).with_slow_axes(written.volume.slow_axes().to_vec()).unwrap();
        prop_assert_eq!(read.volume.head(), &unknown);
        prop_assert!(read.warnings.is_empty());
    }
}

/// A header as SimpleITK writes it: lengths, type, spacing, origin, the number at the end; big endian.
fn simpleitk() -> Vec<u8> {
    let mut bytes = vec![0; 256];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    for (n, size) in [2u16, 1, 1, 1].iter().enumerate() {
        put(2 * n, &size.to_be_bytes());
    }
    put(8, &15u16.to_be_bytes());
    for (n, step) in [0.5f32, 2.0, 3.0, 1.0].iter().enumerate() {
        put(10 + 4 * n, &step.to_be_bytes());
    }
    put(26, b"No Patient Information");
    for (n, place) in [-10.0f64, 20.5, 30.0, 0.0].iter().enumerate() {
        put(204 + 8 * n, &place.to_be_bytes());
    }
    put(252, &0xEFFF_E9B0u32.to_be_bytes());
    bytes.extend([0xff, 0xfe, 0x01, 0x02]);
    bytes
}

#[test]
fn a_file_of_simpleitk_is_read() {
    let read = read_bytes(&simpleitk(), &ReadOptions::default()).unwrap();
    assert_eq!((read.format, voxels!(read, I16)), ("GIPL", vec![-2, 258]));
    let affine = Affine::from_spacing_origin([0.5, 2.0, 3.0], [-10.0, 20.5, 30.0]);
    assert_eq!(read.volume.geometry(), &Geometry::new([2, 1, 1], affine, Frame::Unknown).unwrap());
    assert_eq!(read.texts["description"], "No Patient Information");
}

#[test]
fn odd_headers_are_said_or_refused() {
    let with = |at: usize, value: &[u8]| {
        let mut bytes = simpleitk();
        bytes[at..at + value.len()].copy_from_slice(value);
        read_bytes(&bytes, &ReadOptions::default())
    };
    assert_eq!(codes(&with(240, &2f32.to_be_bytes()).unwrap()), ["ignored-calibration"]);
    assert_eq!(codes(&with(14, &0f32.to_be_bytes()).unwrap()), ["spacing-assumed"]);
    // two axes: the others have no length
    assert_eq!(with(4, &[0, 0, 0, 0]).unwrap().volume.shape(), [2, 1, 1]);
    assert_eq!(with(0, &[0, 0]).unwrap_err().reason(), "malformed");
    assert_eq!(with(2, &[0, 0, 0, 2]).unwrap_err().reason(), "malformed");
    assert_eq!(with(8, &[0, 1]).unwrap_err().reason(), "unsupported");
    assert_eq!(with(8, &[0, 99]).unwrap_err().reason(), "malformed");
    assert_eq!(with(0, &[0x7f, 0xff, 0x7f, 0xff, 0, 1]).unwrap_err().reason(), "truncated");
    assert_eq!(with(204, &f64::NAN.to_be_bytes()).unwrap_err().reason(), "geometry");
    refuses_a_scaling("gipl");
    refuses_what_is_not_upright("gipl");
}

#[test]
fn a_damaged_file_is_an_error() {
    survives_damage(&write_bytes(&small(3), "gipl", &WriteOptions::default()).unwrap());
}
