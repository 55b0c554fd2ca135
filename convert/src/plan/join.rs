//! Frames that belong together although a value that scanners let vary, or that a file lost, sets them apart.
//!
//! Frames of equal [`Key`] are a part. A value sets parts apart where every part is whole: it has a frame at each place where
//! the others have one (two echoes of one slab). Where parts complement each other instead, so that together they have every place
//! equally often and the places lie on one lattice, they are one volume, over the first weak [`Aspect`]s that part them. Images of
//! one place each are no volumes: three of them and more are taken together even where their places are uneven, so that the
//! refusal says so. What stays partial is told.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_volume::affine;

use super::{fit, samples, shot::Shot, split, stack};
use crate::{
    Warning,
    facts::{Aspect, Key},
};

/// Frames of one volume.
pub(super) struct Group<'a> {
    pub(super) frames: Vec<Shot<'a>>,
    pub(super) warnings: Vec<Warning>,
}

struct Part<'a> {
    key: &'a Key,
    frames: Vec<Shot<'a>>,
    /// Numbers of places, one for each frame.
    places: Vec<usize>,
    over: BTreeSet<Aspect>,
}

impl Part<'_> {
    fn covers(&self) -> BTreeSet<usize> {
        self.places.iter().copied().collect()
    }
}

/// Joins parts of one strong key: each a list of frames of one key and of parallel planes.
pub(super) fn join(parts: Vec<Vec<Shot<'_>>>) -> Vec<Group<'_>> {
    let mut clusters: Vec<Vec<Vec<Shot<'_>>>> = Vec::new();
    for part in parts {
        let near = |cluster: &&mut Vec<Vec<Shot<'_>>>| match (cluster.first().and_then(|p| p.first()), part.first()) {
            (Some(a), Some(b)) => split::parallel(a, b),
            _ => false,
        };
        match clusters.iter_mut().find(near) {
            Some(cluster) => cluster.push(part),
            None => clusters.push(vec![part]),
        }
    }
    clusters.into_iter().flat_map(parallel).collect()
}

/// Joins parts that are parallel.
fn parallel(parts: Vec<Vec<Shot<'_>>>) -> Vec<Group<'_>> {
    if parts.len() < 2 {
        return parts.into_iter().map(|frames| Group { frames, warnings: Vec::new() }).collect();
    }
    let (mut parts, centres) = placed(parts);
    for level in 1..=Aspect::ALL.len() {
        let aspects = Aspect::ALL.get(..level).unwrap_or_default();
        let mut alike: BTreeMap<Key, Vec<Part<'_>>> = BTreeMap::new();
        for part in parts {
            alike.entry(part.key.without(aspects)).or_default().push(part);
        }
        parts = alike.into_values().flat_map(|group| complete(group, aspects, &centres)).collect();
    }
    told(parts)
}

/// Numbers the places of all frames along their normal, and gives the middle of each place.
fn placed(parts: Vec<Vec<Shot<'_>>>) -> (Vec<Part<'_>>, Vec<[f64; 3]>) {
    let normal = parts.iter().flatten().find_map(|f| f.plane).map_or([0.0; 3], |p| p.normal());
    let at = |frame: &Shot<'_>| frame.plane.map_or([0.0; 3], |p| p.position);
    let along = |frame: &Shot<'_>| affine::dot(normal, at(frame));
    let mut all: Vec<(f64, [f64; 3])> = parts.iter().flatten().map(|f| (along(f), at(f))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    // the place that begins at each distance
    let mut starts: Vec<f64> = Vec::new();
    let mut centres: Vec<[f64; 3]> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for (distance, position) in all {
        if distance - last > stack::SAME_PLACE_MM {
            starts.push(distance);
            centres.push(position);
        }
        last = distance;
    }
    let number = |distance: f64| starts.partition_point(|start| *start <= distance).saturating_sub(1);
    let numbered = parts.into_iter().filter_map(|frames| {
        let key: &Key = &frames.first()?.facts.key;
        let places = frames.iter().map(|f| number(along(f))).collect();
        Some(Part { key, frames, places, over: BTreeSet::new() })
    });
    (numbered.collect(), centres)
}

/// Joins those of some parts, alike but for some aspects, that complement each other.
fn complete<'a>(group: Vec<Part<'a>>, aspects: &[Aspect], centres: &[[f64; 3]]) -> Vec<Part<'a>> {
    let all: BTreeSet<usize> = group.iter().flat_map(Part::covers).collect();
    let (whole, rest): (Vec<_>, Vec<_>) = group.into_iter().partition(|part| part.covers() == all);
    if rest.is_empty() {
        return whole;
    }
    if rest.len() > 1 && fit_together(&rest, centres) {
        return whole.into_iter().chain(merged(rest, aspects)).collect();
    }
    let group: Vec<Part<'a>> = whole.into_iter().chain(rest).collect();
    if fit_together(&group, centres) { merged(group, aspects).into_iter().collect() } else { group }
}

