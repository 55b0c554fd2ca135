//! Which of the frames at one position comes first: the slow axis.
//!
//! An attribute orders the frames where its values differ at every position and either are the same set at all positions (a
//! temporal position, a b-value) or never overlap from one step to the next (a clock, an instance number counted volume by
//! volume). Instance numbers may also run position by position. Where none does, several together may: labels and phases within
//! repetitions. Where they do not, the order is ambiguous.

use isocenter_volume::{AxisKind, Quantity, SlowAxis};

use super::{
    axes,
    shot::Shot,
    split::compare,
    weights::{self, Weights},
};
use crate::{Reason, facts::frame::OrderFacts};

/// Frames of each step, each step in the order of slices.
pub(super) struct Steps<'a> {
    pub(super) frames: Vec<Vec<Shot<'a>>>,
    /// Fastest first.
    pub(super) axes: Vec<SlowAxis>,
    /// The attribute that gave the order.
    pub(super) by: Option<&'static str>,
}

/// Orders the frames of each slice position.
pub(super) fn arrange(slices: Vec<Vec<Shot<'_>>>) -> Result<Steps<'_>, Reason> {
    let steps = slices.first().map_or(0, Vec::len);
    if slices.iter().any(|slice| slice.len() != steps) {
        return Err(Reason::IncompleteVolume);
    }
    if steps == 1 {
        let frames = vec![slices.into_iter().flatten().collect()];
        return Ok(Steps { frames, axes: Vec::new(), by: None });
    }
    let varying = varying_dimensions(&slices);
    let found = CANDIDATES.iter().find_map(|candidate| {
        let value = |frame: &Shot<'_>| (candidate.value)(&frame.order, &varying);
        try_order(&slices, value, candidate.may_run_by_position).map(|ordered| (candidate, ordered))
    });
    let found = found.or_else(|| by_several(&slices).map(|ordered| (&SEVERAL, ordered)));
    let (candidate, ordered) = found.ok_or(Reason::AmbiguousOrder)?;
    let frames: Vec<Vec<Shot<'_>>> = (0..steps).map(|step| ordered.iter().map(|slice| slice[step]).collect()).collect();
    let axes = one_axis(&frames, candidate).and_then(|one| axes::axes(&frames, &varying, one));
    Ok(Steps { axes: axes.map_err(|_| Reason::AmbiguousOrder)?, frames, by: Some(candidate.name) })
}

/// The attribute that orders steps and is called so.
#[cfg(feature = "serde")]
pub(super) fn known(name: &str) -> Option<&'static str> {
    CANDIDATES.iter().chain([&SEVERAL]).map(|candidate| candidate.name).find(|known| *known == name)
}

