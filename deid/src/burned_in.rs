//! Which images may show text in their pixels, judged by class and header alone.
//!
//! A header cannot prove that pixels are clean, and Burned In Annotation = `NO` is often wrong: for the classes where text is usual it is not
//! believed. The verdict errs to the side of doubt there, and lets ordinary acquisitions pass:
//!
//! | suspect | code |
//! |---|---|
//! | (0028,0301) says YES | `burned-in-annotation` |
//! | ultrasound (classes, or modality US, IVUS) | `ultrasound` |
//! | secondary capture, single and multi-frame | `secondary-capture` |
//! | endoscopy, microscopy, photographs, ophthalmic pictures, modality ES, GM, SM, XC, OP, OPT, OT | `visible-light` |
//! | video | `video` |
//! | encapsulated PDF, CDA and the like | `encapsulated-document` |
//! | Image Type or Series Description of a screen save, dose page or protocol page | `screen-save`, `dose-report` |
//! | Conversion Type other than synthesized | `converted` |
//! | pixels in a class that is private or not known | `unknown-class` |
//!
//! CT, MR, PET, NM and projection radiographs pass, also derived ones: `DERIVED\PRIMARY` (reformats, filtered images) and `DERIVED\SECONDARY`
//! without one of the signs above. The latter are multiplanar reformats, projections and parameter maps (ADC, FA, perfusion), made
//! by the scanner out of voxels; to suspect them all would throw away every diffusion study. A radiograph's side marker is no
//! identifier. What a technician typed into a radiograph is not found by a header; pixels have to be searched for it.
//!
//! Source: own rules; the terms are those of PS3.3 C.7.6.1.1.2 (Image Type), C.8.6.1 (Conversion Type), C.7.6.1.1.5 (Burned In Annotation).
//!
//! # Examples
//! ```
//! use isocenter_deid::burned_in::{self, Reason, Verdict};
//! use isocenter_dcm::{Dataset, tags, dicom_core::{DataElement, VR}};
//! let mut image = Dataset::new_empty();
//! image.put(DataElement::new(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL"));
//! assert_eq!(burned_in::judge(&image, "1.2.840.10008.5.1.4.1.1.2"), Verdict::Clear);
//! image.put(DataElement::new(tags::BURNED_IN_ANNOTATION, VR::CS, "NO"));
//! let verdict = burned_in::judge(&image, "1.2.840.10008.5.1.4.1.1.6.1");
//! assert_eq!(verdict, Verdict::Suspect(Reason::Ultrasound));
//! assert_eq!(Reason::Ultrasound.code(), "ultrasound");
//! ```

use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Instance, value};
use serde::Serialize;

/// Whether an image may show text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No sign of text.
    Clear,
    /// Text may be in the pixels.
    Suspect(Reason),
}

/// Why an image is suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The header says so.
    BurnedInAnnotation,
    /// Ultrasound machines write the patient's name on top.
    Ultrasound,
    /// A picture of a screen, film or paper.
    SecondaryCapture,
    /// A photograph, endoscopic, microscopic or ophthalmic picture.
    VisibleLight,
    /// Video.
    Video,
    /// A document.
    EncapsulatedDocument,
    /// A saved screen.
    ScreenSave,
    /// A page of doses or protocol.
    DoseReport,
    /// Digitized, or made at a workstation.
    Converted,
    /// Pixels in a class that is private or not known.
    UnknownClass,
}

impl Reason {
    /// A short, stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BurnedInAnnotation => "burned-in-annotation",
            Self::Ultrasound => "ultrasound",
            Self::SecondaryCapture => "secondary-capture",
            Self::VisibleLight => "visible-light",
            Self::Video => "video",
            Self::EncapsulatedDocument => "encapsulated-document",
            Self::ScreenSave => "screen-save",
            Self::DoseReport => "dose-report",
            Self::Converted => "converted",
            Self::UnknownClass => "unknown-class",
        }
    }
}

