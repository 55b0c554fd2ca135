//! Values that no scan has: what a spline swings to is clamped where the recipe says so, and padding is no tissue.

use std::{fs, path::Path};

use isocenter::{
    KeySource, Prepare, Recipe, formats,
    manifest::{self, Item},
    volume::{Affine, Ctx, DynVolume, Frame, Geometry, Volume},
};

use crate::support::corpus;

const SHAPE: [usize; 3] = [20, 20, 12];

fn place(n: usize) -> [usize; 3] {
    [n % SHAPE[0], n / SHAPE[0] % SHAPE[1], n / (SHAPE[0] * SHAPE[1])]
}

fn made(path: &Path, modality: &str, value: impl Fn([usize; 3]) -> f32) {
    let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [0.0; 3]);
    let grid = Geometry::new(SHAPE, affine, Frame::Patient(None)).unwrap();
    let voxels: Vec<f32> = (0..grid.len()).map(|n| value(place(n))).collect();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    formats::write(path, &formats::File::from_volume(Volume::new(voxels, grid).unwrap().into())).unwrap();
    fs::write(path.with_extension("json"), format!(r#"{{"Modality":"{modality}"}}"#)).unwrap();
}

fn run(input: &Path, recipe: &str) -> (Vec<f32>, Item) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let recipe = Recipe::parse(recipe).unwrap();
    let outcome = Prepare::new(vec![input.to_path_buf()], out.clone(), recipe, KeySource::Demo).run(&Ctx::default());
    assert_eq!(outcome.unwrap().funnel.quarantined, 0);
    let item = manifest::read(&out).unwrap().remove(0);
    (real(&formats::read(out.join(&item.image)).unwrap().volume), item)
}

fn real(volume: &DynVolume) -> Vec<f32> {
    volume.to_real(&Ctx::default()).unwrap().voxels().to_vec()
}

fn ends(voxels: &[f32]) -> [f32; 2] {
    [voxels.iter().copied().fold(f32::INFINITY, f32::min), voxels.iter().copied().fold(f32::NEG_INFINITY, f32::max)]
}

// a box with an edge of one voxel, where cubic and Lanczos kernels swing
fn boxed([i, j, k]: [usize; 3], low: f32, high: f32) -> f32 {
    if (5..15).contains(&i) && (5..15).contains(&j) && (3..9).contains(&k) { high } else { low }
}

#[test]
fn a_clamped_image_stays_in_its_range_and_is_the_same_inside_it() {
    for (modality, low, high) in [("MR", 0.0, 900.0), ("CT", -1000.0, 1200.0), ("PT", 0.0, 25000.0)] {
        for kernel in ["bspline3", "lanczos5"] {
            let dir = tempfile::tempdir().unwrap();
            let input = dir.path().join("in");
            made(&input.join("P1/scan.nii"), modality, |at| boxed(at, low, high));
            let recipe = |clamp: &str| {
                format!("name = 'x'\n[grid]\nspacing_mm = [1.1, 1.1, 1.3]\ninterpolation = '{kernel}'\n{clamp}")
            };
            let (free, _) = run(&input, &recipe(""));
            let [least, most] = ends(&free);
            assert!(least < low - 1.0 && most > high + 1.0, "{modality} {kernel}: {least} {most}");
            let (tight, item) = run(&input, &recipe("clamp = true\n"));
            assert_eq!(ends(&tight), [low, high], "{modality} {kernel}");
            assert!(free.iter().zip(&tight).all(|(f, t)| f.clamp(low, high).to_bits() == t.to_bits()));
            assert!(item.provenance.to_string().contains("\"clamp\""), "{}", item.provenance);
            assert_eq!(run(&input, &recipe("clamp = false\n")).0, free);
        }
    }
}

#[test]
fn linear_values_are_the_same_with_and_without() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    made(&input.join("P1/scan.nii"), "MR", |[i, j, k]| ((i * 31 + j * 17 + k * 7) % 200) as f32);
    let recipe = |clamp: bool| {
        format!("name = 'x'\n[grid]\nspacing_mm = [1.1, 1.1, 1.3]\ninterpolation = 'linear'\nclamp = {clamp}")
    };
    assert_eq!(run(&input, &recipe(true)).0, run(&input, &recipe(false)).0);
}

/// Air around a body of some texture, and the round field of view that it was measured in.
fn body([i, j, k]: [usize; 3]) -> (f32, bool) {
    let (x, y) = (i as f32 - 9.5, j as f32 - 9.5);
    let value = if x * x + y * y < 36.0 { 40.0 + ((i * 7 + j * 3 + k) % 5) as f32 } else { -1000.0 };
    (value, x * x + y * y > 90.0)
}

