//! Tables that name label values: JSON, CSV and TSV.
//!
//! Formats carry their tables in different shapes; here they all become [`Segment`]s of layer 0. Accepted are
//! - JSON: `{"liver": 1}` (nnU-Net), `{"1": "liver"}` (MSD), either of them under a key `labels`, or a list of objects with
//!   `value` (or `index`, `id`, `label`), `name` and perhaps `colour` (or `color`);
//! - CSV or TSV with a header that names a column `value` (or `index`, `label`, `id`) and a column `name`, and perhaps `colour`
//!   (`#rrggbb`, or `r`, `g`, `b` of 0 to 255): BIDS `dseg.tsv` is one.
//!
//! Background (value 0) is dropped: it has no segment. Tables inside a label file are read by [`segments_of`], and
//! [`label_map`] makes a label map of a file and its table.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_formats::File;
use isocenter_volume::{LabelMap, Segment};
use serde_json::Value;

use crate::Error;

/// Most lines of a table; the largest atlases have a few thousand.
pub const MAX_ENTRIES: usize = 65_536;

/// Name of a value: the table's, else `label_<value>`.
pub fn name_of(segments: &[Segment], layer: usize, value: u32) -> String {
    let known = segments.iter().find(|s| s.layer == layer && s.value == value && !s.name.trim().is_empty());
    known.map_or_else(|| format!("label_{value}"), |s| s.name.clone())
}

/// The table inside a file: the segments of 3D Slicer with layer and colour (`Segment0_LabelValue`, ...), else values and names.
///
/// # Errors
/// [`Error::Table`] where a value stands twice in a layer or, without layers, for two things.
pub fn segments_of(file: &File) -> Result<Vec<Segment>, Error> {
    let slicer = slicer_segments(&file.texts);
    let mut seen = BTreeSet::new();
    let mut segments = if slicer.is_empty() {
        let pairs = file.label_table.as_deref().unwrap_or_default();
        pairs.iter().map(|(value, name)| entry(*value, name, None)).collect()
    } else {
        slicer
    };
    segments.retain(|s| s.value != 0);
    segments.sort_by_key(|s| (s.layer, s.value));
    match segments.iter().find(|s| !seen.insert((s.layer, s.value))) {
        Some(twice) => Err(bad(format!("value {} stands twice", twice.value))),
        None => Ok(segments),
    }
}

/// The label map that a file holds, with the table inside it; steps of a slow axis are layers.
///
/// # Errors
/// [`Error::Volume`] for voxels that are no labels, [`Error::Table`].
pub fn label_map(file: &File) -> Result<LabelMap, Error> {
    Ok(LabelMap::from_volume(&file.volume, segments_of(file)?)?)
}

/// `SegmentN_LabelValue`, `_Layer`, `_Name` and `_Color` (three numbers 0 to 1) of the 3D Slicer segmentation format.
fn slicer_segments(texts: &BTreeMap<String, String>) -> Vec<Segment> {
    let values = texts.iter().filter_map(|(key, value)| {
        let number = key.strip_prefix("Segment")?.strip_suffix("_LabelValue")?;
        Some((number, value.trim().parse::<u32>().ok()?))
    });
    values
        .take(MAX_ENTRIES)
        .map(|(number, value)| {
            let text = |field: &str| texts.get(&format!("Segment{number}_{field}")).map(|t| t.trim());
            let parts = text("Color").unwrap_or_default().split_whitespace();
            let parts: Vec<u8> =
                parts.filter_map(|p| Some((p.parse::<f64>().ok()?.clamp(0.0, 1.0) * 255.0).round() as u8)).collect();
            let layer = text("Layer").and_then(|l| l.parse().ok()).unwrap_or(0);
            Segment { layer, ..entry(value, text("Name").unwrap_or_default(), parts.try_into().ok()) }
        })
        .collect()
}

