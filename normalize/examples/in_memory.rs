//! Normalizes an image in memory, in place, on the caller's threads, and stops when told.
#![allow(clippy::print_stdout)]

use isocenter_normalize::{PercentileRescale, Region, Step, ZScore, apply_all};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Observer, Volume};
use std::sync::atomic::{AtomicBool, Ordering};

/// A button that somebody else may press.
struct Stop(AtomicBool);

impl Observer for Stop {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid = Geometry::new([32; 3], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None))?;
    let image = Volume::new((0..grid.len()).map(|n| (n % 977) as f32).collect::<Vec<_>>(), grid)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let stop = Stop(AtomicBool::new(false));
    let ctx = Ctx::default().with_pool(&pool).with_observer(&stop);
    let steps = [Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)), Step::ZScore(ZScore::new(Region::All))];
    let (out, records) = apply_all(&steps, image.clone(), None, &ctx)?;
    println!("{} voxels in {}; {:?}", out.voxels().len(), out.scaling().unit().code(), records[1].fitted().measured());
    stop.0.store(true, Ordering::Relaxed);
    println!("{}", apply_all(&steps, image, None, &ctx).err().map_or("done", |e| e.reason()));
    Ok(())
}
