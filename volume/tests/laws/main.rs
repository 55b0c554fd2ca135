//! The laws of the geometry, of lattice operations and of resampling, on any volume.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod geometry;
mod lattice;
mod non_finite;
mod resampling;
mod statistics;
mod stored;
mod world_maps;

/// Runs work on a pool of so many threads.
fn on_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
