//! One kernel along each axis.
//!
//! Rows along i and j are done plane by plane from the samples into the result; then every line along k is done where it is, so that no
//! more memory is needed than the result and a few planes.

use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::{Boundary, line::Weigh};
use crate::Error;

/// Sums of neighbours along i, j and k, weighed by a kernel of odd length each; a kernel of one weight leaves its axis alone.
pub(crate) fn convolve(
    samples: &[f32],
    shape: [usize; 3],
    kernels: [&[f32]; 3],
    boundary: Boundary,
    out: &mut [f32],
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    let [nx, ny, nz] = shape;
    let plane = nx * ny;
    let stage = ctx.stage("planes", nz as u64);
    out.par_chunks_mut(plane).zip(samples.par_chunks(plane)).try_for_each(|(out, samples)| {
        stage.check()?;
        in_plane(samples, [nx, ny], [kernels[0], kernels[1]], boundary, out);
        stage.advance(1)
    })?;
    if kernels[2].len() < 2 {
        return Ok(());
    }
    // rows of one j, from all planes: what one task changes
    let mut sheets: Vec<Vec<&mut [f32]>> = (0..ny).map(|_| Vec::with_capacity(nz)).collect();
    for (n, row) in out.chunks_mut(nx).enumerate() {
        sheets[n % ny].push(row);
    }
    let stage = ctx.stage("lines", ny as u64);
    sheets.par_iter_mut().try_for_each(|rows| {
        stage.check()?;
        let copy: Vec<f32> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        across(&copy, nx, kernels[2], boundary, rows.iter_mut().map(|row| &mut **row));
        stage.advance(1)
    })?;
    Ok(())
}

/// Both axes of one plane.
fn in_plane(samples: &[f32], [nx, ny]: [usize; 2], kernels: [&[f32]; 2], boundary: Boundary, out: &mut [f32]) {
    let mut rows = samples.to_vec();
    if kernels[0].len() > 1 {
        let radius = kernels[0].len() / 2;
        let mut padded = vec![0f32; nx + 2 * radius];
        for (row, out) in samples.chunks_exact(nx).zip(rows.chunks_exact_mut(nx)) {
            for (n, slot) in padded.iter_mut().enumerate() {
                let place = boundary.place(n as isize - radius as isize, nx);
                *slot = place.and_then(|at| row.get(at)).copied().unwrap_or(0.0);
            }
            let shifted: Vec<&[f32]> = (0..kernels[0].len()).map(|t| &padded[t..]).collect();
            Weigh { rows: &shifted, weights: kernels[0], out }.dispatch();
        }
    }
    debug_assert_eq!(rows.len(), nx * ny);
    if kernels[1].len() > 1 {
        across(&rows, nx, kernels[1], boundary, out.chunks_exact_mut(nx));
    } else {
        out.copy_from_slice(&rows);
    }
}

/// Rows of `nx` samples that follow each other along the axis of the kernel.
fn across<'a>(rows: &[f32], nx: usize, kernel: &[f32], boundary: Boundary, out: impl Iterator<Item = &'a mut [f32]>) {
    let (count, radius, zeros) = (rows.len() / nx, (kernel.len() / 2) as isize, vec![0f32; nx]);
    let row = |at: isize| boundary.place(at, count).map_or(&zeros[..], |n| &rows[n * nx..(n + 1) * nx]);
    for (n, out) in out.enumerate() {
        let near: Vec<&[f32]> = (-radius..=radius).map(|t| row(n as isize + t)).collect();
        Weigh { rows: &near, weights: kernel, out }.dispatch();
    }
}
