//! What the values of an MR image show.

/// What the values of an MR image show: a weighting of tissue, or a map, which is no picture of tissue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Contrast {
    /// Weighted by T1: fat and white matter bright.
    T1,
    /// Weighted by T2: fluid bright.
    T2,
    /// Weighted by T2, fluid suppressed.
    Flair,
    /// Weighted by proton density.
    Pd,
    /// Weighted by T2*.
    T2Star,
    /// Susceptibility weighted.
    Swi,
    /// Blood oxygenation.
    Bold,
    /// Diffusion weighted, traces also.
    Dwi,
    /// Arterial spin labelling.
    Asl,
    /// Vessels.
    Angio,
    /// A map: phase.
    Phase,
    /// A map: the field, in hertz.
    FieldMap,
    /// A map: the transmitted field.
    B1Map,
    /// A map: the real part.
    Real,
    /// A map: the imaginary part.
    Imaginary,
    /// A map: velocity.
    Velocity,
    /// A map: T1.
    T1Map,
    /// A map: T2.
    T2Map,
    /// A map: T2*.
    T2StarMap,
    /// A map: R2 or R2*.
    R2Map,
    /// A map: proton density.
    DensityMap,
    /// A map: something of diffusion.
    DiffusionMap,
    /// A map: apparent diffusion coefficient.
    Adc,
    /// A map: fractional anisotropy.
    Fa,
    /// A map: something of perfusion.
    PerfusionMap,
}

impl Contrast {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::T1,
        Self::T2,
        Self::Flair,
        Self::Pd,
        Self::T2Star,
        Self::Swi,
        Self::Bold,
        Self::Dwi,
        Self::Asl,
        Self::Angio,
        Self::Phase,
        Self::FieldMap,
        Self::B1Map,
        Self::Real,
        Self::Imaginary,
        Self::Velocity,
        Self::T1Map,
        Self::T2Map,
        Self::T2StarMap,
        Self::R2Map,
        Self::DensityMap,
        Self::DiffusionMap,
        Self::Adc,
        Self::Fa,
        Self::PerfusionMap,
    ];

    /// The word that recipes have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::T1 => "T1",
            Self::T2 => "T2",
            Self::Flair => "FLAIR",
            Self::Pd => "PD",
            Self::T2Star => "T2STAR",
            Self::Swi => "SWI",
            Self::Bold => "BOLD",
            Self::Dwi => "DWI",
            Self::Asl => "ASL",
            Self::Angio => "ANGIO",
            Self::Phase => "PHASE",
            Self::FieldMap => "FIELDMAP",
            Self::B1Map => "B1MAP",
            Self::Real => "REAL",
            Self::Imaginary => "IMAGINARY",
            Self::Velocity => "VELOCITY",
            Self::T1Map => "T1MAP",
            Self::T2Map => "T2MAP",
            Self::T2StarMap => "T2STARMAP",
            Self::R2Map => "R2MAP",
            Self::DensityMap => "DENSITYMAP",
            Self::DiffusionMap => "DIFFUSIONMAP",
            Self::Adc => "ADC",
            Self::Fa => "FA",
            Self::PerfusionMap => "PERFUSIONMAP",
        }
    }

    /// The contrast of such a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contrast| contrast.name() == name)
    }

    /// Whether the values are no signal of tissue but angles, hertz, millimetres a second: nothing is registered to them, and
    /// intensity steps that are meant for MR do not touch them.
    pub const fn is_map(self) -> bool {
        !matches!(
            self,
            Self::T1
                | Self::T2
                | Self::Flair
                | Self::Pd
                | Self::T2Star
                | Self::Swi
                | Self::Bold
                | Self::Dwi
                | Self::Asl
                | Self::Angio
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_say_which_is_a_map() {
        for contrast in Contrast::ALL {
            assert_eq!(Contrast::named(contrast.name()), Some(contrast));
        }
        assert_eq!((Contrast::named("t1"), Contrast::named("")), (None, None));
        assert!(Contrast::FieldMap.is_map() && !Contrast::Flair.is_map());
    }
}
