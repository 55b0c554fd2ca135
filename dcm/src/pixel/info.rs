//! What the header says about the pixels.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{Dataset, Error, value};

/// Photometric Interpretation (0028,0004): what the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Photometric {
    /// Gray, the smallest value is white.
    Monochrome1,
    /// Gray, the smallest value is black.
    Monochrome2,
    /// Indices into a table of colours.
    Palette,
    /// Red, green, blue.
    Rgb,
    /// Luma and colour differences, full range.
    YbrFull,
    /// The same, colour differences for every second column.
    YbrFull422,
    /// Studio range, colour differences for every second column (retired).
    YbrPartial422,
    /// Studio range, colour differences for every second column and row.
    YbrPartial420,
    /// JPEG 2000's irreversible transform: its decoder gives RGB.
    YbrIct,
    /// JPEG 2000's reversible transform: its decoder gives RGB.
    YbrRct,
    /// JPEG XL's colour model: its decoder gives RGB.
    Xyb,
}

impl Photometric {
    /// The interpretation of a defined term.
    pub fn of(term: &str) -> Option<Self> {
        Some(match term {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::Palette,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_PARTIAL_422" => Self::YbrPartial422,
            "YBR_PARTIAL_420" => Self::YbrPartial420,
            "YBR_ICT" => Self::YbrIct,
            "YBR_RCT" => Self::YbrRct,
            "XYB" => Self::Xyb,
            _ => return None,
        })
    }

    /// The defined term.
    ///
    /// ```
    /// use isocenter_dcm::pixel::Photometric;
    /// assert_eq!(Photometric::of(Photometric::YbrFull422.term()), Some(Photometric::YbrFull422));
    /// ```
    pub const fn term(self) -> &'static str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::Palette => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::YbrFull => "YBR_FULL",
            Self::YbrFull422 => "YBR_FULL_422",
            Self::YbrPartial422 => "YBR_PARTIAL_422",
            Self::YbrPartial420 => "YBR_PARTIAL_420",
            Self::YbrIct => "YBR_ICT",
            Self::YbrRct => "YBR_RCT",
            Self::Xyb => "XYB",
        }
    }

    /// Whether pixels are gray levels.
    pub const fn is_monochrome(self) -> bool {
        matches!(self, Self::Monochrome1 | Self::Monochrome2)
    }
}

/// What a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// An integer, in Pixel Data.
    Integer,
    /// A 32-bit float, in Float Pixel Data.
    Float,
    /// A 64-bit float, in Double Float Pixel Data.
    Double,
}

/// Bits Allocated of samples that are packed, two in three bytes, from the lowest bit on, as older editions of PS3.5 allowed.
pub(crate) const PACKED: u16 = 12;

/// The image pixel module of a data set.
///
/// ```
/// use isocenter_dcm::pixel::{Photometric, PixelInfo};
/// let info = PixelInfo::new([512, 256], 16, Photometric::Monochrome2);
/// assert_eq!((info.rows, info.columns, info.bits_stored, info.samples()), (512, 256, 16, 131_072));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PixelInfo {
    /// Rows of a frame.
    pub rows: u16,
    /// Columns of a frame.
    pub columns: u16,
    /// Frames, at least 1.
    pub frames: usize,
    /// DynSamples of a pixel: 1, or 3 for colour.
    pub samples_per_pixel: u16,
    /// Whether each colour stands in a plane of its own.
    pub planar: bool,
    /// Bits a sample takes in the file.
    pub bits_allocated: u16,
    /// Bits of them that hold the value.
    pub bits_stored: u16,
    /// The highest of the value's bits.
    pub high_bit: u16,
    /// Whether values are in two's complement.
    pub signed: bool,
    /// What the samples mean.
    pub photometric: Photometric,
    /// Integers or floats.
    pub kind: SampleKind,
}

impl PixelInfo {
    /// One frame of unsigned whole numbers that fill the bits they take: `size` in rows and columns.
    pub const fn new(size: [u16; 2], bits_allocated: u16, photometric: Photometric) -> Self {
        let gray = matches!(photometric, Photometric::Palette) || photometric.is_monochrome();
        Self {
            rows: size[0],
            columns: size[1],
            frames: 1,
            samples_per_pixel: if gray { 1 } else { 3 },
            planar: false,
            bits_allocated,
            bits_stored: bits_allocated,
            high_bit: bits_allocated.saturating_sub(1),
            signed: false,
            photometric,
            kind: SampleKind::Integer,
        }
    }

