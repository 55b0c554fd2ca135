//! CovBat: ComBat, and then what a site does to how features go together.
//!
//! After ComBat each feature has one mean and spread at all sites, but two features may still go up together more at one site than at another. CovBat looks at the residuals of ComBat, without
//! what covariates add: along the directions in which all of them vary most (principal components, of features brought to one spread), scores of each site are brought to one mean and spread. Directions are taken
//! until they explain a share of the variance; the rest stays as it is.
//!
//! Fitting reads sums alone: a [`CovBatPart`] is a [`SitePart`] with the products of all pairs of features, and from these the covariance of the residuals follows at any site. It says more of
//! single samples than ComBat's part: of a site with fewer samples than features it gives the space in which they lie. Features are at most [`CovBat::MAX_FEATURES`], as their pairs have to be held, and all are measured in all
//! samples.
//!
//! Source: A. A. Chen et al., "Mitigating site effects in covariance for machine learning in neuroimaging data", Human Brain Mapping 2022; its package CovBat, with its defaults (`percent.var = 0.95`, `std.var = TRUE`, `score.eb =
//! FALSE`).
//!
//! # Examples
//! ```
//! use isocenter_normalize::harmonize::{CovBat, CovBatOptions, CovBatPart, Covariates};
//!
//! // two features that go up together at one site, and against each other at the other
//! let first = [1.0, 2.0, 3.0, 4.0, 5.0, 1.5, 1.8, 3.2, 4.1, 4.9];
//! let second = [1.0, 2.0, 3.0, 4.0, 5.0, 4.9, 4.1, 3.2, 1.8, 1.5];
//! let none = Covariates::none(5);
//! let parts = [("a", CovBatPart::of(&first, 2, &none)?), ("b", CovBatPart::of(&second, 2, &none)?)];
//! let covbat = CovBat::fit(parts, &CovBatOptions::default())?;
//! assert_eq!(covbat.components(), 2);
//! let mut table = second;
//! covbat.apply("b", &mut table, &none)?;
//! assert!(table.iter().all(|v| v.is_finite()));
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod directions;
mod part;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use part::CovBatPart;

use self::directions::Directions;
use super::{
    ComBat, ComBatOptions, Covariates, SitePart,
    combat::part::{dot, require_table},
};
use crate::{Error, version::Version};

/// How to harmonize.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CovBatOptions {
    /// ComBat's own. Its reference site stays as it is here too, and scores are brought to its.
    pub combat: ComBatOptions,
    /// Directions are taken until they explain more than this share of the variance (0.95).
    pub share: f64,
    /// This many directions, whatever their share.
    pub components: Option<usize>,
    /// Whether features are brought to one spread before directions are looked for (true).
    pub standardize: bool,
}

impl Default for CovBatOptions {
    fn default() -> Self {
        Self { combat: ComBatOptions::default(), share: 0.95, components: None, standardize: true }
    }
}

/// What sites add to features and multiply them by, alone and together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct CovBat {
    combat: ComBat,
    directions: Directions,
    /// For each site and direction the mean score, and what scores about it are multiplied by.
    sites: BTreeMap<String, Vec<[f64; 2]>>,
    /// The mean that scores are brought to.
    targets: Vec<f64>,
}

impl CovBat {
    /// Most features.
    pub const MAX_FEATURES: usize = 1024;