/// Takes the frames of a last repetition that was cut off away from the others, where an attribute orders all frames and those of
/// the last repetition come after all of the others.
///
/// An attribute that counts within a repetition too (an instance number, a clock) must have the missing places at the end: those
/// that are there are the ones that were first in the repetition before.
pub(super) fn cut_off<'a>(slices: &[Vec<Shot<'a>>]) -> Option<(Vec<Vec<Shot<'a>>>, Vec<Shot<'a>>)> {
    let least = slices.iter().map(Vec::len).min()?;
    if slices.iter().any(|slice| slice.len() > least + 1) {
        return None;
    }
    let varying = varying_dimensions(slices);
    CANDIDATES.iter().find_map(|candidate| {
        let value = |frame: &Shot<'_>| (candidate.value)(&frame.order, &varying);
        let by_value =
            |a: &Shot<'_>, b: &Shot<'_>| compare(&value(a).unwrap_or_default(), &value(b).unwrap_or_default());
        if slices.iter().flatten().any(|frame| value(frame).is_none()) {
            return None;
        }
        let (mut kept, mut cut) = (Vec::new(), Vec::new());
        for (place, slice) in slices.iter().enumerate() {
            let mut slice = slice.clone();
            slice.sort_by(by_value);
            cut.extend(slice.drain(least..).map(|frame| (place, frame)));
            kept.push(slice);
        }
        let last = kept.iter().flatten().copied().max_by(by_value)?;
        let is_last = cut.iter().all(|(_, frame)| by_value(frame, &last).is_gt());
        let mut before: Vec<(usize, Shot<'_>)> =
            kept.iter().enumerate().filter_map(|(place, slice)| Some((place, *slice.last()?))).collect();
        before.sort_by(|a, b| by_value(&a.1, &b.1));
        let counts_on = before.windows(2).all(|pair| by_value(&pair[0].1, &pair[1].1).is_lt());
        let first: std::collections::BTreeSet<usize> = before.iter().take(cut.len()).map(|(place, _)| *place).collect();
        let begins = !counts_on || cut.iter().all(|(place, _)| first.contains(place));
        let ordered = try_order(&kept, value, candidate.may_run_by_position)?;
        (is_last && begins).then(|| (ordered, cut.into_iter().map(|(_, frame)| frame).collect()))
    })
}

/// Each slice's frames in order, where the attribute gives one.
fn try_order<'a>(
    slices: &[Vec<Shot<'a>>],
    value: impl Fn(&Shot<'_>) -> Option<Vec<f64>>,
    may_run_by_position: bool,
) -> Option<Vec<Vec<Shot<'a>>>> {
    let mut ordered = Vec::with_capacity(slices.len());
    for slice in slices {
        let mut keyed = slice.iter().map(|frame| Some((value(frame)?, *frame))).collect::<Option<Vec<_>>>()?;
        keyed.sort_by(|a, b| compare(&a.0, &b.0));
        if keyed.windows(2).any(|pair| compare(&pair[0].0, &pair[1].0).is_eq()) {
            return None;
        }
        ordered.push(keyed);
    }
    let first = ordered.first()?;
    let alike = ordered.iter().all(|slice| slice.iter().zip(first).all(|(a, b)| compare(&a.0, &b.0).is_eq()));
    let by_step = || {
        let bound = |step: usize, least: bool| {
            let at = ordered.iter().map(|slice| &slice[step].0);
            if least { at.min_by(|a, b| compare(a, b)) } else { at.max_by(|a, b| compare(a, b)) }
        };
        (1..first.len()).all(|step| match (bound(step - 1, false), bound(step, true)) {
            (Some(last), Some(next)) => compare(last, next).is_lt(),
            _ => false,
        })
    };
    let by_position = || {
        let mut spans: Vec<_> = ordered.iter().filter_map(|s| Some((&s.first()?.0, &s.last()?.0))).collect();
        spans.sort_by(|a, b| compare(a.0, b.0));
        spans.windows(2).all(|pair| compare(pair[0].1, pair[1].0).is_lt())
    };
    (alike || by_step() || (may_run_by_position && by_position()))
        .then(|| ordered.into_iter().map(|slice| slice.into_iter().map(|(_, frame)| frame).collect()).collect())
}

/// A number that the header may state of a frame.
type Number = fn(&OrderFacts) -> Option<f64>;

/// Each slice's frames in the order of several attributes, the slowest first, where they are a number of repetitions, labels, phases and
/// the like, and their places in it are alike at all positions: a trigger time may begin later at the next slice.
fn by_several<'a>(slices: &[Vec<Shot<'a>>]) -> Option<Vec<Vec<Shot<'a>>>> {
    let first = slices.first()?;
    let stated = |of: &&Number| slices.iter().flatten().all(|frame| of(&frame.order).is_some());
    let varies = |of: &&Number| first.iter().any(|f| of(&f.order) != of(&first[0].order));
    let facts: Vec<&Number> = TOGETHER.iter().filter(stated).filter(varies).collect();
    if facts.len() < 2 {
        return None;
    }
    let ranked = |slice: &Vec<Shot<'a>>| {
        let levels: Vec<Vec<f64>> = facts
            .iter()
            .map(|of| {
                let mut values: Vec<f64> = slice.iter().filter_map(|frame| of(&frame.order)).collect();
                values.sort_by(f64::total_cmp);
                values.dedup();
                values
            })
            .collect();
        let rank = |frame: &Shot<'_>| -> Option<Vec<f64>> {
            let rank = |(of, levels): (&&Number, &Vec<f64>)| {
                let value = of(&frame.order)?;
                levels.iter().position(|level| *level == value).map(|at| at as f64)
            };
            facts.iter().zip(&levels).map(rank).collect()
        };
        slice.iter().map(|frame| Some((rank(frame)?, *frame))).collect::<Option<Vec<_>>>()
    };
    let mut ordered = Vec::with_capacity(slices.len());
    for slice in slices {
        let mut keyed = ranked(slice)?;
        keyed.sort_by(|a, b| compare(&a.0, &b.0));
        if keyed.windows(2).any(|pair| compare(&pair[0].0, &pair[1].0).is_eq()) {
            return None;
        }
        ordered.push(keyed);
    }
    let lead = ordered.first()?;
    let alike = ordered.iter().all(|slice| slice.iter().zip(lead).all(|(a, b)| compare(&a.0, &b.0).is_eq()));
    alike.then(|| ordered.iter().map(|slice| slice.iter().map(|(_, frame)| *frame).collect()).collect())
}

