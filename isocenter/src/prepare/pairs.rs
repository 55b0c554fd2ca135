//! `--pairs`: what a file is and whose, where names and geometry cannot say.
//!
//! Two forms. `label,series` says which label file belongs to which series; `file,patient,visit,modality,role,channel,body_part` (all but `file`
//! may be left out or empty) places volume files. Paths are relative to the table's folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::layout;
use crate::{Error, container::real_path, recipe};

/// What the table says.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    /// Label file (canonical path) to series: a Series Instance UID, or the canonical path of a file of it.
    series: BTreeMap<PathBuf, String>,
    pub(crate) given: Given,
}

/// What is stated of volume files, by canonical path.
#[derive(Debug, Default)]
pub(crate) struct Given {
    rows: BTreeMap<PathBuf, Row>,
}

/// One row of the second form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) patient: Option<String>,
    pub(crate) visit: Option<String>,
    pub(crate) modality: Option<String>,
    pub(crate) is_label: Option<bool>,
    pub(crate) channel: Option<String>,
    pub(crate) body_part: Option<String>,
    line: usize,
}

impl Given {
    /// What is stated of a file.
    pub(crate) fn of(&self, path: &Path) -> Option<&Row> {
        self.rows.get(path)
    }

    /// Checks that every file that is spoken of is among the volume files of the input.
    ///
    /// # Errors
    /// [`Error::Usage`] naming the line.
    pub(crate) fn require_among(&self, volumes: &BTreeSet<&Path>) -> Result<(), Error> {
        match self.rows.iter().find(|(path, _)| !volumes.contains(path.as_path())) {
            Some((_, row)) => Err(bad(&format!("the file of line {} is no volume file of the input", row.line))),
            None => Ok(()),
        }
    }
}

const COLUMNS: [&str; 7] = ["file", "patient", "visit", "modality", "role", "channel", "body_part"];

impl Pairs {
    /// Reads the table.
    ///
    /// # Errors
    /// [`Error::Usage`] for a table that cannot be read, an unknown column, a word that is no role, no modality, a file named twice.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_path(path)
            .map_err(|e| bad(&format!("the table {} cannot be read: {e}", path.display())))?;
        let header = reader.headers().map_err(|e| bad(&e.to_string()))?.clone();
        let folder = path.parent().unwrap_or(Path::new("."));
        if header.iter().any(|h| h == "file") {
            if let Some(other) = header.iter().find(|h| !COLUMNS.contains(h)) {
                return Err(bad(&format!("there is no column `{other}`; there are {}", COLUMNS.join(", "))));
            }
            return Self::files(&mut reader, &header, folder);
        }
        let column = |name: &str| {
            let at = header.iter().position(|h| h == name);
            at.ok_or_else(|| bad(&format!("the column `{name}` is missing (or `file`, for the other form)")))
        };
        let (label, series) = (column("label")?, column("series")?);
        let mut pairs = Self::default();
        for (n, row) in reader.records().enumerate() {
            let row = row.map_err(|e| bad(&e.to_string()))?;
            let (Some(label), Some(series)) = (row.get(label), row.get(series)) else {
                return Err(bad(&format!("line {} is short", n + 2)));
            };
            let label = file(folder, label, n + 2)?;
            let series = match real_path(&folder.join(series)) {
                Ok(file) => file.to_string_lossy().into_owned(),
                Err(_) if is_uid(series) => series.to_owned(),
                Err(e) => return Err(not_there("series", folder, series, n + 2, &e)),
            };
            pairs.series.insert(label, series);
        }
        Ok(pairs)
    }

    fn files(
        reader: &mut csv::Reader<std::fs::File>,
        header: &csv::StringRecord,
        folder: &Path,
    ) -> Result<Self, Error> {
        let mut pairs = Self::default();
        for (n, record) in reader.records().enumerate() {
            let record = record.map_err(|e| bad(&e.to_string()))?;
            let line = n + 2;
            let get = |name: &str| {
                let at = header.iter().position(|h| h == name)?;
                record.get(at).filter(|text| !text.is_empty()).map(str::to_owned)
            };
            let name = get("file").ok_or_else(|| bad(&format!("line {line} names no file")))?;
            let is_label = match get("role").map(|r| r.to_lowercase()).as_deref() {
                None => None,
                Some("image") => Some(false),
                Some("label" | "mask" | "seg" | "segmentation") => Some(true),
                Some(_) => return Err(bad(&format!("the role of line {line} is neither image nor label"))),
            };
            let modality = get("modality");
            if modality.as_deref().is_some_and(|m| layout::modality(m).is_none()) {
                return Err(bad(&format!("the modality of line {line} is none (CT, MR, PT, ...)")));
            }
            let body_part = get("body_part").map(|text| recipe::body_part(&text)).map(|part| {
                part.ok_or_else(|| bad(&format!("the body part of line {line} is none (HEAD, CHEST, ABDOMEN, ...)")))
            });
            let row = Row {
                patient: get("patient"),
                visit: get("visit"),
                modality,
                is_label,
                channel: get("channel"),
                body_part: body_part.transpose()?,
                line,
            };
            if let Some(first) = pairs.given.rows.insert(file(folder, &name, line)?, row) {
                return Err(bad(&format!("lines {} and {line} name one file", first.line)));
            }
        }
        Ok(pairs)
    }

    /// The series that a label file was paired with.
    pub(crate) fn series_of(&self, label: &Path) -> Option<&str> {
        self.series.get(&real_path(label).ok()?).map(String::as_str)
    }
}

