//! Why a volume could not become DICOM.

use std::path::PathBuf;

use isocenter_dcm::Tag;
use isocenter_volume::{Family, SampleType};

use super::{Kind, put::keyword};

/// Why a volume could not become DICOM. No message holds a value of the reference or the template.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An attribute that the object cannot do without is in neither reference nor template, or is no value of its VR there.
    #[error("{} {tag} is wanted by {kind}, and neither reference nor template has a sound value of it", keyword(*tag))]
    Missing {
        /// The kind of object.
        kind: Kind,
        /// The attribute.
        tag: Tag,
    },
    /// The template is no JSON object of keywords, or one of its values cannot be taken.
    #[error("template: {keyword}: {what}")]
    Template {
        /// The keyword at fault, where it is one of the dictionary or could be; else `(a key)`.
        keyword: String,
        /// What is wrong.
        what: &'static str,
    },
    /// The instances of the reference cannot be one.
    #[error("reference: {what}")]
    Reference {
        /// What is wrong.
        what: &'static str,
    },
    /// A legacy converted image has the frames of its reference, and this plane is none of them.
    #[error(
        "no instance of the reference lies at plane {plane} of the volume, and a legacy converted image is made of such"
    )]
    Unpaired {
        /// The plane over all steps, from 0.
        plane: usize,
    },
    /// The volume does not say where it lies in a patient.
    #[error(
        "{kind} lies in a patient, and the volume's frame is none; state it with assume_patient_frame, or make a secondary capture"
    )]
    NoPatientFrame {
        /// The kind of object.
        kind: Kind,
    },
    /// Rows and columns are not at right angles: no plane of DICOM is like that.
    #[error("rows and columns are {degrees:.3} degrees off a right angle; resample the volume first")]
    SkewedPlanes {
        /// How far from a right angle.
        degrees: f64,
    },
    /// The slices are shifted against each other (a tilted gantry), and the object would claim a regular volume.
    #[error(
        "slices follow each other {degrees:.3} degrees off the normal; {kind} claims that they do not: write classic slices, or resample"
    )]
    Sheared {
        /// The kind of object.
        kind: Kind,
        /// The angle between step and normal.
        degrees: f64,
    },
    /// Samples of this type have no place in this kind of object.
    #[error("{} samples have no place in {kind}", found.name())]
    SampleType {
        /// The kind of object.
        kind: Kind,
        /// The type.
        found: SampleType,
    },
    /// Whole numbers cannot hold what is no number.
    #[error("{samples} samples are no finite number; a parametric map can hold them")]
    NotFinite {
        /// How many.
        samples: usize,
    },
    /// More than the fields of the format count to.
    #[error("{what}: {asked} are asked for, {limit} is the limit of the format")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        asked: u64,
        /// The most.
        limit: u64,
    },
    /// A UID that was given is none, or there are not as many as objects.
    #[error("given UIDs: {what}")]
    Uids {
        /// What is wrong.
        what: &'static str,
    },
    /// A word that was given is no value of its attribute.
    #[error("{what}")]
    Option {
        /// Which and why.
        what: &'static str,
    },
    /// A file is there already.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to make the folder.
    #[error("could not make the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An object could not be written.
    #[error(transparent)]
    Dicom(isocenter_dcm::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<isocenter_dcm::Error> for Error {
    fn from(error: isocenter_dcm::Error) -> Self {
        match error {
            isocenter_dcm::Error::Cancelled => Self::Cancelled,
            other => Self::Dicom(other),
        }
    }
}

impl From<isocenter_volume::Cancelled> for Error {
    fn from(_: isocenter_volume::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl Error {
    /// A stable code of the kind of failure.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing-attribute",
            Self::Template { .. } => "bad-template",
            Self::Reference { .. } => "bad-reference",
            Self::Unpaired { .. } => "unpaired-plane",
            Self::NoPatientFrame { .. } => "no-patient-frame",
            Self::SkewedPlanes { .. } => "skewed-planes",
            Self::Sheared { .. } => "sheared",
            Self::SampleType { .. } => "sample-type",
            Self::NotFinite { .. } => "not-finite",
            Self::TooLarge { .. } => "too-large",
            Self::Uids { .. } => "bad-uids",
            Self::Option { .. } => "bad-option",
            Self::Exists { .. } => "exists",
            Self::Folder { .. } => "io",
            Self::Dicom(error) => error.reason(),
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub fn family(&self) -> Family {
        match self {
            Self::Missing { .. }
            | Self::Template { .. }
            | Self::Reference { .. }
            | Self::NoPatientFrame { .. }
            | Self::Uids { .. }
            | Self::Option { .. }
            | Self::Exists { .. } => Family::Argument,
            Self::Unpaired { .. } | Self::SkewedPlanes { .. } | Self::Sheared { .. } | Self::NotFinite { .. } => {
                Family::Unsuited
            }
            Self::SampleType { .. } => Family::Unsupported,
            Self::TooLarge { .. } => Family::Limit,
            Self::Folder { .. } => Family::Io,
            Self::Dicom(error) => error.family(),
            Self::Cancelled => Family::Cancelled,
        }
    }
}
