//! Where the voxels of a grid with another spacing lie: tools disagree, so the rule has a name.

use std::fmt;

use crate::{Affine, Error, Geometry, affine};

/// How a grid of another spacing is laid over an image.
///
/// Both give `floor(n s / t + 0.5)` voxels (at least 1) along an axis of `n` voxels `s` mm apart for a step of `t` mm; the
/// product is rounded to 9 digits first, so that 20 voxels of 2.9999999 mm make 60 of 1 mm. The workspace itself takes the default;
/// the other is for who must match ITK's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum GridPolicy {
    /// The middle of the image's extent (outer voxel faces) is kept, and with it the extent, up to the rounding of the size.
    #[default]
    Extent,
    /// The first voxel's centre is kept: the recipe around SimpleITK. The far end may reach half an old voxel past the image.
    Itk,
}

impl GridPolicy {
    /// The grid of step `spacing_mm` along i, j, k of `input`, directions and frame kept.
    ///
    /// # Errors
    /// [`Error::BadNumber`] for a step that is not finite and positive, [`Error::BadShape`] for one too fine to hold.
    pub fn geometry(self, input: &Geometry, spacing_mm: [f64; 3]) -> Result<Geometry, Error> {
        let old = input.spacing_mm();
        let mut shape = [0; 3];
        let mut columns = [[0.0; 3]; 3];
        let mut origin = [0.0; 3]; // of the new first centre, in old indices
        for a in 0..3 {
            let step = spacing_mm[a];
            if !step.is_finite() || step <= 0.0 {
                return Err(Error::BadNumber { what: "spacing", wanted: "positive", found: step });
            }
            let wanted = input.shape()[a] as f64 * old[a] / step;
            let size = (wanted * (1.0 + 1e-9) + 0.5).floor().max(1.0);
            if size > 1e9 {
                return Err(Error::BadNumber { what: "spacing", wanted: "of a size in proportion", found: step });
            }
            shape[a] = size as usize;
            let ratio = step / old[a];
            columns[a] = input.affine().column(a).map(|v| v * ratio);
            if self == Self::Extent {
                origin[a] = (input.shape()[a] as f64 - 1.0) / 2.0 - (size - 1.0) / 2.0 * ratio;
            }
        }
        debug_assert!(affine::norm(columns[0]) > 0.0);
        Geometry::new(shape, Affine::from_columns(columns, input.world_of(origin)), input.frame().clone())
    }
}

impl fmt::Display for GridPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Extent => "extent",
            Self::Itk => "itk",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    fn grid() -> Geometry {
        let affine = Affine::from_spacing_origin([0.910_156_25, 0.910_156_25, 3.0], [5.0, 6.0, 7.0]);
        Geometry::new([72, 80, 20], affine, Frame::Patient(None)).unwrap()
    }

    #[test]
    fn sizes_follow_the_rule_and_rounding_noise_does_not() {
        for policy in [GridPolicy::Itk, GridPolicy::Extent] {
            assert_eq!(policy.geometry(&grid(), [1.0; 3]).unwrap().shape(), [66, 73, 60]);
            assert_eq!(policy.geometry(&grid(), [100.0, 1.0, 3.0 * (1.0 + 1e-12)]).unwrap().shape(), [1, 73, 20]);
        }
    }

    #[test]
    fn extent_keeps_the_middle_and_itk_the_first_centre() {
        let extent = GridPolicy::Extent.geometry(&grid(), [1.0; 3]).unwrap();
        let [a, b] = [grid().centre_mm(), extent.centre_mm()];
        assert!((0..3).all(|x| (a[x] - b[x]).abs() < 1e-9));
        assert_eq!(GridPolicy::Itk.geometry(&grid(), [1.0; 3]).unwrap().origin_mm(), grid().origin_mm());
    }

    #[test]
    fn the_own_spacing_gives_the_own_grid() {
        for policy in [GridPolicy::Itk, GridPolicy::Extent] {
            assert_eq!(policy.geometry(&grid(), grid().spacing_mm()).unwrap(), grid());
        }
    }

    #[test]
    fn refuses_a_step_that_is_none() {
        for step in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert!(GridPolicy::Extent.geometry(&grid(), [step, 1.0, 1.0]).is_err());
        }
    }
}
