//! Where text may stay: inside the calibrated regions of an ultrasound image.
//!
//! An ultrasound machine says of each region of its screen what it shows (Sequence of Ultrasound Regions): the picture, a trace, a
//! scale. What it writes into a region are measurements and labels of organs; who the patient is stands in the margins around. Without reading
//! text, that is all that tells the one from the other, and so only what is well within a region stays:
//!
//! - its middle lies in the region, and not within its height of the region's upper edge, where headers end;
//! - it has at most [`LONGEST`] glyphs: a measurement or a label is short, a name with an id is not;
//! - the region leaves room for a margin: one that reaches the top of the frame, or covers more than nine tenths of it, says nothing.
//!
//! **What remains:** a name that somebody typed onto the picture itself, short and inside a region, stays. Where that is not acceptable, take
//! [`Inside::Clean`], which hides measurements too.
//!
//! Source: DICOM PS3.3 C.8.5.5 (US Region Calibration).

use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, value};
use serde::{Deserialize, Serialize};

use super::Rect;
use super::detect::Found;

/// What to do with text inside a calibrated region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inside {
    /// It stays where it is taken for a measurement or a label.
    #[default]
    Keep,
    /// It is blanked as any other.
    Clean,
}

/// Text with more glyphs is taken for no measurement or label.
pub const LONGEST: u32 = 16;

/// The calibrated regions of an image of `size` (columns, rows) that leave room for a margin, in the order of the file.
///
/// ```
/// use isocenter_deid::{dcm::Dataset, pixels::zones};
/// assert!(zones::calibrated(&Dataset::new_empty(), [640, 480]).is_empty());
/// ```
pub fn calibrated(dataset: &Dataset, size: [u32; 2]) -> Vec<Rect> {
    let items = value::sequence(dataset, tags::SEQUENCE_OF_ULTRASOUND_REGIONS).unwrap_or_default();
    let regions: Vec<Rect> = items.iter().filter_map(|item| region(item, size)).collect();
    let whole = u64::from(size[0]) * u64::from(size[1]);
    let bounds = regions.iter().copied().reduce(|a, b| a.union(b));
    // Two halves of a screen leave as little of it as one.
    if bounds.is_some_and(|bounds| bounds.area() * 10 > whole * 9) {
        return Vec::new();
    }
    // a fiftieth of the frame: less than a line of text
    regions.into_iter().filter(|region| region.y0 * 50 > size[1]).collect()
}

/// Corners are those of the first and the last pixel.
fn region(item: &Dataset, size: [u32; 2]) -> Option<Rect> {
    let corner = |tag| value::f64(item, tag).filter(|at| (0.0..65_536.0).contains(at)).map(|at| at as u32);
    let region = Rect::new(
        corner(tags::REGION_LOCATION_MIN_X0)?,
        corner(tags::REGION_LOCATION_MIN_Y0)?,
        corner(tags::REGION_LOCATION_MAX_X1)? + 1,
        corner(tags::REGION_LOCATION_MAX_Y1)? + 1,
    );
    region.intersect(Rect::new(0, 0, size[0], size[1]))
}

/// Whether text is taken for a measurement or a label of one of the `regions`.
pub fn keeps(regions: &[Rect], found: &Found) -> bool {
    let (x, y) = ((found.rect.x0 + found.rect.x1) / 2, (found.rect.y0 + found.rect.y1) / 2);
    let region = regions.iter().find(|region| region.contains(x, y));
    let below = |region: &Rect| y.saturating_sub(found.height / 2) >= region.y0 + found.height;
    !found.vertical && found.glyphs <= LONGEST && region.is_some_and(below)
}
