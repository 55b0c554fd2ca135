//! Numbers about a volume: extremes, moments, percentiles, histograms, and their sums over many volumes.
//!
//! NaN is skipped and counted, here and everywhere in this module; infinities are values. Sums are f64, taken in blocks of a
//! fixed size that are added in order, so that the result is the same for any number of threads. What several volumes
//! contribute is merged through a [`Cohort`], which adds in the order of ids, not of arrival.
//!
//! # Examples
//! ```
//! use isocenter_volume::stats::{Moments, percentiles};
//!
//! let samples = [1i16, 2, 3, 4];
//! assert_eq!(percentiles(&samples, &[50.0, 100.0])?, [2.5, 4.0]);
//! let moments = Moments::of(&samples);
//! assert_eq!((moments.mean(), moments.variance(0)), (2.5, 1.25));
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod cohort;
mod extremes;
mod histogram;
mod moments;
mod percentile;

pub use cohort::{Cohort, Merge};
pub use extremes::Extremes;
pub use histogram::Histogram;
pub use moments::Moments;
pub use percentile::{percentiles, percentiles_masked};

use crate::{Error, Real};

/// Samples of one block of a parallel sum; fixed, so that results do not depend on the pool.
const BLOCK: usize = 1 << 16;

/// Refuses a mask of another size.
fn check_mask<T>(samples: &[T], mask: &[bool]) -> Result<(), Error> {
    if samples.len() == mask.len() {
        Ok(())
    } else {
        Err(Error::ShapeMismatch { wanted: samples.len(), found: mask.len() })
    }
}

/// The samples where the mask is true.
fn selected<T: Real>(samples: &[T], mask: &[bool]) -> Vec<T> {
    samples.iter().zip(mask).filter(|(_, m)| **m).map(|(s, _)| *s).collect()
}
