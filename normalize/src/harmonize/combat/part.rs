//! What one site tells: sums, no samples.

use std::collections::BTreeMap;

use isocenter_volume::exact::Exact;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Covariates;
use crate::{Error, version::Version};

/// Numbers of samples, means, and products about the means, of one site; serializes, so that sites can send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct SitePart {
    names: Vec<String>,
    /// Of all samples.
    shared: Design,
    /// Of features that were not measured in all of them.
    own: BTreeMap<usize, Design>,
    features: Vec<Row>,
}

/// Sums over the covariates of some samples.
#[derive(Clone, Debug, Default, PartialEq)]
struct Design {
    count: f64,
    means: Vec<f64>,
    /// Products about the means, by rows.
    squares: Vec<f64>,
}

/// Sums over one feature.
#[derive(Clone, Debug, Default, PartialEq)]
struct Row {
    mean: f64,
    /// Squares about the mean.
    variation: f64,
    /// Products with each covariate, about the means.
    products: Vec<f64>,
}

/// What a fit reads of one feature at one site.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Sums<'a> {
    pub(in super::super) count: f64,
    pub(in super::super) means: &'a [f64],
    pub(in super::super) squares: &'a [f64],
    pub(in super::super) mean: f64,
    pub(in super::super) variation: f64,
    pub(in super::super) products: &'a [f64],
}

impl Sums<'_> {
    /// The mean at covariates of 0.
    pub(in super::super) fn level(&self, slopes: &[f64]) -> f64 {
        self.mean - dot(slopes, self.means)
    }

    /// The sum of squares about the site's own mean that slopes leave.
    pub(in super::super) fn left(&self, slopes: &[f64]) -> f64 {
        let n = slopes.len();
        let bent: f64 = (0..n).map(|r| slopes[r] * dot(slopes, &self.squares[r * n..][..n])).sum();
        let left = self.variation - 2.0 * dot(slopes, self.products) + bent;
        // of what cancels, rounding is left
        let least = self.variation.max(self.mean * self.mean * self.count * ROUNDING) * ROUNDING;
        if left > least { left } else { 0.0 }
    }
}

pub(in super::super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What rounding leaves of a difference of equal numbers, as a share.
pub(in super::super) const ROUNDING: f64 = 1e-12;

impl SitePart {
    /// Sums over a site's table: `samples` of every feature one after another (features are rows), `NaN` where nothing was measured.
    ///
    /// # Errors
    /// [`Error::Length`] where the table is not features by samples; [`Error::BadParameter`] for an infinite value.
    pub fn of(table: &[f64], features: usize, covariates: &Covariates) -> Result<Self, Error> {
        let samples = covariates.samples();
        require_table(table.len(), features, samples)?;
        if let Some(found) = table.iter().find(|v| v.is_infinite()) {
            return Err(Error::BadParameter {
                what: "a feature",
                wanted: "finite, or NaN where it was not measured",
                found: *found,
            });
        }
        let shared = Design::of(covariates, &(0..samples).collect::<Vec<_>>());
        let rows: Vec<(Row, Option<Design>)> = (0..features)
            .into_par_iter()
            .map(|g| {
                let row = &table[g * samples..(g + 1) * samples];
                let there: Vec<usize> = (0..samples).filter(|j| !row[*j].is_nan()).collect();
                if there.len() == samples {
                    return (Row::of(row, &there, covariates, &shared), None);
                }
                let own = Design::of(covariates, &there);
                (Row::of(row, &there, covariates, &own), Some(own))
            })
            .collect();
        let mut part = Self { names: covariates.names().to_vec(), shared, own: BTreeMap::new(), features: Vec::new() };
        for (g, (row, own)) in rows.into_iter().enumerate() {
            part.features.push(row);
            part.own.extend(own.map(|own| (g, own)));
        }
        Ok(part)
    }

    /// Adds another part of the same site. Sums of sums are those of all samples but for rounding.
    ///
    /// # Errors
    /// [`Error::Length`] for other features or covariates.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        other.require(self.features.len(), &self.names)?;
        let designs: Vec<[Design; 2]> =
            (0..self.features.len()).map(|g| [self.design(g).clone(), other.design(g).clone()]).collect();
        for (g, [one, another]) in designs.iter().enumerate() {
            let row = &mut self.features[g];
            *row = row.with(&other.features[g], one, another);
            if self.own.contains_key(&g) || other.own.contains_key(&g) {
                self.own.insert(g, one.with(another));
            }
        }
        self.shared = self.shared.with(&other.shared);
        Ok(())
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features.len()
    }

    /// Number of samples.
    pub fn samples(&self) -> u64 {
        self.shared.count as u64
    }

    pub(in super::super) fn covariates(&self) -> &[String] {
        &self.names
    }

    pub(in super::super) fn require(&self, features: usize, names: &[String]) -> Result<(), Error> {
        if self.features.len() != features {
            return Err(Error::Length { what: "the features of a site", wanted: features, found: self.features.len() });
        }
        if self.names != names {
            let what = "the list of covariates of a site (or their names differ)";
            return Err(Error::Length { what, wanted: names.len(), found: self.names.len() });
        }
        Ok(())
    }

    /// Whether features were not measured in all samples.
    pub(in super::super) fn is_partial(&self) -> bool {
        !self.own.is_empty()
    }

    fn design(&self, feature: usize) -> &Design {
        self.own.get(&feature).unwrap_or(&self.shared)
    }

    pub(in super::super) fn sums(&self, feature: usize) -> Sums<'_> {
        let (row, design) = (&self.features[feature], self.design(feature));
        Sums {
            count: design.count,
            means: &design.means,
            squares: &design.squares,
            mean: row.mean,
            variation: row.variation,
            products: &row.products,
        }
    }
}

