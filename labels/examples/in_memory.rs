//! Numbers and measures labels in memory on the caller's threads, and stops when told.
#![allow(clippy::print_stdout)]

use isocenter_labels::{Connectivity, Error, remap, stats};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, LabelMap};
use std::sync::atomic::{AtomicBool, Ordering};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid = Geometry::new([24; 3], Affine::from_spacing_origin([1.0, 1.0, 2.0], [0.0; 3]), Frame::Patient(None))?;
    let map =
        LabelMap::new(vec![(0..grid.len()).map(|n| [0u16, 7, 300][n / 500 % 3]).collect::<Vec<_>>()], grid, vec![])?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let stop = AtomicBool::new(false);
    let ctx = Ctx::default().with_pool(&pool).with_observer(&stop);
    let (numbered, _) = ctx.install(|| remap::remap_consecutive(&map, &ctx))?;
    for label in stats::label_stats(&numbered, Some(Connectivity::Faces6), &ctx)? {
        println!("{}: {} mm3 in {:?} pieces", label.name, label.volume_mm3, label.components);
    }
    stop.store(true, Ordering::Relaxed);
    println!("{}", remap::remap_consecutive(&map, &ctx).err().map_or("done", |e: Error| e.reason()));
    Ok(())
}
