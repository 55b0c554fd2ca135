//! A secondary capture: a picture of a slice with the patient's name burned into its pixels.

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};

use super::{
    Header, glyphs,
    instance::{Instance, Syntax},
    person::{Study, time_of},
    uid::uid,
};
use crate::{Error, truth::Planted};

/// An 8-bit picture of a plane of values between `window[0]` (black) and `window[1]` (white), with name, number and birth date
/// of the patient written over it; Burned In Annotation says `YES`. Also what was planted, pixels included.
///
/// # Errors
/// [`Error::Argument`] unless `values` holds whole rows.
pub fn burned_in(
    study: &Study,
    values: &[f32],
    columns: usize,
    window: [f32; 2],
    series_number: u32,
) -> Result<(Instance, Vec<Planted>), Error> {
    let rows = values.len() / columns.max(1);
    if rows == 0 || rows * columns != values.len() || columns > 4096 || rows > 4096 {
        return Err(Error::Argument { what: "a picture needs 1 to 4096 whole rows of 1 to 4096 columns" });
    }
    let span = (window[1] - window[0]).max(f32::MIN_POSITIVE);
    // twice as large, so that the letters are as fine as a screen's
    let (wide, high) = (columns * 2, rows * 2);
    let mut pixels: Vec<u8> = (0..wide * high)
        .map(|n| values[n / wide / 2 * columns + n % wide / 2])
        .map(|v| (((v - window[0]) / span).clamp(0.0, 1.0) * 220.0) as u8)
        .collect();
    let person = &study.person;
    let lines = [person.name().replace('^', " ").to_uppercase(), person.id.clone(), person.birth_date.clone()];
    for (n, line) in lines.iter().enumerate() {
        glyphs::draw(&mut pixels, wide, [6, 6 + 20 * n], 2, line);
    }
    let series_uid = uid(study.stream, &["capture", &series_number.to_string()]);
    let sop_uid = uid(study.stream, &["capture instance", &series_number.to_string()]);
    let mut header = Header::default();
    header
        .put(tags::SPECIFIC_CHARACTER_SET, person.character_set())
        .put(tags::SOP_CLASS_UID, uids::SECONDARY_CAPTURE_IMAGE_STORAGE)
        .put(tags::SOP_INSTANCE_UID, sop_uid.as_str())
        .put(tags::MODALITY, "OT")
        .put(tags::CONVERSION_TYPE, "WSD")
        .put(tags::IMAGE_TYPE, "DERIVED\\SECONDARY\\SCREEN SAVE")
        .put(tags::SECONDARY_CAPTURE_DEVICE_MANUFACTURER, "isocenter phantom")
        .put(tags::DATE_OF_SECONDARY_CAPTURE, study.date.as_str())
        .put(tags::TIME_OF_SECONDARY_CAPTURE, time_of(study.seconds + 3600))
        .secret(tags::PATIENT_NAME, person.name())
        .secret(tags::PATIENT_ID, person.id.clone())
        .secret(tags::PATIENT_BIRTH_DATE, person.birth_date.clone())
        .put(tags::PATIENT_SEX, person.sex)
        .secret(tags::STUDY_INSTANCE_UID, study.uid.clone())
        .secret(tags::STUDY_DATE, study.date.clone())
        .put(tags::STUDY_TIME, time_of(study.seconds))
        .secret(tags::STUDY_ID, study.id.clone())
        .secret(tags::ACCESSION_NUMBER, study.accession.clone())
        .secret(tags::REFERRING_PHYSICIAN_NAME, person.physician.clone())
        .secret(tags::SERIES_INSTANCE_UID, series_uid)
        .put(tags::SERIES_NUMBER, series_number.to_string())
        .put(tags::SERIES_DESCRIPTION, "Screen Save")
        .put(tags::INSTANCE_NUMBER, "1")
        .put(tags::LATERALITY, "")
        .put(tags::PATIENT_ORIENTATION, "")
        .put(tags::CONTENT_DATE, study.date.as_str())
        .put(tags::CONTENT_TIME, time_of(study.seconds + 3600))
        .put(tags::BURNED_IN_ANNOTATION, "YES")
        .shorts(tags::SAMPLES_PER_PIXEL, &[1])
        .put(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .shorts(tags::ROWS, &[high as u16])
        .shorts(tags::COLUMNS, &[wide as u16])
        .shorts(tags::BITS_ALLOCATED, &[8])
        .shorts(tags::BITS_STORED, &[8])
        .shorts(tags::HIGH_BIT, &[7])
        .shorts(tags::PIXEL_REPRESENTATION, &[0])
        .bytes(tags::PIXEL_DATA, VR::OB, pixels);
    let (object, mut planted) = header.finish();
    planted.extend(lines.map(|value| Planted { place: "pixels, burned in".to_owned(), value }));
    let instance = Instance { name: "screen_save_1.dcm".to_owned(), plane: None, syntax: Syntax::Explicit, object };
    Ok((instance, planted.into_iter().collect()))
}