/// What may order frames together, the slowest first.
const TOGETHER: [Number; 6] = [
    |o| o.temporal_position,
    |o| o.acquisition_number,
    |o| o.label,
    |o| o.diffusion.b_value,
    |o| o.cardiac_phase_percent,
    |o| o.trigger_ms,
];

const SEVERAL: Candidate =
    Candidate { name: "several", kind: || other("several"), may_run_by_position: false, value: |_, _| None };

struct Candidate {
    name: &'static str,
    kind: fn() -> AxisKind,
    may_run_by_position: bool,
    value: fn(&OrderFacts, &[usize]) -> Option<Vec<f64>>,
}

const CANDIDATES: [Candidate; 13] = [
    Candidate {
        name: "temporal-position",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.temporal_position),
    },
    Candidate {
        name: "frame-reference-time",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.frame_reference_ms),
    },
    Candidate {
        name: "volume-numbers",
        kind: || AxisKind::Diffusion,
        may_run_by_position: false,
        value: |o, _| o.volume_numbers.map(|numbers| numbers.to_vec()),
    },
    Candidate {
        name: "dimension-index",
        kind: || other("dimension-index"),
        may_run_by_position: false,
        value: dimensions,
    },
    Candidate {
        name: "cardiac-phase",
        kind: || AxisKind::Phase,
        may_run_by_position: false,
        value: |o, _| one(o.cardiac_phase_percent),
    },
    Candidate {
        name: "acquisition-number",
        kind: || other("acquisition"),
        may_run_by_position: false,
        value: |o, _| one(o.acquisition_number),
    },
    Candidate {
        name: "b-value",
        kind: || AxisKind::Diffusion,
        may_run_by_position: false,
        value: |o, _| one(Some(o.diffusion.b_value.unwrap_or(0.0))),
    },
    Candidate {
        name: "trigger-time",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.trigger_ms),
    },
    Candidate {
        name: "temporal-offset",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.temporal_offset_s),
    },
    Candidate {
        name: "instance-number",
        kind: || other("instance-number"),
        may_run_by_position: true,
        value: |o, _| one(o.instance_number),
    },
    Candidate {
        name: "acquisition-time",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.acquisition_s),
    },
    Candidate {
        name: "content-time",
        kind: || AxisKind::Time,
        may_run_by_position: false,
        value: |o, _| one(o.content_s),
    },
    Candidate {
        name: "gradient",
        kind: || AxisKind::Diffusion,
        may_run_by_position: false,
        value: |o, _| Some(weights::key(o.diffusion.b_value.unwrap_or(0.0), o.diffusion.gradient.unwrap_or_default())),
    },
];

fn one(value: Option<f64>) -> Option<Vec<f64>> {
    value.map(|v| vec![v])
}

fn other(name: &str) -> AxisKind {
    AxisKind::Other(name.to_owned())
}

/// The components of the dimension index that differ between frames of one position: stack and slice number do not.
fn dimensions(order: &OrderFacts, varying: &[usize]) -> Option<Vec<f64>> {
    if varying.is_empty() {
        return None;
    }
    varying.iter().map(|&d| order.dimension_index.get(d).copied()).collect()
}

fn varying_dimensions(slices: &[Vec<Shot<'_>>]) -> Vec<usize> {
    let count = slices.iter().flatten().map(|f| f.order.dimension_index.len()).min().unwrap_or(0);
    let differs = |slice: &Vec<Shot<'_>>, d: usize| {
        slice.windows(2).any(|pair| pair[0].order.dimension_index[d] != pair[1].order.dimension_index[d])
    };
    (0..count).filter(|&d| slices.iter().any(|slice| differs(slice, d))).collect()
}

/// All steps as one axis, with their values where all slices of a step agree on one.
fn one_axis(frames: &[Vec<Shot<'_>>], candidate: &Candidate) -> Result<SlowAxis, isocenter_volume::Error> {
    let shared = |value: Number| axes::shared(frames, |shot| value(&shot.order));
    if let Some(weights) = Weights::of(frames) {
        return weights.axis();
    }
    let seconds = match candidate.name {
        "frame-reference-time" => shared(|o| o.frame_reference_ms.map(|ms| ms / 1e3)),
        "trigger-time" => shared(|o| o.trigger_ms.map(|ms| ms / 1e3)),
        "temporal-position" | "temporal-offset" => shared(|o| o.temporal_offset_s),
        _ => None,
    };
    match seconds {
        Some(seconds) => SlowAxis::numbered((candidate.kind)(), Quantity::Time, seconds),
        None => SlowAxis::new((candidate.kind)(), frames.len()),
    }
}
