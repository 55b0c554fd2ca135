//! How an output grid lies over an input grid: on its lattice, parallel to it, or anyhow.

use super::{axis::Axis, places::Places};
use crate::sample::{Edge, Kernel};
use crate::{Affine, IndexMap};

/// How far, in voxels over the whole grid, axes may depart from parallel (and voxels from coinciding) and still count as such.
///
/// Affines that went through a file's f32 differ by about 1e-7 relative; a place that is 1e-6 voxel off changes a value by a
/// millionth of the difference between neighbours.
const PARALLEL: f64 = 1e-6;

/// The way to fill an output grid.
pub(super) enum Plan<'a> {
    /// Voxels coincide: copy.
    Lattice(IndexMap),
    /// Axes are parallel: reorder the input by the map, then one table for each axis.
    Separable(IndexMap, Box<[Axis; 3]>),
    /// Every voxel for itself.
    General(Places<'a>),
}

impl<'a> Plan<'a> {
    /// `places` take an output index to an input index.
    pub(super) fn new(places: Places<'a>, input: [usize; 3], output: [usize; 3], kernel: Kernel, edge: Edge) -> Self {
        let to_input = match &places {
            Places::Affine(to_input) => *to_input,
            Places::Mapped { .. } => return Self::General(places),
        };
        let Some(axes) = parallel_axes(&to_input, output) else {
            return Self::General(places);
        };
        let (rows, start) = (to_input.rows(), to_input.translation());
        let step = [0, 1, 2].map(|b| rows[axes[b]][b]);
        let start = [0, 1, 2].map(|b| start[axes[b]]);
        let on_lattice = (0..3).all(|b| {
            let reach = output[b] as f64;
            (step[b].abs() - 1.0).abs() * reach < PARALLEL
                && (start[b] - start[b].round()).abs() < PARALLEL
                && start[b].abs() < 1e15
        });
        let reorder = IndexMap::permuted(input, axes, [false; 3]);
        if on_lattice {
            let flip = step.map(|s| s < 0.0);
            let map = lattice_map(input, output, axes, flip, start.map(|s| s.round() as i64));
            // what lies outside is filled; under Clamp it is the border's value, which a table gives
            if let Some(map) = map.filter(|map| edge != Edge::Clamp || map.is_inside()) {
                return Self::Lattice(map);
            }
        }
        let snap = |v: f64| if on_lattice { v.round() } else { v };
        let tables =
            [0, 1, 2].map(|b| Axis::new(snap(start[b]), snap(step[b]), input[axes[b]], output[b], kernel, edge));
        Self::Separable(reorder, Box::new(tables))
    }
}

/// For each output axis the input axis it runs along, where each has one to itself.
fn parallel_axes(to_input: &Affine, output: [usize; 3]) -> Option<[usize; 3]> {
    let rows = to_input.rows();
    let mut axes = [0; 3];
    let mut seen = [false; 3];
    for b in 0..3 {
        let along = (0..3).fold(0, |best, a| if rows[a][b].abs() > rows[best][b].abs() { a } else { best });
        if seen[along] {
            return None;
        }
        seen[along] = true;
        axes[b] = along;
    }
    for (a, row) in rows.iter().enumerate() {
        let stray: f64 = (0..3).filter(|&b| axes[b] != a).map(|b| row[b].abs() * output[b] as f64).sum();
        if stray.is_nan() || stray >= PARALLEL {
            return None;
        }
    }
    Some(axes)
}

/// The exact map of a grid whose voxels coincide with the input's.
fn lattice_map(
    input: [usize; 3],
    output: [usize; 3],
    axes: [usize; 3],
    flip: [bool; 3],
    start: [i64; 3],
) -> Option<IndexMap> {
    let turned = IndexMap::permuted(input, axes, flip);
    // index of the first output voxel on the turned lattice
    let first = [0, 1, 2].map(|b| if flip[b] { input[axes[b]] as i64 - 1 - start[b] } else { start[b] });
    turned.then(&IndexMap::block(turned.shape(), first, output).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interpolation;

    #[test]
    fn finds_the_lattice_of_any_exact_map() {
        let input = [5, 4, 3];
        let map = IndexMap::permuted(input, [2, 0, 1], [true, false, true])
            .then(&IndexMap::pad([3, 5, 4], [2, -1, 1], [1, 2, -2]).unwrap())
            .unwrap();
        let kernel = Kernel::new(Interpolation::Linear);
        match Plan::new(Places::Affine(map.to_affine()), input, map.shape(), kernel, Edge::Value(0.0)) {
            Plan::Lattice(found) => assert_eq!(found, map),
            _ => panic!("not found"),
        }
    }

    #[test]
    fn a_turn_of_a_tenth_of_a_degree_is_general() {
        let (sin, cos) = (0.001_745_3, 0.999_998_5);
        let turn = Affine::from_columns([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]], [0.0; 3]);
        let kernel = Kernel::new(Interpolation::Linear);
        assert!(matches!(Plan::new(Places::Affine(turn), [9; 3], [9; 3], kernel, Edge::Value(0.0)), Plan::General(_)));
    }
}
