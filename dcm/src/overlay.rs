//! Overlays: planes of single bits that lie over an image, as graphics or as regions.
//!
//! Each even group from 6000 to 60FE may hold one. Its bits stand in Overlay Data, eight to a byte and the first in the
//! lowest bit, frames not aligned to bytes; or, in old files, in a bit of the image's own words above or below the
//! value. A plane has rows and columns of its own, and its first pixel lies at its origin on the image, which may be
//! outside of it.
//!
//! Label, description and the drawing itself may name a patient; nothing here prints them.
//!
//! Source: DICOM PS3.3 C.9.2 (overlay plane), C.9.3 (multi-frame overlay), PS3.5 section 8.1.2 (bits within the
//! pixels).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, overlay};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
//!
//! let mut ds = Dataset::new_empty();
//! for (element, value) in [(0x0010, 2u16), (0x0011, 3)] {
//!     ds.put(DataElement::new(Tag(0x6000, element), VR::US, PrimitiveValue::from(value)));
//! }
//! ds.put(DataElement::new(Tag(0x6000, 0x3000), VR::OW, PrimitiveValue::from(0b10_0101u16)));
//! let instance = Instance::new(FileMeta::default(), ds);
//! let overlays = overlay::all(&instance);
//! let plane = overlays[0].as_ref().map_err(|e| e.reason())?.plane(0).map_err(|e| e.reason())?;
//! assert_eq!(plane, Some(vec![true, false, true, false, false, true]));
//! # Ok::<_, &str>(())
//! ```

mod plane;

use std::fmt;

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;

use crate::pixel::source::Pixels;
use crate::pixel::{PixelInfo, SampleKind};
use crate::{Dataset, Error, Instance, value};

/// What an overlay is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Graphics: text, lines, marks.
    Graphics,
    /// A region of interest.
    Region,
    /// The file does not say, or says something else.
    Unsaid,
}

/// Where the bits of an overlay stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In Overlay Data.
    Packed,
    /// In this bit of the pixels' words.
    Embedded(u16),
}

/// One overlay of an image.
#[derive(Clone)]
pub struct Overlay<'a> {
    pixels: &'a dyn Pixels,
    group: u16,
    rows: u16,
    columns: u16,
    frames: u64,
    first_frame: Option<u64>,
    top_left: [i64; 2],
    kind: Kind,
    place: Place,
    data: Vec<u8>,
}

/// The overlays of an image, by group; one that cannot be read is its error.
pub fn all(instance: &Instance) -> Vec<Result<Overlay<'_>, Error>> {
    all_of(instance)
}

/// The overlays of an image whose pixels may be elsewhere.
pub(crate) fn all_of(pixels: &dyn Pixels) -> Vec<Result<Overlay<'_>, Error>> {
    let dataset = &pixels.instance().dataset;
    // Some writers leave all elements of an overlay that is not there empty.
    let is_filled = |tag| dataset.get(tag).is_some_and(|element| !value::bytes(element).is_empty());
    let is_there = |&group: &u16| [ROWS, BIT_POSITION, DATA].iter().any(|&e| is_filled(Tag(group, e)));
    (0x6000..=0x60FE).step_by(2).filter(is_there).map(|group| Overlay::of_pixels(pixels, group)).collect()
}

impl<'a> Overlay<'a> {
    /// The overlay of an even group from 6000 to 60FE.
    ///
    /// # Errors
    /// [`Error::Missing`] for rows or columns, [`Error::Malformed`] for sizes and places that contradict themselves.
    pub fn of(instance: &'a Instance, group: u16) -> Result<Self, Error> {
        Self::of_pixels(instance, group)
    }

