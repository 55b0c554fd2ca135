//! What is to be done with one element: a function of IOD, path, tag, VR and options.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use crate::profile::{Profile, ProfileOption};
use crate::table::attributes::{self, Code, Relaxed, Row};
use crate::table::iod::{self, Iod, Type};
use crate::table::{self, retained};

/// What is to be done with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It stays; short text is searched for known values, a sequence is walked.
    Keep,
    /// It stays although the Basic Profile would not have it: an option retains it.
    Retain,
    Remove,
    /// Unknown: removed too, said apart.
    RemoveUnknown,
    Empty,
    /// A dummy of its VR; a sequence is walked, and what identifies in it replaced.
    Dummy,
    Uid,
    /// A date moves, a time stays.
    Shift,
    /// Free text that no table lists.
    EmptyText,
    /// Text that must have a value.
    DummyText,
    /// A tracking id and the like: distinct values stay distinct.
    TokenText,
}

/// Decides. `path` is that of the element, for the types of the IOD.
pub(super) fn decide(profile: &Profile, iod: Option<Iod>, path: &[Tag], tag: Tag, vr: VR) -> Decision {
    if let Some(decision) = by_group(tag) {
        return decision;
    }
    if let Some(row) = attributes::row(tag) {
        return by_option(profile, row, vr).unwrap_or_else(|| by_code(row.code, iod, path, vr));
    }
    unlisted(profile, tag, vr)
}

fn by_group(tag: Tag) -> Option<Decision> {
    let (group, element) = (tag.group(), tag.element());
    match group {
        // Private; command, meta and directory groups; curves; overlays, which are no overlay without their data.
        _ if group % 2 == 1 && group != 0xFFFC => Some(Decision::Remove),
        0x0000..=0x0007 | 0x5000..=0x50FF | 0x6000..=0x60FF => Some(Decision::Remove),
        // Group lengths are retired and would be wrong.
        _ if element == 0 => Some(Decision::Remove),
        _ => None,
    }
}

fn by_option(profile: &Profile, row: &Row, vr: VR) -> Option<Decision> {
    if row.patient == Some(Relaxed::Keep) && profile.has(ProfileOption::RetainPatientCharacteristics) {
        return Some(Decision::Retain);
    }
    if row.dates == Some(Relaxed::Clean) && profile.has(ProfileOption::RetainLongitudinalModifiedDates) {
        return match vr {
            VR::DA | VR::DT => Some(Decision::Shift),
            // Times of day do not change.
            VR::TM => Some(Decision::Retain),
            _ => None,
        };
    }
    None
}

fn by_code(code: Code, iod: Option<Iod>, path: &[Tag], vr: VR) -> Decision {
    // The type that the IOD gives it: `None` where the IOD is not known, `Some(None)` where it has no place for it.
    let found = iod.map(|iod| type_at(iod, path));
    let strictest = Some(Some(Type::One));
    match code {
        Code::D => Decision::Dummy,
        Code::Z => Decision::Empty,
        Code::U => Decision::Uid,
        // Three rows are X although some IODs need them: those stay conformant.
        Code::X => match found {
            Some(Some(Type::One)) => Decision::Dummy,
            Some(Some(Type::Two)) => Decision::Empty,
            _ => Decision::Remove,
        },
        Code::ZOrD => match found.or(strictest) {
            Some(Some(Type::One)) => Decision::Dummy,
            _ => Decision::Empty,
        },
        Code::XOrZ | Code::XOrD | Code::XzOrD | Code::XzOrU => match found.or(strictest) {
            // References with mapped UIDs tell nothing, and an object without them is hard to use: kept where they have a place
            // that is not optional.
            Some(Some(Type::One | Type::Two)) if code == Code::XzOrU && vr == VR::SQ => Decision::Keep,
            Some(Some(Type::One)) => Decision::Dummy,
            Some(Some(Type::Two)) => Decision::Empty,
            _ => Decision::Remove,
        },
    }
}

/// The type at a path. Content items nest without end, the facts hold a few levels: deeper ones count as the first.
fn type_at(iod: Iod, path: &[Tag]) -> Option<Type> {
    let text = |tags: &[Tag]| {
        tags.iter().map(|t| format!("{:04X}{:04X}", t.group(), t.element())).collect::<Vec<_>>().join(".")
    };
    iod::type_of(iod, &text(path)).or_else(|| {
        let mut shorter = path.to_vec();
        shorter.dedup();
        (shorter.len() < path.len()).then(|| iod::type_of(iod, &text(&shorter)))?
    })
}

