//! Adding voxels around, and bringing to a size.

use crate::{Ctx, Error, IndexMap, LabelMap, Volume, Voxel};

impl<T: Voxel> Volume<T> {
    /// Adds `before` and `after` voxels of the stored value `fill` on each axis; negative numbers remove.
    ///
    /// # Errors
    /// [`Error::BadShape`] where nothing is left; [`Error::Limit`], [`Error::Cancelled`].
    pub fn pad(&self, before: [i64; 3], after: [i64; 3], fill: T, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = IndexMap::pad(self.shape(), before, after)?;
        Ok(self.remap(&map, fill, ctx)?.noting("pad", pad_note(before, after)))
    }

    /// Crops or pads every axis to `size` about the middle; padding gets the stored value `fill`. See
    /// [`IndexMap::crop_or_pad`] for where an odd voxel goes.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size or one that does not fit memory; [`Error::Limit`], [`Error::Cancelled`].
    pub fn crop_or_pad(&self, size: [usize; 3], fill: T, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = IndexMap::crop_or_pad(self.shape(), size)?;
        Ok(self.remap(&map, fill, ctx)?.noting("crop_or_pad", [("size", size)]))
    }
}

impl LabelMap {
    /// Adds `before` and `after` background voxels on each axis; negative numbers remove.
    ///
    /// # Errors
    /// [`Error::BadShape`] where nothing is left; [`Error::Limit`], [`Error::Cancelled`].
    pub fn pad(&self, before: [i64; 3], after: [i64; 3], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = IndexMap::pad(self.geometry().shape(), before, after)?;
        Ok(self.remap(&map, ctx)?.noting("pad", pad_note(before, after)))
    }

    /// Crops or pads every axis to `size` about the middle, padding is background.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size or one that does not fit memory; [`Error::Limit`], [`Error::Cancelled`].
    pub fn crop_or_pad(&self, size: [usize; 3], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = IndexMap::crop_or_pad(self.geometry().shape(), size)?;
        Ok(self.remap(&map, ctx)?.noting("crop_or_pad", [("size", size)]))
    }
}

fn pad_note(before: [i64; 3], after: [i64; 3]) -> [(&'static str, [i64; 3]); 2] {
    [("before", before), ("after", after)]
}

#[cfg(test)]
mod tests {
    use crate::{Affine, Ctx, Frame, Geometry, Volume};

    #[test]
    fn refuses_sizes_that_memory_cannot_hold() {
        let geometry = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let volume = Volume::new(vec![0u8; 8], geometry).unwrap();
        let ctx = Ctx::default();
        assert!(volume.pad([i64::MAX; 3], [i64::MAX; 3], 0, &ctx).is_err());
        assert!(volume.pad([-3, 0, 0], [0; 3], 0, &ctx).is_err());
        assert!(volume.crop_or_pad([usize::MAX, 1, 1], 0, &ctx).is_err());
        assert!(volume.crop([1, 0, 0], [2, 2, 2]).is_err());
        assert!(volume.crop([usize::MAX, 0, 0], [2, 2, 2]).is_err());
    }
}
