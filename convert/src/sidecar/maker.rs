//! Who built the scanner.

use isocenter_dcm::{Tag, tags};

use super::header::Header;
use crate::facts::meta;

/// A maker whose private elements are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Siemens,
    Ge,
    Philips,
    UnitedImaging,
    Canon,
    /// One whose private elements are not read.
    Other,
}

impl Maker {
    /// By Manufacturer (0008,0070), or by whose private elements there are.
    pub(super) fn of(header: &Header<'_>) -> Option<Self> {
        let stated = header.string(tags::MANUFACTURER);
        let by_name = stated.and_then(|name| name_of(&name)).map(|name| match name {
            "Siemens" => Self::Siemens,
            "GE" => Self::Ge,
            "Philips" => Self::Philips,
            "UIH" => Self::UnitedImaging,
            "Canon" | "Toshiba" => Self::Canon,
            _ => Self::Other,
        });
        by_name.or_else(|| {
            let has = |group, creator: &str| header.string(Tag(group, 0x10)).is_some_and(|c| c.starts_with(creator));
            [
                (0x0029, "SIEMENS CSA", Self::Siemens),
                (0x0019, "SIEMENS MR", Self::Siemens),
                (0x0019, "GEMS_", Self::Ge),
                (0x2001, "Philips Imaging", Self::Philips),
            ]
            .into_iter()
            .find_map(|(group, creator, maker)| has(group, creator).then_some(maker))
        })
    }
}

/// The name that sidecars have for a maker.
pub(super) fn name_of(stated: &str) -> Option<&'static str> {
    // CPS built scanners for Siemens
    if stated.starts_with("CPS") {
        return Some("Siemens");
    }
    meta::maker(stated).map(|name| if name == "MR Solutions" { "MRSolutions" } else { name })
}
