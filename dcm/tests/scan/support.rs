use std::path::{Path, PathBuf};

use isocenter_dcm::dicom_core::value::DataSetSequence;
use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue};
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{Kind, ScanOptions, Scanned, scan};
use isocenter_dcm::{Dataset, Element, Tag, VR, tags};

use super::make;

pub(crate) fn text(tag: Tag, vr: VR, value: &str) -> Element {
    DataElement::new(tag, vr, value)
}

pub(crate) fn sequence(tag: Tag, items: Vec<Dataset>) -> Element {
    Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)))
}

/// A small image: patient, study, series, instance.
pub(crate) fn image(ids: [&str; 4]) -> Dataset {
    let mut ds = Dataset::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        text(tags::MODALITY, VR::CS, "CT"),
        text(tags::IMAGE_POSITION_PATIENT, VR::DS, "1\\2\\3.5"),
        text(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0"),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(vec![7u8; 4])),
    ]);
    let numbers = [
        (tags::ROWS, 1u16),
        (tags::COLUMNS, 2),
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 16),
        (tags::HIGH_BIT, 15),
        (tags::PIXEL_REPRESENTATION, 0),
    ];
    for (tag, number) in numbers {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    let fields = [
        (tags::PATIENT_ID, VR::LO),
        (tags::STUDY_INSTANCE_UID, VR::UI),
        (tags::SERIES_INSTANCE_UID, VR::UI),
        (tags::SOP_INSTANCE_UID, VR::UI),
    ];
    for ((tag, vr), id) in fields.into_iter().zip(ids) {
        if !id.is_empty() {
            ds.put(text(tag, vr, id));
        }
    }
    ds
}

pub(crate) fn bytes(ds: &Dataset) -> Vec<u8> {
    make::alone(ds).to_bytes().unwrap()
}

pub(crate) fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

pub(crate) fn found(path: PathBuf) -> Vec<Scanned> {
    scan(&[path], &ScanOptions::default(), &Ctx::default()).unwrap()
}

/// Path below a folder, with `/`, and what stands there in a word.
pub(crate) fn told(folder: &Path, files: &[Scanned]) -> Vec<(String, String)> {
    let word = |kind: &Kind| match kind {
        Kind::Dicom(_) => "dicom".to_owned(),
        Kind::Directory(_) => "directory".to_owned(),
        Kind::NotDicom(kind) => kind.to_string(),
        Kind::Failed(error) => error.reason().to_owned(),
        _ => "?".to_owned(),
    };
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|file| (name(&file.path), word(&file.kind))).collect()
}

/// [`told`], as pairs that are easy to write.
pub(crate) fn is(told: &[(String, String)], expected: &[(&str, &str)]) {
    let told: Vec<_> = told.iter().map(|(path, word)| (path.as_str(), word.as_str())).collect();
    assert_eq!(told, expected);
}
