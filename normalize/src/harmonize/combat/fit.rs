//! One feature over all sites.

use isocenter_volume::exact::Exact;

use super::{Feature, bayes::Own, part::Sums};

/// What is the same at every site, and what each site says by itself.
pub(super) struct Fit {
    pub(super) feature: Feature,
    pub(super) own: Vec<Own>,
}

/// What varies within the sites: products of the covariates with each other (by rows), and with the feature.
pub(in super::super) fn within(sites: &[Sums<'_>]) -> (Vec<f64>, Vec<f64>) {
    let covariates = sites.first().map_or(0, |s| s.means.len());
    let mut squares = vec![0.0; covariates * covariates];
    let mut products = vec![0.0; covariates];
    for site in sites {
        squares.iter_mut().zip(site.squares).for_each(|(sum, v)| *sum += v);
        products.iter_mut().zip(site.products).for_each(|(sum, v)| *sum += v);
    }
    (squares, products)
}

impl Fit {
    /// Each site's mean at covariates of 0, by slopes that are known.
    pub(super) fn of(sites: &[Sums<'_>], reference: Option<usize>, slopes: Vec<f64>) -> Self {
        let total: f64 = sites.iter().map(|s| s.count).sum();
        let left: Vec<f64> = sites.iter().map(|s| s.left(&slopes)).collect();
        let means: Vec<f64> = sites.iter().map(|s| s.level(&slopes)).collect();
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
        let slopes = slopes.into_iter().map(Exact).collect();
        Self { feature: Feature { mean, deviation, slopes }, own }
    }
}
