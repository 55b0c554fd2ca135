//! From memory to memory: an array to .nii.gz, real values on the caller's threads, .nrrd out; setting the flag ends any of it
//! within 100 ms. Prints what was read and how many bytes came out.
#![allow(clippy::print_stdout)]

use isocenter_formats::{File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Head, Observer, Volume, ndarray::Array3};
use std::sync::atomic::{AtomicBool, Ordering};

struct Stop(AtomicBool);
impl Observer for Stop {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (stop, pool) = (Stop(AtomicBool::new(false)), rayon::ThreadPoolBuilder::new().num_threads(2).build()?);
    let ctx = Ctx::default().with_observer(&stop).with_pool(&pool);
    let grid = Geometry::new([64, 48, 32], Affine::IDENTITY, Frame::Patient(None))?;
    let array = Array3::from_shape_fn((32, 48, 64), |(z, y, x)| (x + y + z) as i16);
    let file = File::from_volume(Volume::from_kji(Head::new(grid), array)?.into());
    let packed = write_bytes(&file, "nii.gz", &WriteOptions::default().ctx(ctx))?;
    let read = read_bytes(&packed, &ReadOptions::default().ctx(ctx))?;
    let real = ctx.install(|| read.volume.to_real(&Ctx::default()))?;
    let out = write_bytes(&File::from_volume(real.into()), "nrrd", &WriteOptions::default().ctx(ctx))?;
    println!("{} {:?}, {} bytes out", read.format, read.volume.shape(), out.len());
    Ok(())
}
