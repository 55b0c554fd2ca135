//! The VR of an element whose file does not say it.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// The VR by the dictionary: UN for what it does not know, LO for private creators.
///
/// `signed` is whether Pixel Representation says so: it decides what "US or SS" is.
pub(crate) fn vr_of(tag: Tag, signed: bool) -> VR {
    if tag.group() % 2 == 1 {
        return if (0x0010..=0x00FF).contains(&tag.element()) { VR::LO } else { VR::UN };
    }
    if tag.element() == 0 {
        return VR::UL;
    }
    match StandardDataDictionary.by_tag(tag).map(DataDictionaryEntry::vr) {
        Some(VirtualVr::Exact(vr)) => vr,
        Some(VirtualVr::Xs) => {
            if signed {
                VR::SS
            } else {
                VR::US
            }
        }
        Some(_) => VR::OW,
        None => VR::UN,
    }
}

/// Whether the standard's dictionary knows the tag.
pub(crate) fn knows(tag: Tag) -> bool {
    tag.element() == 0 || StandardDataDictionary.by_tag(tag).is_some()
}
