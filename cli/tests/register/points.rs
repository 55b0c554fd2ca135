use std::fs;

use isocenter::{
    register::transform_file::{self, Format},
    volume::{Affine, Volume},
};
use isocenter_phantom::grid::pose;

use crate::images::{oblique, read, register, write};

#[test]
fn points_go_from_fixed_to_moving_in_every_list() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let map = pose([10.0, 0.0, -20.0], [5.0, 6.0, 7.0]);
    transform_file::write(at("t.tfm"), &map, Format::Itk).unwrap();
    fs::write(at("ras.csv"), "label,x,y,z\nnasion,-1,-2,3\n\"a, b\",40,0,-5\n").unwrap();
    let wanted = [map.apply([1.0, 2.0, 3.0]), map.apply([-40.0, 0.0, -5.0])];
    for (n, out) in ["out.fcsv", "out.mrk.json"].into_iter().enumerate() {
        let said =
            register(dir.path(), &["--apply", "t.tfm", "--points", "ras.csv", "--axes", "ras", "-o", out, "--json"]);
        assert_eq!(said.code, Some(0), "{n} {}", said.err);
        let found = &said.json()["points"];
        for (n, wanted) in wanted.iter().enumerate() {
            let place: [f64; 3] = serde_json::from_value(found[n]["lps_mm"].clone()).unwrap();
            assert!((0..3).all(|a| (place[a] - wanted[a]).abs() < 1e-12), "{place:?} {wanted:?}");
        }
        assert_eq!(found[1]["label"], "a, b");
        // and back again, into the frame that was said
        let back = register(
            dir.path(),
            &["--apply", "inverse:t.tfm", "--points", out, "--axes", "ras", "-o", "back.csv", "--force"],
        );
        assert_eq!(back.code, Some(0), "{}", back.err);
        let text = fs::read_to_string(at("back.csv")).unwrap();
        let second = text.lines().nth(2).unwrap().rsplit(',').take(3).map(|v| v.parse::<f64>().unwrap());
        for (found, wanted) in second.zip([-5.0, 0.0, 40.0]) {
            assert!((found - wanted).abs() < 1e-9, "{text}");
        }
    }
    let unsaid = register(dir.path(), &["--apply", "t.tfm", "--points", "ras.csv", "-o", "x.fcsv"]);
    assert_eq!(unsaid.code, Some(2));
    assert!(unsaid.err.contains("--axes"), "{}", unsaid.err);
}

#[test]
fn a_point_lands_where_its_image_shows_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let grid = oblique([30, 30, 30], [2.0; 3]);
    // one bright voxel of the moving image
    let mut voxels = vec![0f32; grid.len()];
    voxels[12 + 30 * (17 + 30 * 9)] = 1000.0;
    write(&at("moving.nii"), Volume::new(voxels, grid.clone()).unwrap());
    let map = Affine::translation_by([4.0, -2.0, 6.0]);
    transform_file::write(at("t.tfm"), &map, Format::Itk).unwrap();
    let image =
        ["--apply", "t.tfm", "--moving", "moving.nii", "--like", "moving.nii", "-o", "moved.nii", "--labels=no"];
    assert_eq!(register(dir.path(), &image).code, Some(0));
    let moved = read(&at("moved.nii"));
    // its centre of brightness in the fixed image, carried by the same transform, is that voxel
    let total: f64 = moved.voxels().iter().map(|v| f64::from(*v)).sum();
    let mut centre = [0.0; 3];
    for (p, v) in crate::images::places(moved.geometry()).into_iter().zip(moved.voxels()) {
        (0..3).for_each(|a| centre[a] += p[a] * f64::from(*v) / total);
    }
    fs::write(at("p.csv"), format!("{},{},{}\n", centre[0], centre[1], centre[2])).unwrap();
    let said =
        register(dir.path(), &["--apply", "t.tfm", "--points", "p.csv", "--axes", "lps", "-o", "q.csv", "--json"]);
    let place: [f64; 3] = serde_json::from_value(said.json()["points"][0]["lps_mm"].clone()).unwrap();
    let wanted = grid.world_of([12.0, 17.0, 9.0]);
    assert!((0..3).all(|a| (place[a] - wanted[a]).abs() < 1e-3), "{place:?} {wanted:?}");
}
