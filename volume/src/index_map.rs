//! Exact maps between lattices: permute, flip, crop, pad and all their combinations, as one type with an inverse.
//!
//! Every output index `o` comes from the input index `in[axes[a]] = sign[a] * o[a] + offset[a]`. Where that lies outside the
//! input, the output voxel is padding. The inverse of a crop is a pad and the other way round; composing maps gives a map, so
//! that a chain of steps moves each voxel once.

use crate::{Affine, Error};

/// A signed permutation of axes with a whole-number offset, between two lattices of stated shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexMap {
    source_shape: [usize; 3],
    shape: [usize; 3],
    axes: [usize; 3],
    flip: [bool; 3],
    offset: [i64; 3],
}

impl IndexMap {
    /// The map that changes nothing.
    pub const fn identity(shape: [usize; 3]) -> Self {
        Self { source_shape: shape, shape, axes: [0, 1, 2], flip: [false; 3], offset: [0; 3] }
    }

    /// Output axis `a` is input axis `axes[a]`, reversed where `flip[a]`.
    ///
    /// `axes` must name each of 0, 1, 2 once; anything else is taken as the identity order.
    pub fn permute_flip(shape: [usize; 3], axes: [usize; 3], flip: [bool; 3]) -> Self {
        let mut seen = [false; 3];
        axes.iter().filter(|&&a| a < 3).for_each(|&a| seen[a] = true);
        let axes = if seen == [true; 3] { axes } else { [0, 1, 2] };
        let offset = [0, 1, 2].map(|a| if flip[a] { shape[axes[a]] as i64 - 1 } else { 0 });
        Self { source_shape: shape, shape: axes.map(|a| shape[a]), axes, flip, offset }
    }

    /// The block of `size` voxels that starts at `start`; where it reaches outside the input it is padding.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size.
    pub fn block(shape: [usize; 3], start: [i64; 3], size: [usize; 3]) -> Result<Self, Error> {
        if size.contains(&0) {
            return Err(Error::BadShape { shape: size });
        }
        Ok(Self { source_shape: shape, shape: size, axes: [0, 1, 2], flip: [false; 3], offset: start })
    }

    /// Adds `before` and `after` voxels on each axis; negative numbers remove.
    ///
    /// # Errors
    /// [`Error::BadShape`] where nothing is left.
    pub fn pad(shape: [usize; 3], before: [i64; 3], after: [i64; 3]) -> Result<Self, Error> {
        let size = [0, 1, 2].map(|a| usize::try_from(shape[a] as i64 + before[a] + after[a]).unwrap_or(0));
        Self::block(shape, before.map(|b| -b), size)
    }

    /// Crops or pads every axis to `size`, about the middle; an odd voxel more is added or removed at the start
    /// (`ceil(difference / 2)` before, the rest after).
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size.
    pub fn crop_or_pad(shape: [usize; 3], size: [usize; 3]) -> Result<Self, Error> {
        let before = [0, 1, 2].map(|a| {
            let difference = size[a] as i64 - shape[a] as i64;
            // ceil of half the absolute difference, with its sign
            difference.signum() * ((difference.abs() + 1) / 2)
        });
        Self::block(shape, before.map(|b| -b), size)
    }

    /// Shape of the input lattice.
    pub const fn source_shape(&self) -> [usize; 3] {
        self.source_shape
    }

    /// Shape of the output lattice.
    pub const fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// For each output axis, the input axis it comes from.
    pub const fn axes(&self) -> [usize; 3] {
        self.axes
    }

    /// For each output axis, whether it runs the other way.
    pub const fn flip(&self) -> [bool; 3] {
        self.flip
    }

    /// The input index of an output index; may lie outside the input.
    pub fn source_of(&self, index: [i64; 3]) -> [i64; 3] {
        let mut source = [0; 3];
        for a in 0..3 {
            source[self.axes[a]] = if self.flip[a] { -index[a] } else { index[a] } + self.offset[a];
        }
        source
    }

    /// The map as an affine from output index to input index.
    pub fn to_affine(&self) -> Affine {
        let mut columns = [[0.0; 3]; 3];
        let mut translation = [0.0; 3];
        for a in 0..3 {
            columns[a][self.axes[a]] = if self.flip[a] { -1.0 } else { 1.0 };
            translation[self.axes[a]] = self.offset[a] as f64;
        }
        Affine::from_columns(columns, translation)
    }

