//! Which instance of the reference lies where a plane of the volume does.

use isocenter_dcm::{Dataset, tags, value};
use isocenter_volume::affine;

use super::{grid::Grid, steps::Steps};

/// For each plane as written the instance at its place, where every plane has one of its own: as many at each place as there are
/// steps, in the order of temporal position, acquisition and instance number.
pub(super) fn pairs(grid: &Grid, steps: &Steps<'_>, instances: &[Dataset]) -> Option<Vec<usize>> {
    let normal = grid.normal();
    let mut along: Vec<(f64, usize, [f64; 3])> = Vec::new();
    for (number, instance) in instances.iter().enumerate() {
        if let Some(position) = position(grid, instance) {
            along.push((affine::dot(normal, position), number, position));
        }
    }
    along.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut at_slices: Vec<Vec<usize>> = Vec::with_capacity(grid.slices);
    for slice in 0..grid.slices {
        let wanted = grid.position(slice);
        let distance = affine::dot(normal, wanted);
        let near = grid.distance_mm / 4.0;
        let from = along.partition_point(|(at, ..)| *at < distance - near.min(SAME_MM));
        let here = along[from..].iter().take_while(|(at, ..)| *at <= distance + near.min(SAME_MM));
        let here = here.filter(|(.., p)| affine::norm([0, 1, 2].map(|a| p[a] - wanted[a])) <= SAME_MM);
        let mut here: Vec<usize> = here.map(|(_, number, _)| *number).collect();
        if here.len() != steps.len() {
            return None;
        }
        here.sort_by(|a, b| compare(&rank(&instances[*a]), &rank(&instances[*b])));
        at_slices.push(here);
    }
    let in_order = (0..steps.len()).flat_map(|step| at_slices.iter().filter_map(move |here| here.get(step).copied()));
    let found: Vec<usize> = in_order.collect();
    let agree = |(number, instance): (usize, &usize)| {
        let stated = value::f64(&instances[*instance], tags::DIFFUSION_B_VALUE);
        let known = steps.step(number / grid.slices).weight.map(|(b, _)| b);
        stated.zip(known).is_none_or(|(a, b)| a == b)
    };
    found.iter().enumerate().all(|(n, i)| agree((n, i))).then_some(found)
}

/// Where a single-frame instance on the same kind of plane has its first pixel.
fn position(grid: &Grid, instance: &Dataset) -> Option<[f64; 3]> {
    let is = |tag, wanted: usize| value::i64(instance, tag).is_some_and(|found| found == wanted as i64);
    let is_one = value::i64(instance, tags::NUMBER_OF_FRAMES).is_none_or(|frames| frames == 1);
    let orientation = value::f64s(instance, tags::IMAGE_ORIENTATION_PATIENT);
    let parallel = orientation.len() == 6
        && grid.orientation().iter().zip(&orientation).all(|(a, b)| (a - b).abs() <= SAME_DIRECTION);
    let sized = is(tags::COLUMNS, grid.columns) && is(tags::ROWS, grid.rows);
    let position = value::f64s(instance, tags::IMAGE_POSITION_PATIENT).try_into().ok()?;
    (is_one && parallel && sized).then_some(position)
}

fn rank(instance: &Dataset) -> [f64; 4] {
    [tags::TEMPORAL_POSITION_IDENTIFIER, tags::ACQUISITION_NUMBER, tags::FRAME_REFERENCE_TIME, tags::INSTANCE_NUMBER]
        .map(|tag| value::f64(instance, tag).unwrap_or(0.0))
}

fn compare(a: &[f64; 4], b: &[f64; 4]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}

/// What formats round of a place, mm.
const SAME_MM: f64 = 0.1;

/// What formats round of a direction cosine.
const SAME_DIRECTION: f64 = 1e-3;
