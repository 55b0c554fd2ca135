//! What a step of the rule finds.

use super::suffix::{Datatype, Suffix};

/// Which entities of a name tell series of one kind apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entities {
    /// The way of phase encoding (`dir`).
    pub direction: bool,
    /// The part of a complex image (`part`).
    pub part: bool,
    /// The number of the series (`run`); field maps share it over several series.
    pub run: bool,
    /// The number of the echo (`echo`); the echoes of a train make one image.
    pub echo: bool,
}

impl Default for Entities {
    fn default() -> Self {
        Self { direction: false, part: false, run: true, echo: true }
    }
}

/// Where a series belongs, and what tells it from its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// `None` for what BIDS does not keep.
    pub(super) datatype: Option<Datatype>,
    pub(super) suffix: Suffix,
    pub(super) entities: Entities,
}

impl Found {
    pub(super) fn new(datatype: Datatype, suffix: Suffix) -> Self {
        Self { datatype: Some(datatype), suffix, entities: Entities::default() }
    }

    pub(super) fn anat(suffix: Suffix) -> Self {
        Self::new(Datatype::Anat, suffix)
    }

    pub(super) fn localizer() -> Self {
        Self { datatype: None, suffix: Suffix::Localizer, entities: Entities::default() }
    }

    /// One whose way of phase encoding counts.
    pub(super) fn directed(datatype: Datatype, suffix: Suffix) -> Self {
        Self { entities: Entities { direction: true, ..Entities::default() }, ..Self::new(datatype, suffix) }
    }

    /// Anatomy, of which parts may be kept.
    pub(super) fn parted(suffix: Suffix) -> Self {
        Self { entities: Entities { part: true, ..Entities::default() }, ..Self::anat(suffix) }
    }

    /// Anatomy by a train of echoes.
    pub(super) fn train(suffix: Suffix) -> Self {
        Self { entities: Entities { echo: false, ..Entities::default() }, ..Self::anat(suffix) }
    }

    /// A field map: its echoes and parts are in its suffix.
    pub(super) fn map(suffix: Suffix, run: bool) -> Self {
        Self { entities: Entities { echo: false, run, ..Entities::default() }, ..Self::new(Datatype::Fmap, suffix) }
    }
}
