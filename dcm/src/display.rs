//! From stored values to a picture of 8 bits, as a viewer shows it.
//!
//! Gray images go through the steps of the standard: stored values become real ones
//! ([`Modality`](crate::scaling::Modality)), a *view* picks the real values of interest and gives each a level from 0
//! (least) to 1, which becomes 0 to 255, and MONOCHROME1 is turned round (Presentation LUT Shape, where there is one,
//! decides that). A view is a window (center and width) or a table; a file may name several
//! ([`InstanceFrame::views`](crate::InstanceFrame::views)). Without a
//! choice of the caller's, the first table is taken, else the first window, else the range from the least to the
//! greatest real value of the frame, padding left out. Colour and palette images come as RGB; views do not apply to
//! them.
//!
//! Pictures are for the eye and for models that want what the radiologist saw. Voxels for computing are real values
//! ([`scaling::real_values`](crate::scaling::real_values)), which no view has cut.
//!
//! Source: DICOM PS3.3 C.11.1 (modality), C.11.2 (VOI), C.7.6.16.2.10 (frame VOI LUT), C.7.6.3.1.2 (photometric
//! interpretation), C.11.6 (presentation LUT shape), PS3.4 N.2 (order of the steps).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, display, tags};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
//!
//! let mut ds = Dataset::new_empty();
//! for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 3), (tags::BITS_ALLOCATED, 8), (tags::BITS_STORED, 8)] {
//!     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
//! }
//! ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"));
//! ds.put(DataElement::new(tags::WINDOW_CENTER, VR::DS, "100.5"));
//! ds.put(DataElement::new(tags::WINDOW_WIDTH, VR::DS, "101"));
//! ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![50u8, 100, 150])));
//! let instance = Instance::new(FileMeta::default(), ds);
//! let picture = instance.frame(0)?.render(&display::Render::default())?;
//! assert_eq!((picture.channels, picture.pixels), (1, vec![0, 128, 255]));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod gray;
mod picture;
mod render;
mod rgb;
mod view;
mod window;

pub use picture::{Note, Picture};
pub use render::{Choice, Render};
pub(crate) use view::views;
pub use view::{Transform, View};
pub use window::{Window, WindowFunction};
