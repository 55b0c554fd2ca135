//! The space half way between two images: both are resampled once, by the same amount.

use isocenter_volume::Affine;

use crate::{Rigid, rotation::Rotation};

/// The maps from the space half way along a rigid motion to where it starts and to where it ends: points of that space to points of the fixed and of the moving image,
/// LPS mm.
///
/// Each turns by half the angle, about the same axis and in opposite senses, and shifts by half the way, so that neither image is blurred more than the other and
/// that what is measured in time has no first. The motion back, about the point to which this one takes its centre, gives the same two maps in the other order.
///
/// # Examples
/// ```
/// use isocenter_register::{Rigid, halfway};
///
/// let motion = Rigid::new([0.0, 0.0, 0.2], [4.0, 0.0, 0.0], [0.0; 3])?;
/// let [to_fixed, to_moving] = halfway(&motion);
/// // 2 mm to the left lies what is at the centre of the fixed image, and 4 mm to the left in the moving one
/// let near = |a: [f64; 3], b: [f64; 3]| (0..3).all(|n| (a[n] - b[n]).abs() < 1e-12);
/// assert!(near(to_fixed.apply([2.0, 0.0, 0.0]), [0.0; 3]));
/// assert!(near(to_moving.apply([2.0, 0.0, 0.0]), [4.0, 0.0, 0.0]));
/// # Ok::<_, isocenter_register::Error>(())
/// ```
pub fn halfway(motion: &Rigid) -> [Affine; 2] {
    let half = motion.translation_mm().map(|v| v / 2.0);
    let middle = [0, 1, 2].map(|a| motion.centre_mm()[a] + half[a]);
    let turn = Rotation::from_vector(motion.rotation_rad().map(|v| v / 2.0));
    [Rigid::of(turn.inverse(), half.map(|v| -v), middle).to_affine(), Rigid::of(turn, half, middle).to_affine()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What rounding leaves of points within a metre.
    const CLOSE_MM: f64 = 1e-9;

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        isocenter_volume::affine::norm([0, 1, 2].map(|n| a[n] - b[n]))
    }

    fn motions() -> [Rigid; 3] {
        let of = |turn, shift| Rigid::new(turn, shift, [10.0, -20.0, 35.0]).unwrap();
        [of([0.2, -0.1, 0.4], [5.0, -8.0, 2.0]), of([0.0, 3.0, 0.5], [-90.0, 4.0, 31.0]), of([0.0; 3], [1.0, 0.0, 0.0])]
    }

    #[test]
    fn the_way_from_one_image_to_the_other_is_the_motion() {
        for motion in motions() {
            let [to_fixed, to_moving] = halfway(&motion);
            for p in [[0.0; 3], [60.0, -80.0, 40.0]] {
                assert!(distance(motion.to_affine().apply(to_fixed.apply(p)), to_moving.apply(p)) < CLOSE_MM);
            }
        }
    }

    #[test]
    fn both_images_move_by_the_same_amount() {
        for motion in motions() {
            let [to_fixed, to_moving] = halfway(&motion);
            for p in [[0.0; 3], [60.0, -80.0, 40.0]] {
                // each point goes as far one way as its mirror goes the other: lengths are those of half a turn and half a shift
                let middle = [0, 1, 2].map(|a| motion.centre_mm()[a] + motion.translation_mm()[a] / 2.0);
                let mirrored = [0, 1, 2].map(|a| 2.0 * middle[a] - p[a]);
                let ways = [distance(to_fixed.apply(middle), middle), distance(to_moving.apply(middle), middle)];
                assert!((ways[0] - ways[1]).abs() < CLOSE_MM);
                let turned = |map: &Affine| distance(map.apply(p), map.apply(mirrored));
                assert!((turned(&to_fixed) - turned(&to_moving)).abs() < CLOSE_MM);
            }
        }
    }

    #[test]
    fn the_order_of_the_images_changes_nothing() {
        for motion in motions() {
            let back = motion.inverse();
            let back = back.about(motion.to_affine().apply(motion.centre_mm()));
            let ([a, b], [c, d]) = (halfway(&motion), halfway(&back));
            for p in [[0.0; 3], [60.0, -80.0, 40.0]] {
                assert!(distance(a.apply(p), d.apply(p)) < CLOSE_MM && distance(b.apply(p), c.apply(p)) < CLOSE_MM);
            }
        }
    }
}
