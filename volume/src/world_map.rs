//! Maps of world points, LPS+ millimetres to LPS+ millimetres: what a registration finds and a resampling follows.
//!
//! A [`WorldMap`] takes a place in one world to the place in another that shows the same. [`crate::Affine`] is one; so is a
//! [`DisplacementField`], and a chain of any of them ([`Composed`]). A B-spline grid, or a model of breathing, is a type of its own
//! that implements the trait.
//!
//! The direction is that of a registration from fixed to moving: resampling asks, for a place of the *output*, where it lies in the
//! *input*. A map that moves an input image forward is therefore given inverted.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, WorldMap, world_map::{Composed, DisplacementField}};
//!
//! let grid = Geometry::new([2, 1, 1], Affine::from_spacing_origin([10.0, 1.0, 1.0], [0.0; 3]), Frame::Patient(None))?;
//! let field = DisplacementField::new(vec![[0.0, 0.0, 0.0], [0.0, 4.0, 0.0]], grid)?; // mm
//! assert_eq!(field.map([5.0, 0.0, 0.0]), [5.0, 2.0, 0.0]); // halfway between the two
//! assert_eq!(field.map([50.0, 0.0, 0.0]), [50.0, 0.0, 0.0]); // outside the field nothing moves
//!
//! let chain = Composed::first(Affine::translation_by([5.0, 0.0, 0.0])).then(&field);
//! assert_eq!(chain.map([0.0; 3]), [5.0, 2.0, 0.0]);
//! assert!(chain.as_affine().is_none());
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod composed;
mod field;
mod map;

pub use composed::Composed;
pub use field::DisplacementField;
pub use map::WorldMap;

#[cfg(feature = "kernels")]
pub(crate) use map::Link;