    /// Estimates the sites' effects from their parts, each under the site's name; parts of one name are added up.
    ///
    /// # Errors
    /// Those of [`ComBat::fit`]; [`Error::TooFew`] for a site of one sample; [`Error::BadParameter`] for a share that is not between 0 and 1, or no or more directions than features;
    /// [`Error::Constant`] where no feature varies.
    pub fn fit<'n>(
        parts: impl IntoIterator<Item = (&'n str, CovBatPart)>,
        options: &CovBatOptions,
    ) -> Result<Self, Error> {
        let bad = |what, wanted, found| Err(Error::BadParameter { what, wanted, found });
        if !(options.share > 0.0 && options.share < 1.0) {
            return bad("the share of the variance", "above 0 and below 1", options.share);
        }
        let mut sites: BTreeMap<String, CovBatPart> = BTreeMap::new();
        for (name, part) in parts {
            match sites.get_mut(name) {
                Some(there) => there.add(&part)?,
                None => {
                    sites.insert(name.to_owned(), part);
                }
            }
        }
        let own: Vec<(&str, SitePart)> = sites.iter().map(|(n, part)| (n.as_str(), part.site().clone())).collect();
        let combat = ComBat::fit(own, &options.combat)?;
        if let Some(few) = sites.values().map(|part| part.site().samples()).find(|n| *n < 2) {
            return Err(Error::TooFew { wanted: 2, found: few });
        }
        let features = combat.features().len();
        if let Some(n) = options.components.filter(|n| !(1..=features).contains(n)) {
            return bad("the number of directions", "between 1 and the number of features", n as f64);
        }
        let left: Vec<Left> = sites.iter().map(|(name, part)| Left::of(&combat, name, part)).collect();
        let directions = Directions::of(&left, options)?;
        let reference = options.combat.reference.as_ref().and_then(|name| sites.keys().position(|site| site == name));
        // mean and variation of each site's scores
        let scores: Vec<Vec<[f64; 2]>> = left.par_iter().map(|own| directions.scores(own)).collect();
        let total: f64 = left.iter().map(|own| own.count).sum();
        let (mut targets, mut stretches) = (Vec::new(), vec![Vec::new(); left.len()]);
        for k in 0..directions.len() {
            let (target, variance) = match reference {
                Some(n) => (scores[n][k][0], scores[n][k][1] / left[n].count),
                None => {
                    let mean = left.iter().zip(&scores).map(|(own, s)| own.count * s[k][0]).sum::<f64>() / total;
                    (mean, scores.iter().map(|s| s[k][1]).sum::<f64>() / total)
                }
            };
            targets.push(target);
            for ((own, scores), out) in left.iter().zip(&scores).zip(&mut stretches) {
                let [mean, variation] = scores[k];
                let stretch = (variance * (own.count - 1.0) / variation).sqrt();
                // scores of a site that are all one have no spread that could be stretched
                let is_spread = variation > variance * own.count * LEAST_SPREAD && stretch.is_finite();
                out.push([mean, if is_spread { stretch } else { 1.0 }]);
            }
        }
        let sites = sites.into_keys().zip(stretches).collect();
        Ok(Self { combat, directions, sites, targets })
    }

    /// Takes the effects of a site out of its table, as [`ComBat::apply`] does.
    ///
    /// # Errors
    /// Those of [`ComBat::apply`]; [`Error::BadParameter`] for a value that is not finite: a sample that lacks a feature has no scores. The table is left as it was.
    pub fn apply(&self, site: &str, table: &mut [f64], covariates: &Covariates) -> Result<(), Error> {
        let samples = covariates.samples();
        require_table(table.len(), self.combat.features().len(), samples)?;
        part::require_finite(table)?;
        self.combat.apply(site, table, covariates)?;
        let Some(scores) = self.sites.get(site) else { return Err(Error::UnknownSite { site: site.to_owned() }) };
        if self.combat.options().reference.as_deref() == Some(site) || samples == 0 {
            return Ok(());
        }
        let features = self.combat.features();
        let changes: Vec<Vec<f64>> = (0..samples)
            .into_par_iter()
            .map(|j| {
                let left = features
                    .iter()
                    .enumerate()
                    .map(|(g, feature)| table[g * samples + j] - feature.mean - feature.along(covariates, j));
                let scaled = self.directions.scaled(left);
                let mut change = vec![0.0; features.len()];
                for ((axis, [mean, stretch]), target) in self.directions.axes().zip(scores).zip(&self.targets) {
                    let score = dot(axis, &scaled);
                    let moved = target + (score - mean) * stretch - score;
                    change.iter_mut().zip(axis).for_each(|(sum, v)| *sum += moved * v);
                }
                change
            })
            .collect();
        table.par_chunks_mut(samples).zip(self.directions.scales()).enumerate().for_each(|(g, (row, scale))| {
            // 0 for a feature that is left alone
            if *scale > 0.0 {
                row.iter_mut().zip(&changes).for_each(|(value, change)| *value += scale * change[g]);
            }
        });
        Ok(())
    }

