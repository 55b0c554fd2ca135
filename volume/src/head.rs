//! All that a volume is but its samples: grid, slow axes, scaling, meta, provenance.
//!
//! A header that was read alone is a head and a [`SampleType`](crate::SampleType); a planned series is a head and the frames that
//! will fill it; a [`Volume`](crate::Volume) is a head and a buffer. The parts always fit together: one scaling for each plane
//! where planes have their own, and a number of samples that memory can address.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, Quantity, SlowAxis};
//!
//! let grid = Geometry::new([4, 4, 2], Affine::IDENTITY, Frame::Patient(None))?;
//! let time = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.0, 1.5, 3.0])?;
//! let echo = SlowAxis::new(AxisKind::Echo, 2)?;
//! let head = Head::new(grid).with_slow_axes(vec![time, echo])?;
//! assert_eq!((head.steps(), head.len()), (6, 192));
//! assert_eq!(head.indices_of(4), Some(vec![1, 1])); // the fifth step: second time, second echo
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod remap;
mod steps;

use crate::{Error, Frame, Geometry, Meta, Provenance, Scaling, SlowAxis, provenance::Parameter};

/// Grid, slow axes, scaling, meta and provenance of a volume.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::Head"))]
pub struct Head {
    geometry: Geometry,
    slow_axes: Vec<SlowAxis>,
    scaling: Scaling,
    meta: Meta,
    provenance: Provenance,
}

impl Head {
    /// One 3-D step on a grid, real values as stored, nothing known and nothing done.
    pub fn new(geometry: Geometry) -> Self {
        Self {
            geometry,
            slow_axes: Vec::new(),
            scaling: Scaling::default(),
            meta: Meta::default(),
            provenance: Provenance::default(),
        }
    }

    /// Sets the slow axes, fastest first.
    ///
    /// # Errors
    /// [`Error::BadShape`] for more samples than memory can address, [`Error::ScalingCount`] where the planes have scalings of
    /// their own and their number changes.
    pub fn with_slow_axes(mut self, slow_axes: Vec<SlowAxis>) -> Result<Self, Error> {
        let len = slow_axes.iter().try_fold(self.geometry.len(), |n, axis| n.checked_mul(axis.len()));
        // 16 bytes are the largest sample
        if len.and_then(|n| n.checked_mul(16)).is_none() {
            return Err(Error::BadShape { shape: self.geometry.shape() });
        }
        self.slow_axes = slow_axes;
        let scaling = std::mem::take(&mut self.scaling);
        self.with_scaling(scaling)
    }

    /// Sets how stored values become real ones.
    ///
    /// # Errors
    /// [`Error::ScalingCount`] where per-plane pairs do not match the number of planes.
    pub fn with_scaling(mut self, scaling: Scaling) -> Result<Self, Error> {
        if let Some(pairs) = scaling.as_per_plane().filter(|p| p.len() != self.planes()) {
            return Err(Error::ScalingCount { planes: self.planes(), found: pairs.len() });
        }
        self.scaling = scaling;
        Ok(self)
    }

    /// Sets the grid: the steps stay.
    ///
    /// # Errors
    /// As [`Head::with_slow_axes`].
    pub fn with_geometry(mut self, geometry: Geometry) -> Result<Self, Error> {
        self.geometry = geometry;
        let slow_axes = std::mem::take(&mut self.slow_axes);
        self.with_slow_axes(slow_axes)
    }

    /// Sets the facts of the acquisition.
    #[must_use]
    pub fn with_meta(mut self, meta: Meta) -> Self {
        self.meta = meta;
        self
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

    /// The facts of the acquisition, to change.
    pub const fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    /// What was done so far, to add to.
    pub const fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    /// The grid and its place.
    pub const fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Voxels along i, j, k.
    pub const fn shape(&self) -> [usize; 3] {
        self.geometry.shape()
    }

    /// The slow axes, fastest first.
    pub fn slow_axes(&self) -> &[SlowAxis] {
        &self.slow_axes
    }

    /// How stored values become real ones.
    pub const fn scaling(&self) -> &Scaling {
        &self.scaling
    }

    /// Facts of the acquisition.
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// What was done so far.
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Number of 3-D volumes over all slow axes; 1 where there are none.
    pub fn steps(&self) -> usize {
        self.slow_axes.iter().map(SlowAxis::len).product()
    }

    /// Number of k planes over all steps.
    pub fn planes(&self) -> usize {
        self.geometry.shape()[2] * self.steps()
    }

    /// Number of samples over all steps.
    pub fn len(&self) -> usize {
        self.geometry.len() * self.steps()
    }

    /// Always false: a grid has at least one voxel.
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// What is read passes the constructors that code passes.
#[cfg(feature = "serde")]
mod stored {
    use super::{Error, Geometry, Meta, Provenance, Scaling, SlowAxis};

    #[derive(serde::Deserialize)]
    pub(super) struct Head {
        geometry: Geometry,
        #[serde(default)]
        slow_axes: Vec<SlowAxis>,
        #[serde(default)]
        scaling: Scaling,
        #[serde(default)]
        meta: Meta,
        #[serde(default)]
        provenance: Provenance,
    }

    impl TryFrom<Head> for super::Head {
        type Error = Error;

        fn try_from(stored: Head) -> Result<Self, Error> {
            Ok(Self::new(stored.geometry)
                .with_slow_axes(stored.slow_axes)?
                .with_scaling(stored.scaling)?
                .with_meta(stored.meta)
                .with_provenance(stored.provenance))
        }
    }
}
