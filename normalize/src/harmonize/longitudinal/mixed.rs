//! One random intercept for each subject, by restricted maximum likelihood.
//!
//! With the noise's variance taken out of the likelihood, one number is left: the ratio `t` of the subjects' variance to the noise's. Products of the design split into what varies within subjects and what
//! varies between their means; of a subject of `n` visits the latter counts `n / (1 + n t)` times, so that all is sums over the numbers of visits that there are.

use std::collections::BTreeMap;

use super::Groups;
use crate::{
    Error,
    harmonize::{
        Covariates,
        combat::{
            part::{ROUNDING, dot},
            solve::Cholesky,
        },
    },
};

/// The design of the model: sites' levels, and covariates about their means.
pub(super) struct Mixed {
    sites: usize,
    columns: usize,
    /// The columns of every visit, one visit after another: sites as 0 or 1, covariates about their means.
    design: Vec<f64>,
    /// Means of the covariates.
    middles: Vec<f64>,
    subjects: Vec<Subject>,
    /// Products within subjects, by rows.
    within: Vec<f64>,
    classes: Vec<Class>,
    steps: Vec<Step>,
}

struct Subject {
    visits: Vec<usize>,
    /// Mean of each column.
    mean: Vec<f64>,
    class: usize,
}

/// Subjects of one number of visits.
struct Class {
    visits: f64,
    subjects: f64,
    /// Products of their means, by rows.
    between: Vec<f64>,
}

/// What the design says at one ratio.
struct Step {
    ratio: f64,
    whole: Cholesky,
    log_determinant: f64,
    /// How the logarithms of determinants rise.
    rise: f64,
}

/// What was found of one feature.
pub(super) struct Found {
    /// Each site's, at covariates of 0.
    pub(super) levels: Vec<f64>,
    pub(super) slopes: Vec<f64>,
    /// Of the noise; 0 where there is none.
    pub(super) deviation: f64,
    pub(super) ratio: f64,
}

/// Sums of one feature.
struct Sums {
    within: f64,
    products: Vec<f64>,
    /// For each class squares of the subjects' means, and products with the columns' means.
    between: Vec<(f64, Vec<f64>)>,
}

impl Mixed {
    pub(super) fn of(at: &[usize], sites: usize, groups: &Groups, covariates: &Covariates) -> Result<Self, Error> {
        let (samples, others) = (at.len(), covariates.names().len());
        let columns = sites + others;
        if samples <= columns {
            return Err(Error::TooFew { wanted: columns as u64 + 1, found: samples as u64 });
        }
        let value = |c: usize, j: usize| covariates.value(c, j);
        let middles: Vec<f64> =
            (0..others).map(|c| (0..samples).map(|j| value(c, j)).sum::<f64>() / samples as f64).collect();
        let column = |j: usize, n: usize| match n.checked_sub(sites) {
            None => f64::from(u8::from(n == at[j])),
            Some(c) => value(c, j) - middles[c],
        };
        let design = (0..samples * columns).map(|n| column(n / columns, n % columns)).collect();
        let mut sizes: BTreeMap<usize, usize> = groups.iter().map(|own| (own.len(), 0)).collect();
        sizes.values_mut().enumerate().for_each(|(n, class)| *class = n);
        if sizes.keys().all(|size| *size < 2) {
            return Err(Error::OneVisit);
        }
        let empty = |size: &usize| Class { visits: *size as f64, subjects: 0.0, between: vec![0.0; columns * columns] };
        let mut out = Self {
            sites,
            columns,
            design,
            middles,
            subjects: Vec::new(),
            within: vec![0.0; columns * columns],
            classes: sizes.keys().map(empty).collect(),
            steps: Vec::new(),
        };
        for own in groups.iter() {
            let class = sizes.get(&own.len()).copied().unwrap_or(0);
            let mean: Vec<f64> =
                (0..columns).map(|c| own.iter().map(|j| out.row(*j)[c]).sum::<f64>() / own.len() as f64).collect();
            for j in own {
                let apart: Vec<f64> = out.row(*j).iter().zip(&mean).map(|(v, m)| v - m).collect();
                add_products(&mut out.within, &apart);
            }
            add_products(&mut out.classes[class].between, &mean);
            out.classes[class].subjects += 1.0;
            out.subjects.push(Subject { visits: own.to_vec(), mean, class });
        }
        let ratios =
            std::iter::once(0.0).chain((0..=STEPS).map(|n| libm::pow(10.0, -6.0 + 12.0 * n as f64 / STEPS as f64)));
        out.steps = ratios.map(|ratio| out.step(ratio).ok_or(Error::Confounded)).collect::<Result<_, _>>()?;
        Ok(out)
    }

