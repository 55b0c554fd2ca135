//! ComBat: what a site adds to a feature and multiplies it by, estimated with the other features' help, and taken out.
//!
//! The model of feature `g` in sample `j` of site `i` is `y = a_g + x_j b_g + s_g (gamma_ig + delta_ig e)`: `x` are covariates that are to stay, `gamma` and `delta` the site's. Estimates of
//! a site are drawn to what its features have in common (empirical Bayes), the more so the fewer its samples.
//!
//! Fitting reads sums alone: a [`SitePart`] holds the number of samples, means and products of one site, and no sample by itself. From a part of one or two samples (also of a
//! feature that few have) their values can be worked out, and from two parts that differ by a sample that sample's: send parts of many. Sites send their parts, the sum is the same as if all tables lay in one place, to the bit, and each site applies the result to its own table. Parts are folded in the order
//! of their names.
//!
//! A feature without any variance is left as it is. Values that are not there (`NaN`) play no part and stay. Sources: W. E. Johnson, C. Li, A. Rabinovic, "Adjusting batch effects in
//! microarray expression data using empirical Bayes methods", Biostatistics 2007; J.-P. Fortin et al., "Harmonization of cortical thickness measurements across scanners and sites",
//! NeuroImage 2018; for a reference site Y. Zhang et al., BMC Bioinformatics 2018.
//!
//! # Examples
//! ```
//! use isocenter_normalize::harmonize::{ComBat, ComBatOptions, Covariates, SitePart};
//!
//! // three features, two sites of four samples; the second adds 10 to all of them
//! let first = [1.0, 2.0, 3.0, 4.0, 11.0, 13.0, 12.0, 14.0, 6.0, 5.0, 8.0, 7.0];
//! let second: Vec<f64> = first.iter().map(|v| v + 10.0).collect();
//! let none = Covariates::none(4);
//! let parts = [("a", SitePart::of(&first, 3, &none)?), ("b", SitePart::of(&second, 3, &none)?)];
//! let combat = ComBat::fit(parts, &ComBatOptions::default())?;
//! let (mut a, mut b) = (first.to_vec(), second);
//! combat.apply("a", &mut a, &none)?;
//! combat.apply("b", &mut b, &none)?;
//! assert!((a[0] - b[0]).abs() < 0.5); // what they differed by is gone but for a twentieth
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod bayes;
mod covariates;
mod part;
mod solve;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use covariates::Covariates;
pub use part::SitePart;

use self::{bayes::Own, part::Sums};
use crate::{Error, version::Version};

/// How a site's estimates are drawn to what its features have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Priors {
    /// Normal for what is added, inverse gamma for what is multiplied by; their parameters from the moments over the features.
    #[default]
    Parametric,
    /// Every other feature's estimates, weighted by how likely they make this one's values. The work grows with the square of the features.
    NonParametric,
    /// Not at all: every feature by itself.
    None,
}

/// How to harmonize.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ComBatOptions {
    /// How estimates are drawn together.
    pub priors: Priors,
    /// Whether only what a site adds is taken out, not what it multiplies by.
    pub mean_only: bool,
    /// The site that all others are brought to, and that stays as it is; the mean of all where none is named.
    pub reference: Option<String>,
}

/// What sites add to features and multiply them by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct ComBat {
    options: ComBatOptions,
    covariates: Vec<String>,
    features: Vec<Feature>,
    sites: BTreeMap<String, Vec<Effect>>,
}

/// What is the same at every site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Feature {
    /// The value at covariates of 0, of all sites or the reference.
    #[serde(with = "isocenter_volume::exact")]
    mean: f64,
    /// Standard deviation within the sites; 0 for a feature that is left alone.
    #[serde(with = "isocenter_volume::exact")]
    deviation: f64,
    slopes: Vec<isocenter_volume::exact::Exact>,
}

/// What one site does to one feature, in deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Effect {
    /// What is added.
    #[serde(with = "isocenter_volume::exact")]
    gamma: f64,
    /// What the variance is multiplied by.
    #[serde(with = "isocenter_volume::exact")]
    delta: f64,
}

