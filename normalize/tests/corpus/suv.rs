//! Factors of worked headers.

use isocenter_normalize::{Error, Suv, SuvBy};
use isocenter_volume::meta::{Pet, Sex};
use serde_json::Value;

use super::corpus;

#[test]
fn factors_of_worked_headers() {
    let Some(folder) = corpus() else { return };
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let entries = manifest["entries"].as_array().unwrap();
    let mut seen = 0;
    for entry in entries.iter().filter(|e| e["id"].as_str().unwrap().starts_with("p03")) {
        let number = |key: &str| entry["params"][key].as_f64();
        let text = |key: &str| entry["params"][key].as_str().map(str::to_owned);
        let mut pet = Pet::default();
        pet.units = text("Units");
        pet.decay_correction = text("DecayCorrection");
        pet.corrected_for_decay_and_attenuation = Some(true);
        pet.injected_dose_bq = number("RadionuclideTotalDose");
        pet.half_life_s = number("RadionuclideHalfLife");
        pet.injection_to_reference_s = number("decay_seconds");
        pet.weight_kg = number("PatientWeight");
        pet.size_m = number("PatientSize");
        pet.sex = text("PatientSex").as_deref().and_then(Sex::of_term);
        let names = ["suvbw", "suvlbm_james128", "suvlbm_morgan", "suvlbm_janma", "suvbsa", "suvibw"];
        for (by, name) in SuvBy::ALL.into_iter().zip(names) {
            let wanted = entry["values"][name].as_f64().unwrap();
            let found = Suv::by(by).factor(&pet).unwrap().factor;
            assert!((found - wanted).abs() <= entry["tol"][name].as_f64().unwrap(), "{} {name}: {found}", entry["id"]);
        }
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// Headers of five makers; the order of times is QIBA's: series time unless it is after the acquisition time. Two of the eight
/// hold counts, which only the maker's private factor turns into uptake.
#[test]
fn factors_of_real_headers() {
    let Some(folder) = corpus() else { return };
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let mut exact = Vec::new();
    for entry in manifest["entries"].as_array().unwrap() {
        let Some(name) =
            entry["params"]["header"].as_str().filter(|_| entry["id"].as_str().unwrap().starts_with("p02"))
        else {
            continue;
        };
        let header: Value = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        let time = |key: &str| header[key].as_str().map(seconds);
        let series = time("SeriesTime").unwrap();
        let reference = series.min(time("AcquisitionTime").unwrap());
        let corrected: Vec<&str> =
            header["CorrectedImage"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let mut pet = Pet::default();
        pet.units = header["Units"].as_str().map(str::to_owned);
        pet.decay_correction = header["DecayCorrection"].as_str().map(str::to_owned);
        pet.corrected_for_decay_and_attenuation = Some(corrected.contains(&"DECY") && corrected.contains(&"ATTN"));
        pet.injected_dose_bq = header["RadionuclideTotalDose"].as_f64();
        pet.half_life_s = header["RadionuclideHalfLife"].as_f64();
        pet.injection_to_reference_s = time("RadiopharmaceuticalStartTime").map(|t| reference - t);
        pet.weight_kg = header["PatientWeight"].as_f64();
        let wanted = entry["values"]["suvbw"].as_f64().unwrap();
        match Suv::body_weight(&pet) {
            Ok(found) if (found.factor - wanted).abs() <= entry["tol"]["suvbw"].as_f64().unwrap() => {
                exact.push(name.to_owned())
            }
            Ok(found) => panic!("{name}: {} instead of {wanted}", found.factor),
            Err(error) => assert!(matches!(error, Error::Unsupported { found: "CNTS", .. }), "{name}: {error}"),
        }
    }
    assert_eq!(exact.len(), 6, "{exact:?}");
}

/// Seconds of the day of a DICOM time HHMMSS.ffffff.
fn seconds(text: &str) -> f64 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<f64>().unwrap();
    part(0..2) * 3600.0 + part(2..4) * 60.0 + text[4..].trim().parse::<f64>().unwrap()
}
