//! A covariate that features may follow along any smooth curve.
//!
//! The curve is a cubic spline between fixed knots. Its columns are the way along the covariate since the lower end, and the B-splines but for the first two, so that the curve is 0 at the
//! lower end, where a site's level takes over, and a straight line is one column. What is held small is the integral of the squared second derivative, which is 0 for a straight line.
//!
//! Source: C. de Boor, "A Practical Guide to Splines", 2001, chapters IX and X; P. H. C. Eilers and B. D. Marx, Statistical Science 1996. The space of curves and the integral are those of
//! `BSplines(df=10, degree=3)` of statsmodels, as neuroHarmonize takes them.

use serde::{Deserialize, Serialize};

use crate::{Error, error::number};

/// Cubic splines over one covariate, between knots that all sites share.
///
/// # Examples
/// ```
/// use isocenter_normalize::harmonize::{Covariates, Smooth};
///
/// let age = Smooth::new("age", [20.0, 80.0], &[40.0, 60.0])?;
/// let covariates = Covariates::none(2).smooth(&age, &[20.0, 75.0])?;
/// assert_eq!(covariates.names(), ["age", "age~2", "age~3", "age~4", "age~5"]);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Smooth {
    name: String,
    /// Lower end, inner knots, upper end.
    knots: Vec<f64>,
}

impl Smooth {
    /// Inner knots of neuroHarmonize's curves.
    pub const INNER: usize = 6;
    /// Most inner knots.
    pub const MAX_INNER: usize = 64;

    /// A curve of a covariate between two ends, in the covariate's unit. Sites that do not share their tables agree on the knots beforehand.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for ends and knots that do not rise, are not finite, or are too many.
    pub fn new(name: &str, ends: [f64; 2], inner: &[f64]) -> Result<Self, Error> {
        let knots: Vec<f64> =
            std::iter::once(ends[0]).chain(inner.iter().copied()).chain(std::iter::once(ends[1])).collect();
        Repr { name: name.to_owned(), knots }.try_into()
    }

    /// Ends and inner knots at evenly spaced percentiles of values that lie in one place ([`Smooth::INNER`] is usual). Knots that meet are one: a curve over few distinct values has fewer.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a value that is not finite or for too many knots; [`Error::Constant`] for values that are all the same or none.
    pub fn of_values(name: &str, values: &[f64], inner: usize) -> Result<Self, Error> {
        if inner > Self::MAX_INNER {
            let (what, wanted) = ("the number of inner knots", "at most 64");
            return Err(Error::BadParameter { what, wanted, found: inner as f64 });
        }
        let mut sorted: Vec<f64> = values.iter().map(|v| number("a covariate", *v)).collect::<Result<_, _>>()?;
        sorted.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else {
            return Err(Error::Constant { what: "the range of a covariate" });
        };
        if low >= high {
            return Err(Error::Constant { what: "the range of a covariate" });
        }
        let last = sorted.len() - 1;
        let at = |n: usize| {
            let rank = n as f64 / (inner + 1) as f64 * last as f64;
            let (below, part) = (rank.floor(), rank - rank.floor());
            let at = below as usize;
            sorted[at] + (sorted[(at + 1).min(last)] - sorted[at]) * part
        };
        let mut knots: Vec<f64> = (1..=inner).map(at).collect();
        knots.retain(|k| k > low && k < high);
        knots.dedup();
        Self::new(name, [*low, *high], &knots)
    }

    /// The name of the covariate.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lower end, inner knots, upper end, in the covariate's unit.
    pub fn knots(&self) -> &[f64] {
        &self.knots
    }

    /// Names of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = String> {
        (1..=self.count()).map(|n| if n == 1 { self.name.clone() } else { format!("{}~{n}", self.name) })
    }

    /// Number of columns.
    pub(super) fn count(&self) -> usize {
        self.knots.len() + 1
    }

    /// The columns of one value.
    pub(super) fn basis(&self, value: f64) -> Result<Vec<f64>, Error> {
        let (low, high) = (self.knots[0], self.knots[self.knots.len() - 1]);
        if !(low..=high).contains(&value) {
            let (what, wanted) = ("a smooth covariate", "within the ends of its curve");
            return Err(Error::BadParameter { what, wanted, found: value });
        }
        let knots = self.clamped();
        // the piece the value lies in; the upper end belongs to the last one
        let last = self.knots.len() - 2;
        let piece = self.knots.partition_point(|k| *k <= value).saturating_sub(1).min(last);
        let at = piece + DEGREE;
        // the four splines that are not 0 there (de Boor, X, (7))
        let mut splines = [1.0, 0.0, 0.0, 0.0];
        for degree in 1..=DEGREE {
            let mut saved = 0.0;
            for r in 0..degree {
                let (left, right) = (knots[at + 1 + r - degree], knots[at + 1 + r]);
                let term = splines[r] / (right - left);
                splines[r] = saved + (right - value) * term;
                saved = (value - left) * term;
            }
            splines[degree] = saved;
        }
        let mut row = vec![0.0; self.count() + 1];
        row[piece..=piece + DEGREE].copy_from_slice(&splines);
        row[1] = value - low;
        Ok(row.split_off(1))
    }

    /// The integrals of products of second derivatives, by rows: what the square of a curve's bend is made of.
    pub(super) fn bend(&self) -> Vec<f64> {
        let (n, knots) = (self.count() + 1, self.clamped());
        // a second derivative is straight between knots: its values there, for every spline (de Boor, X, (12))
        let at_knots = |spline: usize| -> Vec<f64> {
            let coefficient = |i: usize| f64::from(u8::from(i == spline));
            let first = |i: usize| 3.0 * (coefficient(i) - coefficient(i - 1)) / (knots[i + 3] - knots[i]);
            (2..n).map(|i| 2.0 * (first(i) - first(i - 1)) / (knots[i + 2] - knots[i])).collect()
        };
        let bends: Vec<Vec<f64>> = (2..n).map(at_knots).collect();
        let columns = self.count();
        let mut out = vec![0.0; columns * columns];
        for (i, a) in bends.iter().enumerate() {
            for (j, b) in bends.iter().enumerate() {
                let pieces = self.knots.windows(2).enumerate();
                out[(i + 1) * columns + j + 1] = pieces
                    .map(|(k, ends)| {
                        let mixed = a[k] * b[k + 1] + a[k + 1] * b[k];
                        (ends[1] - ends[0]) / 6.0 * (2.0 * a[k] * b[k] + mixed + 2.0 * a[k + 1] * b[k + 1])
                    })
                    .sum();
            }
        }
        out
    }

    /// The knots with both ends four times.
    fn clamped(&self) -> Vec<f64> {
        let (low, high) = (self.knots[0], self.knots[self.knots.len() - 1]);
        let mut knots = vec![low; DEGREE];
        knots.extend(&self.knots);
        knots.extend([high; DEGREE]);
        knots
    }
}

