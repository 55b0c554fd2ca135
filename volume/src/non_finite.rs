//! Samples that are NaN or infinite: no value of the image, and kept where they are.
//!
//! A reader of NaN says "nothing was measured here". So a place whose *nearest voxel* is not finite has that voxel's value, sign of an
//! infinity included, whatever the interpolation; every other place is worked out from the finite voxels alone, and what lies behind them
//! does not reach it. A kernel cannot skip voxels (a spline's coefficients depend on all samples), so for the kernel's sake each
//! voxel that is not finite is given a value of its finite surroundings first: [`filled`]. An image without such voxels is not
//! touched and not copied.
//!
//! Statistics leave these samples out and count them ([`crate::stats::Moments::not_finite`]).
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Interpolation, Resample, Volume, non_finite};
//!
//! let nan = f32::NAN;
//! assert_eq!(non_finite::filled(&[4.0, nan, nan, 6.0], [4, 1, 1], &Ctx::default())?, [4.0, 4.0, 6.0, 6.0]);
//!
//! let grid = Geometry::new([4, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
//! let image = Volume::new(vec![nan, 7.0, 7.0, 7.0], grid)?;
//! let fine = Resample::to_spacing([0.5, 1.0, 1.0]).interpolation(Interpolation::BSpline3).apply(&image)?;
//! assert!(fine.voxels()[..2].iter().all(|v| v.is_nan()));
//! assert!(fine.voxels()[2..].iter().all(|v| *v == 7.0));
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use rayon::prelude::*;

use crate::{Cancelled, Ctx, Real};

/// Samples that one thread looks at between two questions whether to go on.
const BLOCK: usize = 1 << 14;

/// How many samples are NaN or infinite.
///
/// # Errors
/// [`Cancelled`].
pub fn count<T: Real>(samples: &[T], ctx: &Ctx<'_>) -> Result<u64, Cancelled> {
    if T::TYPE.is_integer() {
        return Ok(0);
    }
    let blocks = samples.par_chunks(BLOCK);
    // whole numbers: their sum is the same in any order
    let counted = blocks.map(|block| {
        ctx.check()?;
        Ok(block.iter().filter(|v| !v.to_f64().is_finite()).count() as u64)
    });
    counted.try_reduce(|| 0, |a, b| Ok(a + b))
}

/// The samples (`i` fastest) with a value of the finite surroundings in each place that is not finite.
///
/// Layer by layer, from the finite samples outwards, a voxel gets the mean of those of its 26 neighbours that have a value; a ramp
/// goes on across a single voxel, and a constant stays one. Without a finite sample all are 0.
///
/// # Errors
/// [`Cancelled`].
pub fn filled<T: Real>(samples: &[T], shape: [usize; 3], ctx: &Ctx<'_>) -> Result<Vec<T>, Cancelled> {
    let missing = |v: &T| !v.to_f64().is_finite();
    let mut out: Vec<T> = samples.to_vec();
    let mut state: Vec<State> =
        samples.par_iter().map(|v| if missing(v) { State::Missing } else { State::Known }).collect();
    let stage = ctx.stage("fill", count(samples, ctx)?);
    let grid = Grid { shape };
    let mut layer = first_layer(&grid, &state, ctx)?;
    layer.iter().for_each(|&n| state[n] = State::Next);
    while !layer.is_empty() {
        let parts = layer.par_chunks(BLOCK).map(|part| {
            stage.advance(part.len() as u64)?;
            Ok(part.iter().map(|&n| mean(&grid, n, &out, &state)).collect::<Vec<T>>())
        });
        let values: Vec<Vec<T>> = parts.collect::<Result<_, Cancelled>>()?;
        for (&n, value) in layer.iter().zip(values.into_iter().flatten()) {
            out[n] = value;
            state[n] = State::Known;
        }
        let mut next = Vec::new();
        for part in layer.chunks(BLOCK) {
            stage.check()?;
            for &n in part {
                grid.around(n, |m| {
                    if state[m] == State::Missing {
                        state[m] = State::Next;
                        next.push(m);
                    }
                });
            }
        }
        layer = next;
    }
    // only where there was no finite sample at all
    out.iter_mut().zip(&state).filter(|(_, s)| **s == State::Missing).for_each(|(v, _)| *v = T::default());
    Ok(out)
}