    fn of_pixels(pixels: &'a dyn Pixels, group: u16) -> Result<Self, Error> {
        let dataset = &pixels.instance().dataset;
        let tag = |element| Tag(group, element);
        let size = |element| value::u16(dataset, tag(element)).ok_or(Error::Missing { tag: tag(element) });
        let malformed = |element, what| Error::Malformed { tag: Some(tag(element)), what };
        let (mut rows, mut columns) = (size(ROWS)?, size(COLUMNS)?);
        let positive = |element, what| match value::i64(dataset, tag(element)) {
            Some(n) => u64::try_from(n).ok().filter(|&n| n > 0).map(Some).ok_or(malformed(element, what)),
            None if value::string(dataset, tag(element)).is_some() => Err(malformed(element, what)),
            None => Ok(None),
        };
        let frames = positive(FRAMES, "a number of overlay frames that is none above 0")?;
        let mut first_frame = positive(FRAME_ORIGIN, "a first frame that is no number above 0")?.map(|frame| frame - 1);
        let filled = dataset
            .get(tag(DATA))
            .filter(|element| !matches!(element.value().primitive(), None | Some(PrimitiveValue::Empty)));
        let (place, data) = match filled {
            Some(element) => (Place::Packed, value::bytes(element)),
            None => {
                // The image's own frames hold the plane: its size and number are theirs.
                let info = PixelInfo::of(dataset)?;
                (rows, columns, first_frame) = (info.rows, info.columns, None);
                (Place::Embedded(bit(dataset, group, &info)?), Vec::new())
            }
        };
        if rows == 0 || columns == 0 {
            return Err(malformed(ROWS, "an overlay without rows or columns"));
        }
        // Several frames begin at the first of the image where nothing else is said; a single one lies over all.
        if frames.unwrap_or(1) > 1 && place == Place::Packed {
            first_frame = first_frame.or(Some(0));
        }
        let frames = frames.unwrap_or(1);
        let bits = (u64::from(rows) * u64::from(columns)).saturating_mul(frames);
        if place == Place::Packed && (data.len() as u64).saturating_mul(8) < bits {
            return Err(malformed(DATA, "overlay data shorter than its rows, columns and frames"));
        }
        let origin = value::f64s(dataset, tag(ORIGIN));
        let top_left = match origin.as_slice() {
            [] => [0, 0],
            // The origin counts from 1.
            [row, column, ..] => [*row as i64 - 1, *column as i64 - 1],
            [_] => return Err(malformed(ORIGIN, "an origin of one number")),
        };
        let kind = match value::string(dataset, tag(TYPE)).as_deref() {
            Some("G") => Kind::Graphics,
            Some("R") => Kind::Region,
            _ => Kind::Unsaid,
        };
        Ok(Self { pixels, group, rows, columns, frames, first_frame, top_left, kind, place, data })
    }

    /// Its group, such as 0x6000.
    pub fn group(&self) -> u16 {
        self.group
    }

    /// Rows of a plane.
    pub fn rows(&self) -> u16 {
        self.rows
    }

    /// Columns of a plane.
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// Row and column of the image, counted from 0, that its first pixel lies on. They may be outside of the image.
    pub fn top_left(&self) -> [i64; 2] {
        self.top_left
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether its bits stand in the image's own words.
    pub fn is_embedded(&self) -> bool {
        self.place != Place::Packed
    }

    /// Overlay Label (60xx,1500): free text.
    pub fn label(&self) -> Option<String> {
        value::string(&self.pixels.instance().dataset, Tag(self.group, LABEL))
    }

    /// Overlay Description (60xx,0022): free text.
    pub fn description(&self) -> Option<String> {
        value::string(&self.pixels.instance().dataset, Tag(self.group, DESCRIPTION))
    }
}

impl fmt::Debug for Overlay<'_> {
    /// Its sizes and place; nothing of what it shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overlay")
            .field("group", &format_args!("{:04X}", self.group))
            .field("rows", &self.rows)
            .field("columns", &self.columns)
            .field("frames", &self.frames)
            .field("top_left", &self.top_left)
            .field("kind", &self.kind)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// The bit of the pixels' words that holds an overlay: one that the stored value does not take.
fn bit(dataset: &Dataset, group: u16, info: &PixelInfo) -> Result<u16, Error> {
    let tag = Tag(group, BIT_POSITION);
    let allocated = value::u16(dataset, Tag(group, BITS_ALLOCATED));
    let position = value::u16(dataset, tag).ok_or(Error::Missing { tag })?;
    // One bit allocated is what Overlay Data has: then that is what is missing.
    if allocated == Some(1) || info.kind != SampleKind::Integer || info.samples_per_pixel != 1 {
        return Err(Error::Missing { tag: Tag(group, DATA) });
    }
    let lowest = (info.high_bit + 1).saturating_sub(info.bits_stored);
    if position >= info.bits_allocated || (lowest..=info.high_bit).contains(&position) {
        return Err(Error::Malformed { tag: Some(tag), what: "an overlay in a bit of the stored value" });
    }
    Ok(position)
}

// Elements of an overlay's group.
const ROWS: u16 = 0x0010;
const COLUMNS: u16 = 0x0011;
const FRAMES: u16 = 0x0015;
const DESCRIPTION: u16 = 0x0022;
const TYPE: u16 = 0x0040;
const ORIGIN: u16 = 0x0050;
const FRAME_ORIGIN: u16 = 0x0051;
const BITS_ALLOCATED: u16 = 0x0100;
const BIT_POSITION: u16 = 0x0102;
const LABEL: u16 = 0x1500;
const DATA: u16 = 0x3000;
