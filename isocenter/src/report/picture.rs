//! Slices as small pictures: mosaics of the three planes with the sides of the patient beside them, label outlines on top, two
//! volumes in one.
//!
//! Planes are shown as a radiologist expects: axial with the patient's right on the left and the nose up, coronal with the right
//! on the left and the head up, sagittal with the face on the left. Pixels are square in millimetres. All arithmetic is that of whole
//! numbers or exactly rounded, so that the bytes are the same on every machine.

mod cuts;
mod indexed;
mod letters;
mod mosaic;
mod plane;
mod sheet;
mod tile;

pub(crate) use cuts::{By, Cuts};
pub(crate) use indexed::Indexed;
pub(crate) use mosaic::{OVERLAY, chessboard, mosaic, overlay};
pub(crate) use plane::{Plane, Turned};
pub(crate) use sheet::Sheet;
