//! The Basic Profile and its options as rules.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use isocenter_dcm::value;

use super::{At, Decision, Rules};
use crate::profile::{Attribute, Override, Profile, ProfileOption, override_of};
use crate::table::attributes::{self, Code, Relaxed, Row};
use crate::table::concepts::{self, Listed};
use crate::table::iod::{self, Iod, Type};
use crate::table::{self, private, retained};

/// The values of a content item.
const VALUES: [Tag; 8] = [
    tags::TEXT_VALUE,
    tags::PERSON_NAME,
    tags::DATE,
    tags::TIME,
    tags::DATE_TIME,
    tags::UID,
    tags::CONCEPT_CODE_SEQUENCE,
    tags::MEASURED_VALUE_SEQUENCE,
];
/// Code of a subject's age (DCM, NUM), in years.
const SUBJECT_AGE: &str = "121033";

impl Rules for Profile {
    /// By override, by group, by the concept of a content item, by the options for its row of Table E.1-1, by the row's code, and
    /// for what the table does not list as [`Deidentifier`](crate::Deidentifier) says.
    fn decide(&self, at: &At<'_>) -> Decision {
        if let Some(wanted) = override_of(self.overrides(), at) {
            return wanted.decision();
        }
        if at.is_private() {
            return self.private(at);
        }
        if let Some(decision) = self.by_group(at) {
            return decision;
        }
        if let Some(decision) = self.by_concept(at) {
            return decision;
        }
        match attributes::row(at.tag()) {
            Some(row) => self.by_option(row, at).unwrap_or_else(|| by_code(row.code, at)),
            None => self.unlisted(at),
        }
    }
}

impl Profile {
    /// What an override or an option decides of an attribute that the table lists; `None` where the code of its row does.
    pub(crate) fn relaxed(&self, at: &At<'_>) -> Option<Decision> {
        let wanted = override_of(self.overrides(), at).map(Override::decision);
        wanted.or_else(|| self.by_option(attributes::row(at.tag())?, at))
    }

    fn private(&self, at: &At<'_>) -> Decision {
        let Some(creator) = at.creator.filter(|_| self.has(ProfileOption::RetainSafePrivate)) else {
            return Decision::Remove;
        };
        let listed = private::safe(creator, at.tag().group(), at.low_byte());
        if !at.declared_safe.unwrap_or(listed.is_some()) {
            return Decision::Remove;
        }
        match at.vr {
            VR::DA | VR::DT | VR::TM => self.dates(at.vr).unwrap_or(Decision::Remove),
            VR::UI if self.has(ProfileOption::RetainUids) => Decision::Retain,
            VR::UI => Decision::Uid,
            VR::PN => Decision::Remove,
            vr if is_cleanable(vr) => Decision::Clean,
            // bytes that only the instance itself calls safe may be anything
            VR::OB | VR::UN if !listed.is_some_and(|vrs| vrs.contains(&VR::OB) || vrs.contains(&VR::UN)) => {
                Decision::Remove
            }
            _ => Decision::Keep,
        }
    }

    fn by_group(&self, at: &At<'_>) -> Option<Decision> {
        let (group, element) = (at.tag().group(), at.tag().element());
        match group {
            // Command, meta and directory groups.
            0x0000..=0x0007 => Some(Decision::Remove),
            // Group lengths are retired and would be wrong.
            _ if element == 0 => Some(Decision::Remove),
            // Curves, retired: nobody can tell a label in them from a point.
            0x5000..=0x50FF => Some(Decision::Remove),
            // Overlays, which are no overlay without their data.
            0x6000..=0x60FF if !self.has(ProfileOption::CleanGraphics) => Some(Decision::Remove),
            0x6000..=0x60FF if element == 0x3000 => Some(Decision::CleanOverlay),
            0x6000..=0x60FF if is_cleanable(at.vr) => Some(Decision::Clean),
            0x6000..=0x60FF => Some(Decision::Keep),
            _ => None,
        }
    }

    fn by_concept(&self, at: &At<'_>) -> Option<Decision> {
        let concept = at.concept.filter(|_| VALUES.contains(&at.tag()))?;
        let listed = concepts::listed(&concept.code, &concept.scheme, &concept.value_type)?;
        if self.retains(listed) {
            // a subject's age in years: HIPAA 164.514(b)(2)(i)(C)
            let old = concept.code == SUBJECT_AGE && number(at).is_some_and(|years| years > 89.0);
            return Some(if old { Decision::Dummy } else { Decision::Retain });
        }
        if listed.dates
            && let Some(decision) = self.dates(at.vr)
        {
            return Some(decision);
        }
        if listed.descriptor && self.has(ProfileOption::CleanDescriptors) && is_cleanable(at.vr) {
            return Some(Decision::Clean);
        }
        Some(match at.tag() {
            tags::TEXT_VALUE => Decision::DummyText,
            tags::UID => Decision::Uid,
            _ => Decision::Dummy,
        })
    }

