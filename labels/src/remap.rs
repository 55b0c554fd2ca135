//! Numbering labels 1..n, and making one layer of several.

use std::collections::BTreeMap;

use isocenter_volume::{Cancelled, Ctx, Label, LabelMap, Layer, Segment, with_layer};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, table};

/// One line of the map from old to new values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Remapped {
    /// Layer of the old value.
    pub layer: usize,
    /// The old value.
    pub from: u32,
    /// The new value.
    pub to: u32,
    /// Its name: the table's, else `label_<old value>`.
    pub name: String,
}

/// Renumbers the labels that occur to 1..n: by layer, then in ascending order of value. Names, colours and codes are kept, and a
/// value without a name is called `label_<old value>`. Entries of the table whose value does not occur are left out.
///
/// New values are unique over all layers, so that [`merge_layers`] can follow.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn remap_consecutive(map: &LabelMap, ctx: &Ctx<'_>) -> Result<(LabelMap, Vec<Remapped>), Error> {
    remap_values(map, Vec::new(), ctx)
}

/// As [`remap_consecutive`], but entries of the table whose value does not occur keep a number too, so that every map of a
/// cohort with one table gets the same numbers.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn remap_by_table(map: &LabelMap, ctx: &Ctx<'_>) -> Result<(LabelMap, Vec<Remapped>), Error> {
    let named: Vec<(usize, u32)> = map.segments().iter().map(|s| (s.layer, s.value)).collect();
    remap_values(map, named, ctx)
}

fn remap_values(map: &LabelMap, extra: Vec<(usize, u32)>, ctx: &Ctx<'_>) -> Result<(LabelMap, Vec<Remapped>), Error> {
    let layers = map.layers().len();
    let occurring = (0..layers).flat_map(|layer| map.values(layer).into_iter().map(move |value| (layer, value)));
    let mut values: Vec<(usize, u32)> =
        occurring.chain(extra.into_iter().filter(|&(layer, value)| layer < layers && value != 0)).collect();
    values.sort_unstable();
    values.dedup();
    let table: Vec<Remapped> = (1u32..)
        .zip(&values)
        .map(|(to, &(layer, from))| Remapped { layer, from, to, name: table::name_of(map.segments(), layer, from) })
        .collect();
    let moved = map.layers().iter().enumerate().map(|(layer, voxels)| {
        let new: Vec<(u32, u32)> = table.iter().filter(|r| r.layer == layer).map(|r| (r.from, r.to)).collect();
        Ok::<_, Error>(Layer::smallest(with_layer!(voxels, l => renumber(l.as_slice(), &new, ctx))?))
    });
    let moved = moved.collect::<Result<Vec<_>, _>>()?;
    let segments = table.iter().map(|r| segment(map, r)).collect();
    let out = map.with_layers(moved, map.geometry().clone())?.with_segments(segments)?;
    let listed = table.iter().map(|r| format!("{}:{}", r.from, r.to)).collect::<Vec<_>>().join(" ");
    Ok((out.noting("remap_labels", [("from_to", listed)]), table))
}

fn segment(map: &LabelMap, line: &Remapped) -> Segment {
    let known = map.segments().iter().find(|s| s.layer == line.layer && s.value == line.from);
    Segment {
        layer: line.layer,
        value: line.to,
        name: line.name.clone(),
        colour: known.and_then(|s| s.colour),
        code: known.and_then(|s| s.code.clone()),
    }
}

/// Values are looked up in a sorted list; neighbours are mostly equal, so the last one found is kept.
fn renumber<L: Label>(voxels: &[L], new: &[(u32, u32)], ctx: &Ctx<'_>) -> Result<Vec<u32>, Cancelled> {
    let stage = ctx.stage("renumber", voxels.len().div_ceil(BLOCK) as u64);
    let mut out = vec![0u32; voxels.len()];
    out.par_chunks_mut(BLOCK).zip(voxels.par_chunks(BLOCK)).try_for_each(|(out, voxels)| {
        let mut last = (0, 0);
        for (o, v) in out.iter_mut().zip(voxels.iter().map(|&v| v.into())) {
            if v != last.0 {
                let found = new.binary_search_by_key(&v, |pair| pair.0).ok().and_then(|n| new.get(n));
                last = found.copied().unwrap_or((v, 0));
            }
            *o = last.1;
        }
        stage.advance(1)
    })?;
    Ok(out)
}

const BLOCK: usize = 1 << 16;

