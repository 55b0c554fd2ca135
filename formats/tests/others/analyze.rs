//! Analyze 7.5.

use std::collections::BTreeMap;

use isocenter_formats::{
    Error, File, ReadOptions, Source, WriteOptions, data_files, read, read_bytes, read_from, write_pair, write_with,
};
use isocenter_volume::{Affine, Frame, Geometry, Head};
use proptest::prelude::*;

use crate::{
    common::{file, numbered, small, text, upright},
    support::codes,
    voxels,
};

/// Kinds of [`crate::common::samples`] that the standard has.
const HELD: [usize; 6] = [0, 3, 5, 8, 9, 11];

fn options() -> WriteOptions<'static> {
    WriteOptions::default().with_analyze(true)
}

fn written(file: &File) -> Result<[Vec<u8>; 2], Error> {
    let (mut header, mut data) = (Vec::new(), Vec::new());
    write_pair([&mut header, &mut data], "a.img", file, "hdr", &options())?;
    Ok([header, data])
}

fn pair([header, data]: [Vec<u8>; 2]) -> Result<File, Error> {
    let beside = BTreeMap::from([("a.img".to_owned(), data)]);
    read_from(Source::from_bytes(&header)?.beside("a.hdr", &beside), &ReadOptions::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_type_of_the_standard_comes_back_and_of_the_place_the_spacing(
        grid in upright(), slow in prop::collection::vec(1usize..3, 0..3), kind in prop::sample::select(&HELD[..]), seed in any::<u64>(),
    ) {
        // an axis of one step at the end is no axis
        let slow: Vec<usize> = slow.into_iter().chain([2]).collect();
        let file = file(grid.clone(), numbered(&slow), kind, seed);
        let read = pair(written(&file).unwrap()).unwrap();
        prop_assert_eq!(text(read.volume.samples()), text(file.volume.samples()));
        let affine = Affine::from_spacing_origin(grid.spacing_mm(), [0.0; 3]);
        let place = Geometry::new(grid.shape(), affine, Frame::Unknown).unwrap();
        prop_assert_eq!(read.volume.head(), &Head::new(place).with_slow_axes(numbered(&slow)).unwrap());
        prop_assert!(read.warnings.is_empty());
    }
}

/// Header and voxels of 2 x 1 x 1 shorts, big endian, as SPM writes them.
fn spm() -> [Vec<u8>; 2] {
    let mut header = vec![0; 348];
    let mut put = |at: usize, value: &[u8]| header[at..at + value.len()].copy_from_slice(value);
    put(0, &348i32.to_be_bytes());
    put(38, b"r");
    for (n, len) in [4i16, 2, 1, 1, 1].iter().enumerate() {
        put(40 + 2 * n, &len.to_be_bytes());
    }
    put(70, &4i16.to_be_bytes());
    put(72, &16i16.to_be_bytes());
    for (n, step) in [-2.0f32, 2.5, 3.0].iter().enumerate() {
        put(80 + 4 * n, &step.to_be_bytes());
    }
    put(112, &0.5f32.to_be_bytes());
    put(148, b"spm compatible");
    put(253, &[0, 1, 0, 1, 0, 1]);
    [header, vec![0xff, 0xfe, 1, 2]]
}

#[test]
fn a_file_of_spm_is_read_and_its_side_left_open() {
    let file = pair(spm()).unwrap();
    assert_eq!((file.format, voxels!(file, I16)), ("Analyze", vec![-2, 258]));
    let affine = Affine::from_spacing_origin([2.0, 2.5, 3.0], [0.0; 3]);
    assert_eq!(file.volume.geometry(), &Geometry::new([2, 1, 1], affine, Frame::Unknown).unwrap());
    assert_eq!(file.volume.scaling().as_uniform().unwrap().slope(), 0.5);
    assert_eq!((codes(&file), file.texts["descrip"].as_str()), (vec!["spm-scale"], "spm compatible"));
}

#[test]
fn odd_headers_are_said_or_refused() {
    let with = |at: usize, value: &[u8]| {
        let [mut header, data] = spm();
        header[at..at + value.len()].copy_from_slice(value);
        pair([header, data])
    };
    assert!(with(112, &[0; 4]).unwrap().warnings.is_empty());
    let intercept =
        |value: f32| with(116, &value.to_be_bytes()).unwrap().volume.scaling().as_uniform().unwrap().intercept();
    assert_eq!((intercept(-100.0), intercept(f32::NAN)), (-100.0, 0.0));
    assert_eq!(codes(&with(80, &[0; 4]).unwrap()), ["spacing-assumed", "spm-scale"]);
    // the fourth length of a volume is often 0
    assert!(with(48, &[0, 0]).unwrap().volume.slow_axes().is_empty());
    assert_eq!(with(252, &[2]).unwrap().texts["orient"], "2");
    for (at, value, reason) in [
        (40, [0, 0, 0, 2], "malformed"),
        (40, [0, 9, 0, 2], "malformed"),
        (42, [0, 0, 0, 1], "malformed"),
        (70, [0, 1, 0, 1], "unsupported"),
        (70, [0, 128, 0, 24], "unsupported"),
        (70, [0, 99, 0, 1], "malformed"),
        (42, [0, 3, 0, 1], "truncated"),
        (42, [0x7f, 0xff, 0x7f, 0xff], "truncated"),
        (108, (-4f32).to_be_bytes(), "unsupported"),
        (108, 0.5f32.to_be_bytes(), "malformed"),
        (108, f32::NAN.to_be_bytes(), "malformed"),
        (108, 5f32.to_be_bytes(), "truncated"),
    ] {
        assert_eq!(with(at, &value).unwrap_err().reason(), reason, "{at} {value:?}");
    }
    // a header alone has no voxels
    assert_eq!(read_bytes(&spm()[0], &ReadOptions::default()).unwrap_err().reason(), "unsupported");
    for kind in [1, 2, 4, 6, 7, 12, 13] {
        assert_eq!(written(&small(kind)).unwrap_err().reason(), "unsupported", "{kind}");
    }
}

#[test]
fn either_file_of_a_pair_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.hdr");
    let file =
        small(3).with_texts([("descrip".to_owned(), "x".repeat(100)), ("orient".to_owned(), "1".to_owned())].into());
    write_with(&path, &file, &options()).unwrap();
    for name in ["scan.hdr", "scan.img"] {
        let back = read(folder.path().join(name)).unwrap();
        assert_eq!((back.format, text(back.volume.samples())), ("Analyze", text(file.volume.samples())));
        assert_eq!((back.texts["descrip"].len(), back.texts["orient"].as_str()), (80, "1"));
    }
    let named = data_files(&path, &ReadOptions::default()).unwrap();
    assert!(named.contains(&folder.path().join("scan.img")));
    // without the option the pair is NIfTI's
    write_with(&path, &file, &WriteOptions::default()).unwrap();
    assert_eq!(read(&path).unwrap().format, "NIfTI-1");
}

#[test]
fn a_damaged_header_is_an_error_or_a_volume() {
    let [header, data] = spm();
    for n in 0..header.len() {
        assert!(pair([header[..n].to_vec(), data.clone()]).is_err());
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut changed = header.clone();
            changed[n] = value;
            let _ = pair([changed, data.clone()]);
        }
    }
}