    /// The map back: what a crop cut off comes back as padding, what a pad added is cut off.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let mut out = Self { source_shape: self.shape, shape: self.source_shape, ..*self };
        for a in 0..3 {
            let b = self.axes[a];
            out.axes[b] = a;
            out.flip[b] = self.flip[a];
            out.offset[b] = if self.flip[a] { self.offset[a] } else { -self.offset[a] };
        }
        out
    }

    /// The map that applies `self`, then `next`. Padding between the two is remembered as padding only where `next` does not
    /// bring back what `self` cut off: the composed map reads the original there.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] where `next` was made for another shape.
    pub fn then(&self, next: &Self) -> Result<Self, Error> {
        if next.source_shape != self.shape {
            return Err(Error::GridMismatch {
                what: format!("maps {:?} and {:?} do not meet", self.shape, next.source_shape),
            });
        }
        let mut out = Self { source_shape: self.source_shape, ..*next };
        for a in 0..3 {
            let middle = next.axes[a];
            out.axes[a] = self.axes[middle];
            out.flip[a] = self.flip[middle] != next.flip[a];
            let inner = if self.flip[middle] { -next.offset[a] } else { next.offset[a] };
            out.offset[a] = inner + self.offset[middle];
        }
        Ok(out)
    }

    /// Copies one block of samples through the map; padding gets `fill`. `source` holds one sample per input voxel.
    pub(crate) fn gather<T: Copy + Send + Sync>(&self, source: &[T], fill: T) -> Vec<T> {
        use rayon::prelude::*;
        let [nx, ny, nz] = self.shape;
        let strides = [1, self.source_shape[0] as i64, (self.source_shape[0] * self.source_shape[1]) as i64];
        let step = [0, 1, 2].map(|a| if self.flip[a] { -strides[self.axes[a]] } else { strides[self.axes[a]] });
        let base: i64 = (0..3).map(|a| self.offset[a] * strides[self.axes[a]]).sum();
        // the range of output indices on each axis whose source lies inside
        let range = [0, 1, 2].map(|a| {
            let n = self.source_shape[self.axes[a]] as i64;
            let (low, high) = if self.flip[a] {
                (self.offset[a] - n + 1, self.offset[a] + 1)
            } else {
                (-self.offset[a], n - self.offset[a])
            };
            let len = self.shape[a] as i64;
            let (low, high) = (low.clamp(0, len), high.clamp(0, len));
            (low as usize, high.max(low) as usize)
        });
        let mut out = vec![fill; nx * ny * nz];
        // along an output row the source may jump by a whole plane: work on tiles of rows, so that a cache line that was
        // fetched serves the neighbouring rows too
        out.par_chunks_mut(nx * ny).enumerate().for_each(|(k, plane)| {
            if k < range[2].0 || k >= range[2].1 || range[0].0 == range[0].1 {
                return;
            }
            let plane_base = base + k as i64 * step[2];
            if step[0] == 1 {
                for j in range[1].0..range[1].1 {
                    let from = (plane_base + j as i64 * step[1] + range[0].0 as i64) as usize;
                    let len = range[0].1 - range[0].0;
                    plane[j * nx + range[0].0..][..len].copy_from_slice(&source[from..from + len]);
                }
                return;
            }
            const TILE: usize = 32;
            for j0 in (range[1].0..range[1].1).step_by(TILE) {
                for i0 in (range[0].0..range[0].1).step_by(TILE) {
                    for j in j0..(j0 + TILE).min(range[1].1) {
                        let row = plane_base + j as i64 * step[1];
                        for i in i0..(i0 + TILE).min(range[0].1) {
                            plane[j * nx + i] = source[(row + i as i64 * step[0]) as usize];
                        }
                    }
                }
            }
        });
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(shape: [usize; 3]) -> Vec<u32> {
        (0..(shape[0] * shape[1] * shape[2]) as u32).collect()
    }

    #[test]
    fn gather_agrees_with_the_definition() {
        let shape = [5, 4, 3];
        let source = numbered(shape);
        let map = IndexMap::permute_flip(shape, [2, 0, 1], [true, false, true])
            .then(&IndexMap::pad([3, 5, 4], [2, -1, 1], [1, 2, -2]).unwrap())
            .unwrap();
        let out = map.gather(&source, 999);
        let n = map.shape();
        for (o, value) in out.iter().enumerate() {
            let index = [o % n[0], o / n[0] % n[1], o / n[0] / n[1]].map(|v| v as i64);
            let from = map.source_of(index);
            let inside = (0..3).all(|a| from[a] >= 0 && from[a] < shape[a] as i64);
            let wanted = if inside { source[(from[0] + 5 * (from[1] + 4 * from[2])) as usize] } else { 999 };
            assert_eq!(*value, wanted, "{index:?}");
        }
    }

    #[test]
    fn crop_or_pad_splits_like_its_doc() {
        // 5 -> 8: two before, one after
        assert_eq!(IndexMap::crop_or_pad([5, 5, 5], [8, 5, 2]).unwrap().source_of([0, 0, 0]), [-2, 0, 2]);
    }

    #[test]
    fn inverse_of_a_permuting_flip_is_exact() {
        let map = IndexMap::permute_flip([5, 4, 3], [1, 2, 0], [true, false, true]);
        assert_eq!(map.then(&map.inverse()).unwrap(), IndexMap::identity([5, 4, 3]));
    }
}
