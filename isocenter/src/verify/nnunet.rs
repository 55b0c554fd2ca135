//! Whether exported nnU-Net data sets are whole: as many training cases as they say, each with all channels and a label map.

use std::{collections::BTreeMap, fs, path::Path};

use super::problem::{Fault, Problem};
use crate::Error;

/// The names of the data sets, and what is wrong with them.
pub(super) fn check(out: &Path) -> Result<(Vec<String>, Vec<Problem>), Error> {
    let root = out.join("nnunet");
    if !root.is_dir() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (mut sets, mut problems) = (Vec::new(), Vec::new());
    for name in list(&root)? {
        if let Some(what) = fault_of(&root.join(&name))? {
            problems.push(Problem::new(Fault::Export, format!("nnunet/{name}"), what));
        }
        sets.push(name);
    }
    Ok((sets, problems))
}

fn fault_of(folder: &Path) -> Result<Option<String>, Error> {
    let said = |what: &str| Ok(Some(what.to_owned()));
    let Ok(text) = fs::read_to_string(folder.join("dataset.json")) else {
        return said("dataset.json cannot be read");
    };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) else {
        return said("dataset.json does not parse");
    };
    let channels = json["channel_names"].as_object().map_or(0, serde_json::Map::len);
    let images = folder.join("imagesTr");
    let mut cases: BTreeMap<String, usize> = BTreeMap::new();
    for file in if images.is_dir() { list(&images)? } else { Vec::new() } {
        let Some((case, _)) = file.strip_suffix(".nii.gz").and_then(|s| s.rsplit_once('_')) else {
            return said("an image has no channel number");
        };
        *cases.entry(case.to_owned()).or_default() += 1;
    }
    let wanted = json["numTraining"].as_u64().unwrap_or(u64::MAX);
    if cases.len() as u64 != wanted {
        return Ok(Some(format!("there are {} training cases, numTraining says {wanted}", cases.len())));
    }
    for (case, count) in &cases {
        if *count != channels {
            return Ok(Some(format!("case {case} has {count} of {channels} channels")));
        }
        if !folder.join("labelsTr").join(format!("{case}.nii.gz")).is_file() {
            return Ok(Some(format!("case {case} has no labels")));
        }
    }
    Ok(None)
}

fn list(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("list a folder", folder))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(Error::io("list a folder", folder))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
