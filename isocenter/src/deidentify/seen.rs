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
        let is_instance = matches!(file.kind, Kind::Dicom(_) | Kind::Directory(_));
        let found = is_instance.then(|| file.open(&OpenOptions::new()).ok()).flatten().map(|original| {
            let mut known = KnownValues::new();
            known.gather(&original.dataset, &original.meta);
            (PatientKey::of(&original.dataset), known)
        });
        stage.advance(1)?;
        Ok(found)
    };
    let found: Vec<Option<(PatientKey, KnownValues)>> =
        ctx.install(|| scanned.par_iter().map(one).collect::<Result<_, Error>>())?;
    let keys = PatientKeys::from_iter(found.iter().flatten().map(|(key, _)| key.clone()));
    let mut seen = Seen { patients: Vec::with_capacity(found.len()), known: BTreeMap::new() };
    for found in found {
        let patient = found.map(|(key, known)| {
            let patient = keys.resolve(key);
            seen.known.entry(patient.clone()).or_default().merge(&known);
            patient
        });
        seen.patients.push(patient);
    }
    Ok(seen)
}
