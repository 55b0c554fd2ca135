//! Why no face was found. No message holds a value of an element.

use isocenter_register::{Doubt, Verdict};
use isocenter_volume::Family;

/// Why no face was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The template cannot be used.
    #[error("{message}")]
    Template {
        /// What is wrong and what to do.
        message: String,
    },
    /// The image cannot be registered.
    #[error("the template of the face could not be brought to the image: {0}")]
    Register(#[source] isocenter_register::Error),
    /// The registration does not trust itself.
    #[error("the template of the face could not be brought to the image with confidence: {}", said(doubts))]
    NotTrusted {
        /// [`Verdict::Doubtful`] or [`Verdict::Failed`].
        verdict: Verdict,
        /// What speaks against it.
        doubts: Vec<Doubt>,
        /// How far parts of the head are from where each fits best, mm.
        residual_mm: f64,
    },
    /// The map stretches the template as no two heads differ.
    #[error("the template of the face would be stretched {least:.2} to {most:.2} times, which no head is")]
    Implausible {
        /// The least stretch of a direction.
        least: f64,
        /// The greatest.
        most: f64,
    },
    /// The masks do not fit the image: most of the brain would go, or they are empty.
    #[error(transparent)]
    Faces(isocenter_deid::faces::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A short, stable code of the reason, such as `face-alignment-doubtful`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Template { .. } => "face-template",
            Self::Register(_) => "face-not-aligned",
            Self::NotTrusted { verdict: Verdict::Doubtful, .. } => "face-alignment-doubtful",
            Self::NotTrusted { .. } => "face-alignment-failed",
            Self::Implausible { .. } => "face-alignment-implausible",
            Self::Faces(error) => error.reason(),
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Template { .. } => Family::Argument,
            Self::Register(_) | Self::NotTrusted { .. } | Self::Implausible { .. } => Family::Unsuited,
            Self::Faces(error) => error.family(),
            Self::Cancelled => Family::Cancelled,
        }
    }

    pub(super) fn template(message: impl Into<String>) -> Self {
        Self::Template { message: message.into() }
    }
}

fn said(doubts: &[Doubt]) -> &'static str {
    doubts.first().map_or("no place stands out", |doubt| doubt.sentence())
}

impl From<isocenter_deid::faces::Error> for Error {
    fn from(error: isocenter_deid::faces::Error) -> Self {
        match error {
            isocenter_deid::faces::Error::Cancelled => Self::Cancelled,
            other => Self::Faces(other),
        }
    }
}

impl From<isocenter_register::Error> for Error {
    fn from(error: isocenter_register::Error) -> Self {
        match error {
            isocenter_register::Error::Cancelled => Self::Cancelled,
            other => Self::Register(other),
        }
    }
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        match error {
            isocenter_volume::Error::Cancelled => Self::Cancelled,
            other => Self::template(format!("the template of the face cannot be used: {other}")),
        }
    }
}
