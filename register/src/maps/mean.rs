//! The middle of many maps.

use isocenter_volume::Affine;

use super::{
    Error,
    logarithm::{exponential, logarithm},
};
use crate::{Rigid, rotation::Rotation};

/// Steps to the mean of rotations; each gains digits by the square of their spread.
const MOST_STEPS: usize = 200;

/// The log-Euclidean mean of maps: `exp` of the mean of their logarithms, the same to the bit in whatever order they are given.
///
/// The mean of a map and its inverse is the identity, the mean of inverses the inverse of the mean, and the mean of a map and the identity
/// its [`halfway`](super::halfway()). Source: V. Arsigny et al., "A log-Euclidean framework for statistics on diffeomorphisms", MICCAI 2006.
///
/// # Errors
/// [`Error::Empty`], [`Error::Singular`], [`Error::NoRealRoot`] for a map that has no logarithm: one that mirrors.
pub fn mean(maps: &[Affine]) -> Result<Affine, Error> {
    if maps.is_empty() {
        return Err(Error::Empty);
    }
    let logs = maps.iter().map(logarithm).collect::<Result<Vec<_>, _>>()?;
    let flat = logs.iter().map(|rows| rows.concat()).collect::<Vec<_>>();
    let middle = average(flat.iter().map(Vec::as_slice), 12);
    let row = |r: usize| [0, 1, 2, 3].map(|c| middle[4 * r + c]);
    let found = exponential(&[row(0), row(1), row(2)]);
    found.inverse().map(|_| found).ok_or(Error::Singular)
}

/// The mean of rigid motions about a centre (LPS mm): the Karcher mean of their rotations, and the mean of where they take the centre; the
/// same to the bit in whatever order they are given.
///
/// The mean rotation has the least sum of squared angles to all. Where the translation is averaged matters: the head's middle is a better
/// centre than the scanner's. Source: M. Moakher, "Means and averaging in the group of rotations", SIAM J. Matrix Anal. 24 (2002).
///
/// # Errors
/// [`Error::Empty`], [`Error::TooFarApart`] where a rotation lies a quarter turn or more from the mean, so that another mean may be as
/// good, [`Error::BadNumber`] for a centre that is not finite.
pub fn mean_rigid(motions: &[Rigid], centre_mm: [f64; 3]) -> Result<Rigid, Error> {
    if motions.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(&found) = centre_mm.iter().find(|c| !c.is_finite()) {
        return Err(Error::BadNumber { what: "the centre", wanted: "finite", found });
    }
    let about: Vec<Rigid> = motions.iter().map(|m| m.about(centre_mm)).collect();
    let shifts: Vec<[f64; 3]> = about.iter().map(Rigid::translation_mm).collect();
    let turns: Vec<Rotation> = about.iter().map(|m| Rotation::from_vector(m.rotation_rad())).collect();
    // a start that does not depend on the order either
    let mut ordered: Vec<[f64; 3]> = turns.iter().map(|t| t.to_vector()).collect();
    ordered.sort_by(compare);
    let mut middle = Rotation::from_vector(ordered[ordered.len() / 2]);
    for _ in 0..MOST_STEPS {
        let away: Vec<[f64; 3]> = turns.iter().map(|t| t.compose(middle.inverse()).to_vector()).collect();
        let step = three(&average(away.iter().map(<[f64; 3]>::as_slice), 3));
        middle = Rotation::from_vector(step).compose(middle);
        if isocenter_volume::affine::norm(step) < 1e-15 {
            break;
        }
    }
    // in a ball smaller than a quarter turn the mean is one; written so that NaN fails
    let is_near = turns.iter().all(|t| t.distance(middle) < std::f64::consts::FRAC_PI_2);
    if !is_near {
        return Err(Error::TooFarApart);
    }
    let shift = three(&average(shifts.iter().map(<[f64; 3]>::as_slice), 3));
    Rigid::new(middle.to_vector(), shift, centre_mm).map_err(|_| Error::Singular)
}

