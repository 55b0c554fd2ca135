//! Diffusion weightings of the steps of a volume.
//!
//! All slices of a step must agree on one weighting, or the steps are no diffusion series. What a header leaves out, its neighbours
//! say: an image without a b-value beside others with one is not weighted, and one without a direction has the zero vector. GE gives
//! images without a weighting the b-value of the series and the zero vector: beside directions that is no weighting.
//!
//! An isotropic image (a trace image, the mean of all directions) beside directional ones is no step of their axis: it is set apart.

use isocenter_volume::{AxisKind, Column, Error, Quantity, SlowAxis, meta::Diffusion};

use super::shot::Shot;
use crate::facts::diffusion::Weighting;

/// What is known of every step.
pub(super) struct Weights {
    b_values: Vec<f64>,
    directions: Option<Vec<[f64; 3]>>,
    matrices: Option<Vec<[[f64; 3]; 3]>>,
}

impl Weights {
    /// The weightings of steps, one of which is weighted at least.
    pub(super) fn of(steps: &[Vec<Shot<'_>>]) -> Option<Self> {
        if !steps.iter().flatten().any(|shot| shot.order.diffusion.b_value.is_some_and(|b| b > 0.0)) {
            return None;
        }
        let is_tensor = steps.iter().flatten().any(|shot| shot.order.diffusion.is_directional());
        let found = steps.iter().map(|step| agreed(step, is_tensor)).collect::<Option<Vec<_>>>()?;
        let matrices = || {
            let given =
                |step: &Weighting| step.b_matrix.or_else(|| (step.b_value == Some(0.0)).then_some([[0.0; 3]; 3]));
            found.iter().any(|step| step.b_matrix.is_some()).then(|| found.iter().map(given).collect())?
        };
        Some(Self {
            b_values: found.iter().filter_map(|step| step.b_value).collect(),
            directions: is_tensor.then(|| found.iter().map(|step| step.gradient.unwrap_or_default()).collect()),
            matrices: matrices(),
        })
    }

    /// Numbers that are equal where weightings are.
    pub(super) fn keys(&self) -> Vec<Vec<f64>> {
        let direction =
            |step: usize| self.directions.as_ref().and_then(|all| all.get(step)).copied().unwrap_or_default();
        let keys = self.b_values.iter().enumerate();
        keys.map(|(step, b)| key(*b, direction(step))).collect()
    }

    pub(super) fn columns(&self) -> Vec<Column> {
        let vectors = self.directions.clone().map(|all| Column::vectors(Quantity::GradientDirection, all));
        let matrices = self.matrices.clone().map(|all| Column::matrices(Quantity::BMatrix, all));
        let numbers = Some(Column::numbers(Quantity::BValue, self.b_values.clone()));
        [numbers, vectors, matrices].into_iter().flatten().filter_map(Result::ok).collect()
    }

    /// An axis of all steps.
    pub(super) fn axis(&self) -> Result<SlowAxis, Error> {
        let axis = SlowAxis::new(AxisKind::Diffusion, self.b_values.len())?;
        self.columns().into_iter().try_fold(axis, SlowAxis::with_column)
    }
}

/// What orders weightings: the b-value, then the direction. Text and turned vectors leave less than what is rounded away.
pub(super) fn key(b: f64, direction: [f64; 3]) -> Vec<f64> {
    std::iter::once(b).chain(direction.map(|v| (v * 1e4).round() + 0.0)).collect()
}

/// The one weighting of a diffusion image, where all its frames have it.
pub(super) fn of_all(frames: &[Shot<'_>]) -> Option<Diffusion> {
    let is_stated = |frame: &Shot<'_>| frame.order.diffusion.is_diffusion && frame.order.diffusion.b_value.is_some();
    let is_diffusion = frames.iter().any(is_stated);
    let is_tensor = frames.iter().any(|frame| frame.order.diffusion.is_directional());
    let one = agreed(frames, is_tensor).filter(|_| is_diffusion)?;
    let b = one.b_value?;
    let direction = one.gradient.filter(|direction| *direction != [0.0; 3] || b <= UNWEIGHTED);
    Some(Diffusion::new(b, direction))
}

/// Whether frames of several steps are weighted, and their axes say nothing of it: the slices of a step do not agree.
pub(super) fn are_lost(frames: &[Shot<'_>], axes: &[SlowAxis]) -> bool {
    let is_weighted = |frame: &Shot<'_>| frame.order.diffusion.b_value.is_some_and(|b| b > UNWEIGHTED);
    let is_told = |axis: &SlowAxis| axis.column(&Quantity::BValue).is_some();
    !axes.is_empty() && frames.iter().any(is_weighted) && !axes.iter().any(is_told)
}

/// Frames that are of one axis, and those isotropic ones that are none of it.
pub(super) fn parted(frames: Vec<Shot<'_>>) -> [Vec<Shot<'_>>; 2] {
    if !frames.iter().any(|frame| frame.order.diffusion.is_directional()) {
        return [frames, Vec::new()];
    }
    let (isotropic, others) = frames.into_iter().partition(|frame| is_isotropic(&frame.order.diffusion));
    [others, isotropic]
}

/// Whether an image beside directional ones shows no direction of theirs.
fn is_isotropic(weighting: &Weighting) -> bool {
    let is_weighted = weighting.b_value.is_some_and(|b| b > UNWEIGHTED);
    let points_nowhere = weighting.gradient.is_none_or(|gradient| gradient == [0.0; 3]);
    is_weighted && points_nowhere && (weighting.is_isotropic || !weighting.zero_is_unweighted)
}

/// The weighting of frames that agree on it.
fn agreed(frames: &[Shot<'_>], is_tensor: bool) -> Option<Weighting> {
    let one = |frame: &Shot<'_>| resolved(frame.order.diffusion, is_tensor);
    let first = one(frames.first()?);
    frames.iter().all(|frame| are_alike(&one(frame), &first)).then_some(first)
}

/// A weighting beside others, some of them along directions.
fn resolved(weighting: Weighting, is_tensor: bool) -> Weighting {
    let is_unweighted = is_tensor && weighting.zero_is_unweighted && weighting.gradient == Some([0.0; 3]);
    match weighting.b_value {
        Some(_) if !is_unweighted => weighting,
        _ => Weighting { b_value: Some(0.0), gradient: Some([0.0; 3]), ..weighting },
    }
}

fn are_alike(a: &Weighting, b: &Weighting) -> bool {
    let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(&b).all(|(a, b)| (a - b).abs() < SAME_DIRECTION);
    a.b_value == b.b_value && near(a.gradient.unwrap_or_default(), b.gradient.unwrap_or_default())
}

/// Directions of the slices of one step: those that are turned by the plane differ by what its text leaves out.
const SAME_DIRECTION: f64 = 1e-3;

/// b-values that count as none, s/mm^2: the gradients of imaging weight this much, and such images have no direction.
const UNWEIGHTED: f64 = 50.0;
