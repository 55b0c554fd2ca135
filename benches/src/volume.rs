//! The cases of the volume benches: one 256 x 256 x 180 f32 image at 1 mm.

use isocenter_volume::{Affine, Ctx, Error, Frame, Geometry, GridPolicy, Interpolation, Resample, Volume, stats};

/// Voxels along i, j, k.
pub const SHAPE: [usize; 3] = [256, 256, 180];

/// Names of the cases, as [`run`] takes them.
pub const CASES: [&str; 9] = [
    "down_linear",
    "down_cubic",
    "up_linear",
    "up_cubic",
    "turn_linear",
    "turn_cubic",
    "reorient_flip",
    "reorient_permute",
    "percentile",
];

#[allow(clippy::large_enum_variant)]
/// A result.
pub enum Output {
    /// An image.
    Image(Volume<f32>),
    /// Numbers.
    Numbers(Vec<f64>),
}

/// Smooth blobs plus noise from a fixed recurrence: the same samples everywhere.
pub fn samples() -> Vec<f32> {
    let mut state = 1u32;
    let mut out = Vec::with_capacity(SHAPE.iter().product());
    for k in 0..SHAPE[2] {
        for j in 0..SHAPE[1] {
            for i in 0..SHAPE[0] {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let wave = ((i * 7 + j * 3) % 61 + (k * 5) % 37) as f32;
                out.push(wave * 10.0 + (state >> 20) as f32 / 64.0);
            }
        }
    }
    out
}

/// Puts samples on the grid, in LPS+.
pub fn prepare(samples: Vec<f32>) -> Result<Volume<f32>, Error> {
    let affine = Affine::from_spacing_origin([1.0; 3], [-128.0, -120.0, -90.0]);
    Volume::new(samples, Geometry::new(SHAPE, affine, Frame::Patient(None))?)
}

/// A turn of 10 degrees about the oblique axis (1, 1, 1) through the middle of the grid.
pub fn turn(geometry: &Geometry) -> Affine {
    // the rotation matrix for cos 10 = 0.984807753012208, sin 10 = 0.17364817766693033
    let (c, s) = (0.984_807_753_012_208, 0.173_648_177_666_930_33);
    let (diagonal, root) = (c + (1.0 - c) / 3.0, s / 3f64.sqrt());
    let (plus, minus) = ((1.0 - c) / 3.0 + root, (1.0 - c) / 3.0 - root);
    let columns = [[diagonal, plus, minus], [minus, diagonal, plus], [plus, minus, diagonal]];
    let centre = geometry.centre_mm();
    let turned = Affine::from_columns(columns, [0.0; 3]).apply(centre);
    Affine::from_columns(columns, [0, 1, 2].map(|a| centre[a] - turned[a]))
}

/// Runs one case.
///
/// # Errors
/// Those of the operation; [`Error::Empty`] for a name that is none.
pub fn run(case: &str, volume: &Volume<f32>) -> Result<Output, Error> {
    let kind = if case.ends_with("cubic") { Interpolation::BSpline3 } else { Interpolation::Linear };
    let to = |mm| Resample::to_spacing([mm; 3]).policy(GridPolicy::Itk).interpolation(kind).apply(volume);
    Ok(match case {
        "down_linear" | "down_cubic" => Output::Image(to(1.7)?),
        "up_linear" | "up_cubic" => Output::Image(to(0.6)?),
        "turn_linear" | "turn_cubic" => {
            let geometry = volume.geometry().clone();
            let transform = turn(&geometry);
            Output::Image(Resample::to_geometry(geometry).interpolation(kind).transform(transform).apply(volume)?)
        }
        "reorient_flip" => Output::Image(volume.reorient("RAS".parse()?, &Ctx::default())?),
        "reorient_permute" => Output::Image(volume.reorient("PIR".parse()?, &Ctx::default())?),
        "percentile" => Output::Numbers(stats::percentiles(volume.voxels(), &[1.0, 99.0])?),
        _ => return Err(Error::Empty { what: "no such case" }),
    })
}
