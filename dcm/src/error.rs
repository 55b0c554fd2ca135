//! Why a file, or its pixels, could not be read.
//!
//! [`Error::family`] says what a caller can do about it. No message holds a value of an element:
//! tag, VR and length say what is wrong without saying whose it is. [`Error::reason`] is a short code that never changes,
//! for quarantine records.

use std::path::PathBuf;

use dicom_core::{Tag, VR};
use isocenter_volume::{Cancelled, Family};

use crate::Warning;

/// Why a file, or its pixels, could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file holds no byte.
    #[error("the file is empty")]
    Empty,
    /// The bytes do not start like a DICOM file or data set.
    #[error("not a DICOM file")]
    NotDicom,
    /// The file ends before what it declares.
    #[error("truncated at byte {offset}: {wanted} bytes declared, {left} left{}", of(.tag))]
    Truncated {
        /// The element that is cut off, where known.
        tag: Option<Tag>,
        /// Where in the file (or the inflated data set) the cut value starts.
        offset: u64,
        /// Bytes declared.
        wanted: u64,
        /// Bytes left.
        left: u64,
    },
    /// The structure contradicts itself.
    #[error("malformed: {what}{}", of(.tag))]
    Malformed {
        /// The element at fault, where known.
        tag: Option<Tag>,
        /// What is wrong.
        what: &'static str,
    },
    /// Something would have to be repaired, and strict reading was asked for.
    #[error("not conforming: {warning}")]
    NotConforming {
        /// What would be repaired first.
        warning: Warning,
    },
    /// A value is not what its element calls for. The value itself is not told.
    #[error("value of {tag} ({vr}, {length} bytes) is not {wanted}")]
    BadValue {
        /// The element.
        tag: Tag,
        /// Its value representation.
        vr: VR,
        /// Its length in bytes.
        length: u32,
        /// What was expected.
        wanted: &'static str,
    },
    /// An element that is needed is absent or empty.
    #[error("{tag} is missing")]
    Missing {
        /// The element.
        tag: Tag,
    },
    /// The data set holds no pixels, or was opened header only.
    #[error("no pixel data")]
    NoPixelData,
    /// The data set was read only in part, and what is asked for needs all of it.
    #[error("only a part of the data set was read")]
    PartlyRead,
    /// There is no such frame.
    #[error("frame {index} asked for, the image has {frames}")]
    NoSuchFrame {
        /// The frame asked for, from 0.
        index: usize,
        /// How many there are.
        frames: usize,
    },
    /// The caller's buffer does not have the size of what goes into it.
    #[error("a buffer of {found} samples for {wanted}")]
    BufferSize {
        /// DynSamples there are.
        wanted: usize,
        /// Places there are.
        found: usize,
    },
    /// The frame has no such view.
    #[error("view {index} asked for, the frame has {views}")]
    NoSuchView {
        /// The view asked for, from 0.
        index: usize,
        /// How many there are.
        views: usize,
    },
    /// A compressed frame could not be decoded.
    #[error("{codec} stream is damaged: {what}")]
    Codec {
        /// The codec.
        codec: &'static str,
        /// What is wrong with the stream.
        what: String,
    },
    /// A transfer syntax that this crate does not read.
    #[error("transfer syntax {uid} is not supported")]
    UnsupportedTransferSyntax {
        /// Its UID.
        uid: String,
    },
    /// A stream of a known codec with a feature that this crate does not decode.
    #[error("{codec}: {what} is not supported")]
    UnsupportedCodec {
        /// The codec.
        codec: &'static str,
        /// The feature.
        what: &'static str,
    },
    /// A pixel format that this crate does not read.
    #[error("{what} is not supported")]
    UnsupportedPixels {
        /// The format.
        what: &'static str,
    },
    /// A declared size is above the caller's limit.
    #[error("{what}: {asked} asked for, limit is {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How much the file asks for.
        asked: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// The system could not read or write.
    #[error("could not {action} the file")]
    Io {
        /// The path, where there is one. It may name a patient: show it only where the caller may.
        path: Option<PathBuf>,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A short, stable code of the reason, such as `truncated` or `unsupported-transfer-syntax`.
    ///
    /// ```
    /// assert_eq!(isocenter_dcm::Error::Empty.reason(), "empty-file");
    /// ```
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty-file",
            Self::NotDicom => "not-dicom",
            Self::Truncated { .. } => "truncated",
            Self::Malformed { .. } => "malformed",
            Self::NotConforming { .. } => "not-conforming",
            Self::BadValue { .. } => "bad-value",
            Self::Missing { .. } => "missing-element",
            Self::NoPixelData => "no-pixel-data",
            Self::PartlyRead => "partly-read",
            Self::NoSuchFrame { .. } => "no-such-frame",
            Self::BufferSize { .. } => "buffer-size",
            Self::NoSuchView { .. } => "no-such-view",
            Self::Codec { .. } => "damaged-pixel-data",
            Self::UnsupportedTransferSyntax { .. } => "unsupported-transfer-syntax",
            Self::UnsupportedCodec { .. } => "unsupported-codec",
            Self::UnsupportedPixels { .. } => "unsupported-pixels",
            Self::Limit { .. } => "limit",
            Self::Io { .. } => "io",
            Self::Cancelled => "cancelled",
        }
    }

    /// What a caller can do about it.
    ///
    /// ```
    /// use isocenter_dcm::{Error, Family};
    /// assert_eq!(Error::NoSuchFrame { index: 3, frames: 1 }.family(), Family::Argument);
    /// ```
    pub const fn family(&self) -> Family {
        match self {
            Self::UnsupportedTransferSyntax { .. } | Self::UnsupportedCodec { .. } | Self::UnsupportedPixels { .. } => {
                Family::Unsupported
            }
            Self::Limit { .. } => Family::Limit,
            Self::Io { .. } => Family::Io,
            Self::PartlyRead | Self::NoSuchFrame { .. } | Self::BufferSize { .. } | Self::NoSuchView { .. } => {
                Family::Argument
            }
            Self::NoPixelData => Family::Unsuited,
            Self::Cancelled => Family::Cancelled,
            Self::Empty
            | Self::NotDicom
            | Self::Truncated { .. }
            | Self::Malformed { .. }
            | Self::NotConforming { .. }
            | Self::BadValue { .. }
            | Self::Missing { .. }
            | Self::Codec { .. } => Family::Malformed,
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

fn of(tag: &Option<Tag>) -> String {
    tag.map_or_else(String::new, |tag| format!(" at {tag}"))
}
