//! What makes the surface grow.
//!
//! Each place moves to the middle of its neighbours along the surface, towards it across the surface where the bend is sharper than any
//! of a brain, and outwards or inwards by how bright it is inside of it. Source: Smith 2002, "Fast robust automated brain
//! extraction", the section on the evolution of the surface; the outward force looks 14 mm far instead of 20.

use isocenter_volume::{Stage, affine::dot};
use rayon::prelude::*;

use super::{sphere::Mesh, start::AIR, working::Working};
use crate::Error;

/// Radii of curvature between which smoothing sets in, mm: a brain has none below the first, and no need of smoothing above the second.
const RADII_MM: [f64; 2] = [3.33, 10.0];
/// How far inwards the darkest and the brightest are looked for, mm.
const DARK_MM: f64 = 14.0;
const BRIGHT_MM: f64 = 8.0;
/// Share of an edge that one move pushes at most.
const PULL: f64 = 0.05;
/// Moves after which the length of an edge is taken anew.
const RENEW: u64 = 50;

/// What counts as dark. Values as [`Working`] has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forces {
    /// Share of the local brightness.
    pub(super) share: f32,
    /// Median brightness of the brain: nothing counts as brighter.
    pub(super) median: f32,
}

impl Forces {
    /// Moves the surface so many times.
    pub(super) fn drive(&self, work: &Working, mesh: &mut Mesh, times: u64, stage: &Stage<'_>) -> Result<(), Error> {
        let step = work.step_mm();
        let [low, high] = RADII_MM.map(|r| 1.0 / r);
        let (middle, steepness) = ((low + high) / 2.0, 6.0 / (low - high));
        let mut edge = mesh.edge();
        for time in 0..times {
            if time % RENEW == 0 {
                edge = mesh.edge();
            }
            let normals = mesh.normals();
            let moved = mesh.places.par_iter().zip(&normals).enumerate().map(|(n, (place, normal))| {
                let to_middle = mesh.to_middle(n);
                let across = dot(to_middle, *normal);
                let bend = 2.0 * across.abs() / (edge * edge * step);
                let smooth = 0.5 * (1.0 + libm::tanh(steepness * (bend - middle)));
                let push = PULL * edge * f64::from(self.push(work, *place, *normal));
                [0, 1, 2].map(|a| {
                    let along = to_middle[a] - across * normal[a];
                    place[a] + 0.5 * along + (smooth * across + push) * normal[a]
                })
            });
            mesh.places = moved.collect();
            stage.advance(1)?;
        }
        Ok(())
    }

    /// From -1 (inwards: it is dark) to 1.
    fn push(&self, work: &Working, place: [f64; 3], normal: [f64; 3]) -> f32 {
        let step = work.step_mm();
        let (mut darkest, mut brightest) = (self.median, 2.0 * AIR);
        for n in 0..=(DARK_MM / step).round() as u32 {
            let away = f64::from(n);
            let value = work.at([0, 1, 2].map(|a| place[a] - away * normal[a]));
            darkest = darkest.min(value);
            if away * step <= BRIGHT_MM {
                brightest = brightest.max(value);
            }
        }
        let brightest = brightest.min(self.median).max(AIR);
        (2.0 * (darkest / brightest - self.share)).clamp(-1.0, 1.0)
    }
}
