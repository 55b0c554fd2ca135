//! What the intensities of one step may do that is no motion: gain, offset, and a smooth shading.
//!
//! A step's image is taken as `T(x) (c0 + c1 x + c2 y + c3 z + c4 xx + c5 yy + c6 zz + c7 xy + c8 xz + c9 yz) + c10`, where `T` is the reference and `x`, `y`, `z` are
//! offsets from the body's middle in units of half the region's extent. Where the images are still far apart, gain and offset alone are fitted: a shading would take
//! the place of the motion.

/// Numbers of the model.
pub(super) const COLUMNS: usize = 11;
/// The last: the offset.
pub(super) const OFFSET: usize = COLUMNS - 1;

/// Its numbers, and what is summed over them.
pub(super) type Columns = [f64; COLUMNS];

/// What the reference is multiplied by for each number but the last.
#[inline(always)]
pub(super) fn shades<V: Copy + std::ops::Mul<Output = V>>([x, y, z]: [V; 3]) -> [V; 9] {
    [x, y, z, x * x, y * y, z * z, x * y, x * z, y * z]
}

/// The columns at one place, where the reference is `value`.
pub(super) fn columns(value: f64, place: [f64; 3], is_shaded: bool) -> Columns {
    let mut columns = [0.0; COLUMNS];
    columns[0] = value;
    columns[OFFSET] = 1.0;
    if is_shaded {
        columns[1..OFFSET].iter_mut().zip(shades(place)).for_each(|(c, shade)| *c = value * shade);
    }
    columns
}
