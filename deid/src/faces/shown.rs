//! Which instances may show a face, by class and header.
//!
//! Unknown counts as a head: an image passes only where its header says that it shows something else.
//!
//! | passes | by |
//! |---|---|
//! | what has no pixels and no surfaces (reports, presentation states) | class |
//! | ultrasound, mammograms, tomograms of eye and vessel from inside, slides | class, or modality US, IVUS, MG, OCT, OPT, IVOCT, SM |
//! | a body part that shows no face | Body Part Examined, Anatomic Region Sequence (top level, shared and per frame) |
//!
//! A body part is believed where every one that is named is in the list (chest, abdomen, pelvis, spine of chest and loins, limbs, their organs; not neck,
//! shoulder, whole body, or a spine without more), where no description of study, series or protocol speaks of head, neck, whole body or PET, and where the image is no
//! PET or SPECT: those are often labelled by the organ, and reach from the eyes to the thighs.
//!
//! Contours, segmentations as surfaces, and models for printing may draw a face as well as an image does: what is not of another body part is
//! [`Shown::Outline`], which nothing here removes a face from.
//!
//! Source: own rules; terms and codes of PS3.16 annex L and CID 4031.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, FunctionalGroups, Instance, value};
use serde::{Deserialize, Serialize};

use super::anatomy;

/// Whether an instance may show a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shown {
    /// It has no pixels, and no surfaces.
    NoImage,
    /// Images of its kind show no face.
    OtherKind,
    /// It says that it shows a part of the body without a face.
    OtherPart,
    /// An image that may show a face.
    Face,
    /// Contours or surfaces that may draw a face.
    Outline,
}

/// Judges an instance by its original header: de-identified, it has lost its descriptions.
///
/// ```
/// use isocenter_deid::dcm::{Dataset, FileMeta, Instance, VR, dicom_core::{DataElement, PrimitiveValue}, tags};
/// use isocenter_deid::faces::{Shown, judge};
/// let pixels = DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![0u8, 0]));
/// let mut image = Instance::new(FileMeta::default(), Dataset::from_element_iter([pixels]));
/// assert_eq!(judge(&image), Shown::Face); // nothing says what it is
/// image.dataset.put(DataElement::new(tags::BODY_PART_EXAMINED, VR::CS, "KNEE"));
/// assert_eq!(judge(&image), Shown::OtherPart);
/// image.dataset.put(DataElement::new(tags::STUDY_DESCRIPTION, VR::LO, "Head and knee"));
/// assert_eq!(judge(&image), Shown::Face);
/// ```
pub fn judge(instance: &Instance) -> Shown {
    let class = instance.sop_class_uid().unwrap_or_default();
    let class = class.trim().strip_prefix(STORAGE).unwrap_or_default();
    let is_outline = OUTLINES.contains(&class);
    if !is_outline && !instance.has_pixels() {
        return Shown::NoImage;
    }
    let modality = instance.modality().unwrap_or_default();
    if KINDS.contains(&class) || MODALITIES.contains(&modality.trim()) {
        return Shown::OtherKind;
    }
    let believed = !matches!(modality.trim(), "PT" | "NM");
    match () {
        () if believed && is_of_other_part(&instance.dataset) => Shown::OtherPart,
        () if is_outline => Shown::Outline,
        () => Shown::Face,
    }
}

/// The root of storage classes.
const STORAGE: &str = "1.2.840.10008.5.1.4.1.1.";
/// RT Structure Set, Surface Segmentation, Surface Scan Mesh and Point Cloud, Encapsulated STL, OBJ and MTL.
const OUTLINES: [&str; 7] = ["481.3", "66.5", "68.1", "68.2", "104.3", "104.4", "104.5"];
/// Ultrasound, mammography and breast tomosynthesis, intravascular and ophthalmic tomography, slides.
const KINDS: [&str; 17] = [
    "3", "3.1", "6", "6.1", "6.2", "6.3", "1.2", "1.2.1", "13.1.3", "13.1.4", "13.1.5", "14.1", "14.2", "77.1.5.4",
    "77.1.2", "77.1.3", "77.1.6",
];
const MODALITIES: [&str; 7] = ["US", "IVUS", "MG", "OCT", "OPT", "IVOCT", "SM"];

/// Whether a body part is named, all that are show no face, and no text says otherwise.
fn is_of_other_part(dataset: &Dataset) -> bool {
    let mut named = false;
    for place in places(dataset) {
        for term in value::strings(place, tags::BODY_PART_EXAMINED) {
            let term = term.trim().to_ascii_uppercase();
            if term.is_empty() {
                continue;
            }
            if !anatomy::is_other_term(&term) {
                return false;
            }
            named = true;
        }
        for code in value::sequence(place, tags::ANATOMIC_REGION_SEQUENCE).unwrap_or_default() {
            if !value::string(code, tags::CODE_VALUE).is_some_and(|code| anatomy::is_other_code(code.trim())) {
                return false;
            }
            named = true;
        }
    }
    named && !TEXTS.iter().any(|&tag| speaks_of_head(dataset, tag))
}

/// The data sets that may name a body part: the top level, and the anatomy of all frames.
fn places(dataset: &Dataset) -> Vec<&Dataset> {
    let frames = value::sequence(dataset, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).unwrap_or_default();
    let grouped = FunctionalGroups::new(dataset)
        .shared()
        .into_iter()
        .chain(frames)
        .filter_map(|group| value::item(group, tags::FRAME_ANATOMY_SEQUENCE));
    std::iter::once(dataset).chain(grouped).collect()
}

const TEXTS: [Tag; 6] = [
    tags::STUDY_DESCRIPTION,
    tags::SERIES_DESCRIPTION,
    tags::PROTOCOL_NAME,
    tags::REQUESTED_PROCEDURE_DESCRIPTION,
    tags::PERFORMED_PROCEDURE_STEP_DESCRIPTION,
    tags::ACQUISITION_PROTOCOL_DESCRIPTION,
];

fn speaks_of_head(dataset: &Dataset, tag: Tag) -> bool {
    let text = value::string(dataset, tag).unwrap_or_default().to_uppercase();
    text.split(|c: char| !c.is_alphanumeric()).any(anatomy::is_head_word)
}
