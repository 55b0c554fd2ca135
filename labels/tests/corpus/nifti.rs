//! Real values of a file, through `isocenter-formats`.

use std::path::Path;

use isocenter_formats as formats;
use isocenter_volume::{Ctx, Volume};

/// Samples as f32, scaling applied.
pub(crate) fn read(path: &Path) -> Volume<f32> {
    formats::read(path).unwrap().volume.to_real(&Ctx::default()).unwrap()
}
