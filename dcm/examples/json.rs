//! Prints a DICOM file's header as JSON, `json FILE`; pixel data is named, not printed. Without a file it prints one it makes.
//!
//! The same as pydicom's `dcmread(FILE).to_json()`, but for numbers that JSON would change, which are strings here.
#![allow(clippy::print_stdout)]

use isocenter_dcm::{Dataset, Instance, OpenOptions, VR, dicom_core::DataElement, json, tags};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let instance = match std::env::args_os().nth(1) {
        Some(path) => OpenOptions::new().open(path)?,
        None => {
            let name = DataElement::new(tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎");
            Instance::new(Default::default(), Dataset::from_element_iter([name]))
        }
    };
    let mut place =
        |element: &isocenter_dcm::Element| (element.header().tag == tags::PIXEL_DATA).then(|| "#pixels".to_owned());
    println!("{}", json::to_value_with(&instance.dataset, &mut place)?);
    Ok(())
}
