//! Which syntax frames are coded in, and one frame's way there.

use isocenter_volume::DynSamples;
use std::io::Write;
use std::ops::Range;

use super::{Image, jpeg_lossless, jpeg2000, jpegls, rle, samples};
use crate::pixel::{DecodedPixels, Photometric, PixelInfo, SampleKind};
use crate::syntax::Coding;
use crate::{Error, TransferSyntax, file_meta};

const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
const JPEG_LOSSLESS: &str = "1.2.840.10008.1.2.4.70";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const JPEG_LS_NEAR: &str = "1.2.840.10008.1.2.4.81";
/// The most that pays: image data deflates hardly better at higher levels, and much slower.
const DEFLATE_LEVEL: u32 = 6;

/// How frames are coded: the transfer syntax, and how exact.
///
/// Native syntaxes, RLE, JPEG lossless, JPEG-LS, JPEG 2000 lossless, deflated frames (1.2.840.10008.1.2.8.1) and encapsulated uncompressed ones
/// (1.2.840.10008.1.2.1.98) can be written; [`best_for`] names the one to take for a syntax that cannot.
///
/// # Examples
/// ```
/// use isocenter_dcm::pixel::{EncodeOptions, best_for};
/// let jpeg_ls = EncodeOptions::new("1.2.840.10008.1.2.4.80")?;
/// assert_eq!(jpeg_ls.transfer_syntax_uid(), "1.2.840.10008.1.2.4.80");
/// // JPEG baseline would lose more with every generation.
/// let baseline = "1.2.840.10008.1.2.4.50";
/// assert_eq!(EncodeOptions::new(baseline).unwrap_err().reason(), "unsupported-transfer-syntax");
/// assert!(EncodeOptions::new(best_for(baseline)).is_ok());
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeOptions {
    uid: String,
    pub(super) coding: Coding,
    pub(super) near: u8,
}

impl EncodeOptions {
    /// Coding in a transfer syntax, without loss.
    ///
    /// # Errors
    /// [`Error::UnsupportedTransferSyntax`] for one that this crate cannot write.
    pub fn new(transfer_syntax_uid: &str) -> Result<Self, Error> {
        let refused = || Error::UnsupportedTransferSyntax { uid: file_meta::safe_uid(transfer_syntax_uid) };
        let syntax = TransferSyntax::of(transfer_syntax_uid).ok_or_else(refused)?;
        match syntax.coding {
            Coding::Native if !syntax.big_endian && !syntax.deflated => {}
            Coding::EncapsulatedUncompressed | Coding::DeflatedFrame | Coding::Rle | Coding::JpegLs => {}
            Coding::Jpeg2000 if transfer_syntax_uid == JPEG_2000 => {}
            Coding::JpegLossless => {}
            _ => return Err(refused()),
        }
        Ok(Self { uid: transfer_syntax_uid.to_owned(), coding: syntax.coding, near: 0 })
    }

    /// How far a value may move, in stored units: JPEG-LS near-lossless (1.2.840.10008.1.2.4.81) only. 0 by default, which
    /// is lossless.
    ///
    /// # Errors
    /// [`Error::UnsupportedTransferSyntax`] where another syntax is asked to lose something.
    pub fn near(self, near: u8) -> Result<Self, Error> {
        if near > 0 && self.uid != JPEG_LS_NEAR {
            return Err(Error::UnsupportedTransferSyntax { uid: self.uid });
        }
        Ok(Self { near, ..self })
    }

    /// The syntax.
    pub fn transfer_syntax_uid(&self) -> &str {
        &self.uid
    }

    /// The code stream of one frame, neither padded nor in fragments; in a native syntax, its bytes in little endian.
    ///
    /// # Errors
    /// [`Error::Malformed`] where the samples are not one frame, or do not fit into Bits Stored;
    /// [`Error::UnsupportedCodec`] or [`Error::UnsupportedPixels`] for what the syntax cannot hold.
    pub fn encode_frame(&self, frame: &DecodedPixels) -> Result<Vec<u8>, Error> {
        if frame.samples.len() != frame.info.samples() {
            return Err(Error::Malformed { tag: None, what: "another number of samples than one frame has" });
        }
        self.stream(&self.coded_as(&frame.info)?, &frame.samples, 0..frame.samples.len())
    }

