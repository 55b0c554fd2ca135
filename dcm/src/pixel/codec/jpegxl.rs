//! JPEG XL: code streams as they are or in a box container, 1 to 16 bits, gray or RGB.
//!
//! Losslessly coded integers come out exact. A JPEG that was recompressed is rebuilt, as far as its coefficients go ([`jbrd`]),
//! and decoded as such, so that both forms give the same values. Rows and columns are read from the stream and held against the header before the
//! decoder sees it, and its image buffers are bounded. Refused by name: floats, extra channels (alpha), animations, turned
//! images.
//!
//! Lossy streams are computed in f32 by kernels that the decoder picks by CPU, some with fused multiply-add, and it has no
//! switch against that: a value on the edge of rounding may differ by 1 between machines with and without FMA. Streams
//! without loss pass through integers only.
//!
//! Source: ISO/IEC 18181-1 (code stream), 18181-2 (container); DICOM PS3.5 section 8.2.15.

mod container;
mod jbrd;

use jxl_oxide::image::BitDepth;
use jxl_oxide::{
    AllocTracker, InitializeResult, JpegReconstructionStatus, JxlImage, JxlThreadPool, PixelFormat, color::ColourSpace,
    frame::Encoding,
};

use super::{Colour, Loss, Stream, Values, damaged, guarded, jpeg};
use crate::Error;
use crate::pixel::{Photometric, PixelInfo};

const NAME: &str = "JPEG XL";
/// The decoder hands out f32 of 0 to 1, which tell all integers of that many bits apart.
const MOST_BITS: u32 = 16;
/// Bytes the decoder may take for each pixel: eight times three components of f32.
const BYTES_PER_PIXEL: usize = 96;
/// Bytes it may take for small images.
const LEAST_BYTES: usize = 64 << 20;

/// Decodes one frame.
pub(in super::super) fn decode(stream: &[u8], info: &mut PixelInfo) -> Result<Stream, Error> {
    let parts = container::Parts::read(stream).ok_or_else(|| damaged(NAME, "the boxes contradict themselves"))?;
    let (rows, columns) = container::size(&parts.codestream).ok_or_else(|| damaged(NAME, "no size header"))?;
    if (rows, columns) != (u32::from(info.rows), u32::from(info.columns)) {
        return Err(damaged(NAME, "rows or columns differ from the header's"));
    }
    if let Some(jbrd) = parts.jbrd
        && let Ok(rebuilt) = guarded(NAME, || rebuild(&parts.codestream, info))
        && let Ok(stream) = jpeg::decode(&rebuilt.jpeg, info)
    {
        let told = jbrd::tells_colour(jbrd) == Some(true) || !rebuilt.ycc;
        let colour = match info.samples_per_pixel {
            3 if told && rebuilt.ycc => Colour::Ycc,
            3 if told => Colour::Rgb,
            _ => Colour::AsDeclared,
        };
        return Ok(Stream { colour, ..stream });
    }
    guarded(NAME, || values(&parts.codestream, info))
}

/// A JPEG of the coefficients of the one that was recompressed.
struct Rebuilt {
    jpeg: Vec<u8>,
    /// Whether its components are luma and colour differences.
    ycc: bool,
}

fn rebuild(codestream: &[u8], info: &PixelInfo) -> Result<Rebuilt, Error> {
    let refused = || damaged(NAME, "the JPEG cannot be rebuilt");
    let jbrd = jbrd::plain(u32::from(info.samples_per_pixel));
    let head = container::head(&jbrd, codestream.len()).ok_or_else(refused)?;
    let image = open(&[&head, codestream], info)?;
    let gray = image.image_header().metadata.colour_encoding.colour_space() == ColourSpace::Grey;
    if gray != (info.samples_per_pixel == 1) {
        return Err(refused());
    }
    let mut jpeg = Vec::new();
    match image.jpeg_reconstruction_status() {
        JpegReconstructionStatus::Available => image.reconstruct_jpeg(&mut jpeg).map_err(|_| refused())?,
        _ => return Err(refused()),
    }
    Ok(Rebuilt { jpeg, ycc: image.frame_header(0).is_some_and(|frame| frame.do_ycbcr) })
}

