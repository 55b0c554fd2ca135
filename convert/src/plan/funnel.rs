//! Counting: no file may vanish.

use std::collections::{BTreeMap, BTreeSet};

use super::{Plan, Rejected};
use crate::Reason;

/// How many files went where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Funnel {
    /// Files that were scanned.
    pub files: usize,
    /// Files with a frame in at least one volume.
    pub in_volumes: usize,
    /// Files that repeat another.
    pub duplicates: usize,
    /// Rejected files by the code of the reason.
    pub rejected: BTreeMap<&'static str, usize>,
}

impl Funnel {
    /// Whether every file is in exactly one place.
    pub fn adds_up(&self) -> bool {
        self.files == self.in_volumes + self.duplicates + self.rejected.values().sum::<usize>()
    }
}

impl Plan {
    /// Counts where the `files` planned files ended.
    pub fn funnel(&self, files: usize) -> Funnel {
        let used: BTreeSet<usize> = self.series.iter().flat_map(|s| s.files.iter().copied()).collect();
        let mut rejected = BTreeMap::new();
        for one in &self.rejected {
            *rejected.entry(one.reason.code()).or_default() += 1;
        }
        Funnel { files, in_volumes: used.len(), duplicates: self.duplicates.len(), rejected }
    }

    /// Takes a planned volume that could not be read out of the plan: those of its files that no other volume uses become rejected.
    ///
    /// Does nothing past the last volume. Later volumes move up by one.
    pub fn fail(&mut self, series: usize, reason: &Reason) {
        if series >= self.series.len() {
            return;
        }
        let failed = self.series.remove(series);
        let used: BTreeSet<usize> = self.series.iter().flat_map(|s| s.files.iter().copied()).collect();
        let lost = failed.files.into_iter().filter(|file| !used.contains(file));
        self.rejected.extend(lost.map(|file| Rejected { file, reason: reason.clone() }));
        self.rejected.sort();
    }
}
