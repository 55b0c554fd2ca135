//! Labels of an image, `image-label`: values, names and colours.

use serde_json::{Map, Value, json};

use super::image::ome;
use crate::{File, FileHead, labels};

/// The attribute.
pub(super) const IMAGE_LABEL: &str = "image-label";

/// Takes the labels from the attributes, where there are any.
pub(super) fn read(attributes: &Map<String, Value>, head: &mut FileHead) {
    let Some(label) = ome(attributes).get(IMAGE_LABEL) else { return };
    head.is_label = true;
    let list = |key: &str| label.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let value = |entry: &Value| u32::try_from(entry.get("label-value")?.as_u64()?).ok();
    let colour = |wanted: u32| {
        let entry = list("colors").iter().find(|entry| value(entry) == Some(wanted))?;
        let channels = entry.get("rgba")?.as_array()?;
        let channel = |n: usize| u8::try_from(channels.get(n)?.as_u64()?).ok();
        Some([channel(0)?, channel(1)?, channel(2)?])
    };
    let named = list("properties").iter().filter_map(|entry| {
        let value = value(entry)?;
        let name = entry.get("name").or(entry.get("class"))?.as_str()?;
        Some((value, name.to_owned(), colour(value)))
    });
    let mut labels: Vec<_> = named.collect();
    if labels.is_empty() {
        return;
    }
    labels.sort_by_key(|label| label.0);
    head.label_table = Some(labels.iter().map(|(value, name, _)| (*value, name.clone())).collect());
    head.texts.extend(labels::texts_of(labels));
}

/// The attribute of a file of labels.
pub(super) fn written(file: &File, version: &str) -> Option<Value> {
    if !file.is_label {
        return None;
    }
    let table = file.label_table.as_deref().unwrap_or_default();
    let labels = labels::with_colours(table, &file.texts);
    let properties: Vec<Value> =
        labels.iter().map(|(value, name, _)| json!({ "label-value": value, "name": name })).collect();
    let colour = |(value, _, colour): &(u32, String, Option<[u8; 3]>)| {
        colour.map(|[r, g, b]| json!({ "label-value": value, "rgba": [r, g, b, 255] }))
    };
    let colours: Vec<Value> = labels.iter().filter_map(colour).collect();
    let mut label = json!({ "version": version });
    if !properties.is_empty() {
        label["properties"] = properties.into();
    }
    if !colours.is_empty() {
        label["colors"] = colours.into();
    }
    Some(label)
}
