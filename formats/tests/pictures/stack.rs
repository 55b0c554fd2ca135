//! Slices in files of their own.

use isocenter_formats::{
    File, ReadOptions, Region, WriteOptions, open, read, read_head, stack, write, write_bytes, write_files,
};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, SlowAxis};
use proptest::prelude::*;

use crate::{
    common::{file, text},
    support::codes,
};

fn volume(shape: [usize; 3], kind: usize, seed: u64) -> File {
    file(Geometry::new(shape, Affine::IDENTITY, Frame::Unknown).unwrap(), Vec::new(), kind, seed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_stack_comes_back_whole_and_in_part(
        shape in (1usize..6, 1usize..6, 2usize..13), kind in prop::sample::select(vec![0usize, 2, 13]), seed in any::<u64>(),
    ) {
        let shape = <[usize; 3]>::from(shape);
        let folder = tempfile::tempdir().unwrap();
        let written = volume(shape, kind, seed);
        let files = write_files(folder.path().join("a.b.png"), &written, &WriteOptions::default()).unwrap();
        prop_assert_eq!(files.len(), shape[2]);
        prop_assert_eq!(stack::slices_of(folder.path()).unwrap(), files);
        let back = read(folder.path()).unwrap();
        prop_assert_eq!(text(back.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(back.volume.head(), written.volume.head());
        prop_assert_eq!(codes(&back), ["no-place"]);
        let region = Region::planes(shape, 1, 1);
        let part = open(folder.path(), &ReadOptions::default()).unwrap().read_region(&region).unwrap();
        let map = written.volume.geometry().map_to_crop(region.start, region.size).unwrap();
        let wanted = written.volume.remap(&map, &ReadOptions::default().ctx).unwrap();
        prop_assert_eq!(text(part.volume.samples()), text(wanted.samples()));
    }
}

#[test]
fn numbers_order_and_gaps_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let plane = |n: u8| volume([2, 2, 1], 0, u64::from(n));
    for n in [8, 9, 10, 12] {
        write(folder.path().join(format!("s{n}.tif")), &plane(n)).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "no picture").unwrap();
    let back = read(folder.path()).unwrap();
    assert_eq!(back.volume.shape(), [2, 2, 4]);
    // of one plane nobody asks how far the next would be; of several they do
    assert_eq!(codes(&back), ["slices-missing"]);
    let third = back.volume.samples().slice(8..12).unwrap();
    assert_eq!(text(&third), text(plane(10).volume.samples()));
    let by_pattern = stack::read_numbered(folder.path(), "s%d.tif 10 8 -1", &ReadOptions::default()).unwrap();
    assert_eq!(by_pattern.volume.shape(), [2, 2, 3]);
    assert_eq!(text(&by_pattern.volume.samples().slice(0..4).unwrap()), text(&third));
    assert_eq!(read_head(folder.path(), &ReadOptions::default()).unwrap().head.shape(), [2, 2, 4]);
    for wrong in ["s8.tif", "s%d.tif", "%s 1 2 1"] {
        assert!(stack::read_numbered(folder.path(), wrong, &ReadOptions::default()).is_err(), "{wrong}");
    }
}

#[test]
fn what_makes_no_stack_is_refused_by_name() {
    let refused = |other: &str, file: &File| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path().join("s1.png"), &volume([2, 2, 1], 0, 1)).unwrap();
        write(folder.path().join(other), file).unwrap();
        read(folder.path()).unwrap_err().to_string()
    };
    assert!(refused("s2.png", &volume([2, 3, 1], 0, 1)).contains("sizes"));
    assert!(refused("s2.png", &volume([2, 2, 1], 2, 1)).contains("sample types"));
    assert!(refused("s2.tif", &volume([2, 2, 2], 0, 1)).contains("several planes"));
    assert!(refused("s01.png", &volume([2, 2, 1], 0, 1)).contains("order"));
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(read(empty.path()).unwrap_err().reason(), "io");
}

#[test]
fn a_stack_is_written_whole_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let times = vec![SlowAxis::new(AxisKind::Time, 2).unwrap()];
    let grid = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
    let path = folder.path().join("a.png");
    assert_eq!(write(&path, &file(grid, times, 0, 1)).unwrap_err().reason(), "unsupported");
    // the third of three cannot take its name
    std::fs::create_dir(folder.path().join("a_0003.png")).unwrap();
    assert_eq!(write(&path, &volume([2, 2, 3], 0, 1)).unwrap_err().reason(), "io");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let one = write_files(&path, &volume([2, 2, 1], 0, 1), &WriteOptions::default()).unwrap();
    assert_eq!(one, [path]);
    assert_eq!(
        std::fs::read(&one[0]).unwrap(),
        write_bytes(&volume([2, 2, 1], 0, 1), "png", &WriteOptions::default()).unwrap()
    );
}
