//! From parallel frames to slices in order, on one grid.

use isocenter_volume::{Affine, SlowAxis, affine};

use super::{
    even::{self, Even},
    fit, order,
    shot::Shot,
};
use crate::{Reason, Warning};

/// Frames of one volume in memory order, with their grid.
pub(super) struct Stack<'a> {
    /// Slices of the first step, then of the next.
    pub(super) frames: Vec<Shot<'a>>,
    pub(super) slices: usize,
    pub(super) affine: Affine,
    pub(super) axes: Vec<SlowAxis>,
    pub(super) ordered_by: Option<&'static str>,
    pub(super) warnings: Vec<Warning>,
    /// Where the slices lie on the grid, where they are not its own.
    pub(super) even: Option<Even>,
}

/// Stacks frames. Images of one and the same place that nothing orders are volumes of their own: each is whole by itself.
pub(super) fn stacks<'a>(frames: &[Shot<'a>], may_even: bool) -> Result<Vec<Stack<'a>>, Reason> {
    let found = stack(frames.to_vec(), may_even);
    let distance = |f: &Shot<'_>| f.plane.map_or(f64::NAN, |p| p.distance());
    let first = frames.first().map_or(f64::NAN, distance);
    let one_place = frames.iter().all(|f| (distance(f) - first).abs() <= SAME_PLACE_MM);
    if !one_place || !matches!(found, Err(Reason::AmbiguousOrder)) {
        return Ok(vec![found?]);
    }
    let mut alone = Vec::new();
    for frame in frames {
        let mut stack = stack(vec![*frame], false)?;
        stack.warnings.push(Warning::SamePlace);
        alone.push(stack);
    }
    Ok(alone)
}

/// Frames of parallel planes by the place they lie in, along their normal.
pub(super) struct Places<'a> {
    row: [f64; 3],
    column: [f64; 3],
    spacing: [f64; 2],
    normal: [f64; 3],
    pub(super) slices: Vec<Vec<Shot<'a>>>,
}

