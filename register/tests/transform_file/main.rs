//! Files that hold a transform: fixed texts, what other programs write, broken files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod itk;
mod malformed;
mod ras;

use isocenter_register::Rigid;
use isocenter_volume::Affine;

/// A turn about all axes and a shift.
fn some_motion() -> Affine {
    Rigid::new([0.1, -0.2, 0.3], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0]).unwrap().to_affine()
}

fn is_close(a: &Affine, b: &Affine, tolerance: f64) -> bool {
    a.rows().iter().flatten().zip(b.rows().iter().flatten()).all(|(x, y)| (x - y).abs() < tolerance)
}
