//! The account of a run: every file, volume and frame of the input in one place.
//!
//! What is found is listed once, before anything is prepared. At the end items take theirs first, then what repeats another, then the
//! refusals in a fixed order; what is left over is a fault of ours, and the funnel's check ends the run with it.

use std::collections::BTreeSet;

use super::{inputs::Inputs, work::Refused, worklist::WorkList};
use crate::{Error, Funnel, funnel::Share, quarantine::Record};

/// A volume of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VolumeId {
    /// One that is put together from DICOM frames, by the id of its item.
    Series(String),
    /// A file that holds an image or a label map.
    File(usize),
}

/// What of the input something is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// Files, by number.
    pub(crate) files: Vec<usize>,
    /// Frames of DICOM files: file and frame.
    pub(crate) frames: Vec<(usize, usize)>,
    pub(crate) volumes: Vec<VolumeId>,
}

impl Holdings {
    /// Whole files, with all their frames.
    pub(crate) fn of_files(inputs: &Inputs, files: Vec<usize>) -> Self {
        let frames = files.iter().flat_map(|file| all_frames(inputs, *file)).collect();
        Self { files, frames, volumes: Vec::new() }
    }

    /// The same, and the file that holds the volume.
    pub(crate) fn of_volume_file(inputs: &Inputs, file: usize, files: Vec<usize>) -> Self {
        Self { volumes: vec![VolumeId::File(file)], ..Self::of_files(inputs, files) }
    }

    /// Takes in what another has.
    pub(crate) fn add(&mut self, other: &Self) {
        self.files.extend_from_slice(&other.files);
        self.frames.extend_from_slice(&other.frames);
        self.volumes.extend_from_slice(&other.volumes);
    }

    /// Leaves out what another has.
    pub(crate) fn leave(&mut self, other: &Self) {
        self.files.retain(|file| !other.files.contains(file));
        self.frames.retain(|frame| !other.frames.contains(frame));
        self.volumes.retain(|volume| !other.volumes.contains(volume));
    }
}

fn all_frames(inputs: &Inputs, file: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..inputs.facts.get(file).map_or(0, isocenter_convert::Facts::frames)).map(move |frame| (file, frame))
}

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
