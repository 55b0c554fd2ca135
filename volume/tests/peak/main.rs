//! What is shared is not copied: memory of taking a step, of real values and of a change in place.
#![allow(missing_docs, clippy::unwrap_used)]

use isocenter_volume::{Affine, AxisKind, Ctx, Frame, Geometry, Head, SlowAxis, Volume};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Heads, notes and what the test's harness does meanwhile; a step of the series below is 4 MB.
const BESIDE: usize = 64 << 10;

/// Peak of a call above what was in use before it.
fn peak_of<R>(call: impl FnOnce() -> R) -> (R, usize) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let result = call();
    (result, MEMORY.peak_usage() - before)
}

#[test]
fn steps_real_values_and_changes_in_place_take_no_memory() {
    let grid = Geometry::new([100, 100, 100], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let head = Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 5).unwrap()]).unwrap();
    let series = Volume::from_parts(head.clone(), vec![1f32; head.len()]).unwrap();
    let (step, peak) = peak_of(|| series.extract_step(3).unwrap());
    assert!(peak < BESIDE, "a step: {peak}");
    let (real, peak) = peak_of(|| series.to_real(&Ctx::default()).unwrap());
    assert!(peak < BESIDE, "real values that are real: {peak}");
    let (picked, peak) = peak_of(|| series.select_steps(0, &[1, 2]).unwrap());
    assert!(peak < BESIDE, "steps side by side: {peak}");
    drop((step, real, picked));
    let mut alone = series;
    let ((), peak) = peak_of(|| alone.voxels_mut()[0] = 2.0);
    assert!(peak < BESIDE, "a change in place: {peak}");
    let (stored, samples) = (Volume::from_parts(head.clone(), vec![7i16; head.len()]).unwrap(), head.len());
    let (_, peak) = peak_of(|| stored.to_real(&Ctx::default()).unwrap());
    assert!(peak < 4 * samples + BESIDE, "real values of integers are one new buffer: {peak} for {samples}");
}
