//! Where the voxels of an output row lie in the input.

use std::ops::Range;

use crate::{Affine, WorldMap, affine};

/// From an output index to an input index: by one matrix, or through the world by any map.
#[derive(Clone, Copy)]
pub(super) enum Places<'a> {
    Affine(Affine),
    Mapped { to_world: Affine, map: &'a dyn WorldMap, to_input: Affine },
}

impl Places<'_> {
    /// The input indices of output row (j, k), into `row`.
    pub(super) fn row(&self, j: usize, k: usize, row: &mut [[f64; 3]]) {
        match self {
            Self::Affine(to_input) => {
                let line = Line::new(to_input, j, k);
                row.iter_mut().enumerate().for_each(|(i, place)| *place = line.at(i));
            }
            Self::Mapped { to_world, map, to_input } => {
                let line = Line::new(to_world, j, k);
                row.iter_mut().enumerate().for_each(|(i, place)| *place = line.at(i));
                map.map_all(row);
                row.iter_mut().for_each(|place| *place = to_input.apply(*place));
            }
        }
    }

    /// Input voxels that one output step crosses along each input axis; of a map that is no affine, in the middle of an output of
    /// `shape`.
    pub(super) fn steps(&self, shape: [usize; 3]) -> [f64; 3] {
        let rows = match self {
            Self::Affine(to_input) => to_input.rows(),
            Self::Mapped { to_world, map, to_input } => {
                let middle = shape.map(|n| (n as f64 - 1.0) / 2.0);
                let columns = [0, 1, 2].map(|a| {
                    let [low, high] = [-0.5, 0.5].map(|by| {
                        let mut at = middle;
                        at[a] += by;
                        to_input.apply(map.map(to_world.apply(at)))
                    });
                    [high[0] - low[0], high[1] - low[1], high[2] - low[2]]
                });
                Affine::from_columns(columns, [0.0; 3]).rows()
            }
        };
        rows.map(|row| affine::norm([row[0], row[1], row[2]]))
    }
}

/// Input coordinates along one output row: `start + step * i`.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) start: [f64; 3],
    pub(super) step: [f64; 3],
}

impl Line {
    /// Row (j, k) under an affine.
    #[inline(always)]
    pub(super) fn new(affine: &Affine, j: usize, k: usize) -> Self {
        Self { start: affine.apply([0.0, j as f64, k as f64]), step: affine.column(0) }
    }

    #[inline(always)]
    pub(super) fn at(&self, i: usize) -> [f64; 3] {
        let i = i as f64;
        [self.start[0] + self.step[0] * i, self.start[1] + self.step[1] * i, self.start[2] + self.step[2] * i]
    }

    /// The part of `0..len` where `low <= coordinate < high` on every axis.
    pub(super) fn range(&self, len: usize, bounds: [(f64, f64); 3]) -> Range<usize> {
        let (mut from, mut to) = (0, len);
        for (axis, (low, high)) in bounds.into_iter().enumerate() {
            // rounding keeps the order, so each condition holds on one side of one place
            let at = |i: usize| self.start[axis] + self.step[axis] * i as f64;
            let (enters, leaves) = if self.step[axis] >= 0.0 {
                (first(len, |i| at(i) >= low), first(len, |i| at(i) >= high))
            } else {
                (first(len, |i| at(i) < high), first(len, |i| at(i) < low))
            };
            from = from.max(enters);
            to = to.min(leaves);
        }
        from..to.max(from)
    }
}

/// The first of `0..len` for which a condition holds that then holds for all after it; `len` where it never does.
fn first(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = (low + high) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_exactly_what_satisfies_its_bounds() {
        for (start, step) in [(-3.2, 0.31), (9.4, -0.77), (2.0, 0.0), (0.0, 1.0), (50.0, 1.0)] {
            let line = Line { start: [start, 1.0, 1.0], step: [step, 0.0, 0.0] };
            let range = line.range(20, [(0.0, 4.0), (0.0, 2.0), (0.0, 2.0)]);
            for i in 0..20 {
                assert_eq!(range.contains(&i), (0.0..4.0).contains(&line.at(i)[0]), "{start} {step} {i}");
            }
        }
    }

    #[test]
    fn a_map_that_is_an_affine_by_accident_has_its_places_and_steps() {
        let [to_world, to_input] =
            [[0.7, 0.9, 2.0], [1.0, 2.0, 0.5]].map(|s| Affine::from_spacing_origin(s, [3.0, 4.0, 5.0]));
        let turn = Affine::from_columns([[0.8, 0.6, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 1.0]], [1.0, 2.0, 3.0]);
        let mapped = Places::Mapped { to_world, map: &turn, to_input };
        let affine = Places::Affine(to_input.compose(&turn).compose(&to_world));
        let (mut a, mut b) = ([[0.0; 3]; 9], [[0.0; 3]; 9]);
        mapped.row(4, 5, &mut a);
        affine.row(4, 5, &mut b);
        assert!(a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-12));
        let [a, b] = [mapped.steps([9, 8, 7]), affine.steps([9, 8, 7])];
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
