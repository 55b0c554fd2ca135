//! What is made of an image before it is known whether it stays.

use std::path::PathBuf;

use isocenter_volume::{Affine, Ctx, Geometry, LabelMap, Volume};

use super::{channels::Channel, image, refusal::Refusal};
use crate::{export::nnunet::Case, manifest::Item, report::Gallery};

/// An item whose files are written.
pub(super) struct Finished {
    pub(super) item: Item,
    pub(super) gallery: Gallery,
    pub(super) case: Option<Case>,
    /// Whether it has a label map of which nothing is left.
    pub(super) loses_labels: bool,
    /// Whether an export has the label map.
    pub(super) exports_labels: bool,
}

/// The reference of a group, prepared.
pub(super) struct Target {
    pub(super) prepared: Volume<f32>,
    pub(super) native: Volume<f32>,
    pub(super) centre: Option<[f64; 3]>,
    pub(super) channel: Option<Channel>,
    pub(super) label: Option<(PathBuf, usize)>,
}

/// The labels of a moving image on a grid of the fixed one.
pub(super) fn labels_through(
    labels: Option<&LabelMap>,
    target: &Geometry,
    transform: Affine,
    ctx: &Ctx<'_>,
) -> Result<Option<LabelMap>, Refusal> {
    labels.map(|l| image::labels_to(l, target, transform, ctx)).transpose()
}