/// Reads a JSON table.
///
/// # Errors
/// [`Error::Table`] for what is no table, a value that is no label or stands twice; [`Error::Unsupported`] for nnU-Net's
/// regions (several values under one name); [`Error::Limit`].
pub fn parse_json(text: &str) -> Result<Vec<Segment>, Error> {
    let json: Value = serde_json::from_str(text).map_err(|e| bad(format!("line {} is not JSON", e.line())))?;
    let json = json.get("labels").unwrap_or(&json);
    let entries = match json {
        Value::Object(pairs) => pairs.iter().map(|(key, value)| pair(key, value)).collect::<Result<Vec<_>, _>>()?,
        Value::Array(items) => items.iter().map(item).collect::<Result<Vec<_>, _>>()?,
        _ => return Err(bad("an object or a list is wanted".into())),
    };
    checked(entries)
}

/// Reads a CSV table, or a TSV one where the header holds a tab.
///
/// # Errors
/// [`Error::Table`], [`Error::Limit`].
pub fn parse_csv(text: &str) -> Result<Vec<Segment>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = if text.lines().next().unwrap_or_default().contains('\t') { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map_err(|_| bad("no header".into()))?.iter().map(str::to_lowercase).collect();
    let column = |names: &[&str]| names.iter().find_map(|n| header.iter().position(|h| h == n));
    let value = column(&VALUE_KEYS).ok_or_else(|| bad("no column `value` or `index`".into()))?;
    let name = column(&["name"]).ok_or_else(|| bad("no column `name`".into()))?;
    let colour = column(&["colour", "color"]);
    let rgb = [column(&["r", "red"]), column(&["g", "green"]), column(&["b", "blue"])];
    let mut entries = Vec::new();
    for (line, record) in (2usize..).zip(reader.records()) {
        let record = record.map_err(|_| bad(format!("line {line} cannot be read")))?;
        let cell = |n: Option<usize>| n.and_then(|n| record.get(n)).filter(|c| !c.is_empty());
        let label = cell(Some(value)).and_then(|v| v.parse().ok());
        let label = label.ok_or_else(|| bad(format!("line {line} has no label value")))?;
        let parts = rgb.map(|n| cell(n).and_then(|c| c.parse::<u8>().ok()));
        let colour = match (cell(colour), parts) {
            (Some(text), _) => hex(text),
            (None, [Some(r), Some(g), Some(b)]) => Some([r, g, b]),
            _ => None,
        };
        entries.push(entry(label, cell(Some(name)).unwrap_or_default(), colour));
        if entries.len() > MAX_ENTRIES {
            break;
        }
    }
    checked(entries)
}

const VALUE_KEYS: [&str; 4] = ["value", "index", "id", "label"];

fn pair(key: &str, value: &Value) -> Result<Segment, Error> {
    match value {
        Value::Number(_) => Ok(entry(label_of(value)?, key, None)),
        Value::String(name) => {
            let label = key.trim().parse().map_err(|_| bad("a key beside a name is no label value".into()))?;
            Ok(entry(label, name, None))
        }
        Value::Array(_) => Err(Error::Unsupported { what: "a region of several values" }),
        _ => Err(bad("a name beside a label value is wanted".into())),
    }
}

fn item(value: &Value) -> Result<Segment, Error> {
    let label = VALUE_KEYS.iter().find_map(|k| value.get(k)).ok_or_else(|| bad("an entry has no `value`".into()))?;
    let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
    let colour = match value.get("colour").or_else(|| value.get("color")) {
        Some(Value::String(text)) => hex(text),
        Some(Value::Array(parts)) => {
            let parts: Vec<u8> = parts.iter().filter_map(|p| u8::try_from(p.as_u64()?).ok()).collect();
            parts.try_into().ok()
        }
        _ => None,
    };
    Ok(entry(label_of(label)?, name, colour))
}

fn label_of(value: &Value) -> Result<u32, Error> {
    let number = value.as_u64().or_else(|| value.as_str().and_then(|s| s.trim().parse().ok()));
    number
        .and_then(|n| u32::try_from(n).ok())
        .ok_or_else(|| bad("a label value is not a whole number of 32 bits".into()))
}

fn hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6)?;
    let [_, r, g, b] = number.to_be_bytes();
    Some([r, g, b])
}

