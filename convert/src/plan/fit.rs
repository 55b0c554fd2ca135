//! A straight line of evenly spaced slices through stated positions, by least squares.

use isocenter_volume::affine::{dot, norm};

use crate::Reason;

/// Where slices lie: slice `k` at `origin + k * step`, LPS mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) origin: [f64; 3],
    pub(super) step: [f64; 3],
    /// The largest distance of a stated position from the line, mm.
    pub(super) residual: f64,
}

/// Fits positions in their order along `normal`, of slices whose pixels have this spacing; `Err` names how they are not evenly spaced.
pub(super) fn line(positions: &[[f64; 3]], normal: [f64; 3], pixel_mm: [f64; 2]) -> Result<Line, Reason> {
    let n = positions.len();
    let (count, centre) = (n as f64, (n as f64 - 1.0) / 2.0);
    // sums about the first position: scanner coordinates are large beside a residual
    let base = *positions.first().ok_or(Reason::NoPosition)?;
    let (mut mean, mut slope, mut square) = ([0.0; 3], [0.0; 3], 0.0);
    for (k, p) in positions.iter().enumerate() {
        let along = k as f64 - centre;
        square += along * along;
        for axis in 0..3 {
            mean[axis] += (p[axis] - base[axis]) / count;
            slope[axis] += along * (p[axis] - base[axis]);
        }
    }
    let step = slope.map(|s| if n > 1 { s / square } else { 0.0 });
    let origin = [0, 1, 2].map(|a| base[a] + mean[a] - centre * step[a]);
    let off = |(k, p): (usize, &[f64; 3])| [0, 1, 2].map(|a| p[a] - origin[a] - k as f64 * step[a]);
    let residual = positions.iter().enumerate().map(|at| norm(off(at))).fold(0.0, f64::max);
    if n > 1 && !positions.iter().enumerate().all(|at| is_near(off(at), step, pixel_mm)) {
        return Err(uneven(positions, normal, pixel_mm));
    }
    // sideways by more than it advances: no scanner tilts so far
    if n > 1 && dot(step, normal).abs() < 0.5 * norm(step) {
        return Err(Reason::Misaligned);
    }
    Ok(Line { origin, step, residual })
}

/// How far a slice may lie from where even spacing puts it, mm: 0.05 mm, what rounding to a tenth leaves, or a tenth of a pixel if
/// that is more; never more than a quarter of the step.
pub(super) fn tolerance(step_mm: f64, pixel_mm: [f64; 2]) -> f64 {
    (0.1 * pixel_mm[0].min(pixel_mm[1])).max(ROUNDED_MM).min(0.25 * step_mm) + 1e-6
}

/// Whether a place is where the even line has it, but for rounding: within the tolerance; or, where the line is turned and so several
/// coordinates are rounded, each within what that leaves.
pub(super) fn is_near(off: [f64; 3], step: [f64; 3], pixel_mm: [f64; 2]) -> bool {
    let step_mm = norm(step);
    let is_turned = step.iter().filter(|along| along.abs() > 1e-3 * step_mm).count() > 1;
    let most = off.map(f64::abs).into_iter().fold(0.0, f64::max);
    norm(off) <= tolerance(step_mm, pixel_mm) || is_turned && most <= FITTED_MM.min(0.25 * step_mm)
}

/// How far a coordinate is from one that was rounded to a tenth of a millimetre.
const ROUNDED_MM: f64 = 0.05;

/// How far it is, for all but one in a hundred turned stacks, from a line that was fitted to such coordinates.
const FITTED_MM: f64 = 0.06;

/// What makes distances uneven: slices that are not there, or steps of two lengths.
fn uneven(positions: &[[f64; 3]], normal: [f64; 3], pixel_mm: [f64; 2]) -> Reason {
    let gaps: Vec<f64> = positions.windows(2).map(|p| dot(normal, p[1]) - dot(normal, p[0])).collect();
    let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let multiples: Vec<f64> = gaps.iter().map(|gap| (gap / least).round()).collect();
    let whole =
        gaps.iter().zip(&multiples).all(|(gap, m)| (gap - m * least).abs() <= 2.0 * m * tolerance(least, pixel_mm));
    // a few blocks, each of several equal steps, are how the slices were planned
    let blocks: Vec<&[f64]> = multiples.chunk_by(|a, b| a == b).collect();
    let planned = blocks.len() <= MOST_BLOCKS && blocks.iter().all(|block| block.len() > 1);
    match (whole, multiples.iter().any(|m| *m > 1.0)) {
        (true, true) if !planned => Reason::MissingSlice,
        (true, false) => Reason::Misaligned,
        _ => Reason::UnevenSpacing,
    }
}

