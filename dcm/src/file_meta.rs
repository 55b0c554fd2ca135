//! The file meta group.
//!
//! Source: DICOM PS3.10 section 7.1.

/// The file meta group: what a file says of itself. What may be changed is what writing takes over; who wrote the file that was
/// read is told, and not written back: a file says by whom it was written last.
///
/// ```
/// use isocenter_dcm::FileMeta;
/// let meta = FileMeta::of_syntax("1.2.840.10008.1.2.4.80");
/// assert_eq!((meta.transfer_syntax_uid.as_str(), meta.implementation_class_uid()), ("1.2.840.10008.1.2.4.80", ""));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileMeta {
    /// Media Storage SOP Class UID (0002,0002), written where the data set has no SOP Class UID.
    pub media_storage_sop_class_uid: String,
    /// Media Storage SOP Instance UID (0002,0003), written where the data set has no SOP Instance UID.
    pub media_storage_sop_instance_uid: String,
    /// Transfer Syntax UID (0002,0010); empty stands for explicit VR little endian, in which all native data is written.
    pub transfer_syntax_uid: String,
    pub(crate) implementation_class_uid: String,
    pub(crate) implementation_version_name: String,
    pub(crate) source_application_entity_title: String,
}

impl FileMeta {
    /// A group that names a transfer syntax and nothing else.
    pub fn of_syntax(transfer_syntax_uid: &str) -> Self {
        Self { transfer_syntax_uid: transfer_syntax_uid.to_owned(), ..Self::default() }
    }

    /// Implementation Class UID (0002,0012) of what wrote the file that was read; empty where none did.
    pub fn implementation_class_uid(&self) -> &str {
        &self.implementation_class_uid
    }

    /// Implementation Version Name (0002,0013) of what wrote the file that was read.
    pub fn implementation_version_name(&self) -> &str {
        &self.implementation_version_name
    }

    /// Source Application Entity Title (0002,0016) of the file that was read: it may name a site.
    pub fn source_application_entity_title(&self) -> &str {
        &self.source_application_entity_title
    }
}

/// A UID as it may be shown: what is no UID is not told.
pub(crate) fn safe_uid(uid: &str) -> String {
    let plain = !uid.is_empty() && uid.len() <= 64 && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { uid.to_owned() } else { "(not a UID)".to_owned() }
}
