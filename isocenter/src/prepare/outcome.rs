//! What the main job gave.

use std::path::PathBuf;

use serde::Serialize;

use super::understood::Understood;
use crate::{Funnel, export::Exported, quarantine};

/// What a run gave.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// Where every file went.
    pub funnel: Funnel,
    /// What was kept out, by reason.
    pub quarantine: Vec<quarantine::Record>,
    /// What the exports hold; of a dry run, what they would hold.
    pub exports: Vec<Exported>,
    /// What the caller should know: a key that was made, one that others can read.
    pub remarks: Vec<String>,
    /// Whose the volume files are, and what.
    pub understood: Understood,
    /// Of a dry run: what would be done, by patient, study and item.
    pub planned: Vec<Planned>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The report, where one was written.
    pub report: Option<PathBuf>,
}

/// One image of a dry run, and what would become of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// Pseudonym of the patient.
    pub patient: String,
    /// Keyed id of the study.
    pub study: String,
    /// Id of the item.
    pub item: String,
    /// What it shows: the channel's name, such as `T1` or `CT`.
    pub kind: String,
    /// Body Part Examined, where something states it.
    pub body_part: Option<String>,
    /// Number of files.
    pub files: usize,
    /// What is registered to what.
    pub registration: PlannedRegistration,
    /// The grid that it would have: `native`, or orientation and spacing.
    pub grid: String,
    /// Intensity steps, in order.
    pub steps: Vec<String>,
    /// Names of its labels; none where it has no label map.
    pub labels: Vec<String>,
    /// What is in doubt: codes, as the manifest has them.
    pub warnings: Vec<String>,
}

/// Whether an image would be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PlannedRegistration {
    /// The recipe registers nothing of its kind.
    #[default]
    None,
    /// It stays, and others are brought to it.
    Reference,
    /// It is brought to the item of this id.
    To(String),
    /// It takes part in a group and cannot be registered: a map, a slab, a time series.
    Unsuited,
    /// Its group has no image of the reference's kind.
    NoReference,
}

impl Outcome {
    /// 0 where everything became an item, 1 where something was kept out.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.quarantine.is_empty())
    }
}
