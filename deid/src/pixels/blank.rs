//! Rectangles of an image set to one value, all other pixels as they are.
//!
//! The value is Pixel Padding Value where the image names one, else what shows black: 0, for MONOCHROME1 the greatest value, for luma
//! and colour differences no luma and no colour, for a palette its darkest entry. Nothing is filled in from around: an invented texture
//! would pass for tissue.
//!
//! - Native pixel data is changed in place, only the bytes of the rectangles; nothing is decoded. Bits of the pixel beyond those stored go
//!   with it. Where two columns share colour (4:2:2) both are blanked.
//! - Frames in a lossless syntax are coded again in that syntax where a rectangle is in them; other frames keep their code streams,
//!   unless the header has to change with what is coded.
//! - Frames in a lossy syntax are all coded again in a lossless one ([`best_for`]), and Lossy Image Compression says `01`: their other pixels are those that the
//!   decoder gives, and lose nothing more.
//!
//! Icons, overlays, and values of the header that describe pixels (such as Smallest Image Pixel Value) are not changed.
//!
//! Source: DICOM PS3.15 E.3.1 (Clean Pixel Data), PS3.3 C.7.6.3.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, tags, value, dicom_core::{DataElement, PrimitiveValue, VR}};
//! use isocenter_deid::{Ctx, pixels::{Areas, Rect, blank}};
//!
//! let mut ds = Dataset::new_empty();
//! for (tag, v) in [(tags::ROWS, 2u16), (tags::COLUMNS, 3), (tags::BITS_ALLOCATED, 8)] {
//!     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
//! }
//! ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![1u8, 2, 3, 4, 5, 6])));
//! let mut instance = Instance::new(FileMeta::default(), ds);
//! let mut areas = Areas::new();
//! areas.add_everywhere(Rect::new(1, 0, 9, 1));
//! assert!(blank::areas(&mut instance, &areas, &Ctx::default())?);
//! assert_eq!(value::bytes(instance.dataset.get(tags::PIXEL_DATA).ok_or("none")?), [1, 0, 0, 4, 5, 6]);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod black;
mod coded;
mod native;

#[cfg(doc)]
use isocenter_dcm::pixel::best_for;
use isocenter_dcm::pixel::{PixelInfo, SampleKind};
use isocenter_dcm::syntax::Coding;
use isocenter_dcm::{Dataset, FunctionalGroups, Instance};
use isocenter_volume::Ctx;

use super::{Areas, Error, Rect};

/// Blanks areas; whether any pixel was in them. The stage `blank` counts frames.
///
/// # Errors
/// [`Error::HeaderOnly`]; [`Error::Unsupported`] for forms that have no encoder; those of decoding and coding; [`Error::Cancelled`]. The
/// instance is then as it was.
pub fn areas(instance: &mut Instance, areas: &Areas, ctx: &Ctx<'_>) -> Result<bool, Error> {
    if areas.is_empty() || !instance.has_pixels() {
        return Ok(false);
    }
    if instance.is_header_only() {
        return Err(Error::HeaderOnly);
    }
    let info = instance.frame(0)?.info()?;
    let count = FunctionalGroups::new(&instance.dataset).frames();
    frames(instance, (0..count).map(|frame| within(areas, frame, &info)).collect(), Ink::Black, ctx)
}

/// Sets rectangles, each within its frame, to the values of an ink; there is a list for every frame. Otherwise as [`areas`].
pub(crate) fn frames(instance: &mut Instance, frames: Vec<Vec<Rect>>, ink: Ink, ctx: &Ctx<'_>) -> Result<bool, Error> {
    let info = instance.frame(0)?.info()?;
    if info.samples_per_pixel > 3 {
        return Err(Error::Unsupported { what: "pixels of more than three samples" });
    }
    let work = Work { info, frames, ink };
    if work.frames.iter().all(Vec::is_empty) {
        return Ok(false);
    }
    if instance.transfer_syntax()?.coding == Coding::Native {
        native::blank(instance, &work, ctx)?;
    } else {
        coded::blank(instance, &work, ctx)?;
    }
    Ok(true)
}

/// What is to be blanked: the rectangles of each frame, within it, and with what.
struct Work {
    info: PixelInfo,
    frames: Vec<Vec<Rect>>,
    ink: Ink,
}

/// What a blanked pixel gets.
pub(crate) enum Ink {
    /// What shows black.
    Black,
    /// Of gray, a stored value for each frame, rounded and held to the range of the samples; of colour, what shows black.
    Levels(Vec<f64>),
}

impl Ink {
    /// One value for each sample of a pixel of a frame, as it is stored; `info` says how.
    fn of(&self, dataset: &Dataset, frame: usize, info: &PixelInfo) -> [f64; 3] {
        match self {
            Self::Levels(levels) if info.photometric.is_monochrome() => {
                let level = levels.get(frame).copied().unwrap_or(0.0);
                let [low, high] = info.stored_range();
                [if info.kind == SampleKind::Integer { level.round().clamp(low, high) } else { level }; 3]
            }
            _ => black::of(dataset, info),
        }
    }
}

fn within(areas: &Areas, frame: usize, info: &PixelInfo) -> Vec<Rect> {
    let whole = Rect::new(0, 0, u32::from(info.columns), u32::from(info.rows));
    areas.of(frame).into_iter().filter_map(|rect| rect.intersect(whole)).collect()
}
