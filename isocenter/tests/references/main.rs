//! Every entry of the reference manifest, as the example `normalize_corpus` answers it, held to the tools' own outputs by the entry's tolerance.
#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

#[path = "../../../normalize/tests/corpus/by_op.rs"]
mod by_op;
#[path = "../../examples/normalize_corpus/combat.rs"]
mod combat;
#[path = "../../examples/normalize_corpus/dicom.rs"]
mod dicom;
#[path = "../../examples/normalize_corpus/filters.rs"]
mod filters;
#[path = "../../examples/normalize_corpus/geometry.rs"]
mod geometry;
#[path = "../../examples/normalize_corpus/intensity.rs"]
mod intensity;
#[path = "../../examples/normalize_corpus/manifest.rs"]
mod manifest;
#[path = "../../examples/normalize_corpus/pet.rs"]
mod pet;

use std::error::Error;

use isocenter::{
    formats,
    volume::{Ctx, Volume},
};
use manifest::{Found, Manifest};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What an entry is off by; nothing where it holds.
fn off(manifest: &Manifest, entry: &Value) -> Outcome<Option<String>> {
    let mut found = None;
    for run in [intensity::run, filters::run, geometry::run, dicom::run, pet::run, combat::run] {
        found = found.or(run(manifest, entry)?);
    }
    Ok(match found.ok_or("nobody knows its operation")? {
        Found::Image(image) => image_off(manifest, entry, &image)?,
        Found::Values(values) => values_off(entry, &values),
        Found::Table(table) => table_off(manifest, entry, &table)?,
    })
}

fn image_off(manifest: &Manifest, entry: &Value, image: &Volume<f32>) -> Outcome<Option<String>> {
    let tol = &entry["tol"];
    // log fields of a bias are held to their tools by tests of their own
    let Some(frac) = tol["frac"].as_f64() else { return Ok(None) };
    let [atol, rtol] = ["atol", "rtol"].map(|key| tol[key].as_f64().unwrap_or(0.0));
    let shape: [usize; 3] = serde_json::from_value(entry["shape"].clone())?;
    if image.shape() != shape {
        return Ok(Some(format!("shape {:?}", image.shape())));
    }
    if let Some(most) = tol["affine"].as_f64() {
        let wanted: Vec<[f64; 4]> = serde_json::from_value(entry["affine"].clone())?;
        let pairs = image.geometry().affine().to_ras().into_iter().flatten().zip(wanted.into_iter().flatten());
        let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if apart > most {
            return Ok(Some(format!("affine by {apart}")));
        }
    }
    let file = manifest.path(entry["ref"].as_str().ok_or("no reference")?);
    let reference = formats::read(file)?.volume.to_real(&Ctx::default())?;
    let stride: [usize; 3] = serde_json::from_value(entry["stride"].clone())?;
    let [nx, ny, _] = reference.shape();
    let good = reference.voxels().iter().enumerate().filter(|&(n, wanted)| {
        let [i, j, k] = [n % nx * stride[0], n / nx % ny * stride[1], n / nx / ny * stride[2]];
        let (found, wanted) = (f64::from(image.voxels()[(k * shape[1] + j) * shape[0] + i]), f64::from(*wanted));
        (found - wanted).abs() <= atol + rtol * wanted.abs()
    });
    let share = good.count() as f64 / reference.voxels().len() as f64;
    Ok((share < frac).then(|| format!("{share} of the voxels within the tolerance, {frac} wanted")))
}

fn values_off(entry: &Value, values: &Value) -> Option<String> {
    let numbers = |value: &Value| -> Vec<f64> {
        match value {
            Value::Array(all) => all.iter().filter_map(Value::as_f64).collect(),
            // a number that is written to the last bit may be a text
            Value::String(text) => text.parse().into_iter().collect(),
            one => one.as_f64().into_iter().collect(),
        }
    };
    let wanted = entry["values"].as_object()?;
    wanted.iter().find_map(|(key, wanted)| {
        let (wanted, found) = (numbers(wanted), numbers(&values[key]));
        let most = entry["tol"][key].as_f64().unwrap_or(0.0);
        if let Some(largest) = entry["tol"][format!("{key}_max")].as_f64() {
            return (found.is_empty() || found[0] > largest).then(|| format!("{key} {found:?} above {largest}"));
        }
        let is_near = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() <= most);
        (!is_near).then(|| format!("{key} {found:?}, {wanted:?} wanted"))
    })
}

fn table_off(manifest: &Manifest, entry: &Value, table: &str) -> Outcome<Option<String>> {
    let file = manifest.path(entry["ref"].as_str().ok_or("no reference")?);
    let numbers = |text: &str| -> Vec<f64> {
        text.lines().skip(1).flat_map(|line| line.split(',').skip(1).map(|v| v.parse().unwrap())).collect()
    };
    let (found, wanted) = (numbers(table), numbers(&std::fs::read_to_string(file)?));
    let most = entry["tol"]["atol"].as_f64().unwrap_or(0.0);
    let is_near = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() <= most);
    Ok((!is_near).then(|| "a number further off than the tolerance".to_owned()))
}

#[test]
fn every_entry_is_within_its_tolerance() {
    let Some(path) = isocenter_testing::corpus::part("normalize/manifest.json") else { return };
    let manifest = Manifest::read(&path).unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in manifest.entries() {
        seen += 1;
        match off(&manifest, entry) {
            Ok(None) => {}
            Ok(Some(off)) => wrong.push(format!("{}: {off}", entry["id"])),
            Err(error) => wrong.push(format!("{}: {error}", entry["id"])),
        }
    }
    assert!(wrong.is_empty() && seen > 100, "{} of {seen}: {wrong:#?}", wrong.len());
}
