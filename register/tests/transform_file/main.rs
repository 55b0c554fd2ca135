//! Files that hold a transform: fixed texts, what other programs write, broken files.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod afni;
mod ants;
#[cfg(feature = "dicom")]
mod dicom;
mod elastix;
mod field;
mod freesurfer;
mod fsl;
#[cfg(feature = "hdf5")]
mod hdf5;
mod itk;
mod malformed;
mod minc;
mod ras;
mod round_trip;
mod sform;

use isocenter_register::{Rigid, transform_file::Error};
use isocenter_volume::{Affine, Frame, Geometry};

/// A turn about all axes and a shift.
fn some_motion() -> Affine {
    Rigid::new([0.1, -0.2, 0.3], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0]).unwrap().to_affine()
}

fn is_close(a: &Affine, b: &Affine, tolerance: f64) -> bool {
    a.rows().iter().flatten().zip(b.rows().iter().flatten()).all(|(x, y)| (x - y).abs() < tolerance)
}

/// The grids for which the numbers of nitransforms 25.1.0 and nibabel 5.4.2 in these tests were made: an oblique one, and one whose first
/// axis runs the other way.
fn grids() -> (Geometry, Geometry) {
    let fixed = [
        [-1.1513262425036064, 0.2790191639566947, -0.28770247249192166, 20.0],
        [-0.48677292788581317, -0.6599423822109428, 0.6804803382385785, -33.0],
        [0.0, 0.22164015499600465, 2.388341222814015, 12.0],
    ];
    let moving = [
        [0.8477983689968142, -0.35453104474498565, 0.0913910864596628, -15.0],
        [-0.21647846434770757, -1.3884560868408538, 0.3579164988758359, 8.0],
        [0.0, 0.4432803099920093, 1.1941706114070074, 40.0],
    ];
    let grid = |shape, rows| Geometry::new(shape, Affine::from_rows(rows), Frame::Patient(None)).unwrap();
    (grid([30, 41, 22], fixed), grid([27, 24, 33], moving))
}

/// The transform, fixed to moving, for which those numbers were made.
fn between_grids() -> Affine {
    Affine::from_rows([[1.05, 0.1, 0.02, -4.0], [-0.08, 0.97, -0.15, 5.0], [-0.03, 0.12, 1.01, 6.0]])
}

/// A text of four rows of numbers.
fn matrix_text(rows: &[[f64; 4]; 4]) -> String {
    rows.iter().map(|row| row.map(|v| format!("{v}")).join(" ") + "\n").collect()
}

fn is_malformed<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Malformed { .. } | Error::Broken { .. }))
}
