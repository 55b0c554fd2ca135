//! Where every input file went; the counts must add up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Error;

/// Counts from files to items. Every file in is in exactly one of `in_items`, `duplicates` and `quarantined`.
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
    /// Volumes kept out whose files gave other items too, and so are not among the files kept out.
    #[serde(default)]
    pub volumes_kept_out: usize,
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

impl Funnel {
    /// Whether every file is accounted for.
    ///
    /// # Errors
    /// [`Error::Verification`] naming the two sides.
    pub fn check(&self) -> Result<(), Error> {
        let out = self.in_items + self.duplicates + self.quarantined;
        let by_reason: usize = self.reasons.values().sum();
        if out == self.files && by_reason == self.quarantined {
            return Ok(());
        }
        Err(Error::Verification {
            message: format!(
                "{} files in, but {} in items + {} duplicates + {} quarantined ({by_reason} by reason) = {out}",
                self.files, self.in_items, self.duplicates, self.quarantined
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_file_is_noticed() {
        let funnel = Funnel { files: 3, in_items: 1, duplicates: 1, ..Funnel::default() };
        assert!(funnel.check().is_err());
    }
}
