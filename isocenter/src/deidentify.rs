//! Folders of DICOM, de-identified: the library call behind `isocenter deid`.
//!
//! A script of another de-identifier may stand in the place of a profile ([`Deidentify::by_script`]).
//!
//! Two passes: the first gathers what identifies each patient, from every file; the second cleans one instance after the other, each a pure function of
//! its file, of what was gathered, of profile and key. What is to be written is searched before it is, in every encoding, for all that is known of its
//! patient; what holds any of it is kept out. Nothing that is written names an original: outputs are called by the new ids.
//!
//! # Examples
//! ```no_run
//! use isocenter::{Deidentify, KeySource, deid::Profile, volume::Ctx};
//!
//! let job = Deidentify::new(vec!["scans".into()], "clean".into(), Profile::basic(), KeySource::File("project.key".into()));
//! let outcome = job.run(&Ctx::default())?;
//! println!("{} instances written, {} kept out", outcome.written, outcome.quarantined);
//! # Ok::<_, isocenter::Error>(())
//! ```

mod files;
mod outcome;
mod record;
mod script;
mod seen;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_dcm::{PatientKey, scan::Scanned};
use isocenter_deid::{Deidentifier, Key, LeakScan, Profile, ProfileOption, Pseudonyms, burned_in};
use isocenter_files::beside;
use isocenter_volume::Ctx;
use rayon::prelude::*;

pub use self::{
    outcome::{Fate, Instances, Quarantined},
    script::{ScriptFile, ScriptOptions},
};
use self::{record::Marker, seen::Seen};
use crate::{
    Error, KeySource,
    prepare::{checked_inputs, paths},
};

/// The job and its options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Deidentify {
    /// Input files, folders and zip archives.
    pub paths: Vec<PathBuf>,
    /// The output folder: new or empty, or one that a run of the same profile and key began ([`resume`](Self::resume)).
    pub out: PathBuf,
    /// What may stay.
    pub profile: Profile,
    /// The script of another program in the place of the profile, which is then the script's own.
    pub script: Option<ScriptFile>,
    /// Where the secret comes from that pseudonyms are made with.
    pub key: KeySource,
    /// How outputs are called.
    pub names: Names,
    /// Where to write the table `in,out` of original and new paths; outside the output and every input. Both are relative: to the output, and to the
    /// input where it is one folder.
    pub map: Option<PathBuf>,
    /// Where to write one line of JSON for each file: what was done to each element. It names no original.
    pub report: Option<PathBuf>,
    /// Go on with a run that was cut off: what is whole in the output stays.
    pub resume: bool,
}

/// How outputs are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// `PATIENT/STUDY/SERIES/INSTANCE.dcm`, by the new ids.
    #[default]
    ByIds,
    /// As the originals are, below the path that was given. A name may be a patient's: the caller sees to it that none is.
    Kept,
}

/// A profile by its name ([`Profile::by_name`]) or from a file of TOML or JSON.
///
/// # Errors
/// [`Error::Usage`] for what is neither, and for a file that says what is not understood.
pub fn load_profile(name: &str) -> Result<Profile, Error> {
    if let Some(profile) = Profile::by_name(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!(
            "{name} is neither a profile ({}) nor a file that can be read: {error}",
            Profile::NAMES.join(", ")
        ))
    })?;
    let profile = match path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        true => serde_json::from_str(&text).map_err(|error| error.to_string()),
        false => toml::from_str(&text).map_err(|error| error.to_string()),
    };
    profile.map_err(|error| Error::usage(format!("the profile {name} cannot be used: {error}")))
}

impl Deidentify {
    /// De-identifies `paths` into `out` by a profile, with pseudonyms made by a key.
    pub fn new(paths: Vec<PathBuf>, out: PathBuf, profile: Profile, key: KeySource) -> Self {
        Self { paths, out, profile, script: None, key, names: Names::default(), map: None, report: None, resume: false }
    }

    /// De-identifies `paths` into `out` by the script of another program, with pseudonyms made by a key.
    pub fn by_script(paths: Vec<PathBuf>, out: PathBuf, script: ScriptFile, key: KeySource) -> Self {
        let profile = script.script().profile().clone();
        Self { script: Some(script), ..Self::new(paths, out, profile, key) }
    }

    /// Does it. The stages that the observer is told of are `reading headers`, `gathering` and `cleaning` (files).
    ///
    /// # Errors
    /// [`Error::Usage`] before anything is written: a path that cannot be read, an output that holds something else, a table inside the output;
    /// [`Error::Key`], [`Error::Scan`], [`Error::Io`], [`Error::Cancelled`]. What cannot be cleaned is no error but is in [`Instances::quarantine`].
    pub fn run(&self, ctx: &Ctx<'_>) -> Result<Instances, Error> {
        let inputs = checked_inputs(&self.paths)?;
        self.check(&inputs)?;
        let (scanned, archives) = files::find(&inputs, ctx)?;
        let mut remarks = paths::require_files(&inputs, scanned.iter().map(|file| file.path.as_path()))?;
        remarks.extend(archives.remark());
        for (what, file) in self.private_files() {
            paths::apart_from_found(file, scanned.iter().map(|file| file.path.as_path()), what)?;
        }
        let key = self.key.load(false, &mut remarks)?;
        remarks.extend(self.script.iter().flat_map(ScriptFile::remarks));
        let marker = Marker::of(&self.profile, self.script.as_ref(), &key, self.names);
        marker.put(&self.out, self.resume)?;

        let names = Pseudonyms::new(&key);
        let seen = seen::look(&scanned, ctx)?;
        let places = files::places(self.names, &self.profile, &inputs, &scanned, &seen, &names);
        let searches = Searches::new(&seen, self, &names)?;
        let fates = self.clean(&scanned, &seen, &places, &searches, &key, ctx)?;

        if let Some(path) = &self.report {
            record::report(path, &scanned, &fates, &names)?;
        }
        if let Some(path) = &self.map {
            files::table(path, &inputs, &scanned, &places, &fates)?;
        }
        let mut found = Instances::of(&scanned, &seen, fates, remarks);
        found.insecure = self.script.as_ref().is_some_and(|script| script.script().is_insecure());
        Ok(found)
    }

