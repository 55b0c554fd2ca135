//! Luma and colour differences to RGB.
//!
//! Source: DICOM PS3.3 C.7.6.3.1.2. The sums are in 16-bit fixed point, so that they are the same on every machine.

use isocenter_volume::DynSamples;

use super::{Photometric, PixelInfo};
use crate::Error;

/// Interleaved samples of any colour model as interleaved RGB.
pub(super) fn to_rgb(samples: DynSamples, info: &mut PixelInfo) -> Result<DynSamples, Error> {
    let partial = matches!(info.photometric, Photometric::YbrPartial422 | Photometric::YbrPartial420);
    match info.photometric {
        Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrPartial422 | Photometric::YbrPartial420 => {}
        _ => return Ok(samples),
    }
    info.photometric = Photometric::Rgb;
    let (half, top) = (1i64 << (info.bits_stored - 1), (1i64 << info.bits_stored) - 1);
    let convert = |p: [i64; 3]| if partial { studio(p) } else { full(p, half, top) };
    match samples {
        DynSamples::U8(mut v) => {
            for p in v.to_mut().chunks_exact_mut(3) {
                let rgb = convert([i64::from(p[0]), i64::from(p[1]), i64::from(p[2])]);
                (p[0], p[1], p[2]) = (rgb[0] as u8, rgb[1] as u8, rgb[2] as u8);
            }
            Ok(DynSamples::U8(v))
        }
        DynSamples::U16(mut v) if !partial => {
            for p in v.to_mut().chunks_exact_mut(3) {
                let rgb = convert([i64::from(p[0]), i64::from(p[1]), i64::from(p[2])]);
                (p[0], p[1], p[2]) = (rgb[0] as u16, rgb[1] as u16, rgb[2] as u16);
            }
            Ok(DynSamples::U16(v))
        }
        _ => Err(Error::UnsupportedPixels { what: "luma and colour differences of this sample type" }),
    }
}

fn full([y, cb, cr]: [i64; 3], half: i64, top: i64) -> [i64; 3] {
    let (y, cb, cr) = ((y << 16) + (1 << 15), cb - half, cr - half);
    // 1.402, 0.344136, 0.714136 and 1.772 times 65536.
    [y + 91_881 * cr, y - 22_553 * cb - 46_802 * cr, y + 116_130 * cb].map(|x| (x >> 16).clamp(0, top))
}

fn studio([y, cb, cr]: [i64; 3]) -> [i64; 3] {
    let (y, cb, cr) = (76_309 * (y - 16) + (1 << 15), cb - 128, cr - 128);
    [y + 104_597 * cr, y - 25_675 * cb - 53_279 * cr, y + 132_201 * cb].map(|x| (x >> 16).clamp(0, 255))
}

/// Native 4:2:2 (Y1 Y2 Cb Cr) to a triple for each pixel.
pub(super) fn expand_422(samples: DynSamples) -> DynSamples {
    fn expand<T: Copy>(v: &[T]) -> Vec<T> {
        v.chunks_exact(4).flat_map(|c| [c[0], c[2], c[3], c[1], c[2], c[3]]).collect()
    }
    match samples {
        DynSamples::U8(v) => expand(&v).into(),
        DynSamples::U16(v) => expand(&v).into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn green_falls_with_blue_difference() {
        // PS3.3 C.7.6.3.1.2: pure blue is Y 29, CB 255, CR 107.
        let blue = full([29, 255, 107], 128, 255);
        assert!(blue[0] < 2 && blue[1] < 2 && blue[2] > 250, "{blue:?}");
        assert_eq!(full([128, 128, 128], 128, 255), [128, 128, 128]);
    }
}
