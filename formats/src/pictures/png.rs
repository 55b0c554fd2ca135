//! PNG.

use std::io::Cursor;

use isocenter_volume::{DynSamples, SampleType};
use png::{BitDepth, ColorType, Compression, Decoder, DecodingError, Encoder, Limits};

use super::{
    gray,
    plane::{self, Pixels, guarded},
};
use crate::{
    Error, File, Opened, ReadOptions, Warning, WriteOptions, endian::Endian, endian::swap, source::Source, stack,
    target::Target,
};

/// Signature and the chunk IHDR, without its checksum.
const HEADER: usize = 29;

/// Most bytes of one of deflate.
const DEFLATE: u64 = 1032;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let head = source.head();
    let cut = Error::Truncated { what: "header", wanted: HEADER as u64, found: head.len() as u64 };
    let fields: &[u8; HEADER] = head.first_chunk().ok_or(cut)?;
    if &fields[12..16] != b"IHDR" {
        return Err(Error::malformed("first chunk", "another", "IHDR"));
    }
    let long = |at: usize| u64::from(u32::from_be_bytes([fields[at], fields[at + 1], fields[at + 2], fields[at + 3]]));
    let (size, depth, colour) = ([long(16), long(20)], fields[24], fields[25]);
    let pixels = match (colour, depth) {
        (0, 1 | 2 | 4 | 8) | (4, 8) => Pixels::of(SampleType::U8),
        (0 | 4, 16) => Pixels::of(SampleType::U16),
        (2 | 6, 8) | (3, 1 | 2 | 4 | 8) => Pixels::of(SampleType::Rgb),
        (2 | 6, 16) => Pixels { sample: SampleType::U16, channels: 3 },
        _ => {
            return Err(Error::malformed(
                "IHDR",
                format!("colour {colour}, {depth} bits"),
                "a colour type and its depths",
            ));
        }
    };
    let (mut head, layout) = plane::head("PNG", size, pixels, u64::MAX, options)?;
    let samples: u64 = match colour {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    // each line has a byte before it
    let line = size[0].saturating_mul(samples * u64::from(depth)).div_ceil(8).saturating_add(1);
    let raw = line.saturating_mul(size[1]);
    can_hold(source.most_left(), raw)?;
    if matches!(colour, 4 | 6) {
        head.warnings.push(Warning::AlphaIgnored);
    }
    let options = *options;
    Ok(Opened::new(head, layout, move |head, layout| {
        let bytes = plane::bytes_of(&mut source, &options)?;
        let pixels = guarded("PNG stream", || decode(&bytes, layout.bytes(), raw))?;
        plane::with_bytes(head, layout, &pixels, &options.ctx)
    }))
}

/// Refuses lines that so few bytes cannot hold, before memory is reserved for them.
fn can_hold(bytes: u64, raw: u64) -> Result<(), Error> {
    let found = bytes.saturating_mul(DEFLATE);
    if raw > found { Err(Error::Truncated { what: "pixels", wanted: raw, found }) } else { Ok(()) }
}

