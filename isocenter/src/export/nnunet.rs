//! nnU-Net v2 raw data sets: `imagesTr`, `labelsTr`, `imagesTs`, `labelsTs`, `dataset.json`, `splits_final.json`.
//!
//! nnU-Net normalizes and resamples by itself, so the images are un-normalized and on the native grid (of the reference, where
//! series were registered to one). One data set holds cases of the same channels and the same label scheme; a run that has
//! several kinds of cases gives several data sets. Source: nnU-Net documentation, dataset_format.md (version 2).

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use isocenter_files::move_to;
use serde_json::json;

use crate::{
    Error,
    prepare::scheme::Scheme,
    split::{Assignment, Part},
};

/// One case: files of its channels and label map, waiting in the staging folder.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Name of the case.
    pub(crate) name: String,
    /// Pseudonym of its patient.
    pub(crate) patient: String,
    /// Channels in order: name, staged file, item id.
    pub(crate) channels: Vec<(String, PathBuf, String)>,
    /// Staged label map and the number of its scheme.
    pub(crate) label: Option<(PathBuf, usize)>,
}

/// What was exported: for each item the data set that holds it, and a line for the report.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    pub(crate) of_item: BTreeMap<String, String>,
    pub(crate) lines: Vec<(String, String)>,
}

/// Moves staged cases into data sets under `out/nnunet`.
pub(crate) fn write(
    out: &Path,
    recipe_name: &str,
    mut cases: Vec<Case>,
    schemes: &[Scheme],
    split: &BTreeMap<String, Assignment>,
) -> Result<Exported, Error> {
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    let channels_of = |case: &Case| case.channels.iter().map(|c| c.0.clone()).collect::<Vec<_>>();
    let kinds: BTreeSet<(Vec<String>, usize)> =
        cases.iter().filter_map(|c| c.label.as_ref().map(|(_, scheme)| (channels_of(c), *scheme))).collect();
    let mut exported = Exported::default();
    for (n, (channels, scheme)) in kinds.iter().enumerate() {
        let folder = format!("Dataset{:03}_{}", n + 1, recipe_name);
        let set = DataSet { root: out.join("nnunet").join(&folder), channels, names: &schemes[*scheme].names };
        // an unlabelled case goes to the first data set with its channels
        let first = kinds.iter().position(|(c, _)| c == channels) == Some(n);
        let members: Vec<&Case> = cases
            .iter()
            .filter(|c| channels_of(c) == *channels)
            .filter(|c| c.label.as_ref().map_or(first, |(_, s)| s == scheme))
            .collect();
        let counts = set.write(&members, split)?;
        for (_, _, item) in members.iter().flat_map(|c| &c.channels) {
            exported.of_item.insert(item.clone(), format!("nnunet/{folder}"));
        }
        exported.lines.push((
            format!("nnunet/{folder}"),
            format!("{} training and {} test cases, channels {}", counts.0, counts.1, channels.join(", ")),
        ));
    }
    let left: usize =
        cases.iter().filter(|c| c.channels.iter().all(|(_, _, i)| !exported.of_item.contains_key(i))).count();
    if left > 0 {
        exported.lines.push((
            "not in nnunet".to_owned(),
            format!("{left} cases without labels whose channels no labelled case has"),
        ));
    }
    Ok(exported)
}

struct DataSet<'a> {
    root: PathBuf,
    channels: &'a [String],
    names: &'a BTreeMap<u32, String>,
}

