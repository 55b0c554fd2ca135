//! Masks grown, shrunk and filled.
//!
//! Source: J. Serra, "Image Analysis and Mathematical Morphology", 1982. What lies outside of the grid counts as object where a
//! mask is shrunk and as background where it is grown, so that the border of an image is no edge.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Mask, morphology::Ball};
//!
//! let grid = Geometry::new([9, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
//! let (mask, ctx) = (Mask::from_fn(grid.clone(), |n| n == 1 || (n > 3 && n < 7)), Ctx::default());
//! let ball = Ball::of_radius_mm(&grid, 1.0);
//! assert_eq!(mask.opened(&ball, &ctx)?.iter().collect::<Vec<_>>(), [4, 5, 6]); // the speck is gone
//! assert_eq!(mask.spanned(&ctx)?.count(), 6);
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use rayon::prelude::*;

use crate::{
    Ctx, Error, Geometry, Mask,
    components::{Connectivity, Pieces},
};

/// The offsets of a ball in voxels of one grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ball {
    offsets: Vec<[i64; 3]>,
}

/// Largest half axis of a ball, voxels: more would cost more than it says.
const MOST_REACH: i64 = 8;

impl Ball {
    /// A ball of a radius in mm: at least one voxel, and at most eight, on every axis that has more than one.
    pub fn of_radius_mm(grid: &Geometry, radius_mm: f64) -> Self {
        let (spacing, shape) = (grid.spacing_mm(), grid.shape());
        let reach: [i64; 3] = [0, 1, 2]
            .map(|a| if shape[a] == 1 { 0 } else { ((radius_mm / spacing[a]).round() as i64).clamp(1, MOST_REACH) });
        let part = |d: i64, r: i64| if r == 0 { 0.0 } else { (d * d) as f64 / ((r as f64 + 0.5) * (r as f64 + 0.5)) };
        let mut offsets = Vec::new();
        for dk in -reach[2]..=reach[2] {
            for dj in -reach[1]..=reach[1] {
                for di in -reach[0]..=reach[0] {
                    if part(di, reach[0]) + part(dj, reach[1]) + part(dk, reach[2]) <= 1.0 {
                        offsets.push([di, dj, dk]);
                    }
                }
            }
        }
        Self { offsets }
    }
}

impl Mask {
    /// The voxels whose whole ball is selected.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn eroded(&self, ball: &Ball, ctx: &Ctx<'_>) -> Result<Self, Error> {
        moved(self, ball, true, ctx)
    }

    /// The voxels of all balls about a selected one.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn dilated(&self, ball: &Ball, ctx: &Ctx<'_>) -> Result<Self, Error> {
        moved(self, ball, false, ctx)
    }

    /// Eroded, then dilated: what is thinner than the ball goes.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn opened(&self, ball: &Ball, ctx: &Ctx<'_>) -> Result<Self, Error> {
        self.eroded(ball, ctx)?.dilated(ball, ctx)
    }

    /// With what cannot be reached from the border through faces; a grid of one plane has no inside along that axis.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn filled(&self, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let background = Pieces::of_mask(&self.complement(), Connectivity::Faces6, ctx)?;
        let outside = background.at_border();
        Ok(background.mask(|piece| outside.get(piece) == Some(&true)).complement())
    }

    /// With every voxel within `reach` voxels along i, j and k: a box about each.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn widened(&self, reach: [usize; 3], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let mut inside = self.to_bools();
        for (axis, reach) in reach.into_iter().enumerate() {
            if reach == 0 {
                continue;
            }
            let before = inside.clone();
            lines(self.geometry(), axis, ctx, |start, count, stride| {
                for places in [(0..count).collect::<Vec<_>>(), (0..count).rev().collect()] {
                    let mut since = usize::MAX;
                    for m in places {
                        let n = start + m * stride;
                        since = if before[n] { 0 } else { since.saturating_add(1) };
                        inside[n] |= since <= reach;
                    }
                }
            })?;
        }
        Self::from_bools(&inside, self.geometry().clone())
    }

    /// With every voxel that lies between two selected ones along any axis: lungs inside a chest, air between the arms.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn spanned(&self, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let inside = self.to_bools();
        let mut out = inside.clone();
        for axis in 0..3 {
            lines(self.geometry(), axis, ctx, |start, count, stride| {
                let is_set = |m: &usize| inside[start + m * stride];
                if let (Some(first), Some(last)) = ((0..count).find(is_set), (0..count).rev().find(is_set)) {
                    (first..=last).for_each(|m| out[start + m * stride] = true);
                }
            })?;
        }
        Self::from_bools(&out, self.geometry().clone())
    }
}