impl Design {
    fn of(covariates: &Covariates, samples: &[usize]) -> Self {
        let columns = covariates.names().len();
        let count = samples.len() as f64;
        let mean = |c: usize| samples.iter().map(|j| covariates.value(c, *j)).sum::<f64>() / count.max(1.0);
        let means: Vec<f64> = (0..columns).map(mean).collect();
        let product = |n: usize| {
            let (a, b) = (n / columns, n % columns);
            let one = |j: &usize| (covariates.value(a, *j) - means[a]) * (covariates.value(b, *j) - means[b]);
            samples.iter().map(one).sum::<f64>()
        };
        let squares = (0..columns * columns).map(product).collect();
        Self { count, means, squares }
    }

    fn with(&self, other: &Self) -> Self {
        let count = self.count + other.count;
        let share = if count > 0.0 { other.count / count } else { 0.0 };
        let apart: Vec<f64> = self.means.iter().zip(&other.means).map(|(a, b)| b - a).collect();
        let columns = apart.len();
        let weight = self.count * share;
        let squares = (0..columns * columns)
            .map(|n| self.squares[n] + other.squares[n] + weight * apart[n / columns] * apart[n % columns])
            .collect();
        Self { count, means: self.means.iter().zip(&apart).map(|(a, d)| a + share * d).collect(), squares }
    }
}

impl Row {
    fn of(row: &[f64], samples: &[usize], covariates: &Covariates, design: &Design) -> Self {
        let mean = samples.iter().map(|j| row[*j]).sum::<f64>() / design.count.max(1.0);
        let variation = samples.iter().map(|j| (row[*j] - mean) * (row[*j] - mean)).sum();
        let product = |(c, middle): (usize, &f64)| {
            samples.iter().map(|j| (covariates.value(c, *j) - middle) * (row[*j] - mean)).sum::<f64>()
        };
        Self { mean, variation, products: design.means.iter().enumerate().map(product).collect() }
    }

    fn with(&self, other: &Self, one: &Design, another: &Design) -> Self {
        let count = one.count + another.count;
        let share = if count > 0.0 { another.count / count } else { 0.0 };
        let (apart, weight) = (other.mean - self.mean, one.count * share);
        let products = (0..self.products.len())
            .map(|c| self.products[c] + other.products[c] + weight * apart * (another.means[c] - one.means[c]))
            .collect();
        Self {
            mean: self.mean + share * apart,
            variation: self.variation + other.variation + weight * apart * apart,
            products,
        }
    }
}

/// A table holds every feature of every sample.
pub(in super::super) fn require_table(found: usize, features: usize, samples: usize) -> Result<(), Error> {
    match features.checked_mul(samples) {
        Some(wanted) if wanted == found => Ok(()),
        wanted => Err(Error::Length { what: "the table", wanted: wanted.unwrap_or(usize::MAX), found }),
    }
}

type Numbers = Vec<Exact>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    covariates: Vec<String>,
    shared: DesignRepr,
    own: BTreeMap<usize, DesignRepr>,
    /// Mean, squares about it, products with the covariates.
    features: Vec<Numbers>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignRepr {
    samples: u64,
    means: Numbers,
    products: Numbers,
}

impl From<Design> for DesignRepr {
    fn from(d: Design) -> Self {
        let exact = |v: Vec<f64>| v.into_iter().map(Exact).collect();
        Self { samples: d.count as u64, means: exact(d.means), products: exact(d.squares) }
    }
}

impl DesignRepr {
    fn checked(self, columns: usize) -> Result<Design, String> {
        let plain = |v: Numbers| v.into_iter().map(|Exact(v)| v).collect::<Vec<f64>>();
        let design = Design { count: self.samples as f64, means: plain(self.means), squares: plain(self.products) };
        let is_whole = design.means.len() == columns && design.squares.len() == columns * columns;
        if !is_whole || !design.means.iter().chain(&design.squares).all(|v| v.is_finite()) {
            return Err("a part of a site has another number of covariates, or a sum that is no number".to_owned());
        }
        Ok(design)
    }
}

impl TryFrom<Repr> for SitePart {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let columns = r.covariates.len();
        let shared = r.shared.checked(columns)?;
        let own = r.own.into_iter().map(|(g, d)| Ok((g, d.checked(columns)?))).collect::<Result<_, String>>()?;
        let row = |numbers: Numbers| {
            let numbers: Vec<f64> = numbers.into_iter().map(|Exact(v)| v).collect();
            match numbers.as_slice() {
                [mean, variation, products @ ..]
                    if products.len() == columns && *variation >= 0.0 && numbers.iter().all(|v| v.is_finite()) =>
                {
                    Ok(Row { mean: *mean, variation: *variation, products: products.to_vec() })
                }
                _ => Err("a feature of a site's part has not its mean, squares and products".to_owned()),
            }
        };
        let features = r.features.into_iter().map(row).collect::<Result<_, _>>()?;
        Ok(Self { names: r.covariates, shared, own, features })
    }
}

impl From<SitePart> for Repr {
    fn from(part: SitePart) -> Self {
        let row = |r: Row| [r.mean, r.variation].into_iter().chain(r.products).map(Exact).collect();
        Self {
            version: Version::CURRENT,
            covariates: part.names,
            shared: part.shared.into(),
            own: part.own.into_iter().map(|(g, d)| (g, d.into())).collect(),
            features: part.features.into_iter().map(row).collect(),
        }
    }
}
