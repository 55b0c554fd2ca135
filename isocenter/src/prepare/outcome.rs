//! What the main job gave.

use std::path::PathBuf;

use serde::Serialize;

use super::understood::Understood;
use crate::{Funnel, quarantine};

/// What a run gave.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// Where every file went.
    pub funnel: Funnel,
    /// What was kept out, by reason.
    pub quarantine: Vec<quarantine::Record>,
    /// Exports and what they hold.
    pub exports: Vec<(String, String)>,
    /// What the caller should know: a key that was made, one that others can read.
    pub remarks: Vec<String>,
    /// Whose the volume files are, and what.
    pub understood: Understood,
    /// Of a dry run: what would be done.
    pub planned: Vec<Planned>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The report, where one was written.
    pub report: Option<PathBuf>,
}

/// One line of a dry run.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// Modality and body part.
    pub kind: String,
    /// Number of files.
    pub files: usize,
    /// What would happen, and why.
    pub what: String,
}

impl Outcome {
    /// 0 where everything became an item, 1 where something was kept out.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.quarantine.is_empty())
    }
}
