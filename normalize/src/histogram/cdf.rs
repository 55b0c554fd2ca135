//! The distribution of an image's values.

use isocenter_volume::{Ctx, Mask, Volume};
use serde::{Deserialize, Serialize};

use super::distinct::Distinct;
use crate::{Error, Region, pieces::ascending};

/// For values, ascending, the share of samples that are at most that value.
///
/// Exact where an image has at most [`Cdf::MAX`] distinct values, which all images of 16 bits do; of more, values are kept at equal
/// steps of rank among the distinct ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Cdf {
    values: Vec<f64>,
    shares: Vec<f64>,
}

impl Cdf {
    /// Most values.
    pub const MAX: usize = 1 << 16;

    /// The distribution of a region of an image, with at most so many values (from 2 to [`Cdf::MAX`]).
    ///
    /// # Errors
    /// [`Error::BadParameter`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn of(
        volume: &Volume<f32>,
        most: usize,
        region: Region,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        if !(2..=Self::MAX).contains(&most) {
            return Err(Error::BadParameter {
                what: "number of values",
                wanted: "from 2 to 65536",
                found: most as f64,
            });
        }
        let samples = region.select(volume, mask, ctx)?.samples(ctx)?;
        if samples.is_empty() {
            return Err(Error::EmptyRegion { region: region.name() });
        }
        let Distinct { values, up_to } = Distinct::of(&samples, most, ctx)?;
        let total = samples.len() as f64;
        Ok(Self { values, shares: up_to.into_iter().map(|n| n as f64 / total).collect() })
    }

    /// The values, in the unit of the image.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The share of samples that are at most each value; the last is 1.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The value at a share, linear between those known.
    pub(super) fn value_at(&self, share: f64) -> f64 {
        let after = self.shares.partition_point(|s| *s < share);
        let (Some(&high), Some(&top)) = (self.values.get(after), self.shares.get(after)) else {
            return self.values.last().copied().unwrap_or(f64::NAN);
        };
        let before = after.checked_sub(1).and_then(|n| self.values.get(n).zip(self.shares.get(n)));
        before.map_or(high, |(low, bottom)| low + (high - low) / (top - bottom) * (share - bottom))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact::list")]
    values: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    shares: Vec<f64>,
}

impl TryFrom<Repr> for Cdf {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { values, shares } = r;
        let count = values.len();
        let bad = |what, wanted, found| Err(Error::BadParameter { what, wanted, found });
        if count == 0 || count > Self::MAX + 1 || shares.len() != count {
            return bad("number of shares", "the number of values, at least 1", shares.len() as f64);
        }
        ascending("a value", &values)?;
        ascending("a share", &shares)?;
        let is_strict = |list: &[f64]| list.windows(2).all(|w| w[0] < w[1]);
        if !is_strict(&values) || !is_strict(&shares) {
            return bad("a share", "above the one before", shares[0]);
        }
        if shares[0] <= 0.0 || shares[count - 1] != 1.0 {
            return bad("the last share", "1", shares[count - 1]);
        }
        Ok(Self { values, shares })
    }
}

impl From<Cdf> for Repr {
    fn from(cdf: Cdf) -> Self {
        Self { values: cdf.values, shares: cdf.shares }
    }
}
