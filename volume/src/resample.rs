//! From one grid to another, with one interpolation.
//!
//! The builder reads as a sentence: to which grid, with which interpolation, through which transform. However many steps were
//! composed into that transform, every output voxel is interpolated once. Where the two grids are parallel (up to permutation
//! and reversal of axes) the work is done axis by axis, and where their voxels coincide they are copied; the result does not
//! depend on the number of threads. Any [`WorldMap`] will do as a transform, one for all steps or one for each; an affine costs the
//! least.
//!
//! Grids of two frames of reference do not share coordinates: without a transform between them they are refused.
//!
//! Values are *stored* values; a uniform scaling goes along untouched, planes of different scalings are refused. Arithmetic is
//! f32, and f64 for samples that f32 cannot hold (32 and 64 bits, f64); integers round half away from zero and clamp. NaN and
//! infinities stay where they are and reach nothing else ([`crate::non_finite`]); an image of one value keeps it to the bit.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, Interpolation, Resample, Volume};
//!
//! let geometry = Geometry::new([4, 1, 1], Affine::from_spacing_origin([1.0; 3], [0.0; 3]), Frame::Patient(None))?;
//! let ramp = Volume::new(vec![0.0f32, 10.0, 20.0, 30.0], geometry)?;
//! let coarse = Resample::to_spacing([2.0, 1.0, 1.0]).interpolation(Interpolation::Linear).apply(&ramp)?;
//! assert_eq!(coarse.voxels(), [5.0, 25.0]); // the extent is kept: the new centres lie between the old
//! assert_eq!(coarse.geometry().origin_mm(), [0.5, 0.0, 0.0]);
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod antialias;
mod apply;
mod axis;
mod convert;
mod general;
mod holes;
mod inner;
mod kernels;
mod labels;
mod places;
mod plan;
mod policy;
mod separable;
mod transforms;

use std::fmt;

pub use policy::GridPolicy;

use self::transforms::Transforms;
use crate::sample::{Edge, Interpolation, LabelInterpolation};
use crate::{Ctx, Error, Geometry, WorldMap, provenance::Parameter};

/// How to bring volumes and label maps onto another grid.
#[derive(Clone)]
#[must_use]
pub struct Resample<'a> {
    target: Target,
    policy: GridPolicy,
    interpolation: Interpolation,
    labels: LabelInterpolation,
    edge: Edge,
    transforms: Transforms<'a>,
    across_frames: bool,
    antialias: bool,
    ctx: Ctx<'a>,
}

#[derive(Clone, Debug)]
enum Target {
    Spacing([f64; 3]),
    Geometry(Box<Geometry>),
}

impl<'a> Resample<'a> {
    fn to(target: Target) -> Self {
        Self {
            target,
            policy: GridPolicy::default(),
            interpolation: Interpolation::default(),
            labels: LabelInterpolation::default(),
            edge: Edge::default(),
            transforms: Transforms::default(),
            across_frames: false,
            antialias: false,
            ctx: Ctx::default(),
        }
    }

    /// Keeps the directions of the axes and sets the distance between neighbours along i, j, k, mm.
    pub fn to_spacing(spacing_mm: [f64; 3]) -> Self {
        Self::to(Target::Spacing(spacing_mm))
    }

    /// Fills the grid of another image.
    pub fn to_geometry(geometry: Geometry) -> Self {
        Self::to(Target::Geometry(Box::new(geometry)))
    }

    /// Sets the interpolation of images; linear by default.
    pub fn interpolation(mut self, interpolation: Interpolation) -> Self {
        self.interpolation = interpolation;
        self
    }

    /// Sets the interpolation of label maps; nearest by default.
    pub fn label_interpolation(mut self, interpolation: LabelInterpolation) -> Self {
        self.labels = interpolation;
        self
    }

    /// Sets the stored value of places outside the input; 0 by default. The same as [`Resample::edge`] with [`Edge::Value`].
    pub fn outside(self, value: f64) -> Self {
        self.edge(Edge::Value(value))
    }

