//! What is brighter than everything wider around it: the image minus its opening along rows and along columns.
//!
//! Minima and maxima over a window are made by doubling (2, 4, 8, then the two that reach the whole width): a few passes over
//! memory that a compiler turns into vector instructions, whatever the width.

use super::super::Plane;

/// The plane minus its openings with lines of `side` pixels, along rows and then along columns. Lines lie within the frame, so that
/// what is drawn at its edge stands out as anywhere.
pub(super) fn top_hat(plane: &Plane, side: usize) -> Vec<u8> {
    let (columns, rows) = (plane.columns(), plane.rows());
    let mut opened = plane.levels().to_vec();
    if columns == 0 || rows == 0 {
        return opened;
    }
    let mut scratch = vec![0; opened.len()];
    for row in opened.chunks_exact_mut(columns) {
        open(row, &mut scratch[..columns], 1, side.clamp(1, columns));
    }
    open(&mut opened, &mut scratch, columns, side.clamp(1, rows));
    opened.iter_mut().zip(plane.levels()).for_each(|(opened, &level)| *opened = level.saturating_sub(*opened));
    opened
}

/// Opens a line of places, each of `unit` bytes, with a window of `side` of them.
fn open(line: &mut [u8], scratch: &mut [u8], unit: usize, side: usize) {
    let end = line.len();
    steps(side, |shift| {
        let shift = shift * unit;
        scratch.copy_from_slice(line);
        line[..end - shift].iter_mut().zip(&scratch[shift..]).for_each(|(a, &b)| *a = (*a).min(b));
    });
    // no window starts so late that it would leave the frame
    line[end - (side - 1) * unit..].fill(0);
    steps(side, |shift| {
        let shift = shift * unit;
        scratch.copy_from_slice(line);
        line[shift..].iter_mut().zip(&scratch[..end - shift]).for_each(|(a, &b)| *a = (*a).max(b));
    });
}

/// The shifts after which each place knows of `side` places.
fn steps(side: usize, mut fold: impl FnMut(usize)) {
    let mut known = 1;
    while known < side {
        let shift = known.min(side - known);
        fold(shift);
        known += shift;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_strokes_stay_and_wide_areas_go_up_to_the_edge() {
        let mut levels = vec![10u8; 40 * 30];
        for y in 0..30 {
            levels[y * 40 + 39] = 200; // one column at the edge
            (0..20).for_each(|x| levels[y * 40 + x] = 90); // half of the frame
        }
        let hat = top_hat(&Plane::new(40, 30, levels).unwrap(), 15);
        assert_eq!((hat[39], hat[29 * 40 + 39], hat[5 * 40 + 3], hat[5 * 40 + 30]), (190, 190, 0, 0));
    }

    #[test]
    fn frames_smaller_than_the_window_have_one_of_their_size() {
        assert_eq!(top_hat(&Plane::new(3, 1, vec![5, 9, 5]).unwrap(), 15), [0, 4, 0]);
        assert_eq!(top_hat(&Plane::new(0, 0, Vec::new()).unwrap(), 15), Vec::<u8>::new());
    }
}