/// What is known of a voxel while values spread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has a value.
    Known,
    /// It gets one in this layer.
    Next,
    /// It has none yet.
    Missing,
}

/// The voxels without a value that have a neighbour with one, in order.
fn first_layer(grid: &Grid, state: &[State], ctx: &Ctx<'_>) -> Result<Vec<usize>, Cancelled> {
    let touches = |n: &usize| {
        let mut found = false;
        if state[*n] == State::Missing {
            grid.around(*n, |m| found |= state[m] == State::Known);
        }
        found
    };
    let starts = (0..state.len()).step_by(BLOCK).collect::<Vec<usize>>();
    let parts = starts.par_iter().map(|&start| {
        ctx.check()?;
        Ok((start..(start + BLOCK).min(state.len())).filter(touches).collect::<Vec<usize>>())
    });
    Ok(parts.collect::<Result<Vec<_>, Cancelled>>()?.concat())
}

/// Mean of the neighbours that have a value, taken about the first of them: neighbours that are equal give exactly their value.
fn mean<T: Real>(grid: &Grid, n: usize, samples: &[T], state: &[State]) -> T {
    let (mut first, mut sum, mut count) = (0.0, 0.0, 0.0);
    grid.around(n, |m| {
        if state[m] == State::Known {
            let value = samples[m].to_f64();
            if count == 0.0 {
                first = value;
            }
            sum += value - first;
            count += 1.0;
        }
    });
    let mean: f64 = first + sum / f64::max(count, 1.0);
    // the difference of two values near the ends of f64 is none
    T::from_f64(if mean.is_finite() { mean } else { first })
}

/// The neighbourhoods of a grid.
struct Grid {
    shape: [usize; 3],
}

impl Grid {
    /// Visits voxel `n` and its up to 26 neighbours.
    #[inline]
    fn around(&self, n: usize, mut visit: impl FnMut(usize)) {
        let [nx, ny, _] = self.shape;
        let at = [n % nx, n / nx % ny, n / (nx * ny)];
        let reach = |a: usize| at[a].saturating_sub(1)..(at[a] + 2).min(self.shape[a]);
        for k in reach(2) {
            for j in reach(1) {
                for i in reach(0) {
                    visit((k * ny + j) * nx + i);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_goes_on_across_single_voxels_and_a_constant_everywhere() {
        let shape = [7, 6, 5];
        let ramp = |n: usize| (n % 7) as f64 + 2.0 * (n / 7 % 6) as f64 - 3.0 * (n / 42) as f64;
        let holes = [8 + 42, 11 + 42 * 2, 24 + 42 * 3]; // inside, apart from each other
        let mut samples: Vec<f64> = (0..210).map(ramp).collect();
        holes.iter().zip([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]).for_each(|(&n, v)| samples[n] = v);
        assert_eq!(count(&samples, &Ctx::default()), Ok(3));
        let out = filled(&samples, shape, &Ctx::default()).unwrap();
        assert!(out.iter().enumerate().all(|(n, v)| (v - ramp(n)).abs() < 1e-12));
        let constant: Vec<f32> = (0..210).map(|n| if n % 7 < 2 { 0.1 } else { f32::NAN }).collect();
        assert!(filled(&constant, shape, &Ctx::default()).unwrap().iter().all(|v| *v == 0.1));
    }

    #[test]
    fn nothing_to_go_by_is_nothing() {
        assert_eq!(filled(&[f32::NAN; 8], [2; 3], &Ctx::default()), Ok(vec![0.0; 8]));
        assert_eq!(count(&[1u8; 8], &Ctx::default()), Ok(0));
    }
}
