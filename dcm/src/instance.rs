//! One opened file.

use std::path::Path;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use crate::read::sniff::Layout;
use crate::{Dataset, Error, Limits, TransferSyntax, Warning, value, write};

/// The file meta group: what the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileMeta {
    /// Media Storage SOP Class UID (0002,0002).
    pub media_storage_sop_class_uid: String,
    /// Media Storage SOP Instance UID (0002,0003).
    pub media_storage_sop_instance_uid: String,
    /// Transfer Syntax UID (0002,0010); empty stands for explicit VR little endian.
    pub transfer_syntax_uid: String,
    /// Implementation Class UID (0002,0012).
    pub implementation_class_uid: String,
    /// Implementation Version Name (0002,0013).
    pub implementation_version_name: String,
    /// Source Application Entity Title (0002,0016): it may name a site, and is not written back.
    pub source_application_entity_title: String,
}

/// Where the pixels stand in the file, also where only the header was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelElement {
    /// (7FE0,0010), (7FE0,0008) or (7FE0,0009).
    pub tag: Tag,
    /// Its value representation, as the file has it or by the dictionary.
    pub vr: VR,
    /// Where its value starts in the file (or in the inflated data set).
    pub offset: u64,
    /// Its length in bytes; `None` where it is in fragments.
    pub length: Option<u64>,
}

/// One opened file: meta group, data set, and what was repaired.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The file meta group.
    pub meta: FileMeta,
    /// The data set; text is Unicode whatever the Specific Character Set says, numbers are in memory order.
    pub dataset: Dataset,
    /// What was repaired on the way in, in the order of the file.
    pub warnings: Vec<Warning>,
    pub(crate) pixels: Option<PixelElement>,
    /// How the data set was written; what this crate made itself is explicit and little endian.
    pub(crate) layout: Layout,
    /// Whether all elements were read.
    pub(crate) whole: bool,
    pub(crate) limits: Limits,
}

impl Instance {
    /// Joins a meta group and a data set made in memory.
    pub fn new(meta: FileMeta, dataset: Dataset) -> Self {
        let pixels =
            [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].into_iter().find_map(|tag| {
                let element = dataset.get(tag)?;
                let length = element.value().primitive().map(|v| v.calculate_byte_len() as u64);
                Some(PixelElement { tag, vr: element.vr(), offset: 0, length })
            });
        let (layout, limits) = (Layout { explicit: true, big: false }, Limits::default());
        Self { meta, dataset, warnings: Vec::new(), pixels, layout, whole: true, limits }
    }

    /// Where the pixels stand; `None` where the file has none.
    pub fn pixel_element(&self) -> Option<PixelElement> {
        self.pixels
    }

    /// Whether the file holds pixels (known also of a header).
    pub fn has_pixels(&self) -> bool {
        self.pixels.is_some()
    }

    /// Whether reading stopped before the pixel data or before another tag.
    pub fn is_header_only(&self) -> bool {
        !self.whole
    }

    /// The limits it was opened under.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The transfer syntax; [`Error::UnsupportedTransferSyntax`] where the UID is none of the standard's.
    pub fn transfer_syntax(&self) -> Result<TransferSyntax, Error> {
        let uid = match self.meta.transfer_syntax_uid.as_str() {
            "" => TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN,
            uid => uid,
        };
        TransferSyntax::of(uid).ok_or_else(|| Error::UnsupportedTransferSyntax { uid: safe_uid(uid) })
    }

    /// SOP Class UID, that of the meta group where the data set's is empty.
    pub fn sop_class_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SOP_CLASS_UID).or_else(|| some(&self.meta.media_storage_sop_class_uid))
    }

    /// SOP Instance UID, that of the meta group where the data set's is empty.
    pub fn sop_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SOP_INSTANCE_UID).or_else(|| some(&self.meta.media_storage_sop_instance_uid))
    }

    /// Study Instance UID.
    pub fn study_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::STUDY_INSTANCE_UID)
    }

    /// Series Instance UID.
    pub fn series_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SERIES_INSTANCE_UID)
    }

    /// Modality, such as `CT`.
    pub fn modality(&self) -> Option<String> {
        value::string(&self.dataset, tags::MODALITY)
    }

    /// Writes the file, whole or not at all; see [`write::write_file`]. [`Error::PartlyRead`] where only the header was read:
    /// the rest would be lost. [`Lazy::write`](crate::Lazy::write) copies pixel data from file to file.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        if !self.whole {
            return Err(Error::PartlyRead);
        }
        write::write_file(&self.meta, &self.dataset, path)
    }
}

/// A UID as it may be shown: what is no UID is not told.
pub(crate) fn safe_uid(uid: &str) -> String {
    let plain = !uid.is_empty() && uid.len() <= 64 && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { uid.to_owned() } else { "(not a UID)".to_owned() }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
