//! Series of several weightings, two slices a step, in planes of any orientation.

use isocenter_convert::{Converted, GradientTable};
use isocenter_dcm::{
    Dataset, FileMeta, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};

use crate::support::{MR, Study, numbers, slice, text};

pub(super) type Vector = [f64; 3];

/// Directions of rows and columns.
pub(super) type Plane = [Vector; 2];

/// Axial, coronal and sagittal as scanners store them, each with rows and columns the other way and across, and an oblique one.
pub(super) fn planes() -> Vec<Plane> {
    let (x, y, z) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    let turned = |v: Vector| v.map(|v| 0.0 - v);
    let mut found = vec![[[0.8, 0.36, -0.48], [-0.6, 0.48, -0.64]], [[0.36, 0.48, 0.8], [0.48, 0.64, -0.6]]];
    for [row, column] in [[x, y], [x, turned(z)], [y, turned(z)]] {
        found.extend([[row, column], [turned(row), column], [row, turned(column)], [column, row]]);
    }
    found
}

pub(super) fn normal([[a, b, c], [d, e, f]]: Plane) -> Vector {
    [b * f - c * e, c * d - a * f, a * e - b * d]
}

pub(super) fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gradients in the patient; the first is of no weighting.
pub(super) const GRADIENTS: [Vector; 4] = [[0.0; 3], [0.6, 0.0, -0.8], [-0.48, 0.8, 0.36], [0.0, 0.8, 0.6]];

/// The weighting of a step of so many s/mm^2.
pub(super) fn b_value(step: usize) -> f64 {
    if step == 0 { 0.0 } else { 1000.0 }
}

/// A slice `k` of a step in a plane, numbered volume by volume.
pub(super) fn image(plane: Plane, step: usize, k: usize) -> Dataset {
    let n = normal(plane);
    let mut ds = slice(MR, 2 * step + k, n.map(|n| 3.0 * k as f64 * n), (10 * step + k) as u16);
    numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &plane.concat());
    text(&mut ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\OTHER");
    ds
}

/// Two slices of each of the gradients; `state` writes what the header says of a step.
pub(super) fn series(plane: Plane, steps: usize, state: impl Fn(&mut Dataset, usize)) -> Vec<Dataset> {
    let mut all = Vec::new();
    for (step, k) in (0..steps).flat_map(|step| [(step, 0), (step, 1)]) {
        let mut ds = image(plane, step, k);
        state(&mut ds, step);
        all.push(ds);
    }
    all
}

/// Converts a series, stored with private elements of known or (in implicit files) of unknown representation.
pub(super) fn converted(all: &[Dataset], is_implicit: bool) -> Vec<Converted> {
    let mut study = Study::new();
    for ds in all {
        study.add_as(ds, if is_implicit { FileMeta::of_syntax("1.2.840.10008.1.2") } else { FileMeta::default() });
    }
    study.convert()
}

/// Whether a table states these gradients, in world and through the text and the affine; a sign of the whole plays no part.
pub(super) fn states(converted: &Converted, b_values: &[f64], gradients: &[Vector]) -> bool {
    let Some(table) = GradientTable::of(converted.volume.head()) else { return false };
    let near = |a: Vector, b: Vector| {
        let cosine = dot(a, b);
        (cosine.abs() - dot(b, b)).abs() < 1e-5 && (dot(a, a) - dot(b, b)).abs() < 1e-5
    };
    let alike = |found: &[Vector]| {
        found.len() == gradients.len() && found.iter().zip(gradients).all(|(found, wanted)| near(*found, *wanted))
    };
    let from_text = world_of(&table.to_bvec().unwrap(), converted);
    table.b_values() == b_values && alike(table.directions().unwrap()) && alike(&from_text)
}

/// The directions in the world that FSL reads from a text and an affine at right angles, LPS.
pub(super) fn world_of(bvec: &str, converted: &Converted) -> Vec<Vector> {
    let rows: Vec<Vec<f64>> =
        bvec.lines().map(|line| line.split(' ').map(|number| number.parse().unwrap()).collect()).collect();
    let affine = *converted.volume.geometry().affine();
    let x = if affine.determinant() > 0.0 { -1.0 } else { 1.0 };
    let unit = |axis: usize| {
        let column = affine.column(axis);
        let length = dot(column, column).sqrt();
        column.map(|v| v / length)
    };
    let [i, j, k] = [0, 1, 2].map(unit);
    let steps = 0..rows[0].len();
    steps
        .map(|step| [0, 1, 2].map(|a| x * rows[0][step] * i[a] + rows[1][step] * j[a] + rows[2][step] * k[a]))
        .collect()
}

pub(super) fn creator(ds: &mut Dataset, tag: Tag, name: &str) {
    text(ds, tag, VR::LO, name);
}

pub(super) fn doubles(ds: &mut Dataset, tag: Tag, values: &[f64]) {
    ds.put(DataElement::new(tag, VR::FD, PrimitiveValue::F64(values.iter().copied().collect())));
}

pub(super) fn float(ds: &mut Dataset, tag: Tag, value: f64) {
    ds.put(DataElement::new(tag, VR::FL, PrimitiveValue::from(value as f32)));
}
