//! Connected pieces of labels and masks.
//!
//! Works on runs along i and joins those of neighbouring rows: the cost follows the number of runs.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Mask, components::{Connectivity, Pieces}};
//!
//! let grid = Geometry::new([5, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
//! let mask = Mask::from_bools(&[true, false, true, true, false], grid)?;
//! let pieces = Pieces::of_mask(&mask, Connectivity::Faces6, &Ctx::default())?;
//! assert_eq!(pieces.components().len(), 2);
//! let largest = pieces.largest().map(|n| pieces.mask(|piece| piece == n));
//! assert_eq!(largest.map(|m| m.iter().collect::<Vec<_>>()), Some(vec![2, 3]));
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use std::ops::Range;

use crate::{Cancelled, Ctx, Error, Geometry, Label, LabelMap, Mask, with_layer};

/// Which neighbours belong to one piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connectivity {
    /// Those that share a face.
    Faces6,
    /// Those that share a face or an edge.
    Edges18,
    /// Those that share a face, an edge or a corner.
    #[default]
    Corners26,
}

impl Connectivity {
    /// The neighbouring rows that come before one (offset in j, in k), and whether a run there may be diagonal in i.
    const fn rows(self) -> &'static [(i64, i64, bool)] {
        match self {
            Self::Faces6 => &[(-1, 0, false), (0, -1, false)],
            Self::Edges18 => &[(-1, 0, true), (0, -1, true), (-1, -1, false), (1, -1, false)],
            Self::Corners26 => &[(-1, 0, true), (0, -1, true), (-1, -1, true), (1, -1, true)],
        }
    }
}

/// A piece of one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component {
    /// The label; 1 for a mask.
    pub value: u32,
    /// Number of voxels.
    pub voxels: u64,
    /// Index of its first voxel in memory order.
    pub first: [usize; 3],
}

/// All pieces of a layer or a mask, in the order of their first voxels.
#[derive(Clone, Debug)]
pub struct Pieces {
    geometry: Geometry,
    components: Vec<Component>,
    runs: Vec<Run>,
    /// Where each row's runs start, and the end of the last row's.
    rows: Vec<usize>,
    /// The piece that each run belongs to.
    piece: Vec<usize>,
}

impl Pieces {
    /// The pieces of all labels of a layer.
    ///
    /// # Errors
    /// [`Error::BadStep`] for a layer that is not there, [`Error::SlowSteps`] for a map of several steps, [`Error::Cancelled`].
    pub fn of_labels(map: &LabelMap, layer: usize, near: Connectivity, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let layers = map.layers();
        let voxels = layers.get(layer).ok_or(Error::BadStep { axis: 0, len: layers.len(), step: layer })?;
        map.require_one_step("connected components")?;
        Ok(with_layer!(voxels, l => Self::of_values(map.geometry().clone(), l.as_slice(), near, ctx))?)
    }

    fn of_values<L: Label>(
        geometry: Geometry,
        voxels: &[L],
        near: Connectivity,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Cancelled> {
        let nx = geometry.shape()[0];
        let runs = |row: usize, runs: &mut Vec<Run>| {
            let line = voxels.get(row * nx..(row + 1) * nx).unwrap_or_default();
            let mut start = 0;
            while let Some(&value) = line.get(start) {
                let rest = line.get(start..).unwrap_or_default();
                let end = rest.iter().position(|&v| v != value).map_or(line.len(), |n| start + n);
                if value != L::default() {
                    runs.push(Run { value: value.value(), start, end });
                }
                start = end;
            }
        };
        Self::joined(geometry, near, ctx, runs)
    }

    /// The pieces of a mask.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn of_mask(mask: &Mask, near: Connectivity, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        let nx = mask.geometry().shape()[0];
        let runs = |row: usize, runs: &mut Vec<Run>| {
            let (first, end) = (row * nx, (row + 1) * nx);
            let mut start = mask.next(first, end, true);
            while start < end {
                let stop = mask.next(start, end, false);
                runs.push(Run { value: 1, start: start - first, end: stop - first });
                start = mask.next(stop, end, true);
            }
        };
        Self::joined(mask.geometry().clone(), near, ctx, runs)
    }

    fn joined(
        geometry: Geometry,
        near: Connectivity,
        ctx: &Ctx<'_>,
        runs_of: impl Fn(usize, &mut Vec<Run>),
    ) -> Result<Self, Cancelled> {
        let [_, ny, nz] = geometry.shape();
        let stage = ctx.stage("components", 2 * nz as u64);
        let (mut runs, mut rows) = (Vec::new(), vec![0]);
        for k in 0..nz {
            for j in 0..ny {
                runs_of(k * ny + j, &mut runs);
                rows.push(runs.len());
            }
            stage.advance(1)?;
        }
        let mut parent: Vec<usize> = (0..runs.len()).collect();
        for k in 0..nz {
            for j in 0..ny {
                for &(dj, dk, diagonal) in near.rows() {
                    let (other_j, other_k) = (j as i64 + dj, k as i64 + dk);
                    if other_j < 0 || other_j >= ny as i64 || other_k < 0 {
                        continue;
                    }
                    let (row, other) = (k * ny + j, other_k as usize * ny + other_j as usize);
                    let (here, there) = (rows[row]..rows[row + 1], rows[other]..rows[other + 1]);
                    join(&runs, here, there, usize::from(diagonal), &mut parent);
                }
            }
            stage.advance(1)?;
        }
        let mut components: Vec<Component> = Vec::new();
        let mut slot = vec![usize::MAX; runs.len()];
        let mut piece = vec![0; runs.len()];
        for row in 0..ny * nz {
            for n in rows[row]..rows[row + 1] {
                let (run, root) = (runs[n], root(&mut parent, n));
                if slot[root] == usize::MAX {
                    slot[root] = components.len();
                    let first = [run.start, row % ny, row / ny];
                    components.push(Component { value: run.value, voxels: 0, first });
                }
                piece[n] = slot[root];
                components[slot[root]].voxels += (run.end - run.start) as u64;
            }
        }
        Ok(Self { geometry, components, runs, rows, piece })
    }

