//! Indices beyond the ends of an axis, and places beyond the grid.

use super::Edge;

/// How far a coordinate may miss a boundary or a tie and still count as lying on it, in voxels.
///
/// Composing affines in f64 leaves errors near 1e-13 voxel; without this margin they would decide whether the last plane of an
/// image upsampled twofold is inside.
pub(crate) const SNAP: f64 = 1e-9;

/// What an index beyond the ends of an axis reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// The outer voxel, repeated.
    Clamp,
    /// The image, mirrored about its outer voxel centres.
    Mirror,
}

impl Fold {
    /// The voxel that index `at` of an axis of `len` voxels reads.
    #[inline]
    pub(crate) fn apply(self, at: i64, len: usize) -> usize {
        let last = len as i64 - 1;
        if (0..=last).contains(&at) {
            return at as usize;
        }
        match self {
            Self::Clamp => at.clamp(0, last) as usize,
            Self::Mirror if last == 0 => 0,
            Self::Mirror => {
                let within = at.rem_euclid(2 * last);
                within.min(2 * last - within) as usize
            }
        }
    }
}

/// Where on an axis of `len` voxels the place `at` is read, or `None` where it is outside and `edge` has a value for that.
#[inline]
pub(crate) fn place_on_axis(at: f64, len: usize, edge: Edge) -> Option<f64> {
    match edge {
        Edge::Value(_) => (at >= -0.5 - SNAP && at < len as f64 - 0.5 - SNAP).then_some(at),
        Edge::Clamp => Some(at.max(0.0).min((len - 1) as f64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirror_repeats_no_outer_voxel() {
        let read: Vec<usize> = (-4..9).map(|i| Fold::Mirror.apply(i, 4)).collect();
        assert_eq!(read, [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]);
        assert_eq!(Fold::Mirror.apply(-3, 1), 0);
        assert_eq!(Fold::Clamp.apply(9, 4), 3);
    }

    #[test]
    fn the_grid_is_half_open_as_in_itk() {
        // SimpleITK 2.5.7, 5 voxels: -0.5 is inside, 4.5 and -0.5000001 are not
        let inside = |at| place_on_axis(at, 5, Edge::Value(0.0)).is_some();
        assert!(inside(-0.5) && inside(4.499_999) && !inside(4.5) && !inside(-0.500_000_1) && !inside(f64::NAN));
        assert_eq!(place_on_axis(-3.0, 5, Edge::Clamp), Some(0.0));
    }
}
