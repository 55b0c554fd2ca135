//! Connected pieces of a label.

use isocenter_volume::{Label, LabelMap, with_layer};

use crate::Error;

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
pub struct Component {
    /// The label.
    pub value: u32,
    /// Number of voxels.
    pub voxels: u64,
    /// Index of its first voxel in memory order.
    pub first: [usize; 3],
}

/// All pieces of all labels of a layer, in the order of their first voxels.
///
/// Works on runs along i and joins those of neighbouring rows: the cost follows the number of runs.
///
/// # Errors
/// [`Error::OutOfRange`] for a layer that is not there.
pub fn components(map: &LabelMap, layer: usize, connectivity: Connectivity) -> Result<Vec<Component>, Error> {
    let voxels =
        map.layers().get(layer).ok_or(Error::OutOfRange { what: "layer", found: layer, count: map.layers().len() })?;
    map.require_one_step("connected components")?;
    let [nx, ny, nz] = map.geometry().shape();
    let (runs, rows) = with_layer!(voxels, l => runs(l.as_slice(), nx));
    let mut parent: Vec<usize> = (0..runs.len()).collect();
    for row in 0..ny * nz {
        let (j, k) = ((row % ny) as i64, (row / ny) as i64);
        for &(dj, dk, diagonal) in connectivity.rows() {
            let (other_j, other_k) = (j + dj, k + dk);
            if other_j < 0 || other_j >= ny as i64 || other_k < 0 {
                continue;
            }
            let other = (other_k * ny as i64 + other_j) as usize;
            join(&runs, rows[row]..rows[row + 1], rows[other]..rows[other + 1], usize::from(diagonal), &mut parent);
        }
    }
    let mut found: Vec<Component> = Vec::new();
    let mut slot = vec![usize::MAX; runs.len()];
    let mut row = 0;
    for (n, run) in runs.iter().enumerate() {
        while rows[row + 1] <= n {
            row += 1;
        }
        let root = root(&mut parent, n);
        if slot[root] == usize::MAX {
            slot[root] = found.len();
            found.push(Component { value: run.value, voxels: 0, first: [run.start, row % ny, row / ny] });
        }
        found[slot[root]].voxels += (run.end - run.start) as u64;
    }
    Ok(found)
}

#[derive(Clone, Copy)]
struct Run {
    value: u32,
    start: usize,
    end: usize,
}

/// Runs of one label above 0, row by row, and where each row's runs start.
fn runs<L: Label>(voxels: &[L], nx: usize) -> (Vec<Run>, Vec<usize>) {
    let (mut runs, mut rows) = (Vec::new(), vec![0]);
    for row in voxels.chunks(nx) {
        let mut start = 0;
        while start < row.len() {
            let value = row[start];
            let end = row[start..].iter().position(|&v| v != value).map_or(row.len(), |n| start + n);
            if value != L::default() {
                runs.push(Run { value: value.into(), start, end });
            }
            start = end;
        }
        rows.push(runs.len());
    }
    (runs, rows)
}

/// Joins runs of two rows that touch, within `reach` columns. Both are sorted, so the first run that may touch only moves on.
fn join(runs: &[Run], here: std::ops::Range<usize>, there: std::ops::Range<usize>, reach: usize, parent: &mut [usize]) {
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
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    #[test]
    fn corners_join_only_where_asked() {
        let grid = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let count = |voxels: [u32; 8], c| {
            let map = LabelMap::new(vec![voxels.to_vec()], grid.clone(), vec![]).unwrap();
            components(&map, 0, c).unwrap().len()
        };
        let across = [1, 0, 0, 0, 0, 0, 0, 1]; // opposite corners of the cube
        assert_eq!(
            [Connectivity::Faces6, Connectivity::Edges18, Connectivity::Corners26].map(|c| count(across, c)),
            [2, 2, 1]
        );
        let edge = [1, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(
            [Connectivity::Faces6, Connectivity::Edges18, Connectivity::Corners26].map(|c| count(edge, c)),
            [2, 1, 1]
        );
        let back_edge = [0, 1, 0, 0, 0, 0, 1, 1];
        assert_eq!(
            [Connectivity::Faces6, Connectivity::Edges18, Connectivity::Corners26].map(|c| count(back_edge, c)),
            [2, 1, 1]
        );
    }
}
