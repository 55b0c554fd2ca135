//! What of an image is patient and what is air: Otsu's threshold, middle, size, a dilated outline.
//!
//! Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
//! Cybernetics 1979. The threshold is lowered a little, so that dim tissue counts as body.

use isocenter_volume::affine::norm;

use crate::pyramid::Level;

const BINS: usize = 128;
/// Share of the way from the darker class's mean to Otsu's threshold that is taken.
const LOWERED: f64 = 0.6;

/// The body in one image.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// One flag per voxel of the level it was found on.
    pub(crate) inside: Vec<bool>,
    /// Middle of the body, LPS mm.
    pub(crate) centre_mm: [f64; 3],
    /// Root mean square distance of the body from its middle, mm.
    pub(crate) radius_mm: f64,
    /// Volume of the body, mm^3.
    pub(crate) volume_mm3: f64,
}

impl Body {
    /// Finds the body; `allowed` restricts it (a mask on the same level).
    pub(crate) fn of(level: &Level, allowed: Option<&[bool]>) -> Self {
        let threshold = otsu(&level.values);
        let may = |n: usize| allowed.is_none_or(|mask| mask[n]);
        let mut inside: Vec<bool> = level.values.iter().enumerate().map(|(n, v)| *v > threshold && may(n)).collect();
        if !inside.contains(&true) {
            inside = (0..level.values.len()).map(may).collect();
        }
        let mut sum = [0f64; 3];
        let mut squares = 0f64;
        let mut count = 0f64;
        for p in places(level.shape, &inside) {
            let world = level.to_world.apply(p);
            (0..3).for_each(|a| sum[a] += world[a]);
            count += 1.0;
        }
        let centre_mm = sum.map(|s| s / f64::max(count, 1.0));
        for p in places(level.shape, &inside) {
            let world = level.to_world.apply(p);
            let r = norm([0, 1, 2].map(|a| world[a] - centre_mm[a]));
            squares += r * r;
        }
        let radius_mm = (squares / f64::max(count, 1.0)).sqrt().max(level.spacing_mm[0]);
        Self { inside, centre_mm, radius_mm, volume_mm3: count * level.voxel_mm3() }
    }

    /// The body, what it encloses, and everything within about `margin_mm` of it.
    ///
    /// A region whose border cuts through structure would draw the images aside: what moves in over the border adds to the
    /// moving image's entropy.
    pub(crate) fn dilated(&self, level: &Level, margin_mm: f64) -> Vec<bool> {
        let mut grown = spanned(&self.inside, level.shape);
        let [nx, ny, _] = level.shape;
        for (axis, stride) in [(0, 1), (1, nx), (2, nx * ny)] {
            let reach = (margin_mm / level.spacing_mm[axis]).round() as usize;
            grown = widened(&grown, level.shape[axis], stride, reach);
        }
        grown
    }
}

/// Indices of the voxels that are set.
fn places(shape: [usize; 3], inside: &[bool]) -> impl Iterator<Item = [f64; 3]> + '_ {
    let [nx, ny, _] = shape;
    inside
        .iter()
        .enumerate()
        .filter(|(_, set)| **set)
        .map(move |(n, _)| [(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64])
}

/// A line filter: set where anything within `reach` along the axis is set.
fn widened(inside: &[bool], count: usize, stride: usize, reach: usize) -> Vec<bool> {
    let mut out = vec![false; inside.len()];
    for start in (0..inside.len()).filter(|n| (n / stride).is_multiple_of(count)) {
        let mut since = usize::MAX;
        for m in 0..count {
            since = if inside[start + m * stride] { 0 } else { since.saturating_add(1) };
            out[start + m * stride] |= since <= reach;
        }
        since = usize::MAX;
        for m in (0..count).rev() {
            since = if inside[start + m * stride] { 0 } else { since.saturating_add(1) };
            out[start + m * stride] |= since <= reach;
        }
    }
    out
}

/// Sets every voxel that lies between two set ones along any axis: lungs inside a chest, air between the arms.
fn spanned(inside: &[bool], shape: [usize; 3]) -> Vec<bool> {
    let mut out = inside.to_vec();
    for (axis, stride) in [(0, 1), (1, shape[0]), (2, shape[0] * shape[1])] {
        let count = shape[axis];
        for start in (0..inside.len()).filter(|n| (n / stride).is_multiple_of(count)) {
            let is_set = |m: &usize| inside[start + m * stride];
            let (Some(first), Some(last)) = ((0..count).find(is_set), (0..count).rev().find(is_set)) else { continue };
            (first..=last).for_each(|m| out[start + m * stride] = true);
        }
    }
    out
}

/// The threshold that parts values in `[0, 1]` best into two classes, moved towards the mean of the darker one.
fn otsu(values: &[f32]) -> f32 {
    let mut counts = [0u64; BINS];
    for v in values {
        counts[((v * BINS as f32) as usize).min(BINS - 1)] += 1;
    }
    let total = values.len() as f64;
    let middle = |b: usize| (b as f64 + 0.5) / BINS as f64;
    let mean: f64 = counts.iter().enumerate().map(|(b, c)| middle(b) * *c as f64).sum::<f64>() / total;
    let (mut below, mut moment) = (0f64, 0f64);
    // empty bins between two modes part them equally well: first and last of the best, and the darker class's mean
    let mut best = (0f64, 0usize, 0usize, 0f64);
    for (b, c) in counts.iter().enumerate().take(BINS - 1) {
        below += *c as f64 / total;
        moment += middle(b) * *c as f64 / total;
        let spread = below * (1.0 - below);
        if spread > 0.0 {
            let between = (mean * below - moment) * (mean * below - moment) / spread;
            if between > best.0 * (1.0 + 1e-9) {
                best = (between, b, b, moment / below);
            } else if between > best.0 * (1.0 - 1e-9) {
                best.2 = b;
            }
        }
    }
    let threshold = ((best.1 + best.2) as f64 / 2.0 + 1.0) / BINS as f64;
    (best.3 + LOWERED * (threshold - best.3)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use isocenter_volume::Affine;

    fn ball() -> Level {
        let to_world = Affine::from_spacing_origin([2.0, 2.0, 2.0], [-30.0, -20.0, 10.0]);
        let values = (0..32 * 32 * 32usize)
            .map(|n| {
                let d = [n % 32, n / 32 % 32, n / 1024].map(|v| v as f64 - 15.0);
                if norm(d) < 8.0 { 0.7 } else { 0.05 }
            })
            .collect();
        Level { shape: [32; 3], spacing_mm: [2.0; 3], to_world, values }
    }

    #[test]
    fn finds_the_middle_and_size_of_a_ball() {
        let body = Body::of(&ball(), None);
        assert!((body.centre_mm[0] - 0.0).abs() < 1e-9 && (body.centre_mm[2] - 40.0).abs() < 1e-9);
        assert!((body.radius_mm - 16.0 * (0.6f64).sqrt()).abs() < 0.5); // of a ball: sqrt(3/5) of its radius
        assert!((body.volume_mm3 / (4.0 / 3.0 * std::f64::consts::PI * 16f64.powi(3)) - 1.0).abs() < 0.05);
    }

    #[test]
    fn dilation_reaches_as_far_as_asked() {
        let level = ball();
        let body = Body::of(&level, None);
        let grown = body.dilated(&level, 6.0);
        let at = |i: usize| grown[i + 32 * 15 + 1024 * 15];
        assert!(at(15 + 7 + 3) && !at(15 + 7 + 4) && at(15 - 7 - 3) && !at(15 - 7 - 4));
    }
}