    /// ComBat, the first half of the fit.
    pub const fn combat(&self) -> &ComBat {
        &self.combat
    }

    /// The number of directions along which sites are brought together.
    pub fn components(&self) -> usize {
        self.directions.len()
    }
}

/// A site's residuals after ComBat, as sums.
struct Left {
    count: f64,
    means: Vec<f64>,
    /// Products about the means, by rows.
    products: Vec<f64>,
}

impl Left {
    fn of(combat: &ComBat, name: &str, part: &CovBatPart) -> Self {
        let features = combat.features();
        let effects = combat.effects(name).unwrap_or_default();
        let slopes: Vec<Vec<f64>> = features.iter().map(|f| f.slopes.iter().map(|s| s.0).collect()).collect();
        let stretch: Vec<f64> = features
            .iter()
            .zip(effects)
            .map(|(f, effect)| if f.deviation > 0.0 { 1.0 / effect.delta.sqrt() } else { 0.0 })
            .collect();
        let sums: Vec<_> = (0..features.len()).map(|g| part.site().sums(g)).collect();
        let mean = |g: usize| {
            let level = sums[g].level(&slopes[g]);
            stretch[g] * (level - features[g].mean - effects[g].gamma * features[g].deviation)
        };
        let means = (0..features.len()).map(|g| if stretch[g] > 0.0 { mean(g) } else { 0.0 }).collect();
        let products: Vec<Vec<f64>> = (0..features.len())
            .into_par_iter()
            .map(|g| {
                let n = slopes[g].len();
                // what covariates share of this feature with any other
                let bent: Vec<f64> = (0..n).map(|c| dot(&slopes[g], &sums[g].squares[c * n..][..n])).collect();
                (0..=g)
                    .map(|h| {
                        let along = dot(&slopes[g], sums[h].products) + dot(&slopes[h], sums[g].products);
                        stretch[g] * stretch[h] * (part.product(g, h) - along + dot(&slopes[h], &bent))
                    })
                    .collect()
            })
            .collect();
        let whole = (0..features.len() * features.len())
            .map(|n| {
                let (g, h) = (n / features.len(), n % features.len());
                products[g.max(h)][g.min(h)]
            })
            .collect();
        Self { count: part.site().samples() as f64, means, products: whole }
    }
}

/// What rounding leaves of a variance that is none, as a share.
const LEAST_SPREAD: f64 = 1e-12;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    combat: ComBat,
    directions: Directions,
    sites: BTreeMap<String, Scores>,
    #[serde(with = "isocenter_volume::exact::list")]
    targets: Vec<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scores {
    #[serde(with = "isocenter_volume::exact::list")]
    means: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    stretches: Vec<f64>,
}

impl TryFrom<Repr> for CovBat {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let Repr { combat, directions, sites, targets, version: _ } = r;
        directions.require(combat.features().len())?;
        let count = directions.len();
        let is_site = |s: &Scores| s.means.len() == count && s.stretches.len() == count;
        let numbers = sites.values().flat_map(|s| s.means.iter().chain(&s.stretches)).chain(&targets);
        if targets.len() != count || !sites.values().all(is_site) || !numbers.into_iter().all(|v| v.is_finite()) {
            return Err("a site of the fit has not one mean and stretch for each direction".to_owned());
        }
        if !sites.keys().map(String::as_str).eq(combat.sites()) {
            return Err("the fit has other sites before and after ComBat".to_owned());
        }
        let joined = |s: Scores| s.means.into_iter().zip(s.stretches).map(|(m, s)| [m, s]).collect();
        Ok(Self { combat, directions, sites: sites.into_iter().map(|(n, s)| (n, joined(s))).collect(), targets })
    }
}

impl From<CovBat> for Repr {
    fn from(fit: CovBat) -> Self {
        let CovBat { combat, directions, sites, targets } = fit;
        let apart = |own: Vec<[f64; 2]>| {
            let (means, stretches) = own.into_iter().map(|[m, s]| (m, s)).unzip();
            Scores { means, stretches }
        };
        let sites = sites.into_iter().map(|(name, own)| (name, apart(own))).collect();
        Self { version: Version::CURRENT, combat, directions, sites, targets }
    }
}
