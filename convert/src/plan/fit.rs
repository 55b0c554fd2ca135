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

/// Fits positions in their order along `normal`; `Err` names how they are not evenly spaced.
pub(super) fn line(positions: &[[f64; 3]], normal: [f64; 3]) -> Result<Line, Reason> {
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
    let off = |k: usize, p: &[f64; 3]| norm([0, 1, 2].map(|a| p[a] - origin[a] - k as f64 * step[a]));
    let residual = positions.iter().enumerate().map(|(k, p)| off(k, p)).fold(0.0, f64::max);
    if n > 1 && residual > tolerance(norm(step)) {
        return Err(uneven(positions, normal));
    }
    // sideways by more than it advances: no scanner tilts so far
    if n > 1 && dot(step, normal).abs() < 0.5 * norm(step) {
        return Err(Reason::Misaligned);
    }
    Ok(Line { origin, step, residual })
}

/// How far a slice may lie from where even spacing puts it, mm: 0.05 mm, and 1 % of the step; two micrometres are rounding.
pub(super) fn tolerance(step_mm: f64) -> f64 {
    (0.01 * step_mm).clamp(0.002, 0.05)
}

fn uneven(positions: &[[f64; 3]], normal: [f64; 3]) -> Reason {
    let gaps: Vec<f64> = positions.windows(2).map(|p| dot(normal, p[1]) - dot(normal, p[0])).collect();
    let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let multiples: Vec<f64> = gaps.iter().map(|gap| (gap / least).round()).collect();
    let whole = gaps.iter().zip(&multiples).all(|(gap, m)| (gap - m * least).abs() <= 2.0 * m * tolerance(least));
    match (whole, multiples.iter().any(|m| *m > 1.0)) {
        (true, true) => Reason::MissingSlice,
        (true, false) => Reason::Misaligned,
        _ => Reason::UnevenSpacing,
    }
}

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
        let found = line(&positions, Z).unwrap();
        assert!((found.step[1] - 0.7).abs() < 1e-12 && (found.step[2] - 2.5).abs() < 1e-12 && found.residual < 1e-12);
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(line(&at(&[0.0, 2.0, 4.0, 8.0, 10.0]), Z), Err(Reason::MissingSlice));
        assert_eq!(line(&at(&[0.0, 2.0, 4.0, 7.0, 9.0]), Z), Err(Reason::UnevenSpacing));
        let mut shifted = at(&[0.0, 2.0, 4.0, 6.0]);
        shifted[2][0] += 1.0;
        assert_eq!(line(&shifted, Z), Err(Reason::Misaligned));
    }
}
