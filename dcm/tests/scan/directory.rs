use std::path::Path;

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue};
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{ScanOptions, scan};
use isocenter_dcm::{Dataset, OpenOptions, VR, tags};

use super::support::{bytes, found, image, is, put, sequence, text, told};

fn record(file_id: &str, in_use: u16) -> Dataset {
    Dataset::from_element_iter([
        DataElement::new(tags::RECORD_IN_USE_FLAG, VR::US, PrimitiveValue::from(in_use)),
        text(tags::DIRECTORY_RECORD_TYPE, VR::CS, "IMAGE"),
        text(tags::REFERENCED_FILE_ID, VR::CS, file_id),
    ])
}

fn directory(file_ids: &[&str]) -> Dataset {
    let mut records: Vec<_> = file_ids.iter().map(|id| record(id, 0xFFFF)).collect();
    records.push(record("GONE\\BUT\\UNUSED", 0));
    records.push(Dataset::from_element_iter([text(tags::DIRECTORY_RECORD_TYPE, VR::CS, "PATIENT")]));
    Dataset::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.1.3.10"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.9"),
        sequence(tags::DIRECTORY_RECORD_SEQUENCE, records),
    ])
}

pub(super) fn medium(folder: &Path, file_ids: &[&str]) {
    for (number, name) in ["IMAGES/IM1", "images2/im2.;1", "beside"].iter().enumerate() {
        put(&folder.join(name), &bytes(&image(["P", "1.2", "1.2.3", &format!("1.2.3.{number}")])));
    }
    put(&folder.join("DICOMDIR"), &bytes(&directory(file_ids)));
}

#[test]
fn files_that_are_named_are_found_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    medium(folder.path(), &["IMAGES\\IM1", "IMAGES2\\IM2", "IMAGES\\IM1", "IMAGES\\IM9"]);
    let files = found(folder.path().join("DICOMDIR"));
    let expected =
        [("DICOMDIR", "directory"), ("IMAGES/IM1", "dicom"), ("IMAGES/IM9", "io"), ("images2/im2.;1", "dicom")];
    is(&told(folder.path(), &files), &expected);
    let whole = files[1].open(&OpenOptions::new()).unwrap();
    assert!(!whole.is_header_only() && whole.has_pixels());
}

#[test]
fn names_that_lead_elsewhere_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("cd");
    put(&folder.path().join("secret"), &bytes(&image(["P", "1.2", "1.2.3", "1.2.3.4"])));
    let evil = ["..\\secret", "\\secret", "IMAGES\\..\\..\\secret", "../secret", "C:\\secret", ".\\secret"];
    medium(&inner, &evil);
    let files = found(inner.join("DICOMDIR"));
    assert_eq!(files.len(), 1 + evil.len());
    for (number, (path, word)) in told(&inner, &files[1..]).iter().enumerate() {
        assert_eq!((path.as_str(), word.as_str()), (format!("DICOMDIR!/record {number}").as_str(), "malformed"));
    }
}

#[test]
#[cfg(unix)]
fn links_on_a_medium_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("cd");
    put(&folder.path().join("outside/IM1"), &bytes(&image(["P", "1.2", "1.2.3", "1.2.3.4"])));
    medium(&inner, &["LINK\\IM1"]);
    std::os::unix::fs::symlink(folder.path().join("outside"), inner.join("LINK")).unwrap();
    is(&told(&inner, &found(inner.join("DICOMDIR"))), &[("DICOMDIR", "directory"), ("LINK/IM1", "io")]);
}

#[test]
fn a_directory_met_in_a_folder_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    medium(folder.path(), &["IMAGES\\IM1", "IMAGES\\IM9"]);
    let all = ["DICOMDIR", "IMAGES/IM1", "beside", "images2/im2.;1"];
    let plain = found(folder.path().to_owned());
    assert_eq!(told(folder.path(), &plain).iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), all);
    let options = ScanOptions::default().follow_directory(true);
    let followed = scan(&[folder.path().to_owned()], &options, &Ctx::default()).unwrap();
    assert_eq!(followed.len(), all.len() + 1);
    assert!(told(folder.path(), &followed).contains(&("IMAGES/IM9".to_owned(), "io".to_owned())));
}

#[test]
fn broken_directories_fail_without_harm() {
    let folder = tempfile::tempdir().unwrap();
    let whole = bytes(&directory(&["IMAGES\\IM1"]));
    for length in (0..whole.len()).step_by(3) {
        put(&folder.path().join("DICOMDIR"), &whole[..length]);
        assert!(found(folder.path().join("DICOMDIR")).len() <= 2, "{length}");
    }
}
