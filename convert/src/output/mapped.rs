//! The names of a plan's volumes by a mapping.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    Error, Identity, Note, Outputs,
    name::{self, Name},
};
use crate::{
    Facts, Options, Plan,
    bids::{Fate, Mapping, Subject},
};

/// The name of each volume, or why it has none.
///
/// Criteria are held against all that the headers say, whatever of it is written: they decide what is made, and stand nowhere.
pub(super) fn names(
    outputs: &Outputs,
    mapping: &Mapping,
    subject: &Subject,
    plan: &Plan,
    files: &[Facts],
    options: &Options<'_>,
) -> Result<Vec<Result<Name, Note>>, Error> {
    let as_dcm2niix = name::names(plan, files, &outputs.template, &outputs.folder, &|_| false, options)?;
    let mut sidecars: Vec<Map<String, Value>> = Vec::with_capacity(plan.series.len());
    for (series, name) in plan.series.iter().zip(as_dcm2niix) {
        let mut said: Map<String, Value> = match outputs.said(series, files, Identity::Keep, options) {
            Ok(sidecar) => sidecar.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect(),
            // what cannot be read any more is told of when its volume is
            Err(error) if error.verdict().is_some() => Map::new(),
            Err(error) => return Err(error.into()),
        };
        let file = name.stem.rsplit('/').next().unwrap_or(&name.stem);
        said.insert("SidecarFilename".to_owned(), format!("{file}.json").into());
        sidecars.push(said);
    }
    let fates = mapping.assign(&sidecars, subject, &outputs.extension);
    let of_named = sidecars.iter().zip(&fates).filter(|(_, fate)| matches!(fate, Fate::Named(_)));
    let patients: BTreeSet<&str> = of_named.filter_map(|(said, _)| said.get("PatientID")?.as_str()).collect();
    if patients.len() > 1 {
        return Err(Error::SeveralPatients(patients.len()));
    }
    Ok(fates.into_iter().map(named).collect())
}

fn named(fate: Fate) -> Result<Name, Note> {
    let note = |code, text| Err(Note { code, text });
    match fate {
        Fate::Named(named) => {
            Ok(Name { stem: named.stem, is_taken: false, changes: named.changes, notes: named.notes })
        }
        Fate::None => note("no-description", "no description of the mapping fits".to_owned()),
        Fate::Several(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            note("several-descriptions", format!("the descriptions {} of the mapping all fit", numbers.join(", ")))
        }
        Fate::Taken(stem) => note("name-taken", format!("another volume is called {stem} by the mapping")),
    }
}
