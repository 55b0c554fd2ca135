//! The main header and the headers of matrices.

use std::collections::BTreeMap;

use isocenter_volume::SampleType;

use super::directory::BLOCK;
use crate::{Error, endian::Endian, fixed::Fixed};

/// How every file begins; a digit and a letter follow.
pub(super) const MAGIC: &[u8] = b"MATRIX7";

/// Code of files of 16-bit volumes.
const VOLUME: u16 = 7;

/// Texts of the main header: name, place, bytes.
const TEXTS: [(&str, usize, usize); 12] = [
    ("original_file_name", 14, 32),
    ("serial_number", 52, 10),
    ("isotope_name", 66, 8),
    ("radiopharmaceutical", 78, 32),
    ("study_type", 154, 12),
    ("patient_id", 166, 16),
    ("patient_name", 182, 32),
    ("physician_name", 232, 32),
    ("operator_name", 264, 32),
    ("study_description", 296, 32),
    ("facility_name", 332, 20),
    ("data_units", 466, 32),
];

/// What the main header says.
#[derive(Debug)]
pub(super) struct Main {
    pub(super) texts: BTreeMap<String, String>,
    /// Real units for each scaled one.
    pub(super) calibration: f64,
}

impl Main {
    pub(super) fn parse(file: &[u8]) -> Result<Self, Error> {
        let f = Fixed { bytes: first(file, 0, "main header")?, endian: Endian::Big };
        if f.u16(50) != VOLUME {
            return Err(Error::unsupported("a file of ECAT but of volumes", format!("file type {}", f.u16(50))));
        }
        let texts = TEXTS.map(|(key, at, len)| (key.to_owned(), f.text(at, len)));
        let calibration = f.f32(144);
        Ok(Self {
            texts: texts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
            // 0 is what is not calibrated
            calibration: if calibration == 0.0 { 1.0 } else { calibration },
        })
    }
}

/// What the header of a matrix says.
#[derive(Debug, PartialEq)]
pub(super) struct Sub {
    pub(super) sample: SampleType,
    pub(super) shape: [u64; 3],
    /// mm.
    pub(super) spacing: [f64; 3],
    /// Of the centre, mm.
    pub(super) offset: [f64; 3],
    pub(super) scale: f64,
    /// s.
    pub(super) start: f64,
}

/// Millimetres of a centimetre.
const CM: f64 = 10.0;

impl Sub {
    /// Parses the header of the matrix at a place of the file.
    pub(super) fn parse(file: &[u8], at: usize) -> Result<Self, Error> {
        let f = Fixed { bytes: first(file, at, "header of a matrix")?, endian: Endian::Big };
        let sample = match f.u16(0) {
            6 => SampleType::I16,
            5 => SampleType::F32,
            7 => SampleType::I32,
            1..=4 => return Err(Error::unsupported("sample type", format!("data type {} of ECAT", f.u16(0)))),
            other => return Err(Error::malformed("data_type", other, "1 to 7")),
        };
        let shape = [4, 6, 8].map(|at| u64::from(f.u16(at)));
        if shape.contains(&0) {
            return Err(Error::malformed("dimension", 0, "axes of at least 1"));
        }
        Ok(Self {
            sample,
            shape,
            spacing: [34, 38, 42].map(|at| f.f32(at) * CM),
            offset: [10, 14, 18].map(|at| f.f32(at) * CM),
            scale: f.f32(26),
            start: f64::from(f.i32(50)) / 1e3,
        })
    }
}

/// The block at a place of the file.
fn first<'f>(file: &'f [u8], at: usize, what: &'static str) -> Result<&'f [u8], Error> {
    let found = file.get(at..).and_then(|rest| rest.get(..BLOCK));
    found.ok_or(Error::Truncated { what, wanted: at.saturating_add(BLOCK) as u64, found: file.len() as u64 })
}
