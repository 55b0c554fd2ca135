//! The JSON file beside a NIfTI volume (BIDS, dcm2niix): the facts of it that identify nobody, to and from [`Meta`].
//!
//! A sidecar holds much that names a patient, a place or a day. Only an allow-list of keys becomes [`Meta`], and of their texts only
//! defined terms ([`isocenter_files::term`]); the rest can be asked for by [`Sidecar::identifying`], to be searched for in what is written.
//! What is written holds those keys, and Manufacturer and ConvolutionKernel, which are not read back: in the sidecars of others they
//! are free text. The patient's weight is read, for the SUV, and never written.
//!
//! Source: BIDS specification 1.10, MRI and PET data. Times are seconds, in a sidecar and in [`Meta`].
//!
//! # Examples
//! ```
//! use isocenter_formats::sidecar::Sidecar;
//!
//! let read = Sidecar::parse(br#"{"Modality": "MR", "EchoTime": 0.003, "PatientName": "DOE^JANE"}"#)?;
//! let meta = read.meta();
//! assert_eq!(meta.mr.as_ref().and_then(|mr| mr.echo_time_s), Some(0.003));
//! assert_eq!(read.identifying(), [("PatientName", "DOE^JANE".to_owned())]);
//! assert_eq!(Sidecar::of_meta(&meta).to_bytes(), b"{\n  \"EchoTime\": 0.003,\n  \"Modality\": \"MR\"\n}\n");
//! # Ok::<_, isocenter_formats::Error>(())
//! ```

use std::{io::Read, path::Path};

use isocenter_files::{open_regular, term};
use isocenter_volume::{
    Meta,
    meta::{Ct, Mr, Pet, Sex},
};
use serde_json::{Map, Value};

use crate::Error;

/// A sidecar as it was read, or is to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sidecar {
    fields: Map<String, Value>,
}

