//! Which elements a rule is about.

use dicom_core::{Tag, VR};

use super::names::{self, unwrapped};

/// Which elements a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    Tag(Tag),
    /// Digits that are the same: the tag under a mask.
    Masked {
        mask: u32,
        digits: u32,
    },
    /// A private element: group, low byte, creator.
    Private {
        group: u16,
        element: u8,
        creator: String,
    },
    Vr(VR),
}

impl Selector {
    /// A keyword, digits, digits with `x` for any, or a private element with its creator: `gggg[CREATOR]ee`, `gggg,"CREATOR",ee`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        names::tag_of(text).map(Self::Tag).or_else(|| private(text)).or_else(|| masked(text))
    }

    /// The same, or a VR of two letters.
    pub(super) fn parse_with_vr(text: &str) -> Option<Self> {
        let is_vr = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        is_vr.then(|| text.parse().ok().map(Self::Vr)).flatten().or_else(|| Self::parse(text))
    }

    pub(super) fn matches(&self, tag: Tag, vr: VR, creator: Option<&str>) -> bool {
        match self {
            Self::Tag(wanted) => *wanted == tag,
            Self::Masked { mask, digits } => {
                (u32::from(tag.group()) << 16 | u32::from(tag.element())) & mask == *digits
            }
            Self::Private { group, element, creator: wanted } => {
                *group == tag.group()
                    && *element == tag.element() as u8
                    && creator.is_some_and(|creator| creator.trim() == wanted)
            }
            Self::Vr(wanted) => *wanted == vr,
        }
    }
}

fn private(text: &str) -> Option<Selector> {
    let (group, rest) = unwrapped_once(text).split_at_checked(4)?;
    let rest = rest.trim().trim_start_matches(',').trim_start();
    let (creator, element) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => rest.strip_prefix('"')?.split_once('"')?,
    };
    let hexadecimal = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let element = element.trim().trim_start_matches(',').trim();
    if !hexadecimal(group) || !hexadecimal(element) || !(1..=2).contains(&element.len()) {
        return None;
    }
    let (group, element) = (u16::from_str_radix(group, 16).ok()?, u8::from_str_radix(element, 16).ok()?);
    let creator = creator.trim().to_owned();
    (group % 2 == 1 && !creator.is_empty()).then_some(Selector::Private { group, element, creator })
}

/// Without the outer brackets, where they are a pair: `0033[X]1E` has none.
fn unwrapped_once(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with(['(', '[', '{']) { unwrapped(text) } else { text }
}

fn masked(text: &str) -> Option<Selector> {
    let digits: String = unwrapped(text).chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X')) {
        return None;
    }
    let number = |map: fn(char) -> char| u32::from_str_radix(&digits.chars().map(map).collect::<String>(), 16).ok();
    let mask = number(|c| if matches!(c, 'x' | 'X') { '0' } else { 'F' })?;
    let digits = number(|c| if matches!(c, 'x' | 'X') { '0' } else { c })?;
    Some(Selector::Masked { mask, digits })
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn selectors_take_tags_masks_creators_and_vrs() {
        let matches = |text: &str, tag, creator| Selector::parse_with_vr(text).unwrap().matches(tag, VR::LO, creator);
        assert!(matches("(50xx,xxxx)", Tag(0x5012, 0x3000), None));
        assert!(matches("xxx1,xxxx", Tag(0x0021, 0x1001), None));
        assert!(!matches("xxx1,xxxx", Tag(0x0023, 0x1001), None));
        assert!(matches("0013[CTP]10", Tag(0x0013, 0x1110), Some("CTP")));
        assert!(matches("(0033,\"MITRA OBJECT 1.0\",1E)", Tag(0x0033, 0x101E), Some("MITRA OBJECT 1.0 ")));
        assert!(!matches("0013[CTP]10", Tag(0x0013, 0x1110), Some("ACME")));
        assert!(matches("LO", tags::PATIENT_ID, None) && !matches("DA", tags::PATIENT_ID, None));
        for text in ["", "Nobody", "0012[CTP]10", "0013[CTP]", "0013[]10", "xx"] {
            assert_eq!(Selector::parse_with_vr(text), None, "{text}");
        }
    }
}
