//! Label maps beside an image: tables of names, numbering, place, statistics, overlap, outlines.
//!
//! A label map ([`isocenter_volume::LabelMap`]) holds whole numbers on a grid and a table that names them; 0 is background.
//! This crate brings one to an image and says what is in it:
//!
//! | module | question |
//! |---|---|
//! | [`table`] | what are the values called? (JSON, CSV, TSV) |
//! | [`remap`] | how do they become 1..n, and one layer? |
//! | [`matching`] | which image does the map lie on, wholly or in part, and how do its axes run? |
//! | [`stats`] | how large is each label, where, in how many pieces, over which intensities? |
//! | [`overlap`] | how alike are two maps? |
//! | [`contour`] | what is the outline of a label in one plane? |
//! | [`colours`] | in which colour is it drawn? |
//!
//! World is LPS+ millimetres; an index addresses the centre of a voxel. Every result has one fixed order.
//!
//! # Examples
//! ```
//! use isocenter_labels::{matching, remap};
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, LabelMap};
//!
//! let image = Geometry::new([3, 2, 1], Affine::IDENTITY, Frame::Patient(None))?;
//! // the same grid with its rows the other way round
//! let flipped = Affine::from_spacing_origin([1.0, -1.0, 1.0], [0.0, 1.0, 0.0]);
//! let map = LabelMap::new(
//!     vec![vec![0u32, 0, 7, 7, 42, 0]],
//!     Geometry::new([3, 2, 1], flipped, Frame::Patient(None))?,
//!     vec![],
//! )?;
//! let found = matching::match_grid(map.geometry(), &image)?;
//! let map = matching::bring_onto(&map, &image, &found, &Ctx::default())?;
//! let (map, table) = remap::remap_consecutive(&map, &Ctx::default())?;
//! assert_eq!(map.layers()[0].to_u32(), [1, 2, 0, 0, 0, 1]);
//! assert_eq!((table[1].from, table[1].to, table[1].name.as_str()), (42, 2, "label_42"));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

pub mod colours;
pub mod contour;
pub mod error;
mod lattice;
pub mod matching;
pub mod overlap;
pub mod remap;
pub mod stats;
pub mod table;

pub use contour::{Outline, Polygon};
pub use error::Error;
pub use isocenter_volume::components::Connectivity;
pub use matching::{Match, NoMatch};
pub use overlap::Overlap;
pub use remap::Remapped;
pub use stats::{Intensity, LabelStats};

/// The example of the read-me runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
