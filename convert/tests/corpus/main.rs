//! Real scans of eight makers: every file is accounted for, and what is refused is refused by the right name.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod gradients;

use std::path::PathBuf;

use isocenter_convert::{Facts, Options, Plan, Warning, plan::plan, read::read};
use isocenter_dcm::scan;
use isocenter_testing::corpus::part as corpus;
use isocenter_volume::Ctx;

/// Shape and steps of each volume, ascending.
type Volumes = [([usize; 3], usize)];

fn facts(paths: &[PathBuf]) -> Vec<Facts> {
    scan::scan_with(paths, &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file)).unwrap()
}

fn planned(set: &str) -> Option<(Plan, Vec<Facts>)> {
    let folder = corpus("convert")?.join(set).join("In");
    let files = facts(&[folder]);
    let plan = plan(&files, &Options::default()).unwrap();
    assert!(plan.funnel(&files).adds_up(), "{set}");
    Some((plan, files))
}

#[test]
fn every_file_of_every_set_is_accounted_for() {
    let Some(folder) = corpus("convert") else { return };
    let (mut files, mut sets) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.path().join("In").is_dir() {
            let (_, found) = planned(entry.file_name().to_str().unwrap()).unwrap();
            files += found.len();
            sets += 1;
        }
    }
    assert_eq!((sets, files), (51, 1145));
}

#[test]
fn what_a_scan_for_facts_leaves_out_is_not_missed() {
    let Some(folder) = corpus("convert") else { return };
    let mut folders: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path().join("In")).collect();
    folders.retain(|path| path.is_dir());
    let whole = |path: &PathBuf| {
        scan::scan_with(&[path], &scan::ScanOptions::default(), &Ctx::default(), &|file| Facts::of(&file)).unwrap()
    };
    for folder in folders {
        let [found, wanted] = [facts(std::slice::from_ref(&folder)), whole(&folder)].map(|files| {
            let Plan { series, duplicates, rejected, left_out, .. } = plan(&files, &Options::default()).unwrap();
            // a text that cannot be read is told only where it is read
            let mut series = series;
            series.iter_mut().for_each(|s| s.warnings.retain(|w| !matches!(w, Warning::Repaired { .. })));
            let told = format!("{series:?} {duplicates:?} {rejected:?} {left_out:?}");
            let parts: Vec<_> = series.into_iter().map(|s| (s.head, s.frames, s.component, s.image_type)).collect();
            (told, parts)
        });
        assert_eq!(found.0, wanted.0, "{}", folder.display());
        assert!(found.1 == wanted.1, "{}", folder.display());
    }
}

#[test]
fn the_whole_corpus_at_once_is_accounted_for() {
    let Some(folder) = corpus("convert") else { return };
    let mut folders: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path().join("In")).collect();
    folders.retain(|path| path.is_dir());
    let files = facts(&folders);
    let plan = plan(&files, &Options::default()).unwrap();
    let funnel = plan.funnel(&files);
    assert!(funnel.adds_up());
    assert_eq!(funnel.files, 1145);
    assert_eq!(funnel.in_volumes, 1108);
    // the sets share files: each lossless twin of one image is a duplicate, and a picture with a palette of 8 and one of 16 bits
    assert_eq!(funnel.duplicates, 28);
}

#[test]
fn shapes_and_steps_are_those_of_the_scanner() {
    let wanted: [(&str, &Volumes); 18] = [
        ("canon_dti", &[([80, 80, 40], 13)]),
        ("ct_tilt", &[([512, 512, 4], 1)]),
        ("ge_dti", &[([256, 256, 2], 7)]),
        ("ge_fieldmap", &[([128, 128, 16], 1), ([128, 128, 16], 1)]),
        ("ge_hyperband", &[([64, 64, 48], 3)]),
        ("hyperfine_anat", &[([112, 138, 8], 1)]),
        ("mr_nonparallel", &[([288, 288, 2], 1), ([288, 288, 2], 1)]),
        ("pet_dro_slopes", &[([256, 256, 20], 1)]),
        ("philips_asl", &[([80, 80, 6], 8), ([80, 80, 14], 1), ([128, 128, 16], 1)]),
        ("philips_dual_echo", &[([96, 96, 30], 1); 4]),
        ("philips_enhanced", &[([64, 64, 8], 4), ([128, 128, 8], 4), ([256, 256, 8], 1)]),
        ("philips_fieldmap", &[([64, 64, 32], 1), ([64, 64, 32], 1)]),
        ("siemens_mosaic_orient", &[([64, 64, 35], 2), ([64, 64, 36], 2), ([86, 86, 36], 2)]),
        ("siemens_mosaic_stc", &[([64, 64, 35], 2), ([64, 64, 36], 2), ([64, 64, 36], 2)]),
        // one picture in nine transfer syntaxes: the others are duplicates
        ("siemens_syntaxes", &[([64, 64, 35], 1)]),
        ("siemens_xa_classic", &[([64, 64, 12], 1)]),
        ("siemens_xa_enhanced", &[([64, 64, 10], 3), ([64, 64, 10], 3), ([64, 64, 10], 7)]),
        ("uih_mosaic_dti", &[([64, 64, 20], 17)]),
    ];
    for (set, shapes) in wanted {
        let Some((plan, _)) = planned(set) else { return };
        let steps = |s: &isocenter_convert::SeriesPlan| s.head.slow_axes().iter().map(|a| a.len()).product();
        let mut found: Vec<([usize; 3], usize)> = plan.series.iter().map(|s| (s.head.shape(), steps(s))).collect();
        found.sort_unstable();
        assert_eq!(found, shapes, "{set}");
    }
}

#[test]
fn what_is_not_understood_yet_is_refused_by_name() {
    for (set, code, count) in [
        ("siemens_12bit", "contradictory-duplicate", 3),
        ("ct_variable_spacing", "missing-slice", 4),
        ("pet_dro_slopes", "not-an-image", 1),
    ] {
        let Some((plan, files)) = planned(set) else { return };
        let funnel = plan.funnel(&files);
        assert_eq!(funnel.rejected.into_iter().collect::<Vec<_>>(), [(code, count)], "{set}");
    }
}

#[test]
fn a_pet_with_a_slope_for_each_slice_has_what_its_suv_needs() {
    let Some((plan, files)) = planned("pet_dro_slopes") else { return };
    let converted = read(&plan.series[0], &files, &Options::default()).unwrap();
    assert!(converted.volume.scaling().as_per_plane().is_some());
    let pet = converted.volume.meta().pet.clone().unwrap();
    // SUV = activity * weight / dose left at the start
    let left =
        pet.injected_dose_bq.unwrap() * libm::exp2(-pet.injection_to_reference_s.unwrap() / pet.half_life_s.unwrap());
    let factor = pet.weight_kg.unwrap() * 1000.0 / left;
    let real = converted.volume.to_real(&Ctx::default()).unwrap();
    let largest = real.voxels().iter().fold(0f32, |m, v| m.max(*v));
    let suv = f64::from(largest) * factor;
    assert!((suv - 4.0).abs() < 0.01, "the object's largest SUV is 4.00, found {suv:.3}");
}
