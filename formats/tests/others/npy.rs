//! Arrays of NumPy.

use isocenter_formats::{Error, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{Affine, Frame, Geometry, Head, SampleType};
use proptest::prelude::*;

use crate::{
    common::{KINDS, back, file, numbered, refuses_a_scaling, small, survives_damage, text, upright},
    support::codes,
    voxels,
};

/// A header as `numpy.save` writes it, of a version, and the bytes behind it.
fn array(version: u8, header: &str, bytes: &[u8]) -> Vec<u8> {
    let len = header.len() + 1;
    let len = if version == 1 { (len as u16).to_le_bytes().to_vec() } else { (len as u32).to_le_bytes().to_vec() };
    [b"\x93NUMPY", &[version, 0][..], &len, header.as_bytes(), b"\n", bytes].concat()
}

fn descr(descr: &str, shape: &str) -> String {
    format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_type_comes_back_and_of_the_place_the_shape(
        grid in upright(), slow in prop::collection::vec(1usize..4, 0..3), kind in 0..KINDS, seed in any::<u64>(),
    ) {
        let written = file(grid.clone(), numbered(&slow), kind, seed);
        let read = back(&written, "npy");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        let plain = Geometry::new(grid.shape(), Affine::IDENTITY, Frame::Unknown).unwrap();
        let head = Head::new(plain).with_slow_axes(numbered(&slow)).unwrap();
        prop_assert_eq!(read.volume.head(), &head);
        prop_assert_eq!(codes(&read), ["no-place"]);
    }
}

#[test]
fn the_last_index_is_i() {
    let bytes: Vec<u8> = (0..24u16).flat_map(u16::to_be_bytes).collect();
    for version in [1, 2, 3] {
        let read = read_bytes(&array(version, &descr("'>u2'", "(2, 3, 4)"), &bytes), &ReadOptions::default()).unwrap();
        assert_eq!((read.format, read.volume.shape()), ("NumPy", [4, 3, 2]));
        assert_eq!(voxels!(read, U16), (0..24).collect::<Vec<u16>>());
    }
}

#[test]
fn order_in_memory_is_not_order_of_axes() {
    // numpy.arange(6, dtype='u1').reshape(1, 2, 3) saved with order='F' lies 0 3 1 4 2 5
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 3), }";
    let read = read_bytes(&array(1, header, &[0, 3, 1, 4, 2, 5]), &ReadOptions::default()).unwrap();
    assert_eq!((read.volume.shape(), voxels!(read, U8)), ([3, 2, 1], vec![0, 1, 2, 3, 4, 5]));
    // four axes: the first index is the slow one
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1, 1, 3), }";
    let read = read_bytes(&array(1, header, &[0, 3, 1, 4, 2, 5]), &ReadOptions::default()).unwrap();
    assert_eq!((read.volume.steps(), voxels!(read, U8)), (2, vec![0, 1, 2, 3, 4, 5]));
}

#[test]
fn fewer_axes_and_truths_are_volumes_too() {
    for (shape, wanted) in [("()", [1, 1, 1]), ("(4,)", [4, 1, 1]), ("(2, 3)", [3, 2, 1])] {
        let bytes = vec![1; wanted.iter().product()];
        let read = read_bytes(&array(1, &descr("'|b1'", shape), &bytes), &ReadOptions::default()).unwrap();
        assert_eq!((read.volume.shape(), read.volume.sample_type()), (wanted, SampleType::U8), "{shape}");
    }
}

#[test]
fn what_is_no_array_of_numbers_is_refused() {
    let read = |header: &str| read_bytes(&array(1, header, &[0; 64]), &ReadOptions::default()).unwrap_err();
    for (kind, reason) in [
        ("'|O'", "unsupported"),
        ("'<U5'", "unsupported"),
        ("'|S8'", "unsupported"),
        ("'<M8[s]'", "unsupported"),
        ("'<f16'", "unsupported"),
        ("[('a', '<i2'), ('b', '<i2')]", "unsupported"),
        ("'i2'", "malformed"),
        ("'|i2'", "malformed"),
        ("''", "malformed"),
    ] {
        assert_eq!(read(&descr(kind, "(1, 1)")).reason(), reason, "{kind}");
    }
    for header in [
        "{'descr': '<i2', 'shape': (1,)}",
        "{'descr': '<i2', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (0, 2)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (-1, 2)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': 2}",
        "__import__('os')",
    ] {
        assert_eq!(read(header).reason(), "malformed", "{header}");
    }
    let huge = array(1, &descr("'<f8'", "(60000, 60000, 4)"), &[0; 64]);
    assert!(matches!(read_bytes(&huge, &ReadOptions::default()), Err(Error::Limit { .. } | Error::Truncated { .. })));
    let far = [b"\x93NUMPY\x02\0".as_slice(), &u32::MAX.to_le_bytes()].concat();
    assert!(matches!(read_bytes(&far, &ReadOptions::default()), Err(Error::Limit { .. })));
    refuses_a_scaling("npy");
}

#[test]
fn a_damaged_file_is_an_error() {
    survives_damage(&write_bytes(&small(3), "npy", &WriteOptions::default()).unwrap());
    let bytes = write_bytes(&small(3), "npy", &WriteOptions::default()).unwrap();
    let longer = [bytes.as_slice(), b"xx"].concat();
    let read = read_bytes(&longer, &ReadOptions::default()).unwrap();
    assert_eq!(codes(&read), ["no-place", "trailing-bytes"]);
}
