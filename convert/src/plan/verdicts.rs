//! Reasons that were found on the way, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Duplicate, LeftOut, Plan, Rejected, SeriesPlan, series::Built, shot::Shot};
use crate::Reason;

/// Reasons found so far; a file may get several, and none counts where a frame of it ends in a volume.
#[derive(Default)]
pub(super) struct Verdicts {
    reasons: BTreeMap<usize, BTreeSet<Reason>>,
    /// The same of frames.
    frames: BTreeMap<(usize, usize), BTreeSet<Reason>>,
    /// Files with a frame that repeats one of another file.
    repeats: BTreeMap<usize, usize>,
    /// Frames that repeat one that is kept.
    repeated: BTreeSet<(usize, usize)>,
}

impl Verdicts {
    pub(super) fn reject(&mut self, file: usize, reason: Reason) {
        self.reasons.entry(file).or_default().insert(reason);
    }

    pub(super) fn reject_all(&mut self, shots: &[Shot<'_>], reason: &Reason) {
        for shot in shots {
            self.reject(shot.image.file, reason.clone());
            self.frames.entry((shot.image.file, shot.frame)).or_default().insert(reason.clone());
        }
    }

    /// A frame repeats another, perhaps of another file: its file is a duplicate where none of its frames ends in a volume.
    pub(super) fn repeats(&mut self, again: &Shot<'_>, first: &Shot<'_>) {
        self.repeats.entry(again.image.file).or_insert(first.image.file);
        self.repeated.insert((again.image.file, again.frame));
    }

    pub(super) fn into_plan(self, mut built: Vec<Built>, mut duplicates: Vec<Duplicate>) -> Plan {
        built.sort_by(|a, b| a.rank.cmp(&b.rank));
        let series: Vec<SeriesPlan> = built.into_iter().map(|built| built.series).collect();
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
        let left_out = left_out(&used, &series, self.frames, &self.repeated);
        Plan { series, duplicates, rejected, left_out }
    }
}

/// What is in no volume of the files that have another frame in one.
fn left_out(
    used: &BTreeSet<usize>,
    series: &[SeriesPlan],
    reasons: BTreeMap<(usize, usize), BTreeSet<Reason>>,
    repeated: &BTreeSet<(usize, usize)>,
) -> Vec<LeftOut> {
    let kept: BTreeSet<(usize, usize)> =
        series.iter().flat_map(|s| s.frames.iter().map(|f| (f.file, f.frame))).collect();
    let lost = |at: &(usize, usize)| used.contains(&at.0) && !kept.contains(at);
    let mut all: BTreeMap<(usize, usize), Option<Reason>> =
        repeated.iter().filter(|at| lost(at)).map(|at| (*at, None)).collect();
    for (at, found) in reasons.into_iter().filter(|(at, _)| lost(at)) {
        all.insert(at, found.into_iter().next());
    }
    all.into_iter().map(|((file, frame), reason)| LeftOut { file, frame, reason }).collect()
}
