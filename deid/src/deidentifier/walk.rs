//! The walk over a data set and its items.

use dicom_core::header::Header;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element};
use isocenter_volume::Ctx;

use super::{content, document, overlay, private, text};
use crate::audit::{Action, Audit, AuditEntry};
use crate::cleaner::Cleaner;
use crate::element::{all_text, empty, first_text, name, of_text};
use crate::pseudonym::Pseudonyms;
use crate::rules::{At, Concept, Decision, Declared, Rules};
use crate::table::iod::Iod;
use crate::table::retained;
use crate::{dummy, shift, table};

/// What the walk works with.
pub(super) struct Walk<'a> {
    pub(super) rules: &'a dyn Rules,
    pub(super) pseudonyms: &'a Pseudonyms,
    pub(super) cleaner: Cleaner<'a>,
    pub(super) class: &'a str,
    pub(super) iod: Option<Iod>,
    /// What the instance says of its private elements.
    pub(super) declared: Declared,
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
    /// Numbers of their items.
    items: Vec<usize>,
    /// The same with item numbers, as the audit shows it, with a `>` at the end unless empty.
    shown: String,
    /// What it is about, if it is a content item.
    concept: Option<Concept>,
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
        let creators = private::Creators::of(dataset, |name| self.cleaner.known_gone(name, VR::LO).is_some());
        for tag in tags {
            // creators are judged last: they go with the last element of their block
            if private::is_creator(tag) {
                continue;
            }
            let Some(element) = dataset.take(tag) else { continue };
            if place.sequences.is_empty() && PIXELS.contains(&tag) {
                match self.decision(&element, element.vr(), None, place) {
                    Decision::Remove => drop(self.note(place, &element, Action::Removed, None)),
                    _ => drop(dataset.put(element)),
                }
                continue;
            }
            if let Some(element) = self.element(element, creators.of_tag(tag), place) {
                dataset.put(element);
            }
        }
        for creator in creators.unused(dataset) {
            if let Some(element) = dataset.take(creator) {
                self.note(place, &element, Action::Removed, None);
            }
        }
        for element in overlay::without_data(dataset) {
            self.note(place, &element, Action::Removed, None);
        }
        document::replace(dataset, &place.shown, &mut self.audit);
    }

    /// Puts elements that the rules give besides.
    pub(super) fn add(&mut self, dataset: &mut Dataset, elements: Vec<Element>) {
        for element in elements {
            let same = dataset.get(element.tag()).is_some_and(|old| old.value() == element.value());
            if !same {
                self.audit.entries.push(AuditEntry::of(name(element.tag()), Action::Scripted, element.vr(), 0));
                dataset.put(element);
            }
        }
    }

    fn decision(&self, element: &Element, vr: VR, creator: Option<&str>, place: &Place) -> Decision {
        let tag = element.tag();
        let mut path = place.sequences.clone();
        path.push(tag);
        self.rules.decide(&At {
            sop_class: self.class,
            path: &path,
            items: &place.items,
            vr,
            creator,
            concept: place.concept.as_ref(),
            declared_safe: creator.and_then(|creator| self.declared.is_safe(creator, tag.group(), tag.element() as u8)),
            element,
            iod: self.iod,
        })
    }

    fn element(&mut self, element: Element, creator: Option<&str>, place: &Place) -> Option<Element> {
        let tag = element.tag();
        let vr = judged_as(&element, creator);
        if let Some(assigned) = self.assigned(&element, creator, vr) {
            return self.note(place, &element, Action::Pseudonym, Some(assigned));
        }
        let decision = self.decision(&element, vr, creator, place);
        let is_empty =
            element.value().multiplicity() == 0 || matches!(element.value(), Value::Primitive(PrimitiveValue::Empty));
        match decision {
            // Bytes where items should be: nobody knows what is in them.
            Decision::Keep | Decision::Leave | Decision::Retain | Decision::Dummy | Decision::Uid | Decision::Clean
                if vr == VR::SQ && element.value().items().is_none() =>
            {
                self.note(place, &element, Action::Unknown, Some(empty(tag, vr)))
            }
            Decision::Keep | Decision::Leave | Decision::Retain | Decision::Clean if vr == VR::SQ => {
                Some(self.items(element, place))
            }
            Decision::Leave if element.vr() == VR::UN => self.kept(element, vr, place),
            Decision::Leave => Some(element),
            Decision::Replace(values) if values.0.is_empty() => {
                self.note(place, &element, Action::Emptied, Some(empty(tag, vr)))
            }
            // what is no value of the VR was refused before; nothing of the original stays in any case
            Decision::Replace(values) => {
                let given = of_text(tag, vr, &values.0).unwrap_or_else(|| empty(tag, vr));
                self.note(place, &element, Action::Scripted, Some(given))
            }
            Decision::Keep => self.kept(element, vr, place),
            Decision::Retain => Some(self.retained(element, vr, place)),
            Decision::Remove => self.note(place, &element, Action::Removed, None),
            Decision::RemoveUnknown => self.note(place, &element, Action::Unknown, None),
            Decision::Empty
            | Decision::EmptyText
            | Decision::DummyText
            | Decision::TokenText
            | Decision::Clean
            | Decision::Shift
                if is_empty =>
            {
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
            Decision::Clean => self.cleaned(element, vr, place),
            Decision::CleanOverlay => {
                let cleared = overlay::cleared(&element);
                self.note(place, &element, Action::PayloadCleared, Some(cleared))
            }
        }
    }

    /// What is assigned in an element's place, whatever the rules say of it. Patient IDs and UIDs have rules of their own.
    fn assigned(&self, element: &Element, creator: Option<&str>, vr: VR) -> Option<Element> {
        let tag = element.tag();
        if creator.is_some() || tag == tags::PATIENT_ID || vr == VR::UI || !is_text(vr) {
            return None;
        }
        let (_, keyword) = table::dictionary(tag)?;
        let new = self.pseudonyms.assigned_value(keyword, &first_text(element))?;
        Some(DataElement::new(tag, vr, new))
    }

    /// Walks the items of a sequence.
    fn items(&mut self, mut element: Element, place: &Place) -> Element {
        let tag = element.tag();
        let mut sequences = place.sequences.clone();
        sequences.push(tag);
        for (number, item) in element.items_mut().into_iter().flatten().enumerate() {
            let shown = format!("{}{}#{number}>", place.shown, name(tag));
            let concept = (tag == tags::CONTENT_SEQUENCE).then(|| content::concept(item)).flatten();
            let mut items = place.items.clone();
            items.push(number);
            self.dataset(item, &Place { sequences: sequences.clone(), items, shown, concept });
        }
        if element.vr() == VR::SQ { element } else { DataElement::new(tag, VR::SQ, element.into_value()) }
    }

    fn kept(&mut self, element: Element, vr: VR, place: &Place) -> Option<Element> {
        if element.vr() == VR::UN {
            return match vr {
                VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV => Some(element),
                // The opener reads text as such, but that of private elements, whose VR it does not know.
                _ if private::is_private(element.tag()) && private::are_numbers(&element, vr) => Some(element),
                _ => match private::as_text(&element, vr).filter(|_| private::is_private(element.tag())) {
                    Some(text) => self.kept(text, vr, place),
                    None => self.note(place, &element, Action::Unknown, None),
                },
            };
        }
        match text::search(&element, &self.cleaner) {
            text::Verdict::Clean => Some(element),
            text::Verdict::Replaced(clean, action) => self.note(place, &element, action, Some(clean)),
        }
    }

    /// What identifies in a text goes, the rest stays.
    fn cleaned(&mut self, element: Element, vr: VR, place: &Place) -> Option<Element> {
        if element.vr() == VR::UN {
            return match private::as_text(&element, vr) {
                Some(text) => self.cleaned(text, vr, place),
                None => self.note(place, &element, Action::Unknown, None),
            };
        }
        if !is_text(vr) {
            // a caller's rule: numbers tell nobody's name, bytes may
            return match vr {
                VR::OB | VR::OW | VR::UN => self.note(place, &element, Action::Unknown, None),
                _ => Some(element),
            };
        }
        let Some(cleaned) = self.cleaner.element(&element, vr) else { return Some(element) };
        self.note(place, &element, Action::Cleaned, Some(cleaned))
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
        if vr == VR::SQ && (CODES.contains(&tag) || (tag == tags::CONCEPT_CODE_SEQUENCE && place.concept.is_some())) {
            return self.note(place, &element, Action::Dummy, Some(dummy::code_sequence(tag)));
        }
        if tag == tags::MEASURED_VALUE_SEQUENCE && place.concept.is_some() {
            let mut blank = element.clone();
            content::blank_measured(&mut blank);
            return self.note(place, &element, Action::Dummy, Some(blank));
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
            _ if is_id => DataElement::new(tag, vr, self.pseudonyms.element_token(keyword, &first_text(&element))),
            _ if tag == tags::ENCAPSULATED_DOCUMENT => element.clone(), // replaced when its MIME type is known
            _ => dummy::element(tag, vr),
        };
        self.note(place, &element, Action::Dummy, Some(dummy))
    }

    fn uids(&mut self, element: Element, place: &Place) -> Option<Element> {
        let tag = element.tag();
        let old = all_text(&element);
        // `0` stands where nothing is referred to
        let is_none = |uid: &str| uid.len() <= 2 && uid.bytes().all(|b| b.is_ascii_digit());
        let stays = |uid: &str| is_none(uid) || retained::is_public_name(tag, uid);
        let map = |uid: &String| if stays(uid) { uid.clone() } else { self.pseudonyms.uid(uid) };
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

/// The VR that decides: the dictionary's (of a private element the list's), where the file says UN, or one text VR for another (a name
/// as LO is a name).
pub(crate) fn judged_as(element: &Element, creator: Option<&str>) -> VR {
    let known = match creator {
        Some(creator) => private::listed_vr(creator, element.tag()),
        None => table::dictionary(element.tag()).map(|(vr, _)| vr),
    };
    match (element.vr(), known) {
        (VR::UN, _) if element.value().items().is_some() => VR::SQ,
        (VR::UN, known) => known.unwrap_or(VR::UN),
        (vr, Some(known)) if creator.is_none() && is_text(vr) && is_text(known) => known,
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
