//! The places that go: masks, and what lies outward of each.

use std::sync::Arc;

use isocenter_volume::{Ctx, Frame, Geometry, Mask};

use super::{
    Error,
    outward::{Outward, bounds},
};

/// The places that go.
#[derive(Clone, Debug)]
pub(super) struct Region {
    parts: Vec<(Mask, Option<Arc<Outward>>)>,
    /// The frame of the first mask.
    frame: Frame,
    /// The lowest and the highest corner of the box about all masks, mm.
    bounds: [[f64; 3]; 2],
}

/// No mask of a face is longer, mm: twice the length of a head scan.
const LONGEST_MM: f64 = 600.0;

impl Region {
    pub(super) fn of(mask: Mask, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let bounds = bounds(&mask).ok_or(Error::EmptyMask)?;
        let extent_mm = (0..3).map(|a| bounds[1][a] - bounds[0][a]).fold(0.0, f64::max);
        if extent_mm.is_nan() || extent_mm > LONGEST_MM {
            return Err(Error::MaskTooLarge { extent_mm, limit_mm: LONGEST_MM });
        }
        let outward = Outward::of(&mask, ctx)?.map(Arc::new);
        Ok(Self { frame: mask.geometry().frame().clone(), parts: vec![(mask, outward)], bounds })
    }

    /// With the places of another.
    pub(super) fn and(&mut self, other: Self) {
        self.parts.extend(other.parts);
        for axis in 0..3 {
            self.bounds[0][axis] = self.bounds[0][axis].min(other.bounds[0][axis]);
            self.bounds[1][axis] = self.bounds[1][axis].max(other.bounds[1][axis]);
        }
    }

    pub(super) const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Whether a place goes.
    pub(super) fn holds(&self, p: [f64; 3]) -> bool {
        let part = |(mask, outward): &(Mask, Option<Arc<Outward>>)| {
            at(mask, p) || outward.as_ref().is_some_and(|outward| outward.holds(p))
        };
        self.parts.iter().any(part)
    }

    /// Whether no place within `reach` mm of one goes: above, below and behind the mask.
    pub(super) fn is_clear_of(&self, p: [f64; 3], reach: f64) -> bool {
        let [low, high] = &self.bounds;
        p[2] + reach < low[2] || p[2] - reach > high[2] || p[1] - reach > high[1]
    }

    /// Whether a mask itself, not only what lies outward of it, meets a grid.
    pub(super) fn meets(&self, grid: &Geometry) -> bool {
        self.parts.iter().any(|(mask, _)| meets(mask, grid))
    }

    /// The distance, mm, between the box about the mask and the box about some places.
    pub(super) fn distance_mm(&self, places: impl Iterator<Item = [f64; 3]> + Clone) -> f64 {
        let gap = |axis: usize| {
            let low = places.clone().map(|p| p[axis]).fold(f64::INFINITY, f64::min);
            let high = places.clone().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max);
            (self.bounds[0][axis] - high).max(low - self.bounds[1][axis]).max(0.0)
        };
        [0, 1, 2].map(gap).into_iter().map(|gap| gap * gap).sum::<f64>().sqrt()
    }
}

/// Whether a voxel of a mask meets a grid.
fn meets(mask: &Mask, grid: &Geometry) -> bool {
    let (own, to_index, shape) = (mask.geometry(), grid.inverse_affine(), grid.shape());
    // half a voxel of the mask and half one of the grid, in voxels of the grid
    let sides = [0, 1, 2].map(|axis| to_index.apply_vector(own.affine().column(axis)));
    let half = [0, 1, 2].map(|a| sides.iter().map(|side| side[a].abs()).sum::<f64>() / 2.0 + 0.5);
    let inside = |p: [f64; 3]| (0..3).all(|a| -half[a] <= p[a] && p[a] <= shape[a] as f64 - 1.0 + half[a]);
    mask.indices().any(|index| inside(grid.index_of(own.world_of(index.map(|n| n as f64)))))
}

/// Whether the voxel of a mask that a place lies in is set.
pub(super) fn at(mask: &Mask, p: [f64; 3]) -> bool {
    let grid = mask.geometry();
    let (index, shape) = (grid.index_of(p), grid.shape());
    let mut n = 0;
    for axis in [2, 1, 0] {
        let nearest = index[axis] + 0.5;
        // NaN is in none
        if !(nearest >= 0.0 && nearest < shape[axis] as f64) {
            return false;
        }
        n = n * shape[axis] + nearest as usize;
    }
    mask.get(n)
}
