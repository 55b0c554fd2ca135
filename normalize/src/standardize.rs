//! Standardizing: one tissue, or the whole histogram, of every image brought to the same values.
//!
//! MR values have no unit: the same white matter is 300 on one scanner and 1100 on the next. These steps find something that
//! images share and map it to fixed values.
//!
//! | step | what is shared | fitted to |
//! |---|---|---|
//! | [`Nyul`] | percentiles of the foreground | a cohort, then an image |
//! | [`WhiteStripe`] | the peak of white matter and the values around it | an image |
//! | [`KdePeak`] | the peak of a tissue | an image |
//! | [`Fcm`] | the mean of a tissue that fuzzy clustering finds | an image |
//! | [`Lsq`] | the means of three tissues, in the least-squares sense | a cohort, then an image |
//! | [`ravel`] | voxels without signal of interest (fluid), voxel by voxel | a registered cohort |
//!
//! What a cohort is needed for is a part for each image, merged in the order of ids, and a short table at the end, which the step
//! holds as its parameters.

mod clusters;
mod density;
mod fcm;
mod kde_peak;
mod lsq;
mod nyul;
mod peak;
pub mod ravel;
mod scale;
mod tally;
mod white_stripe;

pub use clusters::Clusters;
pub use density::{Bandwidth, Density};
pub use fcm::{Fcm, Tissue};
pub use kde_peak::KdePeak;
pub use lsq::{Lsq, TissueMeans};
pub use nyul::Nyul;
pub use peak::{Peak, Rule};
pub use scale::{ScalePart, StandardScale};
pub use white_stripe::WhiteStripe;
