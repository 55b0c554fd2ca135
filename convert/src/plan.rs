//! What becomes a volume, from which frames, on which grid; and why the rest does not.
//!
//! Frames are grouped by patient, study, series and frame of reference, then by what would make one volume mix unlike things
//! (size, sample type, image type, echo, part, repetition time, flip angle, kernel), then by orientation. Within a group they
//! are ordered by position along the normal; where positions repeat, an attribute that orders all of them alike gives the slow
//! axis. Nothing depends on the order of the input.

mod duplicates;
mod fit;
mod funnel;
mod order;
mod picture;
mod series;
mod split;
mod stack;

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{
    Instance,
    scan::{FileKind, Kind, Scanned},
};
use rayon::prelude::*;

pub use funnel::Funnel;
pub use series::{FrameRef, SeriesPlan};

use crate::{
    Reason,
    facts::{FrameFacts, ImageFacts, Key, triage},
};

/// How to plan.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// How large a volume may be.
    pub volume_limits: isocenter_volume::Limits,
    /// What a file may ask for where it is opened again to compare pixels.
    pub file_limits: isocenter_dcm::ReadLimits,
}

impl PlanOptions {
    /// Sets how large a volume may be.
    #[must_use]
    pub fn volume_limits(mut self, limits: isocenter_volume::Limits) -> Self {
        self.volume_limits = limits;
        self
    }

    /// Sets what a file may ask for.
    #[must_use]
    pub fn file_limits(mut self, limits: isocenter_dcm::ReadLimits) -> Self {
        self.file_limits = limits;
        self
    }
}

/// The plan for a set of files: every one of them ends in exactly one of the three lists.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Plan {
    /// One entry for each volume. A file with frames of two volumes is in both.
    pub series: Vec<SeriesPlan>,
    /// Files that repeat another one.
    pub duplicates: Vec<Duplicate>,
    /// Files of which no frame ends in a volume.
    pub rejected: Vec<Rejected>,
}

/// A file with the SOP Instance UID, the pixels and the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// Index of the file among those scanned.
    pub file: usize,
    /// Index of the file that is kept.
    pub of: usize,
}

/// A file of which no frame ends in a volume.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// Index of the file among those scanned.
    pub file: usize,
    /// Why.
    pub reason: Reason,
}

/// One image file on its way into the plan.
pub(crate) struct Image<'a> {
    file: usize,
    /// Its place in the order of SOP Instance UIDs, which is the same for any order of the input.
    rank: usize,
    uid: String,
    instance: &'a Instance,
    facts: ImageFacts,
}

/// Plans the volumes of a scan.
///
/// Headers are enough, but for files that share a SOP Instance UID: their pixels are decoded and compared.
pub fn plan(scanned: &[Scanned], options: &PlanOptions) -> Plan {
    let mut verdicts = Verdicts::default();
    let looked: Vec<_> = scanned.par_iter().enumerate().map(|(file, one)| look(one, file)).collect();
    let mut images = Vec::new();
    for (file, found) in looked.into_iter().enumerate() {
        match found {
            Ok(image) => images.push(image),
            Err(reason) => verdicts.reject(file, reason),
        }
    }
    let (mut images, duplicates) = duplicates::resolve(images, scanned, options, &mut verdicts);
    images.retain(|image| {
        let mosaic = triage::is_mosaic(image.instance);
        if mosaic {
            verdicts.reject(image.file, Reason::Mosaic);
        }
        !mosaic
    });
    images.sort_by(|a, b| a.uid.cmp(&b.uid));
    images.iter_mut().enumerate().for_each(|(rank, image)| image.rank = rank);

    let by_file: BTreeMap<usize, &Image<'_>> = images.iter().map(|image| (image.file, image)).collect();
    let mut placed: BTreeMap<&Key, Vec<&FrameFacts>> = BTreeMap::new();
    let mut series = Vec::new();
    for image in &images {
        let mut loose: BTreeMap<&Key, Vec<&FrameFacts>> = BTreeMap::new();
        for frame in &image.facts.frames {
            let group = if frame.plane.is_some() { &mut placed } else { &mut loose };
            group.entry(&*frame.key).or_default().push(frame);
        }
        for frames in loose.into_values() {
            let class = image.instance.sop_class_uid().unwrap_or_default();
            if triage::is_cross_sectional(&class) {
                verdicts.reject(image.file, Reason::NoPosition);
                continue;
            }
            match picture::picture(image, &frames, options) {
                Ok(found) => series.push(found),
                Err(reason) => verdicts.reject(image.file, reason),
            }
        }
    }
    for frames in placed.into_values() {
        for group in split::by_plane(frames) {
            let frames = match group {
                Ok(frames) => frames,
                Err((reason, files)) => {
                    files.into_iter().for_each(|file| verdicts.reject(file, reason.clone()));
                    continue;
                }
            };
            let rank = |file: usize| by_file.get(&file).map_or(0, |image| image.rank);
            let built = stack::stacks(&frames, rank).and_then(|stacks| {
                stacks
                    .into_iter()
                    .map(|stack| series::assemble(stack, &by_file, options))
                    .collect::<Result<Vec<_>, _>>()
            });
            match built {
                Ok(found) => series.extend(found),
                Err(reason) => frames.iter().for_each(|frame| verdicts.reject(frame.file, reason.clone())),
            }
        }
    }
    verdicts.into_plan(series, duplicates)
}

/// Gathers the facts of one file, or says why it is none of our business.
fn look(scanned: &Scanned, file: usize) -> Result<Image<'_>, Reason> {
    let instance = match &scanned.kind {
        Kind::Dicom(instance) => instance,
        Kind::Directory(_) => return Err(Reason::NotAnImage(Some("Media Storage Directory"))),
        Kind::NotDicom(FileKind::Empty) => return Err(Reason::Unreadable("empty-file")),
        Kind::NotDicom(_) => return Err(Reason::NotDicom),
        Kind::Failed(error) => return Err(error.into()),
        _ => return Err(Reason::NotDicom),
    };
    if let Some(reason) = triage::refusal(instance) {
        return Err(reason);
    }
    let uid = instance.sop_instance_uid().ok_or(Reason::NoInstanceUid)?;
    Ok(Image { file, rank: 0, uid, instance, facts: ImageFacts::of(instance, file, scanned.bytes)? })
}

/// Reasons found so far; a file may get several, and none counts where a frame of it ends in a volume.
#[derive(Default)]
pub(crate) struct Verdicts {
    reasons: BTreeMap<usize, BTreeSet<Reason>>,
}

impl Verdicts {
    pub(crate) fn reject(&mut self, file: usize, reason: Reason) {
        self.reasons.entry(file).or_default().insert(reason);
    }

    fn into_plan(self, mut series: Vec<SeriesPlan>, mut duplicates: Vec<Duplicate>) -> Plan {
        series.sort_by(|a, b| a.rank.cmp(&b.rank));
        duplicates.sort();
        let used: BTreeSet<usize> = series.iter().flat_map(|s| s.files.iter().copied()).collect();
        let left = self.reasons.into_iter().filter(|(file, _)| !used.contains(file));
        let rejected =
            left.filter_map(|(file, reasons)| Some(Rejected { file, reason: reasons.into_iter().next()? })).collect();
        Plan { series, duplicates, rejected }
    }
}

/// Where a volume comes in the plan: patient, study, series number, what keeps it apart, its first frame.
pub(crate) type Rank = (Option<String>, Option<String>, Option<i64>, Key, usize, usize);
