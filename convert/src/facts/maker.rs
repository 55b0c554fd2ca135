//! Whose scanner it was: who says what a private element means.

use isocenter_dcm::{Dataset, tags, value};

use super::meta;

/// A maker whose private elements are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    Siemens,
    Ge,
    Philips,
    UnitedImaging,
    Canon,
    Bruker,
    /// One whose private elements are not read.
    Other,
}

impl Maker {
    /// By Manufacturer (0008,0070) of the top level; where that names no known maker, by the creators of private blocks that only one
    /// maker has. `None` where neither tells.
    pub(crate) fn of(dataset: &Dataset) -> Option<Self> {
        let stated = value::string(dataset, tags::MANUFACTURER);
        stated.as_deref().and_then(name_of).map(Self::named).or_else(|| {
            let has =
                |(group, creator, _): &&(u16, &str, Self)| value::private_tag(dataset, *group, creator, 0).is_some();
            CREATORS.iter().find(has).map(|(.., maker)| *maker)
        })
    }

    fn named(name: &str) -> Self {
        match name {
            "Siemens" => Self::Siemens,
            "GE" => Self::Ge,
            "Philips" => Self::Philips,
            "UIH" => Self::UnitedImaging,
            "Canon" | "Toshiba" => Self::Canon,
            "Bruker" => Self::Bruker,
            _ => Self::Other,
        }
    }
}

/// The name that sidecars have for a maker.
pub(crate) fn name_of(stated: &str) -> Option<&'static str> {
    // CPS built scanners for Siemens
    if stated.starts_with("CPS") {
        return Some("Siemens");
    }
    meta::maker(stated).map(|name| if name == "MR Solutions" { "MRSolutions" } else { name })
}

/// Creators of private blocks, with their groups.
const CREATORS: [(u16, &str, Maker); 11] = [
    (0x0019, "SIEMENS MR HEADER", Maker::Siemens),
    (0x0029, "SIEMENS CSA HEADER", Maker::Siemens),
    (0x0021, "SIEMENS MR SDS 01", Maker::Siemens),
    (0x0021, "SIEMENS MR SDI 02", Maker::Siemens),
    (0x0043, "GEMS_PARM_01", Maker::Ge),
    (0x0019, "GEMS_ACQU_01", Maker::Ge),
    (0x0009, "GEMS_PETD_01", Maker::Ge),
    (0x2001, "Philips Imaging DD 001", Maker::Philips),
    (0x2005, "Philips MR Imaging DD 001", Maker::Philips),
    (0x7053, "Philips PET Private Group", Maker::Philips),
    (0x0065, "Image Private Header", Maker::UnitedImaging),
];

#[cfg(test)]
mod tests {
    use isocenter_dcm::VR;

    use super::*;

    fn of(name: Option<&str>, creator: Option<(u16, &str)>) -> Option<Maker> {
        let mut ds = Dataset::new_empty();
        if let Some(name) = name {
            ds.put(isocenter_dcm::dicom_core::DataElement::new(
                tags::MANUFACTURER,
                VR::LO,
                isocenter_dcm::dicom_core::PrimitiveValue::from(name),
            ));
        }
        if let Some((group, creator)) = creator {
            value::put_private(&mut ds, group, creator, 0x01, VR::LO, "1").unwrap();
        }
        Maker::of(&ds)
    }

    #[test]
    fn the_name_says_whose_it_is() {
        for (name, maker) in [
            ("SIEMENS", Maker::Siemens),
            ("CPS", Maker::Siemens),
            ("GE MEDICAL SYSTEMS", Maker::Ge),
            ("Philips Healthcare", Maker::Philips),
            ("UIH", Maker::UnitedImaging),
            ("SHANGHAI UNITED IMAGING HEALTHCARE", Maker::UnitedImaging),
            ("TOSHIBA_MEC", Maker::Canon),
            ("Bruker BioSpin MRI GmbH", Maker::Bruker),
            ("Hitachi Medical Corporation", Maker::Other),
        ] {
            assert_eq!(of(Some(name), None), Some(maker), "{name}");
            // a block that somebody copied changes nothing
            assert_eq!(of(Some(name), Some((0x0043, "GEMS_PARM_01"))), Some(maker), "{name}");
        }
    }

    #[test]
    fn without_a_name_that_is_known_the_creators_do() {
        for (group, creator, maker) in CREATORS {
            assert_eq!(of(None, Some((group, creator))), Some(maker), "{creator}");
            assert_eq!(of(Some("Somebody"), Some((group, creator))), Some(maker), "{creator}");
        }
        assert_eq!((of(None, None), of(Some("Somebody"), Some((0x0043, "OTHER")))), (None, None));
    }
}
