//! One factor for an image, by the means of three tissues.

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{Cohort, Merge},
};
use serde::{Deserialize, Serialize};

use super::Clusters;
use crate::{Error, Fitted, LinearMap, Region, error::positive, fitted::not_finite, version::Version};

/// The means of cerebrospinal fluid, grey and white matter of T1-weighted brains, the first of them at a fixed value: one image's, or
/// the mean over a cohort.
///
/// Parts are gathered by id in a [`Cohort`]. intensity-normalization takes its first image alone as the standard:
/// [`TissueMeans::of`] of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MeansRepr", into = "MeansRepr")]
pub struct TissueMeans {
    sums: [f64; 3],
    items: u64,
}

impl TissueMeans {
    /// The tissue means of one image, divided by that of its fluid.
    ///
    /// # Errors
    /// [`Error::BadParameter`] where a mean is not above 0, and those of [`Clusters::of`].
    pub fn of(volume: &Volume<f32>, region: Region, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let (found, _) = measured(volume, region, mask, ctx)?;
        let fluid = positive("the mean of the fluid", found[0])?;
        Ok(Self { sums: found.map(|m| m / fluid), items: 1 })
    }

    /// The mean over a cohort.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`] for a cohort of nobody.
    pub fn of_cohort(cohort: &Cohort<Self>) -> Result<Self, Error> {
        let all = cohort.finish()?.ok_or(Error::EmptyRegion { region: "cohort" })?;
        Ok(Self { sums: all.means(), items: 1 })
    }

    /// Fluid, grey matter and white matter; fluid is 1.
    pub fn means(&self) -> [f64; 3] {
        self.sums.map(|sum| sum / self.items as f64)
    }
}

impl Merge for TissueMeans {
    fn merge(&mut self, other: &Self) -> Result<(), isocenter_volume::Error> {
        self.sums.iter_mut().zip(other.sums).for_each(|(a, b)| *a += b);
        self.items += other.items;
        Ok(())
    }
}

/// The means of three clusters, ascending, each weighted by membership.
fn measured(
    volume: &Volume<f32>,
    region: Region,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<([f64; 3], u64), Error> {
    let found = Clusters::of(volume, 3, 2.0, region, mask, ctx)?;
    match found.means() {
        &[a, b, c] => Ok(([a, b, c], found.samples())),
        _ => Err(Error::TooFew { wanted: 3, found: found.means().len() as u64 }),
    }
}

/// Divides by the factor that brings the means of fluid, grey and white matter nearest to a standard, in the least-squares sense.
///
/// With tissue means `t` of the image and `s` of the standard the factor is `(t . t) / (t . s)`, as in intensity-normalization.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, standardize::{Lsq, TissueMeans}};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let ctx = Ctx::default();
/// let grid = Geometry::new([90, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = |factor: f32| {
///     let voxels = (0..90).map(|n| factor * [20.0, 60.0, 100.0][n / 30]).collect::<Vec<f32>>();
///     Volume::new(voxels, grid.clone())
/// };
/// let standard = TissueMeans::of(&image(1.0)?, isocenter_normalize::Region::All, None, &ctx)?;
/// let (out, _) = Step::Lsq(Lsq::new(standard.means())?).apply(&image(7.0)?, None, &ctx)?;
/// assert!((out.voxels()[0] - 1.0).abs() < 1e-2 && (out.voxels()[89] - 5.0).abs() < 1e-2);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Lsq {
    means: [f64; 3],
    region: Region,
}

impl Lsq {
    /// Brings images to these means of fluid, grey and white matter; tissues are looked for among voxels above 0.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless they ascend above 0.
    pub fn new(means: [f64; 3]) -> Result<Self, Error> {
        means.iter().try_for_each(|m| positive("a standard tissue mean", *m).map(|_| ()))?;
        crate::pieces::ascending("a standard tissue mean", &means)?;
        Ok(Self { means, region: Region::Above(0.0) })
    }

    /// Sets where tissues are looked for; every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the tissue means and the factor.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a factor that is not above 0, and those of [`Clusters::of`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let (found, samples) = measured(volume, self.region, mask, ctx)?;
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let factor = positive("the factor", dot(found, found) / dot(found, self.means))?;
        Ok(Fitted::linear(LinearMap::new(0.0, 1.0 / factor, 0.0)?, Some(Unit::Ratio))
            .counting(samples, not_finite(volume.voxels(), ctx)?)
            .measuring("factor", factor)
            .measuring("csf", found[0])
            .measuring("gm", found[1])
            .measuring("wm", found[2]))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeansRepr {
    #[serde(default)]
    version: Version,
    #[serde(with = "isocenter_volume::exact::array")]
    sums: [f64; 3],
    items: u64,
}

impl TryFrom<MeansRepr> for TissueMeans {
    type Error = Error;

    fn try_from(r: MeansRepr) -> Result<Self, Error> {
        Lsq::new(r.sums)?;
        positive("number of items", r.items as f64)?;
        Ok(Self { sums: r.sums, items: r.items })
    }
}

impl From<TissueMeans> for MeansRepr {
    fn from(means: TissueMeans) -> Self {
        Self { version: Version::CURRENT, sums: means.sums, items: means.items }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact::array")]
    means: [f64; 3],
    #[serde(default = "foreground")]
    region: Region,
}

const fn foreground() -> Region {
    Region::Above(0.0)
}

impl TryFrom<Repr> for Lsq {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Ok(Self::new(r.means)?.region(r.region))
    }
}

impl From<Lsq> for Repr {
    fn from(step: Lsq) -> Self {
        Self { means: step.means, region: step.region }
    }
}
