//! Division by the mean of a tissue.

use isocenter_volume::{Ctx, Mask, Unit, Volume};
use serde::{Deserialize, Serialize};

use super::{Clusters, clusters::check};
use crate::{Error, Fitted, LinearMap, Region, error::positive, fitted::not_finite};

/// A tissue of a T1-weighted brain, by the brightness of its cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tissue {
    /// Cerebrospinal fluid: the darkest cluster.
    Csf,
    /// Grey matter: the middle cluster.
    Gm,
    /// White matter: the brightest cluster.
    #[default]
    Wm,
}

impl Tissue {
    fn of<T: Copy>(self, ascending: &[T]) -> Option<T> {
        match self {
            Self::Csf => ascending.first().copied(),
            Self::Gm => ascending.get(ascending.len() / 2).copied(),
            Self::Wm => ascending.last().copied(),
        }
    }
}

/// Divides by the mean of a tissue that fuzzy clustering of the values of a region finds; every voxel is mapped.
///
/// Equal to intensity-normalization's FCM where that converges (it starts at random and stops after 50 rounds): the mean is weighted
/// by membership in the tissue's cluster. The region is a brain mask, or voxels above 0 of an image without skull.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, standardize::Fcm};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([120, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new((0..120).map(|n| [0.0, 20.0, 60.0, 100.0][n / 30]).collect::<Vec<f32>>(), grid)?;
/// let (out, _) = Step::Fcm(Fcm::default()).apply(&image, None, &Ctx::default())?;
/// assert!((out.voxels()[119] - 1.0).abs() < 1e-3); // white matter is 1 now
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Fcm {
    tissue: Tissue,
    clusters: usize,
    fuzziness: f64,
    region: Region,
}

impl Default for Fcm {
    fn default() -> Self {
        Self { tissue: Tissue::Wm, clusters: 3, fuzziness: 2.0, region: Region::Above(0.0) }
    }
}

impl Fcm {
    /// Divides by the mean of this tissue.
    #[must_use]
    pub fn new(tissue: Tissue) -> Self {
        Self { tissue, ..Self::default() }
    }

    /// Sets the number of clusters, 3 by default.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`Clusters::MAX`].
    pub fn clusters(self, clusters: usize) -> Result<Self, Error> {
        check(clusters, self.fuzziness)?;
        Ok(Self { clusters, ..self })
    }

    /// Sets the exponent of memberships, 2 by default.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is from 1.05 to 20.
    pub fn fuzziness(self, fuzziness: f64) -> Result<Self, Error> {
        check(self.clusters, fuzziness)?;
        Ok(Self { fuzziness, ..self })
    }

    /// Sets where values are clustered; voxels above 0 by default.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the clusters.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer values than clusters, [`Error::BadParameter`] for a tissue whose mean is not above 0,
    /// [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let found = Clusters::of(volume, self.clusters, self.fuzziness, self.region, mask, ctx)?;
        let mean = positive("the mean of the tissue", self.tissue.of(found.means()).unwrap_or(f64::NAN))?;
        let map = LinearMap::new(0.0, 1.0 / mean, 0.0)?;
        let fitted =
            Fitted::linear(map, Some(Unit::Ratio)).counting(found.samples(), not_finite(volume.voxels(), ctx)?);
        let centres = found.centres().iter().enumerate();
        Ok(centres
            .fold(fitted.measuring("tissue_mean", mean), |f, (n, c)| f.measuring(&format!("centre_{}", n + 1), *c)))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    tissue: Tissue,
    clusters: usize,
    #[serde(with = "isocenter_volume::exact")]
    fuzziness: f64,
    region: Region,
}

impl Default for Repr {
    fn default() -> Self {
        Fcm::default().into()
    }
}

impl TryFrom<Repr> for Fcm {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { tissue, clusters, fuzziness, region } = r;
        check(clusters, fuzziness)?;
        Ok(Self { tissue, clusters, fuzziness, region })
    }
}

impl From<Fcm> for Repr {
    fn from(step: Fcm) -> Self {
        let Fcm { tissue, clusters, fuzziness, region } = step;
        Self { tissue, clusters, fuzziness, region }
    }
}
