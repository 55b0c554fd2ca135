//! Logarithm and exponential of maps: between composing and adding.

use isocenter_volume::Affine;

use super::{Error, halfway::halfway};
use crate::matrix3;

/// Halvings before the series; each brings the map half as far from the identity.
const MOST_HALVINGS: i32 = 60;

/// How far from the identity, in its matrix part, the series begins: 8 terms then leave less than a rounding.
const NEAR: f64 = 0.05;

/// The generator of a map, by rows: `exp` of it is the map.
///
/// Inverse scaling and squaring, the series of the inverse hyperbolic tangent at its end. Source: N. Higham, "Functions of Matrices",
/// SIAM 2008, section 11.5; V. Arsigny et al., "A log-Euclidean framework", MICCAI 2006, on its use.
pub(super) fn logarithm(map: &Affine) -> Result<[[f64; 4]; 3], Error> {
    let mut root = *map;
    let mut halvings = 0;
    while distance(&root) > NEAR {
        if halvings == MOST_HALVINGS {
            return Err(Error::NoRealRoot);
        }
        root = halfway(&root)?;
        halvings += 1;
    }
    // z = (a - 1) (a + 1)^-1 and log a = 2 (z + z^3 / 3 + ...); the last row of z is 0
    let m = matrix3::of(&root);
    let above = matrix3::inverse(&matrix3::sum(&m, &matrix3::IDENTITY)).ok_or(Error::Singular)?;
    let minus = matrix3::map(|r, c| m[r][c] - if r == c { 1.0 } else { 0.0 });
    let z = matrix3::product(&minus, &above);
    // the last column of (a + 1)^-1 is (-above t / 2, 1 / 2)
    let t = root.translation();
    let half = matrix3::apply(&above, t).map(|v| v / 2.0);
    let moved = matrix3::apply(&minus, half);
    let shift = [0, 1, 2].map(|r| t[r] / 2.0 - moved[r]);
    let z = [0, 1, 2].map(|r| [z[r][0], z[r][1], z[r][2], shift[r]]);
    let square = product(&z, &z);
    let (mut power, mut sum) = (z, z);
    for n in 1..12 {
        power = product(&power, &square);
        sum = added(&sum, &power, 1.0 / f64::from(2 * n + 1));
    }
    let scale = 2.0 * libm::scalbn(1.0, halvings);
    Ok(sum.map(|row| row.map(|v| v * scale)))
}

/// The map of a generator: scaling and squaring of the power series.
pub(super) fn exponential(generator: &[[f64; 4]; 3]) -> Affine {
    let size = generator.iter().flat_map(|r| &r[..3]).fold(0.0, |most: f64, v| most.max(v.abs()));
    let mut halvings = 0;
    while size * libm::scalbn(1.0, -halvings) > NEAR && halvings < 1000 {
        halvings += 1;
    }
    let scale = libm::scalbn(1.0, -halvings);
    let small = generator.map(|row| row.map(|v| v * scale));
    let (mut power, mut sum) = (small, small);
    for n in 2..14 {
        power = product(&power, &small).map(|row| row.map(|v| v / f64::from(n)));
        sum = added(&sum, &power, 1.0);
    }
    let mut map = Affine::from_rows([0, 1, 2].map(|r| {
        let mut row = sum[r];
        row[r] += 1.0;
        row
    }));
    for _ in 0..halvings {
        map = map.compose(&map);
    }
    map
}

/// The exponential of a matrix alone.
pub(crate) fn exponential_of(matrix: &matrix3::Matrix) -> matrix3::Matrix {
    matrix3::of(&exponential(&matrix.map(|[x, y, z]| [x, y, z, 0.0])))
}

/// How far a map's matrix part is from the identity's.
fn distance(map: &Affine) -> f64 {
    matrix3::difference(&matrix3::of(map), &matrix3::IDENTITY)
}

/// Product of two matrices whose last row is 0.
fn product(a: &[[f64; 4]; 3], b: &[[f64; 4]; 3]) -> [[f64; 4]; 3] {
    [0, 1, 2].map(|r| [0, 1, 2, 3].map(|c| a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c]))
}

fn added(a: &[[f64; 4]; 3], b: &[[f64; 4]; 3], times: f64) -> [[f64; 4]; 3] {
    [0, 1, 2].map(|r| [0, 1, 2, 3].map(|c| a[r][c] + times * b[r][c]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rigid, maps::Parts};

    #[test]
    fn exponential_undoes_logarithm() {
        for (turn, scales) in
            [([0.1, -0.2, 0.3], [1.0; 3]), ([1.0, 2.0, -1.5], [1.3, 0.8, 1.1]), ([0.0; 3], [40.0, 0.01, 1.0])]
        {
            let rigid = Rigid::new(turn, [40.0, -50.0, 60.0], [100.0, 20.0, -30.0]).unwrap();
            let map = Parts::new(rigid, scales, [0.1, -0.2, 0.05]).unwrap().to_affine();
            let back = exponential(&logarithm(&map).unwrap());
            let most = map
                .rows()
                .iter()
                .flatten()
                .zip(back.rows().iter().flatten())
                .fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
            assert!(most < 1e-9, "{turn:?} {most}");
        }
    }

    #[test]
    fn a_shift_is_its_own_logarithm() {
        let map = Affine::translation_by([300.0, -2.0, 1e6]);
        let log = logarithm(&map).unwrap();
        assert_eq!([log[0][3], log[1][3], log[2][3]], [300.0, -2.0, 1e6]);
        assert_eq!(exponential(&log), map);
    }
}
