//! Encapsulated documents.

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, value};

use crate::audit::{Action, Audit, AuditEntry};

/// A PDF of one empty page. Readers find its objects without a table of offsets.
const EMPTY_PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n\
0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n169\n%%EOF\n";

/// Replaces an encapsulated document by an empty one of its MIME type (PDF, XML), by two zero bytes else.
pub(super) fn replace(dataset: &mut Dataset, place: &str, audit: &mut Audit) {
    if dataset.get(tags::ENCAPSULATED_DOCUMENT).is_none() {
        return;
    }
    let mut bytes = match value::string(dataset, tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT).as_deref() {
        Some("application/pdf") => EMPTY_PDF.as_bytes().to_vec(),
        Some(mime) if mime.contains("xml") => b"<removed/>".to_vec(),
        _ => vec![0, 0],
    };
    if dataset.get(tags::ENCAPSULATED_DOCUMENT_LENGTH).is_some() {
        let length = PrimitiveValue::from(bytes.len() as u32);
        dataset.put(DataElement::new(tags::ENCAPSULATED_DOCUMENT_LENGTH, VR::UL, length));
    }
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    dataset.put(DataElement::new(tags::ENCAPSULATED_DOCUMENT, VR::OB, PrimitiveValue::U8(bytes.into())));
    let path = format!("{place}00420011");
    if !audit.entries.iter().any(|entry| entry.path == path) {
        audit.entries.push(AuditEntry::of(path, Action::Dummy, VR::OB, 0));
    }
}
