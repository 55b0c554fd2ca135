//! A map of 3-D points: `y = M x + t`, in f64.
//!
//! Used in two roles: voxel index to world millimetres (a [`crate::Geometry`] holds one), and world to world (a
//! registration's result). World is LPS+ everywhere; RAS formats pass the named functions here and nowhere else.

/// An affine map of points in three dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Affine {
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::rows"))]
    rows: [[f64; 4]; 3],
}

impl Affine {
    /// The map that leaves every point where it is.
    pub const IDENTITY: Self = Self { rows: [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]] };

    /// Builds the map from the upper three rows of its homogeneous matrix.
    pub const fn from_rows(rows: [[f64; 4]; 3]) -> Self {
        Self { rows }
    }

    /// Builds `y = columns x + translation` from the images of the three unit vectors.
    pub fn from_columns(columns: [[f64; 3]; 3], translation: [f64; 3]) -> Self {
        let row = |r: usize| [columns[0][r], columns[1][r], columns[2][r], translation[r]];
        Self { rows: [row(0), row(1), row(2)] }
    }

    /// Builds an axis-aligned map: index 0 lies at `origin_mm`, steps are `spacing_mm`.
    pub fn from_spacing_origin(spacing_mm: [f64; 3], origin_mm: [f64; 3]) -> Self {
        let mut rows = [[0.0; 4]; 3];
        for axis in 0..3 {
            rows[axis][axis] = spacing_mm[axis];
            rows[axis][3] = origin_mm[axis];
        }
        Self { rows }
    }

    /// Builds a translation.
    pub fn translation_by(offset: [f64; 3]) -> Self {
        Self::from_spacing_origin([1.0; 3], offset)
    }

    /// Takes an index-to-world map whose world is RAS+ (NIfTI) to one whose world is LPS+.
    pub fn from_ras(rows: [[f64; 4]; 3]) -> Self {
        let [x, y, z] = rows;
        Self { rows: [x.map(|v| -v), y.map(|v| -v), z] }
    }

    /// The rows of this index-to-world map with a RAS+ world; the inverse of [`Affine::from_ras`].
    pub fn to_ras(&self) -> [[f64; 4]; 3] {
        Self::from_ras(self.rows).rows
    }

    /// Takes a world-to-world map given in RAS+ millimetres (greedy, C3D) to the same map in LPS+.
    pub fn from_ras_to_ras(rows: [[f64; 4]; 3]) -> Self {
        let flip = |r: usize| if r < 2 { -1.0 } else { 1.0 };
        let mut out = rows;
        for (r, row) in out.iter_mut().enumerate() {
            for (c, value) in row.iter_mut().enumerate() {
                *value *= flip(r) * if c < 3 { flip(c) } else { 1.0 };
            }
        }
        Self { rows: out }
    }

    /// The rows of this world-to-world map in RAS+ millimetres; the inverse of [`Affine::from_ras_to_ras`].
    pub fn to_ras_to_ras(&self) -> [[f64; 4]; 3] {
        Self::from_ras_to_ras(self.rows).rows
    }

    /// The upper three rows of the homogeneous matrix.
    pub const fn rows(&self) -> [[f64; 4]; 3] {
        self.rows
    }

    /// Column `axis` of the matrix part: the image of one unit step along that axis.
    pub fn column(&self, axis: usize) -> [f64; 3] {
        [self.rows[0][axis], self.rows[1][axis], self.rows[2][axis]]
    }

    /// The translation part: the image of the origin.
    pub fn translation(&self) -> [f64; 3] {
        self.column(3)
    }

    /// Maps a point.
    #[inline]
    pub fn apply(&self, p: [f64; 3]) -> [f64; 3] {
        self.rows.map(|r| r[0] * p[0] + r[1] * p[1] + r[2] * p[2] + r[3])
    }

    /// Maps a vector: the translation plays no part.
    #[inline]
    pub fn apply_vector(&self, v: [f64; 3]) -> [f64; 3] {
        self.rows.map(|r| r[0] * v[0] + r[1] * v[1] + r[2] * v[2])
    }

    /// The map that applies `first`, then `self`.
    pub fn compose(&self, first: &Self) -> Self {
        let columns = [0, 1, 2].map(|c| self.apply_vector(first.column(c)));
        Self::from_columns(columns, self.apply(first.translation()))
    }

    /// Determinant of the matrix part; negative where the map changes handedness.
    pub fn determinant(&self) -> f64 {
        let [a, b, c] = [self.column(0), self.column(1), self.column(2)];
        dot(a, cross(b, c))
    }

    /// The inverse map, or `None` where the matrix is singular or not finite.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c] = [self.column(0), self.column(1), self.column(2)];
        let det = self.determinant();
        let scale = norm(a) * norm(b) * norm(c);
        // relative to the product of lengths: a thin but honest voxel is not singular
        if !det.is_finite() || det.abs() <= 1e-12 * scale || scale.is_nan() {
            return None;
        }
        let rows = [cross(b, c), cross(c, a), cross(a, b)].map(|r| r.map(|v| v / det));
        let t = self.translation();
        let shift = rows.map(|r| -dot(r, t));
        let full = [0, 1, 2].map(|r| [rows[r][0], rows[r][1], rows[r][2], shift[r]]);
        full.iter().flatten().all(|v| v.is_finite()).then_some(Self { rows: full })
    }

    /// Whether every entry is finite.
    pub fn is_finite(&self) -> bool {
        self.rows.iter().flatten().all(|v| v.is_finite())
    }
}

/// Scalar product of two vectors.
#[inline]
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product of two vectors (right-handed).
#[inline]
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Euclidean length of a vector.
#[inline]
pub fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_undoes_a_sheared_map() {
        let a = Affine::from_columns([[0.9, 0.1, 0.0], [-0.2, 1.1, 0.3], [0.4, 0.0, 3.0]], [-7.0, 12.0, 3.5]);
        let back = a.inverse().unwrap().compose(&a);
        for (r, row) in back.rows().iter().enumerate() {
            for (c, v) in row.iter().enumerate() {
                assert!((v - if r == c { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn refuses_to_invert_a_flat_map() {
        assert!(
            Affine::from_columns([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]], [0.0; 3]).inverse().is_none()
        );
    }

    #[test]
    fn ras_door_goes_both_ways() {
        let rows = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]];
        assert_eq!(Affine::from_ras(rows).to_ras(), rows);
        assert_eq!(Affine::from_ras_to_ras(rows).to_ras_to_ras(), rows);
        assert_eq!(Affine::from_ras(rows).apply([0.0; 3]), [-4.0, -8.0, 12.0]);
    }
}
