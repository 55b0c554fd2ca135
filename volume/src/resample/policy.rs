//! Where the voxels of a grid with another spacing lie: tools disagree, so the rule has a name.

use std::fmt;

use crate::{Affine, Error, Geometry, affine};

/// How a grid of another spacing is laid over an image.
///
/// Along an axis of `n` voxels `s` mm apart, for a step of `t` mm, there are about `n s / t` voxels, at least 1; that number is raised by a
/// billionth before it is rounded, so that 20 voxels of 2.9999999 mm make 60 of 1 mm. The workspace itself takes the default;
/// the others are for who must match a tool, each by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum GridPolicy {
    /// The middle of the image's extent (outer voxel faces) is kept, and with it the extent, up to the rounding of the size.
    #[default]
    Extent,
    /// The first voxel's centre is kept: the recipe around SimpleITK. The far end may reach half an old voxel past the image.
    Itk,
    /// TorchIO's: the middle is kept, and the size cut to whole voxels. (TorchIO 1.2 cuts 59.9999999 to 59, of which this makes 60.)
    Torchio,
    /// MONAI's `Spacing`: the outer centres span the image, `(n - 1) s / t + 1` voxels to the nearest even; the middle of the extent is kept, as its affine has it.
    Monai,
    /// MONAI's `Spacing(scale_extent=True)`: the first outer face is kept, by the step that would fill the extent; the step is the one asked for.
    MonaiExtent,
    /// nnU-Net's: `n s / t` voxels to the nearest even, the extent kept to the letter by the step that this takes, which is not quite the one asked for.
    Nnunet,
}

impl GridPolicy {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Extent, Self::Itk, Self::Torchio, Self::Monai, Self::MonaiExtent, Self::Nnunet];

    /// Its name: `extent`, `itk`, `torchio`, `monai`, `monai_extent`, `nnunet`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Extent => "extent",
            Self::Itk => "itk",
            Self::Torchio => "torchio",
            Self::Monai => "monai",
            Self::MonaiExtent => "monai_extent",
            Self::Nnunet => "nnunet",
        }
    }

    /// Voxels along an axis of `count`, where a step is `ratio` old ones.
    fn size(self, count: f64, ratio: f64) -> f64 {
        let wanted = count / ratio * (1.0 + 1e-9);
        match self {
            Self::Extent | Self::Itk => (wanted + 0.5).floor(),
            Self::Torchio => wanted.floor(),
            Self::Monai => ((count - 1.0) / ratio + 1.0).round_ties_even(),
            Self::MonaiExtent | Self::Nnunet => (count / ratio).round_ties_even(),
        }
        .max(1.0)
    }

    /// The new step and the first new centre, in old indices.
    fn step_and_origin(self, count: f64, size: f64, ratio: f64) -> (f64, f64) {
        match self {
            Self::Itk => (ratio, 0.0),
            Self::Extent | Self::Torchio => (ratio, (count - 1.0) / 2.0 - (size - 1.0) / 2.0 * ratio),
            Self::Monai => (ratio, (count - size * ratio) / 2.0),
            Self::MonaiExtent => (ratio, (count / size - 1.0) / 2.0),
            Self::Nnunet => (count / size, (count / size - 1.0) / 2.0),
        }
    }

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
            let (count, ratio) = (input.shape()[a] as f64, step / old[a]);
            let size = self.size(count, ratio);
            if size > 1e9 {
                return Err(Error::BadNumber { what: "spacing", wanted: "of a size in proportion", found: step });
            }
            shape[a] = size as usize;
            let (ratio, first) = self.step_and_origin(count, size, ratio);
            columns[a] = input.affine().column(a).map(|v| v * ratio);
            origin[a] = first;
        }
        debug_assert!(affine::norm(columns[0]) > 0.0);
        Geometry::new(shape, Affine::from_columns(columns, input.world_of(origin)), input.frame().clone())
    }
}

impl fmt::Display for GridPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
        for policy in GridPolicy::ALL {
            let own = policy.geometry(&grid(), grid().spacing_mm()).unwrap();
            assert_eq!(own.shape(), grid().shape(), "{policy}");
            let apart = own
                .corners_mm()
                .into_iter()
                .zip(grid().corners_mm())
                .flat_map(|(a, b)| (0..3).map(move |x| (a[x] - b[x]).abs()));
            assert!(apart.fold(0.0, f64::max) < 1e-9, "{policy}");
        }
    }

    /// Sizes and first centres (in old indices) as the tools give them for 72 x 80 x 20 voxels of 0.910156 x 0.910156 x 3 mm to 1 mm.
    #[test]
    fn tools_have_each_their_own() {
        let wanted = [
            (GridPolicy::Torchio, [65, 72, 60], [0.3412, 0.4957, -0.3333]),
            (GridPolicy::Monai, [66, 73, 58], [-0.2575, -0.1030, 0.3333]),
            (GridPolicy::MonaiExtent, [66, 73, 60], [0.0455, 0.0479, -0.3333]),
            (GridPolicy::Nnunet, [66, 73, 60], [0.0455, 0.0479, -0.3333]),
        ];
        for (policy, shape, first) in wanted {
            let found = policy.geometry(&grid(), [1.0; 3]).unwrap();
            assert_eq!(found.shape(), shape, "{policy}");
            let index = grid().index_of(found.origin_mm());
            assert!((0..3).all(|a| (index[a] - first[a]).abs() < 2e-3), "{policy} {index:?}");
        }
        let fitted = GridPolicy::Nnunet.geometry(&grid(), [1.0; 3]).unwrap();
        assert!((fitted.spacing_mm()[0] - 72.0 * 0.910_156_25 / 66.0).abs() < 1e-9);
    }

    #[test]
    fn refuses_a_step_that_is_none() {
        for step in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert!(GridPolicy::Extent.geometry(&grid(), [step, 1.0, 1.0]).is_err());
        }
    }
}
