//! Packing and unpacking a NIfTI volume of 256 x 256 x 64 shorts, beside flate2 in one piece on one thread: with zlib-rs, which the
//! workspace has, and with miniz_oxide, which is its default and so what the crate `nifti` has where nobody chose.
#![allow(missing_docs, clippy::expect_used)]

use std::{hint::black_box, io::Read, io::Write};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use isocenter_formats::{File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

const SHAPE: [usize; 3] = [256, 256, 64];

/// Level of all sides.
const LEVEL: u32 = 6;

/// A smooth body with noise in air without any, as an MR volume has them.
fn file() -> File {
    let mut seed = 1u64;
    let mut noise = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % 64) as i16
    };
    let grid = Geometry::new(SHAPE, Affine::IDENTITY, Frame::Patient(None)).expect("a plain grid");
    let [nx, ny, _] = SHAPE;
    let sample = |n: usize| {
        let (i, j) = ((n % nx) as i32 - 128, (n / nx % ny) as i32 - 128);
        if i * i + j * j < 110 * 110 { (600 + 2 * i - j + n as i32 / 65_536) as i16 + noise() } else { 0 }
    };
    let samples: Vec<i16> = (0..grid.len()).map(sample).collect();
    File::from_volume(Volume::new(samples, grid).expect("the samples fill the grid").into())
}

fn formats(c: &mut Criterion) {
    let file = file();
    let plain = write_bytes(&file, "nii", &WriteOptions::default()).expect("a plain file");
    let packed = write_bytes(&file, "nii.gz", &WriteOptions::default().with_level(LEVEL)).expect("a packed file");
    let mut group = c.benchmark_group("formats");
    group.sample_size(10).throughput(Throughput::Bytes(plain.len() as u64));
    // the floor: the bytes as they are
    group.bench_function("nifti_write/i16/256x256x64", |b| {
        b.iter(|| write_bytes(&file, "nii", &WriteOptions::default()))
    });
    group.bench_function("nifti_write_gz/i16/256x256x64", |b| {
        b.iter(|| write_bytes(&file, "nii.gz", &WriteOptions::default().with_level(LEVEL)));
    });
    group.bench_function("flate2_zlib_rs_write_gz/i16/256x256x64/1", |b| {
        b.iter(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
            encoder.write_all(&plain).and_then(|()| encoder.finish())
        });
    });
    group.bench_function("miniz_oxide_deflate/i16/256x256x64/1", |b| {
        b.iter(|| miniz_oxide::deflate::compress_to_vec(black_box(&plain), LEVEL as u8));
    });
    group.bench_function("nifti_read_gz/i16/256x256x64", |b| b.iter(|| read_bytes(&packed, &ReadOptions::default())));
    group.bench_function("flate2_zlib_rs_read_gz/i16/256x256x64/1", |b| {
        b.iter(|| {
            let mut out = Vec::with_capacity(plain.len());
            GzDecoder::new(packed.as_slice()).read_to_end(&mut out).map(|_| out)
        });
    });
    // a gzip member: ten bytes before the stream, eight behind
    let stream = packed.get(10..packed.len() - 8).unwrap_or_default();
    group.bench_function("miniz_oxide_inflate/i16/256x256x64/1", |b| {
        b.iter(|| miniz_oxide::inflate::decompress_to_vec(black_box(stream)));
    });
    group.finish();
}

criterion_group!(benches, formats);
criterion_main!(benches);
