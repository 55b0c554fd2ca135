//! Rectangles of native pixel data, in place.

use dicom_core::PrimitiveValue;
use isocenter_dcm::pixel::{Photometric, PixelInfo, SampleKind};
use isocenter_dcm::{Error as DicomError, Instance};
use isocenter_volume::Ctx;

use super::super::{Error, Rect};
use super::{Ink, Work};

/// Sets the bytes of the rectangles.
pub(super) fn blank(instance: &mut Instance, work: &Work, ctx: &Ctx<'_>) -> Result<(), Error> {
    let info = &work.info;
    let layout = Layout::of(info)?;
    let pattern = |frame| patterns(work.ink.of(&instance.dataset, frame, info), info);
    let pattern: Vec<[u64; 3]> = match work.ink {
        // one for all: a palette is searched for it
        Ink::Black => vec![pattern(0)],
        Ink::Levels(_) => (0..work.frames.len()).map(pattern).collect(),
    };
    let pixels = instance.pixel_element().ok_or(DicomError::NoPixelData)?;
    let bits = layout.frame_bits.saturating_mul(work.frames.len() as u64);
    let length = pixels.length.unwrap_or(0);
    let frame_of = |bit: u64| (bit / layout.frame_bits.max(1)) as usize;
    if length < bits.div_ceil(8) {
        // nothing is changed where a frame is not whole
        let (wanted, left) = (bits.div_ceil(8), length);
        let source = DicomError::Truncated { tag: Some(pixels.tag), offset: 0, wanted, left };
        return Err(Error::Frame { frame: frame_of(length * 8), source });
    }
    let stage = ctx.stage("blank", work.frames.len() as u64);
    stage.check()?;
    let mut outcome = Ok(());
    instance.dataset.update_value(pixels.tag, |value| {
        let Some(data) = value.primitive_mut().and_then(Data::of) else {
            outcome = Err(Error::Unsupported { what: "pixel data of this representation" });
            return;
        };
        outcome = layout.fill(data, work, &pattern);
    });
    outcome?;
    Ok(stage.advance(work.frames.len() as u64)?)
}

/// How samples lie in native pixel data.
struct Layout {
    info: PixelInfo,
    /// Bits of one frame.
    frame_bits: u64,
    /// Columns that share their colour.
    shared: u64,
}

impl Layout {
    fn of(info: &PixelInfo) -> Result<Self, Error> {
        let pixels = info.pixels() as u64;
        let (samples, shared) = match info.photometric {
            Photometric::YbrFull422 | Photometric::YbrPartial422 => (pixels * 2, 2),
            Photometric::YbrPartial420 => return Err(Error::Unsupported { what: "native 4:2:0" }),
            _ => (pixels * u64::from(info.samples_per_pixel), 1),
        };
        if !matches!(info.bits_allocated, 1 | 8 | 16 | 32 | 64) || (shared == 2 && info.columns % 2 == 1) {
            return Err(Error::Unsupported { what: "native pixel data of this number of bits" });
        }
        Ok(Self { info: *info, frame_bits: samples * u64::from(info.bits_allocated), shared })
    }

    fn fill(&self, mut data: Data<'_>, work: &Work, patterns: &[[u64; 3]]) -> Result<(), Error> {
        for (frame, rects) in work.frames.iter().enumerate() {
            let Some(pattern) = patterns.get(frame).or(patterns.first()) else { continue };
            for rect in rects {
                for y in rect.y0..rect.y1 {
                    self.row(&mut data, frame as u64, Rect { y0: y, y1: y + 1, ..*rect }, pattern);
                }
            }
        }
        Ok(())
    }

