//! The report: funnel, quarantine, privacy, registration and slices in one HTML file that opens without a network.

mod gallery;
mod histogram;
mod html;
mod number;
mod numbers;
mod page;
mod pair;
mod picture;
mod privacy;
#[cfg(test)]
mod tests;
mod tissue;
mod window;
mod words;

use gallery::FOLLOWED;
pub(crate) use gallery::{Figure, Gallery, Subject};
pub(crate) use page::Page;
pub(crate) use pair::{figure_rows, pair_in_planes, slices};
pub(crate) use picture::{Cuts, Indexed};
pub(crate) use privacy::Privacy;
pub(crate) use window::{Preset, Range, Window};
pub(crate) use words::own_words;
