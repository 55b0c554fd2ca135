//! Changes made to volumes and label maps.

use isocenter_volume::{Ctx, Edge, Geometry, LabelMap, Resample, Volume, WorldMap, provenance::Operation};

use super::{Change, Drawn};
use crate::Error;

impl Drawn {
    /// Changes an image. `reference` is the grid whose centre is turned about and over which a deformation is spread: the same for all images and label maps of an item, each of which keeps its
    /// own grid. Every 3-D step along slow axes is changed alike, but for noise.
    ///
    /// # Errors
    /// [`Error::NotReal`]; [`Error::BadParameter`] for changes of places of a grid of one voxel along two axes, motion across a slice, or a blur that is wider than 8193 voxels;
    /// [`Error::Volume`] of the resampling; [`Error::Cancelled`].
    pub fn apply(&self, reference: &Geometry, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let mut out = match self.map(reference)? {
            Some(map) => {
                let outside = self.outside.unwrap_or_else(|| smallest(volume.voxels()));
                let resample = Resample::to_geometry(volume.geometry().clone())
                    .interpolation(self.interpolation.kernel())
                    .edge(Edge::Value(outside))
                    .transform(map)
                    .ctx(*ctx);
                resample.apply(volume)?
            }
            None => volume.clone(),
        };
        for change in self.changes().iter().filter(|c| !c.is_identity()) {
            if !change.is_spatial() {
                out = ctx.install(|| change.apply(out, ctx))?;
            }
            out.provenance_mut().add(change.operation());
        }
        Ok(out)
    }

    /// Moves a label map as images of the same item are moved; changes of values leave it alone.
    ///
    /// # Errors
    /// As [`Drawn::apply`].
    pub fn apply_labels(&self, reference: &Geometry, labels: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
        let Some(map) = self.map(reference)? else { return Ok(labels.clone()) };
        let resample = Resample::to_geometry(labels.geometry().clone())
            .label_interpolation(self.labels.kernel())
            .transform(map)
            .ctx(*ctx);
        let mut out = resample.apply_labels(labels)?;
        let mut provenance = out.provenance().clone();
        let spatial = self.changes().iter().filter(|c| c.is_spatial() && !c.is_identity());
        spatial.map(Change::operation).for_each(|operation: Operation| provenance.add(operation));
        out = out.with_provenance(provenance);
        Ok(out)
    }

    /// From places of the result to those of the input, through all changes of places, the last first; `None` where nothing moves.
    fn map(&self, reference: &Geometry) -> Result<Option<impl WorldMap + use<>>, Error> {
        let mut links: Vec<Box<dyn WorldMap>> = Vec::new();
        for change in self.changes().iter().rev().filter(|c| !c.is_identity()) {
            match change {
                Change::Affine(change) => links.push(Box::new(change.map(reference)?)),
                Change::Elastic(change) => links.push(Box::new(change.map(reference)?)),
                _ => {}
            }
        }
        let mut links = links.into_iter();
        let first = links.next().map(isocenter_volume::world_map::Composed::first);
        Ok(first.map(|first| links.fold(first, isocenter_volume::world_map::Composed::then)))
    }
}

impl Change {
    /// Changes the values of every 3-D step.
    fn apply(&self, volume: Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let (head, voxels) = volume.into_parts();
        let (grid, mut samples) = (head.geometry().clone(), voxels.into_vec());
        let stage = ctx.stage("augment", head.steps() as u64);
        for (step, samples) in samples.chunks_exact_mut(grid.len().max(1)).enumerate() {
            let ctx = stage.ctx();
            match self {
                Self::Affine(_) | Self::Elastic(_) => {}
                Self::BiasField(change) => change.apply(samples, &grid),
                Self::Noise(change) => change.apply(samples, step),
                Self::Blur(change) => change.apply(samples, &grid, &ctx)?,
                Self::Gamma(change) => change.apply(samples),
                Self::Motion(change) => change.apply(samples, &grid, &ctx)?,
                Self::Ghosting(change) => change.apply(samples, &grid, &ctx)?,
                Self::Spike(change) => change.apply(samples, &grid),
                Self::LowResolution(change) => change.apply(samples, &grid, &ctx)?,
            }
            stage.advance(1)?;
        }
        Ok(Volume::from_parts(head, samples)?)
    }
}

/// The smallest finite sample; 0 where there is none.
pub(super) fn smallest(samples: &[f32]) -> f64 {
    let low = samples.iter().filter(|v| v.is_finite()).fold(f32::INFINITY, |low, v| low.min(*v));
    if low.is_finite() { f64::from(low) } else { 0.0 }
}
