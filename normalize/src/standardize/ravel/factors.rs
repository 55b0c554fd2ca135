//! The unwanted factors of a cohort.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Cohort, Selection},
};
use serde::{Deserialize, Serialize};

use crate::{Error, eigen, error::number};

/// The control voxels of one image, in the order of its grid: its part of a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Controls(Vec<f32>);

impl Controls {
    /// The samples of an image within the control mask.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`] where none lies in it, [`Error::BadParameter`] where one is not finite, [`Error::Volume`] for a mask of another grid,
    /// [`Error::NotReal`], [`Error::Cancelled`].
    pub fn of(volume: &Volume<f32>, mask: &Mask, ctx: &Ctx<'_>) -> Result<Self, Error> {
        mask.require_on(volume.geometry())?;
        let found = Selection::masked(super::real(volume)?, mask)?.samples(ctx)?.into_owned();
        let wanted = mask.count() * volume.steps() as u64;
        if wanted == 0 {
            return Err(Error::EmptyRegion { region: "control voxels" });
        }
        if found.len() as u64 != wanted {
            return Err(Error::BadParameter { what: "a control voxel", wanted: "a finite number", found: f64::NAN });
        }
        Ok(Self(found))
    }
}

/// For each image of a cohort its share in each unwanted factor, by id; over the images the squares of a factor add up to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Factors {
    rows: Vec<(String, Vec<f64>)>,
}

impl Factors {
    /// Most images of a cohort.
    pub const MAX_IMAGES: usize = 4096;

    /// The first right singular vectors of the control voxels; one factor is usual.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two images or not more than there are factors, [`Error::BadParameter`] for no factor or a cohort above
    /// [`Factors::MAX_IMAGES`], [`Error::Length`] for images with another number of control voxels.
    pub fn of(cohort: &Cohort<Controls>, count: usize) -> Result<Self, Error> {
        let images = cohort.len();
        if count == 0 || images > Self::MAX_IMAGES {
            let (what, wanted) = ("number of factors", "at least 1, of at most 4096 images");
            return Err(Error::BadParameter { what, wanted, found: count as f64 });
        }
        if images < 2.max(count + 1) {
            return Err(Error::TooFew { wanted: 2.max(count + 1) as u64, found: images as u64 });
        }
        let parts: Vec<(&str, &[f32])> = cohort.parts().map(|(id, part)| (id, part.0.as_slice())).collect();
        let wanted = parts[0].1.len();
        if let Some((_, part)) = parts.iter().find(|(_, part)| part.len() != wanted) {
            return Err(Error::Length { what: "the control mask of an image", wanted, found: part.len() });
        }
        // the right singular vectors of V are the eigenvectors of V^T V, which is only as large as the cohort
        let mut gram = vec![vec![0.0; images]; images];
        for a in 0..images {
            for b in 0..=a {
                let pairs = parts[a].1.iter().zip(parts[b].1);
                let sum: f64 = pairs.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
                (gram[a][b], gram[b][a]) = (sum, sum);
            }
        }
        let vectors: Vec<Vec<f64>> = eigen::symmetric(gram).into_iter().take(count).map(|(_, vector)| vector).collect();
        let row = |n: usize| vectors.iter().map(|v| v[n]).collect();
        Ok(Self { rows: parts.iter().enumerate().map(|(n, (id, _))| ((*id).to_owned(), row(n))).collect() })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no image; never so.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The shares of every image, in the order of ids.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.rows.iter().map(|(id, row)| (id.as_str(), row.as_slice()))
    }

    /// The shares of one image.
    pub fn of_id(&self, id: &str) -> Option<&[f64]> {
        let at = self.rows.binary_search_by(|(other, _)| other.as_str().cmp(id)).ok()?;
        self.rows.get(at).map(|(_, row)| row.as_slice())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    ids: Vec<String>,
    factors: Vec<Shares>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Shares(#[serde(with = "isocenter_volume::exact::list")] Vec<f64>);

impl TryFrom<Repr> for Factors {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let bad = |what, wanted, found: usize| Err(Error::BadParameter { what, wanted, found: found as f64 });
        let count = r.factors.first().map_or(0, |f| f.0.len());
        if r.ids.len() != r.factors.len() || count == 0 || r.factors.iter().any(|f| f.0.len() != count) {
            return bad("number of factors", "the same for every image", count);
        }
        if let Some(n) = r.ids.windows(2).position(|w| w[0] >= w[1]) {
            return bad("an id", "after the one before", n);
        }
        r.factors.iter().flat_map(|f| &f.0).try_for_each(|v| number("a factor", *v).map(|_| ()))?;
        Ok(Self { rows: r.ids.into_iter().zip(r.factors.into_iter().map(|f| f.0)).collect() })
    }
}

impl From<Factors> for Repr {
    fn from(factors: Factors) -> Self {
        let (ids, factors) = factors.rows.into_iter().map(|(id, row)| (id, Shares(row))).unzip();
        Self { ids, factors }
    }
}
