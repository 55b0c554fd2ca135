//! A data set of BIDS by a mapping.

use std::{fs, path::Path};

use isocenter_convert::{
    Options,
    bids::{Mapping, Subject},
    output::{Error, Outputs, Record},
};
use isocenter_dcm::{Dataset, VR, tags};
use serde_json::{Value, json};

use crate::support::{MR, Study, number, slice, text};

/// Two slices of a series.
fn series(number_of: usize, description: &str, patient: &str, time: &str) -> Vec<Dataset> {
    let one = |n: usize| {
        let mut ds = slice(MR, 10 * number_of + n, [0.0, 0.0, 3.0 * n as f64], (100 * number_of + n) as u16);
        text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.3.{number_of}"));
        text(&mut ds, tags::SERIES_NUMBER, VR::IS, &number_of.to_string());
        text(&mut ds, tags::SERIES_DESCRIPTION, VR::LO, description);
        text(&mut ds, tags::PATIENT_ID, VR::LO, patient);
        text(&mut ds, tags::ACQUISITION_TIME, VR::TM, time);
        number(&mut ds, tags::ECHO_TIME, 30.0);
        ds
    };
    (0..2).map(one).collect()
}

fn mapping() -> Mapping {
    let bold = json!({"id": "rest", "datatype": "func", "suffix": "bold", "custom_entities": ["task-rest"],
        "criteria": {"SeriesDescription": "*bold*", "EchoTime": {"btw": [0.02, 0.04]}, "SidecarFilename": "00?_*"}});
    let fmap = json!({"datatype": "fmap", "suffix": "epi", "custom_entities": ["dir-AP"],
        "criteria": {"SeriesDescription": "*fmap*"}, "sidecar_changes": {"IntendedFor": "rest"}});
    Mapping::parse(&json!({"descriptions": [bold, fmap]}).to_string()).unwrap()
}

fn write(study: &Study, target: &Path) -> Result<Vec<Record>, Error> {
    let (mut plan, files) = study.plan();
    let outputs = Outputs::to(target)
        .names("%3s_%d".parse().unwrap())
        .extension("nii")
        .bids(mapping(), Subject::new("07", Some("1")).unwrap());
    let told = outputs.forecast(&plan, &files, &Options::default())?;
    let records = outputs.write(&mut plan, &files, &Options::default())?;
    for (told, record) in told.iter().zip(&records) {
        assert_eq!((told.outputs.first(), &told.unmapped), (record.outputs.first(), &record.unmapped));
    }
    Ok(records)
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn volumes_go_where_the_mapping_says_and_the_rest_is_told() {
    let all = [
        series(1, "localizer", "P", "100000"),
        series(4, "bold rest", "P", "101000"),
        series(5, "bold rest", "P", "100900"),
        series(6, "fmap AP", "P", "101100"),
    ];
    let out = tempfile::tempdir().unwrap();
    let records = write(&Study::of(all.into_iter().flatten()), out.path()).unwrap();
    let told = |record: &Record| {
        let code = record.unmapped.as_ref().map_or("", |note| note.code);
        (record.series_number, record.outputs.first().map(|p| p.display().to_string()).unwrap_or(code.to_owned()))
    };
    let mut found: Vec<_> = records.iter().map(told).collect();
    found.sort();
    let name = |folder: &str, rest: &str| format!("sub-07/ses-1/{folder}/sub-07_ses-1_{rest}.nii");
    assert_eq!(
        found,
        [
            (Some(1), "no-description".to_owned()),
            (Some(4), name("func", "task-rest_run-02_bold")),
            (Some(5), name("func", "task-rest_run-01_bold")),
            (Some(6), name("fmap", "dir-AP_epi")),
        ]
    );
    let beside = |folder: &str, rest: &str| json_of(&out.path().join(name(folder, rest)).with_extension("json"));
    let bold = beside("func", "task-rest_run-01_bold");
    assert_eq!((&bold["TaskName"], &bold["SeriesNumber"]), (&json!("rest"), &json!(5)));
    // what the mapping was held against stands in no output
    assert!(bold.get("SeriesDescription").is_none() && bold.get("PatientID").is_none(), "{bold}");
    let references =
        ["task-rest_run-01_bold", "task-rest_run-02_bold"].map(|rest| format!("bids::{}", name("func", rest)));
    assert_eq!(beside("fmap", "dir-AP_epi")["IntendedFor"], json!(references));
    assert_eq!(json_of(&out.path().join("dataset_description.json"))["DatasetType"], "raw");
    assert_eq!(fs::read_to_string(out.path().join("participants.tsv")).unwrap(), "participant_id\nsub-07\n");
    let again = Study::of(series(6, "fmap AP", "P", "101100"));
    assert!(matches!(write(&again, out.path()), Err(Error::Exists { .. })));
}

#[test]
fn volumes_of_two_patients_are_not_made_those_of_one_subject() {
    let mixed = [series(4, "bold", "P", "101000"), series(5, "bold", "Q", "101000")];
    let out = tempfile::tempdir().unwrap();
    assert!(matches!(write(&Study::of(mixed.into_iter().flatten()), out.path()), Err(Error::SeveralPatients(2))));
    assert!(fs::read_dir(out.path()).unwrap().next().is_none());
    // one that is not taken does not count
    let mixed = [series(4, "bold", "P", "101000"), series(5, "localizer", "Q", "101000")];
    assert_eq!(write(&Study::of(mixed.into_iter().flatten()), out.path()).unwrap().len(), 2);
}