/// The mean of each number, added in the order of size: a sum in f64 depends on its order.
fn average<'a>(rows: impl ExactSizeIterator<Item = &'a [f64]> + Clone, numbers: usize) -> Vec<f64> {
    let count = rows.len() as f64;
    (0..numbers)
        .map(|n| {
            let mut column: Vec<f64> = rows.clone().map(|row| row[n]).collect();
            column.sort_by(f64::total_cmp);
            column.iter().sum::<f64>() / count
        })
        .collect()
}

fn compare(a: &[f64; 3], b: &[f64; 3]) -> std::cmp::Ordering {
    a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2]))
}

fn three(numbers: &[f64]) -> [f64; 3] {
    [numbers[0], numbers[1], numbers[2]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maps::{Parts, halfway};

    fn motions() -> Vec<Rigid> {
        let motion = |n: f64| Rigid::new([0.1 * n, -0.2, 0.05 * n * n], [n, 2.0 - n, 0.3 * n], [10.0, 20.0, -30.0]);
        (-3..4).map(|n| motion(f64::from(n) + 0.1).unwrap()).collect()
    }

    #[test]
    fn the_order_of_maps_changes_no_bit() {
        let rigid = motions();
        let affine: Vec<Affine> = rigid
            .iter()
            .enumerate()
            .map(|(n, m)| Parts::scaled(*m, [1.0 + 0.1 * n as f64, 0.9, 1.05]).unwrap().to_affine())
            .collect();
        let (mut other_rigid, mut other_affine) = (rigid.clone(), affine.clone());
        for turn in 0..7 {
            other_rigid.rotate_left(3);
            other_rigid.swap(0, turn % 5);
            other_affine.rotate_left(2);
            other_affine.swap(1, turn % 6);
            assert_eq!(mean_rigid(&rigid, [1.0; 3]).unwrap(), mean_rigid(&other_rigid, [1.0; 3]).unwrap());
            assert_eq!(mean(&affine).unwrap(), mean(&other_affine).unwrap());
        }
    }

    #[test]
    fn the_mean_of_a_map_and_nothing_is_its_half() {
        let map = Parts::scaled(motions()[0], [1.2, 0.9, 1.0]).unwrap().to_affine();
        let (found, wanted) = (mean(&[map, Affine::IDENTITY]).unwrap(), halfway(&map).unwrap());
        let close = |a: &Affine, b: &Affine| {
            a.rows().iter().flatten().zip(b.rows().iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-10)
        };
        assert!(close(&found, &wanted), "{found:?} {wanted:?}");
        assert!(close(&mean(&[map, map.inverse().unwrap()]).unwrap(), &Affine::IDENTITY));
    }

    #[test]
    fn the_mean_rotation_is_where_the_turns_to_all_cancel() {
        let all = motions();
        let middle = mean_rigid(&all, [5.0, 6.0, 7.0]).unwrap();
        let centre = Rotation::from_vector(middle.rotation_rad());
        let mut sum = [0.0; 3];
        for m in &all {
            let away = Rotation::from_vector(m.rotation_rad()).compose(centre.inverse()).to_vector();
            sum = [0, 1, 2].map(|a| sum[a] + away[a]);
        }
        assert!(sum.iter().all(|s| s.abs() < 1e-13), "{sum:?}");
        assert_eq!(middle.centre_mm(), [5.0, 6.0, 7.0]);
        // the centre goes to the mean of where all take it
        let x = all.iter().map(|m| m.to_affine().apply([5.0, 6.0, 7.0])[0]).sum::<f64>() / 7.0;
        assert!((middle.to_affine().apply([5.0, 6.0, 7.0])[0] - x).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_middle_is_refused() {
        let turn = |angle: f64| Rigid::new([0.0, 0.0, angle], [0.0; 3], [0.0; 3]).unwrap();
        assert_eq!(mean_rigid(&[turn(0.0), turn(2.1), turn(4.2)], [0.0; 3]).map(|_| ()), Err(Error::TooFarApart));
        assert_eq!(mean_rigid(&[], [0.0; 3]).map(|_| ()), Err(Error::Empty));
        assert_eq!(mean(&[]), Err(Error::Empty));
        assert_eq!(mean(&[Affine::from_spacing_origin([1.0, 1.0, -1.0], [0.0; 3])]), Err(Error::NoRealRoot));
    }
}
