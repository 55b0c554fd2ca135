//! What a correction finds.

use isocenter_volume::{Affine, Geometry, Resample};

use super::displacement;
use crate::{Rigid, Verdict};

/// The motion of a series, step by step, in the order of its samples.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Motion {
    /// Points of the reference to points of each step, LPS mm; rigid.
    pub transforms: Vec<Affine>,
    /// The same as turns and shifts about the middle of the reference's body: six numbers per step, for regressors.
    pub rigid: Vec<Rigid>,
    /// Framewise displacement from the step before, mm (Power 2012): what the three shifts changed by, and the three angles on a sphere of 50 mm, added up. 0 for the
    /// first. Shifts are those of the body's middle.
    pub framewise_displacement_mm: Vec<f64>,
    /// Framewise displacement from the step before, mm (Jenkinson 2002): root mean square over a ball of 80 mm about the body's middle. 0 for the first.
    pub framewise_rms_mm: Vec<f64>,
    /// Displacement from the reference, mm: root mean square over the same ball.
    pub rms_mm: Vec<f64>,
    /// Correlation of each step with the reference after the correction, 0 to 1, a smooth shading of the step allowed for.
    pub likeness: Vec<f64>,
    /// Share of the reference's body (and its surroundings) that lies in each step's field of view.
    pub overlap: Vec<f64>,
    /// Whether a step is much less like the reference than the others are: more than five scaled median deviations, and at least 0.02, below the median.
    pub is_outlier: Vec<bool>,
    /// How far each transform is to be trusted. [`Verdict::Failed`] has the identity where nothing in the step is finite; an outlier is [`Verdict::Doubtful`] at best.
    pub verdicts: Vec<Verdict>,
    reference: Geometry,
}

/// Deviations below the median (scaled to those of a normal distribution) that make an outlier, and the least difference that does.
const OUTLIER: f64 = 5.0;
const LEAST_DIFFERENCE: f64 = 0.02;
/// A median deviation times this is the standard deviation of a normal distribution.
const TO_DEVIATION: f64 = 1.4826;
/// Steps less like the reference than this, or less in view, show something else.
const LEAST_LIKENESS: f64 = 0.3;
const LEAST_OVERLAP: f64 = 0.3;

/// One step's part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) rigid: Rigid,
    pub(super) likeness: f64,
    pub(super) overlap: f64,
    pub(super) is_settled: bool,
}

impl Motion {
    /// How to bring the series onto the reference's grid in one interpolation: with an interpolation, a value for what lies outside and a context set as wanted,
    /// `apply` takes the series.
    pub fn resample(&self) -> Resample<'static> {
        Resample::to_geometry(self.reference.clone()).transform_per_step(self.transforms.iter().copied())
    }

    /// The grid of the reference.
    pub const fn reference(&self) -> &Geometry {
        &self.reference
    }

    pub(super) fn of(steps: &[Step], reference: Geometry, middle_mm: [f64; 3]) -> Self {
        let rigid: Vec<Rigid> = steps.iter().map(|step| step.rigid).collect();
        let transforms: Vec<Affine> = rigid.iter().map(Rigid::to_affine).collect();
        let framewise = |of: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            (0..steps.len()).map(|n| if n == 0 { 0.0 } else { of(n - 1, n) }).collect()
        };
        let likeness: Vec<f64> = steps.iter().map(|step| step.likeness).collect();
        let is_outlier = outliers(&likeness);
        let verdict = |step: &Step, is_outlier: bool| {
            if step.likeness < LEAST_LIKENESS || step.overlap < LEAST_OVERLAP {
                Verdict::Failed
            } else if is_outlier || !step.is_settled {
                Verdict::Doubtful
            } else {
                Verdict::Good
            }
        };
        Self {
            framewise_displacement_mm: framewise(&|a, b| displacement::framewise(&rigid[a], &rigid[b])),
            framewise_rms_mm: framewise(&|a, b| {
                displacement::root_mean_square(&transforms[a], &transforms[b], middle_mm)
            }),
            rms_mm: transforms
                .iter()
                .map(|map| displacement::root_mean_square(&Affine::IDENTITY, map, middle_mm))
                .collect(),
            overlap: steps.iter().map(|step| step.overlap).collect(),
            verdicts: steps.iter().zip(&is_outlier).map(|(step, is)| verdict(step, *is)).collect(),
            likeness,
            is_outlier,
            transforms,
            rigid,
            reference,
        }
    }
}

fn outliers(likeness: &[f64]) -> Vec<bool> {
    let middle = median(likeness.to_vec());
    let deviation = TO_DEVIATION * median(likeness.iter().map(|v| (v - middle).abs()).collect());
    let least = (OUTLIER * deviation).max(LEAST_DIFFERENCE);
    likeness.iter().map(|v| middle - v > least).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => 0.0,
        _ => 0.5 * (values[(n - 1) / 2] + values[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_unlike_the_others_is_an_outlier() {
        let found = outliers(&[0.98, 0.981, 0.979, 0.7, 0.98, 0.982]);
        assert_eq!(found, [false, false, false, true, false, false]);
        assert_eq!(outliers(&[0.98, 0.97]), [false, false]);
        assert!(outliers(&[]).is_empty());
    }
}