impl ComBat {
    /// Estimates the sites' effects from their parts, each under the site's name; parts of one name are added up.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two sites, or a site of one sample (where not `mean_only`); [`Error::Length`] for parts of different features or covariates;
    /// [`Error::BadParameter`] for a reference that is no site; [`Error::Confounded`] where covariates cannot be told from sites or from each other.
    pub fn fit<'n>(
        parts: impl IntoIterator<Item = (&'n str, SitePart)>,
        options: &ComBatOptions,
    ) -> Result<Self, Error> {
        let mut sites: BTreeMap<String, SitePart> = BTreeMap::new();
        for (name, part) in parts {
            match sites.get_mut(name) {
                Some(there) => there.add(&part)?,
                None => {
                    sites.insert(name.to_owned(), part);
                }
            }
        }
        let Some(first) = sites.values().next().filter(|_| sites.len() > 1) else {
            return Err(Error::TooFew { wanted: 2, found: sites.len() as u64 });
        };
        let (count, names) = (first.features(), first.covariates().to_vec());
        for part in sites.values() {
            part.require(count, &names)?;
        }
        if options.reference.as_ref().is_some_and(|name| !sites.contains_key(name)) {
            return Err(Error::BadParameter { what: "the reference", wanted: "the name of a site", found: f64::NAN });
        }
        let reference = options.reference.as_ref().and_then(|name| sites.keys().position(|site| site == name));
        let parts: Vec<&SitePart> = sites.values().collect();
        let fits: Vec<Fit> = (0..count)
            .into_par_iter()
            .map(|g| Fit::of(&parts.iter().map(|part| part.sums(g)).collect::<Vec<_>>(), reference, names.len()))
            .collect::<Result<_, _>>()?;
        let mut effects = BTreeMap::new();
        for (n, name) in sites.keys().enumerate() {
            let own: Vec<Own> = fits.iter().map(|fit| fit.own(n, options.mean_only)).collect();
            if !options.mean_only
                && let Some(few) = own.iter().find(|own| own.is_used && own.count < 2.0)
            {
                return Err(Error::TooFew { wanted: 2, found: few.count as u64 });
            }
            let found = if reference == Some(n) {
                vec![(0.0, 1.0); own.len()]
            } else {
                bayes::drawn(&own, options.priors, options.mean_only)
            };
            effects.insert(name.clone(), found.into_iter().map(|(gamma, delta)| Effect { gamma, delta }).collect());
        }
        let features = fits.into_iter().map(|fit| fit.feature).collect();
        Ok(Self { options: options.clone(), covariates: names, features, sites: effects })
    }

    /// Takes the effects of a site out of its table: `samples` of every feature one after another (features are rows), with covariates of the same names as at the fit. New samples of a
    /// site that was part of the fit are as good as those that were.
    ///
    /// # Errors
    /// [`Error::UnknownSite`]; [`Error::Length`] for a table of another number of features, or other covariates.
    pub fn apply(&self, site: &str, table: &mut [f64], covariates: &Covariates) -> Result<(), Error> {
        let effects = self.sites.get(site).ok_or_else(|| Error::UnknownSite { site: site.to_owned() })?;
        let samples = covariates.samples();
        part::require_table(table.len(), self.features.len(), samples)?;
        covariates.require(&self.covariates)?;
        if self.options.reference.as_deref() == Some(site) || samples == 0 {
            return Ok(());
        }
        table.par_chunks_mut(samples).zip(&self.features).zip(effects).for_each(|((row, feature), effect)| {
            if feature.deviation <= 0.0 {
                return;
            }
            let stretch = 1.0 / effect.delta.sqrt();
            for (j, value) in row.iter_mut().enumerate() {
                let slopes = feature.slopes.iter().enumerate();
                let stays = feature.mean + slopes.map(|(c, slope)| slope.0 * covariates.value(c, j)).sum::<f64>();
                *value = stays + (*value - stays - effect.gamma * feature.deviation) * stretch;
            }
        });
        Ok(())
    }

    /// The names of the sites, in their order.
    pub fn sites(&self) -> impl Iterator<Item = &str> {
        self.sites.keys().map(String::as_str)
    }

    /// The names of the covariates that stay, in their order.
    pub fn covariates(&self) -> &[String] {
        &self.covariates
    }

    /// Features that have no variance and are left as they are, by their number.
    pub fn constant_features(&self) -> impl Iterator<Item = usize> {
        self.features.iter().enumerate().filter(|(_, feature)| feature.deviation <= 0.0).map(|(g, _)| g)
    }

