//! What outputs write, as it stands in a file beside the plan: all but the target, the shard, and what is done about files that are there.

use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Fate, Identity, Outputs};
#[cfg(feature = "bids")]
use crate::bids::Subject;

/// What is written for each volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manner {
    extension: String,
    identity: Identity,
    sidecar_identity: Option<Identity>,
    volumes: bool,
    sidecar: bool,
    overlays: bool,
    upright: bool,
    from_bottom: bool,
    level: u32,
    /// The labels of a subject of BIDS and of its session.
    subject: Option<(String, Option<String>)>,
}

impl Manner {
    pub(crate) fn of(outputs: &Outputs) -> Self {
        #[cfg(feature = "upright")]
        let upright = outputs.upright;
        #[cfg(not(feature = "upright"))]
        let upright = false;
        #[cfg(feature = "bids")]
        let subject = outputs.subject.as_ref().map(|subject| {
            let (label, session) = subject.labels();
            (label.to_owned(), session.map(str::to_owned))
        });
        #[cfg(not(feature = "bids"))]
        let subject = None;
        Self {
            extension: outputs.extension.clone(),
            identity: outputs.identity,
            sidecar_identity: outputs.sidecar_identity,
            volumes: outputs.volumes,
            sidecar: outputs.sidecar,
            overlays: outputs.overlays,
            upright,
            from_bottom: outputs.from_bottom,
            level: outputs.level,
            subject,
        }
    }

    /// Why it cannot be done: a kind of file that is not written, a label that is none, a feature that this build has not.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if !isocenter_formats::extensions().any(|known| known == self.extension) {
            return Err("a kind of file that is not written");
        }
        if self.upright && cfg!(not(feature = "upright")) {
            return Err("volumes of right angles, which this build does not make");
        }
        match &self.subject {
            None => Ok(()),
            #[cfg(feature = "bids")]
            Some((label, session)) => {
                let found = Subject::new(label, session.as_deref());
                // what begins with `sub-` too would be another subject
                let is_same = |found: Subject| found.labels() == (label.as_str(), session.as_deref());
                found.is_ok_and(is_same).then_some(()).ok_or("a subject whose labels are none")
            }
            #[cfg(not(feature = "bids"))]
            Some(_) => Err("a data set of BIDS, which this build does not make"),
        }
    }

    /// The outputs to a folder, under names that were decided before.
    pub(crate) fn outputs(&self, target: PathBuf, names: Arc<Vec<Fate>>) -> Outputs {
        let outputs = Outputs::to(target)
            .extension(self.extension.as_str())
            .identity(self.identity)
            .volumes(self.volumes)
            .sidecar(self.sidecar)
            .overlays(self.overlays)
            .rows_from_bottom(self.from_bottom)
            .level(self.level);
        Outputs {
            sidecar_identity: self.sidecar_identity,
            #[cfg(feature = "upright")]
            upright: self.upright,
            #[cfg(feature = "bids")]
            subject: self.subject.as_ref().and_then(|(label, session)| Subject::new(label, session.as_deref()).ok()),
            planned: Some(names),
            ..outputs
        }
    }
}
