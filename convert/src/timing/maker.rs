//! Whose scanner it was.

use isocenter_dcm::{Dataset, tags, value};

/// The maker of a scanner whose private elements are read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Siemens,
    Ge,
    Philips,
    UnitedImaging,
    Other,
}

impl Maker {
    /// By Manufacturer (0008,0070), as its first letters have always been; else by the creators of private blocks that only one maker has.
    pub(super) fn of(dataset: &Dataset) -> Self {
        let name = value::string(dataset, tags::MANUFACTURER).unwrap_or_default().to_ascii_uppercase();
        let named = NAMES.iter().find(|(start, _)| name.starts_with(start));
        if let Some((_, maker)) = named {
            return *maker;
        }
        let own = |group: u16, creator: &str| value::private_tag(dataset, group, creator, 0).is_some();
        match () {
            () if own(0x0029, "SIEMENS CSA HEADER") || own(0x0019, "SIEMENS MR HEADER") => Self::Siemens,
            () if own(0x0043, "GEMS_PARM_01") => Self::Ge,
            () if own(0x2001, "Philips Imaging DD 001") => Self::Philips,
            () if own(0x0065, "Image Private Header") => Self::UnitedImaging,
            () => Self::Other,
        }
    }
}

const NAMES: [(&str, Maker); 6] = [
    ("SIEMENS", Maker::Siemens),
    ("GE", Maker::Ge),
    ("PHILIPS", Maker::Philips),
    ("UIH", Maker::UnitedImaging),
    ("UNITED IMAGING", Maker::UnitedImaging),
    ("SHANGHAI UNITED", Maker::UnitedImaging),
];
