//! The last millimetres: each place of the surface goes to where the brightness falls off towards the skull.

use isocenter_volume::{
    Stage,
    affine::{dot, norm},
};
use rayon::prelude::*;

use super::{sphere::Mesh, start::AIR, working::Working};
use crate::Error;

/// Share of the local brightness that the edge of the brain is laid through: half way to bone.
const EDGE: f32 = 0.5;
/// How far outwards the edge is looked for, and how far a place may go from where it was, mm.
const AHEAD_MM: f64 = 8.0;
/// How far inwards the brightest is looked for, mm.
const BRIGHT_MM: f64 = 12.0;
/// Steps along the normal, voxels.
const FINE: f64 = 0.5;
/// Share of the way to the edge, and of the way to the middle of the neighbours, that one move goes; the furthest move, voxels.
const SHARE: f64 = 0.2;
const SMOOTH: f64 = 0.05;
const FURTHEST: f64 = 0.3;

/// Moves the surface so many times.
pub(super) fn settle(work: &Working, mesh: &mut Mesh, median: f32, times: u64, stage: &Stage<'_>) -> Result<(), Error> {
    let limit = AHEAD_MM / work.step_mm();
    let start = mesh.places.clone();
    for _ in 0..times {
        let normals = mesh.normals();
        let moved = mesh.places.par_iter().zip(&normals).zip(&start).enumerate().map(|(n, ((place, normal), from))| {
            let to_middle = mesh.to_middle(n);
            let across = dot(to_middle, *normal);
            let push = to_edge(work, *place, *normal, median).map_or(0.0, |t| (SHARE * t).clamp(-FURTHEST, FURTHEST));
            let next = [0, 1, 2].map(|a| {
                let along = to_middle[a] - across * normal[a];
                place[a] + 0.5 * along + (SMOOTH * across + push) * normal[a]
            });
            let way = [0, 1, 2].map(|a| next[a] - from[a]);
            let length = norm(way);
            if length > limit { [0, 1, 2].map(|a| from[a] + way[a] * limit / length) } else { next }
        });
        mesh.places = moved.collect();
        stage.advance(1)?;
    }
    Ok(())
}

/// How far along the normal it gets dark and stays so for a voxel more, voxels; `None` where it does not: nothing is known there.
fn to_edge(work: &Working, place: [f64; 3], normal: [f64; 3], median: f32) -> Option<f64> {
    let at = |away: f64| work.at([0, 1, 2].map(|a| place[a] + away * normal[a]));
    let count = (BRIGHT_MM / work.step_mm()).round() as u32;
    let bright = (0..=count).map(|m| at(-f64::from(m))).fold(2.0 * AIR, f32::max).min(median);
    let edge = EDGE * bright;
    let steps = (AHEAD_MM / work.step_mm() / FINE) as u32;
    let mut last = at(0.0);
    for n in 0..steps {
        let away = f64::from(n) * FINE;
        let value = at(away + FINE);
        if value < edge && at(away + 3.0 * FINE) < edge {
            let part = if last > edge { f64::from((last - edge) / (last - value)) } else { 0.0 };
            return Some(away + part * FINE);
        }
        last = value;
    }
    None
}
