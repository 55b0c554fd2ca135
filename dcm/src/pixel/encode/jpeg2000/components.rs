//! From stored values to one plane a component, centred on zero.
//!
//! Unsigned values lose half their range; signed ones stay as they are. Red, green and blue may become luma and two colour
//! differences, without loss; the differences take one bit more.
//!
//! Source: ITU-T T.800 annexes G.1.1 (offset), G.2.1 (reversible component transform).

use dicom_dictionary_std::tags;

use super::wavelet::Plane;
use crate::Error;
use crate::pixel::encode::Image;

/// Bits up to which our own decoder is exact: it computes in f32, and the transform adds up to four bits.
const MOST_BITS: u16 = 20;

/// Checks an image and takes its components apart.
pub(super) fn planes(image: &Image<'_>, transform: bool) -> Result<Vec<Plane>, Error> {
    let &Image { components, bits_stored, signed, values, .. } = image;
    let (columns, rows) = (usize::from(image.columns), usize::from(image.rows));
    if !matches!(components, 1 | 3) {
        return Err(Error::UnsupportedPixels { what: "this number of samples per pixel in JPEG 2000" });
    }
    if !(1..=MOST_BITS).contains(&bits_stored) {
        return Err(Error::UnsupportedPixels { what: "this number of bits stored in JPEG 2000" });
    }
    if values.is_empty() || values.len() != columns * rows * components {
        return Err(malformed("a frame of another size than rows and columns say"));
    }
    let half = 1 << (bits_stored - 1);
    let (offset, range) = if signed { (0, -half..half) } else { (half, 0..2 * half) };
    if !values.iter().all(|value| range.contains(value)) {
        return Err(malformed("a value that does not fit into Bits Stored"));
    }
    let component = |at: usize| values.iter().skip(at).step_by(components).map(|value| value - offset).collect();
    let mut planes: Vec<Vec<i32>> = (0..components).map(component).collect();
    if let ([red, green, blue], true) = (planes.as_mut_slice(), transform) {
        for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
            (*r, *g, *b) = ((*r + 2 * *g + *b) >> 2, *b - *g, *r - *g);
        }
    }
    Ok(planes.into_iter().map(|values| Plane { columns, rows, values }).collect())
}

fn malformed(what: &'static str) -> Error {
    Error::Malformed { tag: Some(tags::PIXEL_DATA), what }
}
