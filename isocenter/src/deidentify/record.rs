//! What a run leaves beside the instances: what it was made with, and the report.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_deid::{AuditEntry, Key, Profile, Pseudonyms, Review, burned_in::Verdict, pseudonym::Table};
use isocenter_files::{Beside, beside};
use serde::{Deserialize, Serialize};

use super::{Deidentify, Names, faces::Face, files::Input, outcome::Fate, script};
use crate::Error;

/// Name of the file in the output that says what made it.
const NAME: &str = "deidentified.json";

/// What an output was made with. A run may go on with it that is made with the same.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// De-identification Method.
    method: String,
    profile: Profile,
    /// The script that stood in the place of the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    script: Option<script::Record>,
    /// Public name of the key: it tells nothing of it.
    key: String,
    keeps_names: bool,
    /// Keyed digest of the table of pseudonyms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assigned: Option<String>,
    /// Whether text in pixels was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reads_pixels: bool,
    /// Keyed digest of the rules for devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pixel_rules: Option<String>,
    /// Keyed digest of to whom originals are sealed, and which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed_to: Option<String>,
    /// Keyed id of the template that faces were found by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    faces: Option<String>,
}

impl Marker {
    pub(super) fn of(job: &Deidentify, key: &Key, assigned: Option<&Table>, sealed_to: Option<String>) -> Self {
        let method = format!("isocenter {}, DICOM PS3.15 2026c Annex E", env!("CARGO_PKG_VERSION"));
        Self {
            method,
            profile: job.profile.clone(),
            script: job.script.as_ref().map(|script| script.record(key)),
            key: key.id(),
            keeps_names: job.names == Names::Kept,
            assigned: assigned.map(|table| table.digest(key)),
            reads_pixels: job.reader.is_some(),
            pixel_rules: None,
            sealed_to,
            faces: job.faces.as_ref().map(|template| Pseudonyms::new(key).token("face-template", &template.digest())),
        }
    }

    /// Whether an output says what made it.
    pub(super) fn is_in(out: &Path) -> bool {
        out.join(NAME).is_file()
    }

    /// Writes it into an output; where one stands already it must be the same. What a run that was cut off left half written goes.
    ///
    /// # Errors
    /// [`Error::Usage`] for another profile or key, [`Error::Io`].
    pub(super) fn put(&self, out: &Path, resume: bool) -> Result<(), Error> {
        let path = out.join(NAME);
        if resume && path.is_file() {
            let text = std::fs::read(&path).map_err(Error::io("read a file", &path))?;
            let stands: Option<Self> = serde_json::from_slice(&text).ok();
            if stands.as_ref() != Some(self) {
                return Err(Error::usage(format!(
                    "the output {} was made with another profile, script, key, table of pseudonyms, rules for devices, certificates, template of the face or way of naming, or with text read or not; choose a new folder",
                    out.display()
                )));
            }
            return remove_halves(out);
        }
        let text = serde_json::to_vec_pretty(self).map_err(|e| Error::Internal { message: e.to_string() })?;
        beside::write_making_folders(&path, &text).map_err(Error::io("write a file", &path))
    }
}

/// Removes the passing files of a run that was killed.
fn remove_halves(folder: &Path) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("read a folder", folder))?;
    for entry in entries {
        let path: PathBuf = entry.map_err(Error::io("read a folder", folder))?.path();
        if path.is_dir() && !path.is_symlink() {
            remove_halves(&path)?;
        } else if beside::is_passing(&path) {
            std::fs::remove_file(&path).map_err(Error::io("delete a half-written file", &path))?;
        }
    }
    Ok(())
}

/// One line of the report.
#[derive(Serialize)]
struct Line<'a> {
    /// Keyed id of the file, by its original path.
    file: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Why the pixels may show text.
    #[serde(skip_serializing_if = "Option::is_none")]
    may_show_text: Option<&'static str>,
    /// Of an image that may show a face, how the template was brought to its world.
    #[serde(skip_serializing_if = "Option::is_none")]
    face: Option<Face>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    elements: Vec<Element<'a>>,
}

/// What was done to one element.
#[derive(Serialize)]
struct Element<'a> {
    #[serde(flatten)]
    entry: &'a AuditEntry,
    /// The letter of 45 CFR 164.514(b)(2)(i).
    #[serde(skip_serializing_if = "Option::is_none")]
    safe_harbor: Option<char>,
}

/// Writes a line of JSON for each file, in the order of the keyed ids. It holds no value and no path of an original.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn report(path: &Path, files: &[Input], fates: &[Fate], names: &Pseudonyms) -> Result<(), Error> {
    let mut lines: Vec<Line<'_>> = files
        .iter()
        .zip(fates)
        .map(|(file, fate)| {
            let file = names.token("file", &file.path().to_string_lossy());
            let line = Line {
                file,
                outcome: "",
                reason: None,
                detail: None,
                may_show_text: None,
                face: None,
                elements: Vec::new(),
            };
            match fate {
                Fate::Written { audit, shows_text, face } => Line {
                    outcome: "written",
                    face: *face,
                    elements: audit
                        .entries
                        .iter()
                        .map(|entry| Element { entry, safe_harbor: entry.safe_harbor() })
                        .collect(),
                    may_show_text: match shows_text {
                        Verdict::Suspect(reason) => Some(reason.code()),
                        Verdict::Clear => None,
                    },
                    ..line
                },
                Fate::Stands => Line { outcome: "stands", ..line },
                Fate::Repeats => Line { outcome: "repeats", ..line },
                Fate::Quarantined { reason, detail } => {
                    Line { outcome: "quarantined", reason: Some(reason), detail: detail.as_deref(), ..line }
                }
            }
        })
        .collect();
    lines.sort_by(|a, b| a.file.cmp(&b.file));
    let written = Beside::create_private(path).and_then(|mut file| {
        for line in &lines {
            serde_json::to_writer(&mut file, line)?;
            file.write_all(b"\n")?;
        }
        file.finish()
    });
    written.map_err(Error::io("write the report", path))
}

/// Writes what a person reads over: a row for each distinct value of each attribute. Readable by its owner alone: a value may be one that nobody knew of.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn review(path: &Path, review: &Review) -> Result<(), Error> {
    let internal = |e: csv::Error| Error::Internal { message: e.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["path", "keyword", "vr", "value", "count", "more"]).map_err(internal)?;
    for row in review.rows() {
        let (count, more) = (row.count.to_string(), if row.more { "more" } else { "" });
        writer.write_record([row.path, row.keyword, row.vr, row.value, &count, more]).map_err(internal)?;
    }
    let text = writer.into_inner().map_err(|e| Error::Internal { message: e.to_string() })?;
    write_private(path, &text, "write the file of --review")
}

/// Writes a file that its owner alone can read, whole or not at all.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn write_private(path: &Path, bytes: &[u8], action: &'static str) -> Result<(), Error> {
    let written = Beside::create_private(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.finish()
    });
    written.map_err(Error::io(action, path))
}
