//! Exact changes of the grid: what moves voxels without interpolating them.
//!
//! Each operation updates the affine so that every voxel keeps its place in the world, works on images and label maps alike, and
//! is noted in the provenance. All are one [`crate::IndexMap`] and so have its inverse: what a crop cut off comes back as
//! padding, what a pad added is cut off. [`Volume::remap`](crate::Volume::remap) applies any composition of them at once.
//!
//! | operation | [`Volume`](crate::Volume) | [`LabelMap`](crate::LabelMap) | inverse |
//! |---|---|---|---|
//! | reorient, flip, permute | `reorient`, `flip`, `permute` | the same | exact |
//! | crop | `crop(start, size)` | the same | pad; what was cut off is lost |
//! | pad | `pad(before, after, fill)` | `pad(before, after)` | crop, exact |
//! | crop or pad to a size | `crop_or_pad(size, fill)` | `crop_or_pad(size)` | crop or pad |
//! | crop to content | `crop_to_content(above, margin)` | `crop_to_content(margin)` | pad |
//! | one plane, several planes | `plane(axis, index)`, `slice(axis, range)` | the same | [`stack`](crate::Volume::stack_planes) |
//! | stack | `stack` (a new slow axis), `stack_planes` (along k) | `stack_planes` | `extract_step`, `slice` |

mod content;
mod crop;
mod flip;
mod pad;
mod plane;
mod stack;

pub use content::{bounding_box, with_margin};
