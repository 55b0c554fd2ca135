//! Registers two images in memory on the caller's threads, and stops when told.
#![allow(clippy::print_stdout)]

use isocenter_register::RegistrationOptions;
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Resample, Volume};
use std::sync::atomic::AtomicBool;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid = Geometry::new([32; 3], Affine::from_spacing_origin([4.0; 3], [-62.0; 3]), Frame::Patient(None))?;
    let at =
        |n: usize, shift: f64| 60.0 - (n % 32) as f64 - shift - (n / 32 % 32) as f64 * 0.5 - (n / 1024) as f64 * 0.2;
    let image = |shift: f64| {
        Volume::new((0..grid.len()).map(|n| at(n, shift).max(25.0) as f32).collect::<Vec<_>>(), grid.clone())
    };
    let (fixed, moving) = (image(0.0)?, image(1.0)?);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let stop = AtomicBool::new(false); // another thread may raise it
    let found = RegistrationOptions::default()
        .ctx(Ctx::default().with_pool(&pool).with_observer(&stop))
        .register(&fixed, &moving)?;
    let moved = Resample::to_geometry(grid.clone()).transform(found.transform).apply(&moving)?;
    println!("{:?}, {:.1} mm, {} voxels", found.verdict, found.rigid.shift_mm(), moved.voxels().len());
    Ok(())
}