    /// The columns of one visit.
    fn row(&self, j: usize) -> &[f64] {
        &self.design[j * self.columns..][..self.columns]
    }

    /// How often means of subjects count, and how that falls with the ratio.
    fn weights(&self, ratio: f64) -> impl Iterator<Item = (f64, f64)> {
        self.classes.iter().map(move |class| {
            let weight = class.visits / (1.0 + class.visits * ratio);
            (weight, weight * weight)
        })
    }

    fn step(&self, ratio: f64) -> Option<Step> {
        let (mut all, mut fall) = (self.within.clone(), vec![0.0; self.within.len()]);
        let (mut log_determinant, mut rise) = (0.0, 0.0);
        for (class, (weight, falls)) in self.classes.iter().zip(self.weights(ratio)) {
            all.iter_mut().zip(&class.between).for_each(|(sum, v)| *sum += weight * v);
            fall.iter_mut().zip(&class.between).for_each(|(sum, v)| *sum += falls * v);
            log_determinant += class.subjects * libm::log1p(class.visits * ratio);
            rise += class.subjects * weight;
        }
        let whole = Cholesky::of(&all, self.columns)?;
        let log_determinant = log_determinant + whole.log_determinant();
        let rise = rise - whole.trace_with(&fall);
        Some(Step { ratio, whole, log_determinant, rise })
    }

    /// Variances, levels and slopes of one feature.
    pub(super) fn fit(&self, row: &[f64]) -> Result<Found, Error> {
        let count = row.len() as f64;
        let middle = row.iter().sum::<f64>() / count;
        let centred: Vec<f64> = row.iter().map(|v| v - middle).collect();
        let total: f64 = dot(&centred, &centred);
        let first = self.steps.first().ok_or(Error::Confounded)?;
        // digits are kept by looking at what least squares leave
        let ordinary = self.sums(&centred).solve(self, first).0;
        let left = self.left(&centred, &ordinary);
        let variation: f64 = dot(&left, &left);
        let least = total.max(middle * middle * count * ROUNDING) * ROUNDING;
        let still = Found {
            levels: vec![middle; self.sites],
            slopes: vec![0.0; self.columns - self.sites],
            deviation: 0.0,
            ratio: 0.0,
        };
        // written so that NaN is constant
        let varies = variation > least;
        if !varies {
            return Ok(still);
        }
        let sums = self.sums(&left);
        let Some(step) = self.best(&sums) else { return Ok(still) };
        let (more, squares) = sums.solve(self, &step);
        let found: Vec<f64> = ordinary.iter().zip(&more).map(|(a, b)| a + b).collect();
        let (levels, slopes) = found.split_at(self.sites);
        let at_zero = middle - dot(slopes, &self.middles);
        let free = count - self.columns as f64;
        Ok(Found {
            levels: levels.iter().map(|level| level + at_zero).collect(),
            slopes: slopes.to_vec(),
            deviation: (squares / free).sqrt(),
            ratio: step.ratio,
        })
    }

    fn left(&self, row: &[f64], weights: &[f64]) -> Vec<f64> {
        row.iter().enumerate().map(|(j, v)| v - dot(self.row(j), weights)).collect()
    }