    /// One row of a rectangle.
    fn row(&self, data: &mut Data<'_>, frame: u64, row: Rect, pattern: &[u64; 3]) {
        let (info, width) = (&self.info, u64::from(self.info.bits_allocated));
        let first = u64::from(row.y0) * u64::from(info.columns);
        let start = frame * self.frame_bits;
        let mut set = |sample: u64, value: u64| data.set(start + sample * width, width, value);
        if self.shared == 2 {
            // two of luma, then a pair of differences
            for pair in (first + u64::from(row.x0)) / 2..(first + u64::from(row.x1)).div_ceil(2) {
                let [luma, blue, red] = *pattern;
                for (place, value) in [luma, luma, blue, red].into_iter().enumerate() {
                    set(pair * 4 + place as u64, value);
                }
            }
            return;
        }
        let (step, pixels) = (u64::from(info.samples_per_pixel), info.pixels() as u64);
        for pixel in first + u64::from(row.x0)..first + u64::from(row.x1) {
            for (sample, &value) in pattern.iter().enumerate().take(step as usize) {
                let sample = sample as u64;
                set(if info.planar { sample * pixels + pixel } else { pixel * step + sample }, value);
            }
        }
    }
}

/// The bits of each sample's value, where the sample lies in the pixel.
fn patterns(values: [f64; 3], info: &PixelInfo) -> [u64; 3] {
    values.map(|value| match info.kind {
        SampleKind::Float => u64::from((value as f32).to_bits()),
        SampleKind::Double => value.to_bits(),
        SampleKind::Integer => {
            let below = (info.high_bit + 1).saturating_sub(info.bits_stored);
            // Signs go up to the top of the word, as most writers have them.
            ((value as i64) as u64) << below
        }
    })
}

/// Pixel data as little-endian bytes, whatever it is held as.
enum Data<'a> {
    Bytes(&'a mut [u8]),
    Words(&'a mut [u16]),
    Longs(&'a mut [u32]),
    Floats(&'a mut [f32]),
    Doubles(&'a mut [f64]),
}

impl<'a> Data<'a> {
    fn of(value: &'a mut PrimitiveValue) -> Option<Self> {
        match value {
            PrimitiveValue::U8(v) => Some(Self::Bytes(v)),
            PrimitiveValue::U16(v) => Some(Self::Words(v)),
            PrimitiveValue::U32(v) => Some(Self::Longs(v)),
            PrimitiveValue::F32(v) => Some(Self::Floats(v)),
            PrimitiveValue::F64(v) => Some(Self::Doubles(v)),
            _ => None,
        }
    }

    /// Sets `width` bits at `bit`; single bits, or whole bytes.
    fn set(&mut self, bit: u64, width: u64, value: u64) {
        let at = (bit / 8) as usize;
        if width == 1 {
            let mask = 1u8 << (bit % 8);
            self.change(at, |byte| if value & 1 == 1 { byte | mask } else { byte & !mask });
            return;
        }
        for (index, byte) in value.to_le_bytes().into_iter().take((width / 8) as usize).enumerate() {
            self.change(at + index, |_| byte);
        }
    }

    /// Changes one byte; there is none beyond the end.
    fn change(&mut self, at: usize, to: impl Fn(u8) -> u8) {
        fn part<T: Copy, const N: usize>(
            values: &mut [T],
            at: usize,
            to: impl Fn(u8) -> u8,
            split: fn(T) -> [u8; N],
            join: fn([u8; N]) -> T,
        ) {
            if let Some(value) = values.get_mut(at / N) {
                let mut bytes = split(*value);
                bytes[at % N] = to(bytes[at % N]);
                *value = join(bytes);
            }
        }
        match self {
            Self::Bytes(v) => part(v, at, to, |byte| [byte], |[byte]| byte),
            Self::Words(v) => part(v, at, to, u16::to_le_bytes, u16::from_le_bytes),
            Self::Longs(v) => part(v, at, to, u32::to_le_bytes, u32::from_le_bytes),
            Self::Floats(v) => part(v, at, to, f32::to_le_bytes, f32::from_le_bytes),
            Self::Doubles(v) => part(v, at, to, f64::to_le_bytes, f64::from_le_bytes),
        }
    }
}
