//! Reorients a generated image to RAS, crops it to its content and pads it to a cube; prints shape, orientation and origin after each.
//!
//! nibabel's `as_closest_canonical` and TorchIO's `CropOrPad` give the same grids.
#![allow(clippy::print_stdout)]
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let affine = Affine::from_spacing_origin([1.0, 1.0, 2.5], [-20.0, -16.0, 0.0]);
    let geometry = Geometry::new([40, 32, 12], affine, Frame::Patient(None))?;
    let ball = |n: usize| {
        let [x, y, z] = geometry.world_of([n % 40, n / 40 % 32, n / 1280].map(|v| v as f64));
        i16::from(x * x + y * y + (z - 14.0) * (z - 14.0) < 100.0) * 1000
    };
    let image = Volume::new((0..geometry.len()).map(ball).collect::<Vec<i16>>(), geometry.clone())?;
    let ras = image.reorient("RAS".parse()?, &Ctx::default())?;
    let cropped = ras.crop_to_content(0.0, [2, 2, 1])?;
    let cube = cropped.crop_or_pad([32, 32, 32], 0, &Ctx::default())?;
    for (name, volume) in [("stored", &image), ("reoriented", &ras), ("cropped", &cropped), ("cube", &cube)] {
        let g = volume.geometry();
        println!("{name:11} {:?} {} origin {:?} mm", g.shape(), g.orientation()?, g.origin_mm());
    }
    for step in cube.provenance().operations() {
        println!("{} {:?}", step.name(), step.parameters());
    }
    Ok(())
}
