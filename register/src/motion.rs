//! Motion of one patient over a series of images of one kind: functional, perfusion, diffusion without weighting, dynamic contrast.
//!
//! Every step is brought to a reference by a turn and a shift. Steps show the same thing with the same contrast, so that differences of intensity say all, and every
//! voxel of the body and its surroundings counts: the squared differences are brought to their least by Gauss and Newton's method, from blurred images to the
//! grid's own resolution. A step may be brighter or darker, and shaded smoothly: gain, offset and a gain of second order in the place are found along with the
//! motion. Steps do not depend on each other, and are worked on in parallel; any number of threads gives the same bits.
//!
//! Motions of up to about a third of the body's radius of gyration (20 to 25 mm of a head, or as many degrees) from the reference are found. Contrasts that differ between steps (weighted
//! diffusion) are the business of [`crate::RegistrationOptions`].
//!
//! # Examples
//! ```
//! use isocenter_register::{MotionOptions, Rigid};
//! use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis, Volume};
//!
//! // a ball with two dents, at three places one after another
//! let geometry = Geometry::new([24; 3], Affine::from_spacing_origin([4.0; 3], [-46.0; 3]), Frame::Patient(None))?;
//! let ball = |p: [f64; 3]| {
//!     let r = |c: [f64; 3]| (0..3).map(|a| (p[a] - c[a]).powi(2)).sum::<f64>().sqrt();
//!     let part = |c: [f64; 3], radius: f64| (0.5 + (radius - r(c)) / 6.0).clamp(0.0, 1.0);
//!     (100.0 * part([0.0; 3], 34.0) - 50.0 * part([14.0, 9.0, -6.0], 12.0) - 40.0 * part([-12.0, 4.0, 14.0], 10.0)) as f32
//! };
//! let shifts = [[0.0; 3], [1.0, -2.0, 0.5], [3.0, 0.0, -1.0]];
//! let samples: Vec<f32> = shifts.iter().flat_map(|shift| (0..13_824).map(|n| {
//!     let p = geometry.world_of([(n % 24) as f64, (n / 24 % 24) as f64, (n / 576) as f64]);
//!     ball([0, 1, 2].map(|a| p[a] - shift[a]))
//! })).collect();
//! let head = Head::new(geometry).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 3)?])?;
//! let series = Volume::from_parts(head, samples)?;
//!
//! let motion = MotionOptions::default().correct(&series)?;
//! let found = motion.transforms[2].apply([0.0; 3]);
//! let first = motion.transforms[0].apply([0.0; 3]);
//! assert!((found[0] - first[0] - 3.0).abs() < 0.1 && (found[2] - first[2] + 1.0).abs() < 0.1);
//! assert_eq!(motion.framewise_displacement_mm[0], 0.0);
//! let still = motion.resample().apply(&series)?;
//! assert_eq!(still.steps(), 3);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod appearance;
mod cubic;
mod descent;
mod displacement;
mod found;
mod gather;
mod mean;
mod scales;
mod solve;
mod template;
mod work;

use std::fmt;

use isocenter_volume::{Ctx, Mask, Real, Volume};

pub use found::Motion;

use crate::{Error, Side, options};

/// What the steps of a series are brought to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// The step in the middle of the series.
    #[default]
    Middle,
    /// The step of this number, counted from 0.
    Step(usize),
    /// The mean of all steps as they lie.
    Mean,
}

/// How to find the motion of a series.
#[derive(Clone)]
#[must_use]
pub struct MotionOptions<'a> {
    pub(crate) reference: Reference,
    pub(crate) second_pass: bool,
    pub(crate) mask: Option<&'a Mask>,
    pub(crate) ctx: Ctx<'a>,
}

impl Default for MotionOptions<'_> {
    fn default() -> Self {
        Self { reference: Reference::default(), second_pass: true, mask: None, ctx: Ctx::default() }
    }
}

impl<'a> MotionOptions<'a> {
    /// Sets what the steps are brought to; the middle step by default.
    pub fn reference(mut self, reference: Reference) -> Self {
        self.reference = reference;
        self
    }

    /// Sets whether the steps are brought a second time to the mean of those aligned, which has less noise than any of them; they are by default. That mean
    /// lies where the first reference lay.
    pub fn second_pass(mut self, on: bool) -> Self {
        self.second_pass = on;
        self
    }

    /// Looks only at voxels of the reference that are in this mask, which lies on the reference's grid.
    pub fn mask<'b>(self, mask: &'b Mask) -> MotionOptions<'b>
    where
        'a: 'b,
    {
        MotionOptions { mask: Some(mask), ..self }
    }

    /// Sets limits, observer (told of every step), pool and scratch.
    pub fn ctx<'b>(self, ctx: Ctx<'b>) -> MotionOptions<'b>
    where
        'a: 'b,
    {
        MotionOptions { ctx, ..self }
    }

    /// Finds where the points of the reference lie in every step of `series`, all slow axes taken as one. Scalings are applied; samples that are not finite are
    /// filled from their surroundings, and those of the reference are not compared.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`], [`Error::NoContrast`] or [`Error::NothingFinite`] of the reference (as the fixed image), [`Error::MaskGrid`],
    /// [`Error::MaskTooSmall`], [`Error::BadOption`] for a reference past the last step, [`Error::Cancelled`].
    pub fn correct<T: Real>(&self, series: &Volume<T>) -> Result<Motion, Error> {
        let steps = series.steps();
        let chosen = match self.reference {
            Reference::Middle => Some(steps / 2),
            Reference::Step(step) if step < steps => Some(step),
            Reference::Step(step) => {
                let found = step as f64;
                return Err(Error::BadOption { what: "the reference", wanted: "a step of the series", found });
            }
            Reference::Mean => None,
        };
        patient(series, Side::Moving)?;
        self.ctx.install(|| {
            let reference = match chosen {
                Some(step) => series.extract_step(step)?.to_real(&self.ctx)?,
                None => mean::of_all(series, &self.ctx)?,
            };
            work::run(self, &reference, series, self.second_pass)
        })
    }

    /// Finds where the points of `fixed`, an image of its own, lie in every step of `series`. The reference is this image alone: there is no second pass.
    ///
    /// # Errors
    /// As [`correct`](Self::correct), and [`Error::SlowSteps`] for a fixed image of more than one step.
    pub fn align<F: Real, T: Real>(&self, fixed: &Volume<F>, series: &Volume<T>) -> Result<Motion, Error> {
        options::check(fixed, Side::Fixed)?;
        patient(series, Side::Moving)?;
        self.ctx.install(|| {
            let fixed = options::real(fixed, &self.ctx)?;
            work::run(self, &fixed, series, false)
        })
    }
}

impl fmt::Debug for MotionOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MotionOptions")
            .field("reference", &self.reference)
            .field("second_pass", &self.second_pass)
            .field("has_mask", &self.mask.is_some())
            .finish_non_exhaustive()
    }
}

fn patient<T: Real>(series: &Volume<T>, side: Side) -> Result<(), Error> {
    if series.geometry().frame().is_patient() { Ok(()) } else { Err(Error::NoPatientFrame { side }) }
}
