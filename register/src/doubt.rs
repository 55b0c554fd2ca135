//! What speaks against a registration, by name.

use std::fmt;

/// A reason to look at a registration before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Doubt {
    /// The metric hardly rose above that of images that share nothing.
    Unlike,
    /// Moving the result a little costs little: [`crate::Registration::sharpness`].
    Blunt,
    /// Little of the smaller body lies in the other image.
    LittleOverlap,
    /// Another pose is nearly as good: [`crate::Registration::rivalry`].
    Rival,
    /// The result takes the patient's left to the right, against what both headers say of their axes. That is a header that lies, or an
    /// image that was mirrored and fits best upside down; no metric tells which.
    SidesTurned,
    /// The moving image fits better in a mirror: [`crate::Registration::mirror`]. Left and right are exchanged in one of the two, or too
    /// alike to be told apart.
    Mirrored,
    /// Parts of the body want to go elsewhere, each its own way: [`crate::Registration::residual_mm`].
    Torn,
    /// A transform that was given, or what another measure than normalized mutual information led to, is not where the images fit best:
    /// [`crate::Registration::distance_mm`].
    Elsewhere,
}

impl Doubt {
    /// A stable code, for records and programs: words joined by hyphens.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unlike => "unlike",
            Self::Blunt => "blunt",
            Self::LittleOverlap => "little-overlap",
            Self::Rival => "rival",
            Self::SidesTurned => "sides-turned",
            Self::Mirrored => "mirrored",
            Self::Torn => "torn",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// What it means, for a person: a clause without a full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unlike => "the images are hardly more alike than images that share nothing",
            Self::Blunt => "moving the result a little changes the likeness too little: no place stands out",
            Self::LittleOverlap => "little of the smaller body lies in the other image",
            Self::Rival => "another, different place fits nearly as well",
            Self::SidesTurned => "the patient's left comes to lie on the right, against what both headers say",
            Self::Mirrored => {
                "the mirror image fits as well or better: left and right may be exchanged in one of the two"
            }
            Self::Torn => {
                "parts of the body fit better elsewhere, each its own way: the images may not show the same body"
            }
            Self::Elsewhere => "the images fit better elsewhere",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
