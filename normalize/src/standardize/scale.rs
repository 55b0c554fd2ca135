//! The standard scale of a cohort: where the percentiles of an image are to lie.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Cohort, Extremes, Merge},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Region, error::number, percentile, pieces::ascending, version::Version};

/// One image's part of the standard scale: its percentiles, the first at 0 and the last at 1.
///
/// Parts are gathered by id in a [`Cohort`], which folds them in the order of ids; [`StandardScale::of_cohort`] reads the sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PartRepr", into = "PartRepr")]
pub struct ScalePart {
    percentiles: Vec<f64>,
    sums: Vec<f64>,
    items: u64,
}

impl ScalePart {
    /// Measures one image at these percentiles (0 to 100, ascending).
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`StandardScale::MAX`] percentiles in order, [`Error::Constant`] where the first
    /// and the last are one value but for rounding, [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn of(
        volume: &Volume<f32>,
        percentiles: &[f64],
        region: Region,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let (found, _) = landmarks(volume, percentiles, region, mask, ctx)?;
        let (low, high) = ends(&found)?;
        let sums = found.iter().map(|v| (v - low) / (high - low)).collect();
        Ok(Self { percentiles: percentiles.to_vec(), sums, items: 1 })
    }
}

/// The values of an image at percentiles that are in order, and how many samples there were.
pub(super) fn landmarks(
    volume: &Volume<f32>,
    percentiles: &[f64],
    region: Region,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<(Vec<f64>, u64), Error> {
    check(percentiles)?;
    let (found, count) = percentile::of(&region.select(volume, mask, ctx)?, region, percentiles, ctx)?;
    if Extremes::of(&found).is_constant() {
        return Err(Error::Constant { what: "the width of the range" });
    }
    Ok((found, count))
}

fn ends(values: &[f64]) -> Result<(f64, f64), Error> {
    match values {
        [low, .., high] if low < high => Ok((*low, *high)),
        _ => Err(Error::Constant { what: "the width of the range" }),
    }
}

fn check(percentiles: &[f64]) -> Result<(), Error> {
    let count = percentiles.len();
    if !(2..=StandardScale::MAX).contains(&count) {
        let (what, wanted) = ("number of percentiles", "from 2 to 1024");
        return Err(Error::BadParameter { what, wanted, found: count as f64 });
    }
    if let Some(&found) = percentiles.iter().find(|p| !(0.0..=100.0).contains(*p)) {
        return Err(Error::BadParameter { what: "percentile", wanted: "between 0 and 100", found });
    }
    match percentiles.windows(2).find(|w| w[0] >= w[1]) {
        Some(w) => Err(Error::BadParameter { what: "percentile", wanted: "above the one before", found: w[1] }),
        None => Ok(()),
    }
}

impl Merge for ScalePart {
    fn merge(&mut self, other: &Self) -> Result<(), isocenter_volume::Error> {
        if self.percentiles != other.percentiles {
            return Err(isocenter_volume::Error::GridMismatch {
                what: "standard scales of other percentiles".to_owned(),
            });
        }
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.items += other.items;
        Ok(())
    }
}

/// Where the percentiles of an image are to lie: the mean over a cohort of each image's percentiles, after its first and last were
/// brought to the ends of a range.
///
/// Nyul, Udupa, Zhang: New variants of a method of MRI scale standardization, IEEE Trans. Med. Imaging 19 (2000).
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, standardize::{ScalePart, StandardScale}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, stats::Cohort};
///
/// let mut cohort = Cohort::new();
/// for (id, factor) in [("a", 1.0f32), ("b", 7.0)] {
///     let grid = Geometry::new([101, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
///     let image = Volume::new((0..=100).map(|n| factor * n as f32).collect::<Vec<_>>(), grid)?;
///     cohort.insert(id, ScalePart::of(&image, &[0.0, 25.0, 100.0], Region::All, None, &Ctx::default())?);
/// }
/// let scale = StandardScale::of_cohort(&cohort, [0.0, 100.0])?;
/// assert_eq!(scale.values(), [0.0, 25.0, 100.0]); // both images are even, whatever their factor
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct StandardScale {
    percentiles: Vec<f64>,
    values: Vec<f64>,
}

