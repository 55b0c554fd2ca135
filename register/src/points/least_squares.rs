//! The map that brings points closest.

use isocenter_volume::Affine;

use super::{Dof, Error};
use crate::matrix3::{self, Matrix};

/// How flat a cloud of points may be: the ratio of its spreads under which rounding of the marks decides the map.
const FLATTEST: f64 = 1e-6;

pub(super) fn solve(fixed: &[[f64; 3]], moving: &[[f64; 3]], weights: &[f64], dof: Dof) -> Result<Affine, Error> {
    let (from, to) = (centroid(fixed, weights), centroid(moving, weights));
    let [spread, crossed, other] = moments(fixed, moving, weights, from, to);
    let needed = if dof == Dof::Affine { 2 } else { 1 };
    for cloud in [&spread, &other] {
        // variances: the ratio of spreads is their root
        let values = matrix3::svd(cloud).values;
        let is_wide = values[needed] > FLATTEST * FLATTEST * values[0];
        // of an affine map the moving image may be flat, were the result not to be undone
        if !is_wide {
            return Err(Error::Degenerate { what: if needed == 1 { "on one line" } else { "in one plane" } });
        }
    }
    let m = match dof {
        Dof::Affine => {
            let back = inverse(&spread).ok_or(Error::Degenerate { what: "in one plane" })?;
            matrix3::product(&crossed, &back)
        }
        Dof::Rigid => matrix3::nearest_rotation(&crossed),
        Dof::Similarity => {
            let rotation = matrix3::nearest_rotation(&crossed);
            // Umeyama, equation 42: the trace of what is left after the turn, by the spread
            let turned = matrix3::product(&matrix3::transpose(&rotation), &crossed);
            let scale = (turned[0][0] + turned[1][1] + turned[2][2]) / (spread[0][0] + spread[1][1] + spread[2][2]);
            matrix3::scaled(&rotation, scale)
        }
    };
    let moved = matrix3::apply(&m, from);
    let map = matrix3::to_affine(&m, minus(to, moved));
    map.inverse().map(|_| map).ok_or(Error::Degenerate { what: "such that no map that can be undone joins them" })
}

/// Spread of the fixed points, their product with the moving ones (rows), and the spread of the moving ones.
fn moments(fixed: &[[f64; 3]], moving: &[[f64; 3]], weights: &[f64], from: [f64; 3], to: [f64; 3]) -> [Matrix; 3] {
    let mut sums = [[[0.0; 3]; 3]; 3];
    for ((f, m), w) in fixed.iter().zip(moving).zip(weights) {
        let (f, m) = (minus(*f, from), minus(*m, to));
        for (sum, (rows, columns)) in sums.iter_mut().zip([(f, f), (m, f), (m, m)]) {
            *sum = matrix3::map(|r, c| sum[r][c] + w * rows[r] * columns[c]);
        }
    }
    sums
}

/// The inverse by singular values: a spread may differ by more than [`Affine::inverse`] takes for granted.
fn inverse(m: &Matrix) -> Option<Matrix> {
    let svd = matrix3::svd(m);
    let back = svd.values.map(|v| 1.0 / v);
    let found = matrix3::product(&matrix3::product(&svd.v, &matrix3::diagonal(back)), &matrix3::transpose(&svd.u));
    matrix3::largest(&found).is_finite().then_some(found)
}

pub(super) fn centroid(points: &[[f64; 3]], weights: &[f64]) -> [f64; 3] {
    let total: f64 = weights.iter().sum();
    [0, 1, 2].map(|a| points.iter().zip(weights).map(|(p, w)| w * p[a]).sum::<f64>() / total)
}

pub(super) fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}