/// Judges an instance; its class is that of the meta group where the data set's is empty.
pub fn judge_instance(instance: &Instance) -> Verdict {
    let class = instance.sop_class_uid().unwrap_or_default();
    match judge(&instance.dataset, &class) {
        // Opened header only, the pixels are not in the data set.
        Verdict::Clear if instance.has_pixels() && !is_known(&class) => Verdict::Suspect(Reason::UnknownClass),
        verdict => verdict,
    }
}

/// Judges a data set of SOP class `sop_class`. Ask with the original header: de-identified, it has lost its descriptions.
pub fn judge(dataset: &Dataset, sop_class: &str) -> Verdict {
    let text = |tag| value::string(dataset, tag).unwrap_or_default().to_ascii_uppercase();
    if text(tags::BURNED_IN_ANNOTATION) == "YES" {
        return Verdict::Suspect(Reason::BurnedInAnnotation);
    }
    let found = by_class(sop_class)
        .or_else(|| by_modality(&text(tags::MODALITY)))
        .or_else(|| by_words(dataset))
        .or_else(|| by_conversion(&text(tags::CONVERSION_TYPE)))
        .or_else(|| (dataset.get(tags::PIXEL_DATA).is_some() && !is_known(sop_class)).then_some(Reason::UnknownClass));
    found.map_or(Verdict::Clear, Verdict::Suspect)
}

/// The part of a storage class below its root; `None` for other roots.
fn storage(class: &str) -> Option<&str> {
    class.strip_prefix("1.2.840.10008.5.1.4.1.1.")
}

/// Whether the class is one of the standard's storage classes.
fn is_known(class: &str) -> bool {
    storage(class).is_some() || class.starts_with("1.2.840.10008.5.1.4.34.")
}

fn by_class(class: &str) -> Option<Reason> {
    let class = storage(class)?;
    let within = |root: &str| class == root || class.strip_prefix(root).is_some_and(|rest| rest.starts_with('.'));
    if within("104") {
        return Some(Reason::EncapsulatedDocument);
    }
    if ["77.1.1.1", "77.1.2.1", "77.1.4.1"].contains(&class) {
        return Some(Reason::Video);
    }
    // 3 and 6: ultrasound multi-frame and single, retired and current, and enhanced volumes.
    if within("3") || within("6") {
        return Some(Reason::Ultrasound);
    }
    if within("7") {
        return Some(Reason::SecondaryCapture);
    }
    // 77.1.5.3 and 77.1.5.5 to .8 are measurements and maps computed from pictures, but screens of them are common.
    within("77.1").then_some(Reason::VisibleLight)
}

fn by_modality(modality: &str) -> Option<Reason> {
    match modality {
        "US" | "IVUS" => Some(Reason::Ultrasound),
        "ES" | "GM" | "SM" | "XC" | "OP" | "OPT" | "OT" | "DMS" => Some(Reason::VisibleLight),
        "SC" => Some(Reason::SecondaryCapture),
        "DOC" => Some(Reason::EncapsulatedDocument),
        _ => None,
    }
}

/// Image Type and Series Description of pages that a scanner saves beside its images.
fn by_words(dataset: &Dataset) -> Option<Reason> {
    let kind = value::strings(dataset, tags::IMAGE_TYPE);
    let description = value::string(dataset, tags::SERIES_DESCRIPTION).unwrap_or_default();
    let plain = |text: &str| text.to_ascii_uppercase().replace(['_', '-'], " ");
    let texts: Vec<String> = kind.iter().map(|text| plain(text)).collect();
    let described = plain(&description);
    let any = |words: &[&str]| {
        words.iter().any(|word| described.contains(word) || texts.iter().any(|text| text.contains(word)))
    };
    if any(&["SCREEN SAVE", "SCREENSAVE", "SCREEN CAPTURE", "SCREENSHOT", "SCREEN SHOT"]) {
        return Some(Reason::ScreenSave);
    }
    // Siemens: the protocol page of a CT, `DERIVED\SECONDARY\OTHER\CT_SOM5 PROT`, and results pages of an MR.
    let page = texts.iter().any(|text| {
        text.ends_with(" PROT") || text == "PROT" || text.contains("CSA REPORT") || text.contains("CSA RESULT")
    });
    if page || any(&["DOSE REPORT", "DOSE INFO", "PATIENT PROTOCOL", "DOSE RECORD", "EXAM PROTOCOL"]) {
        return Some(Reason::DoseReport);
    }
    None
}

