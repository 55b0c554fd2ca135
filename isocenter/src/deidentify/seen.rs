//! The first pass: whose each file is, and what it tells.

use std::collections::BTreeMap;

use isocenter_dcm::{
    OpenOptions, PatientKey, PatientKeys,
    scan::{Kind, Scanned},
};
use isocenter_deid::KnownValues;
use isocenter_volume::Ctx;
use rayon::prelude::*;

use crate::Error;

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

/// Gathers from every instance, whole: what stands behind the pixels counts too.
///
/// # Errors
/// [`Error::Cancelled`].
pub(super) fn look(scanned: &[Scanned], ctx: &Ctx<'_>) -> Result<Seen, Error> {
    let stage = ctx.stage("gathering", scanned.len() as u64);
    let one = |file: &Scanned| {
        stage.check()?;
        let is_image = matches!(file.kind, Kind::Dicom(_));
        // a DICOMDIR is nobody's, but names patients
        let is_read = is_image || matches!(file.kind, Kind::Directory(_));
        let found = is_read.then(|| file.open(&OpenOptions::new()).ok()).flatten().map(|original| {
            let mut known = KnownValues::new();
            known.gather(&original.dataset, &original.meta);
            (PatientKey::of(&original.dataset), known, is_image)
        });
        stage.advance(1)?;
        Ok(found)
    };
    let found: Vec<Option<(PatientKey, KnownValues, bool)>> =
        ctx.install(|| scanned.par_iter().map(one).collect::<Result<_, Error>>())?;
    let keys = PatientKeys::from_iter(found.iter().flatten().map(|(key, ..)| key.clone()));
    let mut seen = Seen { patients: Vec::with_capacity(found.len()), known: BTreeMap::new() };
    for found in found {
        let patient = found.and_then(|(key, known, is_instance)| {
            let patient = keys.resolve(key);
            seen.known.entry(patient.clone()).or_default().merge(&known);
            is_instance.then_some(patient)
        });
        seen.patients.push(patient);
    }
    Ok(seen)
}
