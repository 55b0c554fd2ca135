//! Where the bytes of a frame come from: a data set in memory, or a file whose pixels stayed in it.

use std::borrow::Cow;

use dicom_core::DicomValue;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;

use super::info::PACKED;
pub(crate) use super::target::Raw;
use super::{FrameLocator, PixelInfo, SampleKind, native};
use crate::syntax::{Coding, TransferSyntax};
use crate::{Dataset, Element, Error, Instance, ReadLimits, value};

/// What the header says of the pixels, held against the limits.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) info: PixelInfo,
    pub(crate) coding: Coding,
    pub(crate) uid: &'a str,
    pub(crate) limits: &'a ReadLimits,
    /// Whether nothing is to be repaired.
    pub(crate) strict: bool,
}

/// Something that has the bytes of frames.
pub(crate) trait RawFrames: Sync {
    /// The bytes of frame `index`, which is one of the header's.
    fn raw(&self, info: &PixelInfo, index: usize) -> Result<Raw<'_>, Error>;
}

/// What is done with the header and the bytes of frames.
pub(crate) type Work<'a> = dyn FnMut(&Header<'_>, &dyn RawFrames) -> Result<(), Error> + 'a;

/// An image whose pixels can be decoded, wherever they are.
pub(crate) trait Pixels: Sync {
    /// Its header at least.
    fn instance(&self) -> &Instance;

    /// Does something with what the header says of the pixels, and with their bytes.
    fn work(&self, work: &mut Work<'_>) -> Result<(), Error>;
}

impl Pixels for Instance {
    fn instance(&self) -> &Instance {
        self
    }

    fn work(&self, work: &mut Work<'_>) -> Result<(), Error> {
        let header = Header::new(self)?;
        work(&header, &InMemory::new(header.dataset, &header.info)?)
    }
}

/// As [`Pixels::work`], with a result.
pub(crate) fn with<T>(
    pixels: &dyn Pixels,
    make: impl FnOnce(&Header<'_>, &dyn RawFrames) -> Result<T, Error>,
) -> Result<T, Error> {
    let (mut make, mut made) = (Some(make), None);
    pixels.work(&mut |header, frames| {
        if let Some(make) = make.take() {
            made = Some(make(header, frames)?);
        }
        Ok(())
    })?;
    made.ok_or(Error::NoPixelData)
}

impl<'a> Header<'a> {
    pub(crate) fn new(instance: &'a Instance) -> Result<Self, Error> {
        let (dataset, limits) = (&instance.dataset, &instance.limits);
        let mut info = PixelInfo::of(dataset)?;
        // Of a header alone the kind is known by the element that the pixels stand in.
        match instance.pixel_element().map(|element| element.tag) {
            Some(tags::FLOAT_PIXEL_DATA) => info.set_kind(SampleKind::Float),
            Some(tags::DOUBLE_FLOAT_PIXEL_DATA) => info.set_kind(SampleKind::Double),
            _ => {}
        }
        let coding = instance.transfer_syntax()?.coding;
        let length = instance.pixel_element().and_then(|element| element.length);
        // a code stream has whole words, whatever Bits Allocated says
        let coded = !matches!(coding, Coding::Native | Coding::EncapsulatedUncompressed | Coding::DeflatedFrame);
        if info.bits_allocated == PACKED && (coded || length.is_some_and(|length| info.are_words(length))) {
            info.bits_allocated = 16;
        }
        let (uid, strict) = (&*instance.meta.transfer_syntax_uid, instance.strict);
        let header = Self { dataset, info, coding, uid, limits, strict };
        let frames = info.frames as u64;
        if frames > limits.frames {
            return Err(Error::Limit { what: "frames", asked: frames, limit: limits.frames });
        }
        let (asked, limit) = (header.frame_bytes(), limits.frame_bytes);
        if asked > limit {
            return Err(Error::Limit { what: "bytes of a frame", asked, limit });
        }
        Ok(header)
    }

    /// Whether the syntax allows loss and the header does not say that there was none.
    pub(crate) fn may_be_lossy(&self) -> bool {
        let said = || value::string(self.dataset, tags::LOSSY_IMAGE_COMPRESSION);
        TransferSyntax::is_lossy(self.uid) && said().as_deref().map(str::trim) != Some("00")
    }

    fn frame_bytes(&self) -> u64 {
        self.info.samples() as u64 * u64::from(self.info.bits_allocated.div_ceil(8))
    }

    /// Whether there is such a frame.
    pub(crate) fn check_index(&self, index: usize) -> Result<(), Error> {
        let frames = self.info.frames;
        if index < frames { Ok(()) } else { Err(Error::NoSuchFrame { index, frames }) }
    }

    /// Whether all frames together are within the limit.
    pub(crate) fn check_all(&self) -> Result<(), Error> {
        let (asked, limit) = (self.frame_bytes().saturating_mul(self.info.frames as u64), self.limits.image_bytes);
        if asked > limit { Err(Error::Limit { what: "bytes of an image", asked, limit }) } else { Ok(()) }
    }
}

/// The pixel data of a data set in memory.
pub(crate) enum InMemory<'a> {
    Native(Cow<'a, [u8]>),
    Words(&'a [u16]),
    Frames(FrameLocator<'a>),
}

impl<'a> InMemory<'a> {
    pub(crate) fn new(dataset: &'a Dataset, info: &PixelInfo) -> Result<Self, Error> {
        let names = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
        let element = names.into_iter().find_map(|tag| dataset.get(tag)).ok_or(Error::NoPixelData)?;
        match element.value() {
            DicomValue::PixelSequence(pixels) if pixels.fragments().is_empty() => Err(Error::NoPixelData),
            DicomValue::Primitive(PrimitiveValue::Empty) => Err(Error::NoPixelData),
            DicomValue::PixelSequence(pixels) => Ok(Self::Frames(FrameLocator::new(dataset, pixels, info.frames)?)),
            _ => Ok(Self::native(element, info)),
        }
    }

    fn native(element: &'a Element, info: &PixelInfo) -> Self {
        let words = info.bits_allocated == 16 && info.native_frame_bits() == info.samples() as u64 * 16;
        match element.value().primitive() {
            Some(PrimitiveValue::U8(bytes)) => Self::Native(Cow::Borrowed(bytes)),
            Some(PrimitiveValue::U16(values)) if words => Self::Words(values),
            _ => Self::Native(Cow::Owned(value::bytes(element))),
        }
    }
}

impl RawFrames for InMemory<'_> {
    fn raw(&self, info: &PixelInfo, index: usize) -> Result<Raw<'_>, Error> {
        match self {
            Self::Native(bytes) => {
                let (bytes, bit) = native::slice(bytes, info, index)?;
                Ok(Raw::Native(Cow::Borrowed(bytes), bit))
            }
            Self::Words(words) => {
                let from = info.samples().saturating_mul(index);
                let words = words.get(from..from.saturating_add(info.samples())).ok_or(Error::Truncated {
                    tag: Some(tags::PIXEL_DATA),
                    offset: from as u64 * 2,
                    wanted: info.samples() as u64 * 2,
                    left: words.len().saturating_sub(from) as u64 * 2,
                })?;
                Ok(Raw::Words(words))
            }
            Self::Frames(locator) => {
                locator.stream(index).map(Raw::Stream).ok_or(Error::NoSuchFrame { index, frames: locator.len() })
            }
        }
    }
}
