//! The file meta group.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::parts::write_value;
use crate::implementation::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use crate::{Dataset, Error, FileMeta, value};

/// Writes the group; class and instance are those of the data set, or of `meta` where it has none.
pub(super) fn write(meta: &FileMeta, dataset: &Dataset, syntax: &str, out: &mut Vec<u8>) -> Result<(), Error> {
    let class = value::string(dataset, tags::SOP_CLASS_UID).unwrap_or_else(|| meta.media_storage_sop_class_uid.clone());
    let instance =
        value::string(dataset, tags::SOP_INSTANCE_UID).unwrap_or_else(|| meta.media_storage_sop_instance_uid.clone());
    let mut group = Vec::new();
    let mut put = |tag: Tag, vr: VR, bytes: &[u8]| write_value(tag, vr, bytes, &mut group);
    put(tags::FILE_META_INFORMATION_VERSION, VR::OB, &[0, 1])?;
    put(tags::MEDIA_STORAGE_SOP_CLASS_UID, VR::UI, class.as_bytes())?;
    put(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, VR::UI, instance.as_bytes())?;
    put(tags::TRANSFER_SYNTAX_UID, VR::UI, syntax.as_bytes())?;
    put(tags::IMPLEMENTATION_CLASS_UID, VR::UI, IMPLEMENTATION_CLASS_UID.as_bytes())?;
    put(tags::IMPLEMENTATION_VERSION_NAME, VR::SH, IMPLEMENTATION_VERSION_NAME.as_bytes())?;
    let length = group.len() as u32;
    write_value(tags::FILE_META_INFORMATION_GROUP_LENGTH, VR::UL, &length.to_le_bytes(), out)?;
    out.append(&mut group);
    Ok(())
}
