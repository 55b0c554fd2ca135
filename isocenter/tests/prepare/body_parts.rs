//! What states a body part, and what is said where nothing does and the recipe decides by it.

use std::{fs, path::Path};

use isocenter::{
    KeySource, Outcome, Prepare, Recipe, formats,
    manifest::{self, Item},
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};
use isocenter_phantom::{Cohort, truth::Kind};

/// By body part alone: heads at 3 mm, and registered to each other where there is a T1.
const BY_PART: &str = "name = 'x'\n[grids.HEAD]\nspacing_mm = [3.0, 3.0, 3.0]\ninterpolation = 'linear'\n";

fn image(path: &Path) {
    let grid = Geometry::new([8, 8, 8], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let voxels: Vec<i16> = (0..512).map(|n| (n * 37 % 400) as i16).collect();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    formats::write(path, &formats::File::from_volume(Volume::new(voxels, grid).unwrap().into())).unwrap();
}

fn run(input: &Path, recipe: &str, pairs: Option<&str>) -> (Outcome, Vec<Item>) {
    let dir = tempfile::tempdir().unwrap();
    let mut job = Prepare::new(
        vec![input.to_path_buf()],
        dir.path().join("out"),
        Recipe::parse(recipe).unwrap(),
        KeySource::Demo,
    );
    if let Some(table) = pairs {
        fs::write(input.parent().unwrap().join("pairs.csv"), table).unwrap();
        job.pairs = Some(input.parent().unwrap().join("pairs.csv"));
    }
    let outcome = job.run(&Ctx::default()).unwrap();
    let items = manifest::read(&dir.path().join("out")).unwrap();
    (outcome, items)
}

fn is_said(outcome: &Outcome, items: &[Item], unknown: usize) {
    let warned = items.iter().filter(|i| i.warnings.iter().any(|w| w == "body-part-unknown")).count();
    assert_eq!(warned, unknown, "{items:#?}");
    let remarks: Vec<&String> = outcome.remarks.iter().filter(|r| r.contains("body part")).collect();
    assert_eq!(remarks.len(), usize::from(unknown > 0), "{remarks:?}");
    if let Some(remark) = remarks.first() {
        assert!(remark.contains(&format!("of {unknown} of {}", items.len())), "{remark}");
        assert!(
            remark.contains("grid of HEAD") && remark.contains("all are of one (HEAD), say so with body_part"),
            "{remark}"
        );
    }
}

/// A file, its sidecar, the table's word, the recipe's word, what comes of it.
type Case = (&'static str, Option<String>, Option<&'static str>, Option<&'static str>, Option<&'static str>);

#[test]
fn a_volume_file_has_the_body_part_that_something_states() {
    let sidecar = |part: &str| format!(r#"{{"Modality":"MR","BodyPartExamined":"{part}"}}"#);
    let cases: [Case; 9] = [
        ("P1/scan.nii.gz", None, None, None, None),
        ("P1/scan.nii.gz", Some(sidecar("HEAD")), None, None, Some("HEAD")),
        ("P1/scan.nii.gz", Some(sidecar("CHEST")), Some("head"), Some("KNEE"), Some("HEAD")),
        ("P1/scan.nii.gz", Some(sidecar("CHEST")), None, Some("HEAD"), Some("CHEST")),
        ("P1/scan.nii.gz", None, None, Some("SKULL"), Some("SKULL")),
        ("sub-01/anat/sub-01_T1w.nii.gz", None, None, None, Some("BRAIN")),
        ("sub-01/anat/sub-01_T1w.nii.gz", Some(sidecar("NECK")), None, None, Some("NECK")),
        ("sub-01/anat/sub-01_T1w.nii.gz", None, None, Some("NECK"), Some("NECK")),
        ("sub-01/pet/sub-01_pet.nii.gz", None, None, None, None),
    ];
    for (n, (file, sidecar, table, of_recipe, wanted)) in cases.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        image(&input.join(file));
        if let Some(text) = sidecar {
            fs::write(input.join(file.replace(".nii.gz", ".json")), text).unwrap();
        }
        let pairs = table.map(|part| format!("file,body_part\nin/{file},{part}\n"));
        let recipe = match of_recipe {
            Some(part) => format!("{BY_PART}[files]\nbody_part = '{part}'\n"),
            None => BY_PART.to_owned(),
        };
        let (outcome, items) = run(&input, &recipe, pairs.as_deref());
        assert_eq!((items.len(), items[0].body_part.as_deref()), (1, wanted), "{n}: {outcome:?}");
        let is_head = matches!(wanted, Some("HEAD" | "SKULL" | "BRAIN"));
        assert_eq!(items[0].spacing_mm, [if is_head { 3.0 } else { 2.0 }; 3], "{n}");
        is_said(&outcome, &items, usize::from(wanted.is_none()));
    }
}

#[test]
fn nothing_is_said_where_the_recipe_does_not_ask_and_a_register_asks() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    image(&input.join("P1/scan.nii.gz"));
    image(&input.join("P2/scan.nii.gz"));
    let (outcome, items) = run(&input, "name = 'x'\n[grid]\nspacing_mm = [3.0, 3.0, 3.0]\n", None);
    assert!(outcome.remarks.iter().all(|r| !r.contains("body part")));
    assert!(items.iter().all(|i| i.warnings.is_empty() && i.spacing_mm == [3.0; 3]));
    let (outcome, items) = run(&input, "name = 'x'\n[register]\nreference = 'T1'\nbody_parts = ['HEAD']\n", None);
    assert!(outcome.remarks.iter().any(|r| r.contains("of 2 of 2 images") && r.contains("not registered")));
    assert!(items.iter().all(|i| i.warnings == ["body-part-unknown"]));
}

#[test]
fn a_series_without_the_attribute_is_said_too_and_the_recipe_may_state_it() {
    use isocenter::dcm::{OpenOptions, tags};
    let dir = tempfile::tempdir().unwrap();
    let (cohort, input) = (dir.path().join("cohort"), dir.path().join("in"));
    let truth = Cohort::demo(1).write(&cohort, &Ctx::default()).unwrap();
    let series = truth.series.iter().find(|s| s.kind == Kind::Head && s.modality == "MR" && s.files.len() > 9).unwrap();
    fs::create_dir(&input).unwrap();
    for (n, file) in series.files.iter().enumerate() {
        let mut instance = OpenOptions::new().open(cohort.join(file)).unwrap();
        instance.dataset.remove_element(tags::BODY_PART_EXAMINED);
        instance.write(input.join(format!("{n}.dcm"))).unwrap();
    }
    let (outcome, items) = run(&input, BY_PART, None);
    assert_eq!((items.len(), items[0].body_part.as_deref()), (1, None));
    is_said(&outcome, &items, 1);
    let (outcome, items) = run(&input, &format!("{BY_PART}[files]\nbody_part = 'HEAD'\n"), None);
    assert_eq!((items[0].body_part.as_deref(), items[0].spacing_mm), (Some("HEAD"), [3.0; 3]));
    is_said(&outcome, &items, 0);
}
