//! Cutting a block out.

use crate::{Error, Geometry, IndexMap, LabelMap, Volume, Voxel};

impl Geometry {
    /// The exact map to the block of `size` voxels from `start`, which must lie inside.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size, [`Error::GridMismatch`] for a block that reaches outside.
    pub fn map_to_crop(&self, start: [usize; 3], size: [usize; 3]) -> Result<IndexMap, Error> {
        let shape = self.shape();
        if (0..3).any(|a| start[a].checked_add(size[a]).is_none_or(|end| end > shape[a])) {
            return Err(Error::GridMismatch {
                what: format!("a block of {size:?} from {start:?} reaches outside {shape:?}"),
            });
        }
        IndexMap::block(shape, start.map(|s| s as i64), size)
    }
}

impl<T: Voxel> Volume<T> {
    /// Keeps the block of `size` voxels from voxel `start`.
    ///
    /// # Errors
    /// Those of [`Geometry::map_to_crop`].
    ///
    /// # Examples
    /// ```
    /// # use isocenter_volume::{Affine, Frame, Geometry, Volume};
    /// let geometry = Geometry::new([4, 1, 1], Affine::IDENTITY, Frame::Patient(None))?;
    /// let middle = Volume::new(vec![1u8, 2, 3, 4], geometry)?.crop([1, 0, 0], [2, 1, 1])?;
    /// assert_eq!(middle.voxels(), [2, 3]);
    /// assert_eq!(middle.geometry().origin_mm(), [1.0, 0.0, 0.0]);
    /// # Ok::<_, isocenter_volume::Error>(())
    /// ```
    pub fn crop(&self, start: [usize; 3], size: [usize; 3]) -> Result<Self, Error> {
        let map = self.geometry().map_to_crop(start, size)?;
        Ok(self.move_voxels(&map)?.noting("crop", [("start", start), ("size", size)]))
    }
}

impl LabelMap {
    /// Keeps the block of `size` voxels from voxel `start`.
    ///
    /// # Errors
    /// Those of [`Geometry::map_to_crop`].
    pub fn crop(&self, start: [usize; 3], size: [usize; 3]) -> Result<Self, Error> {
        let map = self.geometry().map_to_crop(start, size)?;
        Ok(self.move_voxels(&map)?.noting("crop", [("start", start), ("size", size)]))
    }
}