fn values(codestream: &[u8], info: &PixelInfo) -> Result<Stream, Error> {
    let image = open(&[codestream], info)?;
    let precision = check(&image, info)?;
    let render = image.render_frame(0).map_err(|_| damaged(NAME, "the stream does not decode"))?;
    let mut pixels = render.stream();
    if (pixels.height(), pixels.width(), pixels.channels())
        != (u32::from(info.rows), u32::from(info.columns), u32::from(info.samples_per_pixel))
    {
        return Err(damaged(NAME, "a frame of another size than the image"));
    }
    let mut samples = vec![0f32; info.samples()];
    let count = pixels.write_to_buffer(&mut samples);
    if count != samples.len() {
        return Err(damaged(NAME, "the frame is too short"));
    }
    let most = f64::from((1u32 << precision) - 1);
    let word = |x: f32| (f64::from(x) * most + 0.5).floor().clamp(0.0, most) as u16;
    let values = Values::Words(samples.into_iter().map(word).collect());
    let whole = image.frame_header(0).is_some_and(|frame| frame.encoding == Encoding::Modular);
    let loss = if whole && !image.image_header().metadata.xyb_encoded { Loss::Untold } else { Loss::Some };
    let in_rgb = image.image_header().metadata.xyb_encoded || image.frame_header(0).is_some_and(|frame| frame.do_ycbcr);
    let own = matches!(info.photometric, Photometric::Xyb | Photometric::YbrRct | Photometric::YbrIct);
    let colour = if info.samples_per_pixel == 3 && (in_rgb || own) { Colour::Rgb } else { Colour::AsDeclared };
    Ok(Stream { values, precision: precision as u16, signed: false, colour, loss })
}

/// Feeds all there is; the decoder reads headers only.
fn open(parts: &[&[u8]], info: &PixelInfo) -> Result<JxlImage, Error> {
    let refused = |_| damaged(NAME, "the stream does not decode");
    let most = info.pixels().saturating_mul(BYTES_PER_PIXEL).saturating_add(LEAST_BYTES);
    let builder = JxlImage::builder().pool(JxlThreadPool::none()).alloc_tracker(AllocTracker::with_limit(most));
    let mut unread = builder.build_uninit();
    for part in parts {
        if unread.feed_bytes(part).map_err(refused)? != part.len() {
            return Err(damaged(NAME, "the boxes contradict themselves"));
        }
    }
    let InitializeResult::Initialized(mut image) = unread.try_init().map_err(refused)? else {
        return Err(damaged(NAME, "the header is cut off"));
    };
    image.finalize().map_err(refused)?;
    if !image.is_loading_done() {
        return Err(damaged(NAME, "the data ends early"));
    }
    Ok(image)
}

/// Holds the stream's header against the image's; returns the bits of a value.
fn check(image: &JxlImage, info: &PixelInfo) -> Result<u32, Error> {
    let unsupported = |what| Err(Error::UnsupportedCodec { codec: NAME, what });
    let metadata = &image.image_header().metadata;
    let precision = match metadata.bit_depth {
        BitDepth::IntegerSample { bits_per_sample } if (1..=MOST_BITS).contains(&bits_per_sample) => bits_per_sample,
        BitDepth::IntegerSample { .. } => return unsupported("more than 16 bits"),
        BitDepth::FloatSample { .. } => return unsupported("floats"),
    };
    if !metadata.ec_info.is_empty() {
        return unsupported("extra channels");
    }
    if metadata.animation.is_some() || image.num_loaded_keyframes() != 1 {
        return unsupported("animations");
    }
    if metadata.orientation != 1 {
        return unsupported("turned images");
    }
    let components = match image.pixel_format() {
        PixelFormat::Gray => 1,
        PixelFormat::Rgb => 3,
        _ => return unsupported("this colour model"),
    };
    if components != info.samples_per_pixel
        || (components == 1) != (metadata.colour_encoding.colour_space() == ColourSpace::Grey)
    {
        return Err(damaged(NAME, "components differ from samples per pixel"));
    }
    Ok(precision)
}
