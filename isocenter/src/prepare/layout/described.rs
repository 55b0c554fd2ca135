//! Files that describe a data set: `dataset.json` of nnU-Net and of the Medical Segmentation Decathlon, and MONAI's data lists.
//!
//! nnU-Net v2 has `channel_names` ("0": "T1") and `labels` ("tumour": 1); Decathlon and nnU-Net v1 have `modality` ("0": "MRI") and
//! `labels` ("1": "tumour"); a data list has entries `image` and `label` under `training`, `validation`, `test`. Regions (a label that is a
//! list of values) name nothing here.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

use isocenter_dcm::{ReadLimits, scan::Scanned};
use serde_json::Value;

/// What such a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) path: PathBuf,
    /// Names of the channels, in their order.
    pub(super) channels: Vec<String>,
    /// Names of the labels above 0.
    pub(super) labels: BTreeMap<u32, String>,
    pub(super) entries: Vec<Entry>,
}

/// One entry of a list: files that exist, without links.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) images: Vec<PathBuf>,
    pub(super) label: Option<PathBuf>,
    pub(super) patient: Option<String>,
}

/// Reads a file; `None` where it is something else.
pub(super) fn read(file: &Scanned) -> Option<Described> {
    let bytes = file.read_bytes(&ReadLimits::default().file_bytes(MOST_BYTES)).ok()?;
    let json: Value = serde_json::from_slice(&bytes).ok()?;
    let path = &file.path;
    let folder = &Folder { path: path.parent()?, is_packed: file.archive().is_some() };
    let lists = ["training", "train", "validation", "val", "test", "testing"];
    let rows = lists.iter().filter_map(|key| json.get(key)?.as_array()).flatten();
    let entries: Vec<Entry> = rows.filter_map(|row| entry(row, folder)).collect();
    let channels = json.get("channel_names").or_else(|| json.get("modality")).map(channels).unwrap_or_default();
    let labels = json.get("labels").map(labels).unwrap_or_default();
    let is_one = !entries.is_empty() || (!channels.is_empty() && json.get("labels").is_some());
    is_one.then(|| Described { path: path.to_path_buf(), channels, labels, entries })
}

/// Most bytes: a list of a hundred thousand cases has some twenty.
const MOST_BYTES: u64 = 64 << 20;

/// The folder of such a file, on the system or in an archive.
struct Folder<'a> {
    path: &'a Path,
    is_packed: bool,
}

impl Folder<'_> {
    /// The path that a name leads to.
    fn find(&self, name: &str) -> Option<PathBuf> {
        if !self.is_packed {
            return self.path.join(name).canonicalize().ok();
        }
        // no system knows of a member: the scan does, by this path or by none
        let mut path = self.path.to_path_buf();
        for part in Path::new(name).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    path.pop();
                }
                Component::Normal(part) => path.push(part),
                _ => return None,
            }
        }
        Some(path)
    }
}

fn entry(row: &Value, folder: &Folder<'_>) -> Option<Entry> {
    let file = |v: &Value| folder.find(v.as_str()?);
    let files = |v: &Value| match v {
        Value::Array(list) => list.iter().filter_map(file).collect(),
        one => file(one).into_iter().collect::<Vec<_>>(),
    };
    let (images, label, patient) = match row {
        Value::String(_) => (files(row), None, None),
        Value::Object(map) => {
            let who = ["patient", "patient_id", "subject", "subject_id"].iter().find_map(|k| map.get(*k));
            let who = who.and_then(|v| v.as_str().map(str::to_owned).or_else(|| v.as_u64().map(|n| n.to_string())));
            (map.get("image").map(files).unwrap_or_default(), map.get("label").and_then(file), who)
        }
        _ => return None,
    };
    (!images.is_empty()).then_some(Entry { images, label, patient })
}

fn channels(value: &Value) -> Vec<String> {
    let Some(map) = value.as_object() else { return Vec::new() };
    let mut rows: Vec<(u32, String)> =
        map.iter().filter_map(|(k, v)| Some((k.parse().ok()?, v.as_str()?.to_owned()))).collect();
    rows.sort();
    rows.into_iter().map(|(_, name)| name).collect()
}

fn labels(value: &Value) -> BTreeMap<u32, String> {
    let Some(map) = value.as_object() else { return BTreeMap::new() };
    let row = |key: &String, value: &Value| match (key.parse::<u32>(), value) {
        (Ok(number), Value::String(name)) => Some((number, name.clone())),
        // a label called `1`: 1 is no name of anything
        (_, Value::Number(number)) => Some((u32::try_from(number.as_u64()?).ok()?, key.clone())),
        _ => None,
    };
    map.iter().filter_map(|(k, v)| row(k, v)).filter(|(number, _)| *number > 0).collect()
}

#[cfg(test)]
mod tests {
    use isocenter_dcm::scan::{FileKind, Kind};

    use super::*;

    fn of(text: &str) -> Option<Described> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("dataset.json");
        std::fs::write(&path, text).unwrap();
        for name in ["a.nii", "b.nii", "l.nii"] {
            std::fs::write(dir.path().join(name), b"").unwrap();
        }
        read(&Scanned::new(path, 0, Kind::NotDicom(FileKind::Json)))
    }

    #[test]
    fn both_manners_of_naming_labels_are_read() {
        let v2 =
            of(r#"{"channel_names": {"1": "T2", "0": "T1"}, "labels": {"background": 0, "tumour": 1, "all": [1, 2]}}"#)
                .unwrap();
        assert_eq!(
            (v2.channels, v2.labels),
            (vec!["T1".to_owned(), "T2".to_owned()], [(1, "tumour".to_owned())].into())
        );
        let v1 = of(r#"{"modality": {"0": "CT"}, "labels": {"0": "background", "2": "cancer"}}"#).unwrap();
        assert_eq!(v1.labels, [(2, "cancer".to_owned())].into());
    }

    #[test]
    fn a_list_links_labels_to_images_and_other_json_is_none() {
        let list =
            of(r#"{"training": [{"image": ["a.nii", "b.nii"], "label": "l.nii", "fold": 1}], "test": ["b.nii"]}"#);
        let entries = list.unwrap().entries;
        assert_eq!((entries[0].images.len(), entries[0].label.is_some(), entries[1].images.len()), (2, true, 1));
        assert!(of(r#"{"EchoTime": 0.1}"#).is_none() && of("[1]").is_none() && of("{").is_none());
    }
}
