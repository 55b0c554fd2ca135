//! Slow axes of ordered steps: one, or several where what the headers state of the steps forms a full grid.
//!
//! A fact that all slices of a step share (a temporal position, a diffusion weighting, a delay after the trigger, a dimension index)
//! has a *stride* and a *length* where its values change every `stride` steps, run through `length` values without repeating one,
//! and begin again. Facts of the same stride and length lie on one axis. Where the axes of all facts that vary tile the steps
//! (strides 1, n1, n1 n2, ... up to all steps), each is a slow axis with the quantities of its facts; otherwise all steps are one
//! axis, in the order that was found.

use isocenter_volume::{AxisKind, Column, Error, Quantity, SlowAxis};

use super::{shot::Shot, weights::Weights};

/// Frames of each step, each step in the order of slices.
type Steps<'s, 'a> = &'s [Vec<Shot<'a>>];

/// The axes of steps that one attribute ordered, fastest first; `one` is the axis that they are where they form no grid.
pub(super) fn axes(steps: Steps<'_, '_>, varying: &[usize], one: SlowAxis) -> Result<Vec<SlowAxis>, Error> {
    let facts = facts(steps, varying)?;
    match grid(&facts, steps.len()) {
        Some(grid) => grid.into_iter().map(|place| axis(&facts, place)).collect(),
        None => {
            let columns = facts.iter().flat_map(|fact| fact.axis.columns()).filter(|c| *c.quantity() != Quantity::Time);
            Ok(vec![with_columns(one, columns)?])
        }
    }
}

/// What the slices of each step share, and what it puts on an axis.
struct Fact {
    /// Equal where the fact is.
    values: Vec<Vec<f64>>,
    /// An axis of all steps, with the quantities of the fact.
    axis: SlowAxis,
}

/// Every how many steps a fact changes, and how many values it runs through.
type Place = (usize, usize);

impl Fact {
    fn place(&self) -> Option<Place> {
        let values = &self.values;
        let first = values.first()?;
        let stride = values.iter().position(|v| v != first)?;
        let again =
            (2..).map(|turn| turn * stride).take_while(|at| *at < values.len()).find(|at| values[*at] == *first);
        let period = again.unwrap_or(values.len());
        let length = period / stride;
        let heads: Vec<&Vec<f64>> = values.iter().take(period).step_by(stride).collect();
        let distinct = heads.iter().enumerate().all(|(n, head)| !heads[..n].contains(head));
        let regular = values.len().is_multiple_of(period) && period.is_multiple_of(stride);
        let repeats = || values.iter().enumerate().all(|(step, v)| heads.get(step / stride % length) == Some(&v));
        (regular && distinct && repeats()).then_some((stride, length))
    }
}

/// The places that tile all steps, where there are several and every fact has one of them.
fn grid(facts: &[Fact], steps: usize) -> Option<Vec<Place>> {
    let mut places = facts.iter().map(Fact::place).collect::<Option<Vec<Place>>>()?;
    places.sort_unstable();
    places.dedup();
    let end = places.iter().try_fold(1, |next, &(stride, length)| (stride == next).then_some(stride * length))?;
    (places.len() > 1 && end == steps).then_some(places)
}

fn axis(facts: &[Fact], (stride, length): Place) -> Result<SlowAxis, Error> {
    let steps: Vec<usize> = (0..length).map(|n| n * stride).collect();
    let mut here = facts.iter().filter(|fact| fact.place() == Some((stride, length)));
    let lead = here.next().map(|fact| fact.axis.clone());
    let lead =
        lead.map_or_else(|| SlowAxis::new(AxisKind::Other(String::new()), length), |axis| axis.select(&steps))?;
    here.try_fold(lead, |axis, fact| with_columns(axis, fact.axis.select(&steps)?.columns()))
}

fn with_columns<'c>(axis: SlowAxis, columns: impl IntoIterator<Item = &'c Column>) -> Result<SlowAxis, Error> {
    columns.into_iter().try_fold(axis, |axis, column| match axis.column(column.quantity()) {
        Some(_) => Ok(axis),
        None => axis.with_column(column.clone()),
    })
}

