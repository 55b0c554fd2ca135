//! A surface that grows from a ball until it meets the dark gap about the brain.
//!
//! Source: S. M. Smith, "Fast robust automated brain extraction", Human Brain Mapping 17 (2002), sections on the deformable model.

use isocenter_volume::affine::{dot, norm};
use rayon::prelude::*;

use super::{levels::AIR, sphere::Mesh, working::Working};

pub(super) fn tune(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// What drives the surface. Lengths in mm, values as [`Working`] has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forces {
    /// Share of the local brightness below which it is dark.
    pub(super) share: f32,
    /// How far inwards the darkest is looked for.
    pub(super) dark_mm: f64,
    /// How far inwards the brightest is looked for.
    pub(super) bright_mm: f64,
    /// Median brightness of the brain.
    pub(super) median: f32,
    /// Radii of curvature between which smoothing sets in.
    pub(super) radii_mm: [f64; 2],
    pub(super) pull: f64,
}

impl Forces {
    /// Moves the surface so many times.
    pub(super) fn drive(&self, work: &Working, mesh: &mut Mesh, times: usize) {
        let step = work.step_mm();
        let [low, high] = self.radii_mm;
        let (e, f) = ((1.0 / low + 1.0 / high) / 2.0, 6.0 / (1.0 / low - 1.0 / high));
        let mut edge = mesh.edge();
        for n in 0..times {
            if n % 50 == 0 {
                edge = mesh.edge();
            }
            let normals = mesh.normals();
            let edge_mm = edge * step;
            let next: Vec<[f64; 3]> = mesh
                .places
                .par_iter()
                .zip(&normals)
                .zip(&mesh.neighbours)
                .map(|((place, normal), near)| {
                    let mut mean = [0f64; 3];
                    for &m in near {
                        (0..3).for_each(|a| mean[a] += mesh.places[m][a]);
                    }
                    let s = [0, 1, 2].map(|a| mean[a] / near.len().max(1) as f64 - place[a]);
                    let along = dot(s, *normal);
                    let bend = 2.0 * along.abs() * step / (edge_mm * edge_mm);
                    let smooth = 0.5 * (1.0 + libm::tanh(f * (bend - e)));
                    let push = self.pull * edge * f64::from(self.push(work, *place, *normal));
                    [0, 1, 2].map(|a| {
                        let (sn, st) = (along * normal[a], s[a] - along * normal[a]);
                        place[a] + 0.5 * st + smooth * sn + push * normal[a]
                    })
                })
                .collect();
            mesh.places = next;
        }
    }

    /// From -1 (it is darker than the brain) to 1.
    fn push(&self, work: &Working, place: [f64; 3], normal: [f64; 3]) -> f32 {
        let step = work.step_mm();
        let (mut darkest, mut brightest) = (self.median, 2.0 * AIR);
        let count = (self.dark_mm / step).round().max(1.0) as usize;
        for n in 0..=count {
            let away = n as f64;
            let value = work.at([0, 1, 2].map(|a| place[a] - away * normal[a]));
            darkest = darkest.min(value);
            if away * step <= self.bright_mm {
                brightest = brightest.max(value);
            }
        }
        let brightest = brightest.min(self.median);
        let threshold = self.share * brightest;
        (2.0 * (darkest - threshold) / brightest).clamp(-1.0, 1.0)
    }
}

/// Mean distance of the places from their middle, in voxels.
pub(super) fn size(mesh: &Mesh) -> ([f64; 3], f64) {
    let count = mesh.places.len().max(1) as f64;
    let mut middle = [0f64; 3];
    for p in &mesh.places {
        (0..3).for_each(|a| middle[a] += p[a] / count);
    }
    let radius = mesh.places.iter().map(|p| norm([0, 1, 2].map(|a| p[a] - middle[a]))).sum::<f64>() / count;
    (middle, radius)
}
