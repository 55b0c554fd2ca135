//! A volume of a tilted gantry on a grid of right angles.

use isocenter_volume::{
    Affine, DynSamples, DynVolume, Geometry, SampleType,
    affine::{cross, dot, norm},
    resample::Resample,
    sample::Interpolation,
    stats::Extremes,
};

use crate::{Converted, Error, Options};

/// A volume whose slices are sheared against each other, on a grid of right angles: rows and columns of the first slice, slices along
/// their normal, larger where slices are shifted to. Linear interpolation within each slice; what no slice covers is the lowest value.
///
/// `None` where the grid has right angles already, and for colours and planes with scalings of their own.
///
/// # Errors
/// [`Error::Volume`], [`Error::Cancelled`].
pub fn upright(converted: &Converted, options: &Options<'_>) -> Result<Option<DynVolume>, Error> {
    let volume = &converted.volume;
    let Some(geometry) = upright_geometry(volume.geometry())? else { return Ok(None) };
    if volume.scaling().as_uniform().is_none() || volume.sample_type() == SampleType::Rgb {
        return Ok(None);
    }
    let resample = Resample::to_geometry(geometry).interpolation(Interpolation::Linear);
    Ok(Some(resample.outside(lowest(volume.samples())).ctx(options.ctx).apply_dyn(volume)?))
}

/// The lowest stored value.
fn lowest(samples: &DynSamples) -> f64 {
    let found = match samples {
        DynSamples::U8(voxels) => Extremes::of(voxels),
        DynSamples::I8(voxels) => Extremes::of(voxels),
        DynSamples::U16(voxels) => Extremes::of(voxels),
        DynSamples::I16(voxels) => Extremes::of(voxels),
        DynSamples::U32(voxels) => Extremes::of(voxels),
        DynSamples::I32(voxels) => Extremes::of(voxels),
        DynSamples::F32(voxels) => Extremes::of(voxels),
        DynSamples::F64(voxels) => Extremes::of(voxels),
        _ => return 0.0,
    };
    found.min().unwrap_or(0.0)
}

/// The grid of right angles around a sheared one.
fn upright_geometry(sheared: &Geometry) -> Result<Option<Geometry>, Error> {
    let affine = sheared.affine();
    let [row, column, step] = [0, 1, 2].map(|axis| affine.column(axis));
    let unit = |v: [f64; 3]| v.map(|x| x / norm(v));
    let (along_row, along_column) = (unit(row), unit(column));
    let normal = unit(cross(row, column));
    let [columns, rows, slices] = sheared.shape();
    // how far the last slice is shifted within its plane, in pixels
    let last = slices.saturating_sub(1) as f64;
    let shift = [dot(step, along_row) * last / norm(row), dot(step, along_column) * last / norm(column)];
    if shift.iter().all(|pixels| pixels.abs() < LEAST_PIXELS) {
        return Ok(None);
    }
    let more = shift.map(|pixels| (pixels.abs() - LEAST_PIXELS).max(0.0).ceil());
    // the grid begins where the slice that lies lowest does
    let back = [0, 1].map(|axis| if shift[axis] < 0.0 { -more[axis] } else { 0.0 });
    let origin = affine.apply([back[0], back[1], 0.0]);
    let height = dot(step, normal);
    let upright = Affine::from_columns([row, column, normal.map(|v| v * height)], origin);
    let shape = [columns + more[0] as usize, rows + more[1] as usize, slices];
    Ok(Some(Geometry::new(shape, upright, sheared.frame().clone())?))
}

/// Slices shifted by less than that part of a pixel over the whole volume are straight.
const LEAST_PIXELS: f64 = 0.01;
