//! Copying samples through an exact lattice map, with memory in mind.
//!
//! Where the map turns the fastest axis into another, a naive loop touches a new cache line for every sample. Such maps are copied
//! in tiles that run along memory on both sides, through a small buffer.

use std::ops::Range;

use rayon::prelude::*;

use crate::{IndexMap, Stage};

/// Samples along the output row in one tile.
const WIDE: usize = 32;
/// Samples along the source row in one tile: 16 f32 are a cache line.
const DEEP: usize = 16;

impl IndexMap {
    /// Copies one block of samples through the map; padding gets `fill`. `source` holds one sample per input voxel, `out` one per output
    /// voxel. Stops where the stage is stopped.
    pub(crate) fn gather_into<T: Copy + Send + Sync>(&self, source: &[T], fill: T, out: &mut [T], stage: &Stage<'_>) {
        let [nx, ny, _] = self.shape();
        let steps = Steps::new(self);
        let pads = !self.is_inside();
        // where the source's fastest axis runs along k, several planes share a cache line
        let planes = if self.axes()[2] == 0 { DEEP } else { 1 };
        out.par_chunks_mut(nx * ny * planes).enumerate().for_each(|(block, out)| {
            if stage.check().is_err() {
                return;
            }
            if pads {
                out.fill(fill);
            }
            let first = block * planes;
            let k = first.max(steps.inside[2].start)..(first + out.len() / (nx * ny)).min(steps.inside[2].end);
            if k.is_empty() || steps.inside.iter().any(Range::is_empty) {
                return;
            }
            match self.axes() {
                [0, ..] => steps.copy_rows(source, out, [nx, ny], k.start),
                [_, 0, _] => steps.turn(source, out, 1, [nx, ny], first, k),
                _ => steps.turn(source, out, 2, [nx, ny], first, k),
            }
        });
    }
}

/// How far in the source one output step along i, j, k goes, and which output voxels have a source.
struct Steps {
    base: i64,
    step: [i64; 3],
    inside: [Range<usize>; 3],
}

impl Steps {
    fn new(map: &IndexMap) -> Self {
        let shape = map.source_shape();
        let strides = [1, shape[0] as i64, (shape[0] * shape[1]) as i64];
        let (axes, flip) = (map.axes(), map.flip());
        let step = [0, 1, 2].map(|a| if flip[a] { -strides[axes[a]] } else { strides[axes[a]] });
        let base = (0..3).map(|a| map.offset[a] * strides[axes[a]]).sum();
        let inside = [0, 1, 2].map(|a| {
            let (n, offset, len) = (shape[axes[a]] as i64, map.offset[a], map.shape()[a] as i64);
            let (low, high) = if flip[a] { (offset - n + 1, offset + 1) } else { (-offset, n - offset) };
            let (low, high) = (low.clamp(0, len), high.clamp(0, len));
            low as usize..high.max(low) as usize
        });
        Self { base, step, inside }
    }

    /// Source offset of an output voxel.
    fn at(&self, [i, j, k]: [usize; 3]) -> i64 {
        self.base + i as i64 * self.step[0] + j as i64 * self.step[1] + k as i64 * self.step[2]
    }

    /// One plane whose rows are rows of the source, as they are or reversed.
    fn copy_rows<T: Copy>(&self, source: &[T], plane: &mut [T], [nx, _]: [usize; 2], k: usize) {
        let columns = self.inside[0].clone();
        for j in self.inside[1].clone() {
            let out = &mut plane[j * nx..][columns.clone()];
            if self.step[0] > 0 {
                out.copy_from_slice(&source[self.at([columns.start, j, k]) as usize..][..out.len()]);
            } else {
                let from = &source[self.at([columns.end - 1, j, k]) as usize..][..out.len()];
                out.iter_mut().zip(from.iter().rev()).for_each(|(o, s)| *o = *s);
            }
        }
    }

    /// Planes `k` of the block that starts at plane `first`; the source's fastest axis runs along output axis `deep` (1 or 2).
    fn turn<T: Copy>(
        &self,
        source: &[T],
        out: &mut [T],
        deep: usize,
        [nx, ny]: [usize; 2],
        first: usize,
        k: Range<usize>,
    ) {
        let (outer, inner) = if deep == 1 { (k, self.inside[1].clone()) } else { (self.inside[1].clone(), k) };
        let Some(&any) = source.first() else { return };
        let mut tile = [[any; WIDE]; DEEP];
        for o in outer {
            for d in inner.clone().step_by(DEEP) {
                let depth = DEEP.min(inner.end - d);
                for i in self.inside[0].clone().step_by(WIDE) {
                    let width = WIDE.min(self.inside[0].end - i);
                    let index = |i, d| if deep == 1 { [i, d, o] } else { [i, o, d] };
                    for n in 0..width {
                        // a run of `depth` samples of the source, in its own direction
                        if self.step[deep] > 0 {
                            let run = &source[self.at(index(i + n, d)) as usize..][..depth];
                            run.iter().zip(&mut tile).for_each(|(s, row)| row[n] = *s);
                        } else {
                            let run = &source[self.at(index(i + n, d + depth - 1)) as usize..][..depth];
                            run.iter().rev().zip(&mut tile).for_each(|(s, row)| row[n] = *s);
                        }
                    }
                    for (m, row) in tile.iter().enumerate().take(depth) {
                        let [i, j, k] = index(i, d + m);
                        let at = (k - first) * nx * ny + j * nx + i;
                        out[at..at + width].copy_from_slice(&row[..width]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ctx;

    fn check(shape: [usize; 3], map: &IndexMap) {
        let source: Vec<u32> = (0..(shape[0] * shape[1] * shape[2]) as u32).collect();
        let n = map.shape();
        let mut out = vec![0; map.shape().iter().product()];
        map.gather_into(&source, u32::MAX, &mut out, &Ctx::default().stage("copy", 0));
        for (o, value) in out.iter().enumerate() {
            let index = [o % n[0], o / n[0] % n[1], o / n[0] / n[1]].map(|v| v as i64);
            let from = map.source_of(index);
            let inside = (0..3).all(|a| from[a] >= 0 && from[a] < shape[a] as i64);
            let at = || source[from[0] as usize + shape[0] * (from[1] as usize + shape[1] * from[2] as usize)];
            assert_eq!(*value, if inside { at() } else { u32::MAX }, "{map:?} {index:?}");
        }
    }

    #[test]
    fn agrees_with_the_definition_for_all_48_and_with_padding() {
        // longer than a tile on every axis
        let shape = [37, 41, 35];
        for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for signs in 0..8 {
                let turned = IndexMap::permuted(shape, axes, [0, 1, 2].map(|a| signs >> a & 1 == 1));
                check(shape, &turned);
                let pad = IndexMap::pad(turned.shape(), [2, -3, 19], [-4, 1, 2]).unwrap();
                check(shape, &turned.then(&pad).unwrap());
                let gone = IndexMap::block(turned.shape(), [50, 0, 0], [4, 4, 4]).unwrap();
                check(shape, &turned.then(&gone).unwrap());
            }
        }
    }
}