    fn check(&self, inputs: &[PathBuf]) -> Result<(), Error> {
        match (Marker::is_in(&self.out), self.resume) {
            (true, true) => paths::apart_from_inputs(&self.out, inputs)?,
            (true, false) => {
                return Err(Error::usage(format!(
                    "the output folder {} holds what another run de-identified; --resume goes on with it, or choose a new folder",
                    self.out.display()
                )));
            }
            (false, _) => paths::output(&self.out, inputs)?,
        }
        for (what, file) in self.private_files() {
            paths::outside(file, &self.out, what)?;
            paths::apart(file, inputs, what)?;
            paths::can_be_made(file, what)?;
        }
        Ok(())
    }

    /// Files that are secret, name originals, or are no part of the output, by what they are.
    fn private_files(&self) -> Vec<(&'static str, &Path)> {
        let key = match &self.key {
            KeySource::File(file) => Some(("the key file", file.as_path())),
            _ => None,
        };
        let map = self.map.as_deref().map(|file| ("the table of --map", file));
        let report = self.report.as_deref().map(|file| ("the file of --report", file));
        key.into_iter().chain(map).chain(report).collect()
    }

    fn clean(
        &self,
        scanned: &[Scanned],
        seen: &Seen,
        places: &[files::Place],
        searches: &Searches,
        key: &Key,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<Fate>, Error> {
        let stage = ctx.stage("cleaning", scanned.len() as u64);
        let deidentifier = match &self.script {
            Some(script) => Deidentifier::of_script(script.script(), key),
            None => Deidentifier::new(self.profile.clone(), key),
        };
        let one = |n: usize| {
            stage.check()?;
            let fate = match &places[n] {
                files::Place::Refused(reason) => Fate::quarantined(reason, None),
                files::Place::Repeats(first) => match files::are_equal(&scanned[*first], &scanned[n]) {
                    true => Fate::Repeats,
                    false => Fate::quarantined("contradictory-duplicate", None),
                },
                files::Place::At(place) => {
                    let target = self.out.join(place);
                    if self.resume && self.report.is_none() && target.is_file() {
                        Fate::Stands
                    } else {
                        self.one(&scanned[n], seen.patient(n), &target, &deidentifier, searches, ctx)?
                    }
                }
            };
            stage.advance(1)?;
            Ok(fate)
        };
        ctx.install(|| (0..scanned.len()).into_par_iter().map(one).collect())
    }

    /// One instance: cleaned, searched, written.
    fn one(
        &self,
        original: &Scanned,
        patient: Option<&PatientKey>,
        target: &Path,
        deidentifier: &Deidentifier,
        searches: &Searches,
        ctx: &Ctx<'_>,
    ) -> Result<Fate, Error> {
        let Some(patient) = patient else { return Ok(Fate::quarantined("not-dicom", None)) };
        let mut instance = match original.open(&isocenter_dcm::OpenOptions::new()) {
            Ok(instance) => instance,
            Err(isocenter_dcm::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => return Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        };
        // with clean pixels nothing is left to doubt
        let is_searched = self.script.as_ref().is_none_or(|script| script.script().searches_pixels());
        let shows_text = match self.profile.has(ProfileOption::CleanPixelData) && is_searched {
            true => burned_in::Verdict::Clear,
            false => burned_in::judge_instance(&instance),
        };
        let audit = match deidentifier.apply_with(&mut instance, &patient.to_text(), &searches.identities, ctx) {
            Ok(audit) => audit,
            Err(isocenter_deid::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => return Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        };
        let bytes = match instance.to_bytes() {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        };
        let Some(search) = searches.of_output.get(patient) else {
            return Err(Error::Internal { message: "a patient without a search".to_owned() });
        };
        let hits = search.scan_content(&bytes, ctx).map_err(|error| match error {
            isocenter_deid::Error::Cancelled => Error::Cancelled,
            other => Error::Scan(other),
        })?;
        if let Some(hit) = hits.first() {
            // the keyword of an element, never its value
            return Ok(Fate::quarantined("failed-verification", Some(format!("a value of {} is left", hit.source))));
        }
        beside::write_making_folders(target, &bytes).map_err(Error::io("write a file", target))?;
        Ok(Fate::Written { audit, shows_text })
    }
}

/// What is looked for.
struct Searches {
    /// In texts that stay: what any file tells.
    identities: LeakScan,
    /// In what is to be written, by patient: what that patient's files tell and neither profile nor script lets out.
    of_output: BTreeMap<PatientKey, LeakScan>,
}

impl Searches {
    fn new(seen: &Seen, job: &Deidentify, names: &Pseudonyms) -> Result<Self, Error> {
        let script = job.script.as_ref().map(ScriptFile::script);
        let identities = match script {
            Some(script) => LeakScan::identities_of_script(&seen.all(), script),
            None => LeakScan::identities(&seen.all()),
        };
        let identities = identities.map_err(Error::Scan)?;
        let of_output = seen
            .patients()
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(patient, known)| {
                let days = names.date_shift_days(&patient.to_text());
                let search = match script {
                    Some(script) => LeakScan::of_script(known, script),
                    None => LeakScan::of_output(known, &job.profile, days),
                };
                Ok((patient.clone(), search.map_err(Error::Scan)?))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self { identities, of_output })
    }
}
