//! Maps by the histogram: matched to that of a reference, or made even.
//!
//! | step | what it does | equal to |
//! |---|---|---|
//! | [`HistogramMatch`] | brings a few quantiles to those of a reference | SimpleITK `HistogramMatching` |
//! | [`CdfMatch`] | brings every value to the one of equal rank in a reference | scikit-image `match_histograms` |
//! | [`HistogramEqualize`] | brings every value to its rank | MONAI `HistogramNormalize` |
//!
//! A reference image is measured once; the step holds what was measured, so that it can be stored and applied where the reference
//! is not at hand.

mod cdf;
mod cdf_match;
mod distinct;
mod equalize;
mod levels;
mod quantiles;

pub use cdf::Cdf;
pub use cdf_match::CdfMatch;
pub use equalize::HistogramEqualize;
pub use levels::HistogramMatch;
pub use quantiles::Quantiles;
