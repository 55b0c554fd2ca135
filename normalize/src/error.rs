//! Why a normalization was refused.

use isocenter_volume::{Cancelled, Family};

/// Why a normalization was refused. No message holds a patient's value: of a missing fact it names the attribute.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The volume or the mask refused an operation; a mask that lies elsewhere is one of these.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
    /// A parameter is out of its range.
    #[error("{what} must be {wanted}, found {found}")]
    BadParameter {
        /// Name of the parameter.
        what: &'static str,
        /// What is expected of it.
        wanted: &'static str,
        /// What was given.
        found: f64,
    },
    /// The samples are still stored values.
    #[error("the volume's scaling is not applied yet: call to_real first")]
    NotReal,
    /// The step works within a mask, and none was handed in.
    #[error("the region is `mask`, but no mask was given")]
    MaskNeeded,
    /// A buffer has another number of samples than the volume.
    #[error("{what} has {found} samples, wanted {wanted}")]
    Length {
        /// What has the wrong length.
        what: &'static str,
        /// Samples of the volume.
        wanted: usize,
        /// Samples found.
        found: usize,
    },
    /// No finite sample lies in the region.
    #[error("the region `{region}` holds no finite sample")]
    EmptyRegion {
        /// Name of the region.
        region: &'static str,
    },
    /// Too few samples for the statistic.
    #[error("{found} samples in the region, at least {wanted} are needed")]
    TooFew {
        /// Samples needed.
        wanted: u64,
        /// Samples found.
        found: u64,
    },
    /// What the result is divided by is 0 but for rounding: all samples of the region are equal, or the percentiles meet.
    #[error("the region is constant: {what} is 0, or no more than rounding")]
    Constant {
        /// What is 0, or no more than rounding.
        what: &'static str,
    },
    /// Nothing in the image can be an adult's brain: what looked most like one has another size, shape or texture.
    #[error("no brain found: {what}: {found:.2}, wanted {wanted}")]
    NoBrain {
        /// What was measured, with its unit.
        what: &'static str,
        /// What it came to.
        found: f64,
        /// What a brain has.
        wanted: &'static str,
    },
    /// A fact of the acquisition is needed and the header left it out.
    #[error("{attribute} is missing, it is needed for the standardized uptake value")]
    MissingFact {
        /// The DICOM attribute that holds it.
        attribute: &'static str,
    },
    /// The facts ask for something this crate cannot do.
    #[error("{what} {found} is not supported")]
    Unsupported {
        /// The DICOM attribute.
        what: &'static str,
        /// Its defined term.
        found: &'static str,
    },
    /// The PET image was not corrected, so that its values are no activity at a known time.
    #[error("Corrected Image (0028,0051) lacks DECY or ATTN: the image holds no corrected activity")]
    NotCorrected,
    /// A covariate cannot be told from the sites, or from the other covariates.
    #[error(
        "the covariates cannot be told from the sites or from each other: one of them is the same within every site, or follows from others"
    )]
    Confounded,
    /// Every subject comes once.
    #[error("no subject comes a second time: what is a subject's own cannot be told from noise")]
    OneVisit,
    /// A table of a site that was no part of the fit.
    #[error("the fit does not know the site {site:?}")]
    UnknownSite {
        /// The name as given.
        site: String,
    },
    /// A recursive Gaussian was asked to end in another way than its edge values going on.
    #[error("the recursive kernel knows no boundary but `nearest`")]
    RecursiveBoundary,
    /// What a step does depends on the image, and a grid alone was given.
    #[error("`{step}` depends on the image, not on its grid alone")]
    NeedsSamples {
        /// Name of the step.
        step: &'static str,
    },
    /// A step that writes a value was asked to continue the image.
    #[error("`{step}` writes one value: `clamp` is for `resample`")]
    ClampIsForResample {
        /// Name of the step.
        step: &'static str,
    },
    /// Two resamplings that could be one ask for different ways.
    #[error(
        "an image is interpolated once, and an earlier `resample` asks for another interpolation, labels, fill or antialias: give both the same, or leave one out"
    )]
    TwoInterpolations,
    /// A second interpolation, of an image whose values a step between has changed.
    #[error(
        "it would interpolate the image a second time, after its values were changed: move it next to the `resample` of step {first}"
    )]
    InterpolatedBefore {
        /// Number of the step that interpolates first; they begin at 1.
        first: usize,
    },
    /// A step asks a cohort, and none has answered.
    #[error("what a cohort says to it is not known yet: fit the steps first")]
    NotFitted,
    /// A step that matches one image was fitted to several.
    #[error("the reference is one image, {found} were given")]
    OneReference {
        /// Images given.
        found: usize,
    },
    /// A step looks at the whole image at once, and only slabs of it are there.
    #[error("it looks at the whole image at once, which cannot be done slab by slab")]
    CannotStream,
    /// Samples could not be had or taken, by whoever gives or takes them.
    #[error("{message}")]
    Source {
        /// Why.
        message: String,
    },
    /// A recipe of no steps, or one that says nothing of them.
    #[error("at least one step is wanted")]
    NoSteps,
    /// A step of several failed.
    #[error("step {number}, `{name}`: {source}")]
    InStep {
        /// Its place among the steps; they begin at 1.
        number: usize,
        /// Its name.
        name: &'static str,
        /// Why.
        source: Box<Error>,
    },
    /// The map lost something and cannot be undone.
    #[error("the map has no inverse: {why}")]
    NotInvertible {
        /// What was lost.
        why: &'static str,
    },
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        match error {
            isocenter_volume::Error::Cancelled => Self::Cancelled,
            other => Self::Volume(other),
        }
    }
}

