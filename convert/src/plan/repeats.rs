//! Frames that came twice under new identifiers, and a last repetition that was cut off.
//!
//! A slow axis needs a fact that says it is one. Where frames share a place and no fact of the acquisition tells them apart (a
//! number counted by the sender and the time of the object's making are none), their pixels decide: a step whose every frame
//! equals that of an earlier step is that step again; and where places are filled unevenly or in no order, so is a single frame,
//! if every place is then filled alike. One blank frame at two points in time stays what it is, and images that show nothing prove
//! nothing: of what repeats, one frame at least must have samples that differ.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use isocenter_volume::Cancelled;
use rayon::prelude::*;

use super::{
    duplicates::{Hash, frame_digest},
    order,
    shot::Shot,
    stack,
};
use crate::{Facts, Options, Reason, Warning};

/// Frames of one volume, and those that are not.
pub(super) struct Settled<'a> {
    pub(super) frames: Vec<Shot<'a>>,
    /// A frame that repeats another.
    pub(super) repeated: Vec<(Shot<'a>, Shot<'a>)>,
    /// Frames of a repetition that was cut off.
    pub(super) cut: Vec<Shot<'a>>,
}

impl<'a> Settled<'a> {
    const fn all(frames: Vec<Shot<'a>>) -> Self {
        Self { frames, repeated: Vec::new(), cut: Vec::new() }
    }

    pub(super) fn warning(&self) -> Option<Warning> {
        (!self.cut.is_empty()).then_some(Warning::RepetitionCutOff)
    }
}

/// Takes out of the frames of one volume what came twice or was cut off.
pub(super) fn settle<'a>(
    frames: Vec<Shot<'a>>,
    files: &[Facts],
    options: &Options<'_>,
) -> Result<Settled<'a>, Cancelled> {
    let Ok(places) = stack::places(frames.clone()) else { return Ok(Settled::all(frames)) };
    let slices = places.slices;
    if slices.iter().all(|slice| slice.len() == 1) {
        return Ok(Settled::all(frames));
    }
    let pixels = Pixels { files, options, known: Mutex::default() };
    match order::arrange(slices.clone()) {
        Ok(steps) => {
            let repeated = pixels.repeated_steps(&steps.frames)?;
            Ok(without(frames, repeated))
        }
        Err(Reason::AmbiguousOrder | Reason::IncompleteVolume) => {
            let repeated = pixels.repeated_frames(&slices)?;
            let settled = without(frames.clone(), repeated);
            let arranged = stack::places(settled.frames.clone()).and_then(|found| order::arrange(found.slices));
            if !settled.repeated.is_empty() && arranged.is_ok() {
                return Ok(settled);
            }
            Ok(match order::cut_off(&slices) {
                Some((kept, cut)) => {
                    Settled { frames: kept.into_iter().flatten().collect(), repeated: Vec::new(), cut }
                }
                None => Settled::all(frames),
            })
        }
        Err(_) => Ok(Settled::all(frames)),
    }
}

fn without<'a>(frames: Vec<Shot<'a>>, repeated: Vec<(Shot<'a>, Shot<'a>)>) -> Settled<'a> {
    let gone = |frame: &Shot<'_>| repeated.iter().any(|(again, _)| again.rank() == frame.rank());
    Settled { frames: frames.into_iter().filter(|f| !gone(f)).collect(), repeated, cut: Vec::new() }
}

struct Pixels<'c> {
    files: &'c [Facts],
    options: &'c Options<'c>,
    /// What was decoded already: a mosaic is one frame at many places.
    known: Mutex<BTreeMap<(usize, usize), Found>>,
}

/// The digest of a frame and whether its samples differ, where it can be decoded.
type Found = Option<(Hash, bool)>;