#[test]
fn padding_of_a_ct_reaches_no_tissue_and_no_number() {
    for padding in [-3024.0f32, -2000.0, -2048.0] {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        made(&input.join("P1/scan.nii"), "CT", |at| if body(at).1 { padding } else { body(at).0 });
        let count = |n: usize| (0..n).filter(|n| body(place(*n)).1).count() as u64;
        let all = SHAPE.iter().product();
        // as it is: every voxel stays, the numbers leave the padding out
        let (native, item) = run(&input, "name = 'x'\n");
        let wanted: Vec<f32> = (0..all).map(place).map(|at| if body(at).1 { padding } else { body(at).0 }).collect();
        assert_eq!(native, wanted);
        let numbers = item.statistics.unwrap();
        assert_eq!((numbers.min, numbers.max, numbers.padding, numbers.not_finite), (-1000.0, 44.0, count(all), 0));
        let measured: Vec<f64> = (0..all).map(|n| body(place(n))).filter(|b| !b.1).map(|b| f64::from(b.0)).collect();
        let mean = measured.iter().sum::<f64>() / measured.len() as f64;
        assert!((numbers.mean - mean).abs() < 1e-9, "{} {mean}", numbers.mean);
        // interpolated: nothing between padding and air
        for kernel in ["linear", "bspline3", "lanczos5"] {
            let grid = format!("[grid]\nspacing_mm = [1.0, 1.0, 3.0]\ninterpolation = '{kernel}'\nclamp = true\n");
            let (fine, item) = run(&input, &format!("name = 'x'\n{grid}"));
            let [least, most] = ends(&fine);
            assert!(least == -1000.0 && most <= 44.0, "{kernel}: {least} {most}");
            assert!(item.statistics.unwrap().padding > 0 && item.statistics.unwrap().min == -1000.0);
        }
        // z-score: of what was measured, and the padding no lower than air
        for (region, step) in [
            ("all", "{ name = 'zscore' }"),
            ("percentiles", "{ name = 'percentile_rescale', lower = 0.0, upper = 100.0 }"),
        ] {
            let (scored, item) = run(&input, &format!("name = 'x'\n[normalize]\nCT = [{step}]\n"));
            let air = scored[(0..all).find(|n| body(place(*n)).0 == -1000.0 && !body(place(*n)).1).unwrap()];
            assert_eq!(ends(&scored)[0], air, "{region}");
            if region == "all" {
                let numbers = item.statistics.unwrap();
                assert!(numbers.mean.abs() < 1e-5 && (numbers.sd - 1.0).abs() < 1e-5, "{numbers:?}");
                assert_eq!(numbers.padding, count(all));
            } else {
                assert_eq!(ends(&scored), [0.0, 1.0]);
            }
        }
    }
}

#[test]
fn low_values_of_other_images_are_values() {
    for modality in ["MR", "PT"] {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        made(&input.join("P1/scan.nii"), modality, |at| if body(at).1 { -3024.0 } else { body(at).0 });
        let (_, item) = run(&input, "name = 'x'\n");
        assert_eq!((item.statistics.unwrap().min, item.statistics.unwrap().padding), (-3024.0, 0));
    }
}

#[test]
fn a_header_states_padding_in_stored_values_and_the_volume_in_real_ones() {
    use isocenter::convert::{Facts, Options, plan::plan};
    use isocenter::dcm::{OpenOptions, scan, tags, value};
    let dir = tempfile::tempdir().unwrap();
    let truth = isocenter_phantom::Cohort::demo(1).write(dir.path(), &Ctx::default()).unwrap();
    let (mut with, mut without) = (0, 0);
    for series in truth.series.iter().filter(|s| s.modality == "CT") {
        let paths: Vec<_> = series.files.iter().map(|f| dir.path().join(f)).collect();
        let header = OpenOptions::new().open(&paths[0]).unwrap().dataset;
        let number = |tag| value::f64(&header, tag);
        // a padding value is written unsigned by some
        let stored = number(tags::PIXEL_PADDING_VALUE).map(|v| if v > 32767.0 { v - 65536.0 } else { v });
        let intercept = number(tags::RESCALE_INTERCEPT).unwrap_or(0.0);
        let scanned = scan::scan(&paths, &scan::ScanOptions::default(), &Ctx::default()).unwrap();
        let plan = plan(&Facts::of_all(&scanned), &Options::default()).unwrap();
        let found = plan.series[0].head.meta().padding.map(|p| (p.low, p.high));
        assert_eq!(found, stored.map(|v| (v + intercept, v + intercept)), "{stored:?} {intercept}");
        if stored.is_some() { with += 1 } else { without += 1 }
    }
    assert!(with > 0, "{without}");
}

#[test]
fn padding_of_real_scans_is_found() {
    let Some(root) = corpus("convert") else { return };
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let recipe = Recipe::parse("name = 'x'\n[grid]\nspacing_mm = [2.0, 2.0, 5.0]\ninterpolation = 'linear'\n").unwrap();
    Prepare::new(CT.map(|p| root.join(p)).to_vec(), out.clone(), recipe, KeySource::Demo).run(&Ctx::default()).unwrap();
    let items = manifest::read(&out).unwrap();
    let padded: Vec<&Item> = items.iter().filter(|i| i.statistics.is_some_and(|s| s.padding > 0)).collect();
    assert_eq!(padded.len(), CT.len(), "{items:#?}");
    for item in padded {
        let [least, _] = ends(&real(&formats::read(out.join(&item.image)).unwrap().volume));
        assert!(least >= -1200.0 && f64::from(least) == item.statistics.unwrap().min, "{least}");
    }
}

/// Scans with -3024 HU around the field of view: as it was, and through lossy and nearly lossless codecs.
const CT: [&str; 3] = ["ts_ct_ts_2/In", "ts_ct_ts_4_50/In", "ts_ct_ts_4_81/In"];
