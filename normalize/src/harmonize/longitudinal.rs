//! Longitudinal ComBat: subjects come more than once, and what is a subject's own stays.
//!
//! The model of feature `g` at a visit `j` of subject `s` at site `i` is `y = a_g + x_j b_g + u_gs + s_g (gamma_ig + delta_ig e)`: `u` is drawn from a normal distribution, one for each subject. Its variance and that of
//! the noise are estimated by restricted maximum likelihood (REML), with the levels of the sites among the fixed effects; then follows what ComBat does with the residuals, which keep
//! `a + x b + u` out of it. Without `u` the visits of one person would count as visits of many, and a site that saw people of its own would take what is theirs for its effect.
//!
//! The restricted likelihood of one random intercept depends on one number, the ratio of both variances. It is looked for over a grid from 0 to 1,000,000, then to the last digits by
//! its derivative; a ratio of 0 (subjects that are no more alike over visits than strangers) is an answer. Subjects with one visit take part.
//!
//! Sites that see the same subject have to link visits, so that the fit takes one table of all sites. It holds no subject: what is a subject's own in a table is estimated from that table, with
//! all of the subject's visits at hand. In the table of the fit these are the estimates of the fit; a new subject is treated alike.
//!
//! Sources: J. C. Beer et al., "Longitudinal ComBat: A method for harmonizing longitudinal multi-scanner imaging data", NeuroImage 2020; its package longCombat, of which this is `ranef = "(1|id)"`, `method =
//! "REML"`. For the likelihood N. M. Laird and J. H. Ware, Biometrics 1982.
//!
//! # Examples
//! ```
//! use isocenter_normalize::harmonize::{Covariates, LongitudinalComBat, LongitudinalOptions, Visits};
//!
//! // four subjects, each seen at both sites; site "b" adds 5
//! let sites = ["a", "b", "a", "b", "a", "b", "a", "b"];
//! let subjects = ["1", "1", "2", "2", "3", "3", "4", "4"];
//! let visits = Visits::new(&sites, &subjects, Covariates::none(8))?;
//! let mut table = [10.0, 15.5, 20.5, 25.0, 30.0, 35.2, 40.1, 45.0];
//! let combat = LongitudinalComBat::fit(&table, 1, &visits, &LongitudinalOptions::default())?;
//! combat.apply(&mut table, &visits)?;
//! assert!(table.chunks(2).all(|pair| (pair[0] - pair[1]).abs() < 1.0));
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod mixed;
mod visits;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use visits::Visits;

use self::{mixed::Mixed, visits::Groups};
use super::{
    Priors,
    combat::{
        Effect, Feature,
        bayes::{self, Own},
        part::require_table,
    },
};
use crate::{Error, version::Version};

/// How to harmonize.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LongitudinalOptions {
    /// How estimates of a site are drawn together.
    pub priors: Priors,
    /// Whether only what a site adds is taken out, not what it multiplies by.
    pub mean_only: bool,
}

/// What sites add to features of subjects that come more than once, and multiply them by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct LongitudinalComBat {
    options: LongitudinalOptions,
    covariates: Vec<String>,
    features: Vec<Feature>,
    /// Variance between subjects by that of the noise, for each feature.
    ratios: Vec<f64>,
    sites: BTreeMap<String, Site>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    /// What the site adds by the mixed model, in the unit of each feature; subjects' own is told by these.
    #[serde(with = "isocenter_volume::exact::list")]
    levels: Vec<f64>,
    effects: Vec<Effect>,
}

