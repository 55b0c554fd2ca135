//! How to register.

use std::{any::Any, borrow::Cow, fmt};

use isocenter_volume::{Affine, Ctx, Mask, Real, Volume};

use crate::{Dof, Error, Metric, Registration, Side, align};

/// How to find the map from one image to another: a rigid one of one patient's, or a map of more freedom ([`Dof`]).
///
/// The defaults suit heads and bodies of any modality.
#[derive(Clone)]
#[must_use]
pub struct RegistrationOptions<'a> {
    pub(crate) metric: Metric,
    pub(crate) dof: Dof,
    pub(crate) start: Option<Affine>,
    pub(crate) rotations: usize,
    pub(crate) samples: usize,
    pub(crate) trim: f64,
    pub(crate) mask: Option<&'a Mask>,
    pub(crate) moving_mask: Option<&'a Mask>,
    pub(crate) also: Vec<Also<'a>>,
    pub(crate) ctx: Ctx<'a>,
}

/// Another pair of images that share the two worlds.
#[derive(Clone, Copy)]
pub(crate) struct Also<'a> {
    pub(crate) fixed: &'a Volume<f32>,
    pub(crate) moving: &'a Volume<f32>,
    pub(crate) weight: f64,
}

impl Default for RegistrationOptions<'_> {
    fn default() -> Self {
        Self {
            metric: Metric::default(),
            dof: Dof::Rigid,
            start: None,
            rotations: 1000,
            samples: 150_000,
            trim: 0.0,
            mask: None,
            moving_mask: None,
            also: Vec::new(),
            ctx: Ctx::default(),
        }
    }
}

impl<'a> RegistrationOptions<'a> {
    /// Largest number that [`RegistrationOptions::rotations`] takes.
    pub const MAX_ROTATIONS: usize = 100_000;
    /// Smallest and largest number that [`RegistrationOptions::samples`] takes.
    pub const SAMPLES: [usize; 2] = [1000, 20_000_000];
    /// Largest share that [`RegistrationOptions::trim`] takes.
    pub const MAX_TRIM: f64 = 0.5;

    /// Sets the measure of likeness; [`Metric::NormalizedMutualInformation`] by default.
    pub fn metric(mut self, metric: Metric) -> Self {
        self.metric = metric;
        self
    }

    /// Sets among which maps to look; [`Dof::Rigid`] by default.
    pub fn dof(mut self, dof: Dof) -> Self {
        self.dof = dof;
        self
    }

    /// Sets a map of points of the fixed image to points of the moving image (LPS mm) that is tried beside the starts of the search; what these do not have
    /// ([`dof`](Self::dof)) is left out of it.
    pub fn start(mut self, start: Affine) -> Self {
        self.start = Some(start);
        self
    }

    /// Sets how many rotations, spread evenly over all there are, are tried besides that of the headers; 1000 by default
    /// (neighbours are about 20 degrees apart). 0 trusts the headers' rotation and looks for the next optimum.
    pub fn rotations(mut self, rotations: usize) -> Self {
        self.rotations = rotations;
        self
    }

    /// Sets at how many places the images are compared at the finest resolution, at most; 150,000 by default.
    pub fn samples(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    /// Sets the share of places, 0 to [`MAX_TRIM`](Self::MAX_TRIM), that are left out because they fit worst; none by default. For parts that have changed (a resection, a
    /// lesion that grew) or moved by themselves (a jaw, an arm): with a little more than their share they no longer pull at the rest. Places are left out in small cubes, once
    /// a map is found to 2 mm or so; all of them speak in the verdict and in the metric's values.
    pub fn trim(mut self, share: f64) -> Self {
        self.trim = share;
        self
    }

    /// Looks only at voxels of the fixed image that are in this mask, which lies on the fixed image's grid.
    pub fn mask<'b>(self, mask: &'b Mask) -> RegistrationOptions<'b>
    where
        'a: 'b,
    {
        RegistrationOptions { mask: Some(mask), ..self }
    }

