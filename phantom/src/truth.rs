//! What was written, and what a tool must find in it.
//!
//! Paths are relative to the cohort's folder, with `/`. Positions and matrices are LPS millimetres. The file belongs beside the
//! cohort's folder, never into it: it holds every identifier in the clear.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use crate::{Error, dicom::instance::write_beside};

/// The whole truth about a cohort.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Truth {
    /// What it was made from.
    pub seed: u64,
    /// The people.
    pub patients: Vec<TruthPatient>,
    /// Every series that is whole.
    pub series: Vec<TruthSeries>,
    /// Label maps, each on the grid of a series.
    pub labels: Vec<TruthLabels>,
    /// Identifiers, and where they stand.
    pub planted: Vec<Planted>,
    /// Files that must be kept out, and why.
    pub faulty: Vec<Faulty>,
    /// Files that say again what another one says: same SOP Instance UID, equal pixels.
    pub duplicates: Vec<Duplicate>,
    /// Known uptake.
    pub suv: Vec<TruthUptake>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TruthPatient {
    /// Patient ID.
    pub id: String,
    /// Patient's Name, as a PN.
    pub name: String,
    /// kg.
    pub weight_kg: f64,
    /// Study Instance UIDs.
    pub studies: Vec<String>,
}

/// What a series shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Kind {
    /// A head.
    Head,
    /// A trunk, CT.
    Body,
    /// A trunk, PET.
    Pet,
    /// Planning images of a few planes across each other.
    Localizer,
}

/// One series that is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TruthSeries {
    /// Patient ID.
    pub patient_id: String,
    /// Study Instance UID.
    pub study_uid: String,
    /// Series Instance UID.
    pub series_uid: String,
    /// Modality.
    pub modality: String,
    /// `T1`, `T2`, `FLAIR`, `CT` or `SUV`.
    pub contrast: String,
    /// What it shows.
    pub kind: Kind,
    /// Upper rows of the matrix from canonical to world millimetres (LPS both). The map from the world of one series of a patient
    /// to that of another is `pose_b * inverse(pose_a)`.
    pub pose: [[f64; 4]; 3],
    /// Columns, rows, planes.
    pub shape: [usize; 3],
    /// Between columns, rows, planes, mm.
    pub spacing_mm: [f64; 3],
    /// Upper rows of the matrix from index (column, row, plane) to world millimetres, LPS. For a localizer, that of its first image.
    pub affine: [[f64; 4]; 3],
    /// One multi-frame file.
    pub enhanced: bool,
    /// The files, by plane.
    pub files: Vec<String>,
}

/// One label map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TruthLabels {
    /// The file.
    pub path: String,
    /// The series whose grid it has (axes in another order).
    pub series_uid: String,
    /// Name by value.
    pub names: BTreeMap<u32, String>,
    /// Number of voxels by value.
    pub voxels: BTreeMap<u32, u64>,
}

/// One identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Planted {
    /// Element, with the way through sequences; or the file's part.
    pub place: String,
    /// The value.
    pub value: String,
}

/// Files that must be kept out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Faulty {
    /// The files.
    pub files: Vec<String>,
    /// `truncated`, `empty-file`, `not-dicom`, `contradictory-duplicate`, `missing-slice` or `burned-in-annotation`.
    pub expected_reason: String,
}

/// One file that says again what another one says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Duplicate {
    /// The copy.
    pub file: String,
    /// What it is a copy of.
    pub of: String,
}

/// A ball of known uptake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TruthUptake {
    /// Series Instance UID of the PET.
    pub series_uid: String,
    /// What it lies in.
    pub region: String,
    /// World LPS millimetres.
    pub centre_mm: [f64; 3],
    /// mm.
    pub radius_mm: f64,
    /// SUVbw, g/ml.
    pub value: f64,
}

impl Truth {
    /// Writes it as JSON.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write_json(&self, path: &Path) -> Result<(), Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        write_beside(path, &bytes)
    }

    /// Reads what [`Truth::write_json`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Json`].
    pub fn read_json(path: &Path) -> Result<Self, Error> {
        Ok(serde_json::from_slice(&std::fs::read(path).map_err(Error::io(path))?)?)
    }
}