/// Blocks of equal steps that a radiographer plans: fine, coarse, fine.
const MOST_BLOCKS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    const Z: [f64; 3] = [0.0, 0.0, 1.0];

    fn at(z: &[f64]) -> Vec<[f64; 3]> {
        z.iter().map(|z| [-100.0, 50.0, *z]).collect()
    }

    #[test]
    fn recovers_a_tilted_step() {
        let positions: Vec<_> = (0..5).map(|k| [1.0, 2.0 + 0.7 * f64::from(k), 3.0 + 2.5 * f64::from(k)]).collect();
        let found = line(&positions, Z, [1.0; 2]).unwrap();
        assert!((found.step[1] - 0.7).abs() < 1e-12 && (found.step[2] - 2.5).abs() < 1e-12 && found.residual < 1e-12);
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(line(&at(&[0.0, 2.0, 4.0, 8.0, 10.0]), Z, [1.0; 2]), Err(Reason::MissingSlice));
        assert_eq!(line(&at(&[0.0, 2.0, 4.0, 7.0, 9.0]), Z, [1.0; 2]), Err(Reason::UnevenSpacing));
        let mut shifted = at(&[0.0, 2.0, 4.0, 6.0]);
        shifted[2][0] += 1.0;
        assert_eq!(line(&shifted, Z, [1.0; 2]), Err(Reason::Misaligned));
    }

    #[test]
    fn steps_of_two_lengths_are_uneven_and_a_gap_is_a_missing_slice() {
        let two = [0.0, 2.5, 5.0, 7.5, 15.0, 22.5, 30.0];
        assert_eq!(line(&at(&two), Z, [1.0; 2]), Err(Reason::UnevenSpacing));
        let back: Vec<f64> = two.iter().rev().map(|z| -z).collect();
        assert_eq!(line(&at(&back), Z, [1.0; 2]), Err(Reason::UnevenSpacing));
        assert_eq!(line(&at(&[0.0, 2.0, 6.0, 8.0, 12.0]), Z, [1.0; 2]), Err(Reason::MissingSlice));
        assert_eq!(line(&at(&[0.0, 2.0, 8.0, 10.0]), Z, [1.0; 2]), Err(Reason::MissingSlice));
    }

    #[test]
    fn rounding_to_a_tenth_is_no_unevenness_and_more_is() {
        let rounded =
            |step: f64| -> Vec<f64> { (0..40).map(|k| (f64::from(k) * step * 10.0).round() / 10.0).collect() };
        for step in [0.625, 1.25, 3.33] {
            let found = line(&at(&rounded(step)), Z, [0.5; 2]).unwrap();
            assert!((found.step[2] - step).abs() < 1e-3 && found.residual < 0.052, "{step}: {found:?}");
        }
        assert_eq!(line(&at(&[0.0, 2.0, 4.08, 6.0, 8.0]), Z, [0.5; 2]), Err(Reason::UnevenSpacing));
        // of a turned stack each coordinate is rounded
        let normal = [0.36, 0.48, 0.8];
        let turned: Vec<[f64; 3]> =
            (0..40).map(|k| normal.map(|n| (f64::from(k) * 3.37 * n * 10.0).round() / 10.0)).collect();
        let found = line(&turned, normal, [0.4; 2]).unwrap();
        assert!(found.residual > 0.05 && (norm(found.step) - 3.37).abs() < 1e-3, "{found:?}");
        // a tenth of a large pixel is more
        assert!(line(&at(&[0.0, 2.0, 4.08, 6.0, 8.0]), Z, [1.5; 2]).is_ok());
        // and nothing is rounding where the slices are as thin as that
        assert!(line(&at(&[0.0, 0.1, 0.15, 0.3, 0.4]), Z, [0.1; 2]).is_err());
    }
}
