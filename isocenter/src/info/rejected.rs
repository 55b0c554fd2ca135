//! What cannot be used, by reason, in plain words.

use std::{collections::BTreeMap, path::PathBuf};

use isocenter_convert::plan::Rejected as OfPlan;
use isocenter_dcm::scan::Scanned;
use serde::Serialize;

use super::Options;
use crate::{prepare::Refusal, quarantine, rejection};

/// Files that cannot be used for one reason.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Rejected {
    /// Stable code of the reason, such as `missing-slice`.
    pub reason: String,
    /// One sentence for a person: what was found, and what the system said.
    pub sentence: String,
    /// What to do.
    pub next: &'static str,
    /// Number of files.
    pub files: usize,
    /// The files, where paths were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathBuf>,
}

/// Groups what is left by reason and sentence. A volume file that was refused by its reader brings the reader's words.
pub(super) fn group<'r>(
    left: impl Iterator<Item = (&'r OfPlan, Option<&'r Refusal>)>,
    scanned: &[Scanned],
    options: Options,
) -> Vec<Rejected> {
    let mut groups: BTreeMap<(String, String), Vec<PathBuf>> = BTreeMap::new();
    for (rejected, by_reader) in left {
        let file = &scanned[rejected.file];
        let why = by_reader.map_or_else(
            || (rejected.reason.code().to_owned(), rejection::sentence(&rejected.reason, file)),
            |why| (why.reason.clone(), why.detail.clone()),
        );
        groups.entry(why).or_default().push(file.path.clone());
    }
    groups
        .into_iter()
        .map(|((reason, sentence), paths)| Rejected {
            next: quarantine::advice(&reason).next,
            reason,
            sentence,
            files: paths.len(),
            paths: if options.paths { paths } else { Vec::new() },
        })
        .collect()
}
