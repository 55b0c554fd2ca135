//! Whether an instance can become a volume at all.
//!
//! Source: DICOM PS3.4 table B.5-1 (classes).

use isocenter_dcm::{Instance, iod, syntax::Coding, tags, value};

use crate::Reason;

/// Why this instance cannot become a volume, as far as one header alone tells; mosaics are asked for apart, after duplicates.
pub(crate) fn refusal(instance: &Instance) -> Option<Reason> {
    let class_uid = instance.sop_class_uid();
    let class = class_uid.as_deref().and_then(iod::name);
    if !instance.has_pixels() {
        let image = class.is_some_and(|name| name.contains("Image") || name.ends_with("Volume"));
        let rows = value::u16(&instance.dataset, tags::ROWS).is_some();
        return Some(if image || (class.is_none() && rows) { Reason::NoPixelData } else { Reason::NotAnImage(class) });
    }
    if class_uid.as_deref().is_some_and(|uid| NO_INTENSITIES.contains(&uid)) {
        return Some(Reason::UnsupportedClass(class));
    }
    match instance.transfer_syntax() {
        Err(_) => return Some(Reason::UnsupportedTransferSyntax),
        Ok(syntax) if matches!(syntax.coding, Coding::Video) => {
            return Some(Reason::UnsupportedCodec);
        }
        Ok(_) => {}
    }
    instance.sop_instance_uid().is_none().then_some(Reason::NoInstanceUid)
}

/// Whether images of this class state their place in the patient as a matter of course.
pub(crate) fn is_cross_sectional(class_uid: &str) -> bool {
    CROSS_SECTIONAL.contains(&class_uid)
}

/// Whether images of this class hold a quantity, whose values their real world value mapping gives.
pub(crate) fn is_parametric_map(class_uid: &str) -> bool {
    class_uid == "1.2.840.10008.5.1.4.1.1.30"
}

/// Segmentation, surface segmentation, RT Dose: their samples are labels, or need more than a rescale.
const NO_INTENSITIES: [&str; 4] = [
    "1.2.840.10008.5.1.4.1.1.66.4",
    "1.2.840.10008.5.1.4.1.1.66.5",
    "1.2.840.10008.5.1.4.1.1.66.7",
    "1.2.840.10008.5.1.4.1.1.481.2",
];

const CROSS_SECTIONAL: [&str; 9] = [
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.2.2",
    "1.2.840.10008.5.1.4.1.1.4",
    "1.2.840.10008.5.1.4.1.1.4.1",
    "1.2.840.10008.5.1.4.1.1.4.4",
    "1.2.840.10008.5.1.4.1.1.128",
    "1.2.840.10008.5.1.4.1.1.128.1",
    "1.2.840.10008.5.1.4.1.1.130",
];
