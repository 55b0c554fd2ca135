//! How the points of a fit lie: what the error elsewhere depends on.

use super::least_squares::{centroid, minus};
use crate::matrix3;

/// Middle, principal axes and spread of the points of the fixed image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Points that count.
    pub(super) count: usize,
    pub(super) centre: [f64; 3],
    pub(super) axes: [[f64; 3]; 3],
    /// Mean of squared distances from the middle along each axis, mm^2.
    pub(super) spread: [f64; 3],
}

impl Shape {
    pub(super) fn of(points: &[[f64; 3]], weights: &[f64], count: usize) -> Self {
        let used = weights.iter().map(|w| f64::from(u8::from(*w > 0.0))).collect::<Vec<_>>();
        let centre = centroid(points, &used);
        let mut covariance = [[0.0; 3]; 3];
        for (p, w) in points.iter().zip(&used) {
            let d = minus(*p, centre);
            covariance = matrix3::map(|r, c| covariance[r][c] + w * d[r] * d[c] / count as f64);
        }
        // of a symmetric matrix without negative eigenvalues the singular values are these
        let svd = matrix3::svd(&covariance);
        Self { count, centre, axes: matrix3::transpose(&svd.v), spread: svd.values }
    }
}
