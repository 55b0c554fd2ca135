//! ComBat-GAM: ComBat that keeps smooth curves of covariates, not straight lines alone.
//!
//! Over a life a volume grows and then shrinks; a straight line of age would leave that in the residuals, and sites of other ages would pay for it. Here a covariate enters as a [`Smooth`]:
//! a curve that is drawn to a straight line by `alpha` times the integral of its squared second derivative. All else is [`ComBat`].
//!
//! A curve with fixed knots is columns of the design, and so a fit reads the same sums as ComBat's: a [`SitePart`] of covariates with [`Covariates::smooth`]. Sites agree on the knots, send parts, and
//! nobody sends a sample. How strongly a curve is drawn is chosen for each feature: by generalized cross-validation, which the sums of all sites give ([`ComBatGam::fit`]), or by leaving out
//! folds, where each site sends a part for each fold ([`ComBatGam::fit_folds`]), or it is given.
//!
//! Sources: R. Pomponio et al., "Harmonization of large MRI datasets for the analysis of brain imaging patterns throughout the lifespan", NeuroImage 2020; its package neuroHarmonize leaves out five folds
//! drawn at random, anew for each `alpha`, so that two runs of it may differ; with the same `alpha` its results are these. For the criterion P. Craven and G. Wahba, Numerische Mathematik 1979.
//!
//! # Examples
//! ```
//! use isocenter_normalize::harmonize::{ComBatGam, ComBatOptions, Covariates, SitePart, Smooth};
//!
//! // a feature that follows the square of age, at two sites of which one adds 100
//! let age = Smooth::new("age", [0.0, 10.0], &[2.0, 4.0, 6.0, 8.0])?;
//! let ages: Vec<f64> = (0..=20).map(|n| 0.5 * f64::from(n)).collect();
//! let noise = |n: usize| if n % 2 == 0 { 0.25 } else { -0.25 };
//! let first: Vec<f64> = ages.iter().enumerate().map(|(n, a)| a * a + noise(n)).collect();
//! let second: Vec<f64> = first.iter().map(|v| v + 100.0).collect();
//! let covariates = Covariates::none(21).smooth(&age, &ages)?;
//! let parts = [("a", SitePart::of(&first, 1, &covariates)?), ("b", SitePart::of(&second, 1, &covariates)?)];
//! let gam = ComBatGam::fit(parts, &[age], &ComBatOptions::default())?;
//! assert!((gam.curve("age", 0, 10.0)? - 100.0).abs() < 1.0);
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod choice;

use std::collections::BTreeMap;

use isocenter_volume::exact::Exact;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::choice::{Bends, Folds};
use super::{
    ComBat, ComBatOptions, Covariates, SitePart, Smooth,
    combat::{gather, part::Sums},
};
use crate::{Error, version::Version};

/// What sites add to features that follow curves, and multiply them by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct ComBatGam {
    combat: ComBat,
    smooths: Vec<Smooth>,
    /// For each feature, one for each curve.
    alphas: Vec<Vec<f64>>,
}

impl ComBatGam {
    /// Most curves that weights are chosen for: every combination is tried.
    pub const MAX_CHOSEN: usize = 3;

    /// Estimates curves and the sites' effects from the sites' parts, as [`ComBat::fit`] does. The weight of each curve is that of 11 between 1 and 10,000,000 (the unit is that of the
    /// covariate to the third power) with the least generalized cross-validation.
    ///
    /// # Errors
    /// Those of [`ComBat::fit`]; [`Error::Length`] where parts lack the columns of a curve; [`Error::BadParameter`] for more than [`ComBatGam::MAX_CHOSEN`] curves.
    pub fn fit<'n>(
        parts: impl IntoIterator<Item = (&'n str, SitePart)>,
        smooths: &[Smooth],
        options: &ComBatOptions,
    ) -> Result<Self, Error> {
        let sites = gather(parts)?;
        let bends = Bends::of(&sites, smooths)?;
        let grid = choice::grid(smooths.len())?;
        Self::choosing(&sites, smooths, &bends, options, |_, sums| bends.least_gcv(sums, &grid))
    }

    /// The same with weights that are given, one for each curve.
    ///
    /// # Errors
    /// Those of [`ComBat::fit`]; [`Error::Length`] where parts lack the columns of a curve, or for another number of weights; [`Error::BadParameter`] for a weight that is not finite or below 0.
    pub fn fit_with<'n>(
        parts: impl IntoIterator<Item = (&'n str, SitePart)>,
        smooths: &[Smooth],
        alphas: &[f64],
        options: &ComBatOptions,
    ) -> Result<Self, Error> {
        let sites = gather(parts)?;
        let bends = Bends::of(&sites, smooths)?;
        if alphas.len() != smooths.len() {
            let what = "the list of weights of curves";
            return Err(Error::Length { what, wanted: smooths.len(), found: alphas.len() });
        }
        if let Some(found) = alphas.iter().find(|a| !(a.is_finite() && **a >= 0.0)) {
            return Err(Error::BadParameter { what: "the weight of a curve", wanted: "0 or above", found: *found });
        }
        Self::choosing(&sites, smooths, &bends, options, |_, _| Ok(alphas.to_vec()))
    }

