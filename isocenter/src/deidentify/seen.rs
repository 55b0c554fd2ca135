//! What the first pass saw: whose each file is, and what is known of each patient.

use std::collections::BTreeMap;

use isocenter_dcm::{PatientKey, PatientKeys};
use isocenter_deid::KnownValues;

use super::files::{Input, What};

/// What the files tell of their patients.
pub(super) struct Seen {
    /// By file; `None` for what is no instance.
    patients: Vec<Option<PatientKey>>,
    known: BTreeMap<PatientKey, KnownValues>,
}

impl Seen {
    /// Whose a file is.
    pub(super) fn patient(&self, file: usize) -> Option<&PatientKey> {
        self.patients.get(file)?.as_ref()
    }

    /// How many patients there are instances of.
    pub(super) fn count(&self) -> usize {
        self.patients.iter().flatten().collect::<std::collections::BTreeSet<_>>().len()
    }

    /// The patients and what is known of each.
    pub(super) fn patients(&self) -> impl Iterator<Item = (&PatientKey, &KnownValues)> {
        self.known.iter()
    }

    /// What is known of all of them: a colleague, or the patient examined before, may be named in any file.
    pub(super) fn all(&self) -> KnownValues {
        let mut all = KnownValues::new();
        self.known.values().for_each(|known| all.merge(known));
        all
    }
}

/// Whose each file is, by all of them.
pub(super) fn patients_of(files: &mut [Input]) -> Seen {
    let key = |file: &Input| match &file.what {
        What::Instance { patient, .. } | What::Directory { patient, .. } => Some(patient.clone()),
        What::Failed(_) | What::Other => None,
    };
    let keys = PatientKeys::from_iter(files.iter().filter_map(key));
    let mut seen = Seen { patients: Vec::with_capacity(files.len()), known: BTreeMap::new() };
    for file in files {
        let patient = key(file).map(|key| keys.resolve(key));
        let is_instance = matches!(file.what, What::Instance { .. });
        if let (Some(patient), What::Instance { known, .. } | What::Directory { known, .. }) =
            (&patient, &mut file.what)
        {
            // each file's own are not asked for again
            seen.known.entry(patient.clone()).or_default().merge(&std::mem::take(known));
        }
        seen.patients.push(patient.filter(|_| is_instance));
    }
    seen
}
