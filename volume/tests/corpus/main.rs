//! Agreement with SimpleITK, nibabel, TorchIO and MONAI on the reference outputs of the corpus.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use isocenter_volume::Ctx;
use support::manifest::{Output, entries, number, run, text, triple};

fn corpus() -> Option<PathBuf> {
    isocenter_testing::corpus::part("normalize/manifest.json")
}

/// The comparison of compare_norm.py, in short: shape, affine, and the share of voxels within the entry's tolerance.
fn compare(folder: &Path, entry: &serde_json::Value, output: Output) -> Result<(), String> {
    let (geometry, values): (_, Vec<f64>) = match output {
        Output::Image(v) => (v.geometry().clone(), v.voxels().iter().map(|&v| f64::from(v)).collect()),
        Output::Labels(l) => (l.geometry().clone(), l.layers()[0].iter().map(f64::from).collect()),
    };
    if geometry.shape() != triple(&entry["shape"]) {
        return Err(format!("shape {:?}", geometry.shape()));
    }
    let tol = &entry["tol"];
    for (r, row) in geometry.affine().to_ras().iter().enumerate() {
        for (c, value) in row.iter().enumerate() {
            if (value - number(&entry["affine"][r][c])).abs() > number(&tol["affine"]) {
                return Err(format!("affine {:?}", geometry.affine().to_ras()));
            }
        }
    }
    let reference = support::nifti::read(&folder.join(text(&entry["ref"]))).map_err(|e| e.to_string())?;
    let reference = reference.to_real(&Ctx::default()).map_err(|e| e.to_string())?;
    let (stride, [nx, ny, _], [mx, my, mz]) = (triple(&entry["stride"]), geometry.shape(), reference.shape());
    let mut good = 0;
    for (n, &wanted) in reference.voxels().iter().enumerate() {
        let [i, j, k] = [n % mx * stride[0], n / mx % my * stride[1], n / mx / my * stride[2]];
        let found = values[i + nx * (j + ny * k)];
        let wanted = f64::from(wanted);
        good += usize::from((found - wanted).abs() <= number(&tol["atol"]) + number(&tol["rtol"]) * wanted.abs());
    }
    let share = good as f64 / (mx * my * mz) as f64;
    if share < number(&tol["frac"]) { Err(format!("{share} within tolerance")) } else { Ok(()) }
}

#[test]
fn agrees_with_the_tools_of_the_field() {
    let Some(path) = corpus() else { return };
    let folder = path.parent().unwrap();
    let (manifest, entries) = entries(&path).unwrap();
    let mut failures = Vec::new();
    let mut ran = 0;
    for entry in &entries {
        if let Some(output) = run(folder, &manifest, entry).unwrap() {
            ran += 1;
            if let Err(why) = compare(folder, entry, output) {
                failures.push(format!("{}: {why}", text(&entry["id"])));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(ran >= 20, "only {ran} entries ran");
}

#[test]
fn crop_to_content_finds_monai_s_box() {
    let Some(path) = corpus() else { return };
    let (_, entries) = entries(&path).unwrap();
    let entry = entries.iter().find(|e| e["id"] == "g27_crop_foreground_box").unwrap();
    let mr = support::nifti::read(&path.parent().unwrap().join("inputs/mr.nii.gz"))
        .unwrap()
        .to_real(&Ctx::default())
        .unwrap();
    let cropped = mr.crop_to_content(60.0, [3; 3]).unwrap();
    assert_eq!(cropped.shape(), triple(&entry["values"]["shape"]));
    let ras = cropped.geometry().affine().to_ras().map(|row| row[3]);
    for (a, found) in ras.iter().enumerate() {
        assert!((found - number(&entry["values"]["origin"][a])).abs() < 1e-3, "{ras:?}");
    }
}
