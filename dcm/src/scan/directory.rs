//! The files that a DICOMDIR names.
//!
//! A record names a file by the folders and the name below the DICOMDIR's folder. On the medium a name may differ in case, and
//! carry a version (`;1`) or a last dot, as ISO 9660 has them.
//!
//! Source: DICOM PS3.3 F.3.2.2 and F.5, PS3.10 section 8.2; ISO 9660 section 7.5.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use dicom_dictionary_std::tags;

use crate::{Dataset, Error, value};

/// One file that is named.
pub(super) struct Reference {
    /// Where it is, or would be.
    pub(super) path: PathBuf,
    /// Why it is not to be had.
    pub(super) failed: Option<Error>,
}

/// The files that the records of a DICOMDIR at `path` name, in the order of the records; those not in use are left out.
pub(super) fn references(path: &Path, directory: &Dataset) -> Vec<Reference> {
    let mut folders = Folders::default();
    let records = value::sequence(directory, tags::DIRECTORY_RECORD_SEQUENCE).unwrap_or_default();
    let in_use = |record: &Dataset| value::i64(record, tags::RECORD_IN_USE_FLAG) != Some(0);
    let named = records.iter().enumerate().filter(|(_, record)| in_use(record)).filter_map(|(number, record)| {
        let id = value::strings(record, tags::REFERENCED_FILE_ID);
        (!id.is_empty()).then(|| match id.iter().all(|part| is_name(part)) {
            true => folders.find(path.parent().unwrap_or(Path::new("")), &id),
            false => outside(path, number),
        })
    });
    named.collect()
}

/// Whether a part of a file ID is a name and nothing more: the file may have been made to lead elsewhere.
fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(['/', '\\', ':', '\0'])
}

fn outside(directory: &Path, record: usize) -> Reference {
    let mut path = directory.as_os_str().to_owned();
    path.push(format!("!/record {record}"));
    let what = "a file ID that is no path below its DICOMDIR";
    Reference { path: path.into(), failed: Some(Error::Malformed { tag: Some(tags::REFERENCED_FILE_ID), what }) }
}

/// The names in the folders met so far, by how ISO 9660 compares them.
#[derive(Default)]
struct Folders(HashMap<PathBuf, HashMap<String, OsString>>);

impl Folders {
    fn find(&mut self, root: &Path, id: &[String]) -> Reference {
        let mut path = root.to_owned();
        for (depth, part) in id.iter().enumerate() {
            let last = depth + 1 == id.len();
            // Within the medium, a link leads nowhere.
            let there = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| last != meta.is_dir());
            let exact = path.join(part);
            let found = there(&exact).then_some(exact).or_else(|| {
                let name = self.names(&path).get(&comparable(OsStr::new(part)))?;
                Some(path.join(name)).filter(|path| there(path))
            });
            match found {
                Some(next) if last || !is_link(&next) => path = next,
                _ => return missing(id.iter().fold(root.to_owned(), |path, part| path.join(part))),
            }
        }
        Reference { path, failed: None }
    }

    fn names(&mut self, folder: &Path) -> &HashMap<String, OsString> {
        if !self.0.contains_key(folder) {
            let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let entries = fs::read_dir(place).into_iter().flatten().flatten();
            let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
            // Of several names that compare equal, the first.
            names.sort_by(|a, b| b.cmp(a));
            let names = names.into_iter().map(|name| (comparable(&name), name)).collect();
            self.0.insert(folder.to_owned(), names);
        }
        self.0.entry(folder.to_owned()).or_default()
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_symlink())
}

/// A name without case, version and last dot.
fn comparable(name: &OsStr) -> String {
    let name = name.to_string_lossy();
    let name = match name.rsplit_once(';') {
        Some((name, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => &name,
    };
    name.trim_end_matches('.').to_ascii_uppercase()
}

fn missing(path: PathBuf) -> Reference {
    let failed = Error::Io { path: Some(path.clone()), action: "find", source: ErrorKind::NotFound.into() };
    Reference { path, failed: Some(failed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_as_on_a_medium() {
        let same = |a: &str, b: &str| comparable(OsStr::new(a)) == comparable(OsStr::new(b));
        assert!(same("IM000001", "im000001.;1"));
        assert!(same("A.DCM", "a.dcm;12"));
        assert!(!same("A;B", "A"));
        assert!(!same("IM1", "IM2"));
    }

    #[test]
    fn a_part_that_leads_elsewhere_is_no_name() {
        for part in ["", ".", "..", "a/b", "a\\b", "C:", "/", "a\0"] {
            assert!(!is_name(part), "{part:?}");
        }
        assert!(is_name("IM000001") && is_name("..."));
    }
}
