//! A Gaussian by recursion: its cost does not grow with its width.
//!
//! R. Deriche, "Recursively implementing the Gaussian and its derivatives" (1993), fourth order, with the constants that ITK uses: one
//! recursion forward and one backward along each line, as if the values at both ends went on for ever.

use isocenter_volume::{
    Ctx,
    hot::{self, Hot},
};
use rayon::prelude::*;

use crate::Error;

/// Lines that are worked on side by side.
const LANES: usize = 16;

/// Deriche's constants: two damped waves, each a pair of amplitudes, a frequency and a decay.
const WAVES: [[f64; 4]; 2] = [[1.3530, 1.8151, 0.6681, -1.3932], [-0.3531, 0.0902, 2.0787, -1.3732]];

/// Coefficients of both recursions for one width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recursion {
    /// Of the inputs, from the present one back: the forward recursion.
    forward: [f64; 4],
    /// Of the inputs, from the next one on: the backward recursion.
    backward: [f64; 4],
    /// Of the outputs before.
    feedback: [f64; 4],
    /// What each recursion makes of a constant 1.
    rest: [f64; 2],
}

impl Recursion {
    /// For a standard deviation in voxels.
    pub(super) fn new(sigma: f64) -> Self {
        let [[a1, b1, w1, l1], [a2, b2, w2, l2]] = WAVES;
        let (sin1, cos1) = libm::sincos(w1 / sigma);
        let (sin2, cos2) = libm::sincos(w2 / sigma);
        let (e1, e2) = (libm::exp(l1 / sigma), libm::exp(l2 / sigma));
        let feedback = [
            -2.0 * (e2 * cos2 + e1 * cos1),
            4.0 * cos2 * cos1 * e1 * e2 + e1 * e1 + e2 * e2,
            -2.0 * cos1 * e1 * e2 * e2 - 2.0 * cos2 * e2 * e1 * e1,
            e1 * e1 * e2 * e2,
        ];
        let plain = [
            a1 + a2,
            e2 * (b2 * sin2 - (a2 + 2.0 * a1) * cos2) + e1 * (b1 * sin1 - (a1 + 2.0 * a2) * cos1),
            2.0 * e1 * e2 * ((a1 + a2) * cos2 * cos1 - b1 * cos2 * sin1 - b2 * cos1 * sin2)
                + a2 * e1 * e1
                + a1 * e2 * e2,
            e2 * e1 * e1 * (b2 * sin2 - a2 * cos2) + e1 * e2 * e2 * (b1 * sin1 - a1 * cos1),
        ];
        let sum = |v: [f64; 4]| v.iter().sum::<f64>();
        let all = 1.0 + sum(feedback);
        // the answer to a constant is that constant
        let whole = 2.0 * sum(plain) / all - plain[0];
        let forward = plain.map(|n| n / whole);
        let [d1, d2, d3, d4] = feedback;
        let [n0, n1, n2, n3] = forward;
        let backward = [n1 - d1 * n0, n2 - d2 * n0, n3 - d3 * n0, -d4 * n0];
        Self { forward, backward, feedback, rest: [sum(forward) / all, sum(backward) / all] }
    }
}

/// Smooths along all axes; a width of none leaves its axis alone.
pub(super) fn smooth(
    samples: &[f32],
    [nx, ny, nz]: [usize; 3],
    axes: [Option<Recursion>; 3],
    out: &mut [f32],
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    let plane = nx * ny;
    let stage = ctx.stage("planes", nz as u64);
    out.par_chunks_mut(plane).zip(samples.par_chunks(plane)).try_for_each(|(out, samples)| {
        stage.check()?;
        out.copy_from_slice(samples);
        if let Some(recursion) = axes[0] {
            for rows in out.chunks_mut(nx * LANES) {
                let mut tile = vec![[0f32; LANES]; nx];
                for (lane, row) in rows.chunks_exact(nx).enumerate() {
                    row.iter().zip(&mut tile).for_each(|(value, slot)| slot[lane] = *value);
                }
                hot::dispatch(Tile { recursion, lines: &mut tile });
                for (lane, row) in rows.chunks_exact_mut(nx).enumerate() {
                    row.iter_mut().zip(&tile).for_each(|(value, slot)| *value = slot[lane]);
                }
            }
        }
        if let Some(recursion) = axes[1] {
            let mut rows: Vec<&mut [f32]> = out.chunks_exact_mut(nx).collect();
            across(&mut rows, recursion);
        }
        stage.advance(1)
    })?;
    let Some(recursion) = axes[2] else { return Ok(()) };
    let mut sheets: Vec<Vec<&mut [f32]>> = (0..ny).map(|_| Vec::with_capacity(nz)).collect();
    for (n, row) in out.chunks_mut(nx).enumerate() {
        sheets[n % ny].push(row);
    }
    let stage = ctx.stage("lines", ny as u64);
    sheets.par_iter_mut().try_for_each(|rows| {
        stage.check()?;
        across(rows, recursion);
        stage.advance(1)
    })?;
    Ok(())
}

/// Rows that follow each other along the axis.
fn across(rows: &mut [&mut [f32]], recursion: Recursion) {
    let nx = rows.first().map_or(0, |row| row.len());
    for from in (0..nx).step_by(LANES) {
        let to = (from + LANES).min(nx);
        let mut tile = vec![[0f32; LANES]; rows.len()];
        for (row, slot) in rows.iter().zip(&mut tile) {
            slot[..to - from].copy_from_slice(&row[from..to]);
        }
        hot::dispatch(Tile { recursion, lines: &mut tile });
        for (row, slot) in rows.iter_mut().zip(&tile) {
            row[from..to].copy_from_slice(&slot[..to - from]);
        }
    }
}

/// Lines side by side, smoothed where they are.
struct Tile<'a> {
    recursion: Recursion,
    lines: &'a mut [[f32; LANES]],
}

impl Hot for Tile<'_> {
    #[inline(always)]
    fn run(self) {
        let Recursion { forward, backward, feedback, rest } = self.recursion;
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else { return };
        let wide = |v: &[f32; LANES]| v.map(f64::from);
        let (mut inputs, mut outputs) = ([wide(first); 4], [wide(first).map(|v| v * rest[0]); 4]);
        let end = wide(last);
        let mut there: Vec<[f64; LANES]> = Vec::with_capacity(self.lines.len());
        for line in self.lines.iter() {
            inputs = [wide(line), inputs[0], inputs[1], inputs[2]];
            let next = step(&inputs, &outputs, forward, feedback);
            outputs = [next, outputs[0], outputs[1], outputs[2]];
            there.push(next);
        }
        (inputs, outputs) = ([end; 4], [end.map(|v| v * rest[1]); 4]);
        for (line, there) in self.lines.iter_mut().zip(&there).rev() {
            let next = step(&inputs, &outputs, backward, feedback);
            outputs = [next, outputs[0], outputs[1], outputs[2]];
            inputs = [wide(line), inputs[0], inputs[1], inputs[2]];
            for l in 0..LANES {
                line[l] = (there[l] + next[l]) as f32;
            }
        }
    }
}

#[inline(always)]
fn step(
    inputs: &[[f64; LANES]; 4],
    outputs: &[[f64; LANES]; 4],
    of_inputs: [f64; 4],
    feedback: [f64; 4],
) -> [f64; LANES] {
    let mut next = [0f64; LANES];
    for l in 0..LANES {
        let (mut taken, mut back) = (0.0, 0.0);
        for n in 0..4 {
            taken += of_inputs[n] * inputs[n][l];
            back += feedback[n] * outputs[n][l];
        }
        next[l] = taken - back;
    }
    next
}
