//! Which image is which plane of which step.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_volume::{AxisKind, Column, Quantity, SlowAxis};

use super::{place::world, row::Row};
use crate::Error;

/// The images of a volume in its order, and the axes of its steps.
#[derive(Debug)]
pub(super) struct Steps {
    /// Numbers of rows: slices fastest, then the axes.
    pub(super) rows: Vec<usize>,
    pub(super) slices: usize,
    pub(super) axes: Vec<SlowAxis>,
    /// Volumes that lack slices, and were left out.
    pub(super) incomplete: usize,
}

/// What tells one step from another, fastest first: echo, phase, diffusion, label, dynamic, part.
type Key = [[i64; 2]; 6];

/// A volume of the table.
struct Step {
    key: Key,
    /// How many of the same key come before it.
    again: usize,
    /// Its images, by slice.
    rows: Vec<usize>,
}

/// Sorts the images.
pub(super) fn sort(rows: &[Row]) -> Result<Steps, Error> {
    let mut numbers: Vec<i64> = rows.iter().map(|row| row.slice).collect();
    numbers.sort_unstable();
    numbers.dedup();
    // images that say the same of themselves are told apart by which comes first
    let mut seen: BTreeMap<(Key, i64), usize> = BTreeMap::new();
    let mut volumes: BTreeMap<(Key, usize), BTreeMap<i64, usize>> = BTreeMap::new();
    for (n, row) in rows.iter().enumerate() {
        let again = seen.entry((key(row), row.slice)).or_default();
        volumes.entry((key(row), *again)).or_default().insert(row.slice, n);
        *again += 1;
    }
    let all = volumes.len();
    volumes.retain(|_, volume| volume.len() == numbers.len());
    if volumes.is_empty() {
        return Err(Error::malformed("image information", "no volume with all of its slices", "one at least"));
    }
    let incomplete = all - volumes.len();
    let mut order: Vec<Step> = volumes
        .into_iter()
        .map(|((key, again), rows)| Step { key, again, rows: rows.into_values().collect() })
        .collect();
    // as in the table of slow axes: the last is the slowest
    order.sort_by_key(|step| (step.key.iter().rev().copied().collect::<Vec<_>>(), step.again));
    let firsts = |order: &[Step]| order.iter().filter_map(|step| rows.get(*step.rows.first()?)).collect::<Vec<&Row>>();
    let axes = match grid(&order) {
        Some(lengths) => named(&lengths, &firsts(&order))?,
        None => {
            order.sort_by_key(|step| step.rows.iter().copied().min());
            let axis = SlowAxis::new(AxisKind::Other("volume".to_owned()), order.len())?;
            vec![weighted(axis, &firsts(&order))?]
        }
    };
    let sorted = order.into_iter().flat_map(|step| step.rows).collect();
    Ok(Steps { rows: sorted, slices: numbers.len(), axes, incomplete })
}

fn key(row: &Row) -> Key {
    let one = |n: i64| [n, 0];
    // a version without numbers of weightings has the weighting itself
    let weighting = row.weighting.unwrap_or([row.b_value as i64, 0]);
    [one(row.echo), one(row.phase), weighting, one(row.label), one(row.dynamic), row.part]
}

/// The lengths of the axes, where every combination of their steps is there once.
fn grid(steps: &[Step]) -> Option<[usize; 6]> {
    let lengths: [usize; 6] =
        std::array::from_fn(|n| steps.iter().map(|step| step.key[n]).collect::<BTreeSet<_>>().len());
    let product = lengths.iter().try_fold(1usize, |all, len| all.checked_mul(*len));
    (steps.iter().all(|step| step.again == 0) && product == Some(steps.len())).then_some(lengths)
}

/// The axes of a grid, of which `firsts` are the first images of all steps.
fn named(lengths: &[usize; 6], firsts: &[&Row]) -> Result<Vec<SlowAxis>, Error> {
    const KINDS: [AxisKind; 6] =
        [AxisKind::Echo, AxisKind::Phase, AxisKind::Diffusion, AxisKind::Label, AxisKind::Time, AxisKind::Part];
    let mut stride = 1;
    let mut axes = Vec::new();
    for (kind, len) in KINDS.into_iter().zip(*lengths) {
        let steps: Vec<&Row> = firsts.iter().step_by(stride).take(len).copied().collect();
        stride *= len;
        if len == 1 {
            continue;
        }
        let axis = SlowAxis::new(kind, len)?;
        axes.push(match axis.kind() {
            AxisKind::Echo => numbered(axis, Quantity::EchoTime, &steps, |row| row.echo_time / 1e3)?,
            AxisKind::Time => numbered(axis, Quantity::Time, &steps, |row| row.begin)?,
            AxisKind::Diffusion => weighted(axis, &steps)?,
            _ => axis,
        });
    }
    Ok(axes)
}

/// An axis with a number for every step, where the numbers go up.
fn numbered(axis: SlowAxis, quantity: Quantity, steps: &[&Row], of: fn(&Row) -> f64) -> Result<SlowAxis, Error> {
    let numbers: Vec<f64> = steps.iter().map(|row| of(row)).collect();
    if numbers.is_sorted_by(|a, b| a < b) {
        Ok(axis.with_column(Column::numbers(quantity, numbers)?)?)
    } else {
        Ok(axis)
    }
}

/// An axis with weighting and direction of every step, where any is weighted.
fn weighted(axis: SlowAxis, steps: &[&Row]) -> Result<SlowAxis, Error> {
    if steps.iter().all(|row| row.b_value == 0.0) {
        return Ok(axis);
    }
    let axis = axis.with_column(Column::numbers(Quantity::BValue, steps.iter().map(|row| row.b_value).collect())?)?;
    let directions: Option<Vec<[f64; 3]>> = steps.iter().map(|row| row.gradient.map(|g| world(unit(g)))).collect();
    match directions {
        Some(directions) => Ok(axis.with_column(Column::vectors(Quantity::GradientDirection, directions)?)?),
        None => Ok(axis),
    }
}

/// A direction, which the text has in three decimals, with a length of 1; zero where there is none.
fn unit(vector: [f64; 3]) -> [f64; 3] {
    let length = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
    if length > 0.0 { vector.map(|v| v / length) } else { vector }
}