    fn retains(&self, listed: &Listed) -> bool {
        (listed.uids && self.has(ProfileOption::RetainUids))
            || (listed.device && self.has(ProfileOption::RetainDeviceIdentity))
            || (listed.institution && self.has(ProfileOption::RetainInstitutionIdentity))
            || (listed.patient && self.has(ProfileOption::RetainPatientCharacteristics))
    }

    /// What the options do with a date or a time of day; `None` where none is retained.
    fn dates(&self, vr: VR) -> Option<Decision> {
        let modified = self.has(ProfileOption::RetainLongitudinalModifiedDates);
        match vr {
            VR::DA | VR::DT if modified => Some(Decision::Shift),
            // Times of day do not change.
            VR::DA | VR::DT | VR::TM if modified || self.has(ProfileOption::RetainLongitudinalFullDates) => {
                Some(Decision::Retain)
            }
            _ => None,
        }
    }

    /// Whether an option keeps what a row is about as it is; dates apart.
    fn keeps(&self, row: &Row) -> bool {
        use ProfileOption as O;
        (row.uids && self.has(O::RetainUids))
            || (row.institution && self.has(O::RetainInstitutionIdentity))
            || (row.device == Some(Relaxed::Keep) && self.has(O::RetainDeviceIdentity))
            || (row.patient == Some(Relaxed::Keep) && self.has(O::RetainPatientCharacteristics))
    }

    /// Whether the value of an attribute of the standard, by its keyword, may stand in what is written.
    pub(crate) fn retains_keyword(&self, keyword: &str) -> bool {
        let Some(tag) = StandardDataDictionary.by_name(keyword).map(|entry| entry.tag()) else { return false };
        let kept = self.overrides().get(&Attribute::Standard(tag)) == Some(&Override::Keep);
        // an offset from UTC stays with the times that it belongs to; dates are looked at one by one
        let is_offset = |row: &Row| row.dates && is_short_text(tag) && self.dates(VR::TM).is_some();
        kept || attributes::row(tag).is_some_and(|row| self.keeps(row) || is_offset(row))
    }

    fn by_option(&self, row: &Row, at: &At<'_>) -> Option<Decision> {
        use ProfileOption as O;
        if row.dates {
            let found = self.dates(at.vr).or_else(|| {
                // an offset from UTC
                self.dates(VR::TM).filter(|_| at.vr == VR::SH)
            });
            if found.is_some() {
                return found;
            }
        }
        if self.keeps(row) {
            return Some(Decision::Retain);
        }
        if row.device == Some(Relaxed::Clean) && self.has(O::RetainDeviceIdentity) {
            // AE titles: one of similar meaning is any other
            return Some(Decision::Dummy);
        }
        let clean = (row.patient == Some(Relaxed::Clean) && self.has(O::RetainPatientCharacteristics))
            || (row.descriptor && self.has(O::CleanDescriptors))
            || (row.structured && self.has(O::CleanStructuredContent))
            || (row.graphics && self.has(O::CleanGraphics))
            || (at.tag() == tags::UNFORMATTED_TEXT_VALUE && self.cleans_around(at));
        (clean && (at.vr == VR::SQ || is_cleanable(at.vr))).then_some(Decision::Clean)
    }

    /// Whether it stands in a sequence whose text an option cleans.
    fn cleans_around(&self, at: &At<'_>) -> bool {
        at.path.iter().any(|sequence| {
            attributes::row(*sequence).is_some_and(|row| {
                (row.structured && self.has(ProfileOption::CleanStructuredContent))
                    || (row.graphics && self.has(ProfileOption::CleanGraphics))
            })
        })
    }

