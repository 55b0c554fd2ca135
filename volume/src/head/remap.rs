//! The head of a volume whose voxels are moved exactly.

use super::Head;
use crate::{Error, IndexMap, Scaling};

impl Head {
    /// The head after an exact lattice map; a padded plane takes the scaling of the nearest real one.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for a map of another shape; [`Error::PerPlaneScaling`] where the planes have different scalings
    /// and the map does not keep planes as planes.
    pub fn remap(&self, map: &IndexMap) -> Result<Self, Error> {
        let geometry = self.geometry.remap(map)?;
        let scaling = self.remap_scaling(map)?;
        let bare = Self { scaling: Scaling::default(), ..self.clone() };
        bare.with_geometry(geometry)?.with_scaling(scaling)
    }

    fn remap_scaling(&self, map: &IndexMap) -> Result<Scaling, Error> {
        let Some(pairs) = self.scaling.as_per_plane() else {
            return Ok(self.scaling.clone());
        };
        if map.axes()[2] != 2 {
            return Err(Error::PerPlaneScaling);
        }
        let planes = self.geometry.shape()[2] as i64;
        let moved = (0..self.steps()).flat_map(|step| {
            (0..map.shape()[2]).map(move |k| {
                let from = map.source_of([0, 0, k as i64])[2];
                pairs[step * planes as usize + from.clamp(0, planes - 1) as usize]
            })
        });
        Ok(Scaling::per_plane(moved.collect(), self.scaling.unit().clone()))
    }
}