/// The facts that vary from step to step.
fn facts(steps: Steps<'_, '_>, varying: &[usize]) -> Result<Vec<Fact>, Error> {
    let mut found = Vec::new();
    let mut add = |kind: AxisKind, values: Option<Vec<Vec<f64>>>, columns: Vec<Option<Column>>| {
        if let Some(values) = values.filter(|values| values.windows(2).any(|pair| pair[0] != pair[1])) {
            let axis = with_columns(SlowAxis::new(kind, steps.len())?, columns.iter().flatten())?;
            found.push(Fact { values, axis });
        }
        Ok::<_, Error>(())
    };
    let number = |value: fn(&Shot<'_>) -> Option<f64>| shared(steps, value);
    let one = |values: &Option<Vec<f64>>| values.as_ref().map(|v| v.iter().map(|x| vec![*x]).collect());
    let column = |quantity, values: Option<Vec<f64>>| values.and_then(|values| Column::numbers(quantity, values).ok());

    let times =
        number(|s| s.order.temporal_offset_s).or_else(|| number(|s| s.order.frame_reference_ms.map(|ms| ms / 1e3)));
    add(AxisKind::Time, one(&number(|s| s.order.temporal_position)), vec![column(Quantity::Time, times)])?;
    if let Some(weights) = Weights::of(steps) {
        add(AxisKind::Diffusion, Some(weights.keys()), weights.columns().into_iter().map(Some).collect())?;
    }
    let phase = number(|s| s.order.cardiac_phase_percent.map(|percent| percent / 100.0));
    add(AxisKind::Phase, one(&phase), vec![column(Quantity::CardiacPhase, phase)])?;
    let trigger = number(|s| s.order.trigger_ms.map(|ms| ms / 1e3));
    add(AxisKind::Phase, one(&trigger), vec![column(Quantity::TriggerTime, trigger)])?;
    add(AxisKind::Label, one(&number(|s| s.order.label)), Vec::new())?;
    for &dimension in varying {
        let kind = steps.first().and_then(|step| step.first()?.image.facts.dimensions.get(dimension).cloned());
        let kind = kind.unwrap_or_else(|| AxisKind::Other("dimension-index".to_owned()));
        let index = shared(steps, |s| s.order.dimension_index.get(dimension).map(|index| vec![*index]));
        add(kind, index, Vec::new())?;
    }
    Ok(found)
}

/// The value of each step, where all slices of a step agree on one.
pub(super) fn shared<T: PartialEq>(steps: Steps<'_, '_>, value: impl Fn(&Shot<'_>) -> Option<T>) -> Option<Vec<T>> {
    let of = |step: &Vec<Shot<'_>>| {
        let first = value(step.first()?)?;
        step.iter().all(|shot| value(shot).as_ref() == Some(&first)).then_some(first)
    };
    steps.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(values: &[i32]) -> Fact {
        let axis = SlowAxis::new(AxisKind::Time, values.len()).unwrap();
        Fact { values: values.iter().map(|v| vec![f64::from(*v)]).collect(), axis }
    }

    #[test]
    fn a_fact_has_a_stride_and_a_length_or_none() {
        assert_eq!(fact(&[1, 2, 3, 1, 2, 3]).place(), Some((1, 3)));
        assert_eq!(fact(&[1, 1, 1, 2, 2, 2]).place(), Some((3, 2)));
        assert_eq!(fact(&[1, 1, 2, 2, 1, 1, 2, 2]).place(), Some((2, 2)));
        for none in [&[0, 1, 1, 1][..], &[1, 2, 1, 3], &[1, 2, 3, 1], &[1, 1, 2, 2, 2, 2], &[1, 2, 3, 2, 1, 2]] {
            assert_eq!(fact(none).place(), None, "{none:?}");
        }
    }

    #[test]
    fn facts_tile_the_steps_or_are_no_grid() {
        let (fast, slow) = (fact(&[1, 2, 3, 1, 2, 3]), fact(&[1, 1, 1, 2, 2, 2]));
        assert_eq!(grid(&[slow, fast], 6), Some(vec![(1, 3), (3, 2)]));
        assert_eq!(grid(&[fact(&[1, 2, 3, 1, 2, 3])], 6), None);
        assert_eq!(grid(&[fact(&[1, 2, 3, 4]), fact(&[1, 1, 2, 2])], 4), None);
        assert_eq!(grid(&[fact(&[1, 2, 1, 2]), fact(&[1, 1, 1, 2])], 4), None);
    }
}
