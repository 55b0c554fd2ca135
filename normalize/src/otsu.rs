//! Otsu's threshold between background and object.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{self, Extremes, Histogram, Selection},
};

use crate::{Error, Region};

/// Bins of the histogram.
pub const BINS: usize = 256;

/// The value that parts a region into two classes with the largest variance between their means ([`stats::Otsu`]), from a
/// histogram of [`BINS`] equal bins between its extremes. Object is what lies above.
///
/// # Errors
/// [`Error::Constant`] (see [`Extremes::is_constant`]), [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
pub fn threshold(volume: &Volume<f32>, region: Region, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<f64, Error> {
    of(&region.select(volume, mask, ctx)?, region, 0, ctx)
}

/// The threshold of a selection, with so many more samples as dark as the darkest, or 0 where that is above 0: no signal.
pub(crate) fn of(selection: &Selection<'_, f32>, region: Region, darkest: usize, ctx: &Ctx<'_>) -> Result<f64, Error> {
    let found = Extremes::over(selection, ctx)?;
    let empty = || Error::EmptyRegion { region: region.name() };
    let (min, max) = (found.min().ok_or_else(empty)?, found.max().ok_or_else(empty)?);
    let constant = Error::Constant { what: "the range of values" };
    if found.is_constant() {
        return Err(constant);
    }
    let min = if darkest > 0 { min.min(0.0) } else { min };
    let mut histogram = Histogram::new(min, max, BINS)?;
    histogram.add_over(selection, ctx)?;
    histogram.add(&vec![min; darkest]);
    Ok(stats::Otsu::of(&histogram).ok_or(constant)?.lowest())
}