/// Sorts frames into their places.
pub(super) fn places(mut frames: Vec<Shot<'_>>) -> Result<Places<'_>, Reason> {
    frames.sort_by_key(Shot::rank);
    let row = mean(&frames, |p| p.row)?;
    let column = mean(&frames, |p| p.column)?;
    let spacing = frames.first().and_then(|f| f.plane).ok_or(Reason::NoPosition)?.spacing;
    let normal = affine::cross(row, column);
    let normal = normal.map(|v| v / affine::norm(normal));

    let position = |frame: &Shot<'_>| frame.plane.map_or([0.0; 3], |p| p.position);
    let mut along: Vec<(f64, Shot<'_>)> = frames.into_iter().map(|f| (affine::dot(normal, position(&f)), f)).collect();
    along.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut slices: Vec<Vec<Shot<'_>>> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for (distance, frame) in along {
        match slices.last_mut().filter(|_| distance - last <= SAME_PLACE_MM) {
            Some(slice) => slice.push(frame),
            None => slices.push(vec![frame]),
        }
        last = distance;
    }
    // within a slice back in the order of files: distances differ in the last bit only
    slices.iter_mut().for_each(|slice| slice.sort_by_key(Shot::rank));
    Ok(Places { row, column, spacing, normal, slices })
}

/// Orders frames along their normal and fits the grid, or an even one over slices that are not, where it may.
fn stack(frames: Vec<Shot<'_>>, may_even: bool) -> Result<Stack<'_>, Reason> {
    let Places { row, column, spacing, normal, slices } = places(frames)?;
    let centres: Vec<[f64; 3]> = slices.iter().map(|slice| mean(slice, |p| p.position)).collect::<Result<_, _>>()?;
    let (mut line, even) = match fit::line(&centres, normal, spacing) {
        Err(Reason::UnevenSpacing | Reason::MissingSlice)
            if may_even && slices.iter().all(|slice| slice.len() == 1) =>
        {
            let (line, even) = even::even(&centres, normal, spacing)?;
            (line, Some(even))
        }
        line => (line?, None),
    };
    let count = slices.len();
    let mut warnings = Vec::new();
    if count == 1 {
        let (thickness, warning) = thickness(slices.iter().flatten());
        line.step = normal.map(|v| v * thickness);
        warnings.push(warning);
    } else {
        warnings.extend(sheared(line.step, normal));
        warnings.extend(disagreement(&slices, line.step, normal));
    }
    let grid =
        Affine::from_columns([row.map(|v| v * spacing[1]), column.map(|v| v * spacing[0]), line.step], line.origin);
    let steps = order::arrange(slices)?;
    let place = |k: usize| even.as_ref().map_or(k as f64, |even| even.places.get(k).copied().unwrap_or(f64::NAN));
    if !are_corners(&steps.frames, &grid, place, |off| fit::is_near(off, line.step, spacing)) {
        return Err(Reason::Misaligned);
    }
    if line.residual > 1e-3 {
        warnings.push(Warning::Residual { mm: line.residual });
    }
    let frames = steps.frames.into_iter().flatten().collect();
    let slices = even.as_ref().map_or(count, |even| even.slices);
    warnings.extend(even.as_ref().map(|even| Warning::Evened { stated: count, slices: even.slices }));
    Ok(Stack { frames, slices, affine: grid, axes: steps.axes, ordered_by: steps.by, warnings, even })
}

/// The mean of a vector over frames; exactly the common value where all agree.
fn mean(frames: &[Shot<'_>], of: impl Fn(&isocenter_dcm::plane::FramePlane) -> [f64; 3]) -> Result<[f64; 3], Reason> {
    let vectors: Vec<[f64; 3]> = frames.iter().filter_map(|f| f.plane.as_ref().map(&of)).collect();
    let first = *vectors.first().ok_or(Reason::NoPosition)?;
    let count = vectors.len() as f64;
    let sum = vectors.iter().fold([0.0; 3], |s, v| [0, 1, 2].map(|a| s[a] + (v[a] - first[a])));
    Ok([0, 1, 2].map(|a| first[a] + sum[a] / count))
}

/// The extent of a lone slice along its normal, mm.
fn thickness<'a>(frames: impl Iterator<Item = &'a Shot<'a>>) -> (f64, Warning) {
    let stated: Vec<&Shot<'_>> = frames.collect();
    let spacing = stated.iter().find_map(|f| f.spacing_mm);
    let thickness = stated.iter().find_map(|f| f.thickness_mm);
    match (thickness, spacing) {
        // the affine's step is the distance to where a neighbour would be
        (_, Some(mm)) => (mm, Warning::ThicknessFromSpacing),
        (Some(mm), None) => (mm, Warning::ThicknessFromSliceThickness),
        (None, None) => (1.0, Warning::ThicknessAssumed),
    }
}

fn sheared(step: [f64; 3], normal: [f64; 3]) -> Option<Warning> {
    let sideways = affine::norm(affine::cross(step, normal));
    let degrees = libm::atan2(sideways, affine::dot(step, normal)).to_degrees();
    (degrees > SHEAR_DEGREES).then_some(Warning::Sheared { degrees })
}

fn disagreement(slices: &[Vec<Shot<'_>>], step: [f64; 3], normal: [f64; 3]) -> Option<Warning> {
    let stated_mm = slices.iter().flatten().find_map(|f| f.spacing_mm)?;
    let step_mm = affine::norm(step);
    let off = |mm: f64| (mm - stated_mm).abs() > 0.01 * stated_mm;
    // with a tilt both the table's step and the distance of the planes are in use
    (off(step_mm) && off(affine::dot(step, normal))).then_some(Warning::SpacingDisagrees { step_mm, stated_mm })
}

/// Whether the grid puts the corners of all frames near where their headers do.
fn are_corners(
    steps: &[Vec<Shot<'_>>],
    grid: &Affine,
    place: impl Fn(usize) -> f64,
    is_near: impl Fn([f64; 3]) -> bool,
) -> bool {
    steps.iter().flat_map(|frames| frames.iter().enumerate()).all(|(k, frame)| {
        let (Some(plane), [columns, rows]) = (&frame.plane, frame.key.size()) else { return true };
        [(0.0, 0.0), (columns, 0.0), (0.0, rows), (columns, rows)].into_iter().all(|(i, j)| {
            let (found, stated) = (grid.apply([i, j, place(k)]), plane.world_of(i, j));
            is_near([0, 1, 2].map(|a| found[a] - stated[a]))
        })
    })
}

/// Positions nearer than that along the normal are one slice.
pub(super) const SAME_PLACE_MM: f64 = 0.01;

/// A step further off its normal than that is told; less is rounding of directions.
const SHEAR_DEGREES: f64 = 0.05;
