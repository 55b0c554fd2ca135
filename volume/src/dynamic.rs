//! A volume whose sample type is known only at run time: what a file gives.

use crate::{
    Ctx, DynSamples, Error, Geometry, Head, IndexMap, Meta, Orientation, Provenance, SampleType, Scaling, SlowAxis,
    Volume, Voxel, provenance::Parameter,
};

/// A [`Head`] and [`DynSamples`]: a [`Volume`] of any sample type. Match once, at the edge; kernels are generic.
#[derive(Clone, Debug)]
pub struct DynVolume {
    head: Head,
    samples: DynSamples,
}

/// Runs an expression on the typed volume of a [`DynVolume`]: `with_volume!(dynamic, v => v.steps())`.
///
/// Takes it by value, or by reference: then the volume is a cheap clone that shares the samples.
#[macro_export]
macro_rules! with_volume {
    ($dynamic:expr, $v:ident => $body:expr) => {{
        let (head, samples) = $crate::DynVolume::from($dynamic).into_parts();
        $crate::with_samples!(samples, s => { let $v = $crate::Volume::from_fitting_parts(head, s); $body })
    }};
}

/// As [`with_volume!`](crate::with_volume) for samples that are real numbers; `else` for complex and colour.
#[macro_export]
macro_rules! with_real_volume {
    ($dynamic:expr, $v:ident => $body:expr, else $other:expr) => {{
        let (head, samples) = $crate::DynVolume::from($dynamic).into_parts();
        $crate::with_real_samples!(samples, s => { let $v = $crate::Volume::from_fitting_parts(head, s); $body }, else $other)
    }};
}

impl<T: Voxel> From<Volume<T>> for DynVolume
where
    DynSamples: From<crate::Buffer<T>>,
{
    fn from(volume: Volume<T>) -> Self {
        let (head, samples) = volume.into_parts();
        Self { head, samples: samples.into() }
    }
}

impl From<&Self> for DynVolume {
    /// A cheap clone that shares the samples.
    fn from(volume: &Self) -> Self {
        volume.clone()
    }
}

impl DynVolume {
    /// Joins a head and samples.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless there is exactly one sample per voxel and step.
    pub fn from_parts(head: Head, samples: impl Into<DynSamples>) -> Result<Self, Error> {
        let samples = samples.into();
        if samples.len() != head.len() {
            return Err(Error::ShapeMismatch { wanted: head.len(), found: samples.len() });
        }
        Ok(Self { head, samples })
    }

    /// Takes the volume apart.
    pub fn into_parts(self) -> (Head, DynSamples) {
        (self.head, self.samples)
    }

    /// The same samples under a head that was changed.
    ///
    /// # Errors
    /// What `change` gives, and [`Error::ShapeMismatch`] where the head asks for another number of samples then.
    pub fn map_head(self, change: impl FnOnce(Head) -> Result<Head, Error>) -> Result<Self, Error> {
        Self::from_parts(change(self.head)?, self.samples)
    }

    /// The volume where its samples are of that type, itself otherwise.
    ///
    /// # Errors
    /// The volume unchanged, where its samples are of another type.
    pub fn downcast<T: Voxel>(self) -> Result<Volume<T>, Box<Self>> {
        match self.samples.downcast() {
            Ok(samples) => Ok(Volume::from_fitting_parts(self.head, samples)),
            Err(samples) => Err(Box::new(Self { head: self.head, samples })),
        }
    }

    /// Sets how stored values become real ones; see [`Volume::with_scaling`].
    ///
    /// # Errors
    /// [`Error::ScalingCount`].
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

    /// States that the world is the patient's; see [`Volume::assume_patient_frame`].
    #[must_use]
    pub fn assume_patient_frame(self) -> Self {
        Self { head: self.head.assume_patient_frame(), samples: self.samples }
    }

    /// The facts of the acquisition, to change.
    pub const fn meta_mut(&mut self) -> &mut Meta {
        self.head.meta_mut()
    }

    /// All but the samples.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// The samples of all steps, `i` fastest.
    pub const fn samples(&self) -> &DynSamples {
        &self.samples
    }

    /// The samples to change.
    pub const fn samples_mut(&mut self) -> &mut DynSamples {
        &mut self.samples
    }

    /// Type of the samples.
    pub const fn sample_type(&self) -> SampleType {
        self.samples.sample_type()
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

    /// Number of 3-D volumes over all slow axes.
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

    /// Permutes and flips axes to an anatomical orientation; see [`Volume::reorient`].
    ///
    /// # Errors
    /// As [`Volume::reorient`].
    pub fn reorient(&self, wanted: Orientation, ctx: &Ctx<'_>) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.reorient(wanted, ctx)?.into()))
    }

    /// Moves voxels through an exact lattice map, padding with the type's zero; see [`Volume::remap`].
    ///
    /// # Errors
    /// As [`Volume::remap`].
    pub fn remap(&self, map: &IndexMap, ctx: &Ctx<'_>) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.remap(map, Default::default(), ctx)?.into()))
    }

    /// One 3-D step as a volume of its own, sharing the memory of this one; see [`Volume::extract_step`].
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn extract_step(&self, step: usize) -> Result<Self, Error> {
        let head = self.head.of_step(step)?;
        let start = step * head.len();
        let samples = self.samples.slice(start..start + head.len());
        samples.map_or(Err(Error::BadStep { axis: 0, len: self.steps(), step }), |s| Self::from_parts(head, s))
    }

    /// Some steps of one slow axis; see [`Volume::select_steps`].
    ///
    /// # Errors
    /// As [`Volume::select_steps`].
    pub fn select_steps(&self, axis: usize, steps: &[usize]) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.select_steps(axis, steps)?.into()))
    }

    /// Real values as f32; see [`Volume::to_real`].
    ///
    /// # Errors
    /// [`Error::SampleType`] for complex and colour samples, [`Error::Cancelled`].
    pub fn to_real(&self, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let found = self.sample_type();
        with_real_volume!(self, v => v.to_real(ctx), else Err(Error::SampleType { operation: "to_real", found }))
    }

    /// Real values as f64; see [`Volume::to_real_f64`].
    ///
    /// # Errors
    /// [`Error::SampleType`] for complex and colour samples, [`Error::Cancelled`].
    pub fn to_real_f64(&self, ctx: &Ctx<'_>) -> Result<Volume<f64>, Error> {
        let found = self.sample_type();
        with_real_volume!(self, v => v.to_real_f64(ctx), else Err(Error::SampleType { operation: "to_real", found }))
    }
}
