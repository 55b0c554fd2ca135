//! A site's estimates, drawn to what its features have in common.

use rayon::prelude::*;

use super::{Effect, Priors};
use crate::Error;

/// What a site's own samples say of one feature, in deviations.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Own {
    count: f64,
    /// What the site adds.
    gamma: f64,
    /// Variance within the site, by one less than its samples; 1 where it is not looked at.
    delta: f64,
    /// Sum of squares about the site's own mean.
    squares: f64,
    /// Whether the feature varies at all, and was measured at this site.
    is_used: bool,
}

impl Own {
    pub(in super::super) fn new(count: f64, gamma: f64, squares: f64, varies: bool) -> Self {
        let is_used = varies && count > 0.0;
        if !is_used {
            return Self { count, gamma: 0.0, delta: 1.0, squares: 0.0, is_used };
        }
        Self { count, gamma, delta: squares / (count - 1.0), squares, is_used }
    }

    /// With or without its own variance.
    const fn with_variance(self, looks: bool) -> Self {
        if looks { self } else { Self { delta: 1.0, ..self } }
    }

    /// Sum of squared differences from another mean.
    fn squares_about(&self, gamma: f64) -> f64 {
        self.squares + self.count * (self.gamma - gamma) * (self.gamma - gamma)
    }
}

/// That every feature of a site has the samples that a variance takes.
pub(in super::super) fn require(own: &[Own], mean_only: bool) -> Result<(), Error> {
    match own.iter().find(|own| !mean_only && own.is_used && own.count < 2.0) {
        Some(few) => Err(Error::TooFew { wanted: 2, found: few.count as u64 }),
        None => Ok(()),
    }
}

/// What a site adds to each feature and multiplies its variance by.
pub(in super::super) fn effects(own: &[Own], priors: Priors, mean_only: bool) -> Result<Vec<Effect>, Error> {
    require(own, mean_only)?;
    let own: Vec<Own> = own.iter().map(|own| own.with_variance(!mean_only)).collect();
    Ok(drawn(&own, priors, mean_only).into_iter().map(|(gamma, delta)| Effect { gamma, delta }).collect())
}

/// What is added and what the variance is multiplied by, for every feature of one site.
fn drawn(own: &[Own], priors: Priors, mean_only: bool) -> Vec<(f64, f64)> {
    let used: Vec<Own> = own.iter().filter(|o| o.is_used).copied().collect();
    let found = match priors {
        Priors::None => used.iter().map(|o| (o.gamma, o.delta)).collect(),
        Priors::NonParametric => non_parametric(&used),
        Priors::Parametric => parametric(&used, mean_only),
    };
    // a variance of nothing, of a feature that is the same in all of a site's samples, cannot be stretched to that of the others
    let sound = |(gamma, delta): (f64, f64)| {
        (if gamma.is_finite() { gamma } else { 0.0 }, if delta > 0.0 && delta.is_finite() { delta } else { 1.0 })
    };
    let mut found = found.into_iter().map(sound);
    own.iter().map(|o| if o.is_used { found.next().unwrap_or((0.0, 1.0)) } else { (0.0, 1.0) }).collect()
}

/// Mean and variance (by one less than the number).
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    (mean, values.map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0))
}

/// Posterior means under a normal and an inverse gamma prior, each given the other, in turns until both stand.
fn parametric(own: &[Own], mean_only: bool) -> Vec<(f64, f64)> {
    let (middle, spread) = moments(own.iter().map(|o| o.gamma));
    let (m, s) = moments(own.iter().map(|o| o.delta));
    // of one feature, or of features that are all alike, there is nothing to learn
    let (is_gamma, is_delta) = (spread.is_finite(), s.is_finite() && s > 0.0);
    let (a, b) = ((2.0 * s + m * m) / s, (m * s + m * m * m) / s);
    let gamma_at = |o: &Own, delta: f64| {
        if is_gamma { (o.count * spread * o.gamma + delta * middle) / (o.count * spread + delta) } else { o.gamma }
    };
    if mean_only {
        // one sample's worth of evidence, as the reference implementation counts it
        return own
            .iter()
            .map(|o| (if is_gamma { (spread * o.gamma + middle) / (spread + 1.0) } else { o.gamma }, 1.0))
            .collect();
    }
    own.par_iter()
        .map(|o| {
            let (mut gamma, mut delta) = (o.gamma, o.delta);
            for _ in 0..MOST_TURNS {
                let next = gamma_at(o, delta);
                let next_delta =
                    if is_delta { (0.5 * o.squares_about(next) + b) / (o.count / 2.0 + a - 1.0) } else { o.delta };
                let moved = (next - gamma).abs().max((next_delta - delta).abs());
                (gamma, delta) = (next, next_delta);
                // written so that NaN ends it
                let goes_on = moved > LAST_TURN * (gamma.abs() + delta);
                if !goes_on {
                    break;
                }
            }
            (gamma, delta)
        })
        .collect()
}

/// Most turns, and the change (as a share) that ends them.
const MOST_TURNS: usize = 1000;
const LAST_TURN: f64 = 1e-10;

/// Means of the other features' estimates, by how likely they make this one's values.
fn non_parametric(own: &[Own]) -> Vec<(f64, f64)> {
    let half: Vec<f64> = own.iter().map(|o| libm::log(o.delta)).collect();
    own.par_iter()
        .enumerate()
        .map(|(n, o)| {
            let likelihood = |(m, other): (usize, &Own)| {
                let found = -0.5 * o.count * half[m] - o.squares_about(other.gamma) / (2.0 * other.delta);
                // the feature itself says nothing of itself, and one without variance nothing of any
                if m == n || found.is_nan() { f64::NEG_INFINITY } else { found }
            };
            let logs: Vec<f64> = own.iter().enumerate().map(likelihood).collect();
            let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if most == f64::NEG_INFINITY {
                return (o.gamma, o.delta);
            }
            let (mut sum, mut gamma, mut delta) = (0.0, 0.0, 0.0);
            for (other, log) in own.iter().zip(&logs) {
                // what is e^-60 as likely changes no digit of the mean
                if log - most > -60.0 {
                    let weight = libm::exp(log - most);
                    sum += weight;
                    gamma += weight * other.gamma;
                    delta += weight * other.delta;
                }
            }
            (gamma / sum, delta / sum)
        })
        .collect()
}
