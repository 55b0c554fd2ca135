//! From sorted rows to patients.

use super::facts::Row;
use super::{Patient, Series, Study};

/// Groups rows that are sorted by [`Row::key`].
pub(super) fn group(rows: Vec<Row>) -> Vec<Patient> {
    let mut patients: Vec<Patient> = Vec::new();
    // Whose study the last patient without an ID is.
    let mut last_patient = None;
    for row in rows {
        let patient = row.patient();
        let patient = (patient.0.to_owned(), patient.1.to_owned(), patient.2.map(str::to_owned));
        if last_patient.as_ref() != Some(&patient) {
            patients.push(Patient { id: row.patient_id.clone(), issuer: row.issuer.clone(), studies: Vec::new() });
            last_patient = Some(patient);
        }
        if let Some(patient) = patients.last_mut() {
            put(patient, row);
        }
    }
    for patient in &mut patients {
        patient.studies.sort_by(|a, b| (&a.date, &a.uid).cmp(&(&b.date, &b.uid)));
    }
    patients
}

fn put(patient: &mut Patient, row: Row) {
    let Row { study_uid, study_date, series_uid, facts, .. } = row;
    let new_study = patient.studies.last().is_none_or(|study| study.uid != study_uid);
    if new_study {
        patient.studies.push(Study { uid: study_uid, date: study_date.clone(), series: Vec::new() });
    }
    let Some(study) = patient.studies.last_mut() else { return };
    if !study_date.is_empty() && (study.date.is_empty() || study_date < study.date) {
        study.date = study_date;
    }
    if study.series.last().is_none_or(|series| series.uid != series_uid) {
        study.series.push(Series { uid: series_uid, instances: Vec::new() });
    }
    if let Some(series) = study.series.last_mut() {
        series.instances.push(facts);
    }
}
