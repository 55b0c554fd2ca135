//! Whether a map may bring one head to another.

use isocenter_volume::{
    Affine,
    affine::{dot, norm},
};

use super::Error;

/// Heads of adults and of children from two years on differ in length by less: 160 to 215 mm, and a template may be either.
const LEAST: f64 = 0.7;
const MOST: f64 = 1.45;

/// Passes a map that stretches no direction too much: the roots of the eigenvalues of `A^T A`.
///
/// # Errors
/// [`Error::Implausible`].
pub(super) fn check(map: &Affine) -> Result<(), Error> {
    let [least, most] = stretches(map);
    match least >= LEAST && most <= MOST {
        true => Ok(()),
        false => Err(Error::Implausible { least, most }),
    }
}

/// The least and the greatest stretch of a direction.
fn stretches(map: &Affine) -> [f64; 2] {
    let columns = [0, 1, 2].map(|axis| map.column(axis));
    let square = [0, 1, 2].map(|r| [0, 1, 2].map(|c| dot(columns[r], columns[c])));
    let most = greatest(square);
    // the least of A^T A is the greatest of its trace times the identity less it
    let trace = square[0][0] + square[1][1] + square[2][2];
    let turned = [0, 1, 2].map(|r| [0, 1, 2].map(|c| if r == c { trace } else { 0.0 } - square[r][c]));
    let least = trace - greatest(turned);
    [least.max(0.0).sqrt(), most.sqrt()]
}

/// The greatest eigenvalue of a symmetric matrix that has none below 0, by its powers.
fn greatest(mut matrix: [[f64; 3]; 3]) -> f64 {
    let own = matrix;
    // squared ten times: the 1024th power
    for _ in 0..10 {
        let scale = matrix.iter().map(|row| norm(*row)).fold(f64::MIN_POSITIVE, f64::max);
        let scaled = matrix.map(|row| row.map(|v| v / scale));
        matrix = [0, 1, 2].map(|r| [0, 1, 2].map(|c| (0..3).map(|k| scaled[r][k] * scaled[k][c]).sum()));
    }
    let along = matrix.into_iter().reduce(|a, b| if norm(b) > norm(a) { b } else { a }).unwrap_or([1.0, 0.0, 0.0]);
    let length = norm(along);
    let image = [0, 1, 2].map(|r| dot(own[r], along));
    if length > 0.0 { norm(image) / length } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_stretch_nothing_and_stretches_are_found_in_any_direction() {
        let (sine, cosine) = libm::sincos(0.7);
        let turn = Affine::from_columns([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]], [9.0; 3]);
        let stretch = Affine::from_spacing_origin([0.8, 1.3, 1.0], [0.0; 3]);
        let close = |found: [f64; 2], wanted: [f64; 2]| (0..2).all(|n| (found[n] - wanted[n]).abs() < 1e-6);
        assert!(close(stretches(&turn), [1.0, 1.0]));
        assert!(close(stretches(&turn.compose(&stretch).compose(&turn)), [0.8, 1.3]));
        assert!(check(&turn.compose(&stretch)).is_ok());
        for wrong in [[0.6, 1.0, 1.0], [1.0, 1.0, 1.5]] {
            let map = Affine::from_spacing_origin(wrong, [0.0; 3]).compose(&turn);
            assert!(matches!(check(&map), Err(Error::Implausible { .. })));
        }
    }
}
