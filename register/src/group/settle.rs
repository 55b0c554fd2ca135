//! From what pairs say to one map for each image.

use isocenter_volume::{Affine, Geometry, affine::norm};

use crate::{Dof, Registration, Verdict, maps::mean};

/// Rounds after which maps are taken as they are: each takes about half of what pairs contradict each other by.
const ROUNDS: usize = 100;
/// A round that moves no image by more ends them, mm.
const STILL_MM: f64 = 1e-6;
/// How far the pairs of a good image may be from its map, mm: of one body, and of several.
const AGREES_MM: f64 = 1.5;
const AGREES_OF_TWO_MM: f64 = 3.2;

/// One map for each image, from the middle to it.
pub(super) struct Settled {
    pub(super) maps: Vec<Affine>,
    pub(super) residual_mm: Vec<f64>,
    pub(super) verdicts: Vec<Verdict>,
}

/// A pair seen from one of its images: the partner, the map of the partner's points to the image's, and whether it is good.
struct Edge {
    partner: usize,
    map: Affine,
    is_good: bool,
}

/// Makes pairs consistent; `reference` says where the space lies at first, and its grid how large a body is.
pub(super) fn settle(
    found: &[([usize; 2], Registration)],
    grid: &Geometry,
    reference: usize,
    count: usize,
    dof: Dof,
) -> Settled {
    let edges = edges(found, count);
    let extent = (0..3).map(|a| grid.shape()[a] as f64 * grid.spacing_mm()[a]).fold(0.0, f64::max);
    let places = ball(grid.centre_mm(), 0.25 * extent);
    let mut maps = spread(&edges, reference);
    for _ in 0..ROUNDS {
        let next: Vec<Option<Affine>> = (0..count)
            .map(|n| {
                let mut said: Vec<Affine> =
                    edges[n].iter().filter_map(|edge| Some(edge.map.compose(&maps[edge.partner]?))).collect();
                // its own place, too: two images that only speak of each other would change places for ever
                said.extend(maps[n]);
                mean(&said).ok().or(maps[n])
            })
            .collect();
        let moved = maps.iter().zip(&next).filter_map(|(a, b)| Some(apart(&places, a.as_ref()?, b.as_ref()?)));
        let is_still = moved.fold(0.0, f64::max) < STILL_MM;
        maps = next;
        if is_still {
            break;
        }
    }
    let held: Vec<usize> = (0..count).filter(|n| maps[*n].is_some()).collect();
    let mut placed: Vec<Affine> = held.iter().filter_map(|n| maps[*n]).collect();
    // the space goes where the mean of all is the identity; a mean of products is nearly, not quite, the product of means
    for _ in 0..ROUNDS {
        // by logarithms, which know no centre: the mean of rigid maps is a rigid map
        let Some(back) = mean(&placed).ok().and_then(|middle| middle.inverse()) else { break };
        placed.iter_mut().for_each(|map| *map = map.compose(&back));
        if apart(&places, &back, &Affine::IDENTITY) < STILL_MM {
            break;
        }
    }
    let mut whole = vec![Affine::IDENTITY; count];
    held.iter().zip(&placed).for_each(|(n, map)| whole[*n] = *map);
    let agrees_mm = if dof.stretches() == 0 { AGREES_MM } else { AGREES_OF_TWO_MM };
    let residual_mm: Vec<f64> = (0..count)
        .map(|n| {
            let far = |edge: &Edge| apart(&places, &edge.map.compose(&whole[edge.partner]), &whole[n]);
            median(edges[n].iter().map(far).collect())
        })
        .collect();
    let verdicts = (0..count)
        .map(|n| match (maps[n].is_some(), edges[n].iter().any(|edge| edge.is_good)) {
            (false, _) => Verdict::Failed,
            (true, true) if residual_mm[n] <= agrees_mm => Verdict::Good,
            (true, _) => Verdict::Doubtful,
        })
        .collect();
    Settled { maps: whole, residual_mm, verdicts }
}

/// The pairs of each image that may be used: the good ones where it has any, else those that are doubted.
fn edges(found: &[([usize; 2], Registration)], count: usize) -> Vec<Vec<Edge>> {
    let mut edges: Vec<Vec<Edge>> = (0..count).map(|_| Vec::new()).collect();
    for ([a, b], registration) in found {
        let Some(back) = registration.transform.inverse() else { continue };
        if registration.verdict == Verdict::Failed {
            continue;
        }
        let is_good = registration.verdict == Verdict::Good;
        edges[*b].push(Edge { partner: *a, map: registration.transform, is_good });
        edges[*a].push(Edge { partner: *b, map: back, is_good });
    }
    for own in &mut edges {
        if own.iter().any(|edge| edge.is_good) {
            own.retain(|edge| edge.is_good);
        }
    }
    edges
}

/// First maps: from the reference outward, over the fewest pairs.
fn spread(edges: &[Vec<Edge>], reference: usize) -> Vec<Option<Affine>> {
    let mut maps: Vec<Option<Affine>> = vec![None; edges.len()];
    maps[reference] = Some(Affine::IDENTITY);
    for _ in 0..edges.len() {
        let known = maps.clone();
        for (n, own) in edges.iter().enumerate().filter(|(n, _)| known[*n].is_none()) {
            maps[n] = own.iter().find_map(|edge| Some(edge.map.compose(&known[edge.partner]?)));
        }
    }
    maps
}

/// Root mean square distance between where two maps take places, mm.
fn apart(places: &[[f64; 3]], one: &Affine, other: &Affine) -> f64 {
    let square = |p: &[f64; 3]| {
        let (a, b) = (one.apply(*p), other.apply(*p));
        let far = norm([0, 1, 2].map(|n| a[n] - b[n]));
        far * far
    };
    (places.iter().map(square).sum::<f64>() / places.len().max(1) as f64).sqrt()
}

/// Places all over a ball.
fn ball(centre: [f64; 3], radius: f64) -> Vec<[f64; 3]> {
    let steps = -2..=2i32;
    let all = steps.clone().flat_map(|i| steps.clone().flat_map(move |j| (-2..=2i32).map(move |k| [i, j, k])));
    all.filter(|p| p.iter().map(|v| v * v).sum::<i32>() <= 4)
        .map(|p| [0, 1, 2].map(|a| centre[a] + 0.5 * radius * f64::from(p[a])))
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
