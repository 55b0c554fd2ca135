//! The map that applied twice is the whole.

use isocenter_volume::{
    Affine,
    affine::{cross, dot, norm},
};

use super::Error;
use crate::{
    matrix3::{self, IDENTITY, Matrix},
    rotation::Rotation,
};

/// How far the square of a root may be from its map, of the map's largest number.
const TOLERANCE: f64 = 1e-12;

/// Half of a map: `h.compose(&h)` is the map, to 1e-12 of its largest number.
///
/// Images brought to each other half-way each are treated alike, whichever is called fixed. Of all halves this is the one that turns least;
/// half of a rigid map is rigid. Half of a half turn may go either way: that is settled by the signs of its axis.
///
/// Source: N. Higham, "Functions of Matrices", SIAM 2008, chapter 6; M. Reuter, H. D. Rosas, B. Fischl, NeuroImage 53 (2010), on why.
///
/// # Errors
/// [`Error::Singular`], [`Error::NoRealRoot`] for a map that mirrors, or that turns two directions round and stretches them differently.
pub fn halfway(map: &Affine) -> Result<Affine, Error> {
    map.inverse().ok_or(Error::Singular)?;
    let whole = matrix3::of(map);
    let candidates = [of_rotation, matrix3::principal_root, of_half_turn];
    let halves = candidates.iter().filter_map(|root| {
        let root = root(&whole)?;
        // h = (root, u) squared moves the origin by (root + 1) u
        let u = matrix3::apply(&matrix3::inverse(&matrix3::sum(&root, &IDENTITY))?, map.translation());
        let half = matrix3::to_affine(&root, u);
        is_half(&half, map).then_some(half)
    });
    halves.into_iter().next().ok_or(Error::NoRealRoot)
}

fn is_half(half: &Affine, map: &Affine) -> bool {
    let found = half.compose(half);
    let largest = |m: &Affine| matrix3::largest(&matrix3::of(m)).max(norm(m.translation()));
    let pairs = || found.rows().into_iter().flatten().zip(map.rows().into_iter().flatten());
    pairs().all(|(a, b)| (a - b).abs() <= TOLERANCE * largest(map).max(1.0)) && half.inverse().is_some()
}

/// The root of a rotation; `None` for what is none to the last digits.
fn of_rotation(m: &Matrix) -> Option<Matrix> {
    let square = matrix3::product(&matrix3::transpose(m), m);
    let is_rotation = matrix3::difference(&square, &IDENTITY) < 1e-14 && matrix3::determinant(m) > 0.0;
    let half = || Rotation::from_matrix(*m).to_vector().map(|v| v / 2.0);
    is_rotation.then(|| Rotation::from_vector(half()).matrix())
}