/// Parts of keys whose texts may identify somebody.
const IDENTIFYING: [&str; 20] = [
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

impl Sidecar {
    /// Most bytes of a sidecar: a large file under such a name is something else.
    pub const MOST_BYTES: u64 = 4 << 20;

    /// Reads a file.
    ///
    /// # Errors
    /// As [`Sidecar::parse`], and [`Error::Io`] (with the path).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut bytes = Vec::new();
        let read = open_regular(path).and_then(|file| file.take(Self::MOST_BYTES + 1).read_to_end(&mut bytes));
        read.map_err(|e| Error::io(e).at(path))?;
        Self::parse(&bytes)
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Limit`] above 4 MiB, [`Error::Malformed`] for anything but a JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let asked = bytes.len() as u64;
        if asked > Self::MOST_BYTES {
            return Err(Error::Limit { what: "bytes of a sidecar", asked, limit: Self::MOST_BYTES });
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self { fields }),
            _ => Err(Error::malformed("sidecar", format!("{asked} bytes of something else"), "a JSON object")),
        }
    }

    /// The sidecar that says what is known.
    pub fn of_meta(meta: &Meta) -> Self {
        let mut out = Self::default();
        let modality = meta.modality.as_deref().map(|m| if m == "PT" { "PET" } else { m });
        out.text("Modality", modality);
        out.text("BodyPartExamined", meta.body_part.as_deref());
        out.text("Manufacturer", meta.manufacturer.as_deref());
        if let Some(mr) = &meta.mr {
            out.number("MagneticFieldStrength", mr.field_strength_t);
            out.number("RepetitionTime", mr.repetition_time_s);
            out.number("EchoTime", mr.echo_time_s);
            out.number("InversionTime", mr.inversion_time_s);
            out.number("FlipAngle", mr.flip_angle_deg);
            out.text("ScanningSequence", mr.scanning_sequence.as_ref().map(|s| s.replace('\\', "_")).as_deref());
        }
        if let Some(ct) = &meta.ct {
            out.number("KVP", ct.tube_voltage_kv);
            out.text("ConvolutionKernel", ct.kernel.as_deref());
        }
        if let Some(pet) = &meta.pet {
            out.text("Units", pet.units.as_deref());
            out.text("DecayCorrection", pet.decay_correction.as_deref());
            out.number("RadionuclideTotalDose", pet.injected_dose_bq);
            out.number("RadionuclideHalfLife", pet.half_life_s);
        }
        out
    }

    fn text(&mut self, key: &str, text: Option<&str>) {
        self.fields.extend(text.map(|t| (key.to_owned(), t.into())));
    }

    fn number(&mut self, key: &str, number: Option<f64>) {
        self.fields.extend(number.filter(|n| n.is_finite()).map(|n| (key.to_owned(), n.into())));
    }

    /// The facts that go on.
    pub fn meta(&self) -> Meta {
        let number = |key: &str| self.fields.get(key).and_then(Value::as_f64).filter(|v| v.is_finite());
        let term =
            |key: &str| self.fields.get(key).and_then(Value::as_str).filter(|t| term::are_terms(t)).map(str::to_owned);
        let mut meta = Meta::default();
        meta.modality = term("Modality").map(|m| if m == "PET" { "PT".to_owned() } else { m });
        meta.body_part = term("BodyPartExamined").or_else(|| term("BodyPart"));
        let mut mr = Mr::default();
        mr.field_strength_t = number("MagneticFieldStrength");
        mr.repetition_time_s = number("RepetitionTime");
        mr.echo_time_s = number("EchoTime");
        mr.inversion_time_s = number("InversionTime");
        mr.flip_angle_deg = number("FlipAngle");
        mr.scanning_sequence = term("ScanningSequence").map(|s| s.replace('_', "\\"));
        meta.mr = (mr != Mr::default()).then_some(mr);
        let mut ct = Ct::default();
        ct.tube_voltage_kv = number("KVP");
        meta.ct = (ct != Ct::default()).then_some(ct);
        let mut pet = Pet::default();
        pet.units = term("Units");
        pet.decay_correction = term("DecayCorrection");
        pet.injected_dose_bq = number("RadionuclideTotalDose");
        pet.half_life_s = number("RadionuclideHalfLife");
        pet.weight_kg = number("PatientWeight");
        pet.size_m = number("PatientSize");
        pet.sex = term("PatientSex").as_deref().and_then(Sex::of_term);
        meta.pet = (meta.modality.as_deref() == Some("PT")).then_some(pet);
        meta
    }

    /// Keys and texts that may identify somebody: they are to be searched for in what is written.
    pub fn identifying(&self) -> Vec<(&str, String)> {
        let may =
            |key: &str| IDENTIFYING.iter().any(|w| key.contains(w)) && !matches!(key, "PatientPosition" | "PatientSex");
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let fields = self.fields.iter().filter(|(key, _)| may(key));
        fields.filter_map(|(key, value)| Some((key.as_str(), text(value)?))).collect()
    }

    /// The bytes of the file: keys in alphabetic order, the same for the same facts.
    pub fn to_bytes(&self) -> Vec<u8> {
        format!("{:#}\n", Value::Object(self.fields.clone())).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_the_facts_and_leaves_the_texts() {
        let sidecar = Sidecar::parse(
            br#"{"Modality": "MR", "EchoTime": 0.003, "RepetitionTime": 2.3, "ScanningSequence": "GR_IR",
            "PatientName": "DOE^JANE", "BodyPartExamined": "the head of Jane Doe", "PatientPosition": "HFS"}"#,
        );
        let sidecar = sidecar.unwrap();
        let found = sidecar.meta();
        assert_eq!(found.mr.as_ref().and_then(|m| m.repetition_time_s), Some(2.3));
        assert_eq!(found.body_part, None);
        assert_eq!(sidecar.identifying(), [("PatientName", "DOE^JANE".to_owned())]);
    }

    #[test]
    fn what_could_be_a_name_is_no_fact() {
        for text in ["", "head of Mr Doe", "Head", "ABCDEFGHIJKLMNOPQ", "JANE DOE", "HEAD\\\\JANE DOE", "DOE^JANE"] {
            let sidecar = format!(r#"{{"BodyPartExamined": "{text}"}}"#);
            assert_eq!(Sidecar::parse(sidecar.as_bytes()).unwrap().meta(), Meta::default(), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_object_is_an_error_without_its_text() {
        for bytes in [&b""[..], b"[1]", b"{", b"\"DOE^JANE\""] {
            let error = Sidecar::parse(bytes).unwrap_err();
            assert!(matches!(error, Error::Malformed { .. }) && !error.to_string().contains("DOE"));
        }
    }

    proptest! {
        #[test]
        fn facts_survive(numbers in prop::array::uniform6(prop::option::of(0u32..100_000)), pet in any::<bool>()) {
            let [b0, tr, te, flip, dose, kv] = numbers.map(|n| n.map(f64::from));
            let [tr, te] = [tr, te].map(|n| n.map(|ms| ms / 1e3));
            let mut meta = Meta::default();
            meta.modality = Some(if pet { "PT" } else { "MR" }.to_owned());
            let mut mr = Mr::default();
            (mr.field_strength_t, mr.repetition_time_s, mr.echo_time_s, mr.flip_angle_deg) = (b0, tr, te, flip);
            meta.mr = (mr != Mr::default()).then_some(mr);
            let mut ct = Ct::default();
            ct.tube_voltage_kv = kv;
            meta.ct = (ct != Ct::default()).then_some(ct);
            let mut facts = Pet::default();
            facts.injected_dose_bq = dose;
            meta.pet = pet.then_some(facts);
            let back = Sidecar::parse(&Sidecar::of_meta(&meta).to_bytes()).unwrap();
            prop_assert_eq!(back.identifying(), []);
            prop_assert_eq!(back.meta(), meta);
        }

        #[test]
        fn weight_size_and_sex_are_never_written(weight in 1.0..200.0f64, size in 0.5..2.2f64) {
            let mut meta = Meta::default();
            let mut pet = Pet::default();
            (pet.weight_kg, pet.size_m, pet.sex) = (Some(weight), Some(size), Some(Sex::Female));
            meta.pet = Some(pet);
            prop_assert_eq!(Sidecar::of_meta(&meta), Sidecar::default());
        }
    }
}
