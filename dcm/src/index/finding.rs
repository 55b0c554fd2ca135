//! What is not as it should be with a set of instances.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use rayon::prelude::*;

use super::facts::Row;
use crate::{Error, ReadLimits, scan};

/// What is not as it should be. Patient IDs and paths may name a patient: show them only where the caller may.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A file lacks what it is grouped by: Patient ID, Study, Series or SOP Instance UID.
    Missing {
        /// What it lacks.
        tag: Tag,
        /// The file.
        path: PathBuf,
    },
    /// One study belongs to several patients; it is a study of each.
    StudyOfSeveralPatients {
        /// Study Instance UID.
        study_uid: String,
        /// Patient ID and issuer of each.
        patients: Vec<(String, String)>,
    },
    /// One series belongs to several studies; it is a series of each.
    SeriesOfSeveralStudies {
        /// Series Instance UID.
        series_uid: String,
        /// Study Instance UID of each.
        studies: Vec<String>,
    },
    /// Several files have one SOP Instance UID.
    Duplicate {
        /// SOP Instance UID.
        sop_instance_uid: String,
        /// The files, by path.
        paths: Vec<PathBuf>,
        /// Whether the files are the same.
        sameness: Sameness,
    },
}

/// How alike several files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// Byte by byte.
    Identical,
    /// Two of them differ.
    Different,
    /// One of them could not be read again.
    Unread,
}

/// Finds what is wrong among rows that are sorted by [`Row::key`].
pub(super) fn find(rows: &[Row], limits: &ReadLimits) -> Vec<Finding> {
    let mut findings = missing(rows);
    findings.extend(studies(rows));
    findings.extend(series(rows));
    findings.extend(duplicates(rows, limits));
    findings
}

fn missing(rows: &[Row]) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in rows {
        let fields = [
            (tags::PATIENT_ID, row.patient_id.is_empty()),
            (tags::STUDY_INSTANCE_UID, row.study_uid.is_empty()),
            (tags::SERIES_INSTANCE_UID, row.series_uid.is_empty()),
            (tags::SOP_INSTANCE_UID, row.facts.sop_instance_uid.is_empty()),
        ];
        let absent = fields.into_iter().filter(|(_, absent)| *absent);
        found.extend(absent.map(|(tag, _)| (tag, row.facts.path())));
    }
    found.sort();
    found.into_iter().map(|(tag, path)| Finding::Missing { tag, path }).collect()
}

fn studies(rows: &[Row]) -> impl Iterator<Item = Finding> {
    let mut patients: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.study_uid.is_empty()) {
        patients.entry(&row.study_uid).or_default().insert((&row.patient_id, &row.issuer));
    }
    let several = patients.into_iter().filter(|(_, patients)| patients.len() > 1);
    several.map(|(uid, patients)| Finding::StudyOfSeveralPatients {
        study_uid: uid.to_owned(),
        patients: patients.into_iter().map(|(id, issuer)| (id.to_owned(), issuer.to_owned())).collect(),
    })
}

fn series(rows: &[Row]) -> impl Iterator<Item = Finding> {
    let mut studies: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.series_uid.is_empty()) {
        studies.entry(&row.series_uid).or_default().insert(&row.study_uid);
    }
    let several = studies.into_iter().filter(|(_, studies)| studies.len() > 1);
    several.map(|(uid, studies)| Finding::SeriesOfSeveralStudies {
        series_uid: uid.to_owned(),
        studies: studies.into_iter().map(str::to_owned).collect(),
    })
}

fn duplicates(rows: &[Row], limits: &ReadLimits) -> Vec<Finding> {
    let mut by_uid: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.facts.sop_instance_uid.is_empty()) {
        by_uid.entry(&row.facts.sop_instance_uid).or_default().push(row);
    }
    by_uid.retain(|_, rows| rows.len() > 1);
    let told = by_uid.into_par_iter().map(|(uid, rows)| {
        let mut files: Vec<_> = rows.iter().map(|row| (row.facts.path(), row.facts.bytes)).collect();
        files.sort();
        let sameness = sameness(&files, limits);
        let paths = files.into_iter().map(|(path, _)| path).collect();
        Finding::Duplicate { sop_instance_uid: uid.to_owned(), paths, sameness }
    });
    told.collect()
}

fn sameness(files: &[(PathBuf, u64)], limits: &ReadLimits) -> Sameness {
    let Some(((first, size), others)) = files.split_first() else { return Sameness::Identical };
    if others.iter().any(|(_, other)| other != size) {
        return Sameness::Different;
    }
    for (other, _) in others {
        match equal(first, other, limits) {
            Ok(true) => {}
            Ok(false) => return Sameness::Different,
            Err(_) => return Sameness::Unread,
        }
    }
    Sameness::Identical
}

/// Whether two files hold the same bytes.
fn equal(a: &Path, b: &Path, limits: &ReadLimits) -> Result<bool, Error> {
    scan::read_from(a, limits, &mut |a, _| scan::read_from(b, limits, &mut |b, _| same(a, b)))
}

fn same(a: &mut dyn Read, b: &mut dyn Read) -> Result<bool, Error> {
    const BLOCK: u64 = 64 << 10;
    let block = |mut reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        let read = (&mut reader).take(BLOCK).read_to_end(&mut bytes);
        read.map_err(|source| Error::Io { path: None, action: "read", source })?;
        Ok::<_, Error>(bytes)
    };
    loop {
        let (left, right) = (block(a)?, block(b)?);
        if left != right {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
    }
}
