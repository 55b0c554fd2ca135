//! Features of many sites on one footing.
//!
//! A *feature* is a number measured in every image: a volume, a thickness, a texture. Sites (scanners, protocols) shift and stretch features by themselves; what age, sex or a disease
//! do to them is to stay. Tables are features by samples, `NaN` where nothing was measured.
//!
//! | model | beside what ComBat takes out | sites send | missing values |
//! |---|---|---|---|
//! | [`ComBat`] | - | sums ([`SitePart`]) | yes |
//! | [`ComBatGam`] | keeps curves of a covariate, not straight lines alone | the same sums, over knots all agreed on | yes |
//! | [`CovBat`] | how features go together at a site | sums and products of all pairs of features ([`CovBatPart`]) | no |
//! | [`LongitudinalComBat`] | keeps what is a subject's own over visits | the table: a subject may be seen at several sites | no |

pub mod combat;
pub mod combat_gam;
pub mod covbat;
pub mod longitudinal;
pub mod smooth;

pub use combat::{ComBat, ComBatOptions, Covariates, Priors, SitePart};
pub use combat_gam::ComBatGam;
pub use covbat::{CovBat, CovBatOptions, CovBatPart};
pub use longitudinal::{LongitudinalComBat, LongitudinalOptions, Visits};
pub use smooth::Smooth;
