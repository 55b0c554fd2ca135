//! Resampling, reorientation and percentiles of one 256 x 256 x 180 f32 image on the threads of the pool.
//!
//! The same cases beside SimpleITK 2.5.7 and NumPy: `python benches/peers/volume.py`, see its head.
#![allow(missing_docs, clippy::expect_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use isocenter_benches::volume::{CASES, SHAPE, prepare, run, samples};

fn volume(c: &mut Criterion) {
    let image = prepare(samples()).expect("the samples fill the grid");
    let mut group = c.benchmark_group("volume");
    group.sample_size(10).throughput(Throughput::Elements(SHAPE.iter().product::<usize>() as u64));
    // the floor: one copy into fresh memory
    group.bench_function("copy/f32/256x256x180", |b| b.iter(|| image.voxels().to_vec()));
    for case in CASES {
        group.bench_function(format!("{case}/f32/256x256x180"), |b| b.iter(|| run(case, &image)));
    }
    group.finish();
}

criterion_group!(benches, volume);
criterion_main!(benches);
