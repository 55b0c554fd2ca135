//! The value of a volume between its voxels.
//!
//! A *continuous index* `(i, j, k)` is a place on the grid where whole numbers are voxel centres. A place belongs to the grid
//! where every coordinate lies in `[-0.5, n - 0.5)`, the rule of ITK; elsewhere the [`Edge`] policy decides. Within the half
//! voxel beyond the outer centres, nearest, linear and windowed sinc see the border voxel repeated, and the cubic B-spline sees
//! the image mirrored about its outer centres.
//!
//! [`Sampler`] answers for one place at a time, with the derivative that a registration needs; [`crate::Resample`] fills a
//! whole grid.
//!
//! Sources: M. Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal Processing Magazine 1999 (prefilter);
//! E. Meijering et al., "Quantitative comparison of sinc-approximating kernels", MICCAI 1999 (windows).
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, sample::{Interpolation, Sampler}};
//!
//! let geometry = Geometry::new([3, 1, 1], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None))?;
//! let sampler = Sampler::new(&[10.0, 20.0, 40.0], &geometry, Interpolation::Linear)?;
//! assert_eq!(sampler.value([1.5, 0.0, 0.0]), Some(30.0));
//! let (value, gradient) = sampler.value_and_gradient_at([3.0, 0.0, 0.0]).unwrap_or_default(); // world, mm
//! assert_eq!((value, gradient[0]), (30.0, 10.0)); // 20 per voxel of 2 mm
//! assert_eq!(sampler.value([2.5, 0.0, 0.0]), None); // outside
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod bspline;
mod compute;
mod edge;
mod fold;
mod interpolation;
mod kernel;
mod sampler;
mod sinc;
pub(crate) mod survey;

pub use bspline::cubic_coefficients;
pub use edge::Edge;
pub use interpolation::{Interpolation, LabelInterpolation};
pub use sampler::Sampler;

pub(crate) use bspline::{prefilter, weights as cubic_weights};
pub(crate) use compute::{Compute, needs_f64};
pub(crate) use fold::{Fold, place_on_axis};
pub(crate) use kernel::Kernel;
