//! Clean Recognizable Visual Features: which instances lose a face, and which are refused.

use isocenter_dcm::Instance;
use isocenter_volume::Ctx;

use crate::faces::{Defaced, Error, Faces, Shown, judge};

/// Removes the face from an instance with its original header.
pub(super) fn remove(instance: &mut Instance, faces: Option<&Faces>, ctx: &Ctx<'_>) -> Result<Defaced, Error> {
    match judge(instance) {
        Shown::NoImage | Shown::OtherKind | Shown::OtherPart => Ok(Defaced::default()),
        Shown::Outline => Err(Error::Unsupported { what: "contours or surfaces" }),
        Shown::Face => faces.ok_or(Error::NoMask)?.apply(instance, ctx),
    }
}

/// Whether an image has to be looked at, or refused, by its header.
pub(super) fn may_be_shown(header: &Instance) -> bool {
    matches!(judge(header), Shown::Face | Shown::Outline)
}
