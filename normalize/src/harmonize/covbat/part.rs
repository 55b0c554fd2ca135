//! What one site tells: ComBat's sums, and the products of all pairs of features.

use isocenter_volume::exact::Exact;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{CovBat, Covariates, SitePart};
use crate::{
    Error,
    harmonize::combat::part::{dot, require_table},
    version::Version,
};

/// A [`SitePart`] with the products about the means of all pairs of features; serializes, so that sites can send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct CovBatPart {
    site: SitePart,
    /// For each feature its products with those up to itself.
    products: Vec<Vec<f64>>,
}

impl CovBatPart {
    /// Sums over a site's table: `samples` of every feature one after another (features are rows).
    ///
    /// # Errors
    /// [`Error::Length`] where the table is not features by samples; [`Error::BadParameter`] for a value that is not finite (missing values are not supported), or for more than
    /// [`CovBat::MAX_FEATURES`] features.
    pub fn of(table: &[f64], features: usize, covariates: &Covariates) -> Result<Self, Error> {
        let samples = covariates.samples();
        require_table(table.len(), features, samples)?;
        if features > CovBat::MAX_FEATURES {
            let (what, wanted) = ("the number of features", "at most 1024");
            return Err(Error::BadParameter { what, wanted, found: features as f64 });
        }
        require_finite(table)?;
        let site = SitePart::of(table, features, covariates)?;
        let row = |g: usize| -> Vec<f64> {
            let mean = site.sums(g).mean;
            table[g * samples..(g + 1) * samples].iter().map(|v| v - mean).collect()
        };
        let rows: Vec<Vec<f64>> = (0..features).map(row).collect();
        let products =
            (0..features).into_par_iter().map(|g| (0..=g).map(|h| dot(&rows[g], &rows[h])).collect()).collect();
        Ok(Self { site, products })
    }

    /// Adds another part of the same site. Sums of sums are those of all samples but for rounding.
    ///
    /// # Errors
    /// [`Error::Length`] for other features or covariates.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        other.site.require(self.site.features(), self.site.covariates())?;
        let (one, another) = (self.site.samples() as f64, other.site.samples() as f64);
        let weight = if one + another > 0.0 { one * another / (one + another) } else { 0.0 };
        let apart: Vec<f64> =
            (0..self.products.len()).map(|g| other.site.sums(g).mean - self.site.sums(g).mean).collect();
        for (g, (row, more)) in self.products.iter_mut().zip(&other.products).enumerate() {
            row.iter_mut().zip(more).enumerate().for_each(|(h, (sum, v))| *sum += v + weight * apart[g] * apart[h]);
        }
        self.site.add(&other.site)
    }

    /// The part that ComBat reads.
    pub const fn site(&self) -> &SitePart {
        &self.site
    }

    /// The product of a feature with one that does not come after it.
    pub(super) fn product(&self, g: usize, h: usize) -> f64 {
        self.products[g][h]
    }
}

/// That every feature was measured.
pub(super) fn require_finite(table: &[f64]) -> Result<(), Error> {
    match table.iter().find(|v| !v.is_finite()) {
        Some(found) => Err(Error::BadParameter {
            what: "a feature",
            wanted: "measured in every sample, and finite",
            found: *found,
        }),
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    site: SitePart,
    products: Vec<Vec<Exact>>,
}

impl TryFrom<Repr> for CovBatPart {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let Repr { site, products, version: _ } = r;
        let products: Vec<Vec<f64>> = products.into_iter().map(|row| row.into_iter().map(|v| v.0).collect()).collect();
        let is_row = |(g, row): (usize, &Vec<f64>)| row.len() == g + 1 && row.iter().all(|v| v.is_finite());
        let features = site.features();
        if products.len() != features || features > CovBat::MAX_FEATURES || !products.iter().enumerate().all(is_row) {
            return Err("a part of a site has not the products of all pairs of its features".to_owned());
        }
        if site.is_partial() {
            return Err("a part of a site has features that were not measured in all samples".to_owned());
        }
        Ok(Self { site, products })
    }
}

impl From<CovBatPart> for Repr {
    fn from(part: CovBatPart) -> Self {
        let products = part.products.into_iter().map(|row| row.into_iter().map(Exact).collect()).collect();
        Self { version: Version::CURRENT, site: part.site, products }
    }
}
