//! The first pass over many files.

use std::collections::BTreeMap;
use std::path::Path;

use isocenter_dcm::{OpenOptions, PatientKey, PatientKeys};
use isocenter_volume::{Cancelled, Ctx};
use rayon::prelude::*;

use super::values::KnownValues;

/// What files tell of their patients.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    keys: PatientKeys,
    known: BTreeMap<PatientKey, KnownValues>,
    passed_over: Vec<usize>,
}

impl Gathered {
    /// Whose an instance is among the files.
    pub fn keys(&self) -> &PatientKeys {
        &self.keys
    }

    /// What is known of a patient; `None` for one that no file names.
    pub fn of(&self, patient: &PatientKey) -> Option<&KnownValues> {
        self.known.get(patient)
    }

    /// The patients and what is known of them, in a fixed order.
    pub fn patients(&self) -> impl Iterator<Item = (&PatientKey, &KnownValues)> {
        self.known.iter()
    }

    /// What is known of all of them. Texts are better searched for this than for what one patient's own files tell: a colleague's name, or that of the
    /// patient examined before, may stand in any of them.
    pub fn all(&self) -> KnownValues {
        let mut all = KnownValues::new();
        self.known.values().for_each(|known| all.merge(known));
        all
    }

    /// The files that could not be opened as DICOM, by their place in the list that was given.
    pub fn passed_over(&self) -> &[usize] {
        &self.passed_over
    }
}

/// Gathers from every file that `open` opens, in the pool of `ctx`; whether to go on is asked before each file. Elements behind
/// the pixels count too, so `open` should read files whole.
///
/// # Errors
/// [`Cancelled`].
pub fn gather_files<P: AsRef<Path> + Sync>(
    paths: &[P],
    open: &OpenOptions,
    ctx: &Ctx<'_>,
) -> Result<Gathered, Cancelled> {
    let stage = ctx.stage("gather", paths.len() as u64);
    let look = |path: &P| {
        stage.check()?;
        let found = open.open(path).ok().map(|original| {
            let mut known = KnownValues::new();
            known.gather(&original.dataset, &original.meta);
            (PatientKey::of(&original.dataset), known)
        });
        stage.advance(1)?;
        Ok(found)
    };
    let found: Vec<Option<(PatientKey, KnownValues)>> =
        ctx.install(|| paths.par_iter().map(look).collect::<Result<_, Cancelled>>())?;
    let keys = PatientKeys::from_iter(found.iter().flatten().map(|(key, _)| key.clone()));
    let mut gathered = Gathered { keys, ..Gathered::default() };
    for (at, found) in found.into_iter().enumerate() {
        match found {
            Some((key, known)) => gathered.known.entry(gathered.keys.resolve(key)).or_default().merge(&known),
            None => gathered.passed_over.push(at),
        }
    }
    Ok(gathered)
}