/// Samples in the byte order of this machine, without alpha, colours of a palette looked up.
fn decode(bytes: &[u8], wanted: u64, raw: u64) -> Result<Vec<u8>, Error> {
    can_hold(bytes.len() as u64, raw)?;
    // lines and texts
    let limits =
        Limits { bytes: usize::try_from(wanted).unwrap_or(usize::MAX).saturating_mul(2).saturating_add(64 << 20) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let failed = |e: DecodingError| failed(e, wanted);
    let mut reader = decoder.read_info().map_err(failed)?;
    let len = reader.output_buffer_size().ok_or(Error::Truncated { what: "pixels", wanted, found: 0 })?;
    let mut raw = plane::zeros(len as u64)?;
    let frame = reader.next_frame(&mut raw).map_err(failed)?;
    reader.finish().map_err(failed)?;
    raw.truncate(frame.buffer_size());
    let info = reader.info();
    let lines = raw.chunks_exact(frame.line_size.max(1));
    let width = frame.width as usize;
    let mut pixels = match (frame.color_type, frame.bit_depth) {
        (ColorType::Indexed, depth) => {
            let palette = info.palette.as_deref().unwrap_or_default();
            let colour = |index: u8| palette.get(usize::from(index) * 3..usize::from(index) * 3 + 3);
            let wrong = || Error::malformed("PLTE", "a colour that is not there", "a colour for each pixel");
            let indices = lines.flat_map(|line| unpacked(line, depth as usize, width));
            let colours: Result<Vec<&[u8]>, Error> = indices.map(|i| colour(i).ok_or_else(wrong)).collect();
            colours?.concat()
        }
        (ColorType::Grayscale, BitDepth::One | BitDepth::Two | BitDepth::Four) => {
            lines.flat_map(|line| unpacked(line, frame.bit_depth as usize, width)).collect()
        }
        (ColorType::GrayscaleAlpha | ColorType::Rgba, depth) => {
            let kept = if frame.color_type == ColorType::Rgba { 3 } else { 1 };
            let bytes = depth as usize / 8;
            raw.chunks_exact((kept + 1) * bytes).flat_map(|pixel| &pixel[..kept * bytes]).copied().collect()
        }
        _ => raw,
    };
    if frame.bit_depth == BitDepth::Sixteen && Endian::NATIVE == Endian::Little {
        swap(&mut pixels, 2);
    }
    Ok(pixels)
}

/// Pixels of less than a byte, the first in the highest bits.
fn unpacked(line: &[u8], bits: usize, width: usize) -> impl Iterator<Item = u8> + '_ {
    let mask = if bits >= 8 { 0xff } else { (1u8 << bits) - 1 };
    let each = 8 / bits.clamp(1, 8);
    (0..width).map(move |x| line.get(x / each).map_or(0, |byte| byte >> (8 - bits * (x % each + 1)) & mask))
}

fn failed(error: DecodingError, wanted: u64) -> Error {
    match error {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::Truncated { what: "pixels", wanted, found: 0 }
        }
        DecodingError::LimitsExceeded => Error::Limit { what: "bytes of a picture", asked: wanted, limit: wanted },
        other => Error::malformed("PNG stream", other, "an intact one"),
    }
}

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    if file.volume.steps() > 1 {
        return Err(Error::unsupported("slow axes in slices of PNG", format!("{} steps", file.volume.steps())));
    }
    let samples = gray::planes(file, options, gray::Holds::Bytes2)?;
    let [width, height, planes] = file.volume.shape();
    if planes > 1 && !matches!(target, Target::Several { .. }) {
        return Err(Error::unsupported("several planes in one PNG", planes));
    }
    let (colour, depth) = match samples.sample_type() {
        SampleType::Rgb => (ColorType::Rgb, BitDepth::Eight),
        SampleType::U16 => (ColorType::Grayscale, BitDepth::Sixteen),
        _ => (ColorType::Grayscale, BitDepth::Eight),
    };
    let side = |n: usize| u32::try_from(n).map_err(|_| Error::unsupported("so long a side in PNG", n));
    let size = [side(width)?, side(height)?];
    let pixels = width * height;
    let stage = options.ctx.stage("voxels", (samples.len() * samples.sample_type().bytes()) as u64);
    for plane in 0..planes {
        stage.check()?;
        let part = samples.slice(plane * pixels..(plane + 1) * pixels).unwrap_or(DynSamples::U8(Vec::new().into()));
        let mut raw = Vec::new();
        crate::samples::write_big(&part, &mut raw).map_err(Error::io)?;
        let bytes = encode(&raw, size, colour, depth)?;
        match target {
            Target::Several { stem, sink } => {
                let number = (planes > 1).then_some([plane + 1, planes]);
                sink.file(&stack::slice_name(stem, number, "png"), bytes).map_err(Error::io)?;
            }
            Target::Single(out) | Target::Pair { data: out, .. } => out.write_all(&bytes).map_err(Error::io)?,
        }
        stage.advance(raw.len() as u64)?;
    }
    Ok(())
}

fn encode(raw: &[u8], [width, height]: [u32; 2], colour: ColorType, depth: BitDepth) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Balanced);
    let failed = |e: png::EncodingError| Error::io(std::io::Error::other(e));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(raw).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
