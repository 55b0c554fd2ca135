//! Correlation in small windows.
//!
//! The places are parted into cubes of about forty each, twice, the second time half a cube further on; the value is the mean over the cubes, by their weight, of the squared
//! correlation coefficient in each. A cube that shows nothing in one of the images counts as little as it shows.

use super::{Evaluation, Memory, Part, Problem};
use crate::pose::Pose;

/// Variance that noise may have, of values in `[0, 1]`.
const NOISE: f64 = 1e-4;
/// Fewest places, by weight, that say anything.
const LEAST: f64 = 8.0;

/// The sums over one window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    weight: f64,
    a: f64,
    b: f64,
    aa: f64,
    bb: f64,
    ab: f64,
}

/// What a window pushes its places by: `weight * (by_a (a - mean) - by_b (b - mean))`.
#[derive(Clone, Copy, Debug, Default)]
struct Push {
    mean: [f64; 2],
    by_a: f64,
    by_b: f64,
}

impl Window {
    /// Its squared correlation, and the derivative.
    fn correlation(&self) -> (f64, Push) {
        if self.weight < LEAST {
            return (0.0, Push::default());
        }
        let mean = [self.a / self.weight, self.b / self.weight];
        let (va, vb) =
            (self.aa / self.weight - mean[0] * mean[0] + NOISE, self.bb / self.weight - mean[1] * mean[1] + NOISE);
        let covariance = self.ab / self.weight - mean[0] * mean[1];
        let by_a = 2.0 * covariance / (va * vb);
        (covariance * covariance / (va * vb), Push { mean, by_a, by_b: by_a * covariance / vb })
    }
}

impl Problem<'_> {
    /// Value and slope for one pair of images; `None` where they do not meet.
    pub(super) fn windows(&self, part: &Part<'_>, pose: &Pose, memory: &mut Memory, slope: bool) -> Option<Evaluation> {
        let cells = part.samples.cells.as_ref()?;
        let Memory { looked, push, windows, .. } = memory;
        let (looked, push) = (&mut looked[0], &mut push[0]);
        self.look(part, part.target.field(), pose, looked);
        // of bins
        let unit = 1.0 / (part.target.columns() as f64 - 4.0).max(1.0);
        windows.clear();
        windows.resize(cells.count, Window::default());
        let mut weight = 0.0;
        for (n, (looked, value)) in looked.iter().zip(&part.samples.values).enumerate() {
            let (w, a, b) = (f64::from(looked.weight), f64::from(*value), f64::from(looked.value) * unit);
            weight += w;
            for of in &cells.of {
                let Some(window) = of.get(n).and_then(|cell| windows.get_mut(*cell as usize)) else { continue };
                window.weight += w;
                window.a += w * a;
                window.b += w * b;
                window.aa += w * a * a;
                window.bb += w * b * b;
                window.ab += w * a * b;
            }
        }
        if !self.meets(part, weight) {
            return None;
        }
        let total: f64 = windows.iter().map(|window| window.weight).sum();
        let found: Vec<(f64, Push)> = windows.iter().map(Window::correlation).collect();
        let value = windows.iter().zip(&found).map(|(window, (value, _))| window.weight * value).sum::<f64>() / total;
        let mut gradient = [0.0; 12];
        if slope {
            push.resize(looked.len(), 0.0);
            for (n, (looked, value)) in looked.iter().zip(&part.samples.values).enumerate() {
                let (a, b) = (f64::from(*value), f64::from(looked.value) * unit);
                let of_one = |of: &Vec<u32>| {
                    let (_, push) = of.get(n).and_then(|cell| found.get(*cell as usize)).copied().unwrap_or_default();
                    push.by_a * (a - push.mean[0]) - push.by_b * (b - push.mean[1])
                };
                push[n] = cells.of.iter().map(of_one).sum::<f64>() as f32;
            }
            gradient = self.gradient(part, pose, self.sums(part, looked, push).map(|s| s * unit / total));
        }
        Some(Evaluation { value, gradient })
    }
}
