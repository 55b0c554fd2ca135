//! Windowed sinc weights and their derivatives, without one system sine on the way.

use std::f64::consts::PI;

use super::Interpolation;

/// Window and its derivative at `x` voxels from the centre, `|x| <= radius`.
fn window(kind: Interpolation, radius: f64, x: f64) -> (f64, f64) {
    let turn = PI / radius;
    match kind {
        Interpolation::Hamming { .. } => (0.54 + 0.46 * libm::cos(turn * x), -0.46 * turn * libm::sin(turn * x)),
        Interpolation::Blackman { .. } => (
            0.42 + 0.5 * libm::cos(turn * x) + 0.08 * libm::cos(2.0 * turn * x),
            -0.5 * turn * libm::sin(turn * x) - 0.16 * turn * libm::sin(2.0 * turn * x),
        ),
        Interpolation::Cosine { .. } => (libm::cos(0.5 * turn * x), -0.5 * turn * libm::sin(0.5 * turn * x)),
        Interpolation::Welch { .. } => (1.0 - x * x / (radius * radius), -2.0 * x / (radius * radius)),
        _ => {
            let (value, slope) = sinc(x / radius);
            (value, slope / radius)
        }
    }
}

/// `sin(pi x) / (pi x)` and its derivative.
fn sinc(x: f64) -> (f64, f64) {
    if x.abs() < 1e-4 {
        // three terms of the series: the next is below 1e-18
        let square = (PI * x) * (PI * x);
        return (1.0 - square / 6.0, -PI * PI * x / 3.0 * (1.0 - square / 10.0));
    }
    let (sin, cos) = (libm::sin(PI * x), libm::cos(PI * x));
    (sin / (PI * x), (cos - sin / (PI * x)) / x)
}

/// Weights of the `2 radius` voxels around a place `frac` voxels past the one at `radius - 1`, with their derivatives.
pub(super) fn weights(kind: Interpolation, frac: f64, out: &mut [f64], slopes: Option<&mut [f64]>) {
    let radius = out.len() / 2;
    let at = |t: usize| frac - (t as f64 - (radius as f64 - 1.0));
    for (t, weight) in out.iter_mut().enumerate() {
        // exact at a voxel, so that resampling to the own grid gives the voxels back
        *weight =
            if frac == 0.0 { f64::from(t + 1 == radius) } else { sinc(at(t)).0 * window(kind, radius as f64, at(t)).0 };
    }
    if let Some(slopes) = slopes {
        for (t, slope) in slopes.iter_mut().enumerate() {
            let (s, ds) = sinc(at(t));
            let (w, dw) = window(kind, radius as f64, at(t));
            *slope = ds * w + s * dw;
        }
    }
}
