//! Frames of one kind split by the plane they lie in: orientation and pixel spacing.

use isocenter_dcm::plane::FramePlane;
use isocenter_volume::Cancelled;

use super::{shot::Shot, stack};
use crate::{Options, Reason, facts::FrameFacts};

/// Frames of one volume, or why they are none.
type Group<'a> = Result<Vec<Shot<'a>>, (Reason, Vec<Shot<'a>>)>;

/// Splits frames into groups of parallel planes. Where every frame has an orientation of its own, they are rejected.
pub(super) fn by_plane<'a>(mut frames: Vec<Shot<'a>>, options: &Options<'_>) -> Result<Vec<Group<'a>>, Cancelled> {
    // in the order of their numbers, so that groups do not depend on the order of files
    frames.sort_by(|a, b| compare(&numbers(a), &numbers(b)));
    let mut groups: Vec<Vec<Shot<'a>>> = Vec::new();
    for (number, &frame) in frames.iter().enumerate() {
        if number % 1024 == 0 {
            options.ctx.check()?;
        }
        let fits = |group: &&mut Vec<Shot<'a>>| group.first().is_some_and(|first| parallel(first, &frame));
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(frame),
            None => groups.push(vec![frame]),
        }
        if groups.len() > MOST {
            return Ok(vec![Err((Reason::NonParallel, frames))]);
        }
    }
    if groups.len() >= ROTATING && groups.iter().all(|group| group.len() == 1) {
        return Ok(vec![Err((Reason::NonParallel, frames))]);
    }
    Ok(groups.into_iter().map(Ok).collect())
}

/// Whether two frames lie in parallel planes, with pixels of one size. Tiles of pictures are so only where the pictures lie at one
/// place: each is whole by itself, and one that moved with the patient's head lies between the slices of the others.
pub(super) fn parallel(a: &FrameFacts, b: &FrameFacts) -> bool {
    let moves = a.key.is_tile() || b.key.is_tile();
    let (Some(a), Some(b)) = (&a.plane, &b.plane) else { return false };
    let near = |x: &[f64], y: &[f64], tolerance: f64| x.iter().zip(y).all(|(x, y)| (x - y).abs() <= tolerance);
    near(&a.row, &b.row, COSINE_TOLERANCE)
        && near(&a.column, &b.column, COSINE_TOLERANCE)
        && (!moves || near(&a.position, &b.position, stack::SAME_PLACE_MM))
        && near(&a.spacing, &b.spacing, SPACING_TOLERANCE * a.spacing[0].min(a.spacing[1]))
}

fn numbers(frame: &FrameFacts) -> Vec<f64> {
    frame
        .plane
        .iter()
        .flat_map(|FramePlane { position, row, column, spacing, .. }| {
            row.iter().chain(column).chain(spacing).chain(position).copied().collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn compare(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    let first = a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne());
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// Directions written with four digits differ by 1e-4; over 250 mm that is 0.05 mm at the far corner.
const COSINE_TOLERANCE: f64 = 2e-4;

/// Relative; over 500 pixels that is a twentieth of a pixel.
const SPACING_TOLERANCE: f64 = 1e-4;

/// Orientations of one kind of frame; beyond that the work would grow with the square of the frames.
const MOST: usize = 1024;

/// A localizer has three orientations; more of them, one slice each, are a rotating stack.
const ROTATING: usize = 4;
