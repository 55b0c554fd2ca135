//! Reversing and reordering the axes of a label map; those of a volume stand beside it.

use crate::{Error, IndexMap, LabelMap};

impl LabelMap {
    /// Reverses axes; places in the world are kept.
    ///
    /// # Errors
    /// None in practice.
    pub fn flip(&self, axes: [bool; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.geometry().shape(), [0, 1, 2], axes);
        Ok(self.remap(&map)?.noting("flip", [("axes", format!("{axes:?}"))]))
    }

    /// Reorders axes: output axis `a` is input axis `axes[a]`; places in the world are kept.
    ///
    /// # Errors
    /// None in practice.
    pub fn permute(&self, axes: [usize; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.geometry().shape(), axes, [false; 3]);
        Ok(self.remap(&map)?.noting("permute", [("axes", format!("{axes:?}"))]))
    }
}
