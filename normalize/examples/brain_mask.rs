//! Finds the brain in an MR of a head, prints its volume, and how bright it is without scalp and neck.
//!
//! Without arguments the head is made up: ellipsoids of scalp, skull and brain on a neck. With a file in place of it, FSL's
//! `bet <src> <out> -m` answers the same question.
#![allow(clippy::print_stdout)]

use isocenter_formats as formats;
use isocenter_normalize::{BrainMask, Region, moments};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ctx = Ctx::default();
    let image = match std::env::args().nth(1) {
        Some(path) => formats::read(path)?.volume.to_real(&ctx)?,
        None => made_up()?,
    };
    let brain = BrainMask::default().find(&image, &ctx)?;
    let ml = brain.count() as f64 * image.geometry().voxel_volume_mm3() / 1000.0;
    println!("{ml:.0} ml of brain");
    for (region, mask) in [(Region::AboveMean, None), (Region::Mask, Some(&brain))] {
        let found = moments(&image, region, mask, &ctx)?;
        println!("{}: mean {:.1}, deviation {:.1}", region.name(), found.mean(), found.standard_deviation(0));
    }
    Ok(())
}

fn made_up() -> Result<Volume<f32>, Box<dyn std::error::Error>> {
    let affine = Affine::from_spacing_origin([3.0; 3], [-96.0, -111.0, -120.0]);
    let grid = Geometry::new([65, 75, 70], affine, Frame::Patient(None))?;
    let within = |p: [f64; 3], r: [f64; 3]| (p[0] / r[0]).powi(2) + (p[1] / r[1]).powi(2) + (p[2] / r[2]).powi(2) < 1.0;
    let value = |n: usize| match grid.world_of([n % 65, n / 65 % 75, n / (65 * 75)].map(|v| v as f64)) {
        p if within(p, [61.0, 78.0, 57.0]) => 100.0, // white matter
        p if within(p, [68.0, 85.0, 64.0]) => 75.0,  // grey
        p if within(p, [76.0, 93.0, 72.0]) => 12.0,  // fluid and bone
        p if within(p, [82.0, 99.0, 78.0]) => 130.0, // scalp
        [x, y, z] if z < 0.0 && libm::hypot(x, y - 15.0) < 50.0 => 55.0, // neck
        _ => 2.0,
    };
    Ok(Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid.clone())?)
}
