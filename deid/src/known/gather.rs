//! The first pass over a data set.

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, FileMeta};
use isocenter_files::uid::is_well_known;

use super::field::{self, Meaning};
use super::kind::Kind;
use super::values::KnownValues;
use crate::element::all_text;
use crate::table::{self, attributes, retained};

/// Technical attributes that stay; what they say is no secret of the patient's.
const TECHNICAL: [Tag; 10] = [
    tags::MANUFACTURER,
    tags::MANUFACTURER_MODEL_NAME,
    tags::SOFTWARE_VERSIONS,
    tags::SEQUENCE_NAME,
    tags::PULSE_SEQUENCE_NAME,
    tags::CONVOLUTION_KERNEL,
    tags::RECEIVE_COIL_NAME,
    tags::TRANSMIT_COIL_NAME,
    tags::FILTER_TYPE,
    tags::IMAGED_NUCLEUS,
];
/// Bytes of the longest private value that is looked at.
const LONGEST_PRIVATE: usize = 1024;

impl KnownValues {
    /// Adds a text of a volume file or a sidecar, as what the name of its field says it is: by its DICOM tag or keyword, by a word in
    /// the name, else as free text, whole and by line. A hit tells the name where it is made of known words.
    pub fn gather_text(&mut self, field: &str, text: &str) {
        let kind = match meaning(field, text.trim()) {
            Meaning::Of(kind) => kind,
            Meaning::Terms if field::is_terms(text.trim()) || is_well_known(text) => return,
            Meaning::Terms | Meaning::Free => Kind::Description,
        };
        self.add_told(field, &field::told(field), kind, text);
    }

    /// Adds what a data set and its meta group tell.
    pub fn gather(&mut self, dataset: &Dataset, meta: &FileMeta) {
        self::dataset(self, dataset, None);
        self.add("SourceApplicationEntityTitle", Kind::Device, meta.source_application_entity_title());
        if !is_well_known(&meta.media_storage_sop_instance_uid) {
            self.add("MediaStorageSOPInstanceUID", Kind::Uid, &meta.media_storage_sop_instance_uid);
        }
    }
}

/// Gathers from a data set. `private` names the private sequence around it, whose every text counts.
fn dataset(known: &mut KnownValues, dataset: &Dataset, private: Option<&str>) {
    for element in dataset.iter() {
        let tag = element.tag();
        if let Some(items) = element.value().items() {
            let is_private = tag.group() % 2 == 1;
            let name = source(tag);
            for item in items {
                self::dataset(known, item, if is_private { Some(&name) } else { private });
            }
        } else if tag.group() % 2 == 1 && (0x0010..=0x00FF).contains(&tag.element()) {
            // A private creator names a maker; where it names a person, the person's own fields tell.
        } else if tag.group() % 2 == 1 {
            private_value(known, element, &source(tag));
        } else if tag.group() != 0x7FE0 {
            value(known, element, private);
        }
    }
}

fn value(known: &mut KnownValues, element: &Element, private: Option<&str>) {
    let tag = element.tag();
    let vr = match element.vr() {
        VR::UN => table::dictionary(tag).map_or(VR::UN, |(vr, _)| vr),
        vr => vr,
    };
    let kind = match secrecy(tag, vr, private.is_some()) {
        Secrecy::Of(kind) => kind,
        Secrecy::Technical => {
            all_text(element).iter().for_each(|text| known.add_technical(text));
            return;
        }
        Secrecy::Staying => {
            all_text(element).iter().for_each(|text| known.add_staying(text));
            return;
        }
        Secrecy::Silent => return,
    };
    if kind == Kind::Private {
        return private_value(known, element, &source(tag));
    }
    let name = source(tag);
    for text in all_text(element) {
        if kind != Kind::Uid || !(retained::is_public_name(tag, &text) || is_well_known(&text)) {
            known.add(&name, kind, &text);
        }
    }
}

/// What becomes known of an attribute's value.
enum Secrecy {
    /// A value of that kind.
    Of(Kind),
    /// It stays and is technical.
    Technical,
    /// It is text that stays.
    Staying,
    /// Nothing.
    Silent,
}

