//! Writes our results for the entries of a reference manifest: `normalize_corpus MANIFEST OUT`, then
//! `compare_norm.py MANIFEST OUT` says how they compare with the tools named there.
//!
//! What is done follows from `op`, `params` and `inputs` of an entry; an operation that is not known is left out and said.
//! Without arguments it runs a few steps on a made-up image and prints the mean of each result.
#![allow(clippy::print_stdout)]

#[path = "../../../normalize/tests/corpus/by_op.rs"]
#[allow(clippy::unwrap_used)] // shared with the tests
mod by_op;
mod combat;
mod dicom;
mod filters;
mod geometry;
mod intensity;
mod manifest;
mod pet;

use std::{error::Error, fs, path::Path};

use isocenter::normalize::{
    CtWindow, PercentileRescale, Region, Step, ZScore, filter::Clahe, histogram::HistogramEqualize, moments,
};
use isocenter::{
    formats,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};
use manifest::{Found, Manifest};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, out] = arguments.as_slice() else { return generated() };
    let (manifest, out) = (Manifest::read(Path::new(manifest))?, Path::new(out));
    fs::create_dir_all(out)?;
    for entry in manifest.entries() {
        let id = entry["id"].as_str().unwrap_or_default();
        match found(&manifest, entry) {
            Ok(Some(Found::Image(image))) => {
                formats::write(out.join(format!("{id}.nii")), &formats::File::from_volume((*image).into()))?;
            }
            Ok(Some(Found::Values(values))) => fs::write(out.join(format!("{id}.json")), values.to_string())?,
            Ok(Some(Found::Table(table))) => fs::write(out.join(format!("{id}.csv")), table)?,
            Ok(None) => println!("{id}: {} is not an operation of ours", entry["op"]),
            // the others are still of use
            Err(error) => println!("{id}: {error}"),
        }
    }
    Ok(())
}

/// The result of an entry, by whoever knows its operation.
fn found(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    for run in [intensity::run, filters::run, geometry::run, dicom::run, pet::run, combat::run] {
        if let Some(found) = run(manifest, entry)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn generated() -> Outcome<()> {
    let grid = Geometry::new([40, 40, 20], Affine::from_spacing_origin([1.0; 3], [0.0; 3]), Frame::Patient(None))?;
    let image = Volume::new((0..grid.len()).map(|n| (n % 1601) as f32 - 800.0).collect::<Vec<f32>>(), grid)?;
    for step in [
        Step::ZScore(ZScore::new(Region::AboveMean)),
        Step::CtWindow(CtWindow::centre_width(40.0, 400.0)?),
        Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)),
        Step::HistogramEqualize(HistogramEqualize::new(256, [0.0, 1.0])?),
        Step::Clahe(Clahe::default()),
    ] {
        let (result, _) = step.apply(&image, None, &Ctx::default())?;
        println!("{}: mean {:.4}", step.name(), moments(&result, Region::All, None, &Ctx::default())?.mean());
    }
    Ok(())
}
