//! A scan: samples, their place, what they mean and what was done to them.

use ndarray::{ArrayView3, ShapeBuilder};
use rayon::prelude::*;

use crate::{
    Buffer, Error, Frame, Geometry, IndexMap, Limits, Meta, Orientation, Provenance, Real, Rescale, Scaling, SlowAxis,
    Voxel,
};

/// A 3-D scan, or a series of them along slow axes.
///
/// Samples lie `i` fastest, then `j`, `k`, then the slow axes in their order: the byte order of a DICOM frame, of NIfTI and of a
/// NumPy array `(..., z, y, x)`. World is LPS+ millimetres; the affine maps voxel *centres*. Samples are *stored* values until
/// [`Volume::to_real`] applies the [`Scaling`].
#[derive(Clone, Debug)]
pub struct Volume<T: Voxel> {
    voxels: Buffer<T>,
    geometry: Geometry,
    slow_axes: Vec<SlowAxis>,
    scaling: Scaling,
    meta: Meta,
    provenance: Provenance,
}

impl<T: Voxel> Volume<T> {
    /// Joins samples and geometry; no slow axis, identity scaling.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless the buffer holds exactly one sample per voxel.
    pub fn new(voxels: impl Into<Buffer<T>>, geometry: Geometry) -> Result<Self, Error> {
        Self::with_slow_axes(voxels, geometry, Vec::new())
    }

    /// Joins samples, geometry and slow axes, fastest first.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`], [`Error::BadStep`] for an empty axis.
    pub fn with_slow_axes(
        voxels: impl Into<Buffer<T>>,
        geometry: Geometry,
        slow_axes: Vec<SlowAxis>,
    ) -> Result<Self, Error> {
        let voxels = voxels.into();
        let mut wanted = Some(geometry.len());
        for (axis, slow) in slow_axes.iter().enumerate() {
            if slow.is_empty() {
                return Err(Error::BadStep { axis, len: 0, step: 0 });
            }
            wanted = wanted.and_then(|n| n.checked_mul(slow.len()));
        }
        let wanted = wanted.ok_or(Error::BadShape { shape: geometry.shape() })?;
        if voxels.len() != wanted {
            return Err(Error::ShapeMismatch { wanted, found: voxels.len() });
        }
        Ok(Self {
            voxels,
            geometry,
            slow_axes,
            scaling: Scaling::default(),
            meta: Meta::default(),
            provenance: Provenance::default(),
        })
    }