    /// Looks only at voxels of the moving image that are in this mask, which lies on the moving image's grid.
    pub fn moving_mask<'b>(self, mask: &'b Mask) -> RegistrationOptions<'b>
    where
        'a: 'b,
    {
        RegistrationOptions { moving_mask: Some(mask), ..self }
    }

    /// Compares another pair of images at once: one that lies in the world of the fixed image, and one that lies in the world of the moving image (two contrasts of each
    /// visit, an image and its map). Likeness is the mean over the pairs by their weights, of which the first pair's is 1; bodies, masks, residual and overlap are the first
    /// pair's. May be called several times.
    pub fn with_pair<'b>(self, fixed: &'b Volume<f32>, moving: &'b Volume<f32>, weight: f64) -> RegistrationOptions<'b>
    where
        'a: 'b,
    {
        let mut new: RegistrationOptions<'b> = self;
        new.also.push(Also { fixed, moving, weight });
        new
    }

    /// Sets limits, observer (told of stages), pool and scratch.
    pub fn ctx<'b>(self, ctx: Ctx<'b>) -> RegistrationOptions<'b>
    where
        'a: 'b,
    {
        RegistrationOptions { ctx, ..self }
    }

    /// Finds the map from points of `fixed` to points of `moving`. Two images of one plane each are brought to each other in it, also where they have no place in a patient
    /// (radiographs): the map then leaves what is out of the plane where it is. Scalings are applied; samples that are not finite are left out of
    /// every comparison, as if a mask of each image did so.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`], [`Error::SlowSteps`], [`Error::NoContrast`], [`Error::NothingFinite`], [`Error::MaskGrid`], [`Error::MaskTooSmall`],
    /// [`Error::BadOption`], [`Error::BadStart`], [`Error::Cancelled`].
    pub fn register<F: Real, M: Real>(&self, fixed: &Volume<F>, moving: &Volume<M>) -> Result<Registration, Error> {
        let [least, most] = Self::SAMPLES;
        if self.samples < least || self.samples > most {
            let found = self.samples as f64;
            return Err(Error::BadOption { what: "the number of samples", wanted: "1000 to 20,000,000", found });
        }
        if self.rotations > Self::MAX_ROTATIONS {
            let found = self.rotations as f64;
            return Err(Error::BadOption { what: "the number of rotations", wanted: "at most 100,000", found });
        }
        // written so that NaN fails
        let is_share = (0.0..=Self::MAX_TRIM).contains(&self.trim);
        if !is_share {
            return Err(Error::BadOption { what: "the share that is trimmed", wanted: "0 to 0.5", found: self.trim });
        }
        for (image, side) in [(fixed.geometry(), Side::Fixed), (moving.geometry(), Side::Moving)] {
            // two planes need no place in a patient
            let are_planes = fixed.shape().contains(&1) && moving.shape().contains(&1);
            if !are_planes && !image.frame().is_patient() {
                return Err(Error::NoPatientFrame { side });
            }
        }
        one_step(fixed, Side::Fixed)?;
        one_step(moving, Side::Moving)?;
        for also in &self.also {
            check(also.fixed, Side::Fixed)?;
            check(also.moving, Side::Moving)?;
            // written so that NaN fails
            let counts = also.weight > 0.0 && also.weight.is_finite();
            if !counts {
                let found = also.weight;
                return Err(Error::BadOption { what: "the weight of a pair", wanted: "above 0 and finite", found });
            }
        }
        self.ctx.install(|| {
            let fixed_real = real(fixed, &self.ctx)?;
            let moving_real = real(moving, &self.ctx)?;
            align::register(self, &fixed_real, &moving_real)
        })
    }
}

impl RegistrationOptions<'_> {
    /// What is to be said of a map of points of `fixed` to points of `moving` (LPS mm) that came from elsewhere: the images are registered with it as one of the starts,
    /// and what is found is compared with it. The result's [`transform`](Registration::transform) is the one that is judged;
    /// [`distance_mm`](Registration::distance_mm) says how far it is from where the images fit best, and [`crate::Doubt::Elsewhere`] that this is too far.
    ///
    /// # Errors
    /// As [`register`](Self::register).
    pub fn judge<F: Real, M: Real>(
        &self,
        fixed: &Volume<F>,
        moving: &Volume<M>,
        transform: &Affine,
    ) -> Result<Registration, Error> {
        let found = self.clone().start(*transform).register(fixed, moving)?;
        Ok(crate::verdict::of_given(found, transform))
    }
}

impl fmt::Debug for RegistrationOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationOptions")
            .field("metric", &self.metric)
            .field("dof", &self.dof)
            .field("rotations", &self.rotations)
            .field("samples", &self.samples)
            .field("trim", &self.trim)
            .field("has_mask", &self.mask.is_some())
            .field("has_moving_mask", &self.moving_mask.is_some())
            .field("pairs", &(1 + self.also.len()))
            .finish_non_exhaustive()
    }
}

pub(crate) fn check<T: Real>(volume: &Volume<T>, side: Side) -> Result<(), Error> {
    if !volume.geometry().frame().is_patient() {
        return Err(Error::NoPatientFrame { side });
    }
    one_step(volume, side)
}

fn one_step<T: Real>(volume: &Volume<T>, side: Side) -> Result<(), Error> {
    match volume.steps() {
        1 => Ok(()),
        found => Err(Error::SlowSteps { side, found }),
    }
}

/// The real values: the volume itself where it holds them already.
pub(crate) fn real<'v, T: Real>(volume: &'v Volume<T>, ctx: &Ctx<'_>) -> Result<Cow<'v, Volume<f32>>, Error> {
    match (volume as &dyn Any).downcast_ref::<Volume<f32>>() {
        Some(same) if same.scaling().is_identity() => Ok(Cow::Borrowed(same)),
        _ => Ok(Cow::Owned(volume.to_real(ctx)?)),
    }
}
