//! The directions in which the residuals of all sites vary most.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{CovBatOptions, Left};
use crate::{Error, eigen, harmonize::combat::part::dot};

/// Principal components of features about their means, by their spreads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Directions {
    #[serde(with = "isocenter_volume::exact::list")]
    middles: Vec<f64>,
    /// What features are divided by; 0 for one that is left alone.
    #[serde(with = "isocenter_volume::exact::list")]
    scales: Vec<f64>,
    axes: Vec<Axis>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Axis(#[serde(with = "isocenter_volume::exact::list")] Vec<f64>);

impl Directions {
    pub(super) fn of(left: &[Left], options: &CovBatOptions) -> Result<Self, Error> {
        let features = left.first().map_or(0, |own| own.means.len());
        let total: f64 = left.iter().map(|own| own.count).sum();
        let middle = |g: usize| left.iter().map(|own| own.count * own.means[g]).sum::<f64>() / total;
        let middles: Vec<f64> = (0..features).map(middle).collect();
        let product = |g: usize, h: usize| {
            let one = |own: &Left| {
                let apart = (own.means[g] - middles[g]) * (own.means[h] - middles[h]);
                own.products[g * features + h] + own.count * apart
            };
            left.iter().map(one).sum::<f64>() / (total - 1.0)
        };
        let scale = |g: usize| {
            let variance = product(g, g);
            if variance <= 0.0 {
                0.0
            } else if options.standardize {
                variance.sqrt()
            } else {
                1.0
            }
        };
        let scales: Vec<f64> = (0..features).map(scale).collect();
        let row = |g: usize| -> Vec<f64> {
            let of = |h: usize| {
                if scales[g] > 0.0 && scales[h] > 0.0 { product(g, h) / (scales[g] * scales[h]) } else { 0.0 }
            };
            (0..features).map(of).collect()
        };
        let covariance: Vec<Vec<f64>> = (0..features).into_par_iter().map(row).collect();
        let variance: f64 = (0..features).map(|g| covariance[g][g]).sum();
        if variance <= 0.0 {
            return Err(Error::Constant { what: "the variance of all features" });
        }
        let found = eigen::symmetric(covariance);
        let count = options.components.unwrap_or_else(|| {
            let mut sum = 0.0;
            let enough = found.iter().position(|(value, _)| {
                sum += value;
                sum / variance > options.share
            });
            enough.map_or(features, |last| last + 1)
        });
        let axes = found.into_iter().take(count).map(|(_, axis)| Axis(axis)).collect();
        Ok(Self { middles, scales, axes })
    }

    pub(super) fn require(&self, features: usize) -> Result<(), String> {
        let lists = [&self.middles, &self.scales].into_iter().chain(self.axes.iter().map(|axis| &axis.0));
        let is_whole = |list: &Vec<f64>| list.len() == features && list.iter().all(|v| v.is_finite());
        if lists.into_iter().all(is_whole) && self.scales.iter().all(|v| *v >= 0.0) {
            return Ok(());
        }
        Err("a direction of the fit has another number of features, or what is no number".to_owned())
    }

    pub(super) const fn len(&self) -> usize {
        self.axes.len()
    }

    pub(super) fn axes(&self) -> impl Iterator<Item = &[f64]> {
        self.axes.iter().map(|axis| axis.0.as_slice())
    }

    pub(super) fn scales(&self) -> &[f64] {
        &self.scales
    }

    /// Residuals of one sample about their means, by their spreads.
    pub(super) fn scaled(&self, left: impl Iterator<Item = f64>) -> Vec<f64> {
        let one = |((v, middle), scale): ((f64, &f64), &f64)| if *scale > 0.0 { (v - middle) / scale } else { 0.0 };
        left.zip(&self.middles).zip(&self.scales).map(one).collect()
    }

    /// Mean of a site's scores along each direction, and their squares about it.
    pub(super) fn scores(&self, own: &Left) -> Vec<[f64; 2]> {
        let means = self.scaled(own.means.iter().copied());
        let features = means.len();
        let one = |axis: &[f64]| {
            let inverse = |(v, scale): (&f64, &f64)| if *scale > 0.0 { v / scale } else { 0.0 };
            let weights: Vec<f64> = axis.iter().zip(&self.scales).map(inverse).collect();
            let squares: f64 =
                (0..features).map(|g| weights[g] * dot(&weights, &own.products[g * features..][..features])).sum();
            [dot(axis, &means), squares.max(0.0)]
        };
        self.axes().map(one).collect()
    }
}