fn merged<'a>(parts: Vec<Part<'a>>, aspects: &[Aspect]) -> Option<Part<'a>> {
    let mut parts = parts.into_iter();
    let mut first = parts.next()?;
    for part in parts {
        first.over.extend(part.over.iter().chain(aspects.iter().filter(|a| part.key.differs(first.key, **a))));
        first.frames.extend(part.frames);
        first.places.extend(part.places);
    }
    Some(first)
}

/// Whether parts have every place equally often, on one lattice, and can lie in one volume.
fn fit_together(parts: &[Part<'_>], centres: &[[f64; 3]]) -> bool {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for place in parts.iter().flat_map(|part| &part.places) {
        *counts.entry(*place).or_default() += 1;
    }
    let mut times: Vec<usize> = counts.values().copied().collect();
    times.dedup();
    let [often] = times[..] else { return false };
    if parts.len() < 2 || counts.len() < 2 || !agree(parts, counts.len()) {
        return false;
    }
    let scattered = often == 1 && counts.len() > 2 && parts.iter().all(|part| part.places.len() == 1);
    let middles: Vec<[f64; 3]> = counts.keys().filter_map(|place| centres.get(*place).copied()).collect();
    let Some(plane) = parts.iter().flat_map(|p| &p.frames).find_map(|f| f.plane) else { return false };
    scattered || fit::line(&middles, plane.normal(), plane.spacing).is_ok()
}

/// Whether what differs between parts may differ within a volume of so many places.
fn agree(parts: &[Part<'_>], places: usize) -> bool {
    let one = |values: BTreeSet<&str>| values.len() < 2;
    let frames = || parts.iter().flat_map(|part| &part.frames);
    let worlds = parts.iter().filter_map(|part| part.key.frame_of_reference_uid.as_deref()).collect();
    let units = frames().filter(|f| f.stated != isocenter_dcm::scaling::Stated::Nothing);
    let units = units.map(|f| f.unit.code()).collect();
    let echoes: BTreeSet<Option<i64>> = parts.iter().map(|part| part.key.echo_number).collect();
    let echo_is_timed = parts.iter().any(|part| part.key.number(Aspect::Echo).is_some());
    let spread = |aspect: Aspect| {
        let numbers: Vec<i64> = parts.iter().filter_map(|part| part.key.number(aspect)).collect();
        let (least, most) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
        (most - least) as f64 / (most.abs().max(least.abs()).max(1)) as f64
    };
    // two places are evenly spaced whatever they show
    let may_vary = |aspect| places > 2 || spread(aspect) <= FEW_PLACES_SPREAD;
    one(worlds)
        && one(units)
        && (echoes.len() < 2 || echo_is_timed)
        && spread(Aspect::Echo) <= ECHO_SPREAD
        && [Aspect::RepetitionTime, Aspect::FlipAngle, Aspect::TubeVoltage].into_iter().all(may_vary)
        && samples::joint(frames().map(|f| f.image.facts)).is_some()
}

/// The groups, with a word on what was joined and on what stays partial.
fn told(parts: Vec<Part<'_>>) -> Vec<Group<'_>> {
    let all: BTreeSet<usize> = parts.iter().flat_map(Part::covers).collect();
    let apart: Vec<Option<Warning>> = (0..parts.len())
        .map(|n| {
            let part = parts.get(n)?;
            let others = parts.iter().enumerate().filter(|(other, _)| *other != n);
            let largest = others.max_by_key(|(_, other)| other.frames.len())?.1;
            let aspect = part.key.differs_in(largest.key)?;
            (part.covers() != all).then(|| Warning::SetApart { code: aspect.apart_code() })
        })
        .collect();
    let groups = parts.into_iter().zip(apart).map(|(part, apart)| {
        let joined = part.over.iter().map(|aspect| Warning::Joined { code: aspect.joined_code() });
        Group { frames: part.frames, warnings: joined.chain(apart).collect() }
    });
    groups.collect()
}

/// Echo times nearer to each other than this share of them are one; a gated or adjusted echo varies by less.
const ECHO_SPREAD: f64 = 0.05;

/// The same of other numbers, where two places say nothing of a lattice.
const FEW_PLACES_SPREAD: f64 = 0.2;