fn entry(value: u32, name: &str, colour: Option<[u8; 3]>) -> Segment {
    let name = if name.trim().is_empty() { format!("label_{value}") } else { name.trim().to_owned() };
    Segment { layer: 0, value, name, colour, code: None }
}

fn checked(mut entries: Vec<Segment>) -> Result<Vec<Segment>, Error> {
    if entries.len() > MAX_ENTRIES {
        return Err(Error::Limit { what: "entries", asked: entries.len(), limit: MAX_ENTRIES });
    }
    entries.retain(|s| s.value != 0);
    entries.sort_by_key(|s| s.value);
    let mut seen = BTreeSet::new();
    match entries.iter().find(|s| !seen.insert(s.value)) {
        Some(twice) => Err(bad(format!("value {} stands twice", twice.value))),
        None => Ok(entries),
    }
}

fn bad(what: String) -> Error {
    Error::Table { what }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Volume};

    use super::*;

    fn short(segments: &[Segment]) -> Vec<(u32, &str, Option<[u8; 3]>)> {
        segments.iter().map(|s| (s.value, s.name.as_str(), s.colour)).collect()
    }

    #[test]
    fn reads_the_shapes_of_json() {
        let wanted = [(1, "liver", None), (2, "spleen", None)];
        for text in [
            r#"{"background": 0, "spleen": 2, "liver": 1}"#,
            r#"{"labels": {"0": "background", "1": "liver", "2": "spleen"}}"#,
            r#"[{"value": 2, "name": "spleen"}, {"index": "1", "name": " liver "}]"#,
        ] {
            assert_eq!(short(&parse_json(text).unwrap()), wanted, "{text}");
        }
    }

    #[test]
    fn reads_csv_and_bids_tsv() {
        let tsv = "index\tname\tabbreviation\tcolor\n0\tbg\tb\t#000000\n3\tGray Matter\tGM\t#ff8000\n";
        assert_eq!(short(&parse_csv(tsv).unwrap()), [(3, "Gray Matter", Some([255, 128, 0]))]);
        let csv = "\u{feff}Value,Name,R,G,B\n7,\"a, b\",1,2,3\n8,,,,\n";
        assert_eq!(short(&parse_csv(csv).unwrap()), [(7, "a, b", Some([1, 2, 3])), (8, "label_8", None)]);
    }

    #[test]
    fn a_slicer_table_has_layers_and_colours() {
        let grid = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let file = File::from_volume(Volume::new(vec![1u8, 0], grid).unwrap().into());
        let texts = [
            ("Segment0_LabelValue", "1"),
            ("Segment0_Layer", "1"),
            ("Segment0_Name", "tumour"),
            ("Segment0_Color", "1 0.5 0"),
            ("Segment1_LabelValue", "1"),
            ("Segment1_Layer", "0"),
        ];
        let texts = texts.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let found = segments_of(&file.clone().with_texts(texts)).unwrap();
        assert_eq!(short(&found), [(1, "label_1", None), (1, "tumour", Some([255, 128, 0]))]);
        assert_eq!(found.iter().map(|s| s.layer).collect::<Vec<_>>(), [0, 1]);
        let named = label_map(&file.clone().with_label_table(vec![(1, "liver".into()), (9, "absent".into())])).unwrap();
        assert_eq!(short(named.segments()), [(1, "liver", None), (9, "absent", None)]);
        assert!(segments_of(&file.with_label_table(vec![(1, "a".into()), (1, "b".into())])).is_err());
    }

    #[test]
    fn refuses_what_is_no_table() {
        for text in
            ["", "3", "{", r#"{"a": 1, "b": 1}"#, r#"{"a": -1}"#, r#"{"a": 1.5}"#, r#"{"a": [1, 2]}"#, r#"[{}]"#]
        {
            assert!(parse_json(text).is_err(), "{text}");
        }
        for text in ["", "name\nx", "value\n1", "value,name\nx,y", "value,name\n-1,y", "value,name\n1,a\n1,b"] {
            assert!(parse_csv(text).is_err(), "{text}");
        }
    }
}
