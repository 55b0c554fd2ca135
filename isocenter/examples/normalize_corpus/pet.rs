//! Uptake values: of series with a published answer, of headers, and of numbers.

use std::{fs, io::Read};

use isocenter::{
    convert::{Facts, Options, pet_facts, plan::plan, read::read},
    dcm::{
        Dataset, Tag, VR,
        dicom_core::{DataElement, PrimitiveValue},
        scan, tags,
    },
    formats,
    normalize::{Region, Suv, SuvBy, percentiles},
    volume::{
        Ctx, LabelInterpolation, LabelMap, Mask, Resample,
        meta::{Pet, Sex},
    },
};
use serde_json::{Value, json};

use super::{
    Outcome,
    manifest::{Found, Manifest, text},
};

pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    Ok(match entry["op"].as_str() {
        Some("suv_bw") => Some(Found::Values(of_series(manifest, entry)?)),
        Some("suv_factor") if entry["params"]["header"].is_string() => Some(Found::Values(of_header(manifest, entry)?)),
        Some("suv_factor") => Some(Found::Values(of_numbers(&entry["params"])?)),
        _ => None,
    })
}

/// Smallest, middle and largest uptake under a mask, of a series in an archive.
fn of_series(manifest: &Manifest, entry: &Value) -> Outcome<Value> {
    let folder = tempfile::tempdir()?;
    let mut bytes = Vec::new();
    let file = fs::File::open(manifest.path(text(entry, "archive")))?;
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes)?;
    let series = format!("{}/", text(entry, "series"));
    for member in tar::Archive::new(bytes.as_slice()).entries()? {
        let mut member = member?;
        if member.path()?.starts_with(&series) {
            member.unpack_in(folder.path())?;
        }
    }
    let ctx = Ctx::default();
    let files = scan::scan_with(&[folder.path().join(&series).join("PT")], &Facts::scan_options(), &ctx, &|file| {
        Facts::of(&file)
    })?;
    let planned = plan(&files, &Options::default())?;
    let [one] = planned.series.as_slice() else { return Err("not one series".into()) };
    let image = read(one, &files, &Options::default())?.volume.to_real(&ctx)?;
    let (uptake, _) = isocenter::normalize::Step::Suv(Suv::default()).apply(&image, None, &ctx)?;
    let labels = formats::read(folder.path().join(text(entry, "mask")))?.volume;
    let labels = LabelMap::from_volume(&labels, vec![])?;
    let resample = Resample::to_geometry(uptake.geometry().clone()).across_frames();
    let labels = resample.label_interpolation(LabelInterpolation::Nearest).apply_labels(&labels)?;
    let values = labels.layers()[0].to_u32();
    let mask = Mask::from_fn(uptake.geometry().clone(), |n| values.get(n).is_some_and(|v| *v > 0));
    let found = percentiles(&uptake, &[0.0, 50.0, 100.0], Region::Mask, Some(&mask), &ctx)?;
    Ok(json!({ "min": found[0], "median": found[1], "max": found[2] }))
}

/// The factor of a header, as JSON with the attributes' keywords.
fn of_header(manifest: &Manifest, entry: &Value) -> Outcome<Value> {
    let header: Value = serde_json::from_slice(&fs::read(manifest.path(text(entry, "header")))?)?;
    let header = header.get(0).unwrap_or(&header);
    let (pet, _) = pet_facts(&dataset(header));
    Ok(json!({ "suvbw": Suv::body_weight(&pet)?.factor }))
}