    fn unlisted(&self, at: &At<'_>) -> Decision {
        let (tag, vr) = (at.tag(), at.vr);
        if table::dictionary(tag).is_none() {
            return Decision::RemoveUnknown;
        }
        if retained::ALSO_REMOVED.contains(&tag) {
            return Decision::Remove;
        }
        let cleans = || self.has(ProfileOption::CleanDescriptors) || self.cleans_around(at);
        match vr {
            _ if retained::FREE_TEXT_KEPT.contains(&tag) => Decision::Keep,
            // PN of animals' owners and the like is listed; what is not gets the same.
            VR::PN => Decision::Empty,
            VR::DA | VR::DT | VR::TM => self.dates(vr).unwrap_or(Decision::Dummy),
            VR::UI if self.has(ProfileOption::RetainUids) => Decision::Keep,
            VR::UI => Decision::Uid,
            VR::UT if tag == tags::TRACKING_ID => Decision::TokenText,
            VR::LT | VR::ST | VR::UT | VR::UC if cleans() => Decision::Clean,
            VR::LT | VR::ST | VR::UT | VR::UC if retained::FREE_TEXT_REQUIRED.contains(&tag) => Decision::DummyText,
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
}

fn is_short_text(tag: Tag) -> bool {
    table::dictionary(tag).is_some_and(|(vr, _)| vr == VR::SH)
}

/// Text of which a part can go and the rest stay.
const fn is_cleanable(vr: VR) -> bool {
    matches!(vr, VR::LO | VR::SH | VR::ST | VR::LT | VR::UT | VR::UC | VR::CS)
}

/// The first number of a measured value.
fn number(at: &At<'_>) -> Option<f64> {
    value::f64(at.element.value().items()?.first()?, tags::NUMERIC_VALUE)
}

fn by_code(code: Code, at: &At<'_>) -> Decision {
    // The type that the IOD gives it: `None` where the IOD is not known, `Some(None)` where it has no place for it.
    let found = at.iod.map(|iod| type_at(iod, at.path));
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
            Some(Some(Type::One | Type::Two)) if code == Code::XzOrU && at.vr == VR::SQ => Decision::Keep,
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

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;
    use dicom_core::value::PrimitiveValue;

    use super::super::Concept;
    use super::*;

    fn decide(profile: &Profile, class: &str, path: &[Tag], vr: VR, concept: Option<&Concept>) -> Decision {
        let tag = path[path.len() - 1];
        let creator = (tag.group() % 2 == 1).then_some("GEMS_ACQU_01");
        let element = DataElement::new(tag, vr, PrimitiveValue::Empty);
        let iod = iod::of_class(class);
        profile.decide(&At {
            sop_class: class,
            path,
            items: &[],
            vr,
            creator,
            concept,
            declared_safe: None,
            element: &element,
            iod,
        })
    }

    fn basic(class: &str, tag: Tag, vr: VR) -> Decision {
        decide(&Profile::basic(), class, &[tag], vr, None)
    }

    fn with(options: &[ProfileOption], path: &[Tag], vr: VR) -> Decision {
        let profile = options.iter().fold(Profile::basic(), |profile, option| profile.with(*option));
        decide(&profile, CT, path, vr, None)
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
        assert_eq!(basic(CT, Tag(0x0009, 0x1010), VR::LO), Decision::Remove);
        assert_eq!(basic(CT, Tag(0x6002, 0x0022), VR::LO), Decision::Remove);
        assert_eq!(basic(CT, Tag(0xFFFC, 0xFFFC), VR::OB), Decision::Remove);
        assert_eq!(basic(CT, tags::REFERENCED_SOP_CLASS_UID, VR::UI), Decision::Uid); // DICOM's own do not change
        assert_eq!(basic(CT, Tag(0x0018, 0x991E), VR::UI), Decision::Uid);
    }

    #[test]
    fn each_option_relaxes_its_own_rows() {
        use ProfileOption as O;
        for (option, tag, vr, wanted) in [
            (O::RetainUids, tags::STUDY_INSTANCE_UID, VR::UI, Decision::Retain),
            (O::RetainDeviceIdentity, tags::DEVICE_SERIAL_NUMBER, VR::LO, Decision::Retain),
            (O::RetainDeviceIdentity, tags::STATION_AE_TITLE, VR::AE, Decision::Dummy),
            (O::RetainInstitutionIdentity, tags::INSTITUTION_NAME, VR::LO, Decision::Retain),
            (O::RetainPatientCharacteristics, tags::PATIENT_SEX, VR::CS, Decision::Retain),
            (O::RetainPatientCharacteristics, tags::ALLERGIES, VR::LO, Decision::Clean),
            (O::RetainLongitudinalFullDates, tags::STUDY_DATE, VR::DA, Decision::Retain),
            (O::RetainLongitudinalFullDates, tags::TIMEZONE_OFFSET_FROM_UTC, VR::SH, Decision::Retain),
            (O::RetainLongitudinalModifiedDates, tags::STUDY_DATE, VR::DA, Decision::Shift),
            (O::RetainLongitudinalModifiedDates, tags::STUDY_TIME, VR::TM, Decision::Retain),
            (O::CleanDescriptors, tags::SERIES_DESCRIPTION, VR::LO, Decision::Clean),
            (O::CleanDescriptors, tags::REQUEST_ATTRIBUTES_SEQUENCE, VR::SQ, Decision::Clean),
            (O::CleanDescriptors, tags::FRAME_COMMENTS, VR::LT, Decision::Clean),
            (O::CleanStructuredContent, tags::CONTENT_SEQUENCE, VR::SQ, Decision::Clean),
            (O::CleanGraphics, Tag(0x6002, 0x3000), VR::OW, Decision::CleanOverlay),
            (O::CleanGraphics, Tag(0x6002, 0x0022), VR::LO, Decision::Clean),
            (O::CleanGraphics, tags::GRAPHIC_ANNOTATION_SEQUENCE, VR::SQ, Decision::Clean),
            (O::RetainSafePrivate, Tag(0x0019, 0x1023), VR::DS, Decision::Keep),
        ] {
            assert_eq!(with(&[option], &[tag], vr), wanted, "{option:?} {tag}");
            for other in O::ALL {
                let same = [other, option]
                    .iter()
                    .all(|o| matches!(o, O::RetainLongitudinalFullDates | O::RetainLongitudinalModifiedDates));
                // allergies are a descriptor too
                if other != option && !same && !(tag == tags::ALLERGIES && other == O::CleanDescriptors) {
                    assert_eq!(with(&[other], &[tag], vr), with(&[], &[tag], vr), "{other:?} {tag}");
                }
            }
        }
        // what is not on the list goes
        assert_eq!(with(&[O::RetainSafePrivate], &[Tag(0x0019, 0x10FE)], VR::DS), Decision::Remove);
        // a calibration date is the device's, and a date
        let calibrated = [tags::DATE_OF_LAST_CALIBRATION];
        assert_eq!(with(&[O::RetainDeviceIdentity], &calibrated, VR::DA), Decision::Retain);
        assert_eq!(
            with(&[O::RetainDeviceIdentity, O::RetainLongitudinalModifiedDates], &calibrated, VR::DA),
            Decision::Shift
        );
    }

    #[test]
    fn values_of_listed_concepts_stay_dummies_unless_their_own_option_retains_them() {
        use ProfileOption as O;
        let path = [tags::CONTENT_SEQUENCE, tags::TEXT_VALUE];
        let concept = |code: &str| Concept { code: code.into(), scheme: "DCM".into(), value_type: "TEXT".into() };
        let cleaned = Profile::basic().with(O::CleanStructuredContent).with(O::CleanDescriptors);
        let decide = |profile: &Profile, code: &str| decide(profile, CT, &path, VR::UT, Some(&concept(code)));
        assert_eq!(decide(&cleaned, "121071"), Decision::Clean); // a finding
        assert_eq!(decide(&cleaned, "121022"), Decision::DummyText); // an accession number
        assert_eq!(decide(&cleaned, "125203"), Decision::Clean); // an acquisition protocol is a descriptor
        assert_eq!(decide(&Profile::basic(), "121071"), Decision::DummyText);
    }

    #[test]
    fn an_override_goes_before_all_else() {
        let profile = Profile::basic()
            .with_override("EthnicGroup".parse().unwrap(), Override::Keep)
            .with_override("0019,23,GEMS_ACQU_01".parse().unwrap(), Override::Keep)
            .with_override("Modality".parse().unwrap(), Override::Remove);
        for (path, vr, wanted) in [
            (&[Tag(0x0010, 0x2160)][..], VR::SH, Decision::Retain),
            (&[tags::REFERENCED_PATIENT_SEQUENCE, Tag(0x0010, 0x2160)], VR::SH, Decision::Retain),
            (&[Tag(0x0019, 0x1123)], VR::DS, Decision::Retain),
            (&[Tag(0x0019, 0x1024)], VR::DS, Decision::Remove),
            (&[tags::MODALITY], VR::CS, Decision::Remove),
            (&[tags::PATIENT_SEX], VR::CS, Decision::Empty),
        ] {
            assert_eq!(decide(&profile, CT, path, vr, None), wanted, "{path:?}");
        }
    }
}
