//! Windows a CT and z-scores it, and prints what was fitted.
//!
//! The windowed values are those of MONAI's `ScaleIntensityRange(-160, 240, 0, 1, clip=True)`.
#![allow(clippy::print_stdout)]

use isocenter_normalize::{CtWindow, Region, Step, ZScore, apply_all};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Rescale, Scaling, Unit, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // a ball of soft tissue (60 HU) in air (-1000 HU), stored as a scanner does: HU + 1024
    let grid = Geometry::new([32, 32, 32], Affine::from_spacing_origin([2.0; 3], [-31.0; 3]), Frame::Patient(None))?;
    let stored: Vec<i16> = (0..grid.len())
        .map(|n| {
            let p = grid.world_of([n % 32, n / 32 % 32, n / 1024].map(|v| v as f64));
            if p.iter().map(|v| v * v).sum::<f64>() < 400.0 { 1084 } else { 24 }
        })
        .collect();
    let hu = Scaling::uniform(Rescale::new(1.0, -1024.0)?, Unit::Hu);
    let ct = Volume::new(stored, grid)?.with_scaling(hu)?.to_real(&Ctx::default())?;

    let steps = [Step::CtWindow(CtWindow::centre_width(40.0, 400.0)?), Step::ZScore(ZScore::new(Region::All))];
    let (out, records) = apply_all(&steps, ct, None, &Ctx::default())?;
    for record in &records {
        println!("{}: {:?}", record.step().name(), record.fitted().measured());
    }
    println!("unit {}, {} voxels", out.scaling().unit().code(), out.voxels().len());
    for step in out.provenance().operations() {
        println!("{} {:?}", step.name(), step.parameters());
    }
    Ok(())
}