impl LongitudinalComBat {
    /// Estimates the sites' effects from a table of all visits: the visits of every feature one after another (features are rows).
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two sites, a site of one visit (where not `mean_only`), or no more visits than there are sites and covariates; [`Error::OneVisit`] where no subject comes
    /// twice; [`Error::Length`] for a table of another size; [`Error::BadParameter`] for a value that is not finite (missing values are not supported); [`Error::Confounded`] where covariates
    /// cannot be told from sites or from each other.
    pub fn fit(table: &[f64], features: usize, visits: &Visits, options: &LongitudinalOptions) -> Result<Self, Error> {
        let samples = visits.len();
        require_table(table.len(), features, samples)?;
        require_finite(table)?;
        let mut names: Vec<&str> = visits.sites().iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            return Err(Error::TooFew { wanted: 2, found: names.len() as u64 });
        }
        let at: Vec<usize> = visits.sites().iter().map(|s| names.binary_search(&s.as_str()).unwrap_or(0)).collect();
        let groups = Groups::of(visits);
        let mixed = Mixed::of(&at, names.len(), &groups, visits.covariates())?;
        let rows: Vec<Row> = (0..features)
            .into_par_iter()
            .map(|g| {
                let row = &table[g * samples..(g + 1) * samples];
                let found = mixed.fit(row)?;
                Ok(Row::of(row, found, &at, &groups, visits))
            })
            .collect::<Result<_, Error>>()?;
        let mut sites = BTreeMap::new();
        for (n, name) in names.iter().enumerate() {
            let own: Vec<Own> = rows.iter().map(|row| row.own[n]).collect();
            let effects = bayes::effects(&own, options.priors, options.mean_only)?;
            let levels = rows.iter().map(|row| row.levels[n]).collect();
            sites.insert((*name).to_owned(), Site { levels, effects });
        }
        let (features, ratios) = rows.into_iter().map(|row| (row.feature, row.ratio)).unzip();
        Ok(Self { options: *options, covariates: visits.covariates().names().to_vec(), features, ratios, sites })
    }

    /// Takes the effects of the sites out of a table of visits, with covariates of the same names as at the fit. Hand in all visits of a subject together: its own level is estimated
    /// from them. One visit is enough, and tells less.
    ///
    /// # Errors
    /// [`Error::UnknownSite`]; [`Error::Length`] for a table of another number of features, or other covariates; [`Error::BadParameter`] for a value that is not finite. The table is left as it was.
    pub fn apply(&self, table: &mut [f64], visits: &Visits) -> Result<(), Error> {
        let samples = visits.len();
        require_table(table.len(), self.features.len(), samples)?;
        visits.covariates().require(&self.covariates)?;
        require_finite(table)?;
        let site = |name: &String| self.sites.get(name).ok_or_else(|| Error::UnknownSite { site: name.clone() });
        let sites: Vec<&Site> = visits.sites().iter().map(site).collect::<Result<_, _>>()?;
        if samples == 0 {
            return Ok(());
        }
        let groups = Groups::of(visits);
        table.par_chunks_mut(samples).enumerate().for_each(|(g, row)| {
            let feature = &self.features[g];
            if feature.deviation <= 0.0 {
                return;
            }
            let levels: Vec<f64> = sites.iter().map(|site| site.levels[g]).collect();
            let stays = stays(row, feature, self.ratios[g], &levels, &groups, visits);
            for (j, value) in row.iter_mut().enumerate() {
                let Effect { gamma, delta } = sites[j].effects[g];
                *value = stays[j] + (*value - stays[j] - gamma * feature.deviation) * (1.0 / delta.sqrt());
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

    /// Features that do not vary over visits and are left as they are, by their number.
    pub fn constant_features(&self) -> impl Iterator<Item = usize> {
        self.features.iter().enumerate().filter(|(_, feature)| feature.deviation <= 0.0).map(|(g, _)| g)
    }

    /// What a site adds to a feature (in the feature's unit) and multiplies its variance by.
    pub fn effect(&self, site: &str, feature: usize) -> Option<(f64, f64)> {
        let effect = self.sites.get(site)?.effects.get(feature)?;
        Some((effect.gamma * self.features.get(feature)?.deviation, effect.delta))
    }

    /// Standard deviations of a feature: between subjects, and of the noise within one; in the feature's unit.
    pub fn deviations(&self, feature: usize) -> Option<(f64, f64)> {
        let noise = self.features.get(feature)?.deviation;
        Some((noise * self.ratios.get(feature)?.sqrt(), noise))
    }
}

/// One feature of the fit.
struct Row {
    feature: Feature,
    ratio: f64,
    levels: Vec<f64>,
    own: Vec<Own>,
}

impl Row {
    fn of(row: &[f64], found: mixed::Found, at: &[usize], groups: &Groups, visits: &Visits) -> Self {
        let mixed::Found { levels, slopes, deviation, ratio } = found;
        let mut counts = vec![0.0; levels.len()];
        at.iter().for_each(|site| counts[*site] += 1.0);
        let mean = levels.iter().zip(&counts).map(|(level, n)| level * n).sum::<f64>() / row.len() as f64;
        let levels: Vec<f64> = levels.iter().map(|level| level - mean).collect();
        let feature =
            Feature { mean, deviation, slopes: slopes.into_iter().map(isocenter_volume::exact::Exact).collect() };
        let varies = deviation > 0.0;
        let seen: Vec<f64> = at.iter().map(|site| levels[*site]).collect();
        let stays = stays(row, &feature, ratio, &seen, groups, visits);
        let scaled: Vec<f64> = row.iter().zip(&stays).map(|(v, s)| (v - s) / deviation).collect();
        let mut means = vec![0.0; levels.len()];
        at.iter().zip(&scaled).for_each(|(site, v)| means[*site] += v / counts[*site]);
        let mut squares = vec![0.0; levels.len()];
        at.iter().zip(&scaled).for_each(|(site, v)| squares[*site] += (v - means[*site]) * (v - means[*site]));
        let own = (0..levels.len()).map(|n| Own::new(counts[n], means[n], squares[n], varies)).collect();
        Self { feature, ratio, levels, own }
    }
}

/// What stays of each visit: the mean, what covariates add, and the subject's own, drawn to 0 the more the fewer its visits (its best linear unbiased prediction).
fn stays(row: &[f64], feature: &Feature, ratio: f64, levels: &[f64], groups: &Groups, visits: &Visits) -> Vec<f64> {
    let along = |j: usize| feature.mean + feature.along(visits.covariates(), j);
    let mut stays: Vec<f64> = (0..row.len()).map(along).collect();
    for own in groups.iter() {
        let sum: f64 = own.iter().map(|j| row[*j] - stays[*j] - levels[*j]).sum();
        let subject = ratio / (1.0 + ratio * own.len() as f64) * sum;
        own.iter().for_each(|j| stays[*j] += subject);
    }
    stays
}

fn require_finite(table: &[f64]) -> Result<(), Error> {
    match table.iter().find(|v| !v.is_finite()) {
        Some(found) => {
            Err(Error::BadParameter { what: "a feature", wanted: "measured at every visit, and finite", found: *found })
        }
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    options: LongitudinalOptions,
    covariates: Vec<String>,
    features: Vec<Feature>,
    #[serde(with = "isocenter_volume::exact::list")]
    ratios: Vec<f64>,
    sites: BTreeMap<String, Site>,
}

impl TryFrom<Repr> for LongitudinalComBat {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let Repr { options, covariates, features, ratios, sites, version: _ } = r;
        let count = features.len();
        if !features.iter().all(|f| f.is_sound(covariates.len())) {
            return Err("a feature of the fit has no finite mean and deviation, or another number of slopes".to_owned());
        }
        if ratios.len() != count || !ratios.iter().all(|v| v.is_finite() && *v >= 0.0) {
            return Err("the fit has not one ratio of variances for each feature".to_owned());
        }
        let is_site = |site: &Site| {
            let (levels, effects) = (&site.levels, &site.effects);
            levels.len() == count
                && effects.len() == count
                && effects.iter().all(Effect::is_sound)
                && levels.iter().all(|v| v.is_finite())
        };
        if !sites.values().all(is_site) {
            return Err("a site of the fit has another number of features, or an effect that is no number".to_owned());
        }
        Ok(Self { options, covariates, features, ratios, sites })
    }
}

impl From<LongitudinalComBat> for Repr {
    fn from(fit: LongitudinalComBat) -> Self {
        let LongitudinalComBat { options, covariates, features, ratios, sites } = fit;
        Self { version: Version::CURRENT, options, covariates, features, ratios, sites }
    }
}