/// Calls `work` with start, length and stride of every line of voxels along an axis.
fn lines(grid: &Geometry, axis: usize, ctx: &Ctx<'_>, mut work: impl FnMut(usize, usize, usize)) -> Result<(), Error> {
    let shape = grid.shape();
    let strides = [1, shape[0], shape[0] * shape[1]];
    let [u, v] = [[1, 2], [0, 2], [0, 1]][axis];
    let stage = ctx.stage("morphology", shape[v] as u64);
    for b in 0..shape[v] {
        for a in 0..shape[u] {
            work(a * strides[u] + b * strides[v], shape[axis], strides[axis]);
        }
        stage.advance(1)?;
    }
    Ok(())
}

fn moved(mask: &Mask, ball: &Ball, erode: bool, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let [nx, ny, nz] = mask.geometry().shape();
    let inside = mask.to_bools();
    let mut out = vec![erode; inside.len()];
    let stage = ctx.stage("morphology", nz as u64);
    out.par_chunks_mut(nx * ny).enumerate().try_for_each(|(k, plane)| {
        for &[di, dj, dk] in &ball.offsets {
            let Some(from_k) = shifted(k, dk, nz) else { continue };
            for j in 0..ny {
                let Some(from_j) = shifted(j, dj, ny) else { continue };
                let row = (from_k * ny + from_j) * nx;
                let (start, end) = ((-di).max(0) as usize, nx.saturating_sub(di.max(0) as usize));
                if start >= end {
                    continue;
                }
                let source = &inside[row..row + nx];
                let from = (start as i64 + di) as usize;
                let pairs = plane[j * nx..][start..end].iter_mut().zip(&source[from..]);
                if erode { pairs.for_each(|(o, &s)| *o &= s) } else { pairs.for_each(|(o, &s)| *o |= s) }
            }
            stage.check()?;
        }
        stage.advance(1)
    })?;
    Mask::from_bools(&out, mask.geometry().clone())
}

fn shifted(index: usize, by: i64, len: usize) -> Option<usize> {
    usize::try_from(index as i64 + by).ok().filter(|&i| i < len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame};

    fn grid(shape: [usize; 3]) -> Geometry {
        Geometry::new(shape, Affine::from_spacing_origin([1.0, 1.0, 2.0], [0.0; 3]), Frame::Unknown).unwrap()
    }

    #[test]
    fn a_ball_knows_millimetres_and_single_planes() {
        let dot = |shape: [usize; 3], at: usize| Mask::from_fn(grid(shape), move |n| n == at);
        let ctx = Ctx::default();
        let ball = Ball::of_radius_mm(&grid([9, 9, 9]), 2.0);
        let grown = dot([9, 9, 9], 4 + 9 * 4 + 81 * 4).dilated(&ball, &ctx).unwrap();
        assert!(grown.contains([6, 4, 4]) && !grown.contains([7, 4, 4]) && grown.contains([4, 4, 5]));
        assert_eq!(grown.eroded(&ball, &ctx).unwrap(), dot([9, 9, 9], 4 + 9 * 4 + 81 * 4));
        let flat = Ball::of_radius_mm(&grid([9, 9, 1]), 1.0);
        assert_eq!(dot([9, 9, 1], 40).dilated(&flat, &ctx).unwrap().count(), 9);
    }

    #[test]
    fn holes_are_filled_and_bays_are_not() {
        let ring = |open: bool| {
            Mask::from_fn(grid([5, 5, 1]), move |n| {
                let (i, j) = (n % 5, n / 5);
                let edge = i == 1 || i == 3 || j == 1 || j == 3;
                (1..4).contains(&i) && (1..4).contains(&j) && edge && !(open && i == 2 && j == 1)
            })
        };
        let ctx = Ctx::default();
        assert_eq!(ring(false).filled(&ctx).unwrap().count(), 9);
        assert_eq!(ring(true).filled(&ctx).unwrap(), ring(true));
        assert_eq!(ring(true).spanned(&ctx).unwrap().count(), 9);
    }

    #[test]
    fn widening_reaches_as_far_as_asked() {
        let dot = Mask::from_fn(grid([9, 7, 5]), |n| n == 4 + 9 * (3 + 7 * 2));
        let wide = dot.widened([2, 0, 1], &Ctx::default()).unwrap();
        let wanted = |[i, j, k]: [usize; 3]| i.abs_diff(4) <= 2 && j == 3 && k.abs_diff(2) <= 1;
        assert!(wide.indices().all(wanted) && wide.count() == 15);
    }
}
