//! Evenly spaced slices over stated ones that are not.

use isocenter_volume::affine::{dot, norm};

use super::fit::{Line, tolerance};
use crate::Reason;

/// Where the stated slices of a volume lie among those of an even grid.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct Even {
    /// The place of each stated slice on the grid, ascending from 0; whole where it is one of the grid's.
    #[cfg_attr(feature = "serde", serde(with = "isocenter_volume::exact::list"))]
    pub(crate) places: Vec<f64>,
    /// Slices of the grid.
    pub(crate) slices: usize,
}

impl Even {
    /// The stated slices that make slice `k` of the grid, and the share of the second.
    pub(crate) fn sources(&self, k: usize) -> Option<([usize; 2], f64)> {
        let place = k as f64;
        let above = self.places.partition_point(|stated| *stated < place - SAME).min(self.places.len().checked_sub(1)?);
        let (high, below) = (*self.places.get(above)?, above.saturating_sub(1));
        let low = *self.places.get(below)?;
        if (high - place).abs() <= SAME || above == below {
            return Some(([above; 2], 0.0));
        }
        Some(([below, above], ((place - low) / (high - low)).clamp(0.0, 1.0)))
    }

    /// Whether it is such as is made for a volume of so many slices.
    #[cfg(feature = "serde")]
    pub(super) fn is_sound(&self, slices: usize) -> bool {
        let ascend = self.places.windows(2).all(|pair| pair[0] < pair[1]);
        let end = self.places.last().is_some_and(|last| *last < slices as f64);
        let fits = self.slices == slices && slices <= self.places.len().saturating_mul(2);
        fits && ascend && end && self.places.len() > 2 && self.places.first() == Some(&0.0)
    }
}

/// Parts of a slice's distance that are no distance.
const SAME: f64 = 1e-6;

/// An even grid over positions in their order along `normal`, of slices whose pixels have this spacing: as fine as the smallest distance,
/// with twice as many slices at most.
///
/// # Errors
/// [`Reason::Misaligned`] for positions that lie on no straight line, [`Reason::UnevenSpacing`] for fewer than three.
pub(super) fn even(positions: &[[f64; 3]], normal: [f64; 3], pixel_mm: [f64; 2]) -> Result<(Line, Even), Reason> {
    let base = *positions.first().ok_or(Reason::NoPosition)?;
    let from_base = |p: &[f64; 3]| [0, 1, 2].map(|a| p[a] - base[a]);
    let along: Vec<f64> = positions.iter().map(|p| dot(normal, from_base(p))).collect();
    let least = along.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let range = along.last().copied().unwrap_or_default();
    if along.len() < 3 || !(least.is_finite() && least > 0.0 && range.is_finite()) {
        return Err(Reason::UnevenSpacing);
    }
    // by least squares through the first position: how far the table went for each millimetre along the normal
    let square: f64 = along.iter().map(|t| t * t).sum();
    let slope = [0, 1, 2].map(|a| along.iter().zip(positions).map(|(t, p)| t * (p[a] - base[a])).sum::<f64>() / square);
    let off = |(t, p): (&f64, &[f64; 3])| norm([0, 1, 2].map(|a| p[a] - base[a] - t * slope[a]));
    let residual = along.iter().zip(positions).map(off).fold(0.0, f64::max);
    if residual > tolerance(least, pixel_mm) || norm(slope) > MOST_SLOPE {
        return Err(Reason::Misaligned);
    }
    let most = 2 * along.len();
    let wanted = (range / least + SAME).floor() + 1.0;
    let (step, slices) =
        if wanted > most as f64 { (range / (most - 1) as f64, most) } else { (least, wanted as usize) };
    let places = along.iter().map(|t| t / step).collect();
    Ok((Line { origin: base, step: slope.map(|s| s * step), residual }, Even { places, slices }))
}

/// A step along the table of more than that many along the normal is no tilt of a scanner.
const MOST_SLOPE: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;

    const Z: [f64; 3] = [0.0, 0.0, 1.0];

    fn at(z: &[f64]) -> Vec<[f64; 3]> {
        z.iter().map(|z| [-100.0, 50.0 + 0.1 * z, *z]).collect()
    }

    #[test]
    fn the_grid_is_as_fine_as_the_smallest_distance_and_along_the_table() {
        let (line, even) = even(&at(&[10.0, 12.0, 14.0, 18.0, 19.0]), Z, [0.5; 2]).unwrap();
        assert_eq!(even.slices, 10);
        assert_eq!(even.places, [0.0, 2.0, 4.0, 8.0, 9.0]);
        assert!((line.step[1] - 0.1).abs() < 1e-12 && (line.step[2] - 1.0).abs() < 1e-12);
        assert_eq!(even.sources(2), Some(([1, 1], 0.0)));
        assert_eq!(even.sources(5), Some(([2, 3], 0.25)));
        assert_eq!(even.sources(9), Some(([4, 4], 0.0)));
    }

    #[test]
    fn nothing_lies_beyond_the_last_slice_and_a_tiny_gap_makes_no_thousand() {
        let (line, found) = even(&at(&[0.0, 2.0, 4.0, 7.0]), Z, [0.5; 2]).unwrap();
        assert_eq!((found.slices, line.step[2]), (4, 2.0));
        assert_eq!(found.sources(3), Some(([2, 3], 2.0 / 3.0)));
        let (line, found) = even(&at(&[0.0, 0.1, 50.0, 100.0]), Z, [0.5; 2]).unwrap();
        assert_eq!(found.slices, 8);
        assert!((line.step[2] - 100.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn slices_off_a_line_and_two_slices_are_refused() {
        let mut shifted = at(&[0.0, 2.0, 5.0, 6.0]);
        shifted[2][0] += 1.0;
        assert_eq!(even(&shifted, Z, [1.0; 2]).unwrap_err(), Reason::Misaligned);
        assert_eq!(even(&at(&[0.0, 2.0]), Z, [1.0; 2]).unwrap_err(), Reason::UnevenSpacing);
    }
}
