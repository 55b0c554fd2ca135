//! De-identified DICOM: every instance that went into an item, by the Basic Profile, under its new ids.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use isocenter_dcm::{OpenOptions, PatientKeys, scan::Kind};
use isocenter_deid::{Deidentifier, KnownValues, LeakScan, Profile};
use isocenter_files::make_folders;
use rayon::prelude::*;

use crate::{Error, prepare::run::Run};

/// What was exported.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    pub(crate) instances: usize,
    /// Elements by what was done to them.
    pub(crate) actions: BTreeMap<String, usize>,
}

/// Writes `dicom/PATIENT/STUDY/SERIES/INSTANCE.dcm` for the DICOM files among `files`.
pub(crate) fn write(
    run: &Run<'_>,
    files: &BTreeSet<usize>,
    known: &KnownValues,
    keys: &PatientKeys,
) -> Result<Exported, Error> {
    let deidentifier = Deidentifier::new(Profile::basic(), run.key);
    // names, ids, places and dates of the whole run are looked for in the text that stays
    let known = LeakScan::identities(known).map_err(Error::Scan)?;
    let actions = Mutex::new(BTreeMap::<String, usize>::new());
    let dicom: Vec<usize> =
        files.iter().copied().filter(|f| matches!(run.inputs.scanned[*f].kind, Kind::Dicom(_))).collect();
    dicom.par_iter().try_for_each(|&file| {
        run.ctx.check()?;
        let failed = |what: &str| Error::Verification {
            message: format!("input file {} could not be {what} for the DICOM export", run.inputs.ids[file]),
        };
        let mut instance = OpenOptions::new().open(run.inputs.path(file)).map_err(|_| failed("opened"))?;
        let patient = keys.of(&instance.dataset).to_text();
        let audit = deidentifier.apply_with(&mut instance, &patient, &known, &run.ctx).map_err(|e| match e {
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
        if let Ok(mut actions) = actions.lock() {
            for (action, count) in audit.counts() {
                *actions.entry(name_of(action)).or_default() += count;
            }
        }
        Ok::<_, Error>(())
    })?;
    Ok(Exported { instances: dicom.len(), actions: actions.into_inner().unwrap_or_default() })
}

fn name_of(action: isocenter_deid::Action) -> String {
    serde_json::to_value(action).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
