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
    pub(crate) offset: [i64; 3],
}

impl IndexMap {
    /// The map that changes nothing.
    pub const fn identity(shape: [usize; 3]) -> Self {
        Self { source_shape: shape, shape, axes: [0, 1, 2], flip: [false; 3], offset: [0; 3] }
    }

    /// Reverses axes.
    pub fn reversed(shape: [usize; 3], flip: [bool; 3]) -> Self {
        Self::permuted(shape, [0, 1, 2], flip)
    }

    /// Output axis `a` is input axis `axes[a]`, reversed where `flip[a]`.
    ///
    /// # Errors
    /// [`Error::BadPermutation`] unless `axes` names each of 0, 1, 2 once.
    pub fn permute_flip(shape: [usize; 3], axes: [usize; 3], flip: [bool; 3]) -> Result<Self, Error> {
        let mut seen = [false; 3];
        axes.iter().filter(|&&a| a < 3).for_each(|&a| seen[a] = true);
        if seen == [true; 3] { Ok(Self::permuted(shape, axes, flip)) } else { Err(Error::BadPermutation { axes }) }
    }

    /// As [`IndexMap::permute_flip`], for axes that are known to be a permutation.
    pub(crate) fn permuted(shape: [usize; 3], axes: [usize; 3], flip: [bool; 3]) -> Self {
        let offset = [0, 1, 2].map(|a| if flip[a] { shape[axes[a]] as i64 - 1 } else { 0 });
        Self { source_shape: shape, shape: axes.map(|a| shape[a]), axes, flip, offset }
    }

    /// The block of `size` voxels that starts at `start`; where it reaches outside the input it is padding.
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size, or one that lies or reaches more than 2^30 voxels away.
    pub fn block(shape: [usize; 3], start: [i64; 3], size: [usize; 3]) -> Result<Self, Error> {
        // far beyond any axis, and far from where offsets times strides would overflow
        let far = |n: u64| n > 1 << 30;
        if size.contains(&0) || size.iter().any(|&n| far(n as u64)) || start.iter().any(|s| far(s.unsigned_abs())) {
            return Err(Error::BadShape { shape: size });
        }
        Ok(Self { source_shape: shape, shape: size, axes: [0, 1, 2], flip: [false; 3], offset: start })
    }

    /// Adds `before` and `after` voxels on each axis; negative numbers remove.
    ///
    /// # Errors
    /// [`Error::BadShape`] where nothing is left.
    pub fn pad(shape: [usize; 3], before: [i64; 3], after: [i64; 3]) -> Result<Self, Error> {
        let size = [0, 1, 2].map(|a| {
            let size = (shape[a] as i64).saturating_add(before[a]).saturating_add(after[a]);
            usize::try_from(size).unwrap_or(0)
        });
        Self::block(shape, before.map(i64::saturating_neg), size)
    }

    /// Crops or pads every axis to `size`, about the middle; an odd voxel more is added or removed at the start
    /// (`ceil(difference / 2)` before, the rest after).
    ///
    /// # Errors
    /// [`Error::BadShape`] for an empty size.
    pub fn crop_or_pad(shape: [usize; 3], size: [usize; 3]) -> Result<Self, Error> {
        let before = [0, 1, 2].map(|a| {
            let difference = (size[a].min(1 << 31) as i64).saturating_sub(shape[a] as i64);
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

    /// Whether every output voxel has a source: there is no padding.
    pub fn is_inside(&self) -> bool {
        let ends = [self.source_of([0; 3]), self.source_of(self.shape.map(|n| n as i64 - 1))];
        ends.iter().all(|end| (0..3).all(|a| end[a] >= 0 && end[a] < self.source_shape[a] as i64))
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crop_or_pad_splits_like_its_doc() {
        // 5 -> 8: two before, one after
        assert_eq!(IndexMap::crop_or_pad([5, 5, 5], [8, 5, 2]).unwrap().source_of([0, 0, 0]), [-2, 0, 2]);
    }

    #[test]
    fn inverse_of_a_permuting_flip_is_exact() {
        let map = IndexMap::permuted([5, 4, 3], [1, 2, 0], [true, false, true]);
        assert_eq!(map.then(&map.inverse()).unwrap(), IndexMap::identity([5, 4, 3]));
    }
}
