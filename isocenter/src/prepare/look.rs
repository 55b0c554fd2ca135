//! What voxels look like.

use isocenter_volume::{Ctx, DynVolume};

/// Whether an image looks like a label map: a few small whole numbers from 0 up, most of them beside their like.
///
/// This is a doubt and no more: a picture of few grey values can look the same.
pub(crate) fn like_labels(image: &DynVolume, ctx: &Ctx<'_>) -> bool {
    let Ok(real) = image.to_real(ctx) else { return false };
    let row = real.shape()[0];
    let mut values = Vec::new();
    let (mut pairs, mut alike) = (0u64, 0u64);
    for line in real.voxels().chunks(row.max(1)) {
        // whoever was stopped says so when it is asked next
        if ctx.is_cancelled() {
            return false;
        }
        let mut last = None;
        for &v in line {
            if !(0.0..=MOST_VALUE).contains(&v) || v.fract() != 0.0 {
                return false;
            }
            if !values.contains(&v) {
                values.push(v);
                if values.len() > MOST_VALUES {
                    return false;
                }
            }
            // background beside background says nothing
            if let Some(before) = last.filter(|b| *b != 0.0 || v != 0.0) {
                pairs += 1;
                alike += u64::from(before == v);
            }
            last = Some(v);
        }
    }
    values.len() > 1 && pairs > 0 && alike as f64 >= LEAST_ALIKE * pairs as f64
}

/// The largest value; the codes of atlases go up to some thousands.
const MOST_VALUE: f32 = 20_000.0;

/// Structures that one map names: an atlas of the brain has some two hundred.
const MOST_VALUES: usize = 256;

/// Of the neighbours along i that are not both background; a ball of three voxels across has one half.
const LEAST_ALIKE: f64 = 0.55;

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Volume};

    use super::*;

    fn of(value: impl Fn(usize, usize) -> f32) -> bool {
        let grid = Geometry::new([12, 10, 2], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        let voxels: Vec<f32> = (0..240).map(|n| value(n % 12, n / 12 % 10)).collect();
        like_labels(&Volume::new(voxels, grid).unwrap().into(), &Ctx::default())
    }

    #[test]
    fn blobs_of_few_values_look_like_labels_and_pictures_do_not() {
        assert!(of(|i, j| f32::from((3..8).contains(&i) && (2..7).contains(&j))));
        assert!(of(|i, j| if j < 5 { (i / 4) as f32 } else { 0.0 }));
        assert!(!of(|i, j| (i * 7 + j * 3) as f32));
        assert!(!of(|i, j| (i + j) as f32 * 0.5));
        assert!(!of(|i, _| if i < 6 { -1000.0 } else { 40.0 }));
        assert!(!of(|_, _| 3.0));
    }
}
