//! NIfTI and NRRD in place of DICOM: patients from names, facts from sidecars, labels by their grid.

use std::{fs, path::Path};

use isocenter::{
    KeySource, Outcome, Prepare, Recipe, formats, manifest,
    volume::{Affine, Ctx, DynVolume, Frame, Geometry, Orientation, Volume},
};

use crate::support::{files, occurs, unpacked};

fn grid(origin_mm: f64) -> Geometry {
    let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [origin_mm, -20.0, 5.0]);
    Geometry::new([12, 10, 8], affine, Frame::Patient(None)).unwrap()
}

fn image(geometry: &Geometry) -> DynVolume {
    let voxels: Vec<i16> = (0..geometry.len()).map(|n| (n % 251) as i16).collect();
    Volume::new(voxels, geometry.clone()).unwrap().into()
}

// one voxel in a hundred is labelled, with values that leave gaps
fn labels(geometry: &Geometry) -> DynVolume {
    let voxels: Vec<u8> = (0..geometry.len()).map(|n| if n % 100 == 7 { [3, 9][n / 100 % 2] } else { 0 }).collect();
    Volume::new(voxels, geometry.clone()).unwrap().into()
}

fn write(path: &Path, volume: DynVolume) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    formats::write(path, &formats::File::from_volume(volume)).unwrap();
}

fn run(input: &Path, out: &Path, pairs: Option<&Path>) -> Outcome {
    let mut job =
        Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), Recipe::load("generic").unwrap(), KeySource::Demo);
    job.pairs = pairs.map(Path::to_path_buf);
    job.run(&Ctx::default()).unwrap()
}

#[test]
fn subjects_sidecars_and_turned_labels_come_along_and_names_do_not() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    for (subject, origin) in [("sub-01", -30.0), ("sub-02", 40.0)] {
        let anat = input.join(subject).join("anat");
        write(&anat.join(format!("{subject}_T1w.nii.gz")), image(&grid(origin)));
        let sidecar = r#"{"Modality":"MR","EchoTime":0.003,"RepetitionTime":0.5,"PatientName":"PLANTERSON^WILMA"}"#;
        fs::write(anat.join(format!("{subject}_T1w.json")), sidecar).unwrap();
        let turned = labels(&grid(origin)).reorient("PIR".parse::<Orientation>().unwrap(), &Ctx::default()).unwrap();
        write(&anat.join(format!("{subject}_dseg.nrrd")), turned);
    }
    let out = dir.path().join("out");
    let outcome = run(&input, &out, None);
    assert_eq!((outcome.exit_code(), outcome.funnel.patients, outcome.funnel.in_items), (0, 2, 6));
    // the listing counts the same patients: a label map is its image's
    assert_eq!(
        isocenter::info::info(std::slice::from_ref(&input), isocenter::info::Options::default(), &Ctx::default())
            .unwrap()
            .funnel
            .patients,
        2
    );
    for item in manifest::read(&out).unwrap() {
        assert_eq!((item.modality.as_deref(), item.contrast.as_deref()), (Some("MR"), Some("T1")));
        // 3 and 9 became 1 and 2, and it is on record
        assert_eq!(item.labels_remapped, [(3, 1), (9, 2)].into());
        let made = formats::read(out.join(item.label.unwrap())).unwrap().volume.to_real(&Ctx::default()).unwrap();
        let origin = made.geometry().origin_mm()[0];
        let wanted = labels(&grid(origin)).to_real(&Ctx::default()).unwrap();
        let new = |old: &f32| {
            if *old == 3.0 {
                1.0
            } else if *old == 9.0 {
                2.0
            } else {
                0.0
            }
        };
        let renumbered: Vec<f32> = wanted.voxels().iter().map(new).collect();
        assert_eq!(made.voxels(), renumbered);
    }
    for file in files(&out) {
        assert!(!unpacked(&file).iter().any(|bytes| occurs(bytes, "PLANTERSON")), "{}", file.display());
    }
}

#[test]
fn labels_that_fit_two_images_wait_for_pairs() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    for case in ["a", "b"] {
        let mut volume = image(&grid(0.0));
        if case == "b" {
            // the same grid, other voxels
            volume = Volume::new(vec![5i16; grid(0.0).len()], grid(0.0)).unwrap().into();
        }
        write(&input.join(case).join("ct.nii"), volume);
    }
    write(&input.join("seg.nii"), labels(&grid(0.0)));
    let outcome = run(&input, &dir.path().join("without"), None);
    assert_eq!(outcome.funnel.reasons, [("label-ambiguous".to_owned(), 1)].into());

    let pairs = dir.path().join("pairs.csv");
    fs::write(&pairs, "label,series\nin/seg.nii,in/b/ct.nii\n").unwrap();
    let out = dir.path().join("with");
    let outcome = run(&input, &out, Some(&pairs));
    assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 1));
    let items = manifest::read(&out).unwrap();
    let labelled = items.iter().find(|i| i.label.is_some()).unwrap();
    assert_eq!(labelled.statistics.unwrap().max, 5.0);
}

#[test]
fn labels_without_an_image_are_kept_out() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    write(&input.join("a/ct.nii"), image(&grid(0.0)));
    write(&input.join("a/seg.nii"), labels(&grid(1.0)));
    let outcome = run(&input, &dir.path().join("out"), None);
    assert_eq!(outcome.funnel.reasons, [("label-without-image".to_owned(), 1)].into());
    assert_eq!(outcome.exit_code(), 1);
}

#[test]
fn a_second_label_map_of_an_image_is_kept_out_by_that_name() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    write(&input.join("a/ct.nii"), image(&grid(0.0)));
    write(&input.join("a/seg.nii"), labels(&grid(0.0)));
    write(&input.join("a/mask.nii"), Volume::new(vec![1u8; grid(0.0).len()], grid(0.0)).unwrap().into());
    let outcome = run(&input, &dir.path().join("out"), None);
    assert_eq!(outcome.funnel.reasons, [("second-label-map".to_owned(), 1)].into());
    assert_eq!(outcome.funnel.labelled, 1);
}
