//! An index of what a scan found: patients, their studies, series and instances.
//!
//! Of each instance only the facts are kept that grouping needs, about 400 bytes in all, so that an index of 100,000 files takes
//! tens of megabytes. Everything is in a fixed order, whatever the order of the files and the number of threads: patients by
//! Patient ID, then its issuer; studies by Study Date, then UID; series by UID; instances by UID, then path.
//!
//! Nothing is merged that the files do not say is one. A patient is one Patient ID with one issuer; without an ID a study is a
//! patient by itself. A Series Instance UID that occurs in two studies is two series, and a study of two patients is two
//! studies; each is told as a [`Finding`], as are duplicates (which all stay in the index) and missing UIDs. An absent UID is an
//! empty one.
//!
//! Source: DICOM PS3.3 section 7 (patient, study, series, instance), C.7.1.1 (Patient ID is unique within its issuer).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Index, Instance, VR, dicom_core::DataElement, scan::ScanOptions, tags};
//! use isocenter_dcm::isocenter_volume::Ctx;
//! let folder = tempfile::tempdir()?;
//! for number in ["1", "2"] {
//!     let mut ds = Dataset::new_empty();
//!     ds.put(DataElement::new(tags::PATIENT_ID, VR::LO, "P1"));
//!     ds.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2"));
//!     ds.put(DataElement::new(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3"));
//!     ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, format!("1.2.3.{number}")));
//!     Instance::new(FileMeta::default(), ds).write(folder.path().join(number))?;
//! }
//! let index = Index::scan(&[folder.path().to_owned()], &ScanOptions::default(), &Ctx::default())?;
//! assert_eq!(index.patients[0].studies[0].series[0].instances.len(), 2);
//! assert!(index.findings.is_empty());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod facts;
mod finding;
mod group;
mod intern;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use isocenter_volume::Ctx;
use rayon::prelude::*;

pub use facts::Facts;
pub use finding::{Finding, Sameness};

use self::facts::Row;
use self::intern::Intern;
use crate::scan::{self, FileKind, Kind, ScanOptions, Scanned};
use crate::{Error, ReadLimits};

/// What a scan found, grouped.
#[derive(Debug, Default)]
pub struct Index {
    /// The patients, by Patient ID and issuer.
    pub patients: Vec<Patient>,
    /// What is not as it should be, by kind, then by UID.
    pub findings: Vec<Finding>,
    /// The files that are no instance of a patient, by path.
    pub others: Vec<Other>,
}

/// One patient.
#[derive(Debug)]
pub struct Patient {
    /// Patient ID; empty where the patient's one study has none.
    pub id: Arc<str>,
    /// Issuer of Patient ID; empty where there is none.
    pub issuer: Arc<str>,
    /// The studies, by date and UID.
    pub studies: Vec<Study>,
}

/// One study.
#[derive(Debug)]
pub struct Study {
    /// Study Instance UID.
    pub uid: Arc<str>,
    /// Study Date as it is written, the first of several; empty where there is none.
    pub date: Arc<str>,
    /// The series, by UID.
    pub series: Vec<Series>,
}

/// One series.
#[derive(Debug)]
pub struct Series {
    /// Series Instance UID.
    pub uid: Arc<str>,
    /// The instances, by UID and path.
    pub instances: Vec<Facts>,
}

/// A file that is no instance of a patient.
#[derive(Debug)]
pub struct Other {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub what: What,
}

/// What a file is that is no instance of a patient.
#[derive(Debug)]
#[non_exhaustive]
pub enum What {
    /// A DICOMDIR.
    Directory,
    /// Something else than DICOM.
    NotDicom(FileKind),
    /// Not to be read, and why: the code of [`Error::reason`].
    Failed(&'static str),
}

impl Index {
    /// Scans paths and groups what they hold, header by header; stages as for [`scan::scan`].
    ///
    /// Instances that share a UID are read whole and compared, after the scan.
    ///
    /// # Errors
    /// As [`scan::scan`].
    pub fn scan(paths: &[impl AsRef<Path>], options: &ScanOptions, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let intern = Intern::default();
        let rows = scan::scan_with(paths, options, ctx, &|scanned| sort_out(&scanned, &intern))?;
        Ok(Self::of_rows(rows, &options.limits))
    }

    /// Groups what a scan found, which may be in any order.
    pub fn of(scanned: &[Scanned], limits: &ReadLimits) -> Self {
        let intern = Intern::default();
        Self::of_rows(scanned.par_iter().map(|scanned| sort_out(scanned, &intern)).collect(), limits)
    }

    /// All instances, in order.
    pub fn instances(&self) -> impl Iterator<Item = &Facts> {
        let series = self.patients.iter().flat_map(|patient| &patient.studies).flat_map(|study| &study.series);
        series.flat_map(|series| &series.instances)
    }

    fn of_rows(found: Vec<Result<Box<Row>, Other>>, limits: &ReadLimits) -> Self {
        let (mut rows, mut others) = (Vec::new(), Vec::new());
        for found in found {
            match found {
                Ok(row) => rows.push(*row),
                Err(other) => others.push(other),
            }
        }
        others.sort_by(|a, b| a.path.cmp(&b.path));
        rows.par_sort_by(|a, b| a.key().cmp(&b.key()));
        let findings = finding::find(&rows, limits);
        Self { patients: group::group(rows), findings, others }
    }
}

fn sort_out(scanned: &Scanned, intern: &Intern) -> Result<Box<Row>, Other> {
    let what = match &scanned.kind {
        Kind::Dicom(instance) => return Ok(Box::new(Row::of(scanned, instance, intern))),
        Kind::Directory(_) => What::Directory,
        Kind::NotDicom(kind) => What::NotDicom(*kind),
        Kind::Failed(error) => What::Failed(error.reason()),
    };
    Err(Other { path: scanned.path.clone(), what })
}
