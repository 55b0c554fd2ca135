//! Kinds of MR series.

use serde::Serialize;

/// What an MR series is, as the suffixes of BIDS tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Kind {
    /// Weighted by T1.
    T1w,
    /// Weighted by T2.
    T2w,
    /// Weighted by proton density.
    PDw,
    /// Weighted by T2 with the signal of fluid nulled.
    Flair,
    /// Weighted by T2 with the signal of fat nulled by inversion.
    Stir,
    /// Gradient echoes combined, weighted by T2*.
    T2star,
    /// Gradient echoes one by one.
    Megre,
    /// Part of a magnetization-transfer or variable-flip-angle set.
    Mts,
    /// One inversion of an MP2RAGE.
    Mp2rage,
    /// The uniform image of an MP2RAGE.
    Unit1,
    /// Map of T1.
    T1map,
    /// Map of T2.
    T2map,
    /// Map of T2*.
    T2starmap,
    /// Weighted by susceptibility.
    Swi,
    /// Angiogram.
    Angio,
    /// Function, by the blood's oxygen.
    Bold,
    /// Diffusion.
    Dwi,
    /// Map computed from diffusion (ADC, FA, trace).
    DwiMap,
    /// Single-band reference of a multi-band series.
    Sbref,
    /// Spin-echo EPI that shows distortion.
    FieldmapEpi,
    /// Field map by two gradient echoes: magnitude at the shorter echo.
    Magnitude1,
    /// Field map by two gradient echoes: magnitude at the longer echo.
    Magnitude2,
    /// Field map by two gradient echoes: difference of phase.
    Phasediff,
    /// Perfusion by labelled blood.
    Asl,
    /// Localizer.
    Localizer,
}

impl Kind {
    /// The suffix in BIDS, or a word in its manner where BIDS has none (`STIR`, `localizer`, `dwimap`).
    pub const fn bids(self) -> &'static str {
        match self {
            Self::T1w => "T1w",
            Self::T2w => "T2w",
            Self::PDw => "PDw",
            Self::Flair => "FLAIR",
            Self::Stir => "STIR",
            Self::T2star => "T2star",
            Self::Megre => "MEGRE",
            Self::Mts => "MTS",
            Self::Mp2rage => "MP2RAGE",
            Self::Unit1 => "UNIT1",
            Self::T1map => "T1map",
            Self::T2map => "T2map",
            Self::T2starmap => "T2starmap",
            Self::Swi => "swi",
            Self::Angio => "angio",
            Self::Bold => "bold",
            Self::Dwi => "dwi",
            Self::DwiMap => "dwimap",
            Self::Sbref => "sbref",
            Self::FieldmapEpi => "epi",
            Self::Magnitude1 => "magnitude1",
            Self::Magnitude2 => "magnitude2",
            Self::Phasediff => "phasediff",
            Self::Asl => "asl",
            Self::Localizer => "localizer",
        }
    }
}