fn unlisted(profile: &Profile, tag: Tag, vr: VR) -> Decision {
    if table::dictionary(tag).is_none() {
        return Decision::RemoveUnknown;
    }
    if retained::ALSO_REMOVED.contains(&tag) {
        return Decision::Remove;
    }
    match vr {
        _ if retained::FREE_TEXT_KEPT.contains(&tag) => Decision::Keep,
        VR::PN => Decision::Empty,
        VR::DA | VR::DT if profile.has(ProfileOption::RetainLongitudinalModifiedDates) => Decision::Shift,
        VR::TM if profile.has(ProfileOption::RetainLongitudinalModifiedDates) => Decision::Keep,
        VR::DA | VR::DT | VR::TM => Decision::Dummy,
        VR::UI => Decision::Uid,
        VR::LT | VR::ST | VR::UT | VR::UC if retained::FREE_TEXT_REQUIRED.contains(&tag) => Decision::DummyText,
        VR::UT if tag == tags::TRACKING_ID => Decision::TokenText,
        VR::LT | VR::ST | VR::UT | VR::UC => Decision::EmptyText,
        VR::UR | VR::AE => Decision::Remove,
        VR::UN => Decision::RemoveUnknown,
        // Bytes that are pixels, curves of a waveform, tables or a colour profile; anything else in OB may be text.
        VR::OB if !matches!(tag.group(), 0x0014 | 0x0022 | 0x0028 | 0x0070 | 0x5400 | 0x7FE0) => {
            Decision::RemoveUnknown
        }
        _ => Decision::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(class: &str, tag: Tag, vr: VR) -> Decision {
        decide(&Profile::basic(), iod::of_class(class), &[tag], tag, vr)
    }

    const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
    const PET: &str = "1.2.840.10008.5.1.4.1.1.128";
    const GSPS: &str = "1.2.840.10008.5.1.4.1.1.11.1";
    const RT_PLAN: &str = "1.2.840.10008.5.1.4.1.1.481.5";

    #[test]
    fn compound_codes_follow_the_type_in_the_iod() {
        assert_eq!(basic(CT, tags::SERIES_DATE, VR::DA), Decision::Remove); // type 3
        assert_eq!(basic(PET, tags::SERIES_DATE, VR::DA), Decision::Dummy); // type 1
        assert_eq!(basic(PET, tags::ACQUISITION_DATE, VR::DA), Decision::Empty); // type 2
        assert_eq!(basic("1.2.3", tags::SERIES_DATE, VR::DA), Decision::Dummy); // a private class: valid either way
    }

    #[test]
    fn conflicts_are_resolved_toward_conformance() {
        assert_eq!(basic(GSPS, tags::PRESENTATION_CREATION_DATE, VR::DA), Decision::Dummy); // X, but type 1
        assert_eq!(basic(CT, tags::PRESENTATION_CREATION_DATE, VR::DA), Decision::Remove);
        assert_eq!(basic(RT_PLAN, tags::RT_PLAN_DATE, VR::DA), Decision::Empty); // X/D, but type 2
    }

    #[test]
    fn what_no_table_lists_is_not_trusted() {
        assert_eq!(basic(CT, Tag(0x0018, 0x1FF2), VR::LO), Decision::RemoveUnknown);
        assert_eq!(basic(CT, Tag(0x0040, 0xA067), VR::PN), Decision::Empty);
        assert_eq!(basic(CT, tags::DOCUMENT_TITLE, VR::ST), Decision::EmptyText);
        assert_eq!(basic(CT, tags::CODING_SCHEME_NAME, VR::ST), Decision::Keep);
        assert_eq!(basic(CT, Tag(0x0009, 0x0010), VR::LO), Decision::Remove);
        assert_eq!(basic(CT, Tag(0x6002, 0x0022), VR::LO), Decision::Remove);
        assert_eq!(basic(CT, Tag(0xFFFC, 0xFFFC), VR::OB), Decision::Remove);
        assert_eq!(basic(CT, tags::REFERENCED_SOP_CLASS_UID, VR::UI), Decision::Uid); // DICOM's own do not change
        assert_eq!(basic(CT, Tag(0x0018, 0x991E), VR::UI), Decision::Uid);
    }
}
