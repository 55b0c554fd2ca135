use std::{fs, path::Path};

use isocenter::{
    register::transform_file,
    volume::{Affine, Volume},
};
use isocenter_phantom::{Contrast, grid::pose};

use crate::images::{apart_mm, bytes, head, head_grid, read, register, series, write};

/// A quarter of a voxel, at the corners of a head.
const CLOSE_MM: f64 = 1.0;

fn moves() -> Vec<Affine> {
    let places = [([0.0; 3], [0.0; 3]), ([0.5, 0.0, 1.0], [0.4, -0.6, 0.2]), ([2.0, -1.0, 1.5], [1.0, 2.0, -1.5])];
    let more = [([-1.0, 0.5, 0.0], [-0.5, 0.3, 0.8]), ([0.0, 0.0, -2.0], [0.0, -1.0, 0.0])];
    places.into_iter().chain(more).map(|(angles, shift)| pose(angles, shift)).collect()
}

/// A head that moves, in one file.
fn folder() -> (tempfile::TempDir, Vec<Affine>) {
    let dir = tempfile::tempdir().unwrap();
    let moves = moves();
    let steps: Vec<Volume<f32>> =
        moves.iter().enumerate().map(|(n, at)| head(&head_grid(), at, Contrast::T2, n as u64)).collect();
    write(&dir.path().join("bold.nii.gz"), series(&steps));
    (dir, moves)
}

fn table(dir: &Path, name: &str, separator: char) -> Vec<Vec<String>> {
    let text = fs::read_to_string(dir.join(name)).unwrap();
    text.lines().map(|line| line.split(separator).map(str::to_owned).collect()).collect()
}

#[test]
fn the_head_is_found_in_every_step_and_stands_still() {
    let (dir, moves) = folder();
    let at = |name: &str| dir.path().join(name);
    let outputs = ["-o", "still.nii.gz", "-t", "motion.aff12.1D", "--table", "motion.tsv", "--reference", "0"];
    let said = register(dir.path(), &[&["--motion", "bold.nii.gz", "--json"][..], &outputs].concat());
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let maps = transform_file::Options::default().read_all(at("motion.aff12.1D")).unwrap();
    assert_eq!(maps.len(), moves.len());
    for (n, (found, at)) in maps.iter().zip(&moves).enumerate() {
        assert!(apart_mm(found, at) < CLOSE_MM, "step {n}: {}", apart_mm(found, at));
    }
    // the table has what the transforms say
    let rows = table(dir.path(), "motion.tsv", '\t');
    assert_eq!(
        rows[0][..8].join(" "),
        "step rotation_l_deg rotation_p_deg rotation_s_deg shift_l_mm shift_p_mm shift_s_mm framewise_displacement_mm"
    );
    assert_eq!(rows.len(), 1 + moves.len());
    let number = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
    assert_eq!((number(1, 7), rows[5][0].as_str()), (0.0, "4"));
    for row in 2..6 {
        let turned = |c: usize| 50.0 * (number(row, c) - number(row - 1, c)).to_radians().abs();
        let shifted = |c: usize| (number(row, c) - number(row - 1, c)).abs();
        let wanted: f64 = (1..4).map(turned).sum::<f64>() + (4..7).map(shifted).sum::<f64>();
        assert!((number(row, 7) - wanted).abs() < 1e-4, "{row}: {wanted}");
    }
    let json = said.json();
    assert_eq!((&json["steps"][2]["verdict"], &json["reference"]), (&"good".into(), &"step 0".into()));
    // brought home, the steps are like the first one; after a small turn, in voxels of 4 mm, most of what is left is noise
    let (before, after) = (read(&at("bold.nii.gz")), read(&at("still.nii.gz")));
    assert_eq!((after.steps(), after.geometry().shape()), (before.steps(), before.geometry().shape()));
    let apart = |v: &Volume<f32>, step: usize| {
        let (first, other) = (v.step(0).unwrap(), v.step(step).unwrap());
        first.iter().zip(other).map(|(a, b)| f64::from((a - b).powi(2))).sum::<f64>().sqrt()
    };
    for (step, share) in [(2, 0.5), (4, 1.0)] {
        let left = apart(&after, step) / apart(&before, step);
        assert!(left < share, "{step}: {left}");
    }
}

#[test]
fn a_convention_that_holds_one_transform_gets_a_folder_of_them() {
    let (dir, moves) = folder();
    let at = |name: &str| dir.path().join(name);
    let motion = |more: &[&str]| register(dir.path(), &[&["--motion", "bold.nii.gz"], more].concat());
    let named = motion(&["-t", "motion.txt"]);
    assert_eq!(named.code, Some(2));
    assert!(named.err.contains(".aff12.1D"), "{}", named.err);
    assert_eq!(motion(&[]).code, Some(2), "nothing to be written");
    let said = motion(&["-t", "steps", "--transform-format", "fsl", "--table", "motion.csv", "--reference", "mean"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("good: 5 steps were brought to the mean of all"), "{}", said.out);
    assert_eq!(fs::read_dir(at("steps")).unwrap().count(), moves.len());
    assert!(at("steps/step-0004.mat").is_file());
    assert_eq!(table(dir.path(), "motion.csv", ',').len(), 1 + moves.len());
    // a second run is told what is there
    let again = motion(&["-t", "steps", "--transform-format", "fsl"]);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("--force"), "{}", again.err);
}

#[test]
fn a_series_is_brought_to_an_image_of_its_own() {
    let (dir, moves) = folder();
    let at = |name: &str| dir.path().join(name);
    let place = pose([1.0, 2.0, -1.0], [3.0, -2.0, 1.0]);
    write(&at("fixed.nii.gz"), head(&head_grid(), &place, Contrast::T2, 40));
    let said = register(dir.path(), &["fixed.nii.gz", "--motion", "bold.nii.gz", "-t", "motion.tfm"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let maps = transform_file::Options::default().read_all(at("motion.tfm")).unwrap();
    for (found, step) in maps.iter().zip(&moves) {
        let wanted = step.compose(&place.inverse().unwrap());
        assert!(apart_mm(found, &wanted) < CLOSE_MM, "{}", apart_mm(found, &wanted));
    }
    let both = register(dir.path(), &["fixed.nii.gz", "--motion", "bold.nii.gz", "-t", "x.tfm", "--reference", "mean"]);
    assert_eq!(both.code, Some(2));
    let one = register(dir.path(), &["--motion", "fixed.nii.gz", "-t", "x.tfm"]);
    assert_eq!(one.code, Some(2));
    assert!(one.err.contains("one volume"), "{}", one.err);
}

#[test]
fn two_runs_and_any_number_of_threads_write_the_same() {
    let (dir, _) = folder();
    let run = |jobs: &str, name: &str| {
        let [still, maps, table] = ["nii.gz", "tfm", "tsv"].map(|ending| format!("{name}.{ending}"));
        let args = [
            "--motion",
            "bold.nii.gz",
            "--jobs",
            jobs,
            "--interp",
            "cubic",
            "-o",
            &still,
            "-t",
            &maps,
            "--table",
            &table,
        ];
        assert_eq!(register(dir.path(), &args).code, Some(0));
        [still, maps, table].map(|file| bytes(&dir.path().join(file)))
    };
    let one = run("1", "a");
    assert!(one == run("2", "b") && one == run("2", "c"));
}
