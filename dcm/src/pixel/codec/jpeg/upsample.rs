//! Components of fewer samples than the image has: spread over its pixels.
//!
//! Half as many across, down, or both are interpolated, three parts of the nearer sample and one of the farther; samples
//! stand in the middle of the pixels they cover, as libjpeg has it. For other ratios the sample that covers the pixel is
//! repeated.
//!
//! Source: ITU-T T.81 A.1.1 (ratios); ITU-T T.871 10.2 (the samples' positions).

/// The samples of a component.
pub(super) struct Plane {
    pub(super) samples: Vec<u16>,
    /// DynSamples from one row to the next.
    pub(super) stride: usize,
    /// DynSamples that count, across and down.
    pub(super) size: [usize; 2],
}

/// How a value half-way between two levels is rounded.
#[derive(Clone, Copy)]
pub(super) enum Halves {
    /// Up, as most decoders of 8 bits do.
    Up,
    /// Up and down in turns, so that the mean stays, as libjpeg does.
    Alternate,
}

/// How many samples a component has.
#[derive(Clone, Copy)]
pub(super) struct Sampling {
    /// Its factors, across and down.
    pub(super) own: [usize; 2],
    /// The largest of all components.
    pub(super) most: [usize; 2],
    pub(super) halves: Halves,
}

/// Writes a component to its place, the `place.0`-th of `place.1`, in the pixels of rows of `columns`.
pub(super) fn spread<T>(
    plane: &Plane,
    Sampling { own, most, halves }: Sampling,
    columns: usize,
    place: (usize, usize),
    out: &mut [T],
    sample: impl Fn(i32) -> T,
) {
    let [wide, high] = plane.size;
    let halved = [0, 1].map(|axis| own[axis] * 2 == most[axis]);
    // Both axes are interpolated, one is and the other is whole, or none is.
    let smooth = [0, 1].map(|axis| halved[axis] && (halved[1 - axis] || own[1 - axis] == most[1 - axis]));
    let mut mixed = vec![0i32; wide];
    for (y, row) in out.chunks_exact_mut(columns * place.1).enumerate() {
        let line = |at: usize| plane.samples.get(at * plane.stride..).unwrap_or_default().iter().take(wide);
        let near = y * own[1] / most[1];
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(high - 1) };
        // Sums of four parts, or the samples as they are.
        let quarters = if smooth[1] {
            let both = line(near).zip(line(far));
            mixed.iter_mut().zip(both).for_each(|(m, (&a, &b))| *m = 3 * i32::from(a) + i32::from(b));
            2
        } else {
            mixed.iter_mut().zip(line(near)).for_each(|(m, &a)| *m = i32::from(a));
            0
        };
        let mut pixels = row.iter_mut().skip(place.0).step_by(place.1);
        if smooth[0] {
            let half = 2 << quarters;
            let ties = match (halves, quarters) {
                (Halves::Up, _) => [half; 2],
                (Halves::Alternate, 0) => [1, 2],
                (Halves::Alternate, _) => [half, half - 1],
            };
            for at in 0..wide {
                let three = 3 * mixed[at];
                let beside = [mixed[at.saturating_sub(1)], mixed[(at + 1).min(wide - 1)]];
                for ((other, tie), pixel) in beside.into_iter().zip(ties).zip(&mut pixels) {
                    *pixel = sample((three + other + tie) >> (2 + quarters));
                }
            }
        } else {
            // In turns, an upper row's ties go down, a lower one's up.
            let tie = match (halves, quarters) {
                (_, 0) => 0,
                (Halves::Up, _) => 2,
                (Halves::Alternate, _) => 1 + y as i32 % 2,
            };
            let level = |mixed: i32| sample((mixed + tie) >> quarters);
            if own[0] == most[0] {
                pixels.zip(&mixed).for_each(|(pixel, &mixed)| *pixel = level(mixed));
            } else {
                pixels.enumerate().for_each(|(x, pixel)| *pixel = level(mixed[x * own[0] / most[0]]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread_as(
        halves: Halves,
        samples: &[u16],
        size: [usize; 2],
        factors: [[usize; 2]; 2],
        out: [usize; 2],
    ) -> Vec<i32> {
        let plane = Plane { samples: samples.to_vec(), stride: size[0], size };
        let mut values = vec![-1; out[0] * out[1] * 2];
        let [own, most] = factors;
        spread(&plane, Sampling { own, most, halves }, out[0], (1, 2), &mut values, |sample| sample);
        assert!(values.iter().step_by(2).all(|&value| value == -1));
        values.into_iter().skip(1).step_by(2).collect()
    }

    fn spread_all(samples: &[u16], size: [usize; 2], own: [usize; 2], most: [usize; 2], out: [usize; 2]) -> Vec<i32> {
        spread_as(Halves::Alternate, samples, size, [own, most], out)
    }

    #[test]
    fn halves_go_up_or_in_turns() {
        // Quarters of 2: between 0 and 2, a half each time.
        let both = |size, factors, out| {
            [Halves::Up, Halves::Alternate].map(|halves| spread_as(halves, &[0, 2], size, factors, out))
        };
        assert_eq!(both([2, 1], [[1, 1], [2, 1]], [4, 1]), [vec![0, 1, 2, 2], vec![0, 1, 1, 2]]);
        assert_eq!(both([1, 2], [[1, 1], [1, 2]], [1, 4]), [vec![0, 1, 2, 2], vec![0, 1, 1, 2]]);
        assert_eq!(both([2, 1], [[1, 1], [2, 2]], [4, 2]), [[0, 1, 2, 2].repeat(2), [0, 0, 2, 2].repeat(2)]);
    }

    #[test]
    fn half_the_columns_are_interpolated() {
        // (3 * 0 + 100 + 2) / 4 = 25; (3 * 100 + 0 + 1) / 4 = 75.
        assert_eq!(spread_all(&[0, 100], [2, 1], [1, 1], [2, 1], [4, 1]), [0, 25, 75, 100]);
        assert_eq!(spread_all(&[0, 100], [2, 1], [1, 1], [2, 1], [3, 1]), [0, 25, 75]);
    }

    #[test]
    fn half_the_rows_are_interpolated() {
        assert_eq!(spread_all(&[0, 100], [1, 2], [1, 1], [1, 2], [1, 4]), [0, 25, 75, 100]);
    }

    #[test]
    fn half_of_both_is_the_product() {
        let found = spread_all(&[0, 160, 320, 480], [2, 2], [1, 1], [2, 2], [4, 4]);
        assert_eq!(found, [0, 40, 120, 160, 80, 120, 200, 240, 240, 280, 360, 400, 320, 360, 440, 480]);
    }

    #[test]
    fn other_ratios_repeat() {
        assert_eq!(spread_all(&[5, 6], [2, 1], [2, 1], [3, 1], [3, 1]), [5, 5, 6]);
        assert_eq!(spread_all(&[5, 6], [2, 1], [1, 1], [4, 1], [5, 1]), [5, 5, 5, 5, 6]);
        assert_eq!(spread_all(&[7, 8], [2, 1], [1, 1], [1, 1], [2, 1]), [7, 8]);
    }
}
