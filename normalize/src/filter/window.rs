//! Planes with what lies around them.

use std::ops::Range;

use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::Boundary;
use crate::Error;

/// Some planes of an image, widened on all sides by what the boundary says.
pub(super) struct Window {
    samples: Vec<f32>,
    /// Widened samples of a row, and rows of a plane.
    size: [usize; 2],
    /// The first plane that is not widening.
    first: usize,
}

impl Window {
    /// Planes `planes` of an image, with `radius` more voxels before and after along i, j and k; `plane` hands out those that are asked for.
    fn new<'a>(
        plane: impl Fn(usize) -> &'a [f32],
        shape: [usize; 3],
        planes: Range<usize>,
        radius: [usize; 3],
        boundary: Boundary,
    ) -> Self {
        let [nx, ny, nz] = shape;
        let size = [nx + 2 * radius[0], ny + 2 * radius[1]];
        let mut wide = Vec::with_capacity(size[0] * size[1] * (planes.len() + 2 * radius[2]));
        let place = |at: usize, radius: usize, len: usize| boundary.place(at as isize - radius as isize, len);
        let columns: Vec<Option<usize>> = (0..size[0]).map(|i| place(i, radius[0], nx)).collect();
        for k in planes.start..planes.end + 2 * radius[2] {
            let samples = place(k, radius[2], nz).map(&plane);
            for j in 0..size[1] {
                match samples.zip(place(j, radius[1], ny)) {
                    Some((samples, j)) => {
                        let row = &samples[nx * j..][..nx];
                        let value = |i: &Option<usize>| i.and_then(|i| row.get(i)).copied().unwrap_or(0.0);
                        wide.extend(columns[..radius[0]].iter().map(value));
                        wide.extend_from_slice(row);
                        wide.extend(columns[nx + radius[0]..].iter().map(value));
                    }
                    None => wide.resize(wide.len() + size[0], 0.0),
                }
            }
        }
        Self { samples: wide, size, first: planes.start }
    }

    /// Row `j` of plane `k`, both counted from the first widened one.
    #[inline(always)]
    pub(super) fn row(&self, j: usize, k: usize) -> &[f32] {
        &self.samples[self.size[0] * (j + self.size[1] * k)..][..self.size[0]]
    }

    /// The number in the image of the first plane that is not widening.
    pub(super) const fn first(&self) -> usize {
        self.first
    }

    /// All samples, rows of the first widened plane first.
    pub(super) fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Widened samples of a row.
    #[inline(always)]
    pub(super) const fn width(&self) -> usize {
        self.size[0]
    }
}

/// Voxels of a slab, about: enough that the planes around it cost little.
const SLAB: usize = 1 << 19;

/// Calls `work` for slabs of planes, in parallel: the widened planes, and the result's.
pub(super) fn over_slabs(
    samples: &[f32],
    shape: [usize; 3],
    radius: [usize; 3],
    boundary: Boundary,
    out: &mut [f32],
    ctx: &Ctx<'_>,
    work: impl Fn(&Window, &mut [f32]) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let plane = shape[0] * shape[1];
    let planes = (SLAB / plane).clamp(1, 8.max(4 * radius[2]));
    let stage = ctx.stage("slabs", shape[2].div_ceil(planes) as u64);
    out.par_chunks_mut(plane * planes).enumerate().try_for_each(|(n, out)| {
        stage.check()?;
        let from = n * planes;
        let of = |k: usize| &samples[k * plane..(k + 1) * plane];
        let window = Window::new(of, shape, from..from + out.len() / plane, radius, boundary);
        work(&window, out)?;
        stage.advance(1)?;
        Ok(())
    })
}

/// Planes of a slab that is changed where it is.
const THICK: usize = 8;

/// Calls `work` for slabs of planes, in parallel, with one more voxel on all sides (edge values go on): the widened planes as they were, and
/// the planes to change.
pub(super) fn over_slabs_in_place(
    samples: &mut [f32],
    shape: [usize; 3],
    ctx: &Ctx<'_>,
    work: impl Fn(&Window, &mut [f32]) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let plane = shape[0] * shape[1];
    let last = shape[2].saturating_sub(1);
    let slabs = shape[2].div_ceil(THICK);
    // the planes that touch each slab, as they are before any is changed
    let mut around: Vec<f32> = Vec::with_capacity(2 * slabs * plane);
    for n in 0..slabs {
        for k in [(n * THICK).saturating_sub(1), ((n + 1) * THICK).min(last)] {
            around.extend_from_slice(&samples[k * plane..(k + 1) * plane]);
        }
    }
    let stage = ctx.stage("slabs", slabs as u64);
    samples.par_chunks_mut(plane * THICK).zip(around.par_chunks(2 * plane)).enumerate().try_for_each(
        |(n, (own, around))| {
            stage.check()?;
            let (from, count) = (n * THICK, own.len() / plane);
            let (before, after) = around.split_at(plane);
            let window = {
                let own = &*own;
                let of = |k: usize| match k.checked_sub(from) {
                    None => before,
                    Some(k) if k < count => &own[k * plane..(k + 1) * plane],
                    Some(_) => after,
                };
                Window::new(of, shape, from..from + count, [1; 3], Boundary::Nearest)
            };
            work(&window, own)?;
            stage.advance(1)?;
            Ok(())
        },
    )
}
