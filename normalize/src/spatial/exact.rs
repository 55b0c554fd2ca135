//! Steps that move voxels and interpolate none.

use isocenter_volume::{Orientation, Volume, ops};
use serde::{Deserialize, Serialize};

use super::{Block, Fill, three};
use crate::{Error, error::number};

/// Permutes and flips axes to an anatomical orientation: `to = "RAS"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reorient {
    /// Where i, j and k run to.
    pub to: Orientation,
}

/// Reverses axes; places in the world are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// Whether i, j, k are reversed.
    pub axes: [bool; 3],
}

/// Keeps a block of voxels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// Index of the first voxel that stays.
    #[serde(with = "three")]
    pub start: [usize; 3],
    /// Voxels that stay along i, j, k.
    #[serde(with = "three")]
    pub size: [usize; 3],
}

/// Adds voxels around the image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PadRepr")]
pub struct Pad {
    /// Voxels before the first, along i, j, k.
    #[serde(with = "three")]
    pub(super) before: [usize; 3],
    /// Voxels after the last, along i, j, k.
    #[serde(with = "three")]
    pub(super) after: [usize; 3],
    /// What they are worth.
    pub(super) fill: Fill,
}

impl Pad {
    /// Adds `before` and `after` voxels along i, j, k.
    ///
    /// # Errors
    /// [`Error::ClampIsForResample`].
    pub fn new(before: [usize; 3], after: [usize; 3], fill: Fill) -> Result<Self, Error> {
        written("pad", fill).map(|fill| Self { before, after, fill })
    }
}

/// Crops or pads every axis to a size, about the middle; an odd voxel more is added or removed at the start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CropOrPadRepr")]
pub struct CropOrPad {
    /// Voxels along i, j, k.
    #[serde(with = "three")]
    pub(super) size: [usize; 3],
    /// What new voxels are worth.
    pub(super) fill: Fill,
}

impl CropOrPad {
    /// To `size` voxels along i, j, k.
    ///
    /// # Errors
    /// [`Error::ClampIsForResample`], [`Error::BadParameter`] for an axis of 0.
    pub fn new(size: [usize; 3], fill: Fill) -> Result<Self, Error> {
        Ok(Self { size: above_0("size", size)?, fill: written("crop_or_pad", fill)? })
    }
}

/// Crops or pads every axis to a multiple of a number, as networks that halve their input ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MultipleOfRepr")]
pub struct MultipleOf {
    /// Of what, along i, j, k.
    #[serde(with = "three")]
    pub(super) of: [usize; 3],
    /// Whether voxels are cut off; they are added where not.
    pub(super) crop: bool,
    /// What new voxels are worth.
    pub(super) fill: Fill,
}

impl MultipleOf {
    /// To a multiple of `of` voxels along i, j, k, by cutting off (at least one multiple stays) or by adding.
    ///
    /// # Errors
    /// [`Error::ClampIsForResample`], [`Error::BadParameter`] for a multiple of 0.
    pub fn new(of: [usize; 3], crop: bool, fill: Fill) -> Result<Self, Error> {
        Ok(Self { of: above_0("of", of)?, crop, fill: written("multiple_of", fill)? })
    }

    /// Voxels along each axis of the result.
    pub(super) fn size_of(&self, shape: [usize; 3]) -> [usize; 3] {
        [0, 1, 2].map(|a| {
            let (n, of) = (shape[a], self.of[a]);
            let times = if self.crop { (n / of).max(1) } else { n.div_ceil(of) };
            times.saturating_mul(of)
        })
    }
}

/// Crops to the smallest block that holds every voxel above a value, of any slow step, grown by a margin as far as the image goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CropForegroundRepr")]
pub struct CropForeground {
    /// Voxels above this value are foreground; in the unit of the image.
    #[serde(with = "isocenter_volume::exact")]
    pub(super) above: f64,
    /// Voxels kept around, along i, j, k.
    #[serde(with = "three")]
    pub(super) margin: [usize; 3],
}

impl CropForeground {
    /// To voxels above `above`, with `margin` voxels around along i, j, k.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for what is no number.
    pub fn new(above: f64, margin: [usize; 3]) -> Result<Self, Error> {
        Ok(Self { above: number("above", above)?, margin })
    }

    pub(super) fn find(&self, volume: &Volume<f32>) -> Result<Block, Error> {
        let above = self.above;
        let found = ops::bounding_box(volume.voxels(), volume.shape(), |v| f64::from(v) > above);
        let block = found.ok_or(Error::EmptyRegion { region: "foreground" })?;
        let (start, size) = ops::with_margin(block, self.margin, volume.shape());
        Ok(Block { start, size })
    }
}

/// Refuses to continue an image where a step writes a value.
fn written(step: &'static str, fill: Fill) -> Result<Fill, Error> {
    if fill == Fill::Clamp { Err(Error::ClampIsForResample { step }) } else { Ok(fill) }
}

fn above_0(what: &'static str, three: [usize; 3]) -> Result<[usize; 3], Error> {
    if three.contains(&0) { Err(Error::BadParameter { what, wanted: "above 0", found: 0.0 }) } else { Ok(three) }
}

const fn none() -> [usize; 3] {
    [0; 3]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PadRepr {
    #[serde(with = "three", default = "none")]
    before: [usize; 3],
    #[serde(with = "three", default = "none")]
    after: [usize; 3],
    #[serde(default)]
    fill: Fill,
}

impl TryFrom<PadRepr> for Pad {
    type Error = Error;

    fn try_from(r: PadRepr) -> Result<Self, Error> {
        Self::new(r.before, r.after, r.fill)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CropOrPadRepr {
    #[serde(with = "three")]
    size: [usize; 3],
    #[serde(default)]
    fill: Fill,
}

impl TryFrom<CropOrPadRepr> for CropOrPad {
    type Error = Error;

    fn try_from(r: CropOrPadRepr) -> Result<Self, Error> {
        Self::new(r.size, r.fill)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MultipleOfRepr {
    #[serde(with = "three")]
    of: [usize; 3],
    #[serde(default)]
    crop: bool,
    #[serde(default)]
    fill: Fill,
}

impl TryFrom<MultipleOfRepr> for MultipleOf {
    type Error = Error;

    fn try_from(r: MultipleOfRepr) -> Result<Self, Error> {
        Self::new(r.of, r.crop, r.fill)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CropForegroundRepr {
    #[serde(with = "isocenter_volume::exact", default)]
    above: f64,
    #[serde(with = "three", default = "none")]
    margin: [usize; 3],
}

impl TryFrom<CropForegroundRepr> for CropForeground {
    type Error = Error;

    fn try_from(r: CropForegroundRepr) -> Result<Self, Error> {
        Self::new(r.above, r.margin)
    }
}
