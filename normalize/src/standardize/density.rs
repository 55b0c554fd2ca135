//! Kernel density of sample values.

use serde::{Deserialize, Serialize};

use super::tally::{Node, Tally};
use crate::{Error, error::positive};

/// The standard deviation of the Gaussian that every sample is spread by. In a recipe: `"scott"`, `{ part_of_max = 0.0125 }` or
/// `{ fixed = 3.0 }`.
///
/// SciPy's `gaussian_kde` takes a number as a *factor* of the standard deviation of the samples. Handing it a width in the unit of the
/// samples, as intensity-normalization 3.0.1 does, smooths every peak away. Here a width is a width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Bandwidth {
    /// Scott's rule: `n^(-1/5)` standard deviations of the samples.
    #[default]
    Scott,
    /// This part of the largest sample.
    PartOfMax(#[serde(with = "isocenter_volume::exact")] f64),
    /// This width, in the unit of the image.
    Fixed(#[serde(with = "isocenter_volume::exact")] f64),
}

impl Bandwidth {
    /// Checks what a recipe says.
    pub(super) fn check(self) -> Result<Self, Error> {
        match self {
            Self::Scott => {}
            Self::PartOfMax(part) => drop(positive("bandwidth", part)?),
            Self::Fixed(width) => drop(positive("bandwidth", width)?),
        }
        Ok(self)
    }

    fn of(self, tally: &Tally) -> Result<f64, Error> {
        let width = match self {
            Self::Scott => libm::sqrt(tally.mean_and_variance().1) * libm::pow(tally.count, -0.2),
            Self::PartOfMax(part) => part * tally.high,
            Self::Fixed(width) => width,
        };
        positive("bandwidth", width)
    }
}

/// The density of values at equal steps from the smallest to the largest of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    at: Vec<f64>,
    density: Vec<f64>,
    bandwidth: f64,
}

impl Density {
    /// Most points.
    pub const MAX_POINTS: usize = 1 << 14;

    pub(super) fn of(tally: &Tally, bandwidth: Bandwidth, points: usize) -> Result<Self, Error> {
        check(points)?;
        let width = bandwidth.check()?.of(tally)?;
        let step = (tally.high - tally.low) / (points - 1) as f64;
        let at = (0..points).map(|n| if n + 1 == points { tally.high } else { tally.low + n as f64 * step });
        let at: Vec<f64> = at.collect();
        let density = smooth(&tally.coarser(width / GROUPS), &at, width, tally.count);
        Ok(Self { at, density, bandwidth: width })
    }

    /// The values that the density is known at, in the unit of the image.
    pub fn at(&self) -> &[f64] {
        &self.at
    }

    /// The density there; its integral is 1.
    pub fn density(&self) -> &[f64] {
        &self.density
    }

    /// The standard deviation that samples were spread by, in the unit of the image.
    pub const fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// Points with a larger density than both neighbours, ascending.
    pub(super) fn peaks(&self) -> impl DoubleEndedIterator<Item = f64> {
        let is_peak = |w: &[f64]| w[1] > w[0] && w[1] > w[2];
        self.density.windows(3).zip(self.at.iter().skip(1)).filter(move |(w, _)| is_peak(w)).map(|(_, at)| *at)
    }

    /// The point with the largest density, the first of several.
    pub(super) fn largest(&self) -> f64 {
        let pairs = self.at.iter().zip(&self.density);
        pairs.fold((f64::NAN, f64::NEG_INFINITY), |best, (at, d)| if *d > best.1 { (*at, *d) } else { best }).0
    }
}

/// Checks what a recipe says.
pub(super) fn check(points: usize) -> Result<(), Error> {
    if (3..=Density::MAX_POINTS).contains(&points) {
        return Ok(());
    }
    Err(Error::BadParameter { what: "points", wanted: "from 3 to 16384", found: points as f64 })
}

/// The sum of Gaussians about nodes (ascending), at ascending points.
fn smooth(nodes: &[Node], at: &[f64], width: f64, count: f64) -> Vec<f64> {
    let factor = 1.0 / (count * width * libm::sqrt(2.0 * std::f64::consts::PI));
    let near = |x: f64| {
        let first = nodes.partition_point(|n| n.value < x - REACH * width);
        let last = nodes.partition_point(|n| n.value <= x + REACH * width);
        &nodes[first..last]
    };
    let one = |x: f64, node: &Node| {
        let d = (x - node.value) / width;
        node.count * libm::exp(-0.5 * d * d)
    };
    at.iter().map(|&x| factor * near(x).iter().map(|node| one(x, node)).sum::<f64>()).collect()
}

/// Samples within this part of a bandwidth are spread from their mean: the density changes by about 1 in 24 x 16^2 of it.
const GROUPS: f64 = 16.0;

/// How many bandwidths away a sample still counts: exp(-72) is no part of any sum in f64.
const REACH: f64 = 12.0;
