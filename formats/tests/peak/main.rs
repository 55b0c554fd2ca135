//! How much memory reading takes beside the samples themselves.
#![allow(missing_docs, clippy::unwrap_used)]

use isocenter_formats::{File, ReadOptions, Source, WriteOptions, read_bytes, read_from, write_bytes};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis, Volume};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Buffers of the file and of deflate, and one block of samples.
const BESIDE: usize = 2 << 20;

/// What two threads hold to pack: two blocks each, as they are and packed, and deflate's own.
const PACKING: usize = 2 << 20;

/// Peak of a call above what was in use before it.
fn peak_of<R>(call: impl FnOnce() -> R) -> (R, usize) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let result = call();
    (result, MEMORY.peak_usage() - before)
}

#[test]
fn a_series_is_read_into_its_samples_and_written_from_them() {
    let grid = Geometry::new([100, 100, 50], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let head = Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Layer, 8).unwrap()]).unwrap();
    let samples: Vec<i16> = (0..head.len()).map(|n| (n % 1009) as i16).collect();
    let bytes = 2 * samples.len();
    let file = File::from_volume(Volume::from_parts(head, samples).unwrap().into());
    // a label map: its layers lie fastest in NRRD, so every sample moves
    let moved = file.clone().with_label_table(vec![(1, "a".to_owned())]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for (file, extension) in [(&file, "nii"), (&file, "nii.gz"), (&moved, "nrrd"), (&file, "mha"), (&file, "mgz")] {
        let (packed, peak) =
            peak_of(|| pool.install(|| write_bytes(file, extension, &WriteOptions::default()).unwrap()));
        // the result grows by doubling
        assert!(peak <= 2 * packed.len() + BESIDE + PACKING, "writing {extension}: {peak} for {}", packed.len());
        let (read, peak) = peak_of(|| read_bytes(&packed, &ReadOptions::default()).unwrap());
        assert!(peak <= bytes + BESIDE, "reading {extension}: {peak} for {bytes}");
        drop(read);
    }
    let raw = write_bytes(&file, "nii", &WriteOptions::default()).unwrap();
    let stream = Source::from_reader(raw.as_slice()).unwrap();
    let (_, peak) = peak_of(|| read_from(stream, &ReadOptions::default()).unwrap());
    // of unknown length: grown by doubling, old and new at once while it is moved
    assert!(peak <= 3 * bytes + BESIDE, "a stream: {peak} for {bytes}");
}