/// The root of a map that turns a plane half round and stretches it evenly by `r`: there a quarter turn, stretched by the root of `r`.
fn of_half_turn(m: &Matrix) -> Option<Matrix> {
    // eigenvalues -r, -r, d: the trace is d - 2 r and the determinant d r^2; of the cubic's roots the double one is where its slope is 0
    let trace = m[0][0] + m[1][1] + m[2][2];
    let minors = m[0][0] * m[1][1] - m[0][1] * m[1][0] + m[0][0] * m[2][2] - m[0][2] * m[2][0] + m[1][1] * m[2][2]
        - m[1][2] * m[2][1];
    let double = (trace - (trace * trace - 3.0 * minors).max(0.0).sqrt()) / 3.0;
    let single = trace - 2.0 * double;
    // written so that NaN fails
    let is_fit = double < 0.0 && single > 0.0;
    if !is_fit {
        return None;
    }
    // m - double has rank 1: a column times a row; the row's kernel is the plane, the column the third direction
    let rest = matrix3::map(|r, c| m[r][c] - if r == c { double } else { 0.0 });
    let longest = (1..3).fold(0, |best, n| if norm(rest[n]) > norm(rest[best]) { n } else { best });
    let normal = rest[longest];
    let columns = matrix3::transpose(&rest);
    let widest = (1..3).fold(0, |best, n| if norm(columns[n]) > norm(columns[best]) { n } else { best });
    let axis = columns[widest];
    let thin = (1..3).fold(0, |best, n| if normal[n].abs() < normal[best].abs() { n } else { best });
    let first = cross(normal, IDENTITY[thin]);
    let second = cross(normal, first);
    let unit = |v: [f64; 3]| v.map(|x| x / norm(v));
    let basis = matrix3::transpose(&[unit(first), unit(second), unit(axis)]);
    let side = if dot(axis, normal) < 0.0 { -1.0 } else { 1.0 };
    let r = (-double).sqrt() * side;
    let quarter = [[0.0, -r, 0.0], [r, 0.0, 0.0], [0.0, 0.0, single.sqrt()]];
    Some(matrix3::product(&matrix3::product(&basis, &quarter), &matrix3::inverse(&basis)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rigid, maps::Parts};

    fn residual(half: &Affine, whole: &Affine) -> f64 {
        let twice = half.compose(half);
        twice
            .rows()
            .iter()
            .flatten()
            .zip(whole.rows().iter().flatten())
            .fold(0.0, |most, (a, b)| (a - b).abs().max(most))
    }

    #[test]
    fn two_halves_are_the_whole_and_half_of_a_rigid_map_is_rigid() {
        for turn in [[0.0; 3], [0.1, -0.2, 0.3], [1.0, 2.0, -2.0], [3.1, 0.0, 0.0], [0.0, 0.0, std::f64::consts::PI]] {
            let whole = Rigid::new(turn, [40.0, -50.0, 60.0], [10.0, 20.0, -30.0]).unwrap().to_affine();
            let half = halfway(&whole).unwrap();
            assert!(residual(&half, &whole) < 1e-12, "{turn:?} {}", residual(&half, &whole));
            let m = matrix3::of(&half);
            let square = matrix3::product(&matrix3::transpose(&m), &m);
            assert!(matrix3::difference(&square, &IDENTITY) < 1e-14 && matrix3::determinant(&m) > 0.0);
        }
    }

    #[test]
    fn affine_maps_have_halves() {
        let rigid = Rigid::new([0.4, -0.7, 1.9], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0]).unwrap();
        let parts = Parts::new(rigid, [1.3, 0.8, 1.1], [0.1, -0.2, 0.05]).unwrap().to_affine();
        assert!(residual(&halfway(&parts).unwrap(), &parts) < 1e-12);
    }

    #[test]
    fn a_half_turn_that_stretches_evenly_has_a_half_and_one_that_does_not_has_none() {
        let even = Affine::from_spacing_origin([-1.2, -1.2, 0.7], [4.0, -5.0, 6.0]);
        let half = halfway(&even).unwrap();
        assert!(residual(&half, &even) < 1e-12);
        let skew = Affine::from_columns([[1.0, 0.3, 0.0], [-0.1, 1.0, 0.4], [0.2, 0.0, 1.0]], [1.0, 2.0, 3.0]);
        let leaning = skew.compose(&even).compose(&skew.inverse().unwrap());
        assert!(residual(&halfway(&leaning).unwrap(), &leaning) < 1e-12);
        for sizes in [[-1.0, -1.2, 0.7], [1.0, 1.0, -1.0], [-1.0, -1.0, -1.0]] {
            assert_eq!(halfway(&Affine::from_spacing_origin(sizes, [0.0; 3])), Err(Error::NoRealRoot), "{sizes:?}");
        }
        assert_eq!(halfway(&Affine::from_spacing_origin([1.0, 0.0, 1.0], [0.0; 3])), Err(Error::Singular));
        assert_eq!(halfway(&Affine::from_spacing_origin([1.0, f64::NAN, 1.0], [0.0; 3])), Err(Error::Singular));
    }
}
