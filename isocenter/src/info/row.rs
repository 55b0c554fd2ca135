//! One row of the listing.

use std::path::PathBuf;

use isocenter_volume::{Frame, Head};
use serde::Serialize;

/// One volume that can be made.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct SeriesRow {
    /// Number of the patient, from 1, by the rule that [`Prepare`](crate::Prepare) has; none of a label map, which is its image's.
    pub patient: Option<usize>,
    /// Number of the study, from 1; none of a label map.
    pub study: Option<usize>,
    /// Number of the series, from 1.
    pub series: usize,
    /// Modality, such as `MR`.
    pub modality: Option<String>,
    /// Body Part Examined.
    pub body_part: Option<String>,
    /// What it most likely is.
    pub what: What,
    /// What tells so.
    pub told_by: ToldBy,
    /// Type of the samples as stored, such as `i16`.
    pub sample_type: &'static str,
    /// Number of files.
    pub files: usize,
    /// Voxels along i, j, k.
    pub shape: [usize; 3],
    /// Axes beside the three of space, such as time, with their number of steps.
    pub slow_axes: Vec<SlowAxisRow>,
    /// Voxel size along i, j, k, mm; none where no spacing is stated.
    pub spacing_mm: Option<[f64; 3]>,
    /// What coordinates are of: `patient`, `unknown` (millimetres whose axes nobody states) or `picture`.
    pub frame: &'static str,
    /// Where the axes point, such as `LPS`; none where nothing states it.
    pub orientation: Option<String>,
    /// Names of the transfer syntaxes of the files; of a volume file its format, such as `NIfTI-1`.
    pub stored_as: Vec<String>,
    /// Codes of what makes the files a privacy risk.
    pub privacy: Vec<String>,
    /// Folder and description, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
}

/// What may name a patient.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// The folder that all files of the row lie in or below; of a single file the file itself.
    pub path: PathBuf,
    /// Series Description.
    pub description: Option<String>,
}

/// What a volume most likely is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum What {
    /// One volume of intensities.
    #[default]
    Image,
    /// A volume for each step of time, diffusion weighting, echo, ...
    Steps,
    /// A picture without a place in the patient: a radiograph, a secondary capture.
    Picture,
    /// A label map of several structures.
    LabelMap,
    /// A label map of one structure.
    Mask,
}

impl What {
    /// Whether its voxels are labels.
    pub const fn is_labels(self) -> bool {
        matches!(self, Self::LabelMap | Self::Mask)
    }

    /// Its name for a person.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Steps => "series of volumes",
            Self::Picture => "picture",
            Self::LabelMap => "label map",
            Self::Mask => "mask",
        }
    }
}

/// What tells what a volume is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ToldBy {
    /// The file's header.
    #[default]
    Header,
    /// The names of file and folders.
    Name,
    /// The looks of the voxels: a guess.
    Voxels,
}

/// An axis beside the three of space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SlowAxisRow {
    /// Its kind, such as `time`, or the file's own name for it.
    pub kind: String,
    /// Number of steps.
    pub steps: usize,
}

impl SeriesRow {
    /// What the header says of grid and axes.
    pub(super) fn of_head(head: &Head) -> Self {
        let geometry = head.geometry();
        let frame = geometry.frame();
        let orientation = frame.is_patient().then(|| geometry.orientation().ok().map(|o| o.to_string())).flatten();
        let slow_axes: Vec<_> =
            head.slow_axes().iter().map(|a| SlowAxisRow { kind: a.kind().name().to_owned(), steps: a.len() }).collect();
        let what = match frame {
            Frame::Pixel => What::Picture,
            _ if slow_axes.is_empty() => What::Image,
            _ => What::Steps,
        };
        Self {
            what,
            shape: geometry.shape(),
            slow_axes,
            spacing_mm: Some(geometry.spacing_mm()),
            frame: match frame {
                Frame::Patient(_) => "patient",
                Frame::Pixel => "picture",
                _ => "unknown",
            },
            orientation,
            ..Self::default()
        }
    }
}
