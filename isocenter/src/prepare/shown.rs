//! What an image shows, as far as its header or its sidecar says: decided once, for a run and for the dry run that tells of it.

use isocenter_dcm::series_kind::Contrast;
use isocenter_deid::LeakScan;
use isocenter_normalize::Step;
use isocenter_volume::{Head, Meta, SampleType};

use super::{text, work::ImageWork};
use crate::{Recipe, recipe::Grid};

/// What an image shows; every text has passed the search for identities.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub(super) modality: Option<String>,
    pub(super) body_part: Option<String>,
    pub(super) contrast: Option<Contrast>,
    /// Its channel, where something states one.
    channel: Option<String>,
    is_channel_stated: bool,
}

impl Shown {
    /// What an image with these facts shows.
    pub(super) fn of(work: &ImageWork, meta: &Meta, scan: &LeakScan) -> Self {
        Self {
            modality: text::term(meta.modality.as_deref(), scan),
            body_part: text::term(work.body_part.as_deref(), scan),
            contrast: work.contrast,
            channel: work.channel(scan),
            is_channel_stated: work.place.as_ref().is_some_and(|p| p.channel.is_some()),
        }
    }

    /// The recipe's intensity steps; those for a modality are not meant for its maps, whose values are angles or hertz.
    pub(super) fn steps<'r>(&self, recipe: &'r Recipe) -> &'r [Step] {
        let is_map = self.contrast.is_some_and(Contrast::is_map);
        recipe.steps_for(self.contrast.map(Contrast::name), self.modality.as_deref().filter(|_| !is_map))
    }

    /// The recipe's grid.
    pub(super) fn grid<'r>(&self, recipe: &'r Recipe) -> &'r Grid {
        recipe.grid_for(self.body_part.as_deref())
    }

    /// The name of its channel: what something states, else what it shows.
    pub(super) fn channel_name(&self) -> String {
        let shown = || self.contrast.map(|contrast| contrast.name().to_owned());
        let channel = self.channel.clone();
        let name = if self.is_channel_stated { channel.or_else(shown) } else { shown().or(channel) };
        let name = name.or_else(|| self.modality.clone()).unwrap_or_else(|| "image".to_owned());
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    }

    /// Whether it is what a recipe names as the reference: a contrast, else a modality.
    fn is_called(&self, reference: &str) -> bool {
        self.contrast.map(Contrast::name).or(self.modality.as_deref()) == Some(reference)
    }
}

/// Whether an image can be brought to another: no map, and a volume; slabs of a few slices hold no head to be found.
pub(super) fn can_be_registered(work: &ImageWork, head: &Head, samples: SampleType) -> bool {
    !work.contrast.is_some_and(Contrast::is_map)
        && head.steps() == 1
        && head.geometry().frame().is_patient()
        && head.shape().iter().all(|n| *n > 3)
        && samples.is_real()
}

/// The reference among the images of a group, each with what it shows, its voxels and its id: of several the one with the most voxels,
/// then the first by id.
pub(super) fn reference<'m>(
    members: impl Iterator<Item = (&'m Shown, usize, &'m str)>,
    reference: &str,
) -> Option<usize> {
    members
        .enumerate()
        .filter(|(_, (shown, ..))| shown.is_called(reference))
        .max_by(|(_, a), (_, b)| a.1.cmp(&b.1).then_with(|| b.2.cmp(a.2)))
        .map(|(n, _)| n)
}
