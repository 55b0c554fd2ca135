//! De-identified DICOM: every instance that went into an item, by the Basic Profile, under its new ids.
//!
//! What is written is searched at once: an instance that holds a value of the input keeps its item out.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use isocenter_dcm::{OpenOptions, PatientKeys, scan::Kind};
use isocenter_deid::{Deidentifier, Profile};
use isocenter_files::make_folders;
use rayon::prelude::*;

use crate::{Error, prepare::run::Run, verify};

/// What was exported, by the number of the input file.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    instances: BTreeMap<usize, Written>,
}

/// One instance.
#[derive(Debug)]
struct Written {
    path: PathBuf,
    /// Elements by what was done to them.
    actions: BTreeMap<String, usize>,
    /// Fields of the input whose values it holds.
    leaks: BTreeSet<String>,
}

impl Exported {
    /// How many instances there are.
    pub(crate) fn len(&self) -> usize {
        self.instances.len()
    }

    /// Elements by what was done to them.
    pub(crate) fn actions(&self) -> BTreeMap<String, usize> {
        let mut all = BTreeMap::new();
        for (action, count) in self.instances.values().flat_map(|w| &w.actions) {
            *all.entry(action.clone()).or_default() += count;
        }
        all
    }

    /// Fields of the input whose values the instance of a file holds.
    pub(crate) fn leaks_of(&self, file: usize) -> impl Iterator<Item = &String> {
        self.instances.get(&file).into_iter().flat_map(|w| &w.leaks)
    }

    /// Removes the instances of all but the given files.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn retain(&mut self, files: &BTreeSet<usize>) -> Result<(), Error> {
        for (_, written) in self.instances.extract_if(.., |file, _| !files.contains(file)) {
            std::fs::remove_file(&written.path).map_err(Error::io("remove a file", &written.path))?;
            // series, study and patient: a folder that others still need is not empty, and stays
            written.path.ancestors().skip(1).take(3).for_each(|folder| drop(std::fs::remove_dir(folder)));
        }
        Ok(())
    }
}

/// Writes `dicom/PATIENT/STUDY/SERIES/INSTANCE.dcm` for the DICOM files among `files`.
pub(crate) fn write(run: &Run<'_>, files: &BTreeSet<usize>, keys: &PatientKeys) -> Result<Exported, Error> {
    let deidentifier = Deidentifier::new(Profile::basic(), run.key);
    let dicom: Vec<usize> =
        files.iter().copied().filter(|f| matches!(run.inputs.scanned[*f].kind, Kind::Dicom(_))).collect();
    let write = |file: usize| {
        run.ctx.check()?;
        let failed = |what: &str| Error::Verification {
            message: format!("input file {} could not be {what} for the DICOM export", run.inputs.ids[file]),
        };
        let mut instance = run.inputs.scanned[file].open(&OpenOptions::new()).map_err(|_| failed("opened"))?;
        let patient = keys.of(&instance.dataset).to_text();
        // names, ids, places and dates of the whole run are looked for in the text that stays
        let audit =
            deidentifier.apply_with(&mut instance, &patient, run.identities, &run.ctx).map_err(|e| match e {
                isocenter_deid::Error::Cancelled => Error::Cancelled,
                _ => failed("de-identified"),
            })?;
        let part = |uid: Option<String>, what: &str| run.names.token(what, uid.as_deref().unwrap_or_default());
        let path = run
            .prepare
            .out
            .join("dicom")
            .join(isocenter_dcm::value::string(&instance.dataset, isocenter_dcm::tags::PATIENT_ID).unwrap_or_default())
            .join(part(instance.study_instance_uid(), "dicom-study"))
            .join(part(instance.series_instance_uid(), "dicom-series"))
            .join(format!("{}.dcm", part(instance.sop_instance_uid(), "dicom-instance")));
        make_folders(&path).map_err(Error::io("make a folder", &path))?;
        instance.write(&path).map_err(|e| match e {
            isocenter_dcm::Error::Io { path, source, .. } => {
                Error::Io { action: "write a DICOM file", path: path.unwrap_or_default(), source }
            }
            _ => failed("written"),
        })?;
        let mut actions = BTreeMap::new();
        for (action, count) in audit.counts() {
            *actions.entry(name_of(action)).or_default() += count;
        }
        let leaks = verify::leaks_in(&path, &run.prepare.out, run.scan, &run.ctx)?;
        let leaks = leaks.into_iter().map(|leak| leak.attribute).collect();
        Ok::<_, Error>((file, Written { path, actions, leaks }))
    };
    let instances = dicom.par_iter().map(|file| write(*file)).collect::<Result<_, Error>>()?;
    Ok(Exported { instances })
}

fn name_of(action: isocenter_deid::Action) -> String {
    serde_json::to_value(action).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