impl Pixels<'_> {
    /// Pairs of frames, the second of which the first repeats: all of a step that is an earlier one again.
    ///
    /// The middle slice is compared first: an organ is there, and noise tells images apart at once.
    fn repeated_steps<'a>(&self, steps: &[Vec<Shot<'a>>]) -> Result<Vec<(Shot<'a>, Shot<'a>)>, Cancelled> {
        let middle = |step: &[Shot<'a>]| step.get(step.len() / 2).copied();
        let alike = |a: &[Shot<'_>], b: &[Shot<'_>]| a.iter().zip(b).all(|(a, b)| same_facts(a, b));
        let mut kept: Vec<(usize, &Vec<Shot<'a>>)> = Vec::new();
        let mut middles: Vec<Option<Found>> = vec![None; steps.len()];
        let mut repeated = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let mut again = None;
            for &(earlier, other) in kept.iter().filter(|(_, other)| alike(other, step)) {
                self.options.ctx.check()?;
                for at in [earlier, number] {
                    let unknown = middles.get(at).is_some_and(Option::is_none);
                    if let (true, Some(slot), Some(frame)) = (unknown, middles.get_mut(at), steps.get(at)) {
                        *slot = Some(middle(frame).and_then(|frame| self.digest(&frame)));
                    }
                }
                let known = |at: usize| middles.get(at).copied().flatten().flatten();
                if known(earlier).is_some() && known(earlier) == known(number) && self.equal(other, step)? {
                    again = Some(other);
                    break;
                }
            }
            match again {
                Some(earlier) => repeated.extend(step.iter().copied().zip(earlier.iter().copied())),
                None => kept.push((number, step)),
            }
        }
        Ok(repeated)
    }

    /// Whether all frames of two steps are equal, and one shows something.
    fn equal(&self, a: &[Shot<'_>], b: &[Shot<'_>]) -> Result<bool, Cancelled> {
        if a.iter().zip(b).any(|(a, b)| a.tile != b.tile) {
            return Ok(false);
        }
        let mut pairs: Vec<_> = a.iter().zip(b).collect();
        // tiles of two pictures are equal where the pictures are
        pairs.dedup_by_key(|(a, b)| [a, b].map(|shot| (shot.image.file, shot.frame)));
        let mut shows = false;
        for some in pairs.chunks(AT_ONCE) {
            self.options.ctx.check()?;
            let same = |(a, b): &(&Shot<'_>, &Shot<'_>)| self.digest(a).filter(|found| Some(*found) == self.digest(b));
            match some.par_iter().map(same).collect::<Option<Vec<_>>>() {
                Some(found) => shows |= found.iter().any(|(_, shows)| *shows),
                None => return Ok(false),
            }
        }
        Ok(shows)
    }

    /// Pairs of frames of one place, the second of which the first repeats.
    fn repeated_frames<'a>(&self, slices: &[Vec<Shot<'a>>]) -> Result<Vec<(Shot<'a>, Shot<'a>)>, Cancelled> {
        let (mut repeated, mut any_shows) = (Vec::new(), false);
        for slice in slices.iter().filter(|slice| slice.len() > 1) {
            self.options.ctx.check()?;
            let digests: Vec<Found> = slice.par_iter().map(|frame| self.digest(frame)).collect();
            let mut kept: Vec<(Shot<'a>, Found)> = Vec::new();
            for (frame, digest) in slice.iter().zip(digests) {
                let again = |(first, d): &&(Shot<'a>, _)| {
                    digest.is_some() && *d == digest && first.tile == frame.tile && same_facts(first, frame)
                };
                match kept.iter().find(again) {
                    Some((first, found)) => {
                        any_shows |= found.is_some_and(|(_, shows)| shows);
                        repeated.push((*frame, *first));
                    }
                    None => kept.push((*frame, digest)),
                }
            }
        }
        if !any_shows {
            repeated.clear();
        }
        Ok(repeated)
    }

    /// The digest of the frame that a plane is of, the whole picture where it is a tile, and whether its samples differ.
    fn digest(&self, shot: &Shot<'_>) -> Found {
        let at = (shot.image.file, shot.frame);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&at) {
            return *found;
        }
        let found = frame_digest(self.files, self.options, at.0, at.1);
        known().insert(at, found);
        found
    }
}

/// Whether no fact of the acquisition tells two frames of one place apart.
fn same_facts(a: &Shot<'_>, b: &Shot<'_>) -> bool {
    a.order.is_same_moment(&b.order) && a.rescale == b.rescale && a.unit == b.unit
}

/// Pairs that are compared between two looks at whether to stop.
const AT_ONCE: usize = 8;