const DEGREE: usize = 3;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    name: String,
    #[serde(with = "isocenter_volume::exact::list")]
    knots: Vec<f64>,
}

impl TryFrom<Repr> for Smooth {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { name, knots } = r;
        knots.iter().try_for_each(|k| number("a knot", *k).map(|_| ()))?;
        if let Some(pair) = knots.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::BadParameter { what: "a knot", wanted: "above the one before", found: pair[1] });
        }
        if !(2..=Self::MAX_INNER + 2).contains(&knots.len()) {
            let wanted = "at least 2, with at most 64 between the ends";
            return Err(Error::BadParameter { what: "the number of knots", wanted, found: knots.len() as f64 });
        }
        Ok(Self { name, knots })
    }
}

impl From<Smooth> for Repr {
    fn from(smooth: Smooth) -> Self {
        Self { name: smooth.name, knots: smooth.knots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coefficients of a parabola over the B-splines of a curve: Marsden's identity, `t^2` has the products of knots.
    fn parabola(smooth: &Smooth) -> Vec<f64> {
        let (knots, low) = (smooth.clamped(), smooth.knots[0]);
        let coefficient = |i: usize| {
            let [a, b, c] = [1, 2, 3].map(|k| knots[i + k] - low);
            (a * b + a * c + b * c) / 3.0
        };
        // the column of the straight way stands where the second spline did, of which a parabola has none: (t_2 - low) (t_3 - low) is 0
        let mut out = vec![0.0];
        out.extend((2..=smooth.count()).map(coefficient));
        out
    }

    #[test]
    fn a_parabola_is_a_curve_and_bends_as_it_should() {
        let smooth = Smooth::new("age", [2.0, 9.0], &[3.0, 4.5, 7.0]).unwrap();
        let weights = parabola(&smooth);
        for n in 0..=70 {
            let value = 2.0 + f64::from(n) * 0.1;
            let row = smooth.basis(value.min(9.0)).unwrap();
            let found: f64 = row.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let wanted = (value.min(9.0) - 2.0) * (value.min(9.0) - 2.0);
            assert!((found - wanted).abs() < 1e-12, "{value} {found} {wanted}");
        }
        // the second derivative is 2 over a length of 7
        let (bend, n) = (smooth.bend(), smooth.count());
        let mut total = 0.0;
        for i in 0..n {
            for j in 0..n {
                total += weights[i] * weights[j] * bend[i * n + j];
            }
        }
        assert!((total - 28.0).abs() < 1e-11, "{total}");
        assert!(bend[..n].iter().all(|v| *v == 0.0));
    }

    #[test]
    fn knots_that_meet_are_one_and_odd_ones_are_refused() {
        let ages = [[9.0; 40].as_slice(), &[10.0; 30], &[11.0; 30]].concat();
        assert_eq!(Smooth::of_values("age", &ages, 6).unwrap().knots(), [9.0, 10.0, 11.0]);
        assert!(matches!(Smooth::of_values("age", &[3.0; 4], 6), Err(Error::Constant { .. })));
        assert!(Smooth::of_values("age", &[], 6).is_err() && Smooth::of_values("age", &ages, usize::MAX).is_err());
        assert!(Smooth::new("age", [1.0, 0.0], &[]).is_err() && Smooth::new("age", [0.0, 1.0], &[1.0]).is_err());
        assert!(Smooth::new("age", [0.0, f64::INFINITY], &[]).is_err());
        let smooth = Smooth::new("age", [0.0, 1.0], &[]).unwrap();
        assert!(smooth.basis(1.5).is_err() && smooth.basis(f64::NAN).is_err() && smooth.basis(1.0).is_ok());
    }
}
