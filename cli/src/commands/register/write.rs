//! What is written: transforms, volumes on another grid, pictures. Each is written beside its name and renamed.

use std::path::Path;

use isocenter::{
    Error, figure, formats,
    register::transform_file::{Format, Options},
    volume::{self, Affine, Ctx, DynVolume, Geometry, Volume, WorldMap, resample::Resample, sample::Interpolation},
};

use super::outputs::usage;
use crate::{
    args::{InterpArg, RegisterArgs},
    commands::transform::refused,
};

/// Half width of a windowed sinc, voxels: that of SimpleITK and ANTs.
const SINC_RADIUS: usize = 5;

/// Says before the work begins whether a convention can speak of these grids, and hold so many transforms.
pub(super) fn can_hold(path: &Path, format: Format, grids: [&Geometry; 2], count: usize) -> Result<(), Error> {
    let bytes = options(format, grids).to_bytes(&vec![Affine::IDENTITY; count]);
    bytes.map(drop).map_err(|error| refused(path, "written", error, "--transform-format"))
}

/// Writes maps of points of the fixed image to points of the moving image.
pub(super) fn transforms(path: &Path, format: Format, maps: &[Affine], grids: [&Geometry; 2]) -> Result<(), Error> {
    options(format, grids).write(path, maps).map_err(|error| refused(path, "written", error, "--transform-format"))
}

fn options(format: Format, [fixed, moving]: [&Geometry; 2]) -> Options<'_> {
    Options::default().format(format).images(fixed, moving)
}

/// A volume on another grid, its places outside filled.
pub(super) fn moved(
    moving: &Volume<f32>,
    onto: &Geometry,
    through: impl WorldMap,
    args: &RegisterArgs,
    ctx: &Ctx<'_>,
) -> Result<Volume<f32>, Error> {
    let resample = Resample::to_geometry(onto.clone()).transform(through).ctx(*ctx);
    resample.interpolation(interpolation(args)).outside(outside(moving, args)).apply(moving).map_err(not_moved)
}

/// Why a volume cannot be brought to another grid.
pub(super) fn not_moved(error: volume::Error) -> Error {
    match error {
        volume::Error::Cancelled => Error::Cancelled,
        other => usage(other.to_string()),
    }
}

pub(super) fn interpolation(args: &RegisterArgs) -> Interpolation {
    match args.interp {
        Some(InterpArg::Nearest) => Interpolation::Nearest,
        Some(InterpArg::Linear) | None => Interpolation::Linear,
        Some(InterpArg::Cubic) => Interpolation::BSpline3,
        Some(InterpArg::Sinc) => Interpolation::Lanczos { radius: SINC_RADIUS },
    }
}

/// What a place is worth where the moving volume says nothing: its darkest, which is air.
pub(super) fn outside(moving: &Volume<f32>, args: &RegisterArgs) -> f64 {
    args.outside.unwrap_or_else(|| {
        let low = moving.voxels().iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
        if low.is_finite() { f64::from(low) } else { 0.0 }
    })
}

pub(super) fn volume(path: &Path, volume: DynVolume, ctx: &Ctx<'_>) -> Result<(), Error> {
    file(path, &formats::File::from_volume(volume), ctx)
}

pub(in crate::commands) fn file(path: &Path, file: &formats::File, ctx: &Ctx<'_>) -> Result<(), Error> {
    formats::write_with(path, file, &formats::WriteOptions::default().ctx(*ctx)).map_err(|error| match error {
        formats::Error::Cancelled => Error::Cancelled,
        other => Error::Write(other),
    })
}

/// Both images over each other, on the grid of the fixed one.
pub(super) fn picture(path: &Path, fixed: &Volume<f32>, moved: &Volume<f32>, ctx: &Ctx<'_>) -> Result<(), Error> {
    let png = figure::of_pair(fixed, moved, ctx)?;
    bytes("write the figure", path, &png)
}

pub(in crate::commands) fn bytes(action: &'static str, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    isocenter_files::write(path, bytes).map_err(|source| Error::Io { action, path: path.to_owned(), source })
}