    /// Sets what places outside the input are worth. For label maps they are background under [`Edge::Value`].
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edge = edge;
        self
    }

    /// Sets the map from the world of the output to the world of the input, LPS+ mm: fixed to moving of a registration. Owned or
    /// borrowed; what it says holds for all steps.
    pub fn transform(mut self, output_to_input: impl WorldMap + 'a) -> Self {
        self.transforms = Transforms::one(output_to_input);
        self
    }

    /// Sets one such map for each step over all slow axes, in the order of the samples: the motion between the volumes of a series.
    pub fn transform_per_step<M: WorldMap + 'a>(mut self, output_to_input: impl IntoIterator<Item = M>) -> Self {
        self.transforms = Transforms::per_step(output_to_input);
        self
    }

    /// States that grids whose frames of reference have different UIDs share their coordinates all the same; where that is needed it
    /// lands in the provenance. A transform needs no such word: it says how the two lie.
    pub fn across_frames(mut self) -> Self {
        self.across_frames = true;
        self
    }

    /// Smooths before sampling on axes where the step grows, so that what the new grid cannot hold does not fold into it; off by
    /// default. Label maps are never smoothed.
    ///
    /// A Gaussian of `sqrt((t^2 - s^2) / (8 ln 2)) / s` voxels along each input axis, with `s` the input's and `t` the output's
    /// step along it in mm: the width that turns one box of `s` into one of `t`. Source: M. J. Cardoso et al., "Scale factor point
    /// spread function matching", MICCAI 2015.
    pub fn antialias(mut self, on: bool) -> Self {
        self.antialias = on;
        self
    }

    /// Sets how a grid is laid by [`Resample::to_spacing`].
    pub fn policy(mut self, policy: GridPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets limits, observer (told of output planes), pool and scratch.
    pub fn ctx<'b>(self, ctx: Ctx<'b>) -> Resample<'b>
    where
        'a: 'b,
    {
        Resample { ctx, ..self }
    }

    /// The grid that an input on `input` is brought to.
    ///
    /// # Errors
    /// [`Error::BadNumber`] for a spacing that is not finite and positive, [`Error::BadShape`] for one too fine to hold.
    pub fn geometry_for(&self, input: &Geometry) -> Result<Geometry, Error> {
        match &self.target {
            Target::Spacing(spacing_mm) => self.policy.geometry(input, *spacing_mm),
            Target::Geometry(geometry) => Ok((**geometry).clone()),
        }
    }

    /// Refuses maps and frames that do not fit; says whether the frames were taken as one by [`Resample::across_frames`].
    fn check_transforms(&self, input: &Geometry, output: &Geometry, steps: usize) -> Result<bool, Error> {
        self.transforms.check(steps)?;
        self.transforms.check_frames(input.frame(), output.frame(), self.across_frames)
    }

    fn parameters(&self, output: &Geometry, interpolation: &dyn fmt::Display) -> [(&'static str, Parameter); 6] {
        let policy = match self.target {
            Target::Spacing(_) => self.policy.to_string(),
            Target::Geometry(_) => "grid given".to_owned(),
        };
        [
            ("interpolation", interpolation.to_string().into()),
            ("edge", self.edge.to_string().into()),
            ("shape", output.shape().into()),
            ("affine", (*output.affine()).into()),
            ("policy", policy.into()),
            ("transform", self.transforms.note()),
        ]
    }
}

impl fmt::Debug for Resample<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resample")
            .field("target", &self.target)
            .field("policy", &self.policy)
            .field("interpolation", &self.interpolation)
            .field("labels", &self.labels)
            .field("edge", &self.edge)
            .field("transform", &format_args!("{}", self.transforms.note()))
            .field("across_frames", &self.across_frames)
            .field("antialias", &self.antialias)
            .field("ctx", &self.ctx)
            .finish_non_exhaustive()
    }
}