fn secrecy(tag: Tag, vr: VR, in_private: bool) -> Secrecy {
    let row = attributes::row(tag);
    Secrecy::Of(match vr {
        VR::PN => Kind::Name,
        VR::UI => Kind::Uid,
        VR::LT | VR::ST | VR::UT | VR::UC if row.is_none() && !retained::FREE_TEXT_KEPT.contains(&tag) => {
            Kind::Description
        }
        _ if row.is_none() && (vr == VR::CS || TECHNICAL.contains(&tag)) => return Secrecy::Technical,
        _ => match row {
            _ if retained::ALSO_REMOVED.contains(&tag) => Kind::Identifier,
            None if table::dictionary(tag).is_none() => Kind::Private,
            None if in_private && textual(vr) => Kind::Private,
            None => return if textual(vr) { Secrecy::Staying } else { Secrecy::Silent },
            Some(row) => match vr {
                VR::DA | VR::DT => Kind::Date,
                VR::TM => Kind::Time,
                VR::DS | VR::IS | VR::AS | VR::CS => Kind::Number,
                VR::OB | VR::UN | VR::OW => Kind::Private,
                vr if !textual(vr) => Kind::Number,
                _ if row.institution => Kind::Place,
                _ if row.device.is_some() => Kind::Device,
                _ if row.descriptor => Kind::Description,
                _ => Kind::Identifier,
            },
        },
    })
}

/// What the name of a field of a volume file says of its text.
fn meaning(name: &str, text: &str) -> Meaning {
    let Some((tag, vr)) = field::tag(name).and_then(|tag| Some((tag, table::dictionary(tag)?.0))) else {
        return field::meaning(name, text);
    };
    match secrecy(tag, vr, false) {
        // no pixel data and no private data comes as text
        Secrecy::Of(Kind::Private) => Meaning::Free,
        Secrecy::Of(Kind::Uid) if retained::is_public_name(tag, text) || is_well_known(text) => Meaning::Terms,
        Secrecy::Of(kind) => Meaning::Of(kind),
        _ => field::kind_of_vr(vr),
    }
}

/// A private value counts where it is text as a whole.
fn private_value(known: &mut KnownValues, element: &Element, name: &str) {
    let texts = match element.value().primitive() {
        Some(PrimitiveValue::Strs(_) | PrimitiveValue::Str(_)) => all_text(element),
        Some(PrimitiveValue::U8(bytes)) if bytes.len() <= LONGEST_PRIVATE => match decode(bytes) {
            Some(text) => vec![text],
            None => return,
        },
        _ => return,
    };
    for text in texts {
        let text = text.trim();
        let kind = match element.vr() {
            VR::PN => Kind::Name,
            VR::UI => Kind::Uid,
            VR::DA | VR::DT => Kind::Date,
            VR::DS | VR::IS | VR::TM | VR::CS => continue,
            // Measurements in text are everywhere in private data.
            _ if is_measurement(text) => continue,
            _ => Kind::Private,
        };
        if kind != Kind::Uid || !is_well_known(text) {
            known.add(name, kind, text);
        }
    }
}

/// Whether a text is a number or a list of numbers, and neither an id of eight or more digits nor a UID.
fn is_measurement(text: &str) -> bool {
    let numeric =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b' ' | b'e' | b'E' | b'\\' | b','));
    let is_id = text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit());
    let is_uid =
        text.len() >= 16 && text.matches('.').count() >= 3 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    numeric && !is_id && !is_uid
}

/// Printable UTF-8 or UTF-16 of either order, without padding.
fn decode(bytes: &[u8]) -> Option<String> {
    let printable = |text: &str| {
        !text.trim().is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\r' | '\n' | '\t'))
    };
    let plain = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    if let Some(text) =
        std::str::from_utf8(plain).ok().map(|text| text.trim_end_matches('\0')).filter(|text| printable(text))
    {
        return Some(text.to_owned());
    }
    let wide = |to: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| to([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).ok()?;
        let text = text.trim_matches(['\0', '\u{feff}']);
        // Any bytes are some UTF-16: it has to be mostly of the first Unicode block.
        (printable(text) && text.chars().filter(char::is_ascii).count() * 4 >= text.chars().count() * 3)
            .then(|| text.to_owned())
    };
    wide(u16::from_le_bytes).or_else(|| wide(u16::from_be_bytes))
}

fn textual(vr: VR) -> bool {
    matches!(vr, VR::AE | VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UR | VR::UT)
}

/// The keyword of a standard element, `GGGGEEEE` of any other.
fn source(tag: Tag) -> String {
    table::dictionary(tag)
        .map_or_else(|| format!("{:04X}{:04X}", tag.group(), tag.element()), |(_, keyword)| keyword.to_owned())
}
