//! What lies outward of a mask: from there to the border of any image.
//!
//! An upright axis (along z) stands at the rear end of the mask, in its middle from left to right. In each direction away from it, forwards and
//! to the sides, the first voxel of the mask is looked for; all that is farther goes. The axis lies behind the mask, so that nothing behind it does.
//!
//! A stray voxel of a mask in several pieces would cast as wide a shadow as a nose: pieces below 1 cm^3 cast none.

use isocenter_volume::components::{Connectivity, Pieces};
use isocenter_volume::{Ctx, Mask};
use rayon::prelude::*;

use super::{Error, region::at};

/// For each height and direction, how far from the axis the mask begins.
#[derive(Debug)]
pub(super) struct Outward {
    /// x and y of the axis, mm.
    axis: [f64; 2],
    /// The lowest height, mm, and the distance of heights.
    lowest: f64,
    step: f64,
    heights: usize,
    /// Distance to the axis, mm, by height and direction; infinite where the mask is not met.
    begins: Vec<f32>,
}

/// Directions, over the half circle in front of the axis: a quarter of a degree each, 0.7 mm at the tip of a nose.
const DIRECTIONS: usize = 720;
/// Pieces of a mask below this cast no shadow, mm^3.
const LEAST_PIECE_MM3: f64 = 1000.0;

impl Outward {
    /// What lies outward of a mask; `None` where no piece of it is large enough.
    pub(super) fn of(mask: &Mask, ctx: &Ctx<'_>) -> Result<Option<Self>, Error> {
        let grid = mask.geometry();
        let pieces = Pieces::of_mask(mask, Connectivity::Faces6, ctx)?;
        let least = LEAST_PIECE_MM3 / grid.voxel_volume_mm3();
        let large: Vec<bool> = pieces.components().iter().map(|piece| piece.voxels as f64 >= least).collect();
        let mask = pieces.mask(|piece| large.get(piece) == Some(&true));
        let Some([low, high]) = bounds(&mask) else { return Ok(None) };
        // half of the smallest side of a voxel, so that none is stepped over
        let step = grid.spacing_mm().into_iter().fold(2.0, f64::min).max(0.5) / 2.0;
        let axis = [(low[0] + high[0]) / 2.0, high[1]];
        let heights = ((high[2] - low[2]) / step).ceil() as usize + 1;
        let farthest = [low, high].iter().flat_map(|p| [(p[0] - axis[0]).abs(), (p[1] - axis[1]).abs()]).sum::<f64>();
        let steps = (farthest / step).ceil() as usize;
        let first = |ray: usize| {
            let z = low[2] + (ray / DIRECTIONS) as f64 * step;
            let angle = ((ray % DIRECTIONS) as f64 + 0.5) / DIRECTIONS as f64 - 0.5;
            let (sine, cosine) = libm::sincos(angle * std::f64::consts::PI);
            let met =
                (0..=steps).map(|n| n as f64 * step).find(|r| at(&mask, [axis[0] + r * sine, axis[1] - r * cosine, z]));
            met.map_or(f32::INFINITY, |r| r as f32)
        };
        let begins = ctx.install(|| (0..heights * DIRECTIONS).into_par_iter().map(first).collect());
        ctx.check()?;
        Ok(Some(Self { axis, lowest: low[2], step, heights, begins }))
    }

    /// Whether a place lies outward of the mask.
    pub(super) fn holds(&self, [x, y, z]: [f64; 3]) -> bool {
        let height = (z - self.lowest) / self.step + 0.5;
        let (side, front) = (x - self.axis[0], self.axis[1] - y);
        // NaN is nowhere
        if !(height >= 0.0 && height < self.heights as f64 && front >= 0.0) {
            return false;
        }
        let turn = libm::atan2(side, front) / std::f64::consts::PI + 0.5;
        let direction = ((turn * DIRECTIONS as f64) as usize).min(DIRECTIONS - 1);
        let begins = self.begins.get(height as usize * DIRECTIONS + direction).copied().unwrap_or(f32::INFINITY);
        (side * side + front * front).sqrt() >= f64::from(begins)
    }
}

/// The box about the voxels of a mask, whole voxels, mm: its lowest and its highest corner; `None` of an empty one.
pub(super) fn bounds(mask: &Mask) -> Option<[[f64; 3]; 2]> {
    let grid = mask.geometry();
    let half = [0, 1, 2].map(|axis| (0..3).map(|a| grid.affine().column(a)[axis].abs()).sum::<f64>() / 2.0);
    let mut all: Option<[[f64; 3]; 2]> = None;
    for index in mask.indices() {
        let p = grid.world_of(index.map(|n| n as f64));
        let [low, high] = all.get_or_insert([p, p]);
        for axis in 0..3 {
            low[axis] = low[axis].min(p[axis]);
            high[axis] = high[axis].max(p[axis]);
        }
    }
    all.map(|[low, high]| [[0, 1, 2].map(|a| low[a] - half[a]), [0, 1, 2].map(|a| high[a] + half[a])])
}
