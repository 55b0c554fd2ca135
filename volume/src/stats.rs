//! Numbers about a volume: extremes, moments, percentiles, histograms, and their sums over many volumes.
//!
//! A [`Selection`] says which samples count: all, those of a [`crate::Mask`], those of a range of values; never what is not finite.
//! Over plain samples NaN is skipped and counted; an infinity is a value to [`Extremes::of`] and [`percentiles`], and has no part in
//! [`Moments`]. Sums are f64, taken in blocks of a fixed size that are added in order, so that the result is the same for any number
//! of threads. What several volumes contribute is merged through a [`Cohort`], which adds in the order of ids, not of arrival.
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
mod otsu;
mod percentile;
mod running;
mod selection;

pub use cohort::{Cohort, Merge};
pub use extremes::Extremes;
pub use histogram::Histogram;
pub use moments::Moments;
pub use otsu::Otsu;
pub use percentile::{percentiles, percentiles_over};
pub use running::Running;
pub use selection::Selection;

/// Samples of one block of a parallel sum; fixed, so that results do not depend on the pool.
const BLOCK: usize = 1 << 16;
