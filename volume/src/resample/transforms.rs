//! Which map each step of a volume goes through.

use std::sync::Arc;

use super::places::Places;
use crate::world_map::Link;
use crate::{Affine, Error, Frame, Geometry, WorldMap, provenance::Parameter};

/// The maps from the world of the output to the world of the input.
#[derive(Clone, Default)]
pub(super) enum Transforms<'a> {
    /// Nobody set one: places keep their coordinates.
    #[default]
    Unset,
    /// One for all steps.
    One(Link<'a>),
    /// One for each slow step.
    PerStep(Arc<[Link<'a>]>),
}

impl<'a> Transforms<'a> {
    pub(super) fn one(map: impl WorldMap + 'a) -> Self {
        Self::One(Link::new(map))
    }

    pub(super) fn per_step<M: WorldMap + 'a>(maps: impl IntoIterator<Item = M>) -> Self {
        Self::PerStep(maps.into_iter().map(Link::new).collect())
    }

    /// Refuses what cannot be applied to `steps` steps: another number of maps, an affine that is not finite.
    pub(super) fn check(&self, steps: usize) -> Result<(), Error> {
        let links = match self {
            Self::Unset => return Ok(()),
            Self::One(link) => std::slice::from_ref(link),
            Self::PerStep(links) if links.len() == steps => links,
            Self::PerStep(links) => {
                return Err(Error::SlowSteps { what: "transforms for each step", wanted: links.len(), found: steps });
            }
        };
        let unusable = |link: &Link<'_>| matches!(link, Link::Affine(affine) if !affine.is_finite());
        if links.iter().any(unusable) { Err(Error::SingularAffine) } else { Ok(()) }
    }

    /// Refuses two frames that do not share coordinates; says whether an override was needed.
    pub(super) fn check_frames(&self, input: &Frame, output: &Frame, across: bool) -> Result<bool, Error> {
        match input.agrees_with(output) {
            Ok(()) => Ok(false),
            // no map and no word makes pixels millimetres
            Err(error) if !(input.is_patient() && output.is_patient()) => Err(error),
            Err(_) if !matches!(self, Self::Unset) => Ok(false),
            Err(_) if across => Ok(true),
            Err(_) => Err(Error::FrameMismatch {
                what: "their frames of reference have different UIDs; give the transform between them, or state across_frames",
            }),
        }
    }

    /// How the output's voxels of one step lie in the input.
    pub(super) fn places(&self, step: usize, input: &Geometry, output: &Geometry) -> Places<'_> {
        let link = match self {
            Self::Unset => None,
            Self::One(link) => Some(link),
            Self::PerStep(links) => links.get(step),
        };
        let to_input = *input.inverse_affine();
        match link {
            None => Places::Affine(to_input.compose(&Affine::IDENTITY).compose(output.affine())),
            Some(Link::Affine(affine)) => Places::Affine(to_input.compose(affine).compose(output.affine())),
            Some(Link::Any(map)) => Places::Mapped { to_world: *output.affine(), map: &**map, to_input },
        }
    }

    /// What the provenance says: an affine, the rows of all steps' affines one after the other, or the kinds of the maps.
    pub(super) fn note(&self) -> Parameter {
        let links: &[Link<'_>] = match self {
            Self::Unset => return Affine::IDENTITY.into(),
            Self::One(Link::Affine(affine)) => return (*affine).into(),
            Self::One(Link::Any(map)) => return map.note().into(),
            Self::PerStep(links) => links,
        };
        let affines: Option<Vec<_>> = links.iter().map(|link| link.as_map().as_affine()).collect();
        match affines {
            Some(affines) => affines.iter().flat_map(Affine::rows).flatten().collect::<Vec<f64>>().into(),
            None => links.iter().map(|link| link.as_map().note()).collect::<Vec<_>>().join("; ").into(),
        }
    }

    /// Whether all steps go through one map.
    pub(super) const fn is_one(&self) -> bool {
        !matches!(self, Self::PerStep(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_differ_need_a_word() {
        let [a, b] = ["1.2", "1.3"].map(|uid| Frame::Patient(Some(uid.to_owned())));
        let unset = Transforms::Unset;
        assert_eq!(unset.check_frames(&a, &a, false), Ok(false));
        assert_eq!(unset.check_frames(&a, &Frame::Patient(None), false), Ok(false));
        assert!(matches!(unset.check_frames(&a, &b, false), Err(Error::FrameMismatch { .. })));
        assert_eq!(unset.check_frames(&a, &b, true), Ok(true));
        assert_eq!(Transforms::one(Affine::IDENTITY).check_frames(&a, &b, false), Ok(false));
        for transforms in [unset, Transforms::one(Affine::IDENTITY)] {
            assert!(transforms.check_frames(&a, &Frame::Pixel, true).is_err(), "no word makes pixels millimetres");
        }
    }

    #[test]
    fn there_is_one_map_for_each_step() {
        let maps = Transforms::per_step([Affine::IDENTITY; 3]);
        assert_eq!(maps.check(2), Err(Error::SlowSteps { what: "transforms for each step", wanted: 3, found: 2 }));
        assert!(maps.check(3).is_ok());
        let nan = Affine::translation_by([f64::NAN, 0.0, 0.0]);
        assert_eq!(Transforms::per_step([Affine::IDENTITY, nan]).check(2), Err(Error::SingularAffine));
    }
}
