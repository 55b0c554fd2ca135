//! What was repaired on the way in.

use std::fmt;

use dicom_core::{Tag, VR};

/// One repair made while a file was opened. No variant holds a value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The 128 bytes before `DICM` are missing, or `DICM` itself is.
    MissingPreamble,
    /// There is no file meta group; the transfer syntax was found by looking.
    MissingMeta,
    /// The meta group does not say its length, or says it wrong.
    BadMetaLength,
    /// The meta group does not name a transfer syntax; it was found by looking.
    MissingTransferSyntax,
    /// The meta group is written with implicit VR.
    ImplicitMeta,
    /// Implementation Version Name is longer than its 16 bytes.
    LongImplementationVersionName {
        /// Its length in bytes.
        length: usize,
    },
    /// The data set is not written as its transfer syntax says; it was read as it is.
    SyntaxMismatch {
        /// Whether the data set has explicit VRs.
        explicit: bool,
        /// Whether the data set is big endian.
        big_endian: bool,
    },
    /// SOP Class UID is empty; that of the meta group stands in.
    SopClassFromMeta,
    /// SOP Instance UID is empty; that of the meta group stands in.
    SopInstanceFromMeta,
    /// An element of VR UN was read by the dictionary's VR (as implicit little endian), or as a sequence.
    UnknownVrResolved {
        /// The element.
        tag: Tag,
        /// The VR it was read as.
        vr: VR,
    },
    /// A second meta group follows the first, or stands in the data set. What it says counts where the first says nothing; its transfer
    /// syntax where the data set is not as the first one's, and as it says.
    SecondMeta,
    /// An element without a VR, or with two blanks for one, stands among explicit ones; it was read by the dictionary.
    MissingVr {
        /// The element.
        tag: Tag,
    },
    /// A value's length is no multiple of its VR's; it was kept as bytes of VR UN.
    BadLength {
        /// The element.
        tag: Tag,
        /// The VR it had.
        vr: VR,
        /// Its length in bytes.
        length: u32,
    },
    /// A value is cut off at the end of the file; what is left of it was kept.
    Truncated {
        /// The element, or the last whole one before the cut.
        tag: Tag,
        /// Bytes declared.
        wanted: u64,
        /// Bytes left.
        left: u64,
    },
    /// A sequence, an item or pixel data in fragments ends without its delimiter, where its parent ends.
    MissingDelimiter {
        /// The sequence.
        tag: Tag,
    },
    /// A sequence, an item or pixel data in fragments is closed a second time; the delimiter was passed over.
    StrayDelimiter {
        /// What it closes again.
        tag: Tag,
    },
    /// A sequence says that it is empty and its items follow; they were read as its own.
    UnsizedSequence {
        /// The sequence.
        tag: Tag,
    },
    /// An item stands in no sequence; it was passed over with all that is in it.
    OrphanItem {
        /// The element before it.
        tag: Tag,
    },
    /// A value whose VR the file does not say is a sequence by the dictionary and not by its bytes; they were kept, of VR UN.
    NotASequence {
        /// The element.
        tag: Tag,
        /// Its length in bytes.
        length: u32,
    },
    /// An element occurs twice in one data set; the last was kept.
    Duplicate {
        /// The element.
        tag: Tag,
    },
    /// Elements are not in ascending order.
    Unordered {
        /// The first that is out of order.
        tag: Tag,
    },
    /// Bytes follow the last element: padding.
    TrailingBytes {
        /// How many.
        count: u64,
    },
    /// Text holds bytes that its Specific Character Set does not define.
    UndecodableText {
        /// The element.
        tag: Tag,
    },
    /// Text holds bytes above 127 although no Specific Character Set is named.
    UndeclaredCharacterSet {
        /// The element.
        tag: Tag,
    },
    /// A Specific Character Set is not known; its text was read as the default one.
    UnknownCharacterSet,
    /// The image has pixel data, and no byte in it.
    EmptyPixelData,
    /// Bits Allocated says that samples are packed, and each has a word of 16 bits; they were read so.
    WordsForPackedPixels,
    /// Native pixel data is longer than its frames need, by more than padding.
    LongPixelData {
        /// Bytes too many.
        excess: u64,
    },
}

