//! How strongly a curve is drawn to a straight line.

use std::collections::BTreeMap;

use super::{SitePart, Smooth};
use crate::{
    Error,
    harmonize::combat::{fit::within, gather, part::Sums, solve::Cholesky},
};

/// What the bends of all curves cost, where their columns stand among the covariates.
pub(super) struct Bends {
    columns: usize,
    /// For each curve its first column, and the integrals of products of second derivatives by rows.
    own: Vec<(usize, Vec<f64>)>,
}

/// Slopes under one choice of weights.
pub(super) struct Penalized {
    pub(super) slopes: Vec<f64>,
    whole: Cholesky,
    squares: Vec<f64>,
}

impl Bends {
    pub(super) fn of(sites: &BTreeMap<String, SitePart>, smooths: &[Smooth]) -> Result<Self, Error> {
        let Some(first) = sites.values().next() else { return Err(Error::TooFew { wanted: 2, found: 0 }) };
        for part in sites.values() {
            part.require(first.features(), first.covariates())?;
        }
        let places = places(first.covariates(), smooths)?;
        let own = places.into_iter().zip(smooths.iter().map(Smooth::bend)).collect();
        Ok(Self { columns: first.covariates().len(), own })
    }

    /// Slopes that make the squares of what is left, and twice the weighted bends, least together. The factor of two is statsmodels', whose weights these are.
    pub(super) fn penalized(&self, sums: &[Sums<'_>], alphas: &[f64]) -> Result<Penalized, Error> {
        let (squares, products) = within(sums);
        let mut all = squares.clone();
        for ((first, bend), alpha) in self.own.iter().zip(alphas) {
            let count = bend.len().isqrt();
            for (n, v) in bend.iter().enumerate() {
                all[(first + n / count) * self.columns + first + n % count] += 2.0 * alpha * v;
            }
        }
        let whole = Cholesky::of(&all, self.columns).ok_or(Error::Confounded)?;
        Ok(Penalized { slopes: whole.solve(&products), whole, squares })
    }

    /// The weights with the least `n RSS / (n - trace of the smoother)^2` (Craven and Wahba 1979).
    pub(super) fn least_gcv(&self, sums: &[Sums<'_>], grid: &[Vec<f64>]) -> Result<Vec<f64>, Error> {
        let count: f64 = sums.iter().map(|s| s.count).sum();
        let levels = sums.iter().filter(|s| s.count > 0.0).count() as f64;
        least(grid, |alphas| {
            let found = self.penalized(sums, alphas)?;
            let left: f64 = sums.iter().map(|s| s.left(&found.slopes)).sum();
            let free = count - levels - found.whole.trace_with(&found.squares);
            // a smoother that uses up all samples tells nothing of how well it would do with others
            Ok(if free > 0.0 { count * left / (free * free) } else { f64::INFINITY })
        })
    }
}

/// What is left when each fold is left out, and the fold itself.
pub(super) struct Folds {
    own: Vec<(BTreeMap<String, SitePart>, BTreeMap<String, SitePart>)>,
}

impl Folds {
    pub(super) fn of(folds: &[Vec<(&str, SitePart)>]) -> Result<Self, Error> {
        let one = |n: usize| {
            let others = folds.iter().enumerate().filter(|(m, _)| *m != n).flat_map(|(_, fold)| fold.iter().cloned());
            let (others, fold) = (gather(others)?, gather(folds[n].iter().cloned())?);
            match fold.keys().all(|site| others.contains_key(site)) {
                true => Ok((others, fold)),
                false => Err(Error::TooFew { wanted: 2, found: 1 }),
            }
        };
        if folds.len() < 2 {
            return Err(Error::TooFew { wanted: 2, found: folds.len() as u64 });
        }
        Ok(Self { own: (0..folds.len()).map(one).collect::<Result<_, _>>()? })
    }

    /// The weights with the least mean error of the folds, each told from all others: the root of the sum of squares by the number of samples, as statsmodels has it.
    pub(super) fn least_left_out(&self, bends: &Bends, feature: usize, grid: &[Vec<f64>]) -> Result<Vec<f64>, Error> {
        least(grid, |alphas| {
            let mut total = 0.0;
            for (others, fold) in &self.own {
                let known: Vec<Sums<'_>> = others.values().map(|part| part.sums(feature)).collect();
                let slopes = bends.penalized(&known, alphas)?.slopes;
                let (mut squares, mut count) = (0.0, 0.0);
                for (site, part) in fold {
                    let (own, Some(there)) = (part.sums(feature), others.get(site)) else { continue };
                    let apart = own.level(&slopes) - there.sums(feature).level(&slopes);
                    squares += own.left(&slopes) + own.count * apart * apart;
                    count += own.count;
                }
                // a fold in which nobody measured the feature says nothing
                total += if count > 0.0 { squares.sqrt() / count } else { 0.0 };
            }
            Ok(total)
        })
    }
}

/// The first of the weights with the least score; the last where none has a score that is a number.
fn least(grid: &[Vec<f64>], score: impl Fn(&[f64]) -> Result<f64, Error>) -> Result<Vec<f64>, Error> {
    let mut best = (f64::INFINITY, grid.last().cloned().unwrap_or_default());
    for alphas in grid {
        let found = score(alphas)?;
        if found < best.0 {
            best = (found, alphas.clone());
        }
    }
    Ok(best.1)
}

/// Every combination of the weights of some curves, the last curve's changing fastest.
pub(super) fn grid(curves: usize) -> Result<Vec<Vec<f64>>, Error> {
    if curves > super::ComBatGam::MAX_CHOSEN {
        let wanted = "at most 3, or with weights that are given";
        return Err(Error::BadParameter { what: "the number of curves", wanted, found: curves as f64 });
    }
    let steps: Vec<f64> = (0..STEPS).map(|n| libm::pow(10.0, LARGEST * n as f64 / (STEPS - 1) as f64)).collect();
    let mut grid = vec![Vec::new()];
    for _ in 0..curves {
        grid =
            grid.iter().flat_map(|start: &Vec<f64>| steps.iter().map(|s| [start.as_slice(), &[*s]].concat())).collect();
    }
    Ok(grid)
}

/// The weights of statsmodels: 11 powers of ten between 1 and 10^7.
const STEPS: usize = 11;
const LARGEST: f64 = 7.0;

/// Where the columns of each curve begin among the covariates.
pub(super) fn places(covariates: &[String], smooths: &[Smooth]) -> Result<Vec<usize>, Error> {
    let place = |smooth: &Smooth| {
        let first = covariates.iter().position(|name| name == smooth.name());
        let there = first.map_or(0, |first| {
            covariates[first..].iter().zip(smooth.columns()).take_while(|(found, wanted)| *found == wanted).count()
        });
        match first {
            Some(first) if there == smooth.count() => Ok(first),
            _ => {
                let what = "the columns of a curve among the covariates";
                Err(Error::Length { what, wanted: smooth.count(), found: there })
            }
        }
    };
    smooths.iter().map(place).collect()
}