fn by_conversion(conversion: &str) -> Option<Reason> {
    match conversion {
        "" | "SYN" => None,
        _ => Some(Reason::Converted),
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

    fn with(elements: &[(dicom_core::Tag, VR, &str)]) -> Dataset {
        Dataset::from_element_iter(elements.iter().map(|&(tag, vr, text)| {
            let parts: Vec<String> = text.split('\\').map(str::to_owned).collect();
            DataElement::new(tag, vr, dicom_core::PrimitiveValue::Strs(parts.into_iter().collect()))
        }))
    }

    #[test]
    fn acquisitions_and_their_derivatives_pass() {
        for kind in [
            "ORIGINAL\\PRIMARY\\AXIAL",
            "DERIVED\\PRIMARY\\REFORMATTED",
            "DERIVED\\SECONDARY\\MPR",
            "DERIVED\\PRIMARY\\DIFFUSION\\ADC",
        ] {
            assert_eq!(judge(&with(&[(tags::IMAGE_TYPE, VR::CS, kind)]), CT), Verdict::Clear, "{kind}");
        }
    }

    #[test]
    fn pages_are_told_from_images() {
        for (kind, reason) in [
            ("DERIVED\\SECONDARY\\SCREEN SAVE", Reason::ScreenSave),
            ("DERIVED\\SECONDARY\\OTHER\\CT_SOM5 PROT", Reason::DoseReport),
        ] {
            assert_eq!(judge(&with(&[(tags::IMAGE_TYPE, VR::CS, kind)]), CT), Verdict::Suspect(reason));
        }
        let page = with(&[(tags::SERIES_DESCRIPTION, VR::LO, "Dose Report")]);
        assert_eq!(judge(&page, CT), Verdict::Suspect(Reason::DoseReport));
    }

    #[test]
    fn classes_with_text_are_suspect_whatever_the_header_says() {
        let clean = with(&[(tags::BURNED_IN_ANNOTATION, VR::CS, "NO")]);
        for (class, reason) in [
            ("1.2.840.10008.5.1.4.1.1.3.1", Reason::Ultrasound),
            ("1.2.840.10008.5.1.4.1.1.6.2", Reason::Ultrasound),
            ("1.2.840.10008.5.1.4.1.1.7", Reason::SecondaryCapture),
            ("1.2.840.10008.5.1.4.1.1.7.4", Reason::SecondaryCapture),
            ("1.2.840.10008.5.1.4.1.1.77.1.4", Reason::VisibleLight),
            ("1.2.840.10008.5.1.4.1.1.77.1.4.1", Reason::Video),
            ("1.2.840.10008.5.1.4.1.1.104.1", Reason::EncapsulatedDocument),
        ] {
            assert_eq!(judge(&clean, class), Verdict::Suspect(reason), "{class}");
        }
        for class in ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.77.2", "1.2.840.10008.5.1.4.1.1.128"] {
            assert_eq!(judge(&clean, class), Verdict::Clear, "{class}");
        }
    }

    #[test]
    fn pixels_of_private_classes_and_yes_are_suspect() {
        let pixels = Dataset::from_element_iter([DataElement::new(
            tags::PIXEL_DATA,
            VR::OB,
            dicom_core::PrimitiveValue::from(0u16),
        )]);
        assert_eq!(judge(&pixels, "1.3.12.2.1107.5.9.1"), Verdict::Suspect(Reason::UnknownClass));
        let yes = with(&[(tags::BURNED_IN_ANNOTATION, VR::CS, "YES")]);
        assert_eq!(judge(&yes, CT), Verdict::Suspect(Reason::BurnedInAnnotation));
    }
}
