use std::{fs, path::Path};

use isocenter::{
    register::transform_file::{self, Format},
    volume::{Affine, AxisKind, Head, SlowAxis, Volume},
};
use isocenter_phantom::grid::pose;

use crate::images::{bytes, is_well_inside, oblique, places, ramp, ramp_at, read, register, run, write};

/// The ramp's values run to some hundreds in single precision.
const CLOSE: f64 = 1e-3;

/// Two maps in two conventions, a moving ramp and a grid to be filled.
fn folder() -> (tempfile::TempDir, [Affine; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let first = pose([3.0, -5.0, 8.0], [4.0, -2.0, 3.0]);
    let stretch = Affine::from_columns([[1.1, 0.02, 0.0], [0.0, 0.95, 0.0], [0.0, 0.05, 1.05]], [-3.0, 1.0, 2.0]);
    transform_file::write(at("first.tfm"), &first, Format::Itk).unwrap();
    transform_file::write(at("second.txt"), &stretch, Format::RasMatrix).unwrap();
    write(&at("moving.nii.gz"), ramp(&oblique([40, 44, 36], [3.0, 2.5, 3.5])));
    write(&at("like.nrrd"), ramp(&oblique([20, 24, 22], [2.0, 2.0, 3.0])));
    (dir, [first, stretch])
}

/// How far the output is from the ramp seen through a map, and how many voxels that was asked of.
fn worst(dir: &Path, name: &str, through: impl Fn([f64; 3]) -> [f64; 3]) -> (f64, usize) {
    let (found, moving) = (read(&dir.join(name)), read(&dir.join("moving.nii.gz")));
    let there = places(found.geometry()).into_iter().map(&through);
    let inside = there.zip(found.voxels()).filter(|(p, _)| is_well_inside(moving.geometry(), *p));
    inside.fold((0.0, 0), |(most, count), (p, v)| (f64::max(most, (ramp_at(p) - f64::from(*v)).abs()), count + 1))
}

#[test]
fn a_chain_is_one_map_and_one_interpolation() {
    let (dir, [first, second]) = folder();
    let to = ["--moving", "moving.nii.gz", "--like", "like.nrrd", "-o"];
    let said = register(dir.path(), &[&["--apply", "first.tfm", "second.txt"][..], &to, &["out.nii"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("two transforms") || said.out.contains("2 transforms"), "{}", said.out);
    let (error, count) = worst(dir.path(), "out.nii", |p| second.apply(first.apply(p)));
    assert!(error < CLOSE && count > 9000, "{error} {count}");
    // composed into one file it is the same to the byte
    let composed = run(dir.path(), &["transform", "compose", "first.tfm", "second.txt", "-o", "whole.tfm"]);
    assert_eq!(composed.code, Some(0));
    let whole = register(dir.path(), &[&["--apply", "whole.tfm"][..], &to, &["whole.nii"]].concat());
    assert_eq!((whole.code, bytes(&dir.path().join("out.nii"))), (Some(0), bytes(&dir.path().join("whole.nii"))));
}

#[test]
fn a_way_back_undoes_the_way_there() {
    let (dir, [first, second]) = folder();
    let to = ["--moving", "moving.nii.gz", "--like", "like.nrrd", "-o"];
    let apply = |chain: &[&str], out: &str| {
        let said = register(dir.path(), &[&["--apply"], chain, &to, &[out]].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
    };
    apply(&["inverse:first.tfm"], "back.nii");
    let back = first.inverse().unwrap();
    assert!(worst(dir.path(), "back.nii", |p| back.apply(p)).0 < CLOSE);
    apply(&["second.txt", "inverse:second.txt", "first.tfm"], "there.nii");
    assert!(worst(dir.path(), "there.nii", |p| first.apply(p)).0 < CLOSE);
    let whole = second.inverse().unwrap().compose(&back);
    apply(&["inverse:first.tfm", "inverse:second.txt"], "both.nii");
    assert!(worst(dir.path(), "both.nii", |p| whole.apply(p)).0 < CLOSE);
}

#[test]
fn a_field_of_displacements_is_a_link_and_its_way_back_is_refused() {
    let (dir, [first, _]) = folder();
    let at = |name: &str| dir.path().join(name);
    // a field that bends nothing but shifts by less and less along z; linear, so that its own interpolation is exact
    let bend = |p: [f64; 3]| [p[0] + 2.0 + 0.02 * p[2], p[1] - 0.03 * p[2], p[2]];
    let grid = oblique([16, 16, 16], [10.0; 3]);
    let head = Head::new(grid.clone()).with_slow_axes(vec![SlowAxis::new(AxisKind::Channel, 3).unwrap()]).unwrap();
    let all = places(&grid);
    let vectors: Vec<f32> = (0..3).flat_map(|a| all.iter().map(move |p| (bend(*p)[a] - p[a]) as f32)).collect();
    write(&at("warp.nii.gz"), Volume::from_parts(head, vectors).unwrap());
    let to = ["--moving", "moving.nii.gz", "--like", "like.nrrd", "-o", "out.nii"];
    let said = register(dir.path(), &[&["--apply", "warp.nii.gz", "first.tfm", "--json"][..], &to].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.json()["fixed_to_moving_lps"].is_null());
    let (error, count) = worst(dir.path(), "out.nii", |p| first.apply(bend(p)));
    assert!(error < CLOSE && count > 9000, "{error} {count}");
    let back = register(dir.path(), &[&["--apply", "inverse:warp.nii.gz", "--force"][..], &to].concat());
    assert_eq!(back.code, Some(2));
    assert!(back.err.contains("field of displacements"), "{}", back.err);
    // a series is none
    let series = crate::images::series(&[ramp(&grid), ramp(&grid), ramp(&grid)]);
    write(&at("series.nii"), series);
    let series = register(dir.path(), &[&["--apply", "series.nii", "--force"][..], &to].concat());
    assert_eq!(series.code, Some(2));
    assert!(series.err.contains("series of volumes"), "{}", series.err);
}

#[test]
fn every_interpolation_meets_voxels_and_the_outside_is_what_was_said() {
    let (dir, _) = folder();
    let at = |name: &str| dir.path().join(name);
    let moving = read(&at("moving.nii.gz"));
    let [x, y, z] = moving.geometry().affine().column(0).map(|v| 3.0 * v);
    transform_file::write(at("three.tfm"), &Affine::translation_by([x, y, z]), Format::Itk).unwrap();
    for kind in ["nearest", "linear", "cubic", "sinc"] {
        let args = ["--apply", "three.tfm", "--moving", "moving.nii.gz", "--like", "moving.nii.gz", "--interp", kind];
        let said = register(dir.path(), &[&args[..], &["--outside", "-7", "-o", "out.nii", "--force"]].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
        let out = read(&at("out.nii"));
        for (n, v) in out.voxels().iter().enumerate() {
            let i = n % 40;
            let wanted = if i + 3 < 40 { moving.voxels()[n + 3] } else { -7.0 };
            assert!((v - wanted).abs() < 2e-2, "{kind} {n}: {v}, wanted {wanted}");
        }
    }
}

#[test]
fn labels_are_never_mixed() {
    let (dir, _) = folder();
    let at = |name: &str| dir.path().join(name);
    let grid = oblique([40, 44, 36], [3.0, 2.5, 3.5]);
    let labels: Vec<u8> = (0..grid.len()).map(|n| [0, 3, 8][n / 40 % 44 / 15]).collect();
    write(&at("volume.nii.gz"), Volume::new(labels.clone(), grid.clone()).unwrap());
    let table = vec![(3, "a".to_owned()), (8, "b".to_owned())];
    let file = isocenter::formats::File::from_volume(Volume::new(labels, grid).unwrap().into()).with_label_table(table);
    isocenter::formats::write(at("told.seg.nrrd"), &file).unwrap();
    fs::copy(at("volume.nii.gz"), at("liver_seg.nii.gz")).unwrap();
    for (name, told) in
        [("told.seg.nrrd", "by the header"), ("liver_seg.nii.gz", "by the name"), ("volume.nii.gz", "by their looks")]
    {
        let args = [
            "--apply",
            "first.tfm",
            "second.txt",
            "--moving",
            name,
            "--like",
            "like.nrrd",
            "-o",
            "out.nii.gz",
            "--force",
        ];
        let said = register(dir.path(), &args);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains(told), "{name}: {}", said.out);
        let mut found: Vec<u32> = read(&at("out.nii.gz")).voxels().iter().map(|v| *v as u32).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, [0, 3, 8], "{name}");
        let mixed = register(dir.path(), &[&args[..], &["--interp", "linear"]].concat());
        assert_eq!(mixed.code, Some(2));
        assert!(mixed.err.contains("label map"), "{}", mixed.err);
        // who knows better says so
        let image = register(dir.path(), &[&args[..], &["--interp", "linear", "--labels=no"]].concat());
        assert_eq!(image.code, Some(0), "{}", image.err);
        assert!(read(&at("out.nii.gz")).voxels().iter().any(|v| v.fract() != 0.0));
    }
    let image = ["--apply", "first.tfm", "--moving", "moving.nii.gz", "--like", "like.nrrd", "-o", "x.nii", "--labels"];
    assert_eq!(register(dir.path(), &image).code, Some(2), "a ramp holds no labels");
}

#[test]
fn flirt_speaks_of_both_grids_and_a_chain_has_none() {
    let (dir, [first, _]) = folder();
    let to = ["--moving", "moving.nii.gz", "--like", "like.nrrd", "-o"];
    let grids = ["--fixed", "like.nrrd", "--moving", "moving.nii.gz"];
    let lta = run(dir.path(), &[&["transform", "convert", "first.tfm", "-o", "first.dat"][..], &grids].concat());
    assert_eq!(lta.code, Some(0), "{}", lta.err);
    let one = register(dir.path(), &[&["--apply", "first.dat"][..], &to, &["one.nii"]].concat());
    assert_eq!(one.code, Some(0), "{}", one.err);
    assert!(worst(dir.path(), "one.nii", |p| first.apply(p)).0 < 10.0 * CLOSE);
    let two = register(dir.path(), &[&["--apply", "first.dat", "second.txt"][..], &to, &["two.nii"]].concat());
    assert_eq!(two.code, Some(2));
    assert!(two.err.contains("transform convert"), "{}", two.err);
}

#[test]
fn a_chain_the_wrong_way_round_is_seen() {
    let (dir, _) = folder();
    transform_file::write(dir.path().join("far.tfm"), &Affine::translation_by([900.0, 0.0, 0.0]), Format::Itk).unwrap();
    let args = ["--apply", "far.tfm", "--moving", "moving.nii.gz", "--like", "like.nrrd", "-o", "out.nii", "--json"];
    let said = register(dir.path(), &args);
    assert_eq!((said.code, said.json()["inside"].as_f64()), (Some(0), Some(0.0)));
    assert!(said.err.contains("right way round"), "{}", said.err);
}

#[test]
fn what_cannot_be_is_told_before_anything_is_written() {
    let (dir, _) = folder();
    let image = ["--moving", "moving.nii.gz", "--like", "like.nrrd"];
    for (args, word) in [
        (vec!["--apply", "none.tfm", "-o", "out.nii"], "none.tfm cannot be read"),
        (vec!["--apply", "first.tfm", "-o", "out.xyz"], "says no format"),
        (vec!["--apply", "first.tfm", "-o", "moving.nii.gz", "--force"], "overwrite an input"),
        (vec!["--apply", "first.tfm", "-o", "first.tfm", "--force"], "says no format"),
        (vec!["--apply", "first.tfm", "-o", "none/out.nii"], "folder"),
        (vec!["--apply", "first.tfm", "-o", "like.nrrd"], "overwrite an input"),
    ] {
        let said = register(dir.path(), &[&args[..], &image].concat());
        assert_eq!(said.code, Some(2), "{args:?}: {}", said.err);
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
    }
    assert!(!dir.path().join("out.nii").exists());
}

#[test]
fn two_runs_and_any_number_of_threads_write_the_same() {
    let (dir, _) = folder();
    let run = |jobs: &str, out: &str| {
        let to = ["--moving", "moving.nii.gz", "--like", "like.nrrd", "--interp", "sinc", "--jobs", jobs, "-o", out];
        assert_eq!(register(dir.path(), &[&["--apply", "first.tfm", "second.txt"][..], &to].concat()).code, Some(0));
        bytes(&dir.path().join(out))
    };
    let one = run("1", "a.nii.gz");
    assert!(one == run("2", "b.nii.gz") && one == run("2", "c.nii.gz"));
}
