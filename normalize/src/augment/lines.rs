//! Changes of the spectrum of every line along one axis.
//!
//! Weights of frequencies, of which the real part is kept after the way back, are a real circular convolution along the line: its kernel is the mean of cosines, by the weights. No line has to be transformed, and
//! sums have one order.

use isocenter_volume::Ctx;
use rayon::prelude::*;

use crate::Error;

/// The kernel of weights whose middle (the index `n / 2`) is the frequency 0.
pub(super) fn kernel(weights: &[f64]) -> Vec<f32> {
    let n = weights.len();
    let turn = |k: usize| libm::cos(std::f64::consts::TAU * k as f64 / n as f64);
    let cosines: Vec<f64> = (0..n).map(turn).collect();
    let at = |x: usize| {
        let term = |(k, weight): (usize, &f64)| weight * cosines[(k + n - n / 2) % n * x % n];
        (weights.iter().enumerate().map(term).sum::<f64>() / n as f64) as f32
    };
    (0..n).map(at).collect()
}

/// Adds the convolution of every line along an axis to a result.
pub(super) fn add(
    samples: &[f32],
    shape: [usize; 3],
    axis: usize,
    kernel: &[f32],
    out: &mut [f32],
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    let [nx, ny, nz] = shape;
    let plane = nx * ny;
    let n = kernel.len();
    let weight = |to: usize, from: usize| kernel[(to + n - from) % n];
    let stage = ctx.stage("lines", nz as u64);
    if axis == 2 {
        // some planes at a time, so that rows are read once for all of them
        return out.par_chunks_mut(plane * PLANES).enumerate().try_for_each(|(block, out)| {
            for row in 0..ny {
                stage.check()?;
                for from in 0..nz {
                    let input = &samples[from * plane + row * nx..][..nx];
                    for (k, out) in out.chunks_mut(plane).enumerate() {
                        accumulate(&mut out[row * nx..][..nx], input, weight(block * PLANES + k, from));
                    }
                }
            }
            stage.advance((out.len() / plane) as u64)?;
            Ok(())
        });
    }
    // for each shift of a row along itself, the weights of all its places
    let shifted: Vec<f32> = (0..2 * n).map(|x| kernel[x % n]).collect();
    out.par_chunks_mut(plane).zip(samples.par_chunks(plane)).try_for_each(|(out, samples)| {
        stage.check()?;
        if axis == 1 {
            for (to, out) in out.chunks_mut(nx).enumerate() {
                samples.chunks(nx).enumerate().for_each(|(from, row)| accumulate(out, row, weight(to, from)));
            }
        } else {
            for (out, row) in out.chunks_mut(nx).zip(samples.chunks(nx)) {
                row.iter().enumerate().for_each(|(from, v)| accumulate(out, &shifted[n - from..][..n], *v));
            }
        }
        stage.advance(1)?;
        Ok(())
    })
}

#[inline]
fn accumulate(out: &mut [f32], row: &[f32], weight: f32) {
    out.iter_mut().zip(row).for_each(|(sum, v)| *sum += weight * v);
}

/// Planes that are worked out together: their rows fit the smallest cache.
const PLANES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// The real part of what comes back from the spectrum of a line, by the sums that define it.
    fn by_spectrum(line: &[f64], weights: &[f64]) -> Vec<f64> {
        let n = line.len();
        let turn = |k: f64, x: usize| libm::sincos(std::f64::consts::TAU * k * x as f64 / n as f64);
        let frequency = |m: usize| m as f64 - (n / 2) as f64;
        let spectrum: Vec<[f64; 2]> = (0..n)
            .map(|m| {
                line.iter().enumerate().fold([0.0, 0.0], |[re, im], (x, v)| {
                    let (sin, cos) = turn(frequency(m), x);
                    [re + v * cos, im - v * sin]
                })
            })
            .collect();
        let back = |x: usize| {
            let term = |(m, [re, im]): (usize, &[f64; 2])| {
                let (sin, cos) = turn(frequency(m), x);
                weights[m] * (re * cos - im * sin)
            };
            spectrum.iter().enumerate().map(term).sum::<f64>() / n as f64
        };
        (0..n).map(back).collect()
    }

    #[test]
    fn convolving_is_weighing_the_spectrum_along_any_axis() {
        let shape = [6, 5, 9];
        let value = |n: usize| ((n * 29) % 31) as f32 / 10.0;
        let samples: Vec<f32> = (0..270).map(value).collect();
        for axis in 0..3 {
            let n = shape[axis];
            let weights: Vec<f64> = (0..n).map(|m| ((m * 7) % 4) as f64 / 3.0).collect();
            let mut found = vec![0.0; 270];
            add(&samples, shape, axis, &kernel(&weights), &mut found, &Ctx::default()).unwrap();
            let stride = [1, 6, 30][axis];
            for start in (0..270).filter(|at| at / stride % n == 0) {
                let line: Vec<f64> = (0..n).map(|x| f64::from(samples[start + x * stride])).collect();
                for (x, wanted) in by_spectrum(&line, &weights).iter().enumerate() {
                    assert!((f64::from(found[start + x * stride]) - wanted).abs() < 1e-5, "{axis} {start} {x}");
                }
            }
        }
    }
}
