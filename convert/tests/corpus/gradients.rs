//! Gradient tables of real scans: those that dcm2niix wrote, in the patient's world.

use std::path::{Path, PathBuf};

use isocenter_convert::{GradientTable, formats};

use crate::{corpus, planned};

type Vector = [f64; 3];

/// Numbers of a text file, line by line.
fn numbers(path: &Path) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split_whitespace().map(|number| number.parse().unwrap()).collect()).collect()
}

/// b-values and directions in world (LPS) of a reference: its axes are at right angles.
fn reference(image: &Path, stem: &Path) -> (Vec<f64>, Vec<Vector>) {
    let b_values = numbers(&stem.with_extension("bval")).remove(0);
    let rows = numbers(&stem.with_extension("bvec"));
    let affine = *formats::read_head(image, &formats::ReadOptions::default()).unwrap().head.geometry().affine();
    let x = if affine.determinant() > 0.0 { -1.0 } else { 1.0 };
    let axes = [0, 1, 2].map(|n| {
        let column = affine.column(n);
        let length = column.iter().map(|v| v * v).sum::<f64>().sqrt();
        column.map(|v| v / length)
    });
    let world = |step: usize| {
        let along = [x * rows[0][step], rows[1][step], rows[2][step]];
        [0, 1, 2].map(|a| (0..3).map(|n| along[n] * axes[n][a]).sum())
    };
    let directions = (0..b_values.len()).map(world).collect();
    (b_values, directions)
}

fn is_like(table: &GradientTable, b_values: &[f64], directions: &[Vector]) -> bool {
    // a gradient has no sign; where the header lost what turns it, the reference did not turn it
    let distance = |a: &Vector, b: &Vector| {
        let of = |sign: f64| a.iter().zip(b).map(|(a, b)| (sign * a - b).powi(2)).sum::<f64>().sqrt();
        of(1.0).min(of(-1.0))
    };
    let Some(found) = table.directions() else { return false };
    found.len() == directions.len()
        && table.b_values().iter().zip(b_values).all(|(a, b)| (a - b).abs() <= B_TOLERANCE)
        && found.iter().zip(directions).all(|(a, b)| distance(a, b) <= DIRECTION_TOLERANCE)
}

#[test]
fn tables_are_those_of_the_reference() {
    let Some(folder) = corpus("convert") else { return };
    let mut tables = 0;
    for set in std::fs::read_dir(folder).unwrap() {
        let set = set.unwrap();
        let Ok(references) = std::fs::read_dir(set.path().join("Ref")) else { continue };
        let stems: Vec<PathBuf> = references
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "bvec"))
            .map(|path| path.with_extension(""))
            .collect();
        if stems.is_empty() {
            continue;
        }
        let (plan, _) = planned(set.file_name().to_str().unwrap()).unwrap();
        let found: Vec<GradientTable> = plan.series.iter().filter_map(|s| GradientTable::of(&s.head)).collect();
        assert_eq!(found.len(), stems.len(), "{:?}", set.file_name());
        for stem in stems {
            let (b_values, directions) = reference(&stem.with_extension("nii.gz"), &stem);
            assert!(found.iter().any(|table| is_like(table, &b_values, &directions)), "{stem:?}");
            tables += 1;
        }
    }
    assert_eq!(tables, 9);
}

/// The reference has six digits.
const B_TOLERANCE: f64 = 0.01;

/// The reference leaves vectors of GE and Canon as long as the header has them, to three digits.
const DIRECTION_TOLERANCE: f64 = 2e-3;