    /// The pieces, in the order of their first voxels.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The number of the largest piece, the first of equals; `None` where there is none.
    pub fn largest(&self) -> Option<usize> {
        let sizes = self.components.iter().enumerate();
        sizes
            .fold(None, |best: Option<(usize, u64)>, (n, c)| match best {
                Some((_, most)) if most >= c.voxels => best,
                _ => Some((n, c.voxels)),
            })
            .map(|best| best.0)
    }

    /// The voxels of some pieces, told by their number in [`Pieces::components`].
    pub fn mask(&self, wanted: impl Fn(usize) -> bool) -> Mask {
        let nx = self.geometry.shape()[0];
        let mut words = vec![0u64; self.geometry.len().div_ceil(64)];
        for (row, ends) in self.rows.windows(2).enumerate() {
            for n in ends[0]..ends[1] {
                if wanted(self.piece[n]) {
                    set(&mut words, row * nx + self.runs[n].start..row * nx + self.runs[n].end);
                }
            }
        }
        Mask::packed(words, self.geometry.clone())
    }

    /// Whether each piece touches the outermost voxels of an axis that has more than one.
    pub fn at_border(&self) -> Vec<bool> {
        let [nx, ny, nz] = self.geometry.shape();
        let mut out = vec![false; self.components.len()];
        for (row, ends) in self.rows.windows(2).enumerate() {
            let (j, k) = (row % ny, row / ny);
            let whole = (ny > 1 && (j == 0 || j + 1 == ny)) || (nz > 1 && (k == 0 || k + 1 == nz));
            for n in ends[0]..ends[1] {
                let run = self.runs[n];
                out[self.piece[n]] |= whole || (nx > 1 && (run.start == 0 || run.end == nx));
            }
        }
        out
    }
}

/// Sets a run of bits.
fn set(words: &mut [u64], bits: Range<usize>) {
    let mut n = bits.start;
    while n < bits.end {
        let count = (64 - n % 64).min(bits.end - n);
        words[n / 64] |= (u64::MAX >> (64 - count)) << (n % 64);
        n += count;
    }
}

#[derive(Clone, Copy, Debug)]
struct Run {
    value: u32,
    start: usize,
    end: usize,
}

/// Joins runs of two rows that touch, within `reach` columns. Both are sorted, so the first run that may touch only moves on.
fn join(runs: &[Run], here: Range<usize>, there: Range<usize>, reach: usize, parent: &mut [usize]) {
    let mut first = there.start;
    for a in here {
        let p = runs[a];
        while first < there.end && runs[first].end + reach <= p.start {
            first += 1;
        }
        for b in (first..there.end).take_while(|&b| runs[b].start < p.end + reach) {
            if p.value == runs[b].value {
                let (x, y) = (root(parent, a), root(parent, b));
                parent[x.max(y)] = x.min(y);
            }
        }
    }
}

fn root(parent: &mut [usize], mut n: usize) -> usize {
    while parent[n] != n {
        parent[n] = parent[parent[n]];
        n = parent[n];
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame};

    #[test]
    fn corners_join_only_where_asked() {
        let grid = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let count = |voxels: [u32; 8]| {
            [Connectivity::Faces6, Connectivity::Edges18, Connectivity::Corners26].map(|near| {
                let ctx = Ctx::default();
                let map = LabelMap::new(vec![voxels.to_vec()], grid.clone(), vec![]).unwrap();
                let labels = Pieces::of_labels(&map, 0, near, &ctx).unwrap().components().to_vec();
                let mask = Pieces::of_mask(&Mask::of_labels(&map).unwrap(), near, &ctx).unwrap();
                assert_eq!(mask.components(), labels);
                labels.len()
            })
        };
        assert_eq!(count([1, 0, 0, 0, 0, 0, 0, 1]), [2, 2, 1]); // opposite corners of the cube
        assert_eq!(count([1, 0, 0, 1, 0, 0, 0, 0]), [2, 1, 1]);
        assert_eq!(count([0, 1, 0, 0, 0, 0, 1, 1]), [2, 1, 1]);
    }

    #[test]
    fn pieces_are_masks_again() {
        let grid = Geometry::new([70, 2, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let mask = Mask::from_fn(grid, |n| n % 70 < 3 || (n >= 130 && n % 70 > 5));
        let pieces = Pieces::of_mask(&mask, Connectivity::Faces6, &Ctx::default()).unwrap();
        assert_eq!(
            pieces.components().iter().map(|c| (c.voxels, c.first)).collect::<Vec<_>>(),
            [(6, [0, 0, 0]), (10, [60, 1, 0])]
        );
        assert_eq!(pieces.mask(|_| true), mask);
        assert_eq!(pieces.largest(), Some(1));
        assert_eq!(pieces.mask(|n| n == 1).iter().collect::<Vec<_>>(), (130..140).collect::<Vec<_>>());
    }
}
