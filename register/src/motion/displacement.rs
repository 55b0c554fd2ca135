//! How far a head moved between two steps, in one number.

use isocenter_volume::Affine;

use crate::Rigid;

/// Radius of the sphere on which angles become ways: the mean distance of the cortex from the middle of the head, mm.
///
/// Source: J. D. Power et al., "Spurious but systematic correlations in functional connectivity MRI networks arise from subject motion", NeuroImage 2012.
pub(super) const POWER_RADIUS_MM: f64 = 50.0;
/// Radius of the sphere over which distances are averaged, mm.
///
/// Source: M. Jenkinson et al., "Improved optimization for the robust and accurate linear registration and motion correction of brain images", NeuroImage 2002.
pub(super) const JENKINSON_RADIUS_MM: f64 = 80.0;

/// Sum of what three shifts and three angles (about L, P and S, on the sphere) changed by, mm; both motions about one middle.
pub(super) fn framewise(before: &Rigid, after: &Rigid) -> f64 {
    let (t, u) = (before.translation_mm(), after.translation_mm());
    let (a, b) = (before.euler_xyz_deg(), after.euler_xyz_deg());
    (0..3).map(|n| (u[n] - t[n]).abs() + POWER_RADIUS_MM * (b[n] - a[n]).to_radians().abs()).sum()
}

/// Root mean square distance between where two maps take a ball about a middle, mm.
pub(super) fn root_mean_square(before: &Affine, after: &Affine, middle_mm: [f64; 3]) -> f64 {
    let linear: f64 = (0..3)
        .flat_map(|c| (0..3).map(move |r| (c, r)))
        .map(|(c, r)| (after.column(c)[r] - before.column(c)[r]).powi(2))
        .sum();
    let (p, q) = (before.apply(middle_mm), after.apply(middle_mm));
    let shift: f64 = (0..3).map(|a| (q[a] - p[a]).powi(2)).sum();
    (JENKINSON_RADIUS_MM * JENKINSON_RADIUS_MM / 5.0 * linear + shift).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_counts_as_it_is_and_an_angle_on_the_sphere() {
        let still = Rigid::new([0.0; 3], [0.0; 3], [3.0, 4.0, 5.0]).unwrap();
        let moved = Rigid::new([0.0, 0.0, 0.01], [1.0, -2.0, 0.0], [3.0, 4.0, 5.0]).unwrap();
        assert!((framewise(&still, &moved) - 3.5).abs() < 1e-9);
        let rms = root_mean_square(&still.to_affine(), &moved.to_affine(), [3.0, 4.0, 5.0]);
        // a turn by w moves a ball of radius R by w R sqrt(2/5), root mean square
        let turned = 2.0 * libm::sin(0.005) * 80.0 * 0.4f64.sqrt();
        assert!((rms - (5.0 + turned * turned).sqrt()).abs() < 1e-9);
    }
}
