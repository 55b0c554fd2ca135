//! The privacy gate of one item: what was written of it is searched before anything is made of it.
//!
//! An item that holds a value of the input is kept out by itself, and the run goes on: its files are removed, no export and no line
//! of the report is made of it, and its record tells the ids of its files, what of it holds the value, and the name of the field
//! that the value is from, never the value. What is left to the search of the finished tree is what no item can be blamed for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use isocenter_volume::Ctx;

use super::{refusal::Refusal, run::Run};
use crate::{Error, manifest::Item, verify};

/// The code of an item that is kept out here.
const REASON: &str = "identifying-text";

/// Most findings that a record tells.
const MOST_TOLD: usize = 3;

/// Searches the files of an item, those that wait for an export among them, and its line of the manifest.
///
/// # Errors
/// [`Error::Io`], [`Error::Verification`], [`Error::Cancelled`]; what is found is in the result.
pub(crate) fn check(run: &Run<'_>, item: &Item, ctx: &Ctx<'_>) -> Result<Option<Refusal>, Error> {
    let out = &run.prepare.out;
    let mut found = BTreeSet::new();
    let written = [("its image", Some(&item.image)), ("its label map", item.label.as_ref())];
    let written = written.into_iter().filter_map(|(what, name)| Some((what, out.join(name?))));
    let staged = staged(run, &item.item_id)?.into_iter().map(|path| ("a file for an export", path));
    for (what, path) in written.chain(staged) {
        found.extend(verify::leaks_in(&path, out, run.scan, ctx)?.into_iter().map(|leak| (what, leak.attribute)));
    }
    found.extend(line_leaks(run.scan, item)?.into_iter().map(|field| ("its line of the manifest", field)));
    Ok(refusal(&found))
}

/// Fields whose values a line of the manifest holds.
///
/// Codes of warnings, numbers that were computed and part and fold are the program's own.
pub(crate) fn line_leaks(scan: &isocenter_deid::LeakScan, item: &Item) -> Result<BTreeSet<String>, Error> {
    let item = Item { warnings: Vec::new(), ..item.clone() };
    let text = serde_json::to_string(&item).map_err(|e| Error::Internal { message: e.to_string() })?;
    // values below five bytes cannot be searched for in bytes: they are compared with the fields that a header's value could have
    // come into
    let named = [
        ("modality", item.modality.as_ref()),
        ("contrast", item.contrast.as_ref()),
        ("body_part", item.body_part.as_ref()),
        ("unit", Some(&item.unit)),
        ("orientation", item.orientation.as_ref()),
    ];
    let named = named.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.clone())));
    let labels = item.labels.iter().map(|(value, name)| (format!("label {value}"), name.clone()));
    let fields: BTreeMap<String, String> = named.chain(labels).collect();
    let hits = scan.scan(text.as_bytes()).into_iter().chain(scan.scan_fields(&fields));
    Ok(hits.map(|hit| hit.source).collect())
}

/// Why an item is kept out, from what of it holds a value and the field that the value is from; `None` where nothing was found.
pub(crate) fn refusal(found: &BTreeSet<(&'static str, String)>) -> Option<Refusal> {
    let told: Vec<String> = found
        .iter()
        .take(MOST_TOLD)
        .map(|(what, field)| format!("{what} holds what an input says in {field}"))
        .collect();
    let more = found.len().saturating_sub(MOST_TOLD);
    let rest = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    (!found.is_empty()).then(|| Refusal::new(REASON, format!("{}{rest}", told.join("; "))))
}

/// The files of an item that wait for an export.
fn staged(run: &Run<'_>, item_id: &str) -> Result<Vec<PathBuf>, Error> {
    of_item(run.staging, item_id)
}

/// The files of a folder that are named after an item, in order; none where there is no such folder.
fn of_item(folder: &Path, item_id: &str) -> Result<Vec<PathBuf>, Error> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io("list a folder", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.strip_prefix(item_id).is_some_and(|rest| rest.starts_with(['_', '.'])) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Removes what was written of an item: image, label map, what waits for an export.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn remove(run: &Run<'_>, patient: &str, item_id: &str) -> Result<(), Error> {
    let folders = ["images", "labels"].map(|kind| run.prepare.out.join(kind).join(patient));
    for path in
        folders.iter().map(|folder| of_item(folder, item_id)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten()
    {
        fs::remove_file(&path).map_err(Error::io("remove a file", &path))?;
    }
    for path in staged(run, item_id)? {
        fs::remove_file(&path).map_err(Error::io("remove a file", &path))?;
    }
    // a folder that others still need is not empty, and stays
    folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    Ok(())
}
