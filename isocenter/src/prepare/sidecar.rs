//! Facts from the JSON file beside a NIfTI volume (BIDS): the allow-listed ones, and nothing else of it.
//!
//! Source: BIDS specification 1.10, MRI and PET data; times are in seconds there and in milliseconds here.

use std::path::Path;

use isocenter_volume::{
    Meta,
    meta::{Ct, Mr, Pet},
};
use serde_json::Value;

/// Reads a sidecar; `None` where it is no JSON object.
pub(crate) fn read(path: &Path) -> Option<serde_json::Map<String, Value>> {
    // a sidecar is small; a large file under this name is something else
    if std::fs::metadata(path).ok()?.len() > 4 << 20 {
        return None;
    }
    match serde_json::from_slice(&std::fs::read(path).ok()?).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// The facts that go on.
pub(crate) fn meta(sidecar: &serde_json::Map<String, Value>) -> Meta {
    let number = |key: &str| sidecar.get(key).and_then(Value::as_f64).filter(|v| v.is_finite());
    let term =
        |key: &str| sidecar.get(key).and_then(Value::as_str).filter(|t| super::text::is_term(t)).map(str::to_owned);
    let ms = |key: &str| number(key).map(|s| s * 1000.0);
    let mut meta = Meta::default();
    meta.modality = term("Modality").map(|m| if m == "PET" { "PT".to_owned() } else { m });
    meta.body_part = term("BodyPartExamined").or_else(|| term("BodyPart"));
    let mut mr = Mr::default();
    mr.field_strength_t = number("MagneticFieldStrength");
    mr.repetition_time_ms = ms("RepetitionTime");
    mr.echo_time_ms = ms("EchoTime");
    mr.inversion_time_ms = ms("InversionTime");
    mr.flip_angle_deg = number("FlipAngle");
    mr.scanning_sequence = term("ScanningSequence").map(|s| s.replace('_', "\\"));
    if mr != Mr::default() {
        meta.mr = Some(mr);
    }
    let mut ct = Ct::default();
    ct.tube_voltage_kv = number("KVP");
    if ct != Ct::default() {
        meta.ct = Some(ct);
    }
    let mut pet = Pet::default();
    pet.units = term("Units");
    pet.decay_correction = term("DecayCorrection");
    pet.injected_dose_bq = number("RadionuclideTotalDose");
    pet.half_life_s = number("RadionuclideHalfLife");
    pet.weight_kg = number("PatientWeight");
    if meta.modality.as_deref() == Some("PT") {
        meta.pet = Some(pet);
    }
    meta
}

/// The texts that may identify somebody: they are searched for in the output.
pub(crate) fn identifying(sidecar: &serde_json::Map<String, Value>) -> Vec<(&str, String)> {
    const WORDS: [&str; 20] = [
        "Patient",
        "Institution",
        "Station",
        "Serial",
        "Accession",
        "Physician",
        "Operator",
        "Date",
        "AcquisitionTime",
        "StudyID",
        "UID",
        "Description",
        "ProtocolName",
        "Comments",
        "Address",
        "Department",
        "Name",
        "Birth",
        "StudyTime",
        "SeriesTime",
    ];
    sidecar
        .iter()
        .filter(|(key, _)| {
            WORDS.iter().any(|w| key.contains(w)) && !matches!(key.as_str(), "PatientPosition" | "PatientSex")
        })
        .filter_map(|(key, value)| match value {
            Value::String(text) => Some((key.as_str(), text.clone())),
            Value::Number(number) => Some((key.as_str(), number.to_string())),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_facts_and_leaves_the_texts() {
        let Value::Object(map) = serde_json::json!({
            "Modality": "MR", "EchoTime": 0.003, "RepetitionTime": 2.3, "ScanningSequence": "GR_IR",
            "PatientName": "DOE^JANE", "BodyPartExamined": "the head of Jane Doe", "PatientPosition": "HFS"
        }) else {
            unreachable!()
        };
        let found = meta(&map);
        assert_eq!(found.mr.as_ref().and_then(|m| m.repetition_time_ms), Some(2300.0));
        assert_eq!(found.body_part, None);
        assert_eq!(identifying(&map), [("PatientName", "DOE^JANE".to_owned())]);
    }
}
