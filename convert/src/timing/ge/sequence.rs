//! Which of GE's echo planar sequences it was.

use super::{
    super::scan::Scan,
    elements::{acquired, parameter},
    protocol::Block,
};

/// What plays an echo planar scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequence {
    /// `epi` with the multi-phase option.
    MultiPhase,
    /// `epiRT`, functional imaging.
    RealTime,
    /// `epi2`, diffusion.
    Diffusion,
    /// The research sequence that changes polarity.
    Pepolar,
}

impl Sequence {
    /// By Pulse Sequence Name (0019,xx9C), Internal Pulse Sequence Name (0019,xx9E), a group delay (0043,xx7C) which only functional imaging
    /// has, else by the options of the protocol.
    pub(super) fn of(scan: &Scan<'_>, block: Option<&Block>) -> Option<Self> {
        let name = scan.own_text(acquired(0x9C)).unwrap_or_default();
        let internal = scan.own_text(acquired(0x9E)).unwrap_or_default();
        let option = |word: &str| block.and_then(|block| block.text("IOPT")).is_some_and(|all| all.contains(word));
        match () {
            () if name.contains("epi_pepolar") => Some(Self::Pepolar),
            () if scan.own_number(parameter(0x7C)).is_some() || name.contains("epiRT") => Some(Self::RealTime),
            () if option("FMRI") => Some(Self::RealTime),
            () if is_epi2(scan) => Some(Self::Diffusion),
            () if name.contains("epi") || internal == "EPI" || option("MPh") => Some(Self::MultiPhase),
            () if option("DIFF") => Some(Self::Diffusion),
            () => None,
        }
    }
}

/// Whether its names, (0019,xx9C) and (0019,xx9E), are those of the sequence for diffusion.
pub(super) fn is_epi2(scan: &Scan<'_>) -> bool {
    scan.own_text(acquired(0x9C)).is_some_and(|name| name.contains("epi2"))
        || scan.own_text(acquired(0x9E)).is_some_and(|name| name == "EPI2")
}
