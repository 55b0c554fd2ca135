//! Whether a skull lies about what is seen: a dark layer under a scalp.

use isocenter_volume::{Ctx, Mask, Volume};

use super::{
    sphere::Mesh,
    start::{AIR, Start, at_rank, largest},
    working::Working,
};
use crate::{Error, head};

/// How deep the skull is looked for, mm.
const DEEP_MM: f64 = 30.0;
/// A layer no darker than this, of what lies over and under it, is no skull. Eleven heads had 0.28 to 0.65, four brains without a skull 0.79 to
/// 0.98, a phantom of plastic 0.89, an echo-planar image 0.77.
const NO_GAP: f64 = 0.71;
/// A value that so large a share of the voxels has, and none is below, is the background that a mask left behind.
const BACKGROUND: f64 = 0.2;

/// Brightness rises to half within so many mm of the rim of a stripped brain: that of an echo-planar image took 10, those of four brains 2 to 4.
const SHARP_MM: f64 = 7.0;

/// What lies about the brain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// A scalp and a dark skull.
    Skull,
    /// Something dim without a layer: an echo-planar image shows next to no scalp.
    Dim,
    /// Nothing: it was taken off.
    Nothing,
}

/// Looks for a dark layer. Directions to the sides, the front, the back and the top are asked, each from the outermost bright place
/// inwards.
pub(super) fn cover(work: &Working, start: &Start) -> Cover {
    let depth = (DEEP_MM / work.step_mm()).round() as usize;
    let mut layers: Vec<Vec<f32>> = vec![Vec::new(); depth + 1];
    let mut gaps = Vec::new();
    let shape = work.geometry.shape();
    let on_grid = |p: [f64; 3]| (0..3).all(|a| p[a] >= 0.0 && p[a] <= (shape[a] - 1) as f64);
    for direction in Mesh::ball([0.0; 3], 1.0, 3).places.into_iter().filter(|d| d[2] >= 0.0) {
        let place = |away: f64| [0, 1, 2].map(|a| start.centre[a] + away * direction[a]);
        let furthest = (2.0 * start.radius) as u32;
        let seen = |away: &f64| on_grid(place(*away)) && work.at(place(*away)) > AIR;
        let Some(skin) = (0..=furthest).rev().map(f64::from).find(seen) else { continue };
        if !on_grid(place(skin + 1.0)) || skin < depth as f64 {
            continue; // cut off by the border: nobody knows what lay there
        }
        let ray: Vec<f32> = (0..=depth).map(|n| work.at(place(skin - n as f64))).collect();
        layers.iter_mut().zip(&ray).for_each(|(layer, v)| layer.push(*v));
        gaps.push(gap(&ray));
    }
    // all directions together tell of the layer, each for itself of one whose depth changes
    let profile: Vec<f32> = layers.into_iter().filter_map(|layer| at_rank(layer, 0.5).ok()).collect();
    if !at_rank(gaps, 0.5).is_ok_and(|each| 0.5 * f64::from(each + gap(&profile)) > NO_GAP) {
        return Cover::Skull;
    }
    let half = 0.5 * profile.iter().copied().fold(0f32, f32::max);
    let rise = profile.iter().position(|v| *v >= half).unwrap_or(0);
    if rise as f64 * work.step_mm() <= SHARP_MM { Cover::Nothing } else { Cover::Dim }
}

/// The darkest place as a share of the darker of the brightest over and under it: 1 is no layer.
fn gap(profile: &[f32]) -> f32 {
    let brightest = |part: &[f32]| part.iter().copied().fold(0f32, f32::max);
    let inner = 1..profile.len().saturating_sub(1);
    inner.fold(1.0, |least, n| {
        let walls = brightest(&profile[..n]).min(brightest(&profile[n + 1..]));
        least.min(profile[n] / walls.max(AIR))
    })
}

/// All that is there: what is not the background of a mask, or what is bright where there is none such; the largest piece, filled.
pub(super) fn all_there(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let first = volume.extract_step(0)?;
    let samples = first.voxels();
    let lowest = samples.iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
    let not_finite = samples.iter().filter(|v| !v.is_finite()).count();
    let at_lowest = samples.iter().filter(|v| **v == lowest).count();
    let many = |count: usize| count as f64 >= BACKGROUND * samples.len() as f64;
    let there = if many(at_lowest) {
        Mask::of_values(&first, |v| v > f64::from(lowest))
    } else if many(not_finite) {
        Mask::of_values(&first, |_| true)
    } else {
        return head::mask(&first, ctx);
    };
    Ok(largest(&there, ctx)?.filled(ctx)?)
}
