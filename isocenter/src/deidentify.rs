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

mod assigned;
mod faces;
mod files;
mod given;
mod outcome;
mod pixel_rules;
mod record;
mod script;
mod sealed;
mod seen;
mod way_back;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use isocenter_dcm::{PatientKey, tags, value};
use isocenter_deid::{
    self as deid, Deidentifier, KnownValues, LeakScan, Profile, ProfileOption, Pseudonyms, Review, burned_in,
    pixels::Reader,
};
use isocenter_volume::Ctx;
use rayon::prelude::*;

pub use self::faces::{Face, Faces};
pub use self::outcome::{Fate, Instances, Quarantined};
pub use self::script::{ScriptFile, ScriptOptions};
pub use self::way_back::{Reidentify, Returned, Way, open_crosswalk, write_table};
use self::{faces::Aligned, files::Input, pixel_rules::PixelRules, record::Marker, seen::Seen, way_back::Kept};
use crate::{
    Error, KeySource,
    faces::Template,
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
    /// Where to keep what became what, encrypted under the key and [`passphrase`](Self::passphrase): the way back. One that is there is opened and added to.
    pub crosswalk: Option<PathBuf>,
    /// A file whose first line the crosswalk asks for besides the key.
    pub passphrase: Option<PathBuf>,
    /// A table of pseudonyms to take in place of keyed ones: CSV with `attribute,original,new`, see [`Table`](isocenter_deid::pseudonym::Table). If it names any patient it has to name all:
    /// files of others are kept out.
    pub assigned: Option<PathBuf>,
    /// Certificates of those who may have the originals back: what identifies is sealed to them in each instance
    /// ([`encrypted`](isocenter_deid::encrypted)). Needs the feature `encrypted-attributes`.
    pub recipients: Vec<PathBuf>,
    /// Whether everything that was changed is sealed, not what identifies alone.
    pub seals_all: bool,
    /// Where to write the distinct values of each attribute of the output, for a person to read: CSV.
    pub review: Option<PathBuf>,
    /// What reads text in pixels, so that labels which name nobody stay, see [`pixels::read`](isocenter_deid::pixels::read).
    pub reader: Option<Arc<dyn Reader>>,
    /// Rules for devices that say where pixels show text ([`Rules`](isocenter_deid::pixels::Rules)): the own form, or a script of CTP's DicomPixelAnonymizer.
    pub pixel_rules: Option<PathBuf>,
    /// What faces are found by, where the profile has [`CleanRecognizableVisualFeatures`](ProfileOption::CleanRecognizableVisualFeatures): it is brought to the best
    /// series of each frame of reference of each patient in each study, and its masks go from all images of it. Without, and where it cannot be brought, images that may
    /// show a face are kept out.
    pub faces: Option<Template>,
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

/// The system's tesseract, or the one at a path, once it has shown that it reads.
///
/// # Errors
/// [`Error::Usage`] where it is not there, or not as it has to be.
#[cfg(feature = "ocr")]
pub fn tesseract(program: &Path) -> Result<Arc<dyn Reader>, Error> {
    let tesseract = deid::pixels::read::Tesseract::at(program);
    tesseract.check().map_err(|error| Error::usage(error.to_string()))?;
    Ok(Arc::new(tesseract))
}

impl Deidentify {
    /// De-identifies `paths` into `out` by a profile, with pseudonyms made by a key.
    pub fn new(paths: Vec<PathBuf>, out: PathBuf, profile: Profile, key: KeySource) -> Self {
        Self {
            paths,
            out,
            profile,
            script: None,
            key,
            names: Names::default(),
            map: None,
            report: None,
            crosswalk: None,
            passphrase: None,
            assigned: None,
            recipients: Vec::new(),
            seals_all: false,
            review: None,
            reader: None,
            pixel_rules: None,
            faces: None,
            resume: false,
        }
    }

    /// De-identifies `paths` into `out` by the script of another program, with pseudonyms made by a key.
    pub fn by_script(paths: Vec<PathBuf>, out: PathBuf, script: ScriptFile, key: KeySource) -> Self {
        let profile = script.script().profile().clone();
        Self { script: Some(script), ..Self::new(paths, out, profile, key) }
    }

    /// Does it. The stages that the observer is told of are those of the scan, and `cleaning` (files).
    ///
    /// # Errors
    /// [`Error::Usage`] before anything is written: a path that cannot be read, an output that holds something else, a table inside the output;
    /// [`Error::Key`], [`Error::Scan`], [`Error::Io`], [`Error::Cancelled`]. What cannot be cleaned is no error but is in [`Instances::quarantine`].
    pub fn run(&self, ctx: &Ctx<'_>) -> Result<Instances, Error> {
        let inputs = checked_inputs(&self.paths)?;
        self.check(&inputs)?;
        let (mut files, archives) = files::find(&inputs, ctx)?;
        let mut remarks = paths::require_files(&inputs, files.iter().map(Input::path))?;
        remarks.extend(archives.remark());
        for (what, file) in self.private_files() {
            paths::apart_from_found(file, files.iter().map(Input::path), what)?;
        }
        let key = self.key.load(false, &mut remarks)?;
        remarks.extend(self.script.iter().flat_map(ScriptFile::remarks));
        let table = self.assigned.as_deref().map(assigned::load).transpose()?;
        let recipients = sealed::recipients(&self.recipients)?;
        let way_back =
            self.crosswalk.as_deref().map(|path| Kept::open(path, &key, self.passphrase.as_deref())).transpose()?;
        let pixel_rules = self.pixel_rules.as_deref().map(PixelRules::read).transpose()?;
        let mut marker = Marker::of(self, &key, table.as_deref(), sealed::digest(&recipients, self.seals_all, &key));
        marker.pixel_rules = pixel_rules.as_ref().map(|rules| rules.digest(&key));
        marker.put(&self.out, self.resume)?;

        let mut names = Pseudonyms::new(&key);
        if let Some(table) = &table {
            names = names.with_assigned(table.clone());
        }
        if let Some(kept) = &way_back {
            names = names.telling(kept.told());
        }
        let seen = seen::patients_of(&mut files);
        let mut places = files::places(self.names, &self.profile, &inputs, &files, &seen, &names);
        if let Some(table) = table.filter(|table| table.names_patients()) {
            assigned::keep_out(&table, &seen, &mut places);
        }
        let searches = ctx.install(|| Searches::new(&seen, self, &names))?;
        let review = self.review.is_some().then(|| Mutex::new(Review::new()));
        let deidentifier = match &self.script {
            Some(script) => Deidentifier::of_script(script.script(), &key),
            None => Deidentifier::new(self.profile.clone(), &key),
        };
        let deidentifier = sealed::seal_to(deidentifier, recipients, self.seals_all);
        let mut deidentifier = deidentifier.with_pseudonyms(names.clone());
        if let Some(reader) = &self.reader {
            deidentifier = deidentifier.with_reader(reader.clone());
        }
        if let Some(rules) = pixel_rules {
            deidentifier = deidentifier.with_pixel_rules(rules.rules);
        }
        let is_wanted = |n: usize| match &places[n] {
            files::Place::At(place) => !self.stands(&self.out.join(place)),
            _ => false,
        };
        let faces = self.faces.as_ref();
        let faces =
            faces.map(|template| faces::find(template, &deidentifier, &files, &seen, &is_wanted, ctx)).transpose()?;
        let run = Run { deidentifier, faces, searches, review };
        let fates = self.clean(&files, &seen, &places, &run, ctx)?;
        let groups = match (&self.review, run.review.and_then(|review| review.into_inner().ok())) {
            (Some(path), Some(review)) => {
                record::review(path, &review)?;
                Some(review.groups())
            }
            _ => None,
        };
        if let Some(kept) = way_back {
            kept.close(&key)?;
        }

        if let Some(path) = &self.report {
            record::report(path, &files, &fates, &names)?;
        }
        if let Some(path) = &self.map {
            files::table(path, &inputs, &files, &places, &fates)?;
        }
        let mut found = Instances::of(&files, &seen, fates, run.faces.map(|faces| faces.counts), remarks);
        found.groups = groups;
        found.insecure = self.script.as_ref().is_some_and(|script| script.script().is_insecure());
        Ok(found)
    }

    /// Whether something is asked for that speaks of every instance: then those that stand are made again.
    fn tells_of_all(&self) -> bool {
        self.report.is_some() || self.crosswalk.is_some() || self.review.is_some()
    }

    /// Whether an output stands already, and stays.
    fn stands(&self, target: &Path) -> bool {
        self.resume && !self.tells_of_all() && target.is_file()
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
        // a script makes ids of its own, which neither a table nor the way back knows
        if self.script.is_some() && (self.crosswalk.is_some() || self.assigned.is_some()) {
            return Err(Error::usage(
                "a script makes its own ids: it goes with neither a crosswalk nor a table of pseudonyms",
            ));
        }
        if self.reader.is_some() && !self.searches_pixels() {
            return Err(Error::usage(
                "text in pixels is read where pixels are searched for it: it takes --option clean-pixel-data, or --profile research",
            ));
        }
        let has_rules = self.script.as_ref().is_some_and(|script| script.script().cleaning().is_some());
        match (&self.pixel_rules, &self.script) {
            (Some(_), Some(_)) if has_rules => {
                return Err(Error::usage(
                    "the script says itself where pixels are blanked: it goes without --pixel-rules",
                ));
            }
            (Some(_), None) if !self.profile.has(ProfileOption::CleanPixelData) => {
                return Err(Error::usage(
                    "rules for devices blank pixels: they take --option clean-pixel-data, or --profile research",
                ));
            }
            _ => {}
        }
        if self.faces.is_some() && !self.profile.has(ProfileOption::CleanRecognizableVisualFeatures) {
            return Err(Error::usage(
                "a template of the face finds what --option clean-recognizable-visual-features removes: it takes that option",
            ));
        }
        for (what, file) in self.private_files() {
            paths::outside(file, &self.out, what)?;
            paths::apart(file, inputs, what)?;
            paths::can_be_made(file, what)?;
        }
        Ok(())
    }

    /// Whether pixels are searched for text.
    fn searches_pixels(&self) -> bool {
        let is_searched = self.script.as_ref().is_none_or(|script| script.script().searches_pixels());
        self.profile.has(ProfileOption::CleanPixelData) && is_searched
    }

    /// Files that are secret, name originals, or are no part of the output, by what they are.
    fn private_files(&self) -> Vec<(&'static str, &Path)> {
        let key = match &self.key {
            KeySource::File(file) => Some(("the key file", file.as_path())),
            _ => None,
        };
        let map = self.map.as_deref().map(|file| ("the table of --map", file));
        let others = [
            ("the file of --report", &self.report),
            ("the crosswalk", &self.crosswalk),
            ("the file of the passphrase", &self.passphrase),
            ("the table of pseudonyms", &self.assigned),
            ("the file of --review", &self.review),
        ];
        let others = others.into_iter().filter_map(|(what, file)| Some((what, file.as_deref()?)));
        key.into_iter().chain(map).chain(others).collect()
    }

    fn clean(
        &self,
        inputs: &[Input],
        seen: &Seen,
        places: &[files::Place],
        run: &Run,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<Fate>, Error> {
        let stage = ctx.stage("cleaning", inputs.len() as u64);
        let one = |n: usize| {
            stage.check()?;
            let fate = match &places[n] {
                files::Place::Refused(reason) => Fate::quarantined(reason, None),
                files::Place::Repeats(first) => match files::are_equal(&inputs[*first], &inputs[n]) {
                    true => Fate::Repeats,
                    false => Fate::quarantined("contradictory-duplicate", None),
                },
                files::Place::At(place) => {
                    let target = self.out.join(place);
                    if self.stands(&target) {
                        Fate::Stands
                    } else {
                        self.one((n, &inputs[n]), seen.patient(n), &target, run, ctx)?
                    }
                }
            };
            stage.advance(1)?;
            Ok(fate)
        };
        ctx.install(|| (0..inputs.len()).into_par_iter().map(one).collect())
    }

    /// One instance: cleaned, searched, written.
    fn one(
        &self,
        (number, original): (usize, &Input),
        patient: Option<&PatientKey>,
        target: &Path,
        run: &Run,
        ctx: &Ctx<'_>,
    ) -> Result<Fate, Error> {
        let Some(patient) = patient else { return Ok(Fate::quarantined("not-dicom", None)) };
        let lazy = match original.file.open_lazy(&isocenter_dcm::OpenOptions::new()) {
            Ok(lazy) => lazy,
            Err(isocenter_dcm::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => return Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        };
        // with clean pixels nothing is left to doubt
        let shows_text = match self.searches_pixels() {
            true => burned_in::Verdict::Clear,
            false => burned_in::judge_instance(lazy.header()),
        };
        let Some(search) = run.searches.of_output.get(patient) else {
            return Err(Error::Internal { message: "a patient without a search".to_owned() });
        };
        let (deidentifier, face) = match run.faces.as_ref().and_then(|faces| faces.of(number)) {
            None => (&run.deidentifier, None),
            Some(Ok((deidentifier, face))) => (deidentifier, Some(face)),
            Some(Err(error)) => return Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        };
        let known = &run.searches.identities;
        let written = deidentifier.apply_lazy(lazy, &patient.to_text(), known, ctx).and_then(|clean| {
            let review = run.review.as_ref().map(|_| {
                let mut own = Review::new();
                let pseudonym = value::string(&clean.header().dataset, tags::PATIENT_ID).unwrap_or_default();
                own.add(&pseudonym, &clean.header().dataset, Some(known));
                own
            });
            Ok((clean.write(target, Some(search), ctx)?, review))
        });
        match written {
            Ok((audit, own)) => {
                // of what is written alone
                if let (Some(own), Some(review)) = (own, &run.review)
                    && let Ok(mut review) = review.lock()
                {
                    review.merge(own);
                }
                Ok(Fate::Written { audit, shows_text, face })
            }
            Err(deid::Error::Cancelled) => Err(Error::Cancelled),
            // what cannot be written ends the run, what cannot be read costs the file
            Err(deid::Error::Io { path, source, .. }) => Err(Error::Io { action: "write a file", path, source }),
            Err(deid::Error::Dicom(isocenter_dcm::Error::Io { path, action: "write", source })) => {
                let path = path.unwrap_or_else(|| target.to_owned());
                Err(Error::Io { action: "write a file", path, source })
            }
            Err(error) => Ok(Fate::quarantined(error.reason(), Some(error.to_string()))),
        }
    }
}

/// What the workers of a run share.
struct Run {
    deidentifier: Deidentifier,
    /// What takes the face from files, where a template finds it.
    faces: Option<Aligned>,
    searches: Searches,
    /// What is written, for a person to read.
    review: Option<Mutex<Review>>,
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
        let identities = || match script {
            Some(script) => LeakScan::identities_of_script(&seen.all(), script),
            None => LeakScan::identities(&seen.all()),
        };
        let of_one = |(patient, known): (&PatientKey, &KnownValues)| {
            let days = names.date_shift_days(&patient.to_text());
            let search = match script {
                Some(script) => LeakScan::of_script(known, script),
                None => LeakScan::of_output(known, &job.profile, days),
            };
            Ok((patient.clone(), search?))
        };
        let of_output = || seen.patients().collect::<Vec<_>>().into_par_iter().map(of_one).collect::<Result<_, _>>();
        let (identities, of_output) = rayon::join(identities, of_output);
        let (identities, of_output) = (identities.map_err(Error::Scan)?, of_output.map_err(Error::Scan)?);
        Ok(Self { identities, of_output })
    }
}
