//! Turns and shifts about a centre.

use isocenter_volume::Affine;

/// The map `p -> R (p - c) + c + t`: `R` turns about y, then x, then z of the world (ITK's `Euler3DTransform`), by degrees; `t` is in mm.
pub(super) fn about(centre: [f64; 3], degrees: [f64; 3], shift_mm: [f64; 3]) -> Affine {
    let [(sx, cx), (sy, cy), (sz, cz)] = degrees.map(|d| libm::sincos(d.to_radians()));
    // the product of the three, columns
    let columns = [
        [cz * cy - sz * sx * sy, sz * cy + cz * sx * sy, -cx * sy],
        [-sz * cx, cz * cx, sx],
        [cz * sy + sz * sx * cy, sz * sy - cz * sx * cy, cx * cy],
    ];
    let turn = Affine::from_columns(columns, [0.0; 3]);
    let moved = turn.apply(centre);
    Affine::from_columns(columns, [0, 1, 2].map(|a| centre[a] + shift_mm[a] - moved[a]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_go_where_they_should_and_the_centre_stays() {
        let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        let centre = [1.0, 2.0, 3.0];
        for (degrees, from, to) in [
            ([90.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
            ([0.0, 90.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]),
            ([0.0, 0.0, 90.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
            // y first, then x: z goes to x and stays there
            ([90.0, 90.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]),
        ] {
            let map = about(centre, degrees, [0.0, 0.0, 5.0]);
            assert!(near(map.apply(centre), [1.0, 2.0, 8.0]));
            let [found, wanted] =
                [(from, 0.0), (to, 5.0)].map(|(v, z)| [centre[0] + v[0], centre[1] + v[1], centre[2] + v[2] + z]);
            assert!(near(map.apply(found), wanted), "{degrees:?} {:?}", map.apply(found));
        }
    }
}
