//! Label maps in volume files: the table that names their values, in both directions.
//!
//! A table is found in a NIfTI header extension (CaretExtension XML) or in the segment key-values that 3D Slicer writes into
//! `.seg.nrrd`. This gives values, names, layers and colours; what else a segment says (codes, status) stays in
//! [`File::texts`] as it is.

pub(crate) mod caret;
mod segments;

use std::collections::BTreeMap;

use isocenter_volume::{AxisKind, DynSamples, DynVolume, Head, Label, LabelMap, Layer, Segment, SlowAxis, with_layer};

use crate::{Error, File};

/// The label map in a file, with the names of its table; see [`LabelMap::from_volume`] for which slow axes
/// are layers.
///
/// Names come from [`File::label_table`], so that a caller may change or drop it first; layers and colours from [`File::texts`].
///
/// # Errors
/// [`Error::Volume`] for samples that cannot be labels.
pub fn read_label_map(file: &File) -> Result<LabelMap, Error> {
    let layers = LabelMap::layers_in(file.volume.head());
    let listed: Vec<Segment> = match &file.label_table {
        None => Vec::new(),
        Some(table) => {
            let mut segments = segments::of_texts(&file.texts);
            // a table that says something else than the texts is the caller's own
            if segments::table(&segments) != *table {
                segments = with_colours(table, &file.texts)
                    .into_iter()
                    .map(|(value, name, colour)| Segment { layer: 0, value, name, colour, code: None })
                    .collect();
            }
            segments
        }
    };
    // value 0 is background and is named by some tables
    let mut known: Vec<Segment> = listed.into_iter().filter(|s| s.value > 0 && s.layer < layers).collect();
    known.sort_by_key(|s| (s.layer, s.value));
    known.dedup();
    Ok(LabelMap::from_volume(&file.volume, known)?)
}

/// A file of a label map: the smallest unsigned type that holds its values, layers as a slow axis, its names as the table.
///
/// # Errors
/// [`Error::Volume`] in theory only: the shapes are the label map's own.
pub fn label_map_to_file(map: &LabelMap) -> Result<File, Error> {
    let mut axes = map.slow_axes().to_vec();
    if map.layers().len() > 1 {
        axes.push(SlowAxis::new(AxisKind::Layer, map.layers().len())?);
    }
    let head = Head::new(map.geometry().clone()).with_slow_axes(axes)?.with_provenance(map.provenance().clone());
    let mut file = File::from_volume(DynVolume::from_parts(head, joined(map))?);
    file.is_label = true;
    if !map.segments().is_empty() {
        file.label_table = Some(segments::table(map.segments()));
        file.texts = segments::to_texts(map.segments());
    }
    Ok(file)
}

/// Whether a key-value names a structure: name and id of a segment of a `.seg.nrrd`.
pub fn is_structure_name(key: &str) -> bool {
    segments::is_key(key) && (key.ends_with("_Name") || key.ends_with("_ID"))
}

/// The layers one behind the other, in the smallest type that holds them all.
fn joined(map: &LabelMap) -> DynSamples {
    let largest = map.layers().iter().map(Layer::largest).max().unwrap_or(0);
    if let [layer] = map.layers()
        && layer.is_smallest_for(largest)
    {
        return layer.clone().into();
    }
    let len = map.layers().iter().map(Layer::len).sum();
    let mut all: Vec<u32> = Vec::with_capacity(len);
    map.layers().iter().for_each(|l| with_layer!(l, l => all.extend(l.iter().map(|&v| v.value()))));
    Layer::smallest(all).into()
}

/// The table that texts of a file hold, ascending by value.
pub(crate) fn table_of(texts: &BTreeMap<String, String>) -> Option<Vec<(u32, String)>> {
    let segments = segments::of_texts(texts);
    (!segments.is_empty()).then(|| segments::table(&segments))
}

/// The texts of a table that came without any, from which its names and colours are read again.
pub(crate) fn texts_of(labels: Vec<caret::Label>) -> BTreeMap<String, String> {
    let segment = |(value, name, colour)| Segment { layer: 0, value, name, colour, code: None };
    segments::to_texts(&labels.into_iter().map(segment).collect::<Vec<_>>())
}

/// The texts of a file that is written with key-values: segments follow the label table, where it was changed or came without.
pub(crate) fn texts_to_write(file: &File) -> BTreeMap<String, String> {
    let Some(table) = &file.label_table else { return file.texts.clone() };
    let segments = segments::of_texts(&file.texts);
    if segments::table(&segments) == *table && file.texts.keys().any(|k| segments::is_key(k)) {
        return file.texts.clone();
    }
    let coloured = with_colours(table, &file.texts).into_iter();
    let segments: Vec<Segment> =
        coloured.map(|(value, name, colour)| Segment { layer: 0, value, name, colour, code: None }).collect();
    let others = file.texts.iter().filter(|(k, _)| !segments::is_key(k)).map(|(k, t)| (k.clone(), t.clone()));
    others.chain(segments::to_texts(&segments)).collect()
}

/// A table with the colours that the texts give to its values.
pub(crate) fn with_colours(
    table: &[(u32, String)],
    texts: &BTreeMap<String, String>,
) -> Vec<(u32, String, Option<[u8; 3]>)> {
    let known: BTreeMap<u32, [u8; 3]> =
        segments::of_texts(texts).into_iter().filter_map(|s| s.colour.map(|c| (s.value, c))).collect();
    table.iter().map(|(value, name)| (*value, name.clone(), known.get(value).copied())).collect()
}
