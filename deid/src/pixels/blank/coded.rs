//! Rectangles of encapsulated frames: decoded, blanked, coded again.

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, DicomValue, Length, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::pixel::{
    DecodeOptions, DecodedPixels, EncodeOptions, FrameLocator, Photometric, PixelInfo, best_for,
};
use isocenter_dcm::syntax::Coding;
use isocenter_dcm::{Instance, TransferSyntax, value};
use isocenter_volume::{Ctx, DynSamples};
use rayon::prelude::*;

use super::super::{Error, Rect};
use super::Work;

/// Codes frames again, those that have rectangles or all.
pub(super) fn blank(instance: &mut Instance, work: &Work, ctx: &Ctx<'_>) -> Result<(), Error> {
    let (from, count) = (instance.meta.transfer_syntax_uid.clone(), work.frames.len());
    let to = EncodeOptions::new(best_for(&from))?;
    let stage = ctx.stage("blank", count as u64);
    let touched = |frame: usize| !work.frames[frame].is_empty();
    let code = |frame: usize| -> Result<(PixelInfo, Vec<u8>), Error> {
        stage.check()?;
        let mut pixels = decode(instance, frame)?;
        if touched(frame) {
            let values = work.ink.of(&instance.dataset, frame, &pixels.info);
            work.frames[frame].iter().for_each(|rect| fill(&mut pixels, *rect, values));
        }
        let stream = to.encode_frame(&pixels).map_err(Error::at(frame))?;
        stage.advance(1)?;
        Ok((pixels.info, stream))
    };
    let first_touched = (0..count).find(|&frame| touched(frame)).unwrap_or(0);
    let first = decode(instance, first_touched)?;
    let all = to.transfer_syntax_uid() != from
        || !is_as_header(&first.info, &work.info, instance)
        || work.info.high_bit + 1 != work.info.bits_stored;
    let chosen: Vec<usize> = (0..count).filter(|&frame| all || touched(frame)).collect();
    let coded: Vec<Result<(PixelInfo, Vec<u8>), Error>> =
        ctx.install(|| chosen.par_iter().map(|&frame| code(frame)).collect());
    let mut streams = if all { vec![Vec::new(); count] } else { streams(instance, count)? };
    for (&frame, coded) in chosen.iter().zip(coded) {
        let (info, stream) = coded?;
        if !is_as_header(&info, &first.info, instance) {
            return Err(Error::Unsupported { what: "frames of different formats" });
        }
        streams[frame] = stream;
    }
    let mut changed = instance.clone();
    if all {
        // The header and the syntax go with what is coded: put one frame in as any other program would, then all of them.
        to.replace(&mut changed, std::slice::from_ref(&first), &Ctx::default())?;
        restore_frames(&mut changed, count);
    }
    if TransferSyntax::is_lossy(&from) && !is_lossless_by_header(instance) {
        changed.dataset.put(DataElement::new(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "01"));
    }
    put(&mut changed, streams);
    *instance = changed;
    Ok(())
}

/// As coded: palette indices and colour models stay.
fn decode(instance: &Instance, frame: usize) -> Result<DecodedPixels, Error> {
    let options = DecodeOptions::default().palette(false).rgb(false);
    instance.frame(frame).and_then(|view| view.decode(&options)).map_err(Error::at(frame))
}

/// Whether frames that are coded again need no other header than the one that is there.
fn is_as_header(decoded: &PixelInfo, header: &PixelInfo, instance: &Instance) -> bool {
    let coding = instance.transfer_syntax().ok().map(|syntax| syntax.coding);
    let stands_for = match header.photometric {
        // the reversible transform is in the stream, before and after
        Photometric::YbrRct if coding == Some(Coding::Jpeg2000) => Photometric::Rgb,
        other => other,
    };
    decoded.photometric == stands_for
        && decoded.samples_per_pixel == header.samples_per_pixel
        && (decoded.bits_allocated, decoded.bits_stored) == (header.bits_allocated, header.bits_stored)
        && decoded.signed == header.signed
}

