//! Fits Nyul's standard scale to images and prints it: `nyul IMAGE...`. Without arguments, to two made-up images.
//!
//! The values are those of intensity-normalization's `NyulNormalizer.standard_scale`.
#![allow(clippy::print_stdout)]

#[path = "../tests/corpus/nifti.rs"]
#[allow(dead_code, clippy::unwrap_used)] // shared with the tests
mod nifti;

use std::{error::Error, path::Path};

use isocenter_normalize::{
    Region,
    standardize::{ScalePart, StandardScale},
};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, stats::Cohort};

fn main() -> Result<(), Box<dyn Error>> {
    let mut cohort = Cohort::new();
    let mut add = |id: &str, image: &Volume<f32>| -> Result<(), Box<dyn Error>> {
        let part = ScalePart::of(image, &StandardScale::DECILES, Region::Above(0.0), None, &Ctx::default())?;
        cohort.insert(id, part);
        Ok(())
    };
    let paths: Vec<String> = std::env::args().skip(1).collect();
    for path in &paths {
        add(path, &nifti::read(Path::new(path)))?;
    }
    if paths.is_empty() {
        let grid = Geometry::new([1001, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
        for (id, power) in [("even", 1), ("dark", 2)] {
            let voxels = (0..=1000).map(|n| (n as f32 / 10.0).powi(power)).collect::<Vec<_>>();
            add(id, &Volume::new(voxels, grid.clone())?)?;
        }
    }
    let scale = StandardScale::of_cohort(&cohort, [1.0, 100.0])?;
    scale.percentiles().iter().zip(scale.values()).for_each(|(p, v)| println!("{p:5} {v:.4}"));
    Ok(())
}
