//! Where a search began that ended at the result.

/// The start, of all those that were tried, that led to what was found; of several that led there, the first in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Start {
    /// The images as their headers place them.
    #[default]
    Headers,
    /// The middles of the two bodies laid on each other, turned as the headers say.
    Bodies,
    /// The middles of the two grids laid on each other, turned as the headers say.
    Grids,
    /// One of the rotations spread over all there are, about one of these middles: the headers' was not right.
    Turned,
    /// The caller's.
    Given,
}

impl Start {
    /// Its name: as records and the program have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Bodies => "bodies",
            Self::Grids => "grids",
            Self::Turned => "turned",
            Self::Given => "given",
        }
    }
}
