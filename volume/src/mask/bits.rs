//! The bits of a mask and the grid that they lie on.

use std::{fmt, sync::Arc};

use rayon::prelude::*;

use crate::{Error, Geometry};

/// Which voxels of a grid are selected; cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Mask {
    geometry: Geometry,
    /// 64 voxels a word, the first in the lowest bit; bits after the last voxel are 0.
    words: Arc<[u64]>,
}

impl Mask {
    /// From one truth value per voxel, `i` fastest.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for another number of values.
    pub fn from_bools(bools: &[bool], geometry: Geometry) -> Result<Self, Error> {
        if bools.len() != geometry.len() {
            return Err(Error::ShapeMismatch { wanted: geometry.len(), found: bools.len() });
        }
        let pack = |chunk: &[bool]| chunk.iter().enumerate().fold(0u64, |word, (n, &b)| word | u64::from(b) << n);
        Ok(Self { geometry, words: bools.par_chunks(64).with_min_len(MIN_WORDS).map(pack).collect() })
    }

    /// From packed bits: voxel `n` in bit `n % 64` of word `n / 64`. Bits after the last voxel are ignored.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] (in words) for another number of words.
    pub fn from_words(words: Vec<u64>, geometry: Geometry) -> Result<Self, Error> {
        let wanted = geometry.len().div_ceil(64);
        if words.len() != wanted {
            return Err(Error::ShapeMismatch { wanted, found: words.len() });
        }
        Ok(Self::packed(words, geometry))
    }

    /// From as many words as the grid asks for.
    pub(crate) fn packed(mut words: Vec<u64>, geometry: Geometry) -> Self {
        if let Some(last) = words.last_mut() {
            *last &= last_word(geometry.len());
        }
        Self { geometry, words: words.into() }
    }

    /// Asks for every voxel (its number, `i` fastest) whether it is selected.
    pub fn from_fn(geometry: Geometry, inside: impl Fn(usize) -> bool + Sync) -> Self {
        let len = geometry.len();
        let word =
            |w: usize| (w * 64..len.min(w * 64 + 64)).fold(0u64, |word, n| word | u64::from(inside(n)) << (n % 64));
        let words = (0..len.div_ceil(64)).into_par_iter().with_min_len(MIN_WORDS).map(word).collect();
        Self { geometry, words }
    }

    /// Every voxel of a grid.
    pub fn full(geometry: Geometry) -> Self {
        Self::packed(vec![u64::MAX; geometry.len().div_ceil(64)], geometry)
    }

    /// No voxel of a grid.
    pub fn none(geometry: Geometry) -> Self {
        Self::packed(vec![0; geometry.len().div_ceil(64)], geometry)
    }

    /// Whether a voxel is selected; false past the last.
    #[inline]
    pub fn get(&self, n: usize) -> bool {
        self.words.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Whether the voxel at an index is selected; false outside of the grid.
    pub fn contains(&self, [i, j, k]: [usize; 3]) -> bool {
        let [nx, ny, nz] = self.geometry.shape();
        i < nx && j < ny && k < nz && self.get(i + nx * (j + ny * k))
    }

    /// Number of voxels of the grid, selected or not.
    pub const fn len(&self) -> usize {
        self.geometry.len()
    }

    /// Whether no voxel is selected.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Number of selected voxels.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The numbers of the selected voxels, ascending.
    pub fn iter(&self) -> Ones<'_> {
        Ones { words: &self.words, at: 0, rest: self.words.first().copied().unwrap_or(0) }
    }

