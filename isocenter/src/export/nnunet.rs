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
    export::Exported,
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

/// What was exported: for each item the data set that holds it, and what each data set holds.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) of_item: BTreeMap<String, String>,
    pub(crate) sets: Vec<Exported>,
}

/// The data sets that cases fall into, and the cases that are in none.
pub(crate) struct Sets<'c> {
    sets: Vec<Set<'c>>,
    left: Vec<&'c Case>,
}

struct Set<'c> {
    folder: String,
    channels: Vec<String>,
    scheme: usize,
    members: Vec<&'c Case>,
}

fn channels_of(case: &Case) -> Vec<String> {
    case.channels.iter().map(|c| c.0.clone()).collect()
}

impl<'c> Sets<'c> {
    /// Sorts cases into data sets of the same channels and the same labels; an unlabelled case goes to the first with its channels.
    pub(crate) fn of(recipe_name: &str, cases: &'c [Case]) -> Self {
        let mut ordered: Vec<&Case> = cases.iter().collect();
        ordered.sort_by(|a, b| a.name.cmp(&b.name));
        let kinds: BTreeSet<(Vec<String>, usize)> =
            ordered.iter().filter_map(|c| c.label.as_ref().map(|(_, scheme)| (channels_of(c), *scheme))).collect();
        let mut sets: Vec<Set<'c>> = kinds
            .into_iter()
            .enumerate()
            .map(|(n, (channels, scheme))| Set {
                folder: format!("Dataset{:03}_{}", n + 1, recipe_name),
                channels,
                scheme,
                members: Vec::new(),
            })
            .collect();
        let mut left = Vec::new();
        for case in ordered {
            let channels = channels_of(case);
            let labelled = case.label.as_ref().map(|(_, scheme)| *scheme);
            let of = |set: &&mut Set<'_>| set.channels == channels && labelled.is_none_or(|s| s == set.scheme);
            match sets.iter_mut().find(of) {
                Some(set) => set.members.push(case),
                None => left.push(case),
            }
        }
        Self { sets, left }
    }

    /// What each data set holds, and of the cases that are in none why.
    pub(crate) fn tell(&self, schemes: &[Scheme], split: &BTreeMap<String, Assignment>) -> Vec<Exported> {
        let mut told: Vec<Exported> = self.sets.iter().map(|set| set.tell(schemes, split)).collect();
        if !self.left.is_empty() {
            told.push(self.tell_left());
        }
        told
    }

    fn tell_left(&self) -> Exported {
        let left_out = self.left.len();
        let kinds: BTreeSet<String> = self.left.iter().map(|case| channels_of(case).join("+")).collect();
        let (cases, have) = if left_out == 1 { ("case", "has") } else { ("cases", "have") };
        let sentence = if self.sets.is_empty() {
            format!(
                "no data set for nnU-Net: {left_out} {cases}, and none has a label map. Put label maps among the inputs, or name them \
                 with --pairs"
            )
        } else {
            format!(
                "{left_out} {cases} without a label map {have} other channels ({}) than any labelled case, and cannot be test cases of \
                 a data set",
                kinds.into_iter().collect::<Vec<_>>().join(", ")
            )
        };
        Exported { export: "nnunet".to_owned(), left_out, sentence, ..Exported::default() }
    }
}

impl Set<'_> {
    fn tell(&self, schemes: &[Scheme], split: &BTreeMap<String, Assignment>) -> Exported {
        let training = self.members.iter().filter(|case| is_training(case, split)).count();
        let test = self.members.len() - training;
        let plural = |n: usize, what: &str| format!("{n} {what} case{}", if n == 1 { "" } else { "s" });
        let labels = schemes.get(self.scheme).map(|s| s.names.clone()).unwrap_or_default();
        let names: Vec<String> = labels.values().cloned().collect();
        Exported {
            export: "nnunet".to_owned(),
            folder: Some(format!("nnunet/{}", self.folder)),
            sentence: format!(
                "{} and {}, channels {}, labels {}",
                plural(training, "training"),
                plural(test, "test"),
                self.channels.join(", "),
                names.join(", ")
            ),
            training,
            test,
            channels: self.channels.clone(),
            labels,
            ..Exported::default()
        }
    }
}

/// Whether a case is one to train with: labelled, and not of the test part.
fn is_training(case: &Case, split: &BTreeMap<String, Assignment>) -> bool {
    case.label.is_some() && split.get(&case.patient).is_none_or(|a| a.part == Part::Train)
}

/// Moves staged cases into data sets under `out/nnunet`.
pub(crate) fn write(
    out: &Path,
    recipe_name: &str,
    cases: &[Case],
    schemes: &[Scheme],
    split: &BTreeMap<String, Assignment>,
) -> Result<Written, Error> {
    let sets = Sets::of(recipe_name, cases);
    let mut of_item = BTreeMap::new();
    for set in &sets.sets {
        let names = &schemes[set.scheme].names;
        let data = DataSet { root: out.join("nnunet").join(&set.folder), channels: &set.channels, names };
        data.write(&set.members, split)?;
        for (_, _, item) in set.members.iter().flat_map(|c| &c.channels) {
            of_item.insert(item.clone(), format!("nnunet/{}", set.folder));
        }
    }
    Ok(Written { of_item, sets: sets.tell(schemes, split) })
}

struct DataSet<'a> {
    root: PathBuf,
    channels: &'a [String],
    names: &'a BTreeMap<u32, String>,
}

impl DataSet<'_> {
    fn write(&self, cases: &[&Case], split: &BTreeMap<String, Assignment>) -> Result<(), Error> {
        for folder in ["imagesTr", "labelsTr"] {
            let folder = self.root.join(folder);
            std::fs::create_dir_all(&folder).map_err(Error::io("make a folder", &folder))?;
        }
        let assigned = |case: &Case| split.get(&case.patient).copied();
        let mut training = 0;
        let mut folds: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for case in cases {
            let train = is_training(case, split);
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
        self.write_json("splits_final.json", &splits(&folds))
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
        let done = write(dir.path(), "r", &cases, &[scheme], &BTreeMap::new()).unwrap();
        let root = dir.path().join("nnunet/Dataset001_r");
        for file in ["imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "imagesTs/b_0000.nii.gz", "dataset.json"] {
            assert!(root.join(file).is_file(), "{file}");
        }
        assert_eq!(done.of_item.len(), 2);
        assert_eq!((done.sets[0].training, done.sets[0].test), (1, 1));
    }

    #[test]
    fn cases_that_fit_no_data_set_are_told() {
        let case = |name: &str, channel: &str, label: Option<usize>| Case {
            name: name.to_owned(),
            patient: name.to_owned(),
            channels: vec![(channel.to_owned(), PathBuf::new(), name.to_owned())],
            label: label.map(|scheme| (PathBuf::new(), scheme)),
        };
        let tell = |cases: &[Case]| Sets::of("r", cases).tell(&[Scheme::default()], &BTreeMap::new());
        let none = tell(&[case("a", "CT", None), case("b", "CT", None)]);
        assert_eq!((none.len(), none[0].left_out), (1, 2));
        assert!(none[0].sentence.starts_with("no data set for nnU-Net"), "{}", none[0].sentence);
        let some = tell(&[case("a", "CT", Some(0)), case("b", "T1", None), case("c", "CT", None)]);
        assert_eq!((some[0].training, some[0].test, some[1].left_out), (1, 1, 1));
        assert!(some[1].sentence.contains("T1"), "{}", some[1].sentence);
    }
}
