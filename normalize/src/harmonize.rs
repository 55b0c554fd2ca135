//! Features of many sites on one footing.
//!
//! A *feature* is a number measured in every image: a volume, a thickness, a texture. Sites (scanners, protocols) shift and stretch features by themselves; what age, sex or a disease
//! do to them is to stay. Tables are features by samples, `NaN` where nothing was measured.

pub mod combat;

pub use combat::{ComBat, ComBatOptions, Covariates, Priors, SitePart};
