//! Turns, sizes and shifts about the centre of a grid.

use isocenter_volume::{
    Affine, Geometry,
    affine::{cross, norm},
};

use crate::Error;

/// The axis of a grid along which it has one voxel, where there is one: an image of one slice stays in its plane.
///
/// # Errors
/// [`Error::BadParameter`] for a grid of one voxel along several axes.
pub(super) fn thin_axis(grid: &Geometry) -> Result<Option<usize>, Error> {
    let mut thin = (0..3).filter(|a| grid.shape()[*a] < 2);
    let first = thin.next();
    match thin.next() {
        None => Ok(first),
        Some(_) => Err(Error::BadParameter {
            what: "the axes of one voxel of an image that is moved",
            wanted: "no more than one",
            found: grid.shape().iter().filter(|n| **n < 2).count() as f64,
        }),
    }
}

/// The unit vector across a slice.
pub(super) fn normal(grid: &Geometry, thin: usize) -> [f64; 3] {
    let affine = grid.affine();
    let across = cross(affine.column((thin + 1) % 3), affine.column((thin + 2) % 3));
    let length = norm(across);
    across.map(|v| v / length)
}

/// The map `p -> S (R (p - c) + t) + c`: `R` turns about y, then x, then z of the world (ITK's `Euler3DTransform`), by degrees; `t` is in mm, `S` scales along the axes of the world.
///
/// A slice stays in its plane: it is turned by the last angle about its normal, and scaled and shifted along its two axes by the first two numbers.
pub(super) fn about(grid: &Geometry, scales: [f64; 3], degrees: [f64; 3], shift_mm: [f64; 3]) -> Result<Affine, Error> {
    let centre = grid.centre_mm();
    let shifted = |linear: Affine, shift: [f64; 3]| {
        let (moved, shift) = (linear.apply_vector(centre), linear_of(scales).apply_vector(shift));
        Affine::from_columns([0, 1, 2].map(|a| linear.column(a)), [0, 1, 2].map(|a| centre[a] + shift[a] - moved[a]))
    };
    let Some(thin) = thin_axis(grid)? else {
        return Ok(shifted(linear_of(scales).compose(&turn(degrees)), shift_mm));
    };
    let affine = grid.affine();
    let unit = |v: [f64; 3]| v.map(|x| x / norm(v));
    let [first, second] = [(thin + 1) % 3, (thin + 2) % 3].map(|a| unit(affine.column(a)));
    let basis = Affine::from_columns([first, second, normal(grid, thin)], [0.0; 3]);
    let wanted = "of axes that are told apart";
    let back = basis.inverse().ok_or(Error::BadParameter { what: "the grid of a slice", wanted, found: 0.0 })?;
    let flat = linear_of([scales[0], scales[1], 1.0]);
    let linear = basis.compose(&flat).compose(&turn([0.0, 0.0, degrees[2]])).compose(&back);
    let shift = basis.apply_vector(flat.apply_vector([shift_mm[0], shift_mm[1], 0.0]));
    let moved = linear.apply_vector(centre);
    Ok(Affine::from_columns([0, 1, 2].map(|a| linear.column(a)), [0, 1, 2].map(|a| centre[a] + shift[a] - moved[a])))
}

fn linear_of([x, y, z]: [f64; 3]) -> Affine {
    Affine::from_spacing_origin([x, y, z], [0.0; 3])
}

/// The turn alone.
fn turn(degrees: [f64; 3]) -> Affine {
    let [(sx, cx), (sy, cy), (sz, cz)] = degrees.map(|d| libm::sincos(d.to_radians()));
    let columns = [
        [cz * cy - sz * sx * sy, sz * cy + cz * sx * sy, -cx * sy],
        [-sz * cx, cz * cx, sx],
        [cz * sy + sz * sx * cy, sz * sy - cz * sx * cy, cx * cy],
    ];
    Affine::from_columns(columns, [0.0; 3])
}

#[cfg(test)]
mod tests {
    use isocenter_volume::Frame;

    use super::*;

    fn near(a: [f64; 3], b: [f64; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    fn plus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|n| a[n] + b[n])
    }

    #[test]
    fn quarter_turns_go_where_they_should_and_the_centre_stays() {
        let affine = Affine::from_spacing_origin([2.0, 1.0, 3.0], [1.0, 2.0, 3.0]);
        let grid = Geometry::new([3, 4, 5], affine, Frame::Unknown).unwrap();
        let centre = grid.centre_mm();
        for (degrees, from, to) in [
            ([90.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
            ([0.0, 90.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]),
            ([0.0, 0.0, 90.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
            // y first, then x: z goes to x and stays there
            ([90.0, 90.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]),
        ] {
            let map = about(&grid, [2.0, 2.0, 1.0], degrees, [0.0, 3.0, 5.0]).unwrap();
            // sizes come last, and shifts grow with them
            let shift = [0.0, 6.0, 5.0];
            assert!(near(map.apply(centre), plus(centre, shift)));
            let wanted = plus(plus(centre, shift), [to[0] * 2.0, to[1] * 2.0, to[2]]);
            assert!(near(map.apply(plus(centre, from)), wanted), "{degrees:?}");
        }
    }

    #[test]
    fn a_slice_stays_in_its_plane_wherever_it_lies() {
        // sagittal: i runs along y, j along z
        let affine = Affine::from_columns([[0.0, 2.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], [7.0, 0.0, 0.0]);
        let grid = Geometry::new([8, 8, 1], affine, Frame::Patient(None)).unwrap();
        let map = about(&grid, [1.0, 3.0, 9.0], [40.0, 50.0, 90.0], [1.0, 0.0, 100.0]).unwrap();
        let centre = grid.centre_mm();
        assert!(near(map.apply(centre), plus(centre, [0.0, 1.0, 0.0])));
        assert!(near(map.apply(plus(centre, [0.0, 1.0, 0.0])), plus(centre, [0.0, 1.0, 3.0])));
        assert!(near(normal(&grid, 2), [1.0, 0.0, 0.0]));
        let line = Geometry::new([8, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        assert!(about(&line, [1.0; 3], [0.0; 3], [0.0; 3]).is_err());
    }
}
