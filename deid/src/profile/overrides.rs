//! What a caller decides otherwise for single attributes.

use std::collections::BTreeMap;

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::rules::{At, Decision};

/// An attribute, wherever it stands.
///
/// Written as a keyword (`EthnicGroup`), as eight hexadecimal digits with or without a comma (`0010,2160`), or, for a private one, as group, low byte and
/// creator: `0019,23,GEMS_ACQU_01`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Attribute {
    /// One of the standard.
    Standard(Tag),
    /// A private one.
    Private {
        /// Its group, odd.
        group: u16,
        /// The low byte of its element number.
        element: u8,
        /// The creator of its block, without padding.
        creator: String,
    },
}

/// What an override does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Override {
    /// Keep as it is. A sequence is walked all the same.
    Keep,
    /// Remove what identifies from its text, keep the rest.
    Clean,
    /// Move dates by the patient's number of days.
    Shift,
    /// Replace UIDs.
    Uid,
    /// A dummy of its VR.
    Dummy,
    /// Zero length.
    Empty,
    /// Remove.
    Remove,
}

impl Override {
    /// Every decision there is.
    pub const ALL: [Self; 7] =
        [Self::Keep, Self::Clean, Self::Shift, Self::Uid, Self::Dummy, Self::Empty, Self::Remove];

    pub(crate) const fn decision(self) -> Decision {
        match self {
            Self::Keep => Decision::Retain,
            Self::Clean => Decision::Clean,
            Self::Shift => Decision::Shift,
            Self::Uid => Decision::Uid,
            Self::Dummy => Decision::Dummy,
            Self::Empty => Decision::Empty,
            Self::Remove => Decision::Remove,
        }
    }
}

/// The override for an element, if there is one.
pub(crate) fn of(overrides: &BTreeMap<Attribute, Override>, at: &At<'_>) -> Option<Override> {
    if overrides.is_empty() {
        return None;
    }
    let wanted = match at.creator {
        Some(creator) if at.is_private() => {
            Attribute::Private { group: at.tag().group(), element: at.low_byte(), creator: creator.trim().to_owned() }
        }
        _ => Attribute::Standard(at.tag()),
    };
    overrides.get(&wanted).copied()
}

impl std::str::FromStr for Attribute {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad =
            Error::BadRecord { what: "attribute", wanted: "a keyword, GGGG,EEEE or, if private, GGGG,EE,CREATOR" };
        if let Some((group, rest)) = text.split_once(',')
            && let Some((element, creator)) = rest.split_once(',')
        {
            let hexadecimal = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
            let private = (group.len() == 4 && element.len() == 2 && hexadecimal(group) && hexadecimal(element))
                .then(|| Some((u16::from_str_radix(group, 16).ok()?, u8::from_str_radix(element, 16).ok()?)))
                .flatten()
                .filter(|(group, _)| group % 2 == 1 && !creator.trim().is_empty());
            let (group, element) = private.ok_or(bad)?;
            return Ok(Self::Private { group, element, creator: creator.trim().to_owned() });
        }
        let digits: String = text.chars().filter(|c| *c != ',').collect();
        let tag = match crate::table::parse_tag(&digits) {
            Some(tag) if tag.group() % 2 == 0 => Some(tag),
            Some(_) => None,
            None => StandardDataDictionary.by_name(text).map(DataDictionaryEntry::tag),
        };
        tag.map(Self::Standard).ok_or(bad)
    }
}

impl std::fmt::Display for Attribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Standard(tag) => write!(f, "{:04X},{:04X}", tag.group(), tag.element()),
            Self::Private { group, element, creator } => write!(f, "{group:04X},{element:02X},{creator}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_named_in_three_ways() {
        let ethnic = Attribute::Standard(Tag(0x0010, 0x2160));
        for text in ["EthnicGroup", "0010,2160", "00102160"] {
            assert_eq!(text.parse::<Attribute>().unwrap(), ethnic, "{text}");
        }
        let private: Attribute = "7E01,01,HOLOGIC, Inc.".parse().unwrap();
        assert_eq!(private.to_string(), "7E01,01,HOLOGIC, Inc.");
        for text in ["", "Ethnic", "0011,1010", "0010,21", "0010,21,X", "7E01,01,", "7E01,0g,X", "0019,+1,X"] {
            assert!(text.parse::<Attribute>().is_err(), "{text}");
        }
    }
}