    /// The indices of the selected voxels, in memory order.
    pub fn indices(&self) -> impl Iterator<Item = [usize; 3]> + '_ {
        let [nx, ny, _] = self.geometry.shape();
        self.iter().map(move |n| [n % nx, n / nx % ny, n / (nx * ny)])
    }

    /// One truth value per voxel, `i` fastest.
    pub fn to_bools(&self) -> Vec<bool> {
        (0..self.len()).into_par_iter().with_min_len(64 * MIN_WORDS).map(|n| self.get(n)).collect()
    }

    /// The packed bits: see [`Mask::from_words`].
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The grid that the mask lies on.
    pub const fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Passes where the mask lies on a grid: see [`Geometry::agrees_with`].
    ///
    /// # Errors
    /// [`Error::GridMismatch`] with the difference.
    pub fn require_on(&self, grid: &Geometry) -> Result<(), Error> {
        self.geometry.agrees_with(grid)
    }

    /// The same bits, on a grid that says the same in other digits (an image's own, so that both are written with one affine).
    ///
    /// # Errors
    /// As [`Mask::require_on`].
    pub fn onto(&self, grid: &Geometry) -> Result<Self, Error> {
        self.require_on(grid)?;
        Ok(Self { geometry: grid.clone(), words: self.words.clone() })
    }

    /// The first voxel from `from` on whose bit is `set`, or `end`.
    #[cfg(any(feature = "kernels", test))]
    pub(crate) fn next(&self, from: usize, end: usize, set: bool) -> usize {
        let mut n = from;
        while n < end {
            let word = self.words.get(n / 64).copied().unwrap_or(0);
            let rest = (if set { word } else { !word }) >> (n % 64);
            if rest != 0 {
                return end.min(n + rest.trailing_zeros() as usize);
            }
            n = (n / 64 + 1) * 64;
        }
        end
    }
}

/// The numbers of a mask's voxels, ascending.
#[derive(Clone, Debug)]
pub struct Ones<'a> {
    words: &'a [u64],
    at: usize,
    rest: u64,
}

impl Iterator for Ones<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.rest == 0 {
            self.at += 1;
            self.rest = *self.words.get(self.at)?;
        }
        let bit = self.rest.trailing_zeros() as usize;
        self.rest &= self.rest - 1;
        Some(self.at * 64 + bit)
    }
}

impl<'a> IntoIterator for &'a Mask {
    type Item = usize;
    type IntoIter = Ones<'a>;

    fn into_iter(self) -> Ones<'a> {
        self.iter()
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} of {} voxels)", self.count(), self.len())
    }
}

/// Words below which a second thread is not worth waking.
const MIN_WORDS: usize = 1 << 10;

/// The bits of the last word that stand for voxels.
const fn last_word(len: usize) -> u64 {
    if len.is_multiple_of(64) { u64::MAX } else { u64::MAX >> (64 - len % 64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame};

    fn line(len: usize) -> Geometry {
        Geometry::new([len, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap()
    }

    #[test]
    fn bits_come_back_at_every_length() {
        for len in [1, 63, 64, 65, 130] {
            let bools: Vec<bool> = (0..len).map(|n| n % 3 == 1).collect();
            let mask = Mask::from_bools(&bools, line(len)).unwrap();
            assert_eq!(mask.to_bools(), bools);
            assert_eq!(mask, Mask::from_fn(line(len), |n| n % 3 == 1));
            assert_eq!(mask.iter().collect::<Vec<_>>(), (0..len).filter(|n| n % 3 == 1).collect::<Vec<_>>());
            assert_eq!(Mask::full(line(len)).count(), len as u64);
            assert_eq!(Mask::from_words(vec![u64::MAX; len.div_ceil(64)], line(len)).unwrap(), Mask::full(line(len)));
            assert!(Mask::none(line(len)).is_empty() && !mask.get(len) && !mask.contains([0, 1, 0]));
        }
        assert!(Mask::from_bools(&[true], line(2)).is_err());
        assert!(Mask::from_words(vec![0], line(65)).is_err());
    }

    #[test]
    fn runs_end_where_the_bits_change() {
        let mask = Mask::from_fn(line(200), |n| (60..140).contains(&n));
        assert_eq!((mask.next(0, 200, true), mask.next(60, 200, false), mask.next(140, 200, true)), (60, 140, 200));
        assert_eq!(mask.next(61, 100, false), 100);
    }
}
