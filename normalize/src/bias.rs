//! Slow changes of brightness across an image, and taking them off: N4.
//!
//! A coil makes the same tissue brighter where it is near. The *bias field* is the factor by which it does, its logarithm a cubic
//! B-spline over a lattice of control points ([`BiasField`]). [`N4`] finds it; applying it divides, its inverse multiplies.
//!
//! N4 (N. J. Tustison et al., "N4ITK: improved N3 bias correction", IEEE TMI 29, 2010, after J. G. Sled et al., 1998) takes turns: the histogram of the
//! log image is sharpened, the difference between the image and its sharpened self is smoothed by a B-spline fit, and the fit is
//! taken off. ITK fits voxel by voxel, 64 control points each; on a grid every weight of that fit is a product of one term for each axis,
//! so that the same sums are three small matrix products, a hundred times cheaper.

mod axis;
mod fft;
mod field;
mod grid;
mod lattice;
mod n4;
mod plane;
mod sharpen;

pub use self::{field::BiasField, n4::N4};
