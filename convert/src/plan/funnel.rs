//! Counting: no file may vanish, and no frame.

use std::collections::{BTreeMap, BTreeSet};

use super::{LeftOut, Plan, Rejected};
use crate::{Facts, Reason};

/// How many files went where, and how many frames.
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
    /// Frames of the images that were understood.
    pub frames: usize,
    /// Frames in at least one volume.
    pub frames_in_volumes: usize,
    /// Frames of duplicates, and those that repeat a frame that is kept.
    pub frames_repeated: usize,
    /// Frames of rejected files, and those that were left out of the volumes of their file.
    pub frames_rejected: usize,
}

impl Funnel {
    /// Whether every file is in exactly one place, and every frame.
    pub fn adds_up(&self) -> bool {
        self.files == self.in_volumes + self.duplicates + self.rejected.values().sum::<usize>()
            && self.frames == self.frames_in_volumes + self.frames_repeated + self.frames_rejected
    }
}

impl Plan {
    /// Counts where the planned `files` ended.
    pub fn funnel(&self, files: &[Facts]) -> Funnel {
        let used: BTreeSet<usize> = self.series.iter().flat_map(|s| s.files.iter().copied()).collect();
        let mut rejected = BTreeMap::new();
        for one in &self.rejected {
            *rejected.entry(one.reason.code()).or_default() += 1;
        }
        let of = |file: usize| files.get(file).map_or(0, Facts::frames);
        let kept: BTreeSet<(usize, usize)> =
            self.series.iter().flat_map(|s| s.frames.iter().map(|f| (f.file, f.frame))).collect();
        let again = self.left_out.iter().filter(|l| l.reason.is_none()).count();
        Funnel {
            files: files.len(),
            in_volumes: used.len(),
            duplicates: self.duplicates.len(),
            rejected,
            frames: files.iter().map(Facts::frames).sum(),
            frames_in_volumes: kept.len(),
            frames_repeated: again + self.duplicates.iter().map(|d| of(d.file)).sum::<usize>(),
            frames_rejected: self.left_out.len() - again + self.rejected.iter().map(|r| of(r.file)).sum::<usize>(),
        }
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
        let kept: BTreeSet<(usize, usize)> =
            self.series.iter().flat_map(|s| s.frames.iter().map(|f| (f.file, f.frame))).collect();
        let lost = failed.files.into_iter().filter(|file| !used.contains(file));
        self.rejected.extend(lost.map(|file| Rejected { file, reason: reason.clone() }));
        self.rejected.sort();
        // a file that is rejected now has all its frames told by that
        self.left_out.retain(|l| used.contains(&l.file));
        let shared = failed.frames.iter().filter(|f| used.contains(&f.file) && !kept.contains(&(f.file, f.frame)));
        self.left_out.extend(shared.map(|f| LeftOut { file: f.file, frame: f.frame, reason: Some(reason.clone()) }));
        self.left_out.sort();
    }
}
