//! The grid of a volume and its place: shape, index-to-world affine, frame.
//!
//! Index `(i, j, k)` addresses the *centre* of a voxel. World is LPS+ millimetres where the frame is the patient's. Oblique and
//! sheared affines (a tilted gantry) are first class: nothing here assumes that axes are perpendicular.

use crate::{Affine, Error, Frame, GeometryDifference, IndexMap, Orientation, affine};

/// Shape, affine and frame of a grid; usable without voxels.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::Geometry"))]
pub struct Geometry {
    shape: [usize; 3],
    affine: Affine,
    /// World to index: asked for at every voxel, so it is kept.
    #[cfg_attr(feature = "serde", serde(skip_serializing))]
    inverse: Affine,
    frame: Frame,
}

/// How far two grids may lie apart to count as one, mm: what file formats round, and less than anybody moves an image by.
const SAME_GRID_MM: f64 = 0.1;

impl Geometry {
    /// Joins shape (voxels along i, j, k), index-to-world affine (mm) and frame.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty axis or more voxels than memory can address, [`Error::SingularAffine`].
    pub fn new(shape: [usize; 3], affine: Affine, frame: Frame) -> Result<Self, Error> {
        let voxels = shape.iter().try_fold(1usize, |n, &s| n.checked_mul(s)).filter(|n| n.checked_mul(16).is_some());
        if voxels.is_none_or(|n| n == 0) {
            return Err(Error::BadShape { shape });
        }
        let inverse = affine.inverse().filter(|_| affine.is_finite()).ok_or(Error::SingularAffine)?;
        Ok(Self { shape, affine, inverse, frame })
    }

    /// The same grid in another frame: an explicit override of what a file says, to be noted in the provenance.
    #[must_use]
    pub fn with_frame(mut self, frame: Frame) -> Self {
        self.frame = frame;
        self
    }

    /// Voxels along i, j, k.
    pub const fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Number of voxels.
    pub const fn len(&self) -> usize {
        self.shape[0] * self.shape[1] * self.shape[2]
    }

    /// Always false: a geometry has at least one voxel.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Index to world, mm.
    pub const fn affine(&self) -> &Affine {
        &self.affine
    }

    /// What the world is.
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// World to index.
    pub const fn inverse_affine(&self) -> &Affine {
        &self.inverse
    }

    /// World position (mm) of a continuous index.
    pub fn world_of(&self, index: [f64; 3]) -> [f64; 3] {
        self.affine.apply(index)
    }

    /// Continuous index of a world position (mm).
    pub fn index_of(&self, world: [f64; 3]) -> [f64; 3] {
        self.inverse.apply(world)
    }

    /// Distance between neighbours along i, j, k, mm.
    pub fn spacing_mm(&self) -> [f64; 3] {
        [0, 1, 2].map(|a| affine::norm(self.affine.column(a)))
    }

    /// World position (mm) of the first voxel's centre.
    pub fn origin_mm(&self) -> [f64; 3] {
        self.affine.translation()
    }

    /// Whether another grid is this one: the one rule of the workspace.
    ///
    /// Equal shapes, frames that [`Frame::agrees_with`] finds compatible, and every voxel within 0.1 mm of its counterpart, and
    /// always within half a voxel, so that each voxel is the nearest to its own. Axes are compared as stored;
    /// [`GeometryDifference::after_best_reorientation`] compares whatever their order.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] that says in what they differ.
    pub fn agrees_with(&self, other: &Self) -> Result<(), Error> {
        self.frame.agrees_with(&other.frame)?;
        GeometryDifference::as_stored(self, other).require_within(self.same_grid_mm())
    }

    /// How far a voxel may lie from its counterpart for [`Geometry::agrees_with`], mm.
    pub fn same_grid_mm(&self) -> f64 {
        self.spacing_mm().into_iter().fold(SAME_GRID_MM, |least, s| least.min(s / 2.0))
    }

    /// Unit vectors along i, j, k in world.
    pub fn direction(&self) -> [[f64; 3]; 3] {
        [0, 1, 2].map(|a| {
            let column = self.affine.column(a);
            let length = affine::norm(column);
            column.map(|v| v / length)
        })
    }

    /// Volume of one voxel, mm^3.
    pub fn voxel_volume_mm3(&self) -> f64 {
        self.affine.determinant().abs()
    }

    /// World positions (mm) of the centres of the eight corner voxels, i fastest.
    pub fn corners_mm(&self) -> [[f64; 3]; 8] {
        std::array::from_fn(|c| {
            self.world_of([0, 1, 2].map(|a| if c >> a & 1 == 1 { (self.shape[a] - 1) as f64 } else { 0.0 }))
        })
    }

