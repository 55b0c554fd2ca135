//! A scan: samples, their place, what they mean and what was done to them.

mod exact;
mod real;

use ndarray::{ArrayView3, ShapeBuilder};

use crate::{Buffer, Error, Geometry, Head, Meta, Provenance, Scaling, SlowAxis, Voxel, provenance::Parameter};

/// A 3-D scan, or a series of them along slow axes: a [`Head`] and a [`Buffer`].
///
/// Samples lie `i` fastest, then `j`, `k`, then the slow axes in their order: the byte order of a DICOM frame, of NIfTI and of a
/// NumPy array `(..., z, y, x)`. World is LPS+ millimetres; the affine maps voxel *centres*. Samples are *stored* values until
/// [`Volume::to_real`] applies the [`Scaling`].
#[derive(Clone, Debug)]
pub struct Volume<T: Voxel> {
    head: Head,
    voxels: Buffer<T>,
}

impl<T: Voxel> Volume<T> {
    /// Joins samples and a grid: no slow axis, identity scaling.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless the buffer holds exactly one sample per voxel.
    pub fn new(voxels: impl Into<Buffer<T>>, geometry: Geometry) -> Result<Self, Error> {
        Self::from_parts(Head::new(geometry), voxels)
    }

    /// Joins a head and samples.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless the buffer holds exactly one sample per voxel and step.
    pub fn from_parts(head: Head, voxels: impl Into<Buffer<T>>) -> Result<Self, Error> {
        let voxels = voxels.into();
        if voxels.len() != head.len() {
            return Err(Error::ShapeMismatch { wanted: head.len(), found: voxels.len() });
        }
        Ok(Self { head, voxels })
    }

    /// Joins parts that are known to fit because they come from one volume.
    #[doc(hidden)]
    pub const fn from_fitting_parts(head: Head, voxels: Buffer<T>) -> Self {
        Self { head, voxels }
    }

    /// Takes the volume apart.
    pub fn into_parts(self) -> (Head, Buffer<T>) {
        (self.head, self.voxels)
    }

    /// The same samples under a head that was changed.
    ///
    /// # Errors
    /// What `change` gives, and [`Error::ShapeMismatch`] where the head asks for another number of samples then.
    pub fn map_head(self, change: impl FnOnce(Head) -> Result<Head, Error>) -> Result<Self, Error> {
        Self::from_parts(change(self.head)?, self.voxels)
    }

    /// Sets how stored values become real ones.
    ///
    /// # Errors
    /// [`Error::ScalingCount`] where per-plane pairs do not match the number of planes.
    pub fn with_scaling(self, scaling: Scaling) -> Result<Self, Error> {
        self.map_head(|head| head.with_scaling(scaling))
    }

    /// Sets the facts of the acquisition.
    #[must_use]
    pub fn with_meta(mut self, meta: Meta) -> Self {
        *self.head.meta_mut() = meta;
        self
    }

    /// Adds one operation to the provenance.
    #[must_use]
    pub fn noting<P: Into<Parameter>, const N: usize>(mut self, operation: &str, parameters: [(&str, P); N]) -> Self {
        self.head.provenance_mut().push(operation, parameters);
        self
    }

    /// States that the world is the patient's LPS+ although the file does not say so; the override lands in the provenance.
    #[must_use]
    pub fn assume_patient_frame(self) -> Self {
        Self { head: self.head.assume_patient_frame(), voxels: self.voxels }
    }

    /// New samples on the same grid with the same steps; scaling as given, meta and provenance kept.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`], [`Error::ScalingCount`].
    pub fn with_voxels<U: Voxel>(&self, voxels: impl Into<Buffer<U>>, scaling: Scaling) -> Result<Volume<U>, Error> {
        Volume::from_parts(self.head.clone().with_scaling(scaling)?, voxels)
    }

    /// The samples of all steps, to change: in place where nobody else holds them, in a copy of their own otherwise.
    pub fn voxels_mut(&mut self) -> &mut [T] {
        self.voxels.to_mut()
    }

    /// The facts of the acquisition, to change.
    pub const fn meta_mut(&mut self) -> &mut Meta {
        self.head.meta_mut()
    }

    /// What was done so far, to add to.
    pub const fn provenance_mut(&mut self) -> &mut Provenance {
        self.head.provenance_mut()
    }

    /// All but the samples.
    pub const fn head(&self) -> &Head {
        &self.head
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
        self.head.geometry()
    }

    /// Voxels along i, j, k.
    pub const fn shape(&self) -> [usize; 3] {
        self.head.shape()
    }

    /// The slow axes, fastest first.
    pub fn slow_axes(&self) -> &[SlowAxis] {
        self.head.slow_axes()
    }

    /// Number of 3-D volumes over all slow axes; 1 where there are none.
    pub fn steps(&self) -> usize {
        self.head.steps()
    }

    /// How stored values become real ones.
    pub const fn scaling(&self) -> &Scaling {
        self.head.scaling()
    }

    /// Facts of the acquisition.
    pub const fn meta(&self) -> &Meta {
        self.head.meta()
    }

    /// What was done so far.
    pub const fn provenance(&self) -> &Provenance {
        self.head.provenance()
    }

    /// The samples of one 3-D step, or `None` past the last.
    pub fn step(&self, step: usize) -> Option<&[T]> {
        let len = self.geometry().len();
        self.voxels().get(step.checked_mul(len)?..)?.get(..len)
    }

    /// One 3-D step as a volume of its own, sharing the memory of this one.
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn extract_step(&self, step: usize) -> Result<Self, Error> {
        let head = self.head.of_step(step)?;
        let start = step * head.len();
        Self::from_parts(head.clone(), self.voxels.slice(start..start + head.len()).unwrap_or_default())
    }

    /// Some steps of one slow axis, the other axes whole. Shares the memory of this volume where they lie side by side, as those of
    /// the slowest axis do.
    ///
    /// # Errors
    /// [`Error::BadStep`] for an axis that is not there, no step, or one past the last.
    pub fn select_steps(&self, axis: usize, steps: &[usize]) -> Result<Self, Error> {
        let (head, sources) = self.head.of_steps(axis, steps)?;
        let len = self.geometry().len();
        let first = sources.first().copied().unwrap_or(0);
        if sources.iter().enumerate().all(|(n, s)| *s == first + n) {
            let part = self.voxels.slice(first * len..(first + sources.len()) * len);
            return Self::from_parts(head, part.unwrap_or_default());
        }
        let mut voxels = Vec::with_capacity(head.len());
        sources.iter().for_each(|s| voxels.extend_from_slice(self.step(*s).unwrap_or_default()));
        Self::from_parts(head, voxels)
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
}
