//! Brings a scan from memory to 1 mm in the caller's pool, stopped after a second if it is not done by then; prints shape and sum.
//!
//! The same grid as `ResampleImageFilter` gives with the extent kept.
#![allow(clippy::print_stdout)]
use std::time::{Duration, Instant};

use isocenter_volume::{Affine, Ctx, Frame, Geometry, Interpolation, Observer, Resample, Volume};

struct Deadline(Instant);

impl Observer for Deadline {
    fn is_cancelled(&self) -> bool {
        Instant::now() > self.0
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid =
        Geometry::new([40, 40, 10], Affine::from_spacing_origin([2.0, 2.0, 4.0], [0.0; 3]), Frame::Patient(None))?;
    let mr = Volume::new((0..grid.len()).map(|n| (n % 500) as i16).collect::<Vec<_>>(), grid)?;
    let (pool, deadline) =
        (rayon::ThreadPoolBuilder::new().num_threads(2).build()?, Deadline(Instant::now() + Duration::from_secs(1)));
    let ctx = Ctx::default().with_pool(&pool).with_observer(&deadline);
    let fine = Resample::to_spacing([1.0; 3]).interpolation(Interpolation::BSpline3).ctx(ctx).apply(&mr)?;
    println!("{:?} {}", fine.shape(), fine.voxels().iter().map(|v| i64::from(*v)).sum::<i64>());
    Ok(())
}
