//! Rotations as the three numbers that a qform stores.

/// How far `b^2 + c^2 + d^2` may pass 1 by rounding before it is called malformed.
const ROUNDING: f64 = 1e-4;

/// Columns of the rotation of unit quaternion `(a, b, c, d)`, `a >= 0` implied; `None` where it is none.
pub(super) fn to_columns([b, c, d]: [f64; 3]) -> Option<[[f64; 3]; 3]> {
    let rest = 1.0 - (b * b + c * c + d * d);
    if rest.is_nan() || rest < -ROUNDING {
        return None;
    }
    // nifti1_io: below this the rotation is by 180 degrees and the vector part is normalized instead
    let (a, b, c, d) = if rest < 1e-7 {
        let scale = 1.0 / (b * b + c * c + d * d).sqrt();
        (0.0, b * scale, c * scale, d * scale)
    } else {
        (rest.sqrt(), b, c, d)
    };
    Some([
        [a * a + b * b - c * c - d * d, 2.0 * (b * c + a * d), 2.0 * (b * d - a * c)],
        [2.0 * (b * c - a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d + a * b)],
        [2.0 * (b * d + a * c), 2.0 * (c * d - a * b), a * a + d * d - c * c - b * b],
    ])
}

/// The quaternion `(b, c, d)` of a rotation given by its columns, the sign chosen so that `a >= 0`.
pub(super) fn of_columns(columns: [[f64; 3]; 3]) -> [f64; 3] {
    let [[xx, yx, zx], [xy, yy, zy], [xz, yz, zz]] = columns;
    // four times the squares of a, b, c, d: the largest is divided by, for accuracy
    let squares = [1.0 + xx + yy + zz, 1.0 + xx - yy - zz, 1.0 - xx + yy - zz, 1.0 - xx - yy + zz];
    let largest = (1..4).fold(0, |best, n| if squares[n] > squares[best] { n } else { best });
    let root = 2.0 * squares[largest].max(0.0).sqrt(); // four times the largest of a, b, c, d
    let (ab, ac, ad) = (zy - yz, xz - zx, yx - xy);
    let (bc, bd, cd) = (xy + yx, xz + zx, yz + zy);
    let own = root / 4.0;
    let [a, b, c, d] = match largest {
        0 => [own, ab / root, ac / root, ad / root],
        1 => [ab / root, own, bc / root, bd / root],
        2 => [ac / root, bc / root, own, cd / root],
        _ => [ad / root, bd / root, cd / root, own],
    };
    if a < 0.0 { [-b, -c, -d] } else { [b, c, d] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quaternions_round_trip() {
        for q in
            [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.3, -0.5, 0.1], [0.0, 0.6, 0.8], [0.5, 0.5, 0.5], [-0.7, 0.1, 0.2]]
        {
            let columns = to_columns(q).unwrap();
            let back = to_columns(of_columns(columns)).unwrap();
            for (a, b) in columns.iter().flatten().zip(back.iter().flatten()) {
                assert!((a - b).abs() < 1e-12, "{q:?}");
            }
        }
        assert!(to_columns([1.0, 1.0, 0.0]).is_none());
        assert!(to_columns([f64::NAN, 0.0, 0.0]).is_none());
    }
}
