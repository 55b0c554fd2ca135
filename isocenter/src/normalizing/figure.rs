//! A picture of what was done: slices before and after, the bias field, histograms.

use isocenter_normalize::{FittedPipeline, Map};
use isocenter_volume::{Cancelled, Ctx, Geometry, Volume};

use crate::{
    Error,
    report::{Indexed, Range, figure_rows, slices},
};

/// Height of a histogram, pixels.
const HEIGHT: usize = 120;
/// Width of a bar, pixels, and number of bars.
const BAR: [usize; 2] = [3, 93];

/// A row of slices before, one of the bias field where one was divided by, one of slices after, and their histograms, as PNG.
///
/// # Errors
/// [`Error::Cancelled`].
pub(super) fn before_and_after(
    before: &Volume<f32>,
    after: &Volume<f32>,
    record: Option<&FittedPipeline>,
    ctx: &Ctx<'_>,
) -> Result<Vec<u8>, Error> {
    let mut rows = vec![slices(before, before, ctx)?];
    if let Some(field) = record.and_then(|record| field_of(record, before.geometry(), ctx)) {
        rows.push(slices(&field, before, ctx)?);
    }
    rows.push(slices(after, before, ctx)?);
    rows.push(vec![histogram(before, ctx)?, histogram(after, ctx)?]);
    Ok(figure_rows(&rows))
}

/// The logarithm of the bias field of a record on the grid of the image that came in.
fn field_of(record: &FittedPipeline, grid: &Geometry, ctx: &Ctx<'_>) -> Option<Volume<f32>> {
    record.records().find_map(|record| match record.fitted().map() {
        Map::Bias(field) => field.log_field(grid, ctx).ok(),
        _ => None,
    })
}

/// Counts of values between the percentiles that a picture shows, by their roots, so that a tissue shows beside the air.
fn histogram(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Indexed, Cancelled> {
    ctx.check()?;
    let [wide, bars] = BAR;
    let range = Range::of_percentiles(volume, volume.meta().modality.as_deref());
    let mut counts = vec![0u64; bars];
    let values = volume.voxels().iter().map(|v| f64::from(*v));
    for value in values.filter(|v| (range.low..=range.high).contains(v)) {
        let at = ((value - range.low) / (range.high - range.low) * bars as f64) as usize;
        counts[at.min(bars - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut picture = Indexed::of_greys(wide * bars, HEIGHT, &[]);
    for (n, count) in counts.into_iter().enumerate() {
        let tall = ((count as f64 / most).sqrt() * (HEIGHT - 1) as f64) as usize;
        for x in n * wide..(n + 1) * wide - 1 {
            (HEIGHT - 1 - tall..HEIGHT).for_each(|y| picture.put(x, y, Indexed::WHITE));
        }
    }
    Ok(picture)
}
