//! The words of BIDS for a series.

use std::fmt;

/// The folder of BIDS that a series belongs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Datatype {
    /// Anatomy.
    Anat,
    /// A series in time that shows function.
    Func,
    /// Diffusion weighted.
    Dwi,
    /// What a field is mapped with.
    Fmap,
    /// Perfusion.
    Perf,
    /// Positron emission tomography.
    Pet,
    /// Computed tomography, for which BIDS has no folder yet.
    Ct,
}

impl Datatype {
    /// The name of the folder.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Anat => "anat",
            Self::Func => "func",
            Self::Dwi => "dwi",
            Self::Fmap => "fmap",
            Self::Perf => "perf",
            Self::Pet => "pet",
            Self::Ct => "ct",
        }
    }
}

/// What a file's name ends with; printed, it is the suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Suffix {
    /// Weighted by T1.
    T1w,
    /// Weighted by T2.
    T2w,
    /// Fluid suppressed.
    Flair,
    /// Weighted by proton density.
    PDw,
    /// Weighted by T2*.
    T2starw,
    /// Several gradient echoes.
    Megre,
    /// One inversion of two.
    Mp2rage,
    /// What two inversions give together.
    Unit1,
    /// A map of T1.
    T1map,
    /// Vessels.
    Angio,
    /// Diffusion weighted.
    Dwi,
    /// The single-band reference of a multi-band series.
    Sbref,
    /// Blood oxygenation.
    Bold,
    /// Arterial spin labelling.
    Asl,
    /// The equilibrium magnetization of an arterial spin labelling.
    M0scan,
    /// A spin echo, planar, whose distortion maps the field.
    Epi,
    /// The magnitude that goes with a field map, by the number of its echo where it has one.
    Magnitude(Option<i64>),
    /// The difference of two phases.
    Phasediff,
    /// The field.
    Fieldmap,
    /// The transmitted field, by a turbo flash.
    Tb1tfl,
    /// Positron emission tomography.
    Pet,
    /// Computed tomography.
    Ct,
    /// What only serves to place other series, which BIDS does not keep.
    Localizer,
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::T1w => "T1w",
            Self::T2w => "T2w",
            Self::Flair => "FLAIR",
            Self::PDw => "PDw",
            Self::T2starw => "T2starw",
            Self::Megre => "MEGRE",
            Self::Mp2rage => "MP2RAGE",
            Self::Unit1 => "UNIT1",
            Self::T1map => "T1map",
            Self::Angio => "angio",
            Self::Dwi => "dwi",
            Self::Sbref => "sbref",
            Self::Bold => "bold",
            Self::Asl => "asl",
            Self::M0scan => "m0scan",
            Self::Epi => "epi",
            Self::Magnitude(None) => "magnitude",
            Self::Magnitude(Some(echo)) => return write!(f, "magnitude{echo}"),
            Self::Phasediff => "phasediff",
            Self::Fieldmap => "fieldmap",
            Self::Tb1tfl => "TB1TFL",
            Self::Pet => "pet",
            Self::Ct => "ct",
            Self::Localizer => "localizer",
        })
    }
}