fn dataset(header: &Value) -> Dataset {
    let mut ds = Dataset::new_empty();
    let word = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\\")),
        _ => None,
    };
    let put = |ds: &mut Dataset, tag: Tag, vr: VR, key: &Value| {
        if let Some(text) = word(key).filter(|text| !text.is_empty()) {
            let parts: Vec<&str> = text.split('\\').collect();
            ds.put(DataElement::new(tag, vr, PrimitiveValue::Strs(parts.into_iter().map(str::to_owned).collect())));
        }
    };
    for (key, tag, vr) in [
        ("SeriesDate", tags::SERIES_DATE, VR::DA),
        ("SeriesTime", tags::SERIES_TIME, VR::TM),
        ("AcquisitionDate", tags::ACQUISITION_DATE, VR::DA),
        ("AcquisitionTime", tags::ACQUISITION_TIME, VR::TM),
        ("PatientSex", tags::PATIENT_SEX, VR::CS),
        ("PatientSize", tags::PATIENT_SIZE, VR::DS),
        ("PatientWeight", tags::PATIENT_WEIGHT, VR::DS),
        ("FrameReferenceTime", tags::FRAME_REFERENCE_TIME, VR::DS),
        ("ActualFrameDuration", tags::ACTUAL_FRAME_DURATION, VR::IS),
        ("DecayCorrection", tags::DECAY_CORRECTION, VR::CS),
        ("CorrectedImage", tags::CORRECTED_IMAGE, VR::CS),
        ("Units", tags::UNITS, VR::CS),
        ("SUVType", tags::SUV_TYPE, VR::CS),
    ] {
        put(&mut ds, tag, vr, &header[key]);
    }
    let mut tracer = Dataset::new_empty();
    for (key, tag, vr) in [
        ("RadionuclideTotalDose", tags::RADIONUCLIDE_TOTAL_DOSE, VR::DS),
        ("RadionuclideHalfLife", tags::RADIONUCLIDE_HALF_LIFE, VR::DS),
        ("RadiopharmaceuticalStartTime", tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM),
        ("RadiopharmaceuticalStartDateTime", tags::RADIOPHARMACEUTICAL_START_DATE_TIME, VR::DT),
    ] {
        put(&mut tracer, tag, vr, &header[key]);
    }
    let items = isocenter::dcm::dicom_core::value::DataSetSequence::from(vec![tracer]);
    ds.put(DataElement::new(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, VR::SQ, items));
    put(&mut ds, Tag(0x7053, 0x0010), VR::LO, &json!("Philips PET Private Group"));
    let private = &header["PhilipsPETPrivateGroup"];
    put(&mut ds, Tag(0x7053, 0x1000), VR::DS, &private["SUVScaleFactor"]);
    put(&mut ds, Tag(0x7053, 0x1009), VR::DS, &private["ActivityConcentrationScaleFactor"]);
    if let Some(at) = header["GEPrivatePostInjectionDateTime"].as_str() {
        put(&mut ds, Tag(0x0009, 0x0010), VR::LO, &json!("GEMS_PETD_01"));
        put(&mut ds, Tag(0x0009, 0x100D), VR::DT, &json!(at));
    }
    ds
}

/// Factors by everything that uptake is by.
fn of_numbers(params: &Value) -> Outcome<Value> {
    let number = |key: &str| params[key].as_f64();
    let word = |key: &str| params[key].as_str().map(str::to_owned);
    let mut pet = Pet::default();
    (pet.units, pet.decay_correction) = (word("Units"), word("DecayCorrection"));
    pet.suv_type = word("SUVType");
    pet.corrected_for_decay_and_attenuation = Some(true);
    (pet.injected_dose_bq, pet.half_life_s) = (number("RadionuclideTotalDose"), number("RadionuclideHalfLife"));
    pet.injection_to_reference_s = number("decay_seconds");
    (pet.weight_kg, pet.size_m) = (number("PatientWeight"), number("PatientSize"));
    pet.sex = word("PatientSex").as_deref().and_then(Sex::of_term);
    let names = ["suvbw", "suvlbm_james128", "suvlbm_morgan", "suvlbm_janma", "suvbsa", "suvibw"];
    let mut found = serde_json::Map::new();
    for (by, name) in SuvBy::ALL.into_iter().zip(names) {
        // by weight alone where nothing else is known
        if let Ok(factor) = Suv::by(by).factor(&pet) {
            found.insert(name.to_owned(), json!(factor.factor));
        }
    }
    Ok(Value::Object(found))
}