impl Error {
    /// The same, of a step among several; that the caller asked to stop stays as it is.
    pub(crate) fn in_step(self, number: usize, name: &'static str) -> Self {
        match self {
            Self::Cancelled => Self::Cancelled,
            source => Self::InStep { number, name, source: Box::new(source) },
        }
    }

    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Volume(error) => error.reason(),
            Self::BadParameter { .. } => "bad-parameter",
            Self::NotReal => "not-real",
            Self::MaskNeeded => "mask-needed",
            Self::Length { .. } => "length",
            Self::EmptyRegion { .. } => "empty-region",
            Self::TooFew { .. } => "too-few-samples",
            Self::Constant { .. } => "constant",
            Self::NoBrain { .. } => "no-brain",
            Self::MissingFact { .. } => "missing-fact",
            Self::Unsupported { .. } => "unsupported",
            Self::NotCorrected => "not-corrected",
            Self::Confounded => "confounded",
            Self::OneVisit => "one-visit",
            Self::UnknownSite { .. } => "unknown-site",
            Self::RecursiveBoundary => "recursive-boundary",
            Self::NeedsSamples { .. } => "needs-samples",
            Self::ClampIsForResample { .. } => "clamp-is-for-resample",
            Self::TwoInterpolations => "two-interpolations",
            Self::InterpolatedBefore { .. } => "interpolated-before",
            Self::NotFitted => "not-fitted",
            Self::OneReference { .. } => "one-reference",
            Self::CannotStream => "cannot-stream",
            Self::Source { .. } => "source",
            Self::NoSteps => "no-steps",
            Self::InStep { source, .. } => source.reason(),
            Self::NotInvertible { .. } => "not-invertible",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Volume(error) => error.family(),
            Self::BadParameter { .. }
            | Self::NotReal
            | Self::MaskNeeded
            | Self::Length { .. }
            | Self::UnknownSite { .. }
            | Self::RecursiveBoundary
            | Self::NeedsSamples { .. }
            | Self::ClampIsForResample { .. }
            | Self::TwoInterpolations
            | Self::InterpolatedBefore { .. }
            | Self::NotFitted
            | Self::OneReference { .. }
            | Self::NoSteps => Family::Argument,
            Self::InStep { source, .. } => source.family(),
            Self::EmptyRegion { .. }
            | Self::TooFew { .. }
            | Self::Constant { .. }
            | Self::NoBrain { .. }
            | Self::MissingFact { .. }
            | Self::NotCorrected
            | Self::Confounded
            | Self::OneVisit
            | Self::NotInvertible { .. } => Family::Unsuited,
            Self::Unsupported { .. } | Self::CannotStream => Family::Unsupported,
            Self::Source { .. } => Family::Io,
            Self::Cancelled => Family::Cancelled,
        }
    }
}

/// Checks a number from a recipe or a header.
pub(crate) fn number(what: &'static str, found: f64) -> Result<f64, Error> {
    if found.is_finite() { Ok(found) } else { Err(Error::BadParameter { what, wanted: "a finite number", found }) }
}

/// Checks that a number is finite and above 0.
pub(crate) fn positive(what: &'static str, found: f64) -> Result<f64, Error> {
    if found.is_finite() && found > 0.0 {
        Ok(found)
    } else {
        Err(Error::BadParameter { what, wanted: "finite and above 0", found })
    }
}
