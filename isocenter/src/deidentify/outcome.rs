//! What became of the files.

use std::{collections::BTreeMap, path::PathBuf};

use isocenter_deid::{Action, Audit, burned_in::Verdict, review::Groups};

use super::{
    faces::{Face, Faces},
    files::Input,
    seen::Seen,
};

/// What became of one file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fate {
    /// Written, after this was done to it.
    Written {
        /// What was done to which element.
        audit: Audit,
        /// Whether its pixels may show text, by the original's header.
        shows_text: Verdict,
        /// What was found of the face in the world of an image that may show one.
        face: Option<Face>,
    },
    /// It was written by the run that this one goes on with.
    Stands,
    /// It is the same file as another one, to the byte.
    Repeats,
    /// Not written.
    Quarantined {
        /// Stable code of the reason.
        reason: &'static str,
        /// What was found, without a value of the file.
        detail: Option<String>,
    },
}

impl Fate {
    pub(super) fn quarantined(reason: &'static str, detail: Option<String>) -> Self {
        Self::Quarantined { reason, detail }
    }
}

/// What became of all files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Instances {
    /// Files that were found.
    pub files: usize,
    /// Instances that were written, or stood there already.
    pub written: usize,
    /// Files that are the same as another one.
    pub repeated: usize,
    /// Files that were kept out.
    pub quarantined: usize,
    /// Patients among the files.
    pub patients: usize,
    /// Written instances whose pixels may show text, which is not cleaned: by the reason why.
    pub may_show_text: BTreeMap<&'static str, usize>,
    /// What was kept out, by reason.
    pub quarantine: Vec<Quarantined>,
    /// How many patients share what tells them apart, where the output was reviewed.
    pub groups: Option<Groups>,
    /// Where faces were looked for, and what went.
    pub faces: Option<Faces>,
    /// Whether pseudonyms were made without a key, as a script was asked to.
    pub insecure: bool,
    /// What the caller should know besides.
    pub remarks: Vec<String>,
}

/// Files that were kept out for one reason.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quarantined {
    /// Stable code of the reason.
    pub reason: &'static str,
    /// What was found, without a value of the files; empty where the reason says it all.
    pub details: Vec<String>,
    /// The files.
    pub paths: Vec<PathBuf>,
}

impl Instances {
    pub(super) fn of(
        inputs: &[Input],
        seen: &Seen,
        fates: Vec<Fate>,
        faces: Option<Faces>,
        remarks: Vec<String>,
    ) -> Self {
        let mut found = Self { files: inputs.len(), patients: seen.count(), faces, remarks, ..Self::default() };
        let mut groups: BTreeMap<&'static str, Quarantined> = BTreeMap::new();
        for (file, fate) in inputs.iter().zip(fates) {
            match fate {
                Fate::Written { audit, shows_text, .. } => {
                    found.written += 1;
                    let gone = audit.entries.iter().find(|entry| entry.action == Action::FaceRemoved);
                    if let (Some(gone), Some(faces)) = (gone, &mut found.faces) {
                        faces.images += 1;
                        faces.voxels += gone.length;
                    }
                    if let Verdict::Suspect(reason) = shows_text {
                        *found.may_show_text.entry(reason.code()).or_default() += 1;
                    }
                }
                Fate::Stands => found.written += 1,
                Fate::Repeats => found.repeated += 1,
                Fate::Quarantined { reason, detail } => {
                    found.quarantined += 1;
                    let none = || Quarantined { reason, details: Vec::new(), paths: Vec::new() };
                    let group = groups.entry(reason).or_insert_with(none);
                    group.paths.push(file.path().to_owned());
                    group.details.extend(detail);
                }
            }
        }
        for group in groups.values_mut() {
            group.paths.sort();
            group.details.sort();
            group.details.dedup();
        }
        found.quarantine = groups.into_values().collect();
        found
    }
}
