//! A label map: which voxel belongs to which structure.
//!
//! A type of its own, so that it cannot be interpolated as an image is. Labels of one layer exclude each other; layers may
//! overlap. 0 is background in every layer. A layer holds its values as u8, u16 or u32, for every step of the slow axes: two
//! time points are two steps of one layer, not two layers.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, LabelMap, Segment};
//!
//! let grid = Geometry::new([3, 1, 1], Affine::IDENTITY, Frame::Patient(None))?;
//! let map = LabelMap::new(vec![vec![0u8, 2, 2]], grid, vec![Segment::new(0, 2, "liver")])?;
//! assert_eq!(map.layers()[0].iter().filter(|v| *v == 2).count(), 2);
//! assert_eq!(map.segments()[0].name, "liver");
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod from_volume;
mod layer;
mod segment;

pub use layer::{Label, Layer};
pub use segment::{Code, Segment};

use crate::{Error, Frame, Geometry, IndexMap, Provenance, SlowAxis, context::Ctx, provenance::Parameter};

/// Label values on a grid, with the table that names them.
#[derive(Clone, Debug)]
pub struct LabelMap {
    layers: Vec<Layer>,
    geometry: Geometry,
    slow_axes: Vec<SlowAxis>,
    segments: Vec<Segment>,
    provenance: Provenance,
}

impl LabelMap {
    /// Joins layers (each one value per voxel, `i` fastest), grid and table.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for a layer of another size, [`Error::Empty`] without a layer, [`Error::BadSegment`] for a line of
    /// the table that names a layer that is not there, the value 0, or a value of its layer that another line has.
    pub fn new(layers: Vec<impl Into<Layer>>, geometry: Geometry, segments: Vec<Segment>) -> Result<Self, Error> {
        Self::with_slow_axes(layers, geometry, Vec::new(), segments)
    }

    /// As [`LabelMap::new`], with the slow axes of its steps, fastest first: a layer holds all voxels of the first step, then of
    /// the second, and so on.
    ///
    /// # Errors
    /// As [`LabelMap::new`]; [`Error::BadShape`] for more values than memory can address.
    pub fn with_slow_axes(
        layers: Vec<impl Into<Layer>>,
        geometry: Geometry,
        slow_axes: Vec<SlowAxis>,
        segments: Vec<Segment>,
    ) -> Result<Self, Error> {
        let layers: Vec<Layer> = layers.into_iter().map(Into::into).collect();
        let wanted = slow_axes.iter().try_fold(geometry.len(), |n, axis| n.checked_mul(axis.len()));
        let wanted = wanted.ok_or(Error::BadShape { shape: geometry.shape() })?;
        if layers.is_empty() {
            return Err(Error::Empty { what: "a label map without a layer" });
        }
        if let Some(layer) = layers.iter().find(|l| l.len() != wanted) {
            return Err(Error::ShapeMismatch { wanted, found: layer.len() });
        }
        let segments = segment::checked(segments, layers.len())?;
        Ok(Self { layers, geometry, slow_axes, segments, provenance: Provenance::default() })
    }

    /// The same layers and grid with another table.
    ///
    /// # Errors
    /// [`Error::BadSegment`] as for [`LabelMap::new`].
    pub fn with_segments(self, segments: Vec<Segment>) -> Result<Self, Error> {
        let segments = segment::checked(segments, self.layers.len())?;
        Ok(Self { segments, ..self })
    }

    /// New layers of the same number on another grid; slow axes, table and provenance are kept.
    ///
    /// # Errors
    /// As [`LabelMap::new`].
    pub fn with_layers(&self, layers: Vec<impl Into<Layer>>, geometry: Geometry) -> Result<Self, Error> {
        let map = Self::with_slow_axes(layers, geometry, self.slow_axes.clone(), self.segments.clone())?;
        Ok(Self { provenance: self.provenance.clone(), ..map })
    }

    /// Sets what was done so far.
    #[must_use]
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// Adds one operation to the provenance.
    #[must_use]
    pub fn noting<P: Into<Parameter>, const N: usize>(mut self, operation: &str, parameters: [(&str, P); N]) -> Self {
        self.provenance.push(operation, parameters);
        self
    }

    /// States that the world is the patient's LPS+ although the file does not say so; the override lands in the provenance.
    #[must_use]
    pub fn assume_patient_frame(mut self) -> Self {
        self.geometry = self.geometry.with_frame(Frame::Patient(None));
        self.noting::<bool, 0>("assume_patient_frame", [])
    }

    /// The grid and its place.
    pub const fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The layers, one value per voxel and step each.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The slow axes, fastest first.
    pub fn slow_axes(&self) -> &[SlowAxis] {
        &self.slow_axes
    }

    /// Number of 3-D label maps over all slow axes; 1 where there are none.
    pub fn steps(&self) -> usize {
        self.slow_axes.iter().map(SlowAxis::len).product()
    }

    /// The table, by layer and value.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// What was done so far.
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The values above 0 that occur in a layer, ascending.
    pub fn values(&self, layer: usize) -> Vec<u32> {
        self.layers.get(layer).map(Layer::values).unwrap_or_default()
    }

    /// One 3-D step as a label map of its own, sharing the memory of this one; noted.
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn extract_step(&self, step: usize) -> Result<Self, Error> {
        if step >= self.steps() {
            return Err(Error::BadStep { axis: 0, len: self.steps(), step });
        }
        let len = self.geometry.len();
        let layers: Vec<Layer> = self.layers.iter().filter_map(|l| l.slice(step * len..(step + 1) * len)).collect();
        let map = Self::new(layers, self.geometry.clone(), self.segments.clone())?;
        Ok(map.with_provenance(self.provenance.clone()).noting("extract_step", [("step", step)]))
    }

    /// Refuses a map of several steps, for work that is about one.
    ///
    /// # Errors
    /// [`Error::SlowSteps`] that names the work.
    pub fn require_one_step(&self, what: &'static str) -> Result<(), Error> {
        match self.steps() {
            1 => Ok(()),
            found => Err(Error::SlowSteps { what, wanted: 1, found }),
        }
    }

    /// Moves every voxel through an exact lattice map; padding is background.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for a map of another shape, [`Error::Limit`] where padding would pass the limits,
    /// [`Error::Cancelled`].
    pub fn remap(&self, map: &IndexMap, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let geometry = self.geometry.remap(map)?;
        if geometry.len() > self.geometry.len() {
            let [nx, ny, nz] = geometry.shape().map(|n| n as u64);
            let largest = self.layers.iter().map(|l| l.sample_type().bytes()).max().unwrap_or(1) as u64;
            ctx.limits().check(&[nx, ny, nz, (self.layers.len() * self.steps()) as u64], largest)?;
        }
        let mut layers = Vec::with_capacity(self.layers.len());
        let stage = ctx.stage("move voxels", self.layers.len() as u64);
        for layer in &self.layers {
            layers.push(ctx.install(|| layer.remap(map, &stage)));
            stage.advance(1)?;
        }
        self.with_layers(layers, geometry)
    }

    /// As [`LabelMap::remap`] for maps that only move or drop voxels: there is nothing to bound.
    pub(crate) fn move_voxels(&self, map: &IndexMap) -> Result<Self, Error> {
        self.remap(map, &Ctx::default())
    }

    /// Permutes and flips axes to an anatomical orientation.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`], [`Error::Cancelled`].
    pub fn reorient(&self, wanted: crate::Orientation, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let map = self.geometry.map_to_orientation(wanted)?;
        Ok(self.remap(&map, ctx)?.noting("reorient", [("to", wanted.to_string())]))
    }
}
