//! What is made of an image before it is known whether it stays.

use std::path::PathBuf;

use isocenter_volume::{Affine, Ctx, Geometry, LabelMap, Volume};

use super::{
    channels::Channel,
    image::{self, Prepared},
    loaded::Loaded,
    refusal::Refusal,
};
use crate::{
    export::nnunet::Case,
    manifest::Item,
    report::{Cuts, Gallery, Subject},
};

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
    /// Slices that are shown of it, and of what is brought to it.
    pub(super) cuts: Cuts,
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

/// Pictures and histograms of an image; `follow` are slices of what it was brought to.
pub(super) fn gallery(
    loaded: &Loaded<'_>,
    prepared: &Prepared,
    follow: Option<&Cuts>,
    ctx: &Ctx<'_>,
) -> Result<Gallery, Refusal> {
    let subject = Subject {
        image: &prepared.image,
        before: prepared.before.as_ref(),
        is_blanked: prepared.statistics.is_some_and(|s| s.padding > 0),
        labels: prepared.labels.as_ref(),
        modality: loaded.shown.modality.as_deref(),
        body_part: loaded.shown.body_part.as_deref(),
        follow,
    };
    Ok(Gallery::of(&subject, ctx).map_err(isocenter_volume::Error::from)?)
}
