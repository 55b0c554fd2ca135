//! A slope or intercept that was lost must not mean 1 and 0.
//!
//! The standard knows slope and intercept only together, and asks CT and PET for both. Frames of one kind that state a rescale
//! beside frames that do not have lost one, whatever the unit says; so has a frame with half of the pair, and a PET without any.
//! Where all that is stated in an MR is slope 1 and intercept 0, a frame without it means the same.

use std::collections::BTreeMap;

use isocenter_dcm::scaling::Stated;
use isocenter_volume::{Rescale, SampleType};

use super::{shot::Shot, verdicts::Verdicts};
use crate::{
    Reason, Warning,
    facts::{Aspect, Key},
};

/// Leaves out parts of one kind of which some state a rescale and others do not: by whole volumes too.
pub(super) fn sound<'a>(parts: Vec<Vec<Shot<'a>>>, verdicts: &mut Verdicts) -> Vec<Vec<Shot<'a>>> {
    let mut kinds: BTreeMap<Key, Vec<Vec<Shot<'a>>>> = BTreeMap::new();
    for part in parts {
        if let Some(first) = part.first() {
            kinds.entry(first.key.without(&[Aspect::Unit, Aspect::FrameOfReference])).or_default().push(part);
        }
    }
    let mut sound = Vec::new();
    for parts in kinds.into_values() {
        let frames: Vec<Shot<'a>> = parts.iter().flatten().copied().collect();
        match judge(&frames) {
            Ok(_) => sound.extend(parts),
            Err(reason) => verdicts.reject_all(&frames, &reason),
        }
    }
    sound
}

/// Whether frames can lie in one volume, and what is assumed for it.
pub(super) fn judge(frames: &[Shot<'_>]) -> Result<Option<Warning>, Reason> {
    let Some(first) = frames.first().filter(|f| f.image.facts.sample_type != SampleType::Rgb) else { return Ok(None) };
    let modality = first.key.series.modality.as_deref();
    let any = |stated: Stated| frames.iter().any(|f| f.stated == stated);
    let (lost, whole) = (any(Stated::Nothing), any(Stated::Whole));
    let is_identity = || frames.iter().all(|f| f.rescale == Rescale::IDENTITY);
    match (lost, whole) {
        _ if any(Stated::Half) => Err(Reason::MissingRescale),
        (true, false) if modality == Some("PT") => Err(Reason::MissingRescale),
        (true, true) if modality == Some("MR") && is_identity() => Ok(Some(Warning::RescaleAssumed)),
        (true, true) => Err(Reason::MissingRescale),
        _ => Ok(None),
    }
}