fn bad(what: &str) -> Error {
    Error::usage(format!("--pairs: {what}"))
}

fn file(folder: &Path, name: &str, line: usize) -> Result<PathBuf, Error> {
    real_path(&folder.join(name)).map_err(|e| not_there("file", folder, name, line, &e))
}

fn not_there(what: &str, folder: &Path, name: &str, line: usize, error: &std::io::Error) -> Error {
    let from =
        if Path::new(name).is_absolute() { String::new() } else { format!(" (`{name}`, from the table's folder)") };
    let tried = std::path::absolute(folder.join(name)).unwrap_or_else(|_| folder.join(name));
    let or = if what == "series" { ", and it is no Series Instance UID" } else { "" };
    bad(&format!("the {what} of line {line} cannot be read: {}{from}: {error}{or}", tried.display()))
}

/// Digits and points, as PS3.5 section 9.1 has it.
fn is_uid(text: &str) -> bool {
    text.len() <= 64
        && text.contains('.')
        && text.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(dir: &Path, text: &str) -> Result<Pairs, Error> {
        let csv = dir.join("p.csv");
        std::fs::write(&csv, text).unwrap();
        Pairs::read(&csv)
    }

    #[test]
    fn names_the_missing_column() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("l.nii"), b"").unwrap();
        assert!(read(dir.path(), "label,image\n").unwrap_err().to_string().contains("`series`"));
        for (text, word) in [("m.nii, 1.2.3", "m.nii"), ("l.nii, scans/1.dcm", "scans/1.dcm")] {
            let told = read(dir.path(), &format!("label,series\n{text}\n")).unwrap_err().to_string();
            assert!(
                told.contains("line 2") && told.contains("from the table's folder") && told.contains(word),
                "{told}"
            );
        }
        let pairs = read(dir.path(), "label, series\nl.nii, 1.2.3\n").unwrap();
        assert_eq!(pairs.series_of(&dir.path().join("l.nii")), Some("1.2.3"));
    }

    #[test]
    fn files_are_placed_with_as_many_columns_as_there_are() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.nii", "b.nii"] {
            std::fs::write(dir.path().join(name), b"").unwrap();
        }
        let at = |name: &str| dir.path().join(name).canonicalize().unwrap();
        let pairs = read(dir.path(), "file,patient,role\na.nii,7,\nb.nii,7,mask\n").unwrap();
        assert_eq!(pairs.given.of(&at("a.nii")).unwrap().patient.as_deref(), Some("7"));
        assert_eq!(pairs.given.of(&at("b.nii")).unwrap().is_label, Some(true));
        assert!(
            pairs
                .given
                .require_among(&BTreeSet::from([at("a.nii").as_path()]))
                .unwrap_err()
                .to_string()
                .contains("line 3")
        );
        for (text, word) in [
            ("file,pateint\na.nii,1\n", "pateint"),
            ("file,role\na.nii,scan\n", "role of line 2"),
            ("file,body_part\na.nii,haed\n", "body part of line 2"),
            ("file,patient\na.nii,1\na.nii,2\n", "lines 2 and 3"),
            ("file\nc.nii\n", "line 2"),
        ] {
            assert!(read(dir.path(), text).unwrap_err().to_string().contains(word), "{text}");
        }
    }
}
