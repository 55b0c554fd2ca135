//! Steps that change the grid: descriptions, composed before a voxel is moved.
//!
//! A spatial step says where the voxels of its result lie; no samples are needed to know it, but for [`CropForeground`]. Neighbouring steps are
//! one chain: exact moves (reorient, flip, crop, pad) run as one copy, and however many resamplings were asked for, every voxel is
//! interpolated once, from the image that came in. [`crate::Pipeline`] joins them with the steps that change values.

mod chain;
mod exact;
mod fill;
mod resampling;
mod three;

use isocenter_volume::{
    Ctx, Geometry, IndexMap, Volume,
    provenance::{Operation, Parameter},
};
use serde::{Deserialize, Serialize};

pub(crate) use self::chain::{Chain, Link};
pub use self::{
    exact::{Crop, CropForeground, CropOrPad, Flip, MultipleOf, Pad, Reorient},
    fill::Fill,
    resampling::{Resampling, Target},
};
use crate::Error;

/// One step that changes the grid, as a recipe names it; a key that it does not know is an error.
///
/// # Examples
/// ```
/// use isocenter_normalize::spatial::Spatial;
/// use isocenter_volume::{Affine, Frame, Geometry};
///
/// let grid = Geometry::new([10, 10, 4], Affine::from_spacing_origin([1.0, 1.0, 2.5], [0.0; 3]), Frame::Patient(None))?;
/// let step: Spatial = toml::from_str("name = 'resample'\nspacing = 2")?;
/// assert_eq!(step.geometry(&grid)?.shape(), [5, 5, 5]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Spatial {
    /// `reorient`: see [`Reorient`].
    Reorient(Reorient),
    /// `flip`: see [`Flip`].
    Flip(Flip),
    /// `crop`: see [`Crop`].
    Crop(Crop),
    /// `pad`: see [`Pad`].
    Pad(Pad),
    /// `crop_or_pad`: see [`CropOrPad`].
    CropOrPad(CropOrPad),
    /// `multiple_of`: see [`MultipleOf`].
    MultipleOf(MultipleOf),
    /// `crop_foreground`: see [`CropForeground`].
    CropForeground(CropForeground),
    /// `resample`: see [`Resampling`].
    Resample(Box<Resampling>),
}

/// What a step does to one grid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Move {
    /// Voxels are copied; what has no source is filled.
    Exact(IndexMap, Fill),
    /// Voxels of this grid are interpolated.
    Sample(Geometry),
}

impl Spatial {
    /// The names of all spatial steps, in a fixed order.
    pub const NAMES: [&'static str; 8] =
        ["reorient", "flip", "crop", "pad", "crop_or_pad", "multiple_of", "crop_foreground", "resample"];

    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Reorient(_) => "reorient",
            Self::Flip(_) => "flip",
            Self::Crop(_) => "crop",
            Self::Pad(_) => "pad",
            Self::CropOrPad(_) => "crop_or_pad",
            Self::MultipleOf(_) => "multiple_of",
            Self::CropForeground(_) => "crop_foreground",
            Self::Resample(_) => "resample",
        }
    }

    /// The grid of the result for an image on `grid`.
    ///
    /// # Errors
    /// [`Error::Volume`] where the step does not fit the grid (no patient frame to reorient in, nothing left of a crop);
    /// [`Error::NeedsSamples`] for [`CropForeground`], whose result depends on the image.
    pub fn geometry(&self, grid: &Geometry) -> Result<Geometry, Error> {
        Ok(match self.on(grid, None)? {
            Move::Exact(map, _) => grid.remap(&map)?,
            Move::Sample(target) => target,
        })
    }

    /// Whether what it does depends on the samples, not on the grid alone.
    pub const fn needs_samples(&self) -> bool {
        matches!(self, Self::CropForeground(_))
    }

    /// Whether voxels of its result may lie between those of the image.
    pub const fn interpolates(&self) -> bool {
        matches!(self, Self::Resample(_))
    }

    /// The move on a grid; `block` is what a step that needs samples found.
    pub(crate) fn on(&self, grid: &Geometry, block: Option<Block>) -> Result<Move, Error> {
        let inside = |map| Move::Exact(map, Fill::Lowest);
        let shape = grid.shape();
        Ok(match self {
            Self::Reorient(step) => inside(grid.map_to_orientation(step.to)?),
            Self::Flip(step) => inside(IndexMap::reversed(shape, step.axes)),
            Self::Crop(step) => inside(grid.map_to_crop(step.start, step.size)?),
            Self::Pad(step) => {
                let [before, after] = [step.before, step.after].map(|n| n.map(|n| n.min(1 << 31) as i64));
                Move::Exact(IndexMap::pad(shape, before, after)?, step.fill)
            }
            Self::CropOrPad(step) => Move::Exact(IndexMap::crop_or_pad(shape, step.size)?, step.fill),
            Self::MultipleOf(step) => Move::Exact(IndexMap::crop_or_pad(shape, step.size_of(shape))?, step.fill),
            Self::CropForeground(_) => match block {
                Some(Block { start, size }) => inside(grid.map_to_crop(start, size)?),
                None => return Err(Error::NeedsSamples { step: self.name() }),
            },
            Self::Resample(step) => Move::Sample(step.geometry(grid)?),
        })
    }

    /// What a step that needs samples finds in an image.
    pub(crate) fn find(&self, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Option<Block>, Error> {
        ctx.check()?;
        match self {
            Self::CropForeground(step) => Ok(Some(step.find(volume)?)),
            _ => Ok(None),
        }
    }

    /// What was done, for the provenance of a volume.
    pub(crate) fn operation(&self) -> Operation {
        let told: Vec<(&str, Parameter)> = match self {
            Self::Reorient(step) => vec![("to", step.to.to_string().into())],
            Self::Flip(step) => vec![("axes", step.axes.into())],
            Self::Crop(step) => vec![("start", step.start.into()), ("size", step.size.into())],
            Self::Pad(step) => vec![("before", step.before.into()), ("after", step.after.into())],
            Self::CropOrPad(step) => vec![("size", step.size.into())],
            Self::MultipleOf(step) => vec![("of", step.of.into())],
            Self::CropForeground(step) => vec![("above", step.above.into()), ("margin", step.margin.into())],
            Self::Resample(step) => vec![("to", step.target().to_string().into())],
        };
        Operation::new("normalize", [("step", Parameter::from(self.name()))].into_iter().chain(told))
    }
}

/// A block of voxels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Index of its first voxel.
    pub start: [usize; 3],
    /// Voxels along each axis.
    pub size: [usize; 3],
}
