//! How a study was imaged.

use serde::Serialize;

/// The machine, as far as rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// Computed tomography.
    Ct,
    /// Magnetic resonance.
    Mr,
    /// Radiograph (CR, DX).
    Xr,
    /// Ultrasound.
    Us,
    /// Gamma camera.
    Nm,
    /// SPECT (`ST`).
    Spect,
    /// Positron emission tomography.
    Pt,
    /// Mammography.
    Mg,
    /// Fluoroscopy.
    Rf,
}

impl Method {
    /// From a DICOM Modality, or the name in this crate's word list.
    pub fn of(modality: &str) -> Option<Self> {
        Some(match modality {
            "CT" => Self::Ct,
            "MR" => Self::Mr,
            "XR" | "CR" | "DX" => Self::Xr,
            "US" => Self::Us,
            "NM" => Self::Nm,
            "ST" => Self::Spect,
            "PT" => Self::Pt,
            "MG" => Self::Mg,
            "RF" => Self::Rf,
            _ => return None,
        })
    }

    /// LOINC's Method of a plain study by this machine.
    pub const fn loinc(self) -> &'static str {
        match self {
            Self::Ct => "CT",
            Self::Mr => "MR",
            Self::Xr => "XR",
            Self::Us => "US",
            Self::Nm => "NM",
            Self::Spect => "NM.SPECT",
            Self::Pt => "PT",
            Self::Mg => "MG",
            Self::Rf => "RF",
        }
    }

    /// Whether contrast into a vein is part of its codes.
    pub(super) const fn has_timing(self) -> bool {
        matches!(self, Self::Ct | Self::Mr)
    }
}