    /// Sets how stored values become real ones.
    ///
    /// # Errors
    /// [`Error::ScalingCount`] where per-plane pairs do not match the number of planes.
    pub fn with_scaling(mut self, scaling: Scaling) -> Result<Self, Error> {
        let planes = self.geometry.shape()[2] * self.steps();
        if let Some(pairs) = scaling.as_per_plane().filter(|p| p.len() != planes) {
            return Err(Error::ScalingCount { planes, found: pairs.len() });
        }
        self.scaling = scaling;
        Ok(self)
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
    pub fn noting<const N: usize>(mut self, operation: &str, parameters: [(&str, String); N]) -> Self {
        self.provenance.push(operation, parameters);
        self
    }

    /// States that the world is the patient's LPS+ although the file does not say so; the override lands in the provenance.
    #[must_use]
    pub fn assume_patient_frame(mut self) -> Self {
        self.geometry = self.geometry.with_frame(Frame::Patient(None));
        self.noting("assume_patient_frame", [])
    }

    /// New samples on the same grid with the same steps; scaling as given, meta and provenance kept.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`], [`Error::ScalingCount`].
    pub fn with_voxels<U: Voxel>(&self, voxels: impl Into<Buffer<U>>, scaling: Scaling) -> Result<Volume<U>, Error> {
        Ok(Volume::with_slow_axes(voxels, self.geometry.clone(), self.slow_axes.clone())?
            .with_scaling(scaling)?
            .with_meta(self.meta.clone())
            .with_provenance(self.provenance.clone()))
    }

    /// The facts of the acquisition, to change.
    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    /// The samples of all steps, `i` fastest.
    pub fn voxels(&self) -> &[T] {
        self.voxels.as_slice()
    }

    /// The shared buffer.
    pub const fn buffer(&self) -> &Buffer<T> {
        &self.voxels
    }

    /// The samples as a vector; copies them only where somebody else holds them too.
    pub fn into_voxels(self) -> Vec<T> {
        self.voxels.into_vec()
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

    /// Number of 3-D volumes over all slow axes; 1 where there are none.
    pub fn steps(&self) -> usize {
        self.slow_axes.iter().map(SlowAxis::len).product()
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

    /// The samples of one 3-D step, or `None` past the last.
    pub fn step(&self, step: usize) -> Option<&[T]> {
        let len = self.geometry.len();
        self.voxels.as_slice().get(step.checked_mul(len)?..)?.get(..len)
    }

    /// One 3-D step as a volume of its own, samples copied.
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn extract_step(&self, step: usize) -> Result<Self, Error> {
        let samples = self.step(step).ok_or(Error::BadStep { axis: 0, len: self.steps(), step })?;
        let planes = self.geometry.shape()[2];
        let scaling = match self.scaling.as_per_plane() {
            Some(pairs) => Scaling::per_plane(
                pairs.iter().skip(step * planes).take(planes).copied().collect(),
                self.scaling.unit().clone(),
            ),
            None => self.scaling.clone(),
        };
        Ok(Self::new(samples.to_vec(), self.geometry.clone())?
            .with_scaling(scaling)?
            .with_meta(self.meta.clone())
            .with_provenance(self.provenance.clone())
            .noting("extract_step", [("step", step.to_string())]))
    }

    /// One step as an array indexed `[i, j, k]`, or `None` past the last step.
    pub fn view_ijk(&self, step: usize) -> Option<ArrayView3<'_, T>> {
        let [nx, ny, nz] = self.shape();
        ArrayView3::from_shape((nx, ny, nz).f(), self.step(step)?).ok()
    }

    /// One step as an array indexed `[k, j, i]` (planes, rows, columns), or `None` past the last step.
    pub fn view_kji(&self, step: usize) -> Option<ArrayView3<'_, T>> {
        let [nx, ny, nz] = self.shape();
        ArrayView3::from_shape((nz, ny, nx), self.step(step)?).ok()
    }

    /// Moves every voxel through an exact lattice map; padding gets `fill` (a stored value). Places in the world are kept.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for a map of another shape; [`Error::PerPlaneScaling`] where the planes have different scalings
    /// and the map does not keep planes as planes; [`Error::Limit`] where padding would pass the default [`Limits`].
    pub fn remap(&self, map: &IndexMap, fill: T) -> Result<Self, Error> {
        let geometry = self.geometry.remap(map)?;
        let scaling = self.remap_scaling(map)?;
        if geometry.len() > self.geometry.len() {
            let [nx, ny, nz] = geometry.shape().map(|n| n as u64);
            Limits::default().check(&[nx, ny, nz, self.steps() as u64], T::TYPE.bytes() as u64)?;
        }
        if *map == IndexMap::identity(map.source_shape()) {
            return Ok(self.clone());
        }
        let mut voxels = Vec::with_capacity(geometry.len() * self.steps());
        for step in 0..self.steps() {
            let moved = map.gather(self.step(step).unwrap_or_default(), fill);
            if self.steps() == 1 {
                voxels = moved;
            } else {
                voxels.extend_from_slice(&moved);
            }
        }
        Ok(Self::with_slow_axes(voxels, geometry, self.slow_axes.clone())?
            .with_scaling(scaling)?
            .with_meta(self.meta.clone())
            .with_provenance(self.provenance.clone()))
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
                // a padded plane takes the pair of the nearest real one
                pairs[step * planes as usize + from.clamp(0, planes - 1) as usize]
            })
        });
        Ok(Scaling::per_plane(moved.collect(), self.scaling.unit().clone()))
    }

    /// Permutes and flips axes to an anatomical orientation such as `RAS`; no sample is interpolated.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`], [`Error::PerPlaneScaling`].
    pub fn reorient(&self, wanted: Orientation) -> Result<Self, Error> {
        let map = self.geometry.map_to_orientation(wanted)?;
        Ok(self.remap(&map, T::default())?.noting("reorient", [("to", wanted.to_string())]))
    }

    /// Reverses axes; places in the world are kept.
    ///
    /// # Errors
    /// None for uniform scaling; see [`Volume::remap`].
    pub fn flip(&self, axes: [bool; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.shape(), [0, 1, 2], axes);
        Ok(self.remap(&map, T::default())?.noting("flip", [("axes", format!("{axes:?}"))]))
    }

    /// Reorders axes: output axis `a` is input axis `axes[a]`; places in the world are kept.
    ///
    /// # Errors
    /// [`Error::PerPlaneScaling`].
    pub fn permute(&self, axes: [usize; 3]) -> Result<Self, Error> {
        let map = IndexMap::permute_flip(self.shape(), axes, [false; 3]);
        Ok(self.remap(&map, T::default())?.noting("permute", [("axes", format!("{axes:?}"))]))
    }
}

impl<T: Real> Volume<T> {
    /// Real values: the scaling applied once, in f64, rounded to f32. The result has the identity scaling and the same unit.
    ///
    /// # Errors
    /// None in practice; the shapes are the volume's own.
    pub fn to_real(&self) -> Result<Volume<f32>, Error> {
        let plane_len = self.shape()[0] * self.shape()[1];
        let mut real = vec![0f32; self.voxels.len()];
        real.par_chunks_mut(plane_len).zip(self.voxels().par_chunks(plane_len)).enumerate().for_each(
            |(plane, (out, stored))| {
                let pair = self.scaling.of_plane(plane);
                if pair.is_identity() {
                    out.iter_mut().zip(stored).for_each(|(o, s)| *o = s.to_f32());
                } else {
                    out.iter_mut().zip(stored).for_each(|(o, s)| *o = pair.apply(s.to_f64()) as f32);
                }
            },
        );
        self.with_voxels(real, Scaling::uniform(Rescale::IDENTITY, self.scaling.unit().clone()))
    }
}
