//! Cubic B-splines along one axis of a grid.

/// The four control points that act on each voxel of an axis, and their weights.
///
/// The mesh spans the axis from the first voxel's centre to the last: voxel `i` of `n` lies at `i / (n - 1)` of it. A single voxel lies at its start.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// Control points.
    pub(super) points: usize,
    /// First of the four control points of each voxel.
    pub(super) first: Vec<usize>,
    /// Their weights.
    pub(super) weights: Vec<[f64; 4]>,
}

impl Axis {
    /// Of `n` voxels under so many control points (at least 4).
    pub(super) fn new(n: usize, points: usize) -> Self {
        let last = n.saturating_sub(1).max(1) as f64;
        Self::at((0..n).map(|i| i as f64 / last), points)
    }

    /// At places from 0 to 1 of the mesh; what lies outside is taken to its ends.
    pub(super) fn at(places: impl Iterator<Item = f64>, points: usize) -> Self {
        let (first, weights) = places.map(|place| weights_at(place, points)).unzip();
        Self { points, first, weights }
    }

    /// Sums of the squares of the weights of each voxel.
    pub(super) fn squares(&self) -> Vec<f64> {
        self.weights.iter().map(|w| w.iter().map(|v| v * v).sum()).collect()
    }
}

/// The first of the four control points that act at a place from 0 to 1 of the mesh, and the weights of all four.
pub(super) fn weights_at(place: f64, points: usize) -> (usize, [f64; 4]) {
    let mesh = points.saturating_sub(3).max(1);
    // NaN goes to the start
    let u = if place > 0.0 { place.min(1.0) * mesh as f64 } else { 0.0 };
    let span = (u as usize).min(mesh - 1);
    let t = u - span as f64;
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * t * t * t - 6.0 * t * t + 4.0, 3.0 * s * s * s - 6.0 * s * s + 4.0, t * t * t]
        .map(|w| w / 6.0);
    (span, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_end_in_the_last_span() {
        for (n, points) in [(1, 4), (2, 4), (10, 7), (300, 35)] {
            let axis = Axis::new(n, points);
            assert!(axis.weights.iter().all(|w| (w.iter().sum::<f64>() - 1.0).abs() < 1e-15));
            assert!(axis.first.iter().all(|first| first + 4 <= points));
            if n > 1 {
                assert_eq!(axis.first[n - 1], points - 4);
                assert!(axis.weights[n - 1][0].abs() < 1e-30);
            }
        }
        assert_eq!(weights_at(f64::NAN, 5).0, 0);
    }
}
