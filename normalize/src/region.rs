//! The part of a volume that a statistic is taken over.
//!
//! A [`Region`] is a description that a recipe can hold; for one volume and mask it becomes a selection of samples. Samples
//! that are not finite are never selected.

use std::borrow::Cow;

use isocenter_volume::Volume;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, Mask, head, moments};

/// The voxels that a statistic is taken over. In a recipe: `"all"`, `"head"`, `{ above = 0.0 }`, ...
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Region {
    /// Every voxel.
    #[default]
    All,
    /// Voxels above a value (exclusive), in the unit of the volume.
    Above(f64),
    /// Voxels between two values, both exclusive, in the unit of the volume.
    Between(f64, f64),
    /// Voxels that are not exactly 0.
    NonZero,
    /// Voxels above the mean of all voxels.
    AboveMean,
    /// The mask that the caller hands in.
    Mask,
    /// The head (or body) against air: see [`crate::head`]. Taken from the first step of a volume with slow axes.
    Head,
}

impl Region {
    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Above(_) => "above",
            Self::Between(..) => "between",
            Self::NonZero => "non_zero",
            Self::AboveMean => "above_mean",
            Self::Mask => "mask",
            Self::Head => "head",
        }
    }

    /// Decides which samples of a volume belong to the region.
    pub(crate) fn select<'a>(&self, volume: &'a Volume<f32>, mask: Option<Mask<'a>>) -> Result<Selection<'a>, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let test = match *self {
            Self::All => Test::All,
            Self::Above(low) => Test::Between(crate::error::number("above", low)?, f64::INFINITY),
            Self::Between(low, high) => {
                Test::Between(crate::error::number("between", low)?, crate::error::number("between", high)?)
            }
            Self::NonZero => Test::NonZero,
            Self::AboveMean => {
                let all = Selection { voxels: volume.voxels(), test: Test::All, region: Self::All };
                Test::Between(moments::of(&all)?.mean, f64::INFINITY)
            }
            Self::Mask => Test::Mask(mask.ok_or(Error::MaskNeeded)?.resolve(volume.geometry())?),
            Self::Head => Test::Mask(Cow::Owned(head::mask(volume)?)),
        };
        Ok(Selection { voxels: volume.voxels(), test, region: *self })
    }
}

/// The samples of one volume that belong to a region.
pub(crate) struct Selection<'a> {
    voxels: &'a [f32],
    test: Test<'a>,
    region: Region,
}

enum Test<'a> {
    All,
    Between(f64, f64),
    NonZero,
    Mask(Cow<'a, [bool]>),
}

/// Samples of one block: fixed, so that a result does not depend on the number of threads.
pub(crate) const BLOCK: usize = 1 << 16;

impl Selection<'_> {
    /// Name of the region, for messages.
    pub(crate) const fn region(&self) -> &'static str {
        self.region.name()
    }

    /// Runs `visit` over every block with the test that each sample must pass, and gives the results in order of blocks.
    pub(crate) fn blocks<A: Send>(&self, visit: &(impl Visit<Out = A> + Sync)) -> Vec<A> {
        match &self.test {
            Test::All => {
                let block =
                    |block: &[f32]| visit.whole(block).unwrap_or_else(|| visit.block(block, &|_, v| v.is_finite()));
                self.voxels.par_chunks(BLOCK).map(block).collect()
            }
            Test::Between(low, high) => {
                let (low, high) = (*low, *high);
                self.run(visit, &|_, v: f32| v.is_finite() && f64::from(v) > low && f64::from(v) < high)
            }
            Test::NonZero => self.run(visit, &|_, v: f32| v.is_finite() && v != 0.0),
            Test::Mask(mask) => {
                let step = mask.len().max(1);
                self.run(visit, &|n: usize, v: f32| v.is_finite() && mask.get(n % step).copied().unwrap_or(false))
            }
        }
    }

    /// The selected samples in order; copied only where the region leaves some out.
    pub(crate) fn samples(&self) -> Cow<'_, [f32]> {
        if matches!(self.test, Test::All) && self.voxels.par_chunks(BLOCK).all(|b| b.iter().all(|v| v.is_finite())) {
            return Cow::Borrowed(self.voxels);
        }
        Cow::Owned(self.blocks(&Gather).concat())
    }

    fn run<V: Visit + Sync>(&self, visit: &V, keep: &(impl Fn(usize, f32) -> bool + Sync)) -> Vec<V::Out>
    where
        V::Out: Send,
    {
        let block = |(b, block): (usize, &[f32])| {
            let start = b * BLOCK;
            visit.block(block, &|n, v| keep(start + n, v))
        };
        self.voxels.par_chunks(BLOCK).enumerate().map(block).collect()
    }
}

struct Gather;

impl Visit for Gather {
    type Out = Vec<f32>;

    fn block(&self, block: &[f32], keep: &impl Fn(usize, f32) -> bool) -> Vec<f32> {
        block.iter().enumerate().filter(|&(n, &v)| keep(n, v)).map(|(_, &v)| v).collect()
    }
}

/// Work on one block of samples, compiled once for each kind of region.
pub(crate) trait Visit {
    /// What one block gives.
    type Out;

    /// Visits a block; `keep(n, v)` says whether sample `n` of it, with value `v`, is selected.
    fn block(&self, block: &[f32], keep: &impl Fn(usize, f32) -> bool) -> Self::Out;

    /// Visits a block of which every sample is selected; `None` where that turns out to hold one that is not finite, or where
    /// there is no faster way.
    fn whole(&self, _block: &[f32]) -> Option<Self::Out> {
        None
    }
}