fn is_lossless_by_header(instance: &Instance) -> bool {
    value::string(&instance.dataset, tags::LOSSY_IMAGE_COMPRESSION).is_some_and(|text| text.trim() == "00")
}

/// The code streams as they are.
fn streams(instance: &Instance, count: usize) -> Result<Vec<Vec<u8>>, Error> {
    let element = instance.dataset.get(tags::PIXEL_DATA).ok_or(isocenter_dcm::Error::NoPixelData)?;
    let DicomValue::PixelSequence(pixels) = element.value() else {
        return Err(Error::Unsupported { what: "encapsulated pixel data without fragments" });
    };
    let locator = FrameLocator::new(&instance.dataset, pixels, count)?;
    let stream = |frame| locator.stream(frame).map(std::borrow::Cow::into_owned);
    (0..count)
        .map(|frame| {
            stream(frame).ok_or(isocenter_dcm::Error::NoSuchFrame { index: frame, frames: locator.len() }.into())
        })
        .collect()
}

fn restore_frames(instance: &mut Instance, count: usize) {
    if count > 1 || instance.dataset.get(tags::NUMBER_OF_FRAMES).is_some() {
        instance.dataset.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, count.to_string()));
    }
}

/// Puts code streams in, a fragment each, with a basic offset table where they are within its reach.
fn put(instance: &mut Instance, mut streams: Vec<Vec<u8>>) {
    let mut offsets = Vec::with_capacity(streams.len());
    let mut next = 0u64;
    for stream in &mut streams {
        if stream.len() % 2 == 1 {
            stream.push(0);
        }
        offsets.push(u32::try_from(next));
        next += stream.len() as u64 + 8;
    }
    // Without a table readers take a fragment for a frame, which it is.
    let table: Vec<u32> = offsets.into_iter().collect::<Result<_, _>>().unwrap_or_default();
    let value = DicomValue::PixelSequence(PixelFragmentSequence::new(table, streams));
    instance.dataset.remove_element(tags::EXTENDED_OFFSET_TABLE);
    instance.dataset.remove_element(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
    instance.dataset.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
}

/// Sets the samples of a rectangle.
fn fill(pixels: &mut DecodedPixels, rect: Rect, values: [f64; 3]) {
    fn put<T: Copy>(all: &mut [T], info: &PixelInfo, rect: Rect, values: [T; 3]) {
        let (columns, step) = (usize::from(info.columns), usize::from(info.samples_per_pixel));
        for row in all.chunks_exact_mut((columns * step).max(1)).take(rect.y1 as usize).skip(rect.y0 as usize) {
            for pixel in row.chunks_exact_mut(step.max(1)).take(rect.x1 as usize).skip(rect.x0 as usize) {
                pixel.iter_mut().zip(values).for_each(|(sample, value)| *sample = value);
            }
        }
    }
    let info = pixels.info;
    match &mut pixels.samples {
        DynSamples::U8(v) => put(v.to_mut(), &info, rect, values.map(|x| x as u8)),
        DynSamples::I8(v) => put(v.to_mut(), &info, rect, values.map(|x| x as i8)),
        DynSamples::U16(v) => put(v.to_mut(), &info, rect, values.map(|x| x as u16)),
        DynSamples::I16(v) => put(v.to_mut(), &info, rect, values.map(|x| x as i16)),
        DynSamples::U32(v) => put(v.to_mut(), &info, rect, values.map(|x| x as u32)),
        DynSamples::I32(v) => put(v.to_mut(), &info, rect, values.map(|x| x as i32)),
        DynSamples::F32(v) => put(v.to_mut(), &info, rect, values.map(|x| x as f32)),
        DynSamples::F64(v) => put(v.to_mut(), &info, rect, values),
        _ => {}
    }
}
