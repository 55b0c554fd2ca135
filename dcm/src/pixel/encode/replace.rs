//! Frames put back into an instance.
//!
//! Pixel data, image pixel module and transfer syntax change together, or not at all where an error is returned. Lossy
//! Image Compression and its history stay as they are, except that near-lossless coding adds to them. Not changed are the
//! SOP Instance UID, Image Type, and values that describe pixels, such as Smallest Image Pixel Value: whoever alters pixels
//! decides on them.

use std::ops::Range;

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::fragments::{self, Table};
use super::{EncodeOptions, attributes, samples};
use crate::pixel::source::{Header, InMemory};
use crate::pixel::{DecodeOptions, DecodedPixels, PixelInfo, SampleKind};
use crate::syntax::Coding;
use crate::{Dataset, Error, Instance};

/// Puts frames into an instance, coded without loss in a transfer syntax; see [`EncodeOptions::replace`].
///
/// # Errors
/// [`Error::UnsupportedTransferSyntax`], and those of [`EncodeOptions::replace`].
pub fn replace(
    instance: &mut Instance,
    frames: &[DecodedPixels],
    transfer_syntax_uid: &str,
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    EncodeOptions::new(transfer_syntax_uid)?.replace(instance, frames, ctx)
}

/// Brings the pixels of an instance into another transfer syntax without loss; see [`EncodeOptions::transcode`].
///
/// # Errors
/// [`Error::UnsupportedTransferSyntax`], and those of [`EncodeOptions::transcode`].
pub fn transcode(instance: &mut Instance, transfer_syntax_uid: &str, ctx: &Ctx<'_>) -> Result<(), Error> {
    EncodeOptions::new(transfer_syntax_uid)?.transcode(instance, ctx)
}

impl EncodeOptions {
    /// Puts frames into an instance: codes them in parallel (stage `encode`, in frames), and sets the pixel data, all
    /// elements of the header that describe its coding, Number of Frames and the transfer syntax.
    ///
    /// Each [`DecodedPixels`] holds one frame or several, as [`Instance::decode_all`] returns them; all are of one
    /// format. In native syntaxes, [`Instance::write`] writes explicit VR little endian in any case.
    ///
    /// # Errors
    /// [`Error::NoPixelData`] without a frame; [`Error::PartlyRead`] for an instance of which only the header was read; those
    /// of [`EncodeOptions::encode_frame`]; [`Error::Cancelled`].
    ///
    /// # Examples
    /// ```
    /// use isocenter_dcm::{Dataset, FileMeta, Instance, isocenter_volume::Ctx, pixel, tags};
    /// use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
    ///
    /// let mut ds = Dataset::new_empty();
    /// for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 3), (tags::SAMPLES_PER_PIXEL, 1), (tags::BITS_ALLOCATED, 8)] {
    ///     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
    /// }
    /// ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![7u8, 8, 9])));
    /// let mut instance = Instance::new(FileMeta::default(), ds);
    ///
    /// let options = pixel::DecodeOptions::default();
    /// let mut frame = instance.frame(0)?.decode(&options)?;
    /// frame.samples = vec![7u8, 0, 9].into(); // blanked
    /// pixel::replace(&mut instance, &[frame], "1.2.840.10008.1.2.4.80", &Ctx::default())?;
    /// assert_eq!(instance.frame(0)?.decode(&options)?.samples, vec![7u8, 0, 9].into());
    /// # Ok::<_, isocenter_dcm::Error>(())
    /// ```
    pub fn replace(&self, instance: &mut Instance, frames: &[DecodedPixels], ctx: &Ctx<'_>) -> Result<(), Error> {
        if !instance.whole {
            return Err(Error::PartlyRead);
        }
        let first = frames.first().ok_or(Error::NoPixelData)?;
        let info = self.coded_as(&first.info)?;
        let mut parts: Vec<(&DecodedPixels, Range<usize>)> = Vec::new();
        for frame in frames {
            check_format(&first.info, &frame.info)?;
            let (length, step) = (frame.samples.len(), info.samples());
            if length == 0 || !length.is_multiple_of(step) {
                return Err(Error::Malformed { tag: None, what: "samples that are not whole frames" });
            }
            parts.extend((0..length / step).map(|at| (frame, at * step..(at + 1) * step)));
        }
        let stage = ctx.stage("encode", parts.len() as u64);
        let coded = |(frame, range): (&DecodedPixels, Range<usize>)| {
            stage.check()?;
            let stream = self.stream(&info, &frame.samples, range)?;
            stage.advance(1)?;
            Ok(stream)
        };
        let streams: Vec<Result<Vec<u8>, Error>> = ctx.install(|| parts.into_par_iter().map(coded).collect());
        let streams = streams.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.put(instance, PixelInfo { frames: streams.len(), ..info }, streams)
    }

