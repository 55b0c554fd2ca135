//! To and from dicom-rs's own file object, which `dicom-pixeldata`, `dicom-ul` and others work on.
//!
//! What this crate opened keeps its repairs: text is Unicode, so UTF-8 replaces any other character set in the object where text is not ASCII.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, tags};
//! use isocenter_dcm::dicom_core::{DataElement, VR};
//! let mut ds = Dataset::new_empty();
//! ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
//! ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
//! let object = Instance::new(FileMeta::default(), ds).into_object()?;
//! assert_eq!(object.meta().transfer_syntax(), "1.2.840.10008.1.2.1");
//! let back = Instance::from(object);
//! assert_eq!(back.sop_instance_uid().as_deref(), Some("1.2.3"));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

use dicom_dictionary_std::tags;
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder};

use crate::implementation::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use crate::{Error, FileMeta, Instance, TransferSyntax, text};

impl Instance {
    /// As an object of dicom-rs.
    ///
    /// # Errors
    /// [`Error::PartlyRead`] where only the header was read; [`Error::Missing`] where there is no SOP Class UID or SOP
    /// Instance UID, which dicom-rs wants.
    pub fn into_object(self) -> Result<DefaultDicomObject, Error> {
        if !self.whole {
            return Err(Error::PartlyRead);
        }
        let missing = |tag| move || Error::Missing { tag };
        let class = self.sop_class_uid().ok_or_else(missing(tags::SOP_CLASS_UID))?;
        let instance = self.sop_instance_uid().ok_or_else(missing(tags::SOP_INSTANCE_UID))?;
        let syntax = match self.meta.transfer_syntax_uid.as_str() {
            "" => TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN.to_owned(),
            uid => uid.to_owned(),
        };
        let meta = FileMetaTableBuilder::new()
            .media_storage_sop_class_uid(class)
            .media_storage_sop_instance_uid(instance)
            .transfer_syntax(syntax)
            .implementation_class_uid(IMPLEMENTATION_CLASS_UID)
            .implementation_version_name(IMPLEMENTATION_VERSION_NAME)
            .build()
            .map_err(|_| Error::Malformed { tag: None, what: "a meta group that dicom-rs does not take" })?;
        let mut dataset = self.dataset;
        text::declare_utf8(&mut dataset);
        Ok(dataset.with_exact_meta(meta))
    }
}

impl From<DefaultDicomObject> for Instance {
    fn from(object: DefaultDicomObject) -> Self {
        let table = object.meta();
        let plain = |value: &str| value.trim_end_matches(['\0', ' ']).to_owned();
        let meta = FileMeta {
            media_storage_sop_class_uid: plain(table.media_storage_sop_class_uid()),
            media_storage_sop_instance_uid: plain(table.media_storage_sop_instance_uid()),
            transfer_syntax_uid: plain(table.transfer_syntax()),
            implementation_class_uid: plain(table.implementation_class_uid()),
            implementation_version_name: plain(table.implementation_version_name().unwrap_or_default()),
            source_application_entity_title: plain(table.source_application_entity_title().unwrap_or_default()),
        };
        Self::new(meta, object.into_inner())
    }
}