impl StandardScale {
    /// Most percentiles of a scale.
    pub const MAX: usize = 1024;

    /// Deciles between the percentiles 1 and 99, as intensity-normalization has them.
    pub const DECILES: [f64; 11] = [1.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 99.0];

    /// Deciles and quartiles between the percentiles 1 and 99, as TorchIO trains them. It leaves the quartiles out when it applies the
    /// scale: see [`StandardScale::without`].
    pub const DECILES_AND_QUARTILES: [f64; 13] =
        [1.0, 10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 75.0, 80.0, 90.0, 99.0];

    /// A scale that was found before.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`StandardScale::MAX`] percentiles in order and as many finite values of which
    /// none is below the one before.
    pub fn new(percentiles: Vec<f64>, values: Vec<f64>) -> Result<Self, Error> {
        check(&percentiles)?;
        if values.len() != percentiles.len() {
            let (what, wanted) = ("number of values on the scale", "the number of percentiles");
            return Err(Error::BadParameter { what, wanted, found: values.len() as f64 });
        }
        ascending("a value on the scale", &values)?;
        Ok(Self { percentiles, values })
    }

    /// The scale of a cohort, with the first percentile at `out[0]` and the last at `out[1]`.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`] for a cohort of nobody, [`Error::BadParameter`] unless `out` ascends, [`Error::Volume`] for parts of other percentiles.
    pub fn of_cohort(cohort: &Cohort<ScalePart>, out: [f64; 2]) -> Result<Self, Error> {
        let Some(all) = cohort.finish()? else { return Err(Error::EmptyRegion { region: "cohort" }) };
        let [low, high] = out;
        number("output range", low)?;
        number("output range", high)?;
        if low >= high {
            return Err(Error::BadParameter { what: "output range", wanted: "in order", found: low });
        }
        let items = all.items as f64;
        let values = all.sums.iter().map(|sum| low + (high - low) * (sum / items)).collect();
        Self::new(all.percentiles, values)
    }

    /// The scale without some of its percentiles.
    ///
    /// # Errors
    /// [`Error::BadParameter`] where fewer than two are left.
    pub fn without(self, percentiles: &[f64]) -> Result<Self, Error> {
        let kept = self.percentiles.into_iter().zip(self.values).filter(|(p, _)| !percentiles.contains(p));
        let (percentiles, values) = kept.unzip();
        Self::new(percentiles, values)
    }

    /// The percentiles, 0 to 100.
    pub fn percentiles(&self) -> &[f64] {
        &self.percentiles
    }

    /// Where they are to lie.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartRepr {
    #[serde(default)]
    version: Version,
    #[serde(with = "isocenter_volume::exact::list")]
    percentiles: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    sums: Vec<f64>,
    items: u64,
}

impl TryFrom<PartRepr> for ScalePart {
    type Error = Error;

    fn try_from(r: PartRepr) -> Result<Self, Error> {
        let PartRepr { percentiles, sums, items, version: _ } = r;
        check(&percentiles)?;
        ascending("a sum of percentiles", &sums)?;
        let of_items = sums.first() == Some(&0.0) && sums.last() == Some(&(items as f64));
        if sums.len() != percentiles.len() || items == 0 || !of_items {
            let (what, wanted) = ("number of items", "that of the sums");
            return Err(Error::BadParameter { what, wanted, found: items as f64 });
        }
        Ok(Self { percentiles, sums, items })
    }
}

impl From<ScalePart> for PartRepr {
    fn from(part: ScalePart) -> Self {
        let ScalePart { percentiles, sums, items } = part;
        Self { version: Version::CURRENT, percentiles, sums, items }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    #[serde(with = "isocenter_volume::exact::list")]
    percentiles: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    values: Vec<f64>,
}

impl TryFrom<Repr> for StandardScale {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.percentiles, r.values)
    }
}

impl From<StandardScale> for Repr {
    fn from(scale: StandardScale) -> Self {
        Self { version: Version::CURRENT, percentiles: scale.percentiles, values: scale.values }
    }
}