impl Warning {
    /// A short, stable code of the repair.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingPreamble => "missing-preamble",
            Self::MissingMeta => "missing-meta",
            Self::BadMetaLength => "bad-meta-length",
            Self::MissingTransferSyntax => "missing-transfer-syntax",
            Self::ImplicitMeta => "implicit-meta",
            Self::LongImplementationVersionName { .. } => "long-implementation-version-name",
            Self::SyntaxMismatch { .. } => "syntax-mismatch",
            Self::SopClassFromMeta => "sop-class-from-meta",
            Self::SopInstanceFromMeta => "sop-instance-from-meta",
            Self::UnknownVrResolved { .. } => "unknown-vr-resolved",
            Self::SecondMeta => "second-meta",
            Self::MissingVr { .. } => "missing-vr",
            Self::BadLength { .. } => "bad-length",
            Self::Truncated { .. } => "truncated",
            Self::MissingDelimiter { .. } => "missing-delimiter",
            Self::StrayDelimiter { .. } => "stray-delimiter",
            Self::UnsizedSequence { .. } => "unsized-sequence",
            Self::OrphanItem { .. } => "orphan-item",
            Self::NotASequence { .. } => "not-a-sequence",
            Self::Duplicate { .. } => "duplicate-element",
            Self::Unordered { .. } => "unordered-elements",
            Self::TrailingBytes { .. } => "trailing-bytes",
            Self::UndecodableText { .. } => "undecodable-text",
            Self::UndeclaredCharacterSet { .. } => "undeclared-character-set",
            Self::UnknownCharacterSet => "unknown-character-set",
            Self::EmptyPixelData => "empty-pixel-data",
            Self::WordsForPackedPixels => "words-for-packed-pixels",
            Self::LongPixelData { .. } => "long-pixel-data",
        }
    }

    /// Every code.
    pub const CODES: [&'static str; 28] = [
        "missing-preamble",
        "missing-meta",
        "bad-meta-length",
        "missing-transfer-syntax",
        "implicit-meta",
        "long-implementation-version-name",
        "syntax-mismatch",
        "sop-class-from-meta",
        "sop-instance-from-meta",
        "unknown-vr-resolved",
        "second-meta",
        "missing-vr",
        "bad-length",
        "truncated",
        "missing-delimiter",
        "stray-delimiter",
        "unsized-sequence",
        "orphan-item",
        "not-a-sequence",
        "duplicate-element",
        "unordered-elements",
        "trailing-bytes",
        "undecodable-text",
        "undeclared-character-set",
        "unknown-character-set",
        "empty-pixel-data",
        "words-for-packed-pixels",
        "long-pixel-data",
    ];

    /// The element that was repaired, where it was one.
    pub const fn tag(&self) -> Option<Tag> {
        match self {
            Self::UnknownVrResolved { tag, .. }
            | Self::MissingVr { tag }
            | Self::BadLength { tag, .. }
            | Self::Truncated { tag, .. }
            | Self::MissingDelimiter { tag }
            | Self::StrayDelimiter { tag }
            | Self::UnsizedSequence { tag }
            | Self::OrphanItem { tag }
            | Self::NotASequence { tag, .. }
            | Self::Duplicate { tag }
            | Self::Unordered { tag }
            | Self::UndecodableText { tag }
            | Self::UndeclaredCharacterSet { tag } => Some(*tag),
            _ => None,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        match self.tag() {
            Some(tag) => write!(f, " at {tag}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed() {
        let source = include_str!("warning.rs");
        let arms = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""));
        let codes: Vec<&str> = arms.map(|(_, code)| code.trim_end_matches("\",")).collect();
        assert_eq!(codes, Warning::CODES);
    }
}
