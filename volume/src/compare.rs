//! How far two grids are from being the same, in millimetres.
//!
//! Two files of one scan rarely have equal affines: formats round. Whether they are the same grid is a question of how far the
//! same voxel lies from itself, which is largest at a corner.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, compare::GeometryDifference};
//!
//! let at = |x| Geometry::new([10, 10, 10], Affine::from_spacing_origin([1.0; 3], [x, 0.0, 0.0]), Frame::Patient(None));
//! let difference = GeometryDifference::as_stored(&at(0.0)?, &at(0.25)?);
//! assert_eq!(difference.corner_mm(), 0.25);
//! assert!(difference.is_within(0.3) && !difference.is_within(0.1));
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use std::fmt;

use crate::{Error, Geometry, IndexMap, affine};

/// In what two grids differ.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GeometryDifference {
    shapes: [[usize; 3]; 2],
    corner_mm: f64,
    spacing_mm: [f64; 3],
    direction_deg: [f64; 3],
    step_mm: f64,
    reoriented: bool,
}

impl GeometryDifference {
    /// Compares voxel by voxel, as the grids are stored.
    pub fn as_stored(a: &Geometry, b: &Geometry) -> Self {
        let (corners_a, corners_b) = (a.corners_mm(), b.corners_mm());
        let corner_mm = corners_a.iter().zip(&corners_b).map(|(p, q)| distance(*p, *q)).fold(0.0, f64::max);
        let (spacing_a, spacing_b) = (a.spacing_mm(), b.spacing_mm());
        let (direction_a, direction_b) = (a.direction(), b.direction());
        Self {
            shapes: [a.shape(), b.shape()],
            corner_mm,
            spacing_mm: [0, 1, 2].map(|x| (spacing_a[x] - spacing_b[x]).abs()),
            direction_deg: [0, 1, 2].map(|x| angle_deg(direction_a[x], direction_b[x])),
            step_mm: [0, 1, 2]
                .map(|x| distance(a.affine().column(x), b.affine().column(x)))
                .into_iter()
                .fold(0.0, f64::max),
            reoriented: false,
        }
    }

    /// Compares after `b`'s axes were permuted and reversed in the best of the 48 ways: whether the two have the same voxels,
    /// whatever the order of axes. Also gives the map that brings `b` to `a`'s order.
    ///
    /// The best has the same shape, then the nearest corners, then the nearest steps along the axes (an axis of one voxel has two
    /// directions with the same corners); what ties even so keeps the stored order.
    pub fn after_best_reorientation(a: &Geometry, b: &Geometry) -> (Self, IndexMap) {
        let stored = (Self::as_stored(a, b), IndexMap::identity(b.shape()));
        let others = (0..48).filter_map(|n| {
            let map = reorientation(b.shape(), n);
            let turned = b.remap(&map).ok()?;
            Some((Self { reoriented: true, ..Self::as_stored(a, &turned) }, map))
        });
        others.fold(stored, |best, next| if next.0.is_better_than(&best.0) { next } else { best })
    }

    fn is_better_than(&self, other: &Self) -> bool {
        if self.same_shape() != other.same_shape() {
            return self.same_shape();
        }
        let closer = other.corner_mm - self.corner_mm;
        closer > TIE_MM || (closer.abs() <= TIE_MM && self.step_mm < other.step_mm - TIE_MM)
    }

    /// The largest distance between corresponding corner voxels, mm; for other shapes too, where it says how far the ends are apart.
    pub const fn corner_mm(&self) -> f64 {
        self.corner_mm
    }

    /// Differences of the distance between neighbours along i, j, k, mm.
    pub const fn spacing_difference_mm(&self) -> [f64; 3] {
        self.spacing_mm
    }

    /// Angles between the axes i, j, k, degrees.
    pub const fn direction_difference_deg(&self) -> [f64; 3] {
        self.direction_deg
    }

    /// Both shapes, the second after reorientation.
    pub const fn shapes(&self) -> [[usize; 3]; 2] {
        self.shapes
    }

    /// Whether both have the same number of voxels along every axis.
    pub fn same_shape(&self) -> bool {
        self.shapes[0] == self.shapes[1]
    }

    /// Whether the second grid was reoriented for the comparison.
    pub const fn is_reoriented(&self) -> bool {
        self.reoriented
    }

    /// Whether the shapes are equal and every voxel lies within `tolerance_mm` of its counterpart.
    pub fn is_within(&self, tolerance_mm: f64) -> bool {
        self.same_shape() && self.corner_mm <= tolerance_mm
    }

    /// Passes where [`GeometryDifference::is_within`] holds.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] with this report as its text.
    pub fn require_within(&self, tolerance_mm: f64) -> Result<(), Error> {
        if self.is_within(tolerance_mm) { Ok(()) } else { Err(Error::GridMismatch { what: self.to_string() }) }
    }
}

impl fmt::Display for GeometryDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.shapes;
        let largest = |v: [f64; 3]| v.into_iter().fold(0.0, f64::max);
        write!(
            f,
            "shapes {a:?} and {b:?}, corners up to {:.4} mm apart, spacing up to {:.6} mm, directions up to {:.4} degrees",
            self.corner_mm,
            largest(self.spacing_mm),
            largest(self.direction_deg)
        )
    }
}

/// Distances nearer to each other than this are one: far below a voxel, far above rounding.
const TIE_MM: f64 = 1e-6;

/// Reorientation `n` of 48 of a grid, by index axes alone: no frame is needed to compare.
fn reorientation(shape: [usize; 3], n: usize) -> IndexMap {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    IndexMap::permuted(shape, orders[n / 8], [0, 1, 2].map(|a| n >> a & 1 == 1))
}

fn distance(p: [f64; 3], q: [f64; 3]) -> f64 {
    affine::norm([p[0] - q[0], p[1] - q[1], p[2] - q[2]])
}

/// Angle between unit vectors, degrees; from sine and cosine, because the arc cosine loses half its digits near 0.
fn angle_deg(a: [f64; 3], b: [f64; 3]) -> f64 {
    libm::atan2(affine::norm(affine::cross(a, b)), affine::dot(a, b)).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Orientation};

    fn oblique() -> Geometry {
        let affine = Affine::from_columns([[0.9, 0.1, 0.0], [-0.1, 0.9, 0.2], [0.3, 0.0, 2.0]], [4.0, 5.0, 6.0]);
        Geometry::new([5, 6, 7], affine, Frame::Patient(None)).unwrap()
    }

    #[test]
    fn the_best_reorientation_is_found_and_undone() {
        for orientation in Orientation::all() {
            let map = oblique().map_to_orientation(orientation).unwrap();
            let turned = oblique().remap(&map).unwrap();
            let (difference, back) = GeometryDifference::after_best_reorientation(&oblique(), &turned);
            assert!(difference.is_within(1e-9), "{orientation}: {difference}");
            assert_eq!(back, map.inverse());
        }
    }

    #[test]
    fn a_degree_is_a_degree() {
        let (sin, cos) = (libm::sin(1f64.to_radians()), libm::cos(1f64.to_radians()));
        let turned = Affine::from_columns([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]], [0.0; 3]);
        let [a, b] = [Affine::IDENTITY, turned].map(|t| Geometry::new([2, 2, 2], t, Frame::Unknown).unwrap());
        let d = GeometryDifference::as_stored(&a, &b).direction_difference_deg();
        assert!((d[0] - 1.0).abs() < 1e-12 && (d[1] - 1.0).abs() < 1e-12 && d[2] == 0.0);
    }
}
