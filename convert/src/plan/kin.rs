//! What else a series has, of which a volume is a part: sidecars say whether there are other echoes and other components.
//!
//! All frames of the images of a series count, those that are in no volume too.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Plan;
use crate::{
    Facts,
    facts::{Key, key::SeriesKey},
};

/// What the frames of a series are, all of its volumes together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct Kin {
    echo_numbers: BTreeSet<i64>,
    components: BTreeSet<String>,
}

impl Kin {
    /// Whether a frame of the series has another echo number than this.
    pub(crate) fn has_other_echo(&self, number: i64) -> bool {
        self.echo_numbers.iter().any(|other| *other != number)
    }

    /// Whether a frame of the series is this component of a complex image.
    pub(crate) fn has_component(&self, component: &str) -> bool {
        self.components.contains(component)
    }
}

/// Tells each volume what else its series has.
pub(super) fn tell(plan: &mut Plan, files: &[Facts]) {
    let mut all: BTreeMap<&SeriesKey, Kin> = BTreeMap::new();
    let mut last: Option<&Arc<Key>> = None;
    for key in files.iter().filter_map(|file| file.image().ok()).flat_map(|image| &image.frames).map(|frame| &frame.key)
    {
        // frames of one kind in a file share their key
        if last.is_some_and(|last| Arc::ptr_eq(last, key)) {
            continue;
        }
        let kin = all.entry(&key.series).or_default();
        kin.echo_numbers.extend(key.echo_number);
        if let Some(component) = key.component.as_ref().filter(|component| !kin.components.contains(*component)) {
            kin.components.insert(component.clone());
        }
        last = Some(key);
    }
    for series in &mut plan.series {
        let first = series.frames.first().and_then(|f| files.get(f.file)?.image().ok()?.frames.get(f.frame));
        if let Some(kin) = first.and_then(|first| all.get(&*first.key.series)) {
            series.kin = kin.clone();
        }
    }
}
