//! What a voxel is worth that no voxel of the image became.

use isocenter_volume::{Ctx, Edge, Volume};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, error::number, linear::BLOCK};

/// What a voxel is worth that lies outside the image. In a recipe: a number, `"lowest"` or `"clamp"`.
///
/// A CT's 0 is water and an MR's 0 is air: no number is right for both, so the default takes the image's own lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub enum Fill {
    /// The lowest finite value of the image that came in.
    #[default]
    Lowest,
    /// This value, in the unit of the image.
    Value(f64),
    /// The value at the nearest place of the image's border; for `resample` only.
    Clamp,
}

impl Fill {
    /// How resampling names it; `lowest` is that of the image.
    pub(super) const fn edge(self, lowest: f32) -> Edge {
        match self {
            Self::Lowest => Edge::Value(lowest as f64),
            Self::Value(value) => Edge::Value(value),
            Self::Clamp => Edge::Clamp,
        }
    }

    /// The value where one is written.
    pub(crate) const fn value(self, lowest: f32) -> f32 {
        match self {
            Self::Lowest | Self::Clamp => lowest,
            Self::Value(value) => value as f32,
        }
    }
}

/// The lowest finite value of an image; 0 where none is finite.
pub(super) fn lowest(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<f32, Error> {
    ctx.check()?;
    let of = |block: &[f32]| block.iter().filter(|v| v.is_finite()).copied().fold(f32::INFINITY, f32::min);
    let found = ctx.install(|| volume.voxels().par_chunks(BLOCK).map(of).reduce(|| f32::INFINITY, f32::min));
    Ok(if found.is_finite() { found } else { 0.0 })
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Repr {
    Word(String),
    Value(#[serde(with = "isocenter_volume::exact")] f64),
}

impl TryFrom<Repr> for Fill {
    type Error = String;

    fn try_from(repr: Repr) -> Result<Self, String> {
        let wanted = "a number, \"lowest\" or \"clamp\" is wanted";
        match repr {
            Repr::Word(word) => match word.as_str() {
                "lowest" => Ok(Self::Lowest),
                "clamp" => Ok(Self::Clamp),
                // a number that JSON cannot hold to the bit is written as text
                text => text.parse().ok().filter(|v: &f64| v.is_finite()).map(Self::Value).ok_or(wanted.to_owned()),
            },
            Repr::Value(value) => number("fill", value).map(Self::Value).map_err(|e| e.to_string()),
        }
    }
}

impl From<Fill> for Repr {
    fn from(fill: Fill) -> Self {
        match fill {
            Fill::Lowest => Self::Word("lowest".to_owned()),
            Fill::Clamp => Self::Word("clamp".to_owned()),
            Fill::Value(value) => Self::Value(value),
        }
    }
}
