//! What a map of the world is made of, and what lies between maps: its parts, its half, the mean of many.
//!
//! A map takes *points of the fixed image to points of the moving image*, LPS millimetres, as everywhere in this crate; its inverse
//! ([`isocenter_volume::Affine::inverse`]) takes points back, and `second.compose(&first)` applies `first`, then `second`.
//!
//! - [`Parts`]: rotation, scales and shears in turn, `M = R diag(scales) K`, and with it maps of 6, 7, 9 and 12 degrees of freedom.
//! - [`Polar`]: the nearest rotation and a symmetric stretch, `M = R P`.
//! - [`halfway`]: the map that applied twice is the whole.
//! - [`mean`], [`mean_rigid`]: the middle of many maps, the same to the bit in whatever order they are given.
//!
//! # Examples
//! ```
//! use isocenter_register::{Rigid, maps};
//!
//! let whole = Rigid::new([0.0, 0.0, 0.6], [4.0, 0.0, 2.0], [10.0, 0.0, 0.0])?.to_affine();
//! let half = maps::halfway(&whole)?;
//! let parts = maps::Parts::of(&half, [10.0, 0.0, 0.0])?;
//! assert!((parts.rigid().angle_deg() - 0.3f64.to_degrees()).abs() < 1e-9);
//!
//! let both = maps::mean(&[whole, isocenter_volume::Affine::IDENTITY])?;
//! assert!((both.apply([1.0, 2.0, 3.0])[0] - half.apply([1.0, 2.0, 3.0])[0]).abs() < 1e-9);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod halfway;
mod logarithm;
mod mean;
mod parts;
mod polar;

use isocenter_volume::Family;

pub use halfway::halfway;
pub(crate) use logarithm::exponential_of;
pub use mean::{mean, mean_rigid};
pub use parts::Parts;
pub use polar::Polar;

/// Why a map has no such parts, half or mean.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The map is singular or holds a number that is not finite.
    #[error("the map is singular or not finite")]
    Singular,
    /// A number is out of its range.
    #[error("{what} must be {wanted}, found {found}")]
    BadNumber {
        /// What it is.
        what: &'static str,
        /// What is allowed.
        wanted: &'static str,
        /// What was given.
        found: f64,
    },
    /// No map of real numbers gives this one when applied twice: it mirrors, or turns one axis round by another amount than the next.
    #[error("no real map is half of this one")]
    NoRealRoot,
    /// A mean of nothing.
    #[error("a mean of no maps was asked for")]
    Empty,
    /// Maps so far apart that their middle is not one place: rotations more than half a turn apart.
    #[error("the maps lie too far apart to have one middle")]
    TooFarApart,
}

impl Error {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Singular => "singular",
            Self::BadNumber { .. } => "bad-number",
            Self::NoRealRoot => "no-real-root",
            Self::Empty => "empty",
            Self::TooFarApart => "too-far-apart",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::BadNumber { .. } | Self::Empty => Family::Argument,
            Self::Singular | Self::NoRealRoot | Self::TooFarApart => Family::Unsuited,
        }
    }
}
