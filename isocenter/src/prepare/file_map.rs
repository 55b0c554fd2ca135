//! The table of `--map`: which file is behind an id, and what became of it.
//!
//! It names originals, so it lies outside the output and only its owner may read it. One row a file, in the order of ids: `id`, `path`,
//! `patient` (pseudonym), `item` (ids of the items that it is part of), `outcome` (`item`, `duplicate`, `quarantined`) and `reason` (codes
//! of what was kept out; of a duplicate the id of the file that it repeats). Several of one kind are parted by spaces.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
};

use isocenter_files::Beside;

use super::inputs::Inputs;
use crate::{Error, manifest::Item, quarantine::Record};

/// What became of one file.
#[derive(Debug, Default)]
struct Fate<'a> {
    patients: BTreeSet<&'a str>,
    items: BTreeSet<&'a str>,
    reasons: BTreeSet<&'a str>,
    repeats: Option<&'a str>,
}

/// Writes the table; `duplicates` are pairs of files, the second of which was kept.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn write(
    path: &Path,
    inputs: &Inputs,
    items: &[Item],
    records: &[Record],
    duplicates: &[(usize, usize)],
) -> Result<(), Error> {
    let text = table(inputs, items, records, duplicates)?;
    let written = Beside::create_private(path).and_then(|mut file| {
        file.write_all(&text)?;
        file.finish()
    });
    written.map_err(Error::io("write the table of --map", path))
}

fn table(inputs: &Inputs, items: &[Item], records: &[Record], duplicates: &[(usize, usize)]) -> Result<Vec<u8>, Error> {
    let mut fates: BTreeMap<&str, Fate<'_>> = BTreeMap::new();
    for item in items {
        for file in &item.sources {
            let fate = fates.entry(file).or_default();
            fate.patients.insert(&item.patient);
            fate.items.insert(&item.item_id);
        }
    }
    for record in records {
        // the files of a further volume are those of its series that gave items
        let of_series = || {
            let series = record.series.as_deref();
            items.iter().filter(move |i| Some(i.series.as_str()) == series).flat_map(|i| &i.sources)
        };
        let files: Vec<&String> =
            if record.files.is_empty() { of_series().collect() } else { record.files.iter().collect() };
        for file in files {
            let fate = fates.entry(file).or_default();
            fate.patients.extend(record.patient.as_deref());
            fate.reasons.insert(&record.reason);
        }
    }
    for (file, kept) in duplicates {
        fates.entry(&inputs.ids[*file]).or_default().repeats = Some(&inputs.ids[*kept]);
    }
    let kept_of = |file: &str| fates.get(file).into_iter().flat_map(|f| f.patients.iter().copied());

    let mut rows: Vec<(&String, std::borrow::Cow<'_, str>)> =
        inputs.ids.iter().zip(&inputs.scanned).map(|(id, s)| (id, s.path.to_string_lossy())).collect();
    rows.sort();
    let none = Fate::default();
    let internal = |e: csv::Error| Error::Internal { message: e.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(internal)?;
    for (id, path) in rows {
        let fate = fates.get(id.as_str()).unwrap_or(&none);
        let outcome = match (fate.items.is_empty(), fate.repeats) {
            (false, _) => "item",
            (true, Some(_)) => "duplicate",
            (true, None) => "quarantined",
        };
        // what a file repeats says whose it is
        let patients: BTreeSet<&str> =
            fate.patients.iter().copied().chain(fate.repeats.into_iter().flat_map(kept_of)).collect();
        let reasons = fate.reasons.iter().copied().chain(fate.repeats);
        let row = [id, &*path, &spaced(patients), &spaced(fate.items.iter().copied()), outcome, &spaced(reasons)];
        writer.write_record(row).map_err(internal)?;
    }
    writer.into_inner().map_err(|e| Error::Internal { message: e.to_string() })
}

const COLUMNS: [&str; 6] = ["id", "path", "patient", "item", "outcome", "reason"];

fn spaced<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}