    /// What a site adds to a feature (in the feature's unit) and multiplies its variance by.
    pub fn effect(&self, site: &str, feature: usize) -> Option<(f64, f64)> {
        let effect = self.sites.get(site)?.get(feature)?;
        Some((effect.gamma * self.features.get(feature)?.deviation, effect.delta))
    }
}

/// One feature over all sites.
struct Fit {
    feature: Feature,
    own: Vec<Own>,
}

impl Fit {
    /// Slopes from what varies within the sites; then each site's mean at covariates of 0.
    fn of(sites: &[Sums<'_>], reference: Option<usize>, covariates: usize) -> Result<Self, Error> {
        let total: f64 = sites.iter().map(|s| s.count).sum();
        let mut squares = vec![0.0; covariates * covariates];
        let mut products = vec![0.0; covariates];
        for site in sites {
            squares.iter_mut().zip(site.squares).for_each(|(sum, v)| *sum += v);
            products.iter_mut().zip(site.products).for_each(|(sum, v)| *sum += v);
        }
        let slopes = solve::positive(&squares, &products).ok_or(Error::Confounded)?;
        let along = |v: &[f64]| slopes.iter().zip(v).map(|(b, x)| b * x).sum::<f64>();
        // the sum of squares that is left within a site, and its mean at covariates of 0
        let left: Vec<f64> = sites
            .iter()
            .map(|s| {
                let bent: f64 =
                    (0..covariates).map(|r| slopes[r] * along(&s.squares[r * covariates..][..covariates])).sum();
                let left = s.variation - 2.0 * along(s.products) + bent;
                // of what cancels, rounding is left
                if left > s.variation.max(s.mean * s.mean * s.count * ROUNDING) * ROUNDING { left } else { 0.0 }
            })
            .collect();
        let means: Vec<f64> = sites.iter().map(|s| s.mean - along(s.means)).collect();
        let (mean, variance) = match reference {
            Some(n) => (means[n], left[n] / sites[n].count),
            None => {
                let sum: f64 = sites.iter().zip(&means).map(|(s, mean)| s.count * mean).sum();
                (sum / total, left.iter().sum::<f64>() / total)
            }
        };
        // NaN too, of a feature that nobody measured
        let deviation = if variance > 0.0 { variance.sqrt() } else { 0.0 };
        let own = sites
            .iter()
            .zip(&means)
            .zip(&left)
            .map(|((s, own), left)| Own::new(s.count, (own - mean) / deviation, left / variance, deviation > 0.0))
            .collect();
        let slopes = slopes.into_iter().map(isocenter_volume::exact::Exact).collect();
        Ok(Self { feature: Feature { mean, deviation, slopes }, own })
    }

    fn own(&self, site: usize, mean_only: bool) -> Own {
        self.own[site].with_variance(!mean_only)
    }
}

/// What rounding leaves of a difference of equal numbers, as a share.
const ROUNDING: f64 = 1e-12;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    options: ComBatOptions,
    covariates: Vec<String>,
    features: Vec<Feature>,
    sites: BTreeMap<String, Vec<Effect>>,
}

impl TryFrom<Repr> for ComBat {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let Repr { options, covariates, features, sites, version: _ } = r;
        let is_sound =
            |f: &Feature| f.mean.is_finite() && f.deviation.is_finite() && f.deviation >= 0.0 || f.deviation == 0.0;
        if !features.iter().all(|f| is_sound(f) && f.slopes.len() == covariates.len()) {
            return Err("a feature of the fit has no finite mean and deviation, or another number of slopes".to_owned());
        }
        let is_effect = |e: &Effect| e.gamma.is_finite() && e.delta.is_finite() && e.delta > 0.0;
        if !sites.values().all(|own| own.len() == features.len() && own.iter().all(is_effect)) {
            return Err("a site of the fit has another number of features, or an effect that is no number".to_owned());
        }
        Ok(Self { options, covariates, features, sites })
    }
}

impl From<ComBat> for Repr {
    fn from(fit: ComBat) -> Self {
        let ComBat { options, covariates, features, sites } = fit;
        Self { version: Version::CURRENT, options, covariates, features, sites }
    }
}
