//! Reasons that were found on the way, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Duplicate, Plan, Rejected, SeriesPlan};
use crate::Reason;

/// Reasons found so far; a file may get several, and none counts where a frame of it ends in a volume.
#[derive(Default)]
pub(super) struct Verdicts {
    reasons: BTreeMap<usize, BTreeSet<Reason>>,
}

impl Verdicts {
    pub(super) fn reject(&mut self, file: usize, reason: Reason) {
        self.reasons.entry(file).or_default().insert(reason);
    }

    pub(super) fn into_plan(self, mut series: Vec<SeriesPlan>, mut duplicates: Vec<Duplicate>) -> Plan {
        series.sort_by(|a, b| a.rank.cmp(&b.rank));
        duplicates.sort();
        let used: BTreeSet<usize> = series.iter().flat_map(|s| s.files.iter().copied()).collect();
        let left = self.reasons.into_iter().filter(|(file, _)| !used.contains(file));
        let rejected =
            left.filter_map(|(file, reasons)| Some(Rejected { file, reason: reasons.into_iter().next()? })).collect();
        Plan { series, duplicates, rejected }
    }
}
