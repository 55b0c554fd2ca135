//! Taking planes out.

use std::ops::Range;

use crate::{Error, Geometry, IndexMap, LabelMap, Volume, Voxel, provenance::Parameter};

impl Geometry {
    /// The exact map to the voxels `range` along one axis (0, 1, 2), all of the others.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty range, [`Error::GridMismatch`] for one that reaches outside or an axis above 2.
    pub fn map_to_slice(&self, axis: usize, range: Range<usize>) -> Result<IndexMap, Error> {
        let (mut start, mut size) = ([0; 3], self.shape());
        if axis > 2 {
            return Err(Error::GridMismatch { what: format!("axis {axis} of three") });
        }
        start[axis] = range.start;
        size[axis] = range.len();
        self.map_to_crop(start, size)
    }
}

impl<T: Voxel> Volume<T> {
    /// The voxels `range` along one axis (0, 1, 2), all of the others.
    ///
    /// # Errors
    /// Those of [`Geometry::map_to_slice`].
    pub fn slice(&self, axis: usize, range: Range<usize>) -> Result<Self, Error> {
        let map = self.geometry().map_to_slice(axis, range.clone())?;
        Ok(self
            .move_voxels(&map)?
            .noting("slice", [("axis", Parameter::from(axis)), ("range", [range.start, range.end].into())]))
    }

    /// One plane across an axis (0, 1, 2), as a volume one voxel thick, in its place.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] where there is no such plane.
    pub fn plane(&self, axis: usize, index: usize) -> Result<Self, Error> {
        self.slice(axis, index..index.saturating_add(1))
    }
}

impl LabelMap {
    /// The voxels `range` along one axis (0, 1, 2), all of the others.
    ///
    /// # Errors
    /// Those of [`Geometry::map_to_slice`].
    pub fn slice(&self, axis: usize, range: Range<usize>) -> Result<Self, Error> {
        let map = self.geometry().map_to_slice(axis, range.clone())?;
        Ok(self
            .move_voxels(&map)?
            .noting("slice", [("axis", Parameter::from(axis)), ("range", [range.start, range.end].into())]))
    }

    /// One plane across an axis (0, 1, 2), as a label map one voxel thick, in its place.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] where there is no such plane.
    pub fn plane(&self, axis: usize, index: usize) -> Result<Self, Error> {
        self.slice(axis, index..index.saturating_add(1))
    }
}