    /// What the header will say of frames with `info`.
    pub(super) fn coded_as(&self, info: &PixelInfo) -> Result<PixelInfo, Error> {
        use crate::pixel::Photometric::*;
        let unsupported = |what| Err(Error::UnsupportedPixels { what });
        let photometric = match info.photometric {
            // Decoded frames have a triple for each pixel.
            YbrFull422 => YbrFull,
            // The reversible transform is part of the code stream, and its decoders give red, green and blue.
            Rgb if self.coding == Coding::Jpeg2000 => YbrRct,
            YbrPartial422 | YbrPartial420 | YbrIct | YbrRct | Xyb => {
                return unsupported("coding of this photometric interpretation");
            }
            other => other,
        };
        let fits = match info.kind {
            SampleKind::Integer => matches!(info.bits_allocated, 1 | 8 | 16 | 32),
            _ => self.coding == Coding::Native,
        };
        if !fits {
            return unsupported("coding of this sample type");
        }
        if info.bits_stored == 0 || info.bits_stored > info.bits_allocated || !matches!(info.samples_per_pixel, 1 | 3) {
            return unsupported("coding of this number of bits or samples");
        }
        // Run-length frames are planes, whatever stood in the header before (PS3.5 section 8.2.2).
        let planar = self.coding == Coding::Rle && info.samples_per_pixel > 1;
        Ok(PixelInfo { photometric, planar, high_bit: info.bits_stored - 1, ..*info })
    }

    /// The code stream of the frame at `range` within `all`.
    pub(super) fn stream(&self, info: &PixelInfo, all: &DynSamples, range: Range<usize>) -> Result<Vec<u8>, Error> {
        if info.kind != SampleKind::Integer {
            return samples::float_bytes(all, range);
        }
        let values = samples::values(all, range, info)?;
        let image = Image {
            rows: info.rows,
            columns: info.columns,
            components: usize::from(info.samples_per_pixel),
            bits_allocated: info.bits_allocated,
            bits_stored: info.bits_stored,
            signed: info.signed,
            values: &values,
        };
        match self.coding {
            Coding::Native | Coding::EncapsulatedUncompressed => Ok(samples::bytes(&values, info.bits_allocated)),
            Coding::DeflatedFrame => deflate(&samples::bytes(&values, info.bits_allocated)),
            Coding::Rle => rle::encode(&image),
            Coding::JpegLs => jpegls::encode(&image, self.near),
            Coding::Jpeg2000 => jpeg2000::encode(&image, info.photometric == Photometric::YbrRct),
            Coding::JpegLossless => jpeg_lossless::encode(&image),
            _ => Err(Error::UnsupportedTransferSyntax { uid: self.uid.clone() }),
        }
    }
}

/// The syntax to write an image back in that came in `transfer_syntax_uid`, without losing anything again.
///
/// The syntax itself where it can be written without loss, which is so for JPEG-LS near-lossless too; explicit VR little
/// endian for native data; JPEG 2000 lossless for JPEG 2000 and HTJ2K; JPEG lossless for JPEG; JPEG-LS lossless for everything else. JPEG-LS holds 2 to 16 bits: for others,
/// [`transcode`](super::transcode) says so, and explicit VR little endian always serves.
pub fn best_for(transfer_syntax_uid: &str) -> &str {
    if EncodeOptions::new(transfer_syntax_uid).is_ok() {
        return transfer_syntax_uid;
    }
    match TransferSyntax::of(transfer_syntax_uid) {
        Some(syntax) if matches!(syntax.coding, Coding::Jpeg2000 | Coding::HtJ2k) => JPEG_2000,
        Some(syntax) if syntax.coding == Coding::Jpeg => JPEG_LOSSLESS,
        Some(syntax) if syntax.is_encapsulated() => JPEG_LS,
        _ => TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN,
    }
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let io = |source| Error::Io { path: None, action: "deflate", source };
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(DEFLATE_LEVEL));
    encoder.write_all(bytes).map_err(io)?;
    encoder.finish().map_err(io)
}
