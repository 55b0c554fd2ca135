//! The walk over a data set and its items.

use dicom_core::header::Header;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element};
use isocenter_volume::Ctx;

use super::decide::{Decision, decide};
use super::{content, document, shift, text};
use crate::audit::{Action, Audit, AuditEntry};
use crate::element::{all_text, empty, first_text, name};
use crate::leak::LeakScan;
use crate::profile::Profile;
use crate::pseudonym::Pseudonyms;
use crate::table::iod::Iod;
use crate::table::retained;
use crate::{dummy, table};

/// What the walk works with.
pub(super) struct Walk<'a> {
    pub(super) profile: &'a Profile,
    pub(super) pseudonyms: &'a Pseudonyms,
    pub(super) known: &'a LeakScan,
    pub(super) iod: Option<Iod>,
    pub(super) shift_days: i64,
    /// Patient ID of the top level, and what takes its place.
    pub(super) patient: (String, String),
    pub(super) audit: Audit,
    /// Asked at every data set whether to go on.
    pub(super) ctx: &'a Ctx<'a>,
    /// Whether it said no; the rest is then as it was.
    pub(super) stopped: bool,
}

/// Where a data set stands.
#[derive(Clone, Default)]
pub(super) struct Place {
    /// Tags of the sequences around it.
    sequences: Vec<Tag>,
    /// The same with item numbers, as the audit shows it, with a `>` at the end unless empty.
    shown: String,
}

/// Voxels, which are not looked at here.
const PIXELS: [Tag; 3] = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
/// Sequences of codes for a person or an institution: a dummy is one code that says so.
const CODES: [Tag; 2] = [tags::PERSON_IDENTIFICATION_CODE_SEQUENCE, tags::INSTITUTION_CODE_SEQUENCE];

