//! Otsu's threshold between background and object.

use isocenter_volume::Volume;

use crate::{
    Error, Mask, Region, moments,
    region::{Selection, Visit},
};

/// Bins of the histogram.
pub const BINS: usize = 256;

/// The value that parts a region into two classes with the largest variance between their means (Otsu 1979), from a histogram
/// of [`BINS`] equal bins between its extremes. Object is what lies above.
///
/// # Errors
/// [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`].
pub fn threshold(volume: &Volume<f32>, region: Region, mask: Option<Mask<'_>>) -> Result<f64, Error> {
    of(&region.select(volume, mask)?)
}

pub(crate) fn of(selection: &Selection<'_>) -> Result<f64, Error> {
    let (min, max) = moments::extremes(selection)?;
    let (min, max) = (f64::from(min), f64::from(max));
    if min >= max {
        return Err(Error::Constant { what: "the range of values" });
    }
    let width = (max - min) / BINS as f64;
    let mut counts = [0u64; BINS];
    for block in selection.blocks(&Bins { min, width }) {
        counts.iter_mut().zip(block).for_each(|(a, b)| *a += u64::from(b));
    }
    let weighted: f64 = counts.iter().enumerate().map(|(b, &n)| b as f64 * n as f64).sum();
    let total = counts.iter().sum::<u64>() as f64;
    let (mut below, mut below_sum) = (0.0, 0.0);
    let (mut best, mut best_bin) = (f64::NEG_INFINITY, 0);
    for (bin, &n) in counts.iter().enumerate().take(BINS - 1) {
        below += n as f64;
        below_sum += bin as f64 * n as f64;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let difference = below_sum / below - (weighted - below_sum) / above;
        let between = below * above * difference * difference;
        if between > best {
            (best, best_bin) = (between, bin);
        }
    }
    Ok(min + (best_bin + 1) as f64 * width)
}

struct Bins {
    min: f64,
    width: f64,
}

impl Visit for Bins {
    type Out = Vec<u32>;

    fn block(&self, block: &[f32], keep: &impl Fn(usize, f32) -> bool) -> Vec<u32> {
        let mut counts = vec![0; BINS];
        for (n, &v) in block.iter().enumerate() {
            if keep(n, v) {
                let bin = (((f64::from(v) - self.min) / self.width) as usize).min(BINS - 1);
                if let Some(count) = counts.get_mut(bin) {
                    *count += 1;
                }
            }
        }
        counts
    }
}
