//! Archives of arrays.

use std::io::{Cursor, Write};

use isocenter_formats::{Error, ReadOptions, Region, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{Affine, Frame, Geometry};
use proptest::prelude::*;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    common::{KINDS, back, file, numbered, refuses_a_scaling, small, survives_damage, text, upright},
    support::codes,
    voxels,
};

/// An array as `numpy.save` writes it.
fn array(descr: &str, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\0".as_slice(), &(header.len() as u16).to_le_bytes(), header.as_bytes(), bytes].concat()
}

/// An archive as `numpy.savez` writes it.
fn archive(members: &[(&str, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::DEFAULT.compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn affine() -> Vec<u8> {
    let rows = [0.0, 2.0, 0.0, 10.0, 3.0, 0.0, 0.0, 20.0, 0.0, 0.0, 4.0, 30.0, 0.0, 0.0, 0.0, 1.0];
    array("<f8", "(4, 4)", &rows.iter().flat_map(|n: &f64| n.to_le_bytes()).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_type_comes_back_with_a_patients_place(
        grid in upright(), slow in prop::collection::vec(1usize..4, 0..3), kind in 0..KINDS, seed in any::<u64>(),
    ) {
        let written = file(grid.clone(), numbered(&slow), kind, seed);
        let read = back(&written, "npz");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(read.volume.slow_axes(), written.volume.slow_axes());
        if grid.frame().is_patient() {
            prop_assert_eq!(read.volume.geometry(), &grid);
            prop_assert!(codes(&read).is_empty());
        } else {
            let plain = Geometry::new(grid.shape(), Affine::IDENTITY, Frame::Unknown).unwrap();
            prop_assert_eq!(read.volume.geometry(), &plain);
            prop_assert_eq!(codes(&read), ["no-place"]);
        }
    }
}

#[test]
fn the_only_array_is_the_volume_and_of_several_one_is_asked_for() {
    let one = array("<u2", "(1, 2, 3)", &(0..6u16).flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let read = read_bytes(&archive(&[("arr_0.npy", one.clone())], method), &ReadOptions::default()).unwrap();
        assert_eq!(
            (read.format, read.volume.shape(), voxels!(read, U16)),
            ("NumPy archive", [3, 2, 1], (0..6).collect())
        );
    }
    let two = archive(&[("a.npy", one.clone()), ("b.npy", array("|u1", "(2,)", &[7, 8]))], CompressionMethod::Stored);
    let refused = read_bytes(&two, &ReadOptions::default()).unwrap_err();
    assert_eq!(refused.reason(), "unsupported");
    assert!(refused.to_string().contains("a, b"), "{refused}");
    let read = read_bytes(&two, &ReadOptions::default().with_name("b")).unwrap();
    assert_eq!(voxels!(read, U8), [7, 8]);
    assert_eq!(read_bytes(&two, &ReadOptions::default().with_name("c")).unwrap_err().reason(), "unsupported");
}

#[test]
fn an_affine_is_the_place_of_an_array_of_x_y_z() {
    // numpy.arange(6).reshape(1, 2, 3): x 0, y 0 to 1, z 0 to 2, the last fastest
    let data = array("|u1", "(1, 2, 3)", &[0, 1, 2, 3, 4, 5]);
    let bytes = archive(&[("data.npy", data.clone()), ("affine.npy", affine())], CompressionMethod::Deflated);
    let read = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!((read.volume.shape(), voxels!(read, U8)), ([1, 2, 3], vec![0, 3, 1, 4, 2, 5]));
    // RAS 10 20 30 is LPS -10 -20 30, and i runs to the front by 3 mm
    assert_eq!(read.volume.geometry().origin_mm(), [-10.0, -20.0, 30.0]);
    assert_eq!(read.volume.geometry().affine().column(0), [0.0, -3.0, 0.0]);
    assert!(read.volume.geometry().frame().is_patient());
    // another thing of that name is another array
    let other = archive(&[("data.npy", data), ("affine.npy", array("|u1", "(1,)", &[1]))], CompressionMethod::Stored);
    assert_eq!(read_bytes(&other, &ReadOptions::default()).unwrap_err().reason(), "unsupported");
    let alone = archive(&[("affine.npy", affine())], CompressionMethod::Stored);
    assert_eq!(read_bytes(&alone, &ReadOptions::default()).unwrap().volume.shape(), [4, 4, 1]);
}

#[test]
fn a_region_is_cut_out_of_a_member() {
    let bytes = write_bytes(&small(2), "npz", &WriteOptions::default()).unwrap();
    let whole = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::planes([3, 2, 2], 1, 1)).unwrap();
    assert_eq!(voxels!(part, U16), voxels!(whole, U16)[6..]);
}

#[test]
fn other_archives_and_damage_are_refused() {
    let zip = archive(&[("a.txt", b"text".to_vec())], CompressionMethod::Stored);
    assert!(matches!(read_bytes(&zip, &ReadOptions::default()), Err(Error::UnknownFormat { .. })));
    survives_damage(&write_bytes(&small(3), "npz", &WriteOptions::default()).unwrap());
    refuses_a_scaling("npz");
    // as many zeros as deflate packs best, announced as more
    let huge = archive(&[("a.npy", array("<f8", "(60000, 60000)", &[0; 64]))], CompressionMethod::Deflated);
    assert!(matches!(read_bytes(&huge, &ReadOptions::default()), Err(Error::Limit { .. } | Error::Truncated { .. })));
}
