//! The account of a run: every file, volume and frame of the input in one place.
//!
//! What is found is listed once, before anything is prepared. At the end items take theirs first, then what repeats another, then the
//! refusals in a fixed order; what is left over is a fault of ours, and the funnel's check ends the run with it.

use std::collections::BTreeSet;

use super::{
    holdings::{Holdings, VolumeId, all_frames},
    inputs::Inputs,
    work::Refused,
    worklist::WorkList,
};
use crate::{Error, Funnel, funnel::Share, quarantine::Record};

/// What has its place already.
#[derive(Default)]
struct Told {
    files: BTreeSet<usize>,
    frames: BTreeSet<(usize, usize)>,
    volumes: BTreeSet<VolumeId>,
}

impl Told {
    /// What of `holds` had no place yet.
    fn take(&mut self, holds: &Holdings) -> Holdings {
        Holdings {
            files: holds.files.iter().copied().filter(|f| self.files.insert(*f)).collect(),
            frames: holds.frames.iter().copied().filter(|f| self.frames.insert(*f)).collect(),
            volumes: holds.volumes.iter().filter(|v| self.volumes.insert((*v).clone())).cloned().collect(),
        }
    }
}

/// Where everything went.
pub(crate) struct Account {
    pub(crate) funnel: Funnel,
    pub(crate) records: Vec<Record>,
    /// Files in items.
    pub(crate) in_items: BTreeSet<usize>,
}

impl Account {
    /// Counts; what is of the items themselves (their number, labels, patients) is the caller's to add.
    ///
    /// # Errors
    /// [`Error::Verification`] where something is in no place.
    pub(crate) fn of<'h>(
        inputs: &Inputs,
        worklist: &WorkList,
        items: impl Iterator<Item = &'h Holdings>,
        refused: &[Refused],
    ) -> Result<Self, Error> {
        let mut told = Told::default();
        let mut kept = Holdings::default();
        items.for_each(|item| kept.add(&told.take(item)));
        let mut again = Holdings::of_files(inputs, worklist.duplicates.iter().map(|(file, _)| *file).collect());
        again.frames.extend_from_slice(&worklist.repeated_frames);
        let again = told.take(&again);

        let mut sorted: Vec<&Refused> = refused.iter().collect();
        sorted.sort_by(|a, b| (&a.why.reason, &a.holds.files).cmp(&(&b.why.reason, &b.holds.files)));
        let mut out = Holdings::default();
        let mut records = Vec::new();
        for refused in sorted {
            let own = told.take(&refused.holds);
            records.push(refused.record(inputs, &own));
            out.add(&own);
        }
        records.sort();
        let reasons = crate::quarantine::counts(&records);
        let share = |of: fn(&Holdings) -> usize, found: usize| Share {
            found,
            in_items: of(&kept),
            repeated: of(&again),
            kept_out: of(&out),
        };
        let frames = (0..inputs.facts.len()).map(|file| all_frames(inputs, file).count()).sum();
        let funnel = Funnel {
            files: inputs.scanned.len(),
            in_items: kept.files.len(),
            duplicates: again.files.len(),
            quarantined: out.files.len(),
            reasons,
            volumes: share(|h| h.volumes.len(), worklist.volumes),
            frames: share(|h| h.frames.len(), frames),
            instances: worklist.instances,
            series: worklist.series,
            ..Funnel::default()
        };
        funnel.check()?;
        Ok(Self { funnel, records, in_items: kept.files.into_iter().collect() })
    }
}