    fn sums(&self, row: &[f64]) -> Sums {
        let mut sums = Sums {
            within: 0.0,
            products: vec![0.0; self.columns],
            between: vec![(0.0, vec![0.0; self.columns]); self.classes.len()],
        };
        for subject in &self.subjects {
            let mean = subject.visits.iter().map(|j| row[*j]).sum::<f64>() / subject.visits.len() as f64;
            for j in &subject.visits {
                let apart = row[*j] - mean;
                sums.within += apart * apart;
                let columns = self.row(*j).iter().zip(&subject.mean);
                sums.products.iter_mut().zip(columns).for_each(|(sum, (v, m))| *sum += (v - m) * apart);
            }
            let between = &mut sums.between[subject.class];
            between.0 += mean * mean;
            between.1.iter_mut().zip(&subject.mean).for_each(|(sum, m)| *sum += m * mean);
        }
        sums
    }

    /// The ratio of the greatest restricted likelihood; `None` where the noise is as good as none.
    fn best(&self, sums: &Sums) -> Option<Step> {
        let free = (self.design.len() / self.columns) as f64 - self.columns as f64;
        let score = |step: &Step| free * libm::log(sums.solve(self, step).1) + step.log_determinant;
        let scores: Vec<f64> = self.steps.iter().map(score).collect();
        let mut best = 0;
        for (n, score) in scores.iter().enumerate() {
            if *score < scores[best] {
                best = n;
            }
        }
        if best + 1 == self.steps.len() {
            return None;
        }
        let at = |ratio: f64| -> Option<(Step, f64)> {
            let step = self.step(ratio)?;
            let slope = sums.slope(self, &step, free);
            Some((step, slope))
        };
        let (mut low, mut high) = (at(self.steps[best.saturating_sub(1)].ratio)?, at(self.steps[best + 1].ratio)?);
        // at the lower end the likelihood falls from the start; elsewhere it does so only by rounding
        if low.1 >= 0.0 {
            return Some(low.0);
        }
        if high.1 <= 0.0 {
            return Some(high.0);
        }
        // false position; the end that stays counts half, so that both move (the Illinois algorithm), and every third turn halves
        let (mut below, mut above) = (low.1, high.1);
        for turn in 0..MOST_TURNS {
            let (a, b) = (low.0.ratio, high.0.ratio);
            if b - a <= b * LAST_TURN {
                break;
            }
            let straight = (a * above - b * below) / (above - below);
            let middle = if turn % 3 < 2 && straight > a && straight < b { straight } else { 0.5 * (a + b) };
            let found = at(middle)?;
            if found.1 < 0.0 {
                (below, above) = (found.1, 0.5 * above);
                low = found;
            } else {
                (above, below) = (found.1, 0.5 * below);
                high = found;
            }
        }
        Some(if -low.1 < high.1 { low.0 } else { high.0 })
    }
}

impl Sums {
    /// Levels and slopes at one ratio, and the weighted squares they leave.
    fn solve(&self, mixed: &Mixed, step: &Step) -> (Vec<f64>, f64) {
        let (mut products, mut squares) = (self.products.clone(), self.within);
        for ((square, product), (weight, _)) in self.between.iter().zip(mixed.weights(step.ratio)) {
            products.iter_mut().zip(product).for_each(|(sum, v)| *sum += weight * v);
            squares += weight * square;
        }
        let found = step.whole.solve(&products);
        let left = squares - dot(&found, &products);
        (found, left)
    }

    /// How twice the negative logarithm of the restricted likelihood rises with the ratio.
    fn slope(&self, mixed: &Mixed, step: &Step, free: f64) -> f64 {
        let (found, left) = self.solve(mixed, step);
        let mut fall = 0.0;
        for (((square, product), class), (_, falls)) in
            self.between.iter().zip(&mixed.classes).zip(mixed.weights(step.ratio))
        {
            let n = found.len();
            let bent: f64 = (0..n).map(|r| found[r] * dot(&found, &class.between[r * n..][..n])).sum();
            fall += falls * (square - 2.0 * dot(&found, product) + bent);
        }
        step.rise - free * fall / left
    }
}

fn add_products(sums: &mut [f64], row: &[f64]) {
    let n = row.len();
    for (k, sum) in sums.iter_mut().enumerate() {
        *sum += row[k / n] * row[k % n];
    }
}

/// Steps of the grid, four for each power of ten.
const STEPS: usize = 48;

/// Most turns, and the width (as a share) that ends them.
const MOST_TURNS: usize = 200;
const LAST_TURN: f64 = 1e-14;
