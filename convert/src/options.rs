//! How to plan and how to read.

use isocenter_dcm::{OpenOptions, ReadLimits, Tolerance, pixel::DecodeOptions};
use isocenter_volume::Ctx;

/// How files are opened and decoded, how large a volume may be, who is told and may stop the work. The same options serve
/// [`plan`](crate::plan::plan()), which opens only files of one SOP Instance UID, and [`read`](crate::read::read()).
///
/// ```
/// use isocenter_convert::{Options, dcm::Tolerance};
/// let strict = Options::default().tolerance(Tolerance::Strict);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    pub(crate) limits: ReadLimits,
    pub(crate) tolerance: Tolerance,
    pub(crate) decode: DecodeOptions,
    #[cfg(feature = "serde")]
    pub(crate) header_sign: bool,
    pub(crate) philips: PhilipsScaling,
    pub(crate) even: bool,
    pub(crate) ctx: Ctx<'a>,
}

impl<'a> Options<'a> {
    /// Sets what a file may ask for.
    #[must_use]
    pub fn limits(mut self, limits: ReadLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what to do about a file that is not as it should be.
    #[must_use]
    pub const fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets whether the header decides the sign of samples also where a JPEG 2000 stream says otherwise; see
    /// [`DecodeOptions::header_sign`]. Off by default.
    #[must_use]
    pub const fn header_sign(mut self, header_sign: bool) -> Self {
        #[cfg(feature = "serde")]
        {
            self.header_sign = header_sign;
        }
        self.decode = self.decode.header_sign(header_sign);
        self
    }

    /// Sets which of its two scalings the values of a Philips MR have.
    #[must_use]
    pub const fn philips_scaling(mut self, scaling: PhilipsScaling) -> Self {
        self.philips = scaling;
        self
    }

    /// Sets whether one image of each place of a stack, at places that are not evenly spaced, becomes a volume on an even grid, as fine as
    /// the smallest distance (twice as many slices at most), interpolated linearly between slices; it says so
    /// ([`Warning::Evened`](crate::Warning::Evened)). Off by default: such a series is refused, and a gap may be a slice that was lost.
    #[must_use]
    pub const fn even(mut self, even: bool) -> Self {
        self.even = even;
        self
    }

    /// Sets limits of a volume, observer, pool and scratch.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
        self
    }

    /// Limits of a volume, observer, pool and scratch.
    pub const fn context(&self) -> &Ctx<'a> {
        &self.ctx
    }

    pub(crate) fn open(&self) -> OpenOptions {
        OpenOptions::new().limits(self.limits.clone()).tolerance(self.tolerance)
    }
}

/// The values of a Philips MR, whose header may have two scalings.
///
/// Source: Chenevert et al., "Errors in quantitative image analysis due to platform-dependent image scaling", 2014.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum PhilipsScaling {
    /// The scanner's own floating-point values, by the scale slope of (2005,xx0E), comparable within an exam; of a file that has none,
    /// those of the display.
    #[default]
    Precise,
    /// Those of Rescale Slope and Intercept, by which each series is displayed.
    Display,
}
