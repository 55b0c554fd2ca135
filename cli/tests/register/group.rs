use std::fs;

use isocenter::{register::maps, register::transform_file, volume::Affine};
use isocenter_phantom::{Contrast, grid::pose};

use crate::images::{apart_mm, head, head_grid, register, write};

/// A quarter of a voxel.
const CLOSE_MM: f64 = 1.0;

#[test]
fn a_group_comes_to_its_middle_in_any_order() {
    let dir = tempfile::tempdir().unwrap();
    let grid = head_grid();
    let poses =
        [pose([0.0; 3], [0.0; 3]), pose([4.0, -3.0, 6.0], [5.0, -8.0, 3.0]), pose([-6.0, 2.0, 1.0], [-4.0, 2.0, 7.0])];
    let names = ["a", "b", "c"];
    for ((name, pose), contrast) in names.iter().zip(&poses).zip([Contrast::T1, Contrast::T2, Contrast::T1]) {
        write(&dir.path().join(format!("{name}.nii.gz")), head(&grid, pose, contrast, 1));
    }
    let said =
        register(dir.path(), &["--group", "a.nii.gz", "b.nii.gz", "c.nii.gz", "-o", "mid", "--volumes", "--json"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let map = |folder: &str, name: &str| {
        transform_file::read(dir.path().join(folder).join(format!("{name}.tfm")), None).unwrap()
    };
    let maps: Vec<Affine> = names.iter().map(|name| map("mid", name)).collect();
    for n in 1..3 {
        let found = maps[n].compose(&maps[0].inverse().unwrap());
        let truth = poses[n].compose(&poses[0].inverse().unwrap());
        assert!(apart_mm(&found, &truth) < CLOSE_MM, "{n}: {}", apart_mm(&found, &truth));
    }
    assert!(apart_mm(&maps::mean(&maps).unwrap(), &Affine::IDENTITY) < 0.01);
    assert!(dir.path().join("mid/b.nii.gz").is_file());
    let other = register(dir.path(), &["--group", "c.nii.gz", "a.nii.gz", "b.nii.gz", "-o", "other", "--jobs", "1"]);
    assert_eq!(other.code, Some(0), "{}{}", other.out, other.err);
    for name in names {
        let bytes = |folder: &str| fs::read(dir.path().join(folder).join(format!("{name}.tfm"))).unwrap();
        assert_eq!(bytes("mid"), bytes("other"));
    }
    assert_eq!(register(dir.path(), &["--group", "a.nii.gz", "-o", "one"]).code, Some(2));
}

#[test]
fn every_measure_masks_and_more_pairs_are_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (grid, place) = (head_grid(), pose([4.0, -3.0, 6.0], [5.0, -8.0, 3.0]));
    let still = pose([0.0; 3], [0.0; 3]);
    write(&dir.path().join("t1.nii.gz"), head(&grid, &still, Contrast::T1, 1));
    write(&dir.path().join("moved.nii.gz"), head(&grid, &place, Contrast::T1, 2));
    write(&dir.path().join("t2.nii.gz"), head(&grid, &still, Contrast::T2, 3));
    write(&dir.path().join("t2-moved.nii.gz"), head(&grid, &place, Contrast::T2, 4));
    let all = isocenter::volume::Volume::new(vec![1u8; grid.len()], grid).unwrap();
    write(&dir.path().join("mask.nii.gz"), all);
    let pair = ["t1.nii.gz", "moved.nii.gz", "-t", "out.txt", "--force", "--json"];
    let more: [&[&str]; 9] = [
        &["--metric", "nmi"],
        &["--metric", "mi"],
        &["--metric", "cr"],
        &["--metric", "ncc"],
        &["--metric", "lncc"],
        &["--metric", "ssd"],
        &["--metric", "ngf"],
        &["--moving-mask", "mask.nii.gz", "--mask", "mask.nii.gz"],
        &["--pair", "t2.nii.gz", "t2-moved.nii.gz", "0.5"],
    ];
    for more in more {
        let said = register(dir.path(), &[&pair[..], more].concat());
        assert_eq!(said.code, Some(0), "{more:?} {}{}", said.out, said.err);
        let found = transform_file::read(dir.path().join("out.txt"), None).unwrap();
        assert!(apart_mm(&found, &place) < CLOSE_MM, "{more:?}: {}", apart_mm(&found, &place));
        if let ["--metric", name] = more {
            let metric = said.json()["similarity"]["metric"].as_str().unwrap().to_owned();
            assert!(name != &"cr" || metric == "correlation-ratio", "{metric}");
        }
    }
    let bad = register(dir.path(), &[&pair[..], &["--pair", "t2.nii.gz", "t2-moved.nii.gz", "no"]].concat());
    assert_eq!(bad.code, Some(2));
    assert!(bad.err.contains("above 0"), "{}", bad.err);
}
