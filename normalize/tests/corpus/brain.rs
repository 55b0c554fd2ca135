//! The brain of real heads, beside masks that others made.

use std::path::Path;

use isocenter_formats as formats;
use isocenter_normalize::BrainMask;
use isocenter_volume::{Ctx, Mask, Volume};

fn read(path: &Path) -> Volume<f32> {
    formats::read(path).unwrap().volume.to_real(&Ctx::default()).unwrap()
}

/// Overlap of what is found with the truth, and the share of the truth that is missed.
fn beside(image: &Volume<f32>, truth: &Mask) -> (f64, f64) {
    let found = BrainMask::default().find(image, &Ctx::default()).unwrap();
    let both = found.and(truth).unwrap().count() as f64;
    (2.0 * both / (found.count() + truth.count()) as f64, 1.0 - both / truth.count() as f64)
}

/// What is above 0 in a stripped image, at the places of another grid of the same world.
fn stripped(mask: &Volume<f32>, onto: &Volume<f32>) -> Mask {
    let filled = Mask::above(mask, 0.0).filled(&Ctx::default()).unwrap();
    let [nx, ny, _] = onto.shape();
    Mask::from_fn(onto.geometry().clone(), |n| {
        let index = [n % nx, n / nx % ny, n / (nx * ny)].map(|v| v as f64);
        let there = mask.geometry().index_of(onto.geometry().world_of(index)).map(f64::round);
        there.iter().all(|v| *v >= 0.0) && filled.contains(there.map(|v| v as usize))
    })
}

#[test]
fn heads_have_the_brains_that_others_found() {
    let Some(register) = isocenter_testing::corpus::part("register") else { return };
    let Some(deface) = isocenter_testing::corpus::part("deid/deface") else { return };
    let cases = [
        // one man beside the mean brain of 152 people: no mask of him lies in the corpus, and a trained network has 0.951 here
        (register.join("colin27_t1.nii.gz"), register.join("mni152_09a_t1.nii.gz"), 0.94, 0.06),
        // the mean of many heads, 3 mm
        (deface.join("mridefacer_head_tmpl.nii.gz"), deface.join("mridefacer_head_tmpl_brain.nii.gz"), 0.95, 0.10),
        // without skulls already
        (register.join("mni152_09a_t1.nii.gz"), register.join("mni152_09a_t1.nii.gz"), 0.999, 0.001),
        (register.join("stroke_t1.nii.gz"), register.join("stroke_t1.nii.gz"), 0.999, 0.001),
        (register.join("stroke_t2.nii.gz"), register.join("stroke_t2.nii.gz"), 0.999, 0.001),
        (register.join("stroke_flair.nii.gz"), register.join("stroke_flair.nii.gz"), 0.999, 0.001),
    ];
    for (head, brain, least, most_missed) in cases {
        let image = read(&head);
        let (dice, missed) = beside(&image, &stripped(&read(&brain), &image));
        let name = head.file_name().unwrap_or_default().to_string_lossy();
        println!("{name}: Dice {dice:.4}, {missed:.4} missed");
        assert!(dice >= least && missed <= most_missed, "{name}: {dice} {missed}");
    }
}

#[test]
fn every_whole_head_has_a_brain_of_an_adult() {
    let (Some(register), Some(normalize)) = (isocenter_testing::corpus::part("register"), super::corpus()) else {
        return;
    };
    // millilitres of a trained network's mask, where it was asked
    for (path, wanted) in [
        (register.join("chris_t1.nii.gz"), 1546.0),
        (register.join("chris_pd.nii.gz"), 1566.0),
        (register.join("rire001_t1.nii.gz"), 1333.0),
        (register.join("vmhead_mr.nii.gz"), 1405.0),
        (normalize.join("inputs/mr.nii.gz"), 1504.0),
        (normalize.join("inputs/mr2.nii.gz"), 1544.0),
    ] {
        let image = read(&path);
        let found = BrainMask::default().find(&image, &Ctx::default()).unwrap();
        let ml = found.count() as f64 * image.geometry().voxel_volume_mm3() / 1000.0;
        println!("{}: {ml:.0} ml", path.file_name().unwrap_or_default().to_string_lossy());
        assert!((ml / wanted - 1.0).abs() < 0.1, "{path:?}: {ml}");
    }
}

#[test]
fn a_porcine_phantom_in_plastic_has_none() {
    let Some(register) = isocenter_testing::corpus::part("register") else { return };
    let found = BrainMask::default().find(&read(&register.join("mridir_t2.nii.gz")), &Ctx::default());
    assert_eq!(found.unwrap_err().reason(), "no-brain");
}
