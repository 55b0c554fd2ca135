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

pub(super) mod bayes;
mod covariates;
pub(super) mod fit;
pub(super) mod part;
pub(super) mod solve;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use covariates::Covariates;
pub use part::SitePart;

use self::{bayes::Own, fit::Fit, part::Sums};
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
pub(super) struct Feature {
    /// The value at covariates of 0, of all sites or the reference.
    #[serde(with = "isocenter_volume::exact")]
    pub(super) mean: f64,
    /// Standard deviation within the sites; 0 for a feature that is left alone.
    #[serde(with = "isocenter_volume::exact")]
    pub(super) deviation: f64,
    pub(super) slopes: Vec<isocenter_volume::exact::Exact>,
}

impl Feature {
    /// What covariates add in one sample.
    pub(super) fn along(&self, covariates: &Covariates, sample: usize) -> f64 {
        self.slopes.iter().enumerate().map(|(c, slope)| slope.0 * covariates.value(c, sample)).sum()
    }

    /// Whether the feature has its slopes, and numbers that are some.
    pub(super) fn is_sound(&self, covariates: usize) -> bool {
        let is_left = self.deviation == 0.0;
        (is_left || self.mean.is_finite() && self.deviation.is_finite() && self.deviation > 0.0)
            && self.slopes.len() == covariates
    }
}

/// What one site does to one feature, in deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Effect {
    /// What is added.
    #[serde(with = "isocenter_volume::exact")]
    pub(super) gamma: f64,
    /// What the variance is multiplied by.
    #[serde(with = "isocenter_volume::exact")]
    pub(super) delta: f64,
}

impl Effect {
    pub(super) fn is_sound(&self) -> bool {
        self.gamma.is_finite() && self.delta.is_finite() && self.delta > 0.0
    }
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
        Self::fit_by(&gather(parts)?, options, |_, sums| {
            let (squares, products) = fit::within(sums);
            solve::positive(&squares, &products).ok_or(Error::Confounded)
        })
    }

    /// The same with slopes of one's own for each feature, from its number and its sums at each site.
    pub(super) fn fit_by(
        sites: &BTreeMap<String, SitePart>,
        options: &ComBatOptions,
        slopes: impl Fn(usize, &[Sums<'_>]) -> Result<Vec<f64>, Error> + Sync,
    ) -> Result<Self, Error> {
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
        let fits: Vec<Fit> = (0..count)
            .into_par_iter()
            .map(|g| {
                let sums: Vec<Sums<'_>> = sites.values().map(|part| part.sums(g)).collect();
                Ok(Fit::of(&sums, reference, slopes(g, &sums)?))
            })
            .collect::<Result<_, Error>>()?;
        let (features, own): (Vec<Feature>, Vec<Vec<Own>>) = fits.into_iter().map(|f| (f.feature, f.own)).unzip();
        let mut effects = BTreeMap::new();
        for (n, name) in sites.keys().enumerate() {
            let own: Vec<Own> = own.iter().map(|own| own[n]).collect();
            let found = if reference == Some(n) {
                bayes::require(&own, options.mean_only)?;
                vec![Effect { gamma: 0.0, delta: 1.0 }; own.len()]
            } else {
                bayes::effects(&own, options.priors, options.mean_only)?
            };
            effects.insert(name.clone(), found);
        }
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
                let stays = feature.mean + feature.along(covariates, j);
                *value = stays + (*value - stays - effect.gamma * feature.deviation) * stretch;
            }
        });
        Ok(())
    }

    pub(super) fn features(&self) -> &[Feature] {
        &self.features
    }

    pub(super) fn effects(&self, site: &str) -> Option<&[Effect]> {
        self.sites.get(site).map(Vec::as_slice)
    }

    pub(super) const fn options(&self) -> &ComBatOptions {
        &self.options
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

/// The parts of each site, added up in the order they come in.
pub(super) fn gather<'n>(
    parts: impl IntoIterator<Item = (&'n str, SitePart)>,
) -> Result<BTreeMap<String, SitePart>, Error> {
    let mut sites: BTreeMap<String, SitePart> = BTreeMap::new();
    for (name, part) in parts {
        match sites.get_mut(name) {
            Some(there) => there.add(&part)?,
            None => {
                sites.insert(name.to_owned(), part);
            }
        }
    }
    Ok(sites)
}

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
        if !features.iter().all(|f| f.is_sound(covariates.len())) {
            return Err("a feature of the fit has no finite mean and deviation, or another number of slopes".to_owned());
        }
        if !sites.values().all(|own| own.len() == features.len() && own.iter().all(Effect::is_sound)) {
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