    /// Decodes all frames and codes them anew, in parallel (stage `encode`, in frames), a frame at a time in memory.
    ///
    /// Stored values stay what they are, in the colour model they are in: palette indices stay indices, luma and colour
    /// differences stay so (with a pair for each pixel). JPEG 2000's own colour transforms end in RGB. An instance that is in
    /// the syntax already, or native as the syntax is, keeps its pixel data as it is.
    ///
    /// # Errors
    /// Those of decoding and of [`EncodeOptions::replace`]; [`Error::UnsupportedPixels`] where overlays stand in the unused
    /// bits of the pixels, as they would be lost.
    pub fn transcode(&self, instance: &mut Instance, ctx: &Ctx<'_>) -> Result<(), Error> {
        if !instance.whole {
            return Err(Error::PartlyRead);
        }
        let from = instance.transfer_syntax()?;
        if instance.meta.transfer_syntax_uid == self.transfer_syntax_uid() && self.near == 0 {
            return Ok(());
        }
        if from.coding == Coding::Native && self.coding == Coding::Native {
            instance.meta.transfer_syntax_uid = self.transfer_syntax_uid().to_owned();
            return Ok(());
        }
        if has_embedded_overlay(&instance.dataset) {
            return Err(Error::UnsupportedPixels { what: "coding of overlays in the unused bits of pixels" });
        }
        let options = DecodeOptions { palette: false, rgb: false, ..DecodeOptions::default() };
        let header = Header::new(instance)?;
        let source = InMemory::new(header.dataset, &header.info)?;
        let count = header.info.frames;
        let stage = ctx.stage("encode", count as u64);
        let one = |index| {
            stage.check()?;
            let frame = options.frame_of(&header, &source, index)?;
            let coded = (frame.info, self.encode_frame(&frame)?);
            stage.advance(1)?;
            Ok(coded)
        };
        let coded: Vec<Result<(PixelInfo, Vec<u8>), Error>> =
            ctx.install(|| (0..count).into_par_iter().map(one).collect());
        let (mut first, mut streams): (Option<PixelInfo>, _) = (None, Vec::with_capacity(count));
        for frame in coded {
            let (info, stream) = frame?;
            check_format(first.get_or_insert(info), &info)?;
            streams.push(stream);
        }
        let info = self.coded_as(&first.ok_or(Error::NoPixelData)?)?;
        self.put(instance, PixelInfo { frames: count, ..info }, streams)
    }

    fn put(&self, instance: &mut Instance, info: PixelInfo, mut streams: Vec<Vec<u8>>) -> Result<(), Error> {
        let coded = streams.iter().map(|stream| stream.len() as u64).sum();
        let mut extended = None;
        let element = if self.coding == Coding::Native {
            native(&info, streams)?
        } else {
            let lengths: Vec<u64> = streams.iter().map(|stream| stream.len() as u64).collect();
            fragments::pad(&mut streams)?;
            let table = match Table::new(&lengths, u64::from(u32::MAX)) {
                Table::Basic(offsets) => offsets,
                Table::Extended { offsets, lengths } => {
                    extended = Some((offsets, lengths));
                    Vec::new()
                }
            };
            let value = DicomValue::PixelSequence(PixelFragmentSequence::new(table, streams));
            DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value)
        };
        let dataset = &mut instance.dataset;
        for old in [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA] {
            dataset.remove_element(old);
        }
        dataset.remove_element(tags::EXTENDED_OFFSET_TABLE);
        dataset.remove_element(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
        if let Some((offsets, lengths)) = extended {
            for (tag, numbers) in
                [(tags::EXTENDED_OFFSET_TABLE, offsets), (tags::EXTENDED_OFFSET_TABLE_LENGTHS, lengths)]
            {
                dataset.put(DataElement::new(tag, VR::OV, PrimitiveValue::U64(numbers.into())));
            }
        }
        attributes::put(dataset, &info);
        if self.near > 0 {
            attributes::put_lossy(dataset, info.native_bytes().unwrap_or(u64::MAX), coded);
        }
        dataset.put(element);
        instance.pixels = None;
        instance.meta.transfer_syntax_uid = self.transfer_syntax_uid().to_owned();
        Ok(())
    }
}

/// The pixel data element of native frames.
fn native(info: &PixelInfo, frames: Vec<Vec<u8>>) -> Result<crate::Element, Error> {
    if info.native_bytes().is_none_or(|bytes| bytes >= u64::from(u32::MAX)) {
        return Err(Error::UnsupportedPixels { what: "native pixel data over 4 GiB" });
    }
    let bytes = if info.bits_allocated == 1 { samples::join_bits(&frames, info.samples()) } else { frames.concat() };
    let long = |c: &[u8]| f32::from_le_bytes([c[0], c[1], c[2], c[3]]);
    let eight = |c: &[u8]| f64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
    let (tag, vr, value) = match (info.kind, info.bits_allocated) {
        (SampleKind::Float, _) => {
            (tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::F32(bytes.chunks_exact(4).map(long).collect()))
        }
        (SampleKind::Double, _) => {
            (tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD, PrimitiveValue::F64(bytes.chunks_exact(8).map(eight).collect()))
        }
        (_, 16) => {
            let words = bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]]));
            (tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.collect()))
        }
        (_, 32) => (tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(bytes)),
        _ => (tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(bytes)),
    };
    Ok(DataElement::new(tag, vr, value))
}

/// All frames of an instance share one header.
fn check_format(first: &PixelInfo, other: &PixelInfo) -> Result<(), Error> {
    let plain = |info: &PixelInfo| PixelInfo { frames: 1, planar: false, high_bit: 0, ..*info };
    if plain(first) == plain(other) {
        return Ok(());
    }
    Err(Error::Malformed { tag: Some(tags::PIXEL_DATA), what: "frames of different formats" })
}

/// Whether an overlay has no data of its own: it stands in the bits of the pixels (PS3.3 C.9.2, retired).
fn has_embedded_overlay(dataset: &Dataset) -> bool {
    (0x6000..=0x601E)
        .step_by(2)
        .any(|group| dataset.get(Tag(group, 0x0010)).is_some() && dataset.get(Tag(group, 0x3000)).is_none())
}
