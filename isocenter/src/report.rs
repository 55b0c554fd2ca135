//! The report: funnel, quarantine, privacy, registration and slices in one HTML file that opens without a network.

mod html;
mod page;
mod picture;

pub(crate) use page::{Figure, Gallery, Page};
pub(crate) use picture::{Planes, Window, label_centre, to_png};
