//! Why a face could not be removed. No message holds a value of an element.

use isocenter_volume::{Cancelled, Family};

/// Why a face could not be removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The image may show a face, and no mask was handed in.
    #[error("the image may show a face and there is no mask of it")]
    NoMask,
    /// No voxel of the mask is set.
    #[error("the mask of the face is empty")]
    EmptyMask,
    /// The mask is larger than any face.
    #[error("the mask of the face spans {extent_mm:.0} mm, at most {limit_mm:.0} mm are a face's")]
    MaskTooLarge {
        /// Its longest side, mm.
        extent_mm: f64,
        /// The longest that is taken.
        limit_mm: f64,
    },
    /// A map between template and image that is singular or not finite.
    #[error("the map between template and image is singular or not finite")]
    BadAlignment,
    /// Mask and brain overlap by more than their edges.
    #[error("{:.1} % of the brain lie in what is to be removed", share * 100.0)]
    Brain {
        /// The part of the brain, 0 to 1.
        share: f64,
    },
    /// Most of the image would go: the mask is another's, or the wrong way round.
    #[error("{:.0} % of the image lie in what is to be removed", share * 100.0)]
    TooMuch {
        /// The part of the image, 0 to 1.
        share: f64,
    },
    /// Nothing says where a frame lies in the patient.
    #[error("nothing says where frame {frame} lies in the patient")]
    NoGeometry {
        /// The frame, from 0; 0 for a volume.
        frame: usize,
    },
    /// Mask and image lie in different worlds.
    #[error("the mask and the image cannot be compared: {0}")]
    World(#[source] isocenter_volume::Error),
    /// The mask lies about the image, and no voxel of it is in the mask.
    #[error("the mask covers no voxel of the image")]
    NothingCovered,
    /// The image lies elsewhere: no head is in its field of view, or the mask is another's.
    #[error("the image lies {distance_mm:.0} mm away from the mask of the face")]
    NotInView {
        /// Between the boxes about both, mm.
        distance_mm: f64,
    },
    /// A form that may show a face and from which none can be removed.
    #[error("a face cannot be removed from {what}")]
    Unsupported {
        /// Which form.
        what: &'static str,
    },
    /// The pixels could not be decoded, changed or coded.
    #[error(transparent)]
    Pixels(#[from] crate::pixels::Error),
    /// Masks that do not fit together.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A short, stable code of the reason, such as `no-face-mask`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoMask => "no-face-mask",
            Self::EmptyMask => "face-mask-empty",
            Self::MaskTooLarge { .. } => "face-mask-too-large",
            Self::BadAlignment => "face-bad-alignment",
            Self::Brain { .. } => "face-mask-in-brain",
            Self::TooMuch { .. } => "face-mask-takes-most",
            Self::NoGeometry { .. } => "face-no-geometry",
            Self::World(_) => "face-other-world",
            Self::NothingCovered => "face-nothing-covered",
            Self::NotInView { .. } => "face-not-in-view",
            Self::Unsupported { .. } => "face-unsupported",
            Self::Pixels(source) => source.reason(),
            Self::Volume(_) => "face-volume",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::NoMask | Self::EmptyMask | Self::MaskTooLarge { .. } | Self::BadAlignment => Family::Argument,
            Self::Brain { .. } | Self::TooMuch { .. } | Self::World(_) => Family::Argument,
            Self::NoGeometry { .. } | Self::NothingCovered | Self::NotInView { .. } => Family::Unsuited,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Pixels(source) => source.family(),
            Self::Volume(_) => Family::Argument,
            Self::Cancelled => Family::Cancelled,
        }
    }
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        match error {
            isocenter_volume::Error::Cancelled => Self::Cancelled,
            error => Self::Volume(error),
        }
    }
}

impl From<isocenter_dcm::Error> for Error {
    fn from(error: isocenter_dcm::Error) -> Self {
        match error {
            isocenter_dcm::Error::Cancelled => Self::Cancelled,
            error => Self::Pixels(error.into()),
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