/// Makes one layer of several that do not overlap.
///
/// # Errors
/// [`Error::LayersOverlap`] with the number of voxels and the first of them; [`Error::SharedValue`] where two layers use one
/// value (it may stand for two things: renumber first); [`Error::Cancelled`].
pub fn merge_layers(map: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
    if map.layers().len() == 1 {
        return Ok(map.clone());
    }
    let mut owner = BTreeMap::new();
    for layer in 0..map.layers().len() {
        for value in map.values(layer) {
            if owner.insert(value, layer).is_some() {
                return Err(Error::SharedValue { value });
            }
        }
    }
    let mut merged = vec![0u32; map.geometry().len() * map.steps()];
    let (mut voxels, mut first) = (0, None);
    for layer in map.layers() {
        for (n, (m, v)) in merged.iter_mut().zip(layer.iter()).enumerate() {
            if n % BLOCK == 0 {
                ctx.check()?;
            }
            if *m != 0 && v != 0 {
                voxels += 1;
                first.get_or_insert((n, [*m, v]));
            }
            if v != 0 {
                *m = v;
            }
        }
    }
    if let Some((n, labels)) = first {
        let [nx, ny, _] = map.geometry().shape();
        let n = n % map.geometry().len();
        return Err(Error::LayersOverlap { voxels, first: [n % nx, n / nx % ny, n / nx / ny], labels });
    }
    // an entry whose value occurs nowhere is kept, unless another of its value is
    let mut segments: BTreeMap<u32, Segment> = BTreeMap::new();
    for s in map.segments() {
        let owned = owner.get(&s.value) == Some(&s.layer);
        if owned || !segments.contains_key(&s.value) {
            segments.insert(s.value, Segment { layer: 0, ..s.clone() });
        }
    }
    let out = one_layer(map, merged)?.with_segments(segments.into_values().collect())?;
    Ok(out.noting("merge_layers", [("layers", map.layers().len())]))
}

/// The map with one layer in place of its own, no table yet.
fn one_layer(map: &LabelMap, merged: Vec<u32>) -> Result<LabelMap, Error> {
    let axes = map.slow_axes().to_vec();
    let one = LabelMap::with_slow_axes(vec![Layer::smallest(merged)], map.geometry().clone(), axes, Vec::new())?;
    Ok(one.with_provenance(map.provenance().clone()))
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    fn map(layers: Vec<Vec<u32>>, segments: Vec<Segment>) -> LabelMap {
        let grid = Geometry::new([layers[0].len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        LabelMap::new(layers, grid, segments).unwrap()
    }

    fn named(layer: usize, value: u32, name: &str) -> Segment {
        Segment { layer, value, name: name.into(), colour: Some([1, 2, 3]), code: None }
    }

    #[test]
    fn numbers_ascending_and_keeps_names() {
        let source = map(vec![vec![90, 0, 4, 4_000_000_000, 4]], vec![named(0, 90, "liver"), named(0, 5, "absent")]);
        let (out, table) = remap_consecutive(&source, &Ctx::default()).unwrap();
        assert_eq!(out.layers()[0].to_u32(), [2, 0, 1, 3, 1]);
        let lines: Vec<_> = table.iter().map(|r| (r.from, r.to, r.name.as_str())).collect();
        assert_eq!(lines, [(4, 1, "label_4"), (90, 2, "liver"), (4_000_000_000, 3, "label_4000000000")]);
        assert_eq!(out.segments()[1].colour, Some([1, 2, 3]));
        let (out, _) = remap_by_table(&source, &Ctx::default()).unwrap();
        assert_eq!(out.layers()[0].to_u32(), [3, 0, 1, 4, 1]);
    }

    #[test]
    fn layers_merge_where_they_do_not_overlap() {
        let source = map(vec![vec![1, 0, 0], vec![0, 1, 2]], vec![named(1, 1, "b")]);
        assert!(matches!(merge_layers(&source, &Ctx::default()), Err(Error::SharedValue { value: 1 })));
        let (numbered, _) = remap_consecutive(&source, &Ctx::default()).unwrap();
        let merged = merge_layers(&numbered, &Ctx::default()).unwrap();
        assert_eq!(merged.layers()[0].to_u32(), [1, 2, 3]);
        assert_eq!(merged.segments().iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["label_1", "b", "label_2"]);
        let overlapping = map(vec![vec![1, 1, 0], vec![0, 2, 2]], vec![]);
        assert!(matches!(
            merge_layers(&overlapping, &Ctx::default()),
            Err(Error::LayersOverlap { voxels: 1, first: [1, 0, 0], labels: [1, 2] })
        ));
    }
}