impl DataSet<'_> {
    fn write(&self, cases: &[&Case], split: &BTreeMap<String, Assignment>) -> Result<(usize, usize), Error> {
        for folder in ["imagesTr", "labelsTr"] {
            let folder = self.root.join(folder);
            std::fs::create_dir_all(&folder).map_err(Error::io("make a folder", &folder))?;
        }
        let assigned = |case: &Case| split.get(&case.patient).copied();
        let is_train = |case: &Case| case.label.is_some() && assigned(case).is_none_or(|a| a.part == Part::Train);
        let mut training = 0;
        let mut folds: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for case in cases {
            let train = is_train(case);
            let (images, labels) = if train { ("imagesTr", "labelsTr") } else { ("imagesTs", "labelsTs") };
            for (n, (_, staged, _)) in case.channels.iter().enumerate() {
                let to = self.root.join(images).join(format!("{}_{n:04}.nii.gz", case.name));
                move_to(staged, &to).map_err(Error::io("move a file", &to))?;
            }
            if let Some((staged, _)) = &case.label {
                let to = self.root.join(labels).join(format!("{}.nii.gz", case.name));
                move_to(staged, &to).map_err(Error::io("move a file", &to))?;
            }
            if train {
                training += 1;
                folds.entry(assigned(case).and_then(|a| a.fold).unwrap_or(0)).or_default().push(&case.name);
            }
        }
        self.write_json("dataset.json", &self.dataset_json(training))?;
        self.write_json("splits_final.json", &splits(&folds))?;
        Ok((training, cases.len() - training))
    }

    fn dataset_json(&self, training: usize) -> serde_json::Value {
        let channels: serde_json::Map<_, _> =
            self.channels.iter().enumerate().map(|(n, c)| (n.to_string(), json!(c))).collect();
        let mut labels = serde_json::Map::new();
        labels.insert("background".to_owned(), json!(0));
        labels.extend(self.names.iter().map(|(value, name)| (name.clone(), json!(value))));
        json!({
            "channel_names": channels,
            "labels": labels,
            "numTraining": training,
            "file_ending": ".nii.gz",
            "overwrite_image_reader_writer": "SimpleITKIO",
        })
    }

    fn write_json(&self, name: &str, value: &serde_json::Value) -> Result<(), Error> {
        let mut text = serde_json::to_vec_pretty(value).map_err(|e| Error::Internal { message: e.to_string() })?;
        text.push(b'\n');
        let path = self.root.join(name);
        isocenter_files::write(&path, &text).map_err(Error::io("write a file", &path))
    }
}

// nnU-Net reads one entry a fold; with a single fold there is nothing to validate on but the training cases themselves
fn splits(folds: &BTreeMap<usize, Vec<&str>>) -> serde_json::Value {
    let all: Vec<&str> = folds.values().flatten().copied().collect();
    let entries: Vec<_> = folds
        .values()
        .map(|val| {
            let train: Vec<&str> = all.iter().copied().filter(|c| folds.len() == 1 || !val.contains(c)).collect();
            json!({ "train": train, "val": val })
        })
        .collect();
    json!(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_validates_once_and_never_trains_there() {
        let folds = BTreeMap::from([(0, vec!["a", "c"]), (1, vec!["b"])]);
        let value = splits(&folds);
        assert_eq!(value[0], json!({ "train": ["b"], "val": ["a", "c"] }));
        assert_eq!(value[1], json!({ "train": ["a", "c"], "val": ["b"] }));
    }

    #[test]
    fn labelled_cases_make_the_set_and_unlabelled_ones_its_test_part() {
        let dir = tempfile::tempdir().unwrap();
        let stage = |name: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, b"x").unwrap();
            path
        };
        let case = |name: &str, label: Option<PathBuf>| Case {
            name: name.to_owned(),
            patient: name.to_owned(),
            channels: vec![("CT".to_owned(), stage(&format!("{name}.ch")), format!("item-{name}"))],
            label: label.map(|l| (l, 0)),
        };
        let cases = vec![case("b", None), case("a", Some(stage("a.lab")))];
        let scheme = Scheme { names: BTreeMap::from([(1, "liver".to_owned())]), ..Scheme::default() };
        let done = write(dir.path(), "r", cases, &[scheme], &BTreeMap::new()).unwrap();
        let root = dir.path().join("nnunet/Dataset001_r");
        for file in ["imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "imagesTs/b_0000.nii.gz", "dataset.json"] {
            assert!(root.join(file).is_file(), "{file}");
        }
        assert_eq!(done.of_item.len(), 2);
    }
}
