//! Finds the bias field of an image, takes it off, and prints how much brighter its brightest place was made than its darkest.
//!
//! Without arguments the image is made up: two tissues under a coil at one side. With a file in place of it, SimpleITK's
//! `N4BiasFieldCorrection` finds the same field where `N4::itk()` stands for `N4::default()`.
#![allow(clippy::print_stdout)]

use isocenter_formats as formats;
use isocenter_normalize::{Map, N4, Region};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ctx = Ctx::default();
    let image = match std::env::args().nth(1) {
        Some(path) => formats::read(path)?.volume.to_real(&ctx)?,
        None => made_up()?,
    };
    let fitted = N4::default().region(Region::Above(0.0)).fit(&image, None, &ctx)?;
    let corrected = fitted.apply(&image, &ctx)?;
    if let Map::Bias(field) = fitted.map() {
        let log = field.log_field(image.geometry(), &ctx)?;
        let inside = log.voxels().iter().zip(image.voxels()).filter(|(_, v)| **v > 0.0).map(|(log, _)| *log);
        let (low, high) = inside.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        println!("{} iterations, a factor of {:.2}", fitted.measured()["iterations"], libm::expf(high - low));
        println!("kept: {} control points for {} voxels", field.points().len(), corrected.voxels().len());
    }
    Ok(())
}

fn made_up() -> Result<Volume<f32>, Box<dyn std::error::Error>> {
    let grid = Geometry::new([40, 40, 24], Affine::from_spacing_origin([4.0; 3], [0.0; 3]), Frame::Patient(None))?;
    let value = |n: usize| {
        let [i, j, k] = [n % 40, n / 40 % 40, n / 1600];
        let tissue = if (i / 5 + j / 5 + k / 5) % 2 == 0 { 100.0 } else { 70.0 };
        tissue * libm::expf(0.4 * i as f32 / 39.0)
    };
    Ok(Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid)?)
}
