//! Segments as the key-values of `.seg.nrrd` (3D Slicer's segmentation file format): `Segment0_Name`, `Segment0_LabelValue`, ...

use std::collections::BTreeMap;

use isocenter_volume::Segment;

use super::caret;

/// Most segments that are looked for.
const MOST: usize = 65_536;

/// The segments that texts describe: key-values of `.seg.nrrd`, else a CaretExtension; none where there is neither.
pub(super) fn of_texts(texts: &BTreeMap<String, String>) -> Vec<Segment> {
    let mut segments = Vec::new();
    for number in 0..MOST {
        let get = |field: &str| texts.get(&format!("Segment{number}_{field}"));
        if get("ID").is_none() && get("Name").is_none() && get("LabelValue").is_none() {
            break;
        }
        // files written before Slicer 4.11 have neither field: every segment is a layer of its own, of value 1
        let value = get("LabelValue").map_or(Some(1), |v| v.trim().parse().ok());
        let layer = get("Layer").map_or(Some(number), |v| v.trim().parse().ok());
        if let (Some(value), Some(layer)) = (value, layer) {
            let name = get("Name").or(get("ID")).cloned().unwrap_or_default();
            segments.push(Segment { layer, value, name, colour: get("Color").and_then(|c| colour(c)), code: None });
        }
    }
    if segments.is_empty() {
        return of_caret(texts);
    }
    segments.sort_by_key(|s| (s.layer, s.value));
    segments
}

/// Segments of a CaretExtension among the texts.
fn of_caret(texts: &BTreeMap<String, String>) -> Vec<Segment> {
    let labels = texts.values().find_map(|t| caret::parse(t)).unwrap_or_default();
    let segment = |(value, name, colour)| Segment { layer: 0, value, name, colour, code: None };
    labels.into_iter().map(segment).collect()
}

/// Values and names, ascending by value.
pub(super) fn table(segments: &[Segment]) -> Vec<(u32, String)> {
    let mut table: Vec<(u32, String)> = segments.iter().map(|s| (s.value, s.name.clone())).collect();
    table.sort();
    table
}

/// The key-values of segments.
pub(super) fn to_texts(segments: &[Segment]) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for (number, segment) in segments.iter().enumerate() {
        let mut put = |field: &str, text: String| drop(texts.insert(format!("Segment{number}_{field}"), text));
        put("ID", format!("Segment_{}", number + 1));
        put("Name", segment.name.clone());
        put("LabelValue", segment.value.to_string());
        put("Layer", segment.layer.to_string());
        if let Some(colour) = segment.colour {
            put("Color", colour.map(|c| (f64::from(c) / 255.0).to_string()).join(" "));
        }
    }
    texts
}

/// Whether a key belongs to a segment.
pub(super) fn is_key(key: &str) -> bool {
    let rest = key.strip_prefix("Segment").unwrap_or_default();
    rest.split_once('_').is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn colour(text: &str) -> Option<[u8; 3]> {
    let mut channels = text.split_ascii_whitespace().map(|c| {
        let value: f64 = c.parse().ok()?;
        (0.0..=1.0).contains(&value).then_some((value * 255.0 + 0.5) as u8)
    });
    Some([channels.next()??, channels.next()??, channels.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip() {
        let segments = vec![
            Segment { layer: 0, value: 1, name: "liver".to_owned(), colour: Some([221, 130, 101]), code: None },
            Segment { layer: 1, value: 1, name: "nodule".to_owned(), colour: None, code: None },
        ];
        let texts = to_texts(&segments);
        assert_eq!(of_texts(&texts), segments);
        assert_eq!(table(&segments), [(1, "liver".to_owned()), (1, "nodule".to_owned())]);
    }
}