    /// The same with weights chosen, as neuroHarmonize does, by how well each fold is told from the others. A fold is a list of parts: each site sends one for each of its folds.
    ///
    /// # Errors
    /// Those of [`ComBatGam::fit`]; [`Error::TooFew`] for fewer than two folds, or a site that is in one of them alone.
    pub fn fit_folds<'n>(
        folds: impl IntoIterator<Item = Vec<(&'n str, SitePart)>>,
        smooths: &[Smooth],
        options: &ComBatOptions,
    ) -> Result<Self, Error> {
        let folds: Vec<Vec<(&str, SitePart)>> = folds.into_iter().collect();
        let sites = gather(folds.iter().flatten().cloned())?;
        let bends = Bends::of(&sites, smooths)?;
        let grid = choice::grid(smooths.len())?;
        let folds = Folds::of(&folds)?;
        Self::choosing(&sites, smooths, &bends, options, |g, _| folds.least_left_out(&bends, g, &grid))
    }

    fn choosing(
        sites: &BTreeMap<String, SitePart>,
        smooths: &[Smooth],
        bends: &Bends,
        options: &ComBatOptions,
        choice: impl Fn(usize, &[Sums<'_>]) -> Result<Vec<f64>, Error> + Sync,
    ) -> Result<Self, Error> {
        let features = sites.values().next().map_or(0, SitePart::features);
        let alphas: Vec<Vec<f64>> = (0..features)
            .into_par_iter()
            .map(|g| choice(g, &sites.values().map(|part| part.sums(g)).collect::<Vec<_>>()))
            .collect::<Result<_, Error>>()?;
        let combat = ComBat::fit_by(sites, options, |g, sums| Ok(bends.penalized(sums, &alphas[g])?.slopes))?;
        Ok(Self { combat, smooths: smooths.to_vec(), alphas })
    }

    /// Takes the effects of a site out of its table, as [`ComBat::apply`] does; the covariates are made with the curves of the fit ([`ComBatGam::smooths`]).
    ///
    /// # Errors
    /// Those of [`ComBat::apply`].
    pub fn apply(&self, site: &str, table: &mut [f64], covariates: &Covariates) -> Result<(), Error> {
        self.combat.apply(site, table, covariates)
    }

    /// The fit as a ComBat whose covariates are the columns of the curves.
    pub const fn combat(&self) -> &ComBat {
        &self.combat
    }

    /// The curves, in their order.
    pub fn smooths(&self) -> &[Smooth] {
        &self.smooths
    }

    /// How strongly each curve of a feature was drawn to a straight line.
    pub fn alphas(&self, feature: usize) -> Option<&[f64]> {
        self.alphas.get(feature).map(Vec::as_slice)
    }

    /// What a covariate adds to a feature at a value, compared with the lower end of its curve; in the feature's unit.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a name that is no curve's, a feature that is not there, or a value outside the ends.
    pub fn curve(&self, name: &str, feature: usize, at: f64) -> Result<f64, Error> {
        let bad = |what, wanted, found| Error::BadParameter { what, wanted, found };
        let smooth = self.smooths.iter().find(|s| s.name() == name);
        let smooth = smooth.ok_or_else(|| bad("the name of a curve", "one of the fit's", f64::NAN))?;
        let fitted = self.combat.features().get(feature);
        let fitted = fitted.ok_or_else(|| bad("a feature", "below their number", feature as f64))?;
        let row = smooth.basis(at)?;
        let names = self.combat.covariates();
        let first = names.iter().position(|n| n == name).unwrap_or(names.len());
        Ok(fitted.slopes.iter().skip(first).zip(row).map(|(slope, v)| slope.0 * v).sum())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    smooths: Vec<Smooth>,
    alphas: Vec<Vec<Exact>>,
    combat: ComBat,
}

impl TryFrom<Repr> for ComBatGam {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let Repr { smooths, alphas, combat, version: _ } = r;
        let alphas: Vec<Vec<f64>> = alphas.into_iter().map(|own| own.into_iter().map(|a| a.0).collect()).collect();
        let is_weight = |a: &f64| a.is_finite() && *a >= 0.0;
        if alphas.len() != combat.features().len()
            || !alphas.iter().all(|own| own.len() == smooths.len() && own.iter().all(is_weight))
        {
            return Err("the fit has not one weight for each curve of each feature".to_owned());
        }
        choice::places(combat.covariates(), &smooths).map_err(|error| error.to_string())?;
        Ok(Self { combat, smooths, alphas })
    }
}

impl From<ComBatGam> for Repr {
    fn from(fit: ComBatGam) -> Self {
        let ComBatGam { combat, smooths, alphas } = fit;
        let alphas = alphas.into_iter().map(|own| own.into_iter().map(Exact).collect()).collect();
        Self { version: Version::CURRENT, smooths, alphas, combat }
    }
}
