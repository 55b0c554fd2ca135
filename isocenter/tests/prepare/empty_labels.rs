//! Label maps without a label: kept out, or kept as a case with nothing to find, as the recipe says.

use std::{fs, path::Path};

use isocenter::{
    Export, KeySource, Outcome, Prepare, Recipe, formats,
    manifest::{self, Item},
    verify,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};

fn grid(shape: [usize; 3], origin_mm: f64) -> Geometry {
    Geometry::new(shape, Affine::from_spacing_origin([2.0; 3], [origin_mm, 0.0, 0.0]), Frame::Patient(None)).unwrap()
}

fn write(path: &Path, grid: &Geometry, value: impl Fn(usize) -> i16) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let volume = Volume::new((0..grid.len()).map(value).collect::<Vec<i16>>(), grid.clone()).unwrap();
    formats::write(path, &formats::File::from_volume(volume.into())).unwrap();
}

fn image(path: &Path) {
    write(path, &grid([12, 12, 12], 0.0), |n| (n * 37 % 400) as i16);
}

fn run(dir: &Path, recipe: &str) -> (Outcome, Vec<Item>) {
    let out = dir.join("out");
    let _ = fs::remove_dir_all(&out);
    let outcome = Prepare::new(vec![dir.join("in")], out.clone(), Recipe::parse(recipe).unwrap(), KeySource::Demo)
        .exports(vec![Export::NnUnet])
        .run(&Ctx::default())
        .unwrap();
    verify::check(&out).unwrap();
    (outcome, manifest::read(&out).unwrap())
}

const REFUSE: &str = "name = 'x'\n";
const KEEP: &str = "name = 'x'\n[labels]\nempty = 'keep'\n";

fn is_refused(outcome: &Outcome) {
    assert_eq!(outcome.funnel.reasons, [("empty-label-map".to_owned(), 1)].into(), "{:?}", outcome.quarantine);
    assert_eq!((outcome.exit_code(), outcome.funnel.in_items + outcome.funnel.quarantined), (1, outcome.funnel.files));
}

#[test]
fn an_all_zero_mask_is_no_labelled_case_unless_the_recipe_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    for (patient, value) in [("P1", 0), ("P2", 1)] {
        image(&input.join(patient).join("ct.nii.gz"));
        write(&input.join(patient).join("ct_seg.nii.gz"), &grid([12, 12, 12], 0.0), |n| i16::from(n % 12 < 5) * value);
    }
    let (outcome, items) = run(dir.path(), REFUSE);
    is_refused(&outcome);
    assert_eq!((items.len(), outcome.funnel.labelled), (2, 1));
    assert!(items.iter().all(|i| i.label.is_some() == (i.sources.len() == 2)));
    let (outcome, items) = run(dir.path(), KEEP);
    assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 2));
    let warned: Vec<&Item> = items.iter().filter(|i| i.warnings.iter().any(|w| w == "empty-label-map")).collect();
    assert_eq!((warned.len(), warned[0].labels.len()), (1, 0));
    assert!(outcome.exports.iter().any(|e| e.training == 2), "{:?}", outcome.exports);
}

#[test]
fn a_mask_whose_labels_lie_off_the_image_is_empty_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in/P1");
    image(&input.join("ct.nii.gz"));
    // twice as wide as the image, labelled beside it
    write(&input.join("ct_seg.nii.gz"), &grid([24, 12, 12], 0.0), |n| i16::from(n % 24 > 15));
    let (outcome, items) = run(dir.path(), REFUSE);
    is_refused(&outcome);
    assert_eq!((items.len(), items[0].label.is_some(), items[0].sources.len()), (1, false, 1));
    let (outcome, items) = run(dir.path(), KEEP);
    assert!(outcome.exit_code() == 0 && items[0].label.is_some());
    assert!(items[0].warnings.iter().any(|w| w == "empty-label-map") && items[0].labels.is_empty());
}

#[test]
fn a_mask_of_which_resampling_leaves_nothing_is_said_and_stays_in_the_native_export() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in/P1");
    image(&input.join("ct.nii.gz"));
    // one voxel, which a grid of 7 mm does not meet
    write(&input.join("ct_seg.nii.gz"), &grid([12, 12, 12], 0.0), |n| i16::from(n == 12 * 12 * 5 + 12 * 5 + 5));
    let coarse = "[grid]\nspacing_mm = [7.0, 7.0, 7.0]\n";
    let (outcome, items) = run(dir.path(), &format!("{REFUSE}{coarse}"));
    assert!(items[0].label.is_none() && items[0].warnings.iter().any(|w| w == "empty-label-map"), "{items:?}");
    assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 0));
    assert!(outcome.exports.iter().any(|e| e.training == 1), "{:?}", outcome.exports);
    // without an export nothing holds the labels: the map is kept out
    let out = dir.path().join("out");
    fs::remove_dir_all(&out).unwrap();
    let recipe = Recipe::parse(&format!("{REFUSE}{coarse}")).unwrap();
    let job = Prepare::new(vec![dir.path().join("in")], out.clone(), recipe, KeySource::Demo);
    let outcome = job.run(&Ctx::default()).unwrap();
    is_refused(&outcome);
    assert_eq!(manifest::read(&out).unwrap()[0].sources.len(), 1);
    let (_, items) = run(dir.path(), &format!("{KEEP}{coarse}"));
    assert!(items[0].label.is_some() && items[0].labels.is_empty());
}
