//! A place in the bytes of a file, and what was met on the way there.

use dicom_core::Tag;

use crate::digest::Digest;
use crate::options::{OpenOptions, Selection};
use crate::{Error, PixelElement, ReadLimits, Tolerance, Warning};

pub(crate) const ITEM: Tag = Tag(0xFFFE, 0xE000);
pub(crate) const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// A place in the bytes, and what was met so far.
pub(crate) struct Walk<'a> {
    /// The bytes at hand: the whole file, or its beginning.
    pub(crate) bytes: &'a [u8],
    /// How long the file is.
    pub(crate) total: u64,
    pub(crate) at: usize,
    pub(crate) limits: &'a ReadLimits,
    pub(crate) warnings: Vec<Warning>,
    /// Whether to stop before pixel data.
    pub(crate) header_only: bool,
    /// The first tag of the top level that is not wanted.
    pub(crate) until: Option<Tag>,
    /// Whether it was stopped before the end.
    pub(crate) stopped: bool,
    /// Whether what is left of a file that is cut off is kept.
    pub(crate) salvage: bool,
    /// Whether the file turned out to be cut off.
    pub(crate) cut: bool,
    pub(crate) pixels: Option<PixelElement>,
    pub(crate) elements: u64,
    /// The element before the first that is read.
    pub(crate) before: Option<Tag>,
    /// Where the last sequence, fragments or delimiter ended, and whose it was.
    pub(crate) closed: Option<(usize, Tag)>,
    /// Repairs of what stands where it should not.
    pub(crate) repairs: u64,
    /// The transfer syntax that a second meta group, within the data set, names.
    pub(crate) second_syntax: Option<String>,
    /// Up to where zeros are known not to be padding.
    pub(crate) zeros_to: usize,
    pub(crate) selection: Option<Selection>,
    /// The digest that was asked for.
    pub(crate) digest: Option<Digest>,
    /// Whether the element of the top level at hand goes into the digest.
    pub(crate) digesting: bool,
    /// Whether the element of the top level at hand is left out, so that no value is made.
    pub(crate) passing: bool,
}

impl<'a> Walk<'a> {
    /// A walk from byte `at` of a file of `total` bytes.
    pub(crate) fn new(bytes: &'a [u8], total: u64, at: usize, options: &'a OpenOptions) -> Self {
        Self {
            bytes,
            total,
            at,
            limits: &options.limits,
            warnings: Vec::new(),
            header_only: options.header_only,
            until: options.until,
            stopped: false,
            salvage: options.tolerance == Tolerance::Salvage,
            cut: false,
            pixels: None,
            elements: 0,
            before: None,
            closed: None,
            repairs: 0,
            second_syntax: None,
            zeros_to: 0,
            selection: options.selection,
            digest: options.selection.filter(|selection| !selection.digest.is_empty()).map(|_| Digest::default()),
            digesting: false,
            passing: false,
        }
    }
}

/// Why the walk stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The file goes on, but not the bytes at hand: at least this many of its first bytes are needed.
    More(usize),
    /// It cannot be read.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

pub(crate) fn tag_of(bytes: &[u8], big: bool) -> Tag {
    let half = |at: usize| {
        let pair = [bytes.get(at).copied().unwrap_or(0), bytes.get(at + 1).copied().unwrap_or(0)];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    Tag(half(0), half(2))
}

pub(crate) fn u32_of(bytes: &[u8], big: bool) -> u32 {
    let raw: [u8; 4] = bytes.get(..4).and_then(|b| b.try_into().ok()).unwrap_or_default();
    if big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) }
}
