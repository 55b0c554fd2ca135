//! Where every input file went; the counts must add up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Error;

/// Counts from files to items. Every file in is in exactly one of `in_items`, `duplicates` and `quarantined`, and every volume and
/// frame in one place of its own.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Funnel {
    /// Input files.
    pub files: usize,
    /// Files that went into items of the manifest: images, labels, sidecars.
    pub in_items: usize,
    /// Files that only repeat another.
    pub duplicates: usize,
    /// Files kept out with a reason.
    pub quarantined: usize,
    /// Files kept out, by reason.
    pub reasons: BTreeMap<String, usize>,
    /// Volumes: what DICOM frames were put together to, and files that hold an image or a label map.
    #[serde(default)]
    pub volumes: Share,
    /// Frames of the DICOM images that were understood.
    #[serde(default)]
    pub frames: Share,
    /// DICOM instances among the files.
    pub instances: usize,
    /// Series among them.
    pub series: usize,
    /// Items of the manifest.
    pub items: usize,
    /// Items with labels.
    pub labelled: usize,
    /// Patients among the items.
    pub patients: usize,
}

/// Where things of one kind went, each to one place.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Share {
    /// All that were found.
    pub found: usize,
    /// Those in an item of the manifest.
    pub in_items: usize,
    /// Those that only repeat another.
    pub repeated: usize,
    /// Those kept out with a reason.
    pub kept_out: usize,
}

impl Share {
    const fn ends(&self) -> usize {
        self.in_items + self.repeated + self.kept_out
    }
}

impl Funnel {
    /// Whether every file, volume and frame is accounted for.
    ///
    /// # Errors
    /// [`Error::Verification`] naming the two sides.
    pub fn check(&self) -> Result<(), Error> {
        let by_reason: usize = self.reasons.values().sum();
        let files =
            Share { found: self.files, in_items: self.in_items, repeated: self.duplicates, kept_out: self.quarantined };
        for (what, share) in [("files", files), ("volumes", self.volumes), ("frames", self.frames)] {
            if share.ends() != share.found {
                return Err(Error::Verification {
                    message: format!(
                        "{} {what} in, but {} in items + {} duplicates + {} quarantined = {}",
                        share.found,
                        share.in_items,
                        share.repeated,
                        share.kept_out,
                        share.ends()
                    ),
                });
            }
        }
        if by_reason != self.quarantined {
            let message = format!("{} files are quarantined, but {by_reason} by reason", self.quarantined);
            return Err(Error::Verification { message });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_file_volume_or_frame_is_noticed() {
        let whole = Funnel { files: 2, in_items: 1, duplicates: 1, ..Funnel::default() };
        assert!(whole.check().is_ok());
        let lost = Share { found: 2, in_items: 1, ..Share::default() };
        for funnel in [
            Funnel { files: 3, ..whole.clone() },
            Funnel { volumes: lost, ..whole.clone() },
            Funnel { frames: lost, ..whole.clone() },
            Funnel { files: 3, quarantined: 1, ..whole },
        ] {
            assert!(funnel.check().is_err(), "{funnel:?}");
        }
    }
}
