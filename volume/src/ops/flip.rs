//! Reversing and reordering the axes of a label map; those of a volume stand beside it.

use crate::{Error, IndexMap, LabelMap};

impl LabelMap {
    /// Reverses axes; places in the world are kept.
    ///
    /// # Errors
    /// None in practice.
    pub fn flip(&self, axes: [bool; 3]) -> Result<Self, Error> {
        let map = IndexMap::reversed(self.geometry().shape(), axes);
        Ok(self.move_voxels(&map)?.noting("flip", [("axes", axes)]))
    }

    /// Reorders axes: output axis `a` is input axis `axes[a]`; places in the world are kept.
    ///
    /// # Errors
    /// [`Error::BadPermutation`] unless `axes` names each of 0, 1, 2 once.
    pub fn permute(&self, axes: [usize; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.geometry().shape(), axes, [false; 3])?;
        Ok(self.move_voxels(&map)?.noting("permute", [("axes", axes)]))
    }
}
