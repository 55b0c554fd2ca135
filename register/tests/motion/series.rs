//! A series of the head at given places.

use isocenter_register::{Motion, Rigid};
use isocenter_volume::{AxisKind, Geometry, Head, SlowAxis, Volume};

use crate::head::{Contrast, grid, head};

/// The grid of a functional series, in which the whole head lies.
pub(crate) fn coarse() -> Geometry {
    grid([52, 60, 40], [4.2, 4.2, 5.0], [0.05, -0.03, 0.02], [0.0, 0.0, 0.0])
}

/// Rotation vectors (radians) and shifts (mm) of a restless head.
pub(crate) fn places() -> Vec<Rigid> {
    let turns = [[0.0; 3], [0.01, 0.0, -0.02], [0.05, -0.03, 0.02], [-0.1, 0.02, 0.06], [0.002, 0.001, 0.0]];
    let shifts = [[0.0; 3], [0.3, -0.2, 0.5], [2.0, -1.5, 3.0], [-5.0, 4.0, -6.0], [0.05, 0.02, -0.04]];
    turns.iter().zip(shifts).map(|(turn, shift)| Rigid::new(*turn, shift, [0.0; 3]).unwrap()).collect()
}

/// The head at each place, every step changed by `change` (step, place of the sample from -1 to 1 along i, value).
pub(crate) fn series(places: &[Rigid], change: impl Fn(usize, f32, f32) -> f32) -> Volume<f32> {
    let geometry = coarse();
    let nx = geometry.shape()[0];
    let mut samples = Vec::new();
    for (step, place) in places.iter().enumerate() {
        let still = head(&geometry, place, Contrast::T2, step as u64 + 1);
        let along = |n: usize| 2.0 * (n % nx) as f32 / (nx - 1) as f32 - 1.0;
        samples.extend(still.voxels().iter().enumerate().map(|(n, v)| change(step, along(n), *v)));
    }
    let axis = SlowAxis::new(AxisKind::Time, places.len()).unwrap();
    Volume::from_parts(Head::new(geometry).with_slow_axes(vec![axis]).unwrap(), samples).unwrap()
}

/// Largest distance (mm) over points of the head between where the motion from step to step takes them, found and true; the reference's own place has no part in it.
pub(crate) fn worst_mm(motion: &Motion, places: &[Rigid]) -> f64 {
    let found = |n: usize, p: [f64; 3]| motion.transforms[n].compose(&motion.transforms[0].inverse().unwrap()).apply(p);
    let truth = |n: usize, p: [f64; 3]| places[n].to_affine().compose(&places[0].inverse().to_affine()).apply(p);
    let mut worst = 0f64;
    for n in 0..places.len() {
        for at in 0..27 {
            let p = [at % 3, at / 3 % 3, at / 9].map(|v| (f64::from(v) - 1.0) * 60.0);
            let (a, b) = (found(n, p), truth(n, p));
            worst = worst.max((0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt());
        }
    }
    worst
}