impl Walk<'_> {
    /// Judges every element of a data set. Depth is bounded by the reader that made it.
    pub(super) fn dataset(&mut self, dataset: &mut Dataset, place: &Place) {
        self.stopped |= self.ctx.is_cancelled();
        if self.stopped {
            return;
        }
        let tags: Vec<Tag> = dataset.tags().collect();
        for tag in tags {
            if place.sequences.is_empty() && PIXELS.contains(&tag) {
                continue;
            }
            let Some(element) = dataset.take(tag) else { continue };
            if let Some(element) = self.element(element, place) {
                dataset.put(element);
            }
        }
        document::replace(dataset, &place.shown, &mut self.audit);
    }

    fn element(&mut self, element: Element, place: &Place) -> Option<Element> {
        let tag = element.tag();
        let vr = judged_as(&element);
        let mut path = place.sequences.clone();
        path.push(tag);
        let decision = decide(self.profile, self.iod, &path, tag, vr);
        let is_empty =
            element.value().multiplicity() == 0 || matches!(element.value(), Value::Primitive(PrimitiveValue::Empty));
        match decision {
            // Bytes where items should be: nobody knows what is in them.
            Decision::Keep | Decision::Retain | Decision::Dummy | Decision::Uid
                if vr == VR::SQ && element.value().items().is_none() =>
            {
                self.note(place, &element, Action::Unknown, Some(empty(tag, vr)))
            }
            Decision::Keep | Decision::Retain if vr == VR::SQ => Some(self.items(element, place)),
            Decision::Keep => self.kept(element, vr, place),
            Decision::Retain => Some(self.retained(element, vr, place)),
            Decision::Remove => self.note(place, &element, Action::Removed, None),
            Decision::RemoveUnknown => self.note(place, &element, Action::Unknown, None),
            Decision::Empty | Decision::EmptyText | Decision::DummyText | Decision::TokenText if is_empty => {
                Some(element)
            }
            // An id that links items to their patient is worth keeping, also where it might be empty.
            Decision::Empty | Decision::Dummy if tag == tags::PATIENT_ID => {
                let old = first_text(&element);
                let id =
                    if old == self.patient.0 { self.patient.1.clone() } else { self.pseudonyms.patient_id(&old, "") };
                self.note(place, &element, Action::Pseudonym, Some(DataElement::new(tag, VR::LO, id)))
            }
            Decision::Empty => self.note(place, &element, Action::Emptied, Some(empty(tag, vr))),
            Decision::EmptyText => self.note(place, &element, Action::UnlistedText, Some(empty(tag, vr))),
            Decision::DummyText => self.note(place, &element, Action::UnlistedText, Some(dummy::element(tag, vr))),
            Decision::TokenText => {
                let token = self.pseudonyms.token("tracking id", &first_text(&element));
                self.note(place, &element, Action::UnlistedText, Some(DataElement::new(tag, vr, token)))
            }
            Decision::Dummy => self.dummy(element, vr, place),
            Decision::Uid if vr == VR::SQ => Some(self.items(element, place)),
            Decision::Uid => self.uids(element, place),
            Decision::Shift => self.shifted(element, vr, place),
        }
    }

    /// Walks the items of a sequence.
    fn items(&mut self, mut element: Element, place: &Place) -> Element {
        let tag = element.tag();
        let mut sequences = place.sequences.clone();
        sequences.push(tag);
        for (number, item) in element.items_mut().into_iter().flatten().enumerate() {
            let shown = format!("{}{}#{number}>", place.shown, name(tag));
            if tag == tags::CONTENT_SEQUENCE && content::blank_listed(item) {
                let path = shown.trim_end_matches('>').to_owned();
                self.audit.entries.push(AuditEntry::of(path, Action::Dummy, VR::SQ, 0));
            }
            self.dataset(item, &Place { sequences: sequences.clone(), shown });
        }
        if element.vr() == VR::SQ { element } else { DataElement::new(tag, VR::SQ, element.into_value()) }
    }

    fn kept(&mut self, element: Element, vr: VR, place: &Place) -> Option<Element> {
        if element.vr() == VR::UN {
            // Bytes of a known text attribute: to be text, they have to be read as such, which the opener does.
            return match vr {
                VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV => Some(element),
                _ => self.note(place, &element, Action::Unknown, None),
            };
        }
        match text::search(&element, self.known) {
            text::Verdict::Clean => Some(element),
            text::Verdict::Replaced(clean, action) => self.note(place, &element, action, Some(clean)),
        }
    }

    /// Keeps what an option retains; ages above 89 years are capped (they identify: HIPAA 164.514(b)(2)(i)(C)).
    fn retained(&mut self, element: Element, vr: VR, place: &Place) -> Element {
        let old = vr == VR::AS && years(&first_text(&element)).is_some_and(|years| years > 89);
        if !old {
            return element;
        }
        let capped = DataElement::new(element.tag(), VR::AS, "090Y");
        self.note(place, &element, Action::Capped, None);
        capped
    }

    fn dummy(&mut self, element: Element, vr: VR, place: &Place) -> Option<Element> {
        let tag = element.tag();
        if vr == VR::SQ && CODES.contains(&tag) {
            return self.note(place, &element, Action::Dummy, Some(dummy::code_sequence(tag)));
        }
        if vr == VR::SQ {
            return Some(self.items(element, place));
        }
        let keyword = table::dictionary(tag).map_or("", |(_, keyword)| keyword);
        // Ids that tell several things of one object apart shall go on doing so.
        let is_id = matches!(vr, VR::LO | VR::SH | VR::UT | VR::UC)
            && (keyword.ends_with("ID") || keyword.ends_with("Identifier"));
        let dummy = match vr {
            VR::UI => return self.uids(element, place),
            _ if is_id => DataElement::new(tag, vr, self.pseudonyms.token(keyword, &first_text(&element))),
            _ if tag == tags::ENCAPSULATED_DOCUMENT => element.clone(), // replaced when its MIME type is known
            _ => dummy::element(tag, vr),
        };
        self.note(place, &element, Action::Dummy, Some(dummy))
    }

    fn uids(&mut self, element: Element, place: &Place) -> Option<Element> {
        let tag = element.tag();
        let old = all_text(&element);
        let map =
            |uid: &String| if retained::is_public_name(tag, uid) { uid.clone() } else { self.pseudonyms.uid(uid) };
        let new: Vec<String> = old.iter().map(map).collect();
        if new == old && element.vr() == VR::UI {
            return Some(element);
        }
        let mapped = DataElement::new(tag, VR::UI, PrimitiveValue::Strs(new.into_iter().collect()));
        self.note(place, &element, Action::UidMapped, Some(mapped))
    }

    fn shifted(&mut self, element: Element, vr: VR, place: &Place) -> Option<Element> {
        let moved: Option<Vec<String>> = all_text(&element)
            .iter()
            .map(|value| if value.is_empty() { Some(String::new()) } else { shift::date(value, self.shift_days) })
            .collect();
        match moved {
            Some(values) if values.iter().all(String::is_empty) => Some(empty(element.tag(), vr)),
            Some(values) => {
                let shifted = DataElement::new(element.tag(), vr, PrimitiveValue::Strs(values.into_iter().collect()));
                self.note(place, &element, Action::DateShifted, Some(shifted))
            }
            // No date: a dummy is valid whatever the type.
            None => self.note(place, &element, Action::Dummy, Some(dummy::element(element.tag(), vr))),
        }
    }

    /// Writes an entry about `old`, and gives back what takes its place.
    fn note(&mut self, place: &Place, old: &Element, action: Action, new: Option<Element>) -> Option<Element> {
        let length = old.value().primitive().map_or(0, |value| value.calculate_byte_len() as u64);
        let path = format!("{}{}", place.shown, name(old.tag()));
        self.audit.entries.push(AuditEntry::of(path, action, old.vr(), length));
        new
    }
}

/// The VR that decides: the dictionary's, where the file says UN, or one text VR for another (a name as LO is a name).
fn judged_as(element: &Element) -> VR {
    let known = table::dictionary(element.tag()).map(|(vr, _)| vr);
    match (element.vr(), known) {
        (VR::UN, _) if element.value().items().is_some() => VR::SQ,
        (VR::UN, known) => known.unwrap_or(VR::UN),
        (vr, Some(known)) if is_text(vr) && is_text(known) => known,
        (vr, _) => vr,
    }
}

fn is_text(vr: VR) -> bool {
    !matches!(
        vr,
        VR::AT
            | VR::FD
            | VR::FL
            | VR::OB
            | VR::OD
            | VR::OF
            | VR::OL
            | VR::OV
            | VR::OW
            | VR::SL
            | VR::SQ
            | VR::SS
            | VR::SV
            | VR::UL
            | VR::UN
            | VR::US
            | VR::UV
    )
}

/// The years of an age string such as `093Y`.
fn years(age: &str) -> Option<u32> {
    let (number, unit) = age.split_at_checked(age.len().checked_sub(1)?)?;
    let number: u32 = number.trim().parse().ok()?;
    match unit {
        "Y" | "y" => Some(number),
        "M" | "m" => Some(number / 12),
        "W" | "w" => Some(number / 52),
        "D" | "d" => Some(number / 365),
        _ => None,
    }
}