    /// World position (mm) of the middle of the grid.
    pub fn centre_mm(&self) -> [f64; 3] {
        self.world_of(self.shape.map(|n| (n as f64 - 1.0) / 2.0))
    }

    /// The largest cosine between two index axes: 0 for a rectangular grid, larger for a sheared one (tilted gantry).
    pub fn shear(&self) -> f64 {
        let [a, b, c] = self.direction();
        [affine::dot(a, b), affine::dot(b, c), affine::dot(a, c)].iter().fold(0.0, |m, v| v.abs().max(m))
    }

    /// Whether i, j, k form a right-handed system in world.
    pub fn is_right_handed(&self) -> bool {
        self.affine.determinant() > 0.0
    }

    /// The nearest of the 48 anatomical orientations.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`] where nobody says which way is left: an unknown orientation never becomes LPS by silence.
    pub fn orientation(&self) -> Result<Orientation, Error> {
        if !self.frame.is_patient() {
            return Err(Error::NoPatientFrame);
        }
        Ok(Orientation::nearest(&self.affine))
    }

    /// The exact lattice map that brings this grid to another orientation, axes permuted and flipped.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`].
    pub fn map_to_orientation(&self, wanted: Orientation) -> Result<IndexMap, Error> {
        let have = self.orientation()?.axes();
        let mut axes = [0; 3];
        let mut flip = [false; 3];
        for (a, direction) in wanted.axes().iter().enumerate() {
            let (world_axis, sign) = direction.lps();
            for (b, from) in have.iter().enumerate() {
                if from.lps().0 == world_axis {
                    axes[a] = b;
                    flip[a] = from.lps().1 != sign;
                }
            }
        }
        Ok(IndexMap::permuted(self.shape, axes, flip))
    }

    /// The grid after an exact lattice map: every voxel that stays keeps its place in the world.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] where the map was made for another shape.
    pub fn remap(&self, map: &IndexMap) -> Result<Self, Error> {
        if map.source_shape() != self.shape {
            return Err(Error::GridMismatch {
                what: format!("a map for shape {:?} was applied to {:?}", map.source_shape(), self.shape),
            });
        }
        Self::new(map.shape(), self.affine.compose(&map.to_affine()), self.frame.clone())
    }
}

/// What is read passes the constructor that code passes.
#[cfg(feature = "serde")]
mod stored {
    use super::{Affine, Error, Frame};

    #[derive(serde::Deserialize)]
    pub(super) struct Geometry {
        shape: [usize; 3],
        affine: Affine,
        frame: Frame,
    }

    impl TryFrom<Geometry> for super::Geometry {
        type Error = Error;

        fn try_from(stored: Geometry) -> Result<Self, Error> {
            Self::new(stored.shape, stored.affine, stored.frame)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_grid_allows_what_formats_round_and_no_more() {
        let at = |x: f64, spacing: f64, frame: Frame| {
            Geometry::new([4, 4, 4], Affine::from_spacing_origin([spacing; 3], [x, 0.0, 0.0]), frame).unwrap()
        };
        let patient = |uid: &str| Frame::Patient(Some(uid.to_owned()));
        let agree = |a: &Geometry, b: &Geometry| a.agrees_with(b).is_ok();
        assert!(agree(&at(0.0, 1.0, Frame::Patient(None)), &at(0.05, 1.0, patient("1.2"))));
        assert!(!agree(&at(0.0, 1.0, Frame::Patient(None)), &at(0.15, 1.0, Frame::Patient(None))));
        assert!(
            !agree(&at(0.0, 0.05, Frame::Patient(None)), &at(0.05, 0.05, Frame::Patient(None))),
            "one voxel of a small grid"
        );
        assert!(!agree(&at(0.0, 1.0, patient("1.2")), &at(0.0, 1.0, patient("1.3"))));
        assert!(!agree(&at(0.0, 1.0, Frame::Patient(None)), &at(0.0, 1.0, Frame::Pixel)));
        assert!(agree(&at(0.0, 1.0, Frame::Unknown), &at(0.0, 1.0, Frame::Unknown)));
    }

    #[test]
    fn rejects_empty_and_flat_grids() {
        assert!(Geometry::new([4, 0, 4], Affine::IDENTITY, Frame::Unknown).is_err());
        assert!(Geometry::new([usize::MAX, 2, 2], Affine::IDENTITY, Frame::Unknown).is_err());
        let flat = Affine::from_spacing_origin([1.0, 0.0, 1.0], [0.0; 3]);
        assert_eq!(Geometry::new([4, 4, 4], flat, Frame::Unknown), Err(Error::SingularAffine));
    }

    #[test]
    fn an_unknown_frame_has_no_orientation() {
        let g = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        assert_eq!(g.orientation(), Err(Error::NoPatientFrame));
    }
}
