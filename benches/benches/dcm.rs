//! Opening and decoding one 512 x 512 slice of CT, beside dicom-rs and a plain loop, on one thread.
//!
//! Beside pydicom, SimpleITK, pylibjpeg and gdcm, also for compressed frames: `python benches/peers/dcm.py`, see its head.
#![allow(missing_docs, clippy::expect_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use isocenter_benches::dcm::{VERBS, prepare, write_slice};

fn dcm(c: &mut Criterion) {
    let path = std::env::temp_dir().join(format!("isocenter-bench-{}.dcm", std::process::id()));
    write_slice(&path).expect("the folder of temporary files takes one");
    let mut group = c.benchmark_group("dcm");
    group.sample_size(20).throughput(Throughput::Elements(512 * 512));
    for verb in VERBS {
        let mut run = prepare(verb, &path).expect("the slice is read");
        group.bench_function(format!("{verb}/u16/512x512/1"), |b| b.iter(|| run().expect("what was set up runs")));
    }
    group.finish();
    // The file is in the way of nobody; what fails here leaves it to the system.
    let _ = std::fs::remove_file(path);
}

criterion_group!(benches, dcm);
criterion_main!(benches);