    /// Reads the module.
    ///
    /// # Errors
    /// [`Error::Missing`] for rows, columns or bits allocated; [`Error::BadValue`]; [`Error::UnsupportedPixels`].
    pub fn of(dataset: &Dataset) -> Result<Self, Error> {
        let needed = |tag: Tag| value::u16(dataset, tag).ok_or(Error::Missing { tag });
        let kind = if dataset.get(tags::FLOAT_PIXEL_DATA).is_some() {
            SampleKind::Float
        } else if dataset.get(tags::DOUBLE_FLOAT_PIXEL_DATA).is_some() {
            SampleKind::Double
        } else {
            SampleKind::Integer
        };
        let (rows, columns) = (needed(tags::ROWS)?, needed(tags::COLUMNS)?);
        if rows == 0 || columns == 0 {
            return Err(Error::Malformed { tag: Some(tags::ROWS), what: "an image without rows or columns" });
        }
        let bits_allocated = match kind {
            SampleKind::Integer => needed(tags::BITS_ALLOCATED)?,
            SampleKind::Float => 32,
            SampleKind::Double => 64,
        };
        if !matches!(bits_allocated, 1 | 8 | PACKED | 16 | 32 | 64) {
            return Err(Error::UnsupportedPixels { what: "this number of bits allocated" });
        }
        let bits_stored = value::u16(dataset, tags::BITS_STORED)
            .filter(|b| (1..=bits_allocated).contains(b))
            .unwrap_or(bits_allocated);
        let high_bit = value::u16(dataset, tags::HIGH_BIT)
            .filter(|&bit| bit < bits_allocated && bit + 1 >= bits_stored)
            .unwrap_or(bits_stored - 1);
        let samples_per_pixel = value::u16(dataset, tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        if !matches!(samples_per_pixel, 1 | 3) {
            return Err(Error::UnsupportedPixels { what: "this number of samples per pixel" });
        }
        let term = value::string(dataset, tags::PHOTOMETRIC_INTERPRETATION);
        let photometric = match term.as_deref() {
            Some(term) => {
                Photometric::of(term).ok_or(Error::UnsupportedPixels { what: "this photometric interpretation" })?
            }
            None if samples_per_pixel == 1 => Photometric::Monochrome2,
            None => Photometric::Rgb,
        };
        let colour = !photometric.is_monochrome() && photometric != Photometric::Palette;
        if colour != (samples_per_pixel == 3) {
            return Err(Error::Malformed {
                tag: Some(tags::PHOTOMETRIC_INTERPRETATION),
                what: "photometric interpretation and samples per pixel disagree",
            });
        }
        let frames = match value::i64(dataset, tags::NUMBER_OF_FRAMES) {
            Some(n) if n < 0 => {
                return Err(Error::Malformed {
                    tag: Some(tags::NUMBER_OF_FRAMES),
                    what: "a negative number of frames",
                });
            }
            Some(n) => usize::try_from(n).unwrap_or(usize::MAX).max(1),
            None => 1,
        };
        Ok(Self {
            rows,
            columns,
            frames,
            samples_per_pixel,
            planar: samples_per_pixel > 1 && value::u16(dataset, tags::PLANAR_CONFIGURATION) == Some(1),
            bits_allocated,
            bits_stored,
            high_bit,
            signed: value::u16(dataset, tags::PIXEL_REPRESENTATION) == Some(1),
            photometric,
            kind,
        })
    }

    /// Whether native pixel data of `length` bytes has a word of 16 bits for each sample, although Bits Allocated says 12: packed, it
    /// would be three quarters of that.
    pub(crate) fn are_words(&self, length: u64) -> bool {
        let words = Self { bits_allocated: 16, ..*self }.native_bytes();
        let padded = self.native_bytes().map(|bytes| bytes.next_multiple_of(2));
        self.bits_allocated == PACKED && words == Some(length) && padded < words
    }

    /// Makes samples floats: their bits are those of the type.
    pub(crate) fn set_kind(&mut self, kind: SampleKind) {
        let bits = match kind {
            SampleKind::Integer => return,
            SampleKind::Float => 32,
            SampleKind::Double => 64,
        };
        (self.kind, self.bits_allocated, self.bits_stored, self.high_bit) = (kind, bits, bits, bits - 1);
    }

    /// The least and greatest value that Bits Stored and Pixel Representation allow; no bounds for floats.
    pub fn stored_range(&self) -> [f64; 2] {
        if self.kind != SampleKind::Integer {
            return [f64::NEG_INFINITY, f64::INFINITY];
        }
        let bits = u32::from(self.bits_stored.clamp(1, 63));
        let span = (1u64 << bits) as f64;
        if self.signed { [-span / 2.0, span / 2.0 - 1.0] } else { [0.0, span - 1.0] }
    }

    /// Pixels of one frame.
    pub const fn pixels(&self) -> usize {
        self.rows as usize * self.columns as usize
    }

    /// DynSamples of one decoded frame.
    pub const fn samples(&self) -> usize {
        self.pixels() * self.samples_per_pixel as usize
    }

    /// Bits of one frame in native pixel data; frames of single bits are not aligned to bytes.
    pub(crate) fn native_frame_bits(&self) -> u64 {
        // Two luma samples share a pair of colour differences.
        let samples = match self.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 => self.pixels() as u64 * 2,
            Photometric::YbrPartial420 => self.pixels() as u64 * 3 / 2,
            _ => self.samples() as u64,
        };
        samples * u64::from(self.bits_allocated)
    }

    /// Bytes that native pixel data takes for all frames; `None` where that overflows.
    pub fn native_bytes(&self) -> Option<u64> {
        Some(self.native_frame_bits().checked_mul(self.frames as u64)?.div_ceil(8))
    }
}
