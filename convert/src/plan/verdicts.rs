//! Reasons that were found on the way, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Duplicate, Plan, Rejected, SeriesPlan, shot::Shot};
use crate::Reason;

/// Reasons found so far; a file may get several, and none counts where a frame of it ends in a volume.
#[derive(Default)]
pub(super) struct Verdicts {
    reasons: BTreeMap<usize, BTreeSet<Reason>>,
    /// Files with a frame that repeats one of another file.
    repeats: BTreeMap<usize, usize>,
}

impl Verdicts {
    pub(super) fn reject(&mut self, file: usize, reason: Reason) {
        self.reasons.entry(file).or_default().insert(reason);
    }

    pub(super) fn reject_all(&mut self, shots: &[Shot<'_>], reason: &Reason) {
        shots.iter().for_each(|shot| self.reject(shot.image.file, reason.clone()));
    }

    /// A frame of a file repeats one of another: the file is a duplicate where none of its frames ends in a volume.
    pub(super) fn repeats(&mut self, file: usize, of: usize) {
        self.repeats.entry(file).or_insert(of);
    }

    pub(super) fn into_plan(self, mut series: Vec<SeriesPlan>, mut duplicates: Vec<Duplicate>) -> Plan {
        series.sort_by(|a, b| a.rank.cmp(&b.rank));
        let used: BTreeSet<usize> = series.iter().flat_map(|s| s.files.iter().copied()).collect();
        // what repeats a frame that is kept out itself is kept out with it
        let (again, orphans): (Vec<_>, Vec<_>) =
            self.repeats.into_iter().filter(|(file, _)| !used.contains(file)).partition(|(_, of)| used.contains(of));
        let mut reasons = self.reasons;
        for (file, of) in orphans {
            let shared = reasons.get(&of).cloned().unwrap_or_else(|| BTreeSet::from([Reason::IncompleteVolume]));
            reasons.entry(file).or_default().extend(shared);
        }
        let doubled: BTreeSet<usize> = again.iter().map(|(file, _)| *file).collect();
        duplicates.extend(again.into_iter().map(|(file, of)| Duplicate { file, of }));
        duplicates.sort();
        let left = reasons.into_iter().filter(|(file, _)| !used.contains(file) && !doubled.contains(file));
        let rejected =
            left.filter_map(|(file, reasons)| Some(Rejected { file, reason: reasons.into_iter().next()? })).collect();
        Plan { series, duplicates, rejected }
    }
}
