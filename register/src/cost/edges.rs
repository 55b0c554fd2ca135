//! Normalized gradient fields: whether edges run the same way.
//!
//! `n = g / sqrt(|g|^2 + e^2)` with `g` the gradient in the world and `e` its mean length: noise has a short `n`, an edge one near 1. The value is the mean of `(n_a . n_b)^2`, the
//! sampled image's turned as the pose says, over that of `|n_a|^2`. Where a map stretches, edges are taken to turn as its rotation does.
//!
//! Source: E. Haber and J. Modersitzki, "Intensity gradient based registration and fusion of multi-modal images", Methods of Information in Medicine 2007.

use super::{Evaluation, Memory, Part, Problem};
use crate::{pose::Pose, pyramid::Level};

/// The normalized gradient at every voxel: components along L, P and S.
pub(crate) fn normals(level: &Level) -> [Vec<f32>; 3] {
    let [nx, ny, nz] = level.shape;
    let strides = [1, nx, nx * ny];
    let Some(to_index) = level.to_world.inverse() else { return [0, 1, 2].map(|_| vec![0.0; level.values.len()]) };
    // a covector by index becomes one by the world through the transposed matrix
    let world = [0, 1, 2].map(|c| to_index.column(c).map(|v| v as f32));
    let mut out = [0, 1, 2].map(|_| Vec::with_capacity(level.values.len()));
    let mut lengths = 0f64;
    for n in 0..level.values.len() {
        let at = [n % nx, n / nx % ny, n / (nx * ny)];
        let by_index = [0, 1, 2].map(|a| {
            let (low, high) = (usize::from(at[a] > 0), usize::from(at[a] + 1 < [nx, ny, nz][a]));
            let steps = low + high;
            if steps == 0 {
                return 0.0;
            }
            (level.values[n + high * strides[a]] - level.values[n - low * strides[a]]) / steps as f32
        });
        let along = world.map(|column| (0..3).map(|a| column[a] * by_index[a]).sum::<f32>());
        lengths += f64::from(length(along));
        out.iter_mut().zip(along).for_each(|(out, v)| out.push(v));
    }
    let noise = (lengths / level.values.len().max(1) as f64) as f32;
    for n in 0..level.values.len() {
        let along = [out[0][n], out[1][n], out[2][n]];
        let whole = (along.iter().map(|v| v * v).sum::<f32>() + noise * noise).sqrt();
        for (out, v) in out.iter_mut().zip(along) {
            out[n] = if whole > 0.0 { v / whole } else { 0.0 };
        }
    }
    out
}

fn length(v: [f32; 3]) -> f32 {
    v.iter().map(|v| v * v).sum::<f32>().sqrt()
}

impl Problem<'_> {
    /// Value and slope for one pair of images; `None` where they do not meet.
    pub(super) fn edges(&self, part: &Part<'_>, pose: &Pose, memory: &mut Memory, slope: bool) -> Option<Evaluation> {
        let normals = part.samples.normals.as_ref()?;
        for a in 0..3 {
            let field = part.target.normal(a)?;
            self.look(part, field, pose, &mut memory.looked[a]);
        }
        let count = part.samples.len();
        let turn = pose.rotation.matrix().map(|row| row.map(|v| v as f32));
        memory.push.iter_mut().for_each(|push| push.resize(count, 0.0));
        let (mut weight, mut shared, mut held) = (0f64, 0f64, 0f64);
        let mut torque = [0f64; 3];
        for n in 0..count {
            let own = [normals[0][n], normals[1][n], normals[2][n]];
            let q = turn.map(|row| row[0] * own[0] + row[1] * own[1] + row[2] * own[2]);
            let looked = [memory.looked[0][n], memory.looked[1][n], memory.looked[2][n]];
            let w = looked[0].weight;
            let other = looked.map(|looked| looked.value);
            let d = q[0] * other[0] + q[1] * other[1] + q[2] * other[2];
            weight += f64::from(w);
            shared += f64::from(w * d * d);
            held += f64::from(w * (q[0] * q[0] + q[1] * q[1] + q[2] * q[2]));
            if slope {
                for (a, push) in memory.push.iter_mut().enumerate() {
                    push[n] = 2.0 * d * q[a];
                }
                // a turn of the sampled image turns its edges, too
                for (a, (b, c)) in [(1, 2), (2, 0), (0, 1)].into_iter().enumerate() {
                    torque[a] += f64::from(2.0 * w * d * (q[b] * other[c] - q[c] * other[b]));
                }
            }
        }
        if !self.meets(part, weight) || held <= 0.0 {
            return None;
        }
        let value = shared / held;
        let mut gradient = [0.0; 12];
        if slope {
            let mut sums = [0f64; 12];
            for a in 0..3 {
                let along = self.sums(part, &memory.looked[a], &memory.push[a]);
                sums.iter_mut().zip(along).for_each(|(sum, s)| *sum += s);
            }
            gradient = self.gradient(part, pose, sums.map(|s| s / held));
            let turns = crate::dof::Dof::Translation != self.dof;
            for a in 0..3 {
                gradient[a] += if turns { torque[a] / held / self.radius_mm } else { 0.0 };
            }
        }
        Some(Evaluation { value, gradient })
    }
}
