//! Moving voxels without interpolating them: what the operations of [`crate::ops`] stand on.

use super::Volume;
use crate::{Ctx, Error, IndexMap, Orientation, Voxel};

impl<T: Voxel> Volume<T> {
    /// Moves every voxel through an exact lattice map; padding gets `fill` (a stored value). Places in the world are kept.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for a map of another shape; [`Error::PerPlaneScaling`] where the planes have different scalings
    /// and the map does not keep planes as planes; [`Error::Limit`] where padding would pass the limits; [`Error::Cancelled`].
    pub fn remap(&self, map: &IndexMap, fill: T, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let head = self.head().remap(map)?;
        if *map == IndexMap::identity(map.source_shape()) {
            return Ok(self.clone());
        }
        if head.len() > self.head().len() {
            let [nx, ny, nz] = head.shape().map(|n| n as u64);
            ctx.limits().check(&[nx, ny, nz, self.steps() as u64], T::TYPE.bytes() as u64)?;
        }
        let stage = ctx.stage("move voxels", self.steps() as u64);
        let mut voxels = vec![T::default(); head.len()];
        ctx.install(|| {
            for (step, out) in voxels.chunks_mut(head.geometry().len()).enumerate() {
                map.gather_into(self.step(step).unwrap_or_default(), fill, out, &stage);
                let _ = stage.advance(1);
            }
        });
        stage.finish()?;
        Self::from_parts(head, voxels)
    }

    /// As [`Volume::remap`] for maps that only move or drop voxels: there is nothing to bound, and nobody is asked whether to go on.
    pub(crate) fn move_voxels(&self, map: &IndexMap) -> Result<Self, Error> {
        self.remap(map, T::default(), &Ctx::default())
    }

    /// Permutes and flips axes to an anatomical orientation such as `RAS`; no sample is interpolated.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`], [`Error::PerPlaneScaling`], [`Error::Cancelled`].
    pub fn reorient(&self, wanted: Orientation, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = self.geometry().map_to_orientation(wanted)?;
        Ok(self.remap(&map, T::default(), ctx)?.noting("reorient", [("to", wanted.to_string())]))
    }

    /// Reverses axes; places in the world are kept.
    ///
    /// # Errors
    /// None for uniform scaling; see [`Volume::remap`].
    pub fn flip(&self, axes: [bool; 3]) -> Result<Self, Error> {
        let map = IndexMap::reversed(self.shape(), axes);
        Ok(self.move_voxels(&map)?.noting("flip", [("axes", axes)]))
    }

    /// Reorders axes: output axis `a` is input axis `axes[a]`; places in the world are kept.
    ///
    /// # Errors
    /// [`Error::BadPermutation`] unless `axes` names each of 0, 1, 2 once; [`Error::PerPlaneScaling`].
    pub fn permute(&self, axes: [usize; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.shape(), axes, [false; 3])?;
        Ok(self.move_voxels(&map)?.noting("permute", [("axes", axes)]))
    }
}
