//! What becomes a volume, from which frames, on which grid; and why the rest does not.
//!
//! Frames are grouped by patient (the one rule of [`PatientKeys`]), study, series and frame of reference, then by what would make one volume mix unlike things
//! (size, sample type, image type, echo, part, repetition time, flip angle, kernel), then by orientation. Within a group they
//! are ordered by position along the normal; where positions repeat, an attribute that orders all of them alike gives the slow
//! axis, or several where they form a full grid. Nothing depends on the order of the input.
//!
//! A value that parts frames which complement each other on one lattice does not keep them apart; frames that came twice are
//! taken once; a slope that some frames have lost refuses all of them; and what a volume may lack is told.

mod axes;
mod duplicates;
pub(crate) mod even;
mod fit;
mod funnel;
mod join;
mod kin;
mod left_out;
mod order;
mod picture;
mod repeats;
mod rescale;
mod samples;
mod series;
mod shards;
mod shot;
mod split;
mod stack;
#[cfg(feature = "serde")]
mod stored;
mod verdicts;
mod weights;

use std::collections::BTreeMap;

use isocenter_dcm::{PatientKey, PatientKeys};

pub use funnel::Funnel;
pub use series::{FrameRef, SeriesPlan, Tile};

use self::{
    shot::{Image, Shot},
    verdicts::Verdicts,
};
use crate::{
    Error, Facts, Options, Reason, Warning,
    facts::{Aspect, Key, mosaic::Tiles},
};

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
    /// Frames that are in no volume, of files that have another frame in one; by file and frame.
    pub left_out: Vec<LeftOut>,
}

/// A file with the SOP Instance UID, the pixels and the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Duplicate {
    /// Index of the file among those planned.
    pub file: usize,
    /// Index of the file that is kept.
    pub of: usize,
}

/// A file of which no frame ends in a volume.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Rejected {
    /// Index of the file among those planned.
    pub file: usize,
    /// Why.
    pub reason: Reason,
}

/// A frame that is in no volume, of a file that has another frame in one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct LeftOut {
    /// Index of the file among those planned.
    pub file: usize,
    /// The frame, from 0.
    pub frame: usize,
    /// Why; `None` where it repeats a frame that is kept.
    pub reason: Option<Reason>,
}

/// Plans the volumes of a set of files, in any order.
///
/// Headers are enough, but for files that share a SOP Instance UID: their pixels are decoded and compared.
///
/// # Errors
/// [`Error::Cancelled`]. What is wrong with a file is in the plan.
pub fn plan(files: &[Facts], options: &Options<'_>) -> Result<Plan, Error> {
    options.ctx.install(|| sort(files, options))
}

/// Frames that may lie in one volume: of one patient and one kind.
type Groups<'a> = BTreeMap<(&'a PatientKey, &'a Key), Vec<Shot<'a>>>;

fn sort(files: &[Facts], options: &Options<'_>) -> Result<Plan, Error> {
    let mut verdicts = Verdicts::default();
    let patients: PatientKeys = files.iter().filter_map(|f| Some(f.image().ok()?.patient.clone())).collect();
    let mut images = Vec::new();
    for (file, facts) in files.iter().enumerate() {
        match facts.image() {
            Ok(image) => images.push(Image::new(file, image, &patients)),
            Err(reason) => verdicts.reject(file, reason.clone()),
        }
    }
    let (mut images, duplicates) = duplicates::resolve(images, files, options, &mut verdicts)?;
    images.retain(|image| {
        let is_unknown = image.facts.tiles == Tiles::Unknown;
        if is_unknown {
            verdicts.reject(image.file, Reason::Mosaic);
        }
        !is_unknown
    });
    images.sort_by(|a, b| a.facts.uid.cmp(&b.facts.uid));
    images.iter_mut().enumerate().for_each(|(rank, image)| image.rank = rank);

    let stage = options.ctx.stage("images", images.len() as u64);
    let mut placed = Groups::new();
    let mut series = Vec::new();
    for image in &images {
        let mut loose = Groups::new();
        for shot in image.shots() {
            let group = if shot.plane.is_some() { &mut placed } else { &mut loose };
            group.entry((&image.patient, &shot.facts.key)).or_default().push(shot);
        }
        for shots in loose.into_values() {
            let found = if image.facts.is_cross_sectional {
                Err(if image.facts.is_misplaced { Reason::BadPosition } else { Reason::NoPosition })
            } else {
                picture::picture(&shots, options)
            };
            match found {
                Ok(found) => series.push(found),
                Err(reason) => verdicts.reject_all(&shots, &reason),
            }
        }
        stage.advance(1)?;
    }
    // frames of one strong key, in parts of one whole key and of parallel planes
    let mut kinds: BTreeMap<(&PatientKey, Key, bool), Vec<Vec<Shot<'_>>>> = BTreeMap::new();
    for ((patient, key), shots) in placed {
        for group in split::by_plane(shots, options)? {
            match group {
                Ok(part) => {
                    for (part, is_apart) in weights::parted(part).into_iter().zip([false, true]) {
                        if !part.is_empty() {
                            kinds.entry((patient, key.without(&Aspect::ALL), is_apart)).or_default().push(part);
                        }
                    }
                }
                Err((reason, shots)) => verdicts.reject_all(&shots, &reason),
            }
        }
    }
    for ((.., is_apart), parts) in kinds {
        let apart = is_apart.then_some(Warning::SetApart { code: "set-apart-by-weighting" });
        for group in join::join(rescale::sound(parts, &mut verdicts)) {
            options.ctx.check()?;
            let settled = repeats::settle(group.frames, files, options)?;
            let told: Vec<Warning> =
                group.warnings.iter().cloned().chain(apart.clone()).chain(settled.warning()).collect();
            verdicts.reject_all(&settled.cut, &Reason::IncompleteVolume);
            settled.repeated.iter().for_each(|(again, first)| verdicts.repeats(again, first));
            let built = rescale::judge(&settled.frames).and_then(|assumed| {
                let stacks = stack::stacks(&settled.frames, options.even)?;
                let build = |stack| {
                    let mut built = series::assemble(stack, options)?;
                    built.series.warnings.extend(told.iter().cloned().chain(assumed.clone()));
                    Ok(built)
                };
                stacks.into_iter().map(build).collect::<Result<Vec<_>, _>>()
            });
            match built {
                Ok(found) => series.extend(found),
                Err(reason) => verdicts.reject_all(&settled.frames, &reason),
            }
        }
    }
    let mut plan = verdicts.into_plan(series, duplicates);
    left_out::tell(&mut plan, files);
    kin::tell(&mut plan, files);
    Ok(plan)
}
