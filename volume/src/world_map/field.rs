//! A displacement on a grid.

use super::map::WorldMap;
use crate::{Buffer, Error, Geometry};

/// Moves a point `p` to `p + d(p)`, with `d` linear between vectors on a grid.
///
/// A point belongs to the grid where its continuous index lies in `[-0.5, n - 0.5)` on every axis; within the half voxel beyond the
/// outer centres the border's vector repeats. Outside nothing moves. This is ITK's `DisplacementFieldTransform`.
///
/// For callers who have a field from another tool: nothing in this workspace finds one yet.
#[derive(Clone, Debug)]
pub struct DisplacementField {
    vectors: Buffer<[f32; 3]>,
    geometry: Geometry,
}

impl DisplacementField {
    /// Joins vectors (LPS+ mm, one for each voxel, `i` fastest) and their grid.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless there is one vector for each voxel, [`Error::BadNumber`] for one that is not finite.
    pub fn new(vectors: impl Into<Buffer<[f32; 3]>>, geometry: Geometry) -> Result<Self, Error> {
        let vectors = vectors.into();
        if vectors.len() != geometry.len() {
            return Err(Error::ShapeMismatch { wanted: geometry.len(), found: vectors.len() });
        }
        if let Some(found) = vectors.iter().flatten().find(|v| !v.is_finite()) {
            return Err(Error::BadNumber { what: "displacement", wanted: "a number", found: f64::from(*found) });
        }
        Ok(Self { vectors, geometry })
    }

    /// The grid of the vectors.
    pub const fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The vectors, LPS+ mm, `i` fastest.
    pub fn vectors(&self) -> &[[f32; 3]] {
        self.vectors.as_slice()
    }

    /// The displacement at a world point, mm; 0 outside the grid.
    pub fn displacement_at(&self, world: [f64; 3]) -> [f64; 3] {
        let (at, shape) = (self.geometry.index_of(world), self.geometry.shape());
        let strides = [1, shape[0], shape[0] * shape[1]];
        let mut offset = [[0usize; 2]; 3];
        let mut weight = [[0.0; 2]; 3];
        for a in 0..3 {
            if !(at[a] >= -0.5 && at[a] < shape[a] as f64 - 0.5) {
                return [0.0; 3];
            }
            let last = shape[a] - 1;
            let inside = at[a].max(0.0).min(last as f64);
            let low = inside as usize;
            let frac = inside - low as f64;
            offset[a] = [low * strides[a], (low + 1).min(last) * strides[a]];
            weight[a] = [1.0 - frac, frac];
        }
        let vectors = self.vectors.as_slice();
        let mut sum = [0.0; 3];
        for corner in 0..8 {
            let side = [corner & 1, corner >> 1 & 1, corner >> 2];
            let vector = vectors[offset[0][side[0]] + offset[1][side[1]] + offset[2][side[2]]];
            let share = weight[0][side[0]] * weight[1][side[1]] * weight[2][side[2]];
            sum.iter_mut().zip(vector).for_each(|(s, v)| *s += share * f64::from(v));
        }
        sum
    }
}

impl WorldMap for DisplacementField {
    fn map(&self, world: [f64; 3]) -> [f64; 3] {
        let by = self.displacement_at(world);
        [world[0] + by[0], world[1] + by[1], world[2] + by[2]]
    }

    fn note(&self) -> String {
        format!("displacement field {:?}", self.geometry.shape())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame};

    fn oblique() -> Geometry {
        let affine = Affine::from_columns([[3.0, 1.0, 0.0], [-1.0, 3.0, 0.5], [0.0, 0.4, 5.0]], [-7.0, 12.0, 3.5]);
        Geometry::new([4, 5, 3], affine, Frame::Patient(None)).unwrap()
    }

    #[test]
    fn a_field_sampled_from_an_affine_is_that_affine_inside_and_nothing_outside() {
        let map = Affine::from_columns([[1.1, 0.1, 0.0], [0.0, 0.9, 0.2], [0.05, 0.0, 1.0]], [2.0, -3.0, 1.0]);
        let grid = oblique();
        let vectors: Vec<[f32; 3]> = (0..grid.len())
            .map(|n| {
                let p = grid.world_of([n % 4, n / 4 % 5, n / 20].map(|v| v as f64));
                [0, 1, 2].map(|a| (map.apply(p)[a] - p[a]) as f32)
            })
            .collect();
        let field = DisplacementField::new(vectors, grid.clone()).unwrap();
        for index in [[0.0, 0.0, 0.0], [1.25, 3.5, 0.75], [2.9, 0.1, 2.0]] {
            let p = grid.world_of(index);
            let (found, wanted) = (field.map(p), map.apply(p));
            assert!((0..3).all(|a| (found[a] - wanted[a]).abs() < 1e-5), "{index:?}");
        }
        for outside in [[-0.51, 1.0, 1.0], [1.0, 4.5, 1.0], [1.0, 1.0, 2.6], [f64::NAN, 0.0, 0.0]] {
            assert_eq!(field.displacement_at(grid.world_of(outside)), [0.0; 3]);
        }
        // within half a voxel of the border its vector repeats
        let [border, beyond] = [[0.0, 1.0, 1.0], [-0.49, 1.0, 1.0]].map(|i| field.displacement_at(grid.world_of(i)));
        assert!((0..3).all(|a| (border[a] - beyond[a]).abs() < 1e-9));
    }

    #[test]
    fn refuses_what_is_no_field() {
        assert!(DisplacementField::new(vec![[0.0f32; 3]; 3], oblique()).is_err());
        assert!(DisplacementField::new(vec![[f32::NAN; 3]; 60], oblique()).is_err());
    }
}
