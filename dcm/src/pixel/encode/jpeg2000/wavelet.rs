//! The reversible 5/3 wavelet transform, one level at a time.
//!
//! A level splits a plane into four, each of half the columns and rows: smooth in both directions (LL, which the next level
//! splits again), edges along one direction (HL: high along the row; LH: high along the column), edges along both (HH).
//! Integers stay integers and nothing is lost. Beyond its ends a line continues as its mirror image.
//!
//! Source: ITU-T T.800 annex F.4.2 (columns first, then rows), F.4.8.1 (lifting steps).

/// Numbers in rows.
pub(super) struct Plane {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) values: Vec<i32>,
}

impl Plane {
    fn zeros(columns: usize, rows: usize) -> Self {
        Self { columns, rows, values: vec![0; columns * rows] }
    }
}

/// Splits a plane whose first column and row are even into LL, HL, LH, HH.
pub(super) fn split(mut plane: Plane) -> [Plane; 4] {
    let Plane { columns, rows, .. } = plane;
    split_columns(&mut plane);
    let (low_columns, high_columns) = (columns.div_ceil(2), columns / 2);
    let (low_rows, high_rows) = (rows.div_ceil(2), rows / 2);
    let mut ll = Plane::zeros(low_columns, low_rows);
    let mut hl = Plane::zeros(high_columns, low_rows);
    let mut lh = Plane::zeros(low_columns, high_rows);
    let mut hh = Plane::zeros(high_columns, high_rows);
    for (y, row) in plane.values.chunks_exact(columns.max(1)).enumerate() {
        let (low, high) = if y % 2 == 0 { (&mut ll, &mut hl) } else { (&mut lh, &mut hh) };
        let (from_low, from_high) = (y / 2 * low_columns, y / 2 * high_columns);
        let low = &mut low.values[from_low..from_low + low_columns];
        let high = &mut high.values[from_high..from_high + high_columns];
        split_row(row, low, high);
    }
    [ll, hl, lh, hh]
}

/// Lifts along the columns, in place: even rows become the low ones, odd rows the high ones.
fn split_columns(plane: &mut Plane) {
    let Plane { columns, rows, ref mut values } = *plane;
    for y in (1..rows).step_by(2) {
        lift(values, columns, y, |x, above, below| x - ((above + below) >> 1));
    }
    if rows > 1 {
        for y in (0..rows).step_by(2) {
            lift(values, columns, y, |x, above, below| x + ((above + below + 2) >> 2));
        }
    }
}

/// Changes row `y` by its neighbours; at an edge, the one there is stands for both.
fn lift(values: &mut [i32], columns: usize, y: usize, step: impl Fn(i32, i32, i32) -> i32) {
    let (before, rest) = values.split_at_mut(y * columns);
    let (row, after) = rest.split_at_mut(columns);
    let above = before.rchunks_exact(columns).next();
    let below = after.chunks_exact(columns).next();
    let Some((above, below)) = above.or(below).zip(below.or(above)) else { return };
    for ((x, &above), &below) in row.iter_mut().zip(above).zip(below) {
        *x = step(*x, above, below);
    }
}

fn split_row(row: &[i32], low: &mut [i32], high: &mut [i32]) {
    let evens = row.iter().step_by(2);
    // One even value past the end is the mirror image of the last.
    let next = row.iter().step_by(2).skip(1).chain(evens.clone().next_back());
    for ((h, odd), (left, right)) in high.iter_mut().zip(row.iter().skip(1).step_by(2)).zip(evens.clone().zip(next)) {
        *h = odd - ((left + right) >> 1);
    }
    let Some(&first) = high.first() else { return low.copy_from_slice(row) };
    let mut left = first;
    for ((l, even), right) in low.iter_mut().zip(evens).zip(high.iter().chain(high.last())) {
        *l = even + ((left + right + 2) >> 2);
        left = *right;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Undoes the transform of a line of even start, from the formulas of F.3.8.1.
    fn join_line(low: &[i32], high: &[i32]) -> Vec<i32> {
        let n = low.len() + high.len();
        if n == 1 {
            return low.to_vec();
        }
        let mirrored = |at: isize| {
            let last = n as isize - 1;
            let at = at.abs();
            (if at > last { 2 * last - at } else { at }) as usize
        };
        let mut line: Vec<i32> = (0..n).map(|at| if at % 2 == 0 { low[at / 2] } else { high[at / 2] }).collect();
        for (start, step) in [(0, 0), (1, 1)] {
            for at in (start..n).step_by(2) {
                let sum = line[mirrored(at as isize - 1)] + line[mirrored(at as isize + 1)];
                line[at] += if step == 0 { -((sum + 2) >> 2) } else { sum >> 1 };
            }
        }
        line
    }

    fn join([ll, hl, lh, hh]: &[Plane; 4]) -> Vec<i32> {
        let (columns, rows) = (ll.columns + hl.columns, ll.rows + lh.rows);
        let row = |plane: &Plane, y: usize| plane.values[y * plane.columns..(y + 1) * plane.columns].to_vec();
        let lows: Vec<_> = (0..ll.rows).map(|y| join_line(&row(ll, y), &row(hl, y))).collect();
        let highs: Vec<_> = (0..lh.rows).map(|y| join_line(&row(lh, y), &row(hh, y))).collect();
        let mut values = vec![0; columns * rows];
        for x in 0..columns {
            let low: Vec<i32> = lows.iter().map(|line| line[x]).collect();
            let high: Vec<i32> = highs.iter().map(|line| line[x]).collect();
            for (y, value) in join_line(&low, &high).into_iter().enumerate() {
                values[y * columns + x] = value;
            }
        }
        values
    }

    proptest! {
        #[test]
        fn split_and_joined_is_the_same(columns in 1usize..12, rows in 1usize..12, seed in prop::collection::vec(-70_000i32..70_000, 144)) {
            let values = seed[..columns * rows].to_vec();
            let parts = split(Plane { columns, rows, values: values.clone() });
            prop_assert_eq!(join(&parts), values);
        }
    }

    #[test]
    fn a_ramp_has_no_edges_but_at_its_end() {
        let [ll, hl, lh, hh] = split(Plane { columns: 6, rows: 1, values: vec![0, 10, 20, 30, 40, 50] });
        assert_eq!((ll.values, hl.values), (vec![0, 20, 43], vec![0, 0, 10]));
        assert_eq!((lh.rows, hh.rows), (0, 0));
    }
}
