//! From a plan to files: names, volumes, what goes beside them, and a record of each.
//!
//! [`Outputs`] say what is written and how it is called; [`Outputs::write`] reads one planned volume after another and writes it, so
//! that memory holds one at a time, and tells what became of each as a [`Record`]. Nothing that may identify a person is in a name or a
//! file unless [`Identity::Keep`] allows it.
//!
//! # Examples
//! ```no_run
//! use isocenter_convert::{Facts, Options, output::Outputs, plan::plan};
//! use isocenter_dcm::scan::scan_with;
//! use isocenter_volume::Ctx;
//!
//! let files = scan_with(&["study"], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
//! let mut plan = plan(&files, &Options::default())?;
//! for record in Outputs::to("out").write(&mut plan, &files, &Options::default())? {
//!     println!("{} files: {:?}", record.files, record.outputs);
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod error;
#[cfg(feature = "serde")]
pub(crate) mod manner;
#[cfg(feature = "bids")]
mod mapped;
mod name;
mod overlays;
mod part;
mod record;
mod shape;
mod template;
#[cfg(feature = "upright")]
mod tilt;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use isocenter_formats as formats;
use isocenter_volume::{DynVolume, Family, Frame, Geometry, Head};

pub(crate) use self::name::Name;
#[cfg(feature = "upright")]
pub use self::tilt::upright;
pub use self::{
    error::Error,
    record::{Axis, Note, Record},
    template::{Template, TemplateError},
};
#[cfg(feature = "bids")]
use crate::bids::{self, Mapping, Subject};
pub use crate::sidecar::Identity;
use crate::{
    Converted, Facts, GradientTable, Options, Plan, Reason, SeriesPlan, Sidecar, read::read, sidecar::SidecarOptions,
};

/// What is written for each volume of a plan, and how it is called.
#[derive(Clone, Debug)]
pub struct Outputs {
    target: PathBuf,
    template: Template,
    folder: String,
    extension: String,
    identity: Identity,
    sidecar_identity: Option<Identity>,
    conflict: Conflict,
    volumes: bool,
    sidecar: bool,
    overlays: bool,
    #[cfg(feature = "upright")]
    upright: bool,
    #[cfg(feature = "bids")]
    mapping: Option<Arc<Mapping>>,
    #[cfg(feature = "bids")]
    subject: Option<Subject>,
    from_bottom: bool,
    shard: Option<(usize, usize)>,
    level: u32,
    /// The names of a plan that were decided before.
    planned: Option<Arc<Vec<Fate>>>,
}

/// What is done about a file that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conflict {
    /// Nothing is written at all: an error.
    #[default]
    Refuse,
    /// It is replaced.
    Replace,
    /// It stays, and its volume is not written.
    Skip,
    /// It stays, and the new name gets a letter.
    Letter,
}

impl Outputs {
    /// Gzipped NIfTI below a folder, which is made where it does not exist, by the default names.
    pub fn to(target: impl Into<PathBuf>) -> Self {
        Self {
            target: target.into(),
            template: Template::default(),
            folder: String::new(),
            extension: "nii.gz".to_owned(),
            identity: Identity::Drop,
            sidecar_identity: None,
            conflict: Conflict::Refuse,
            volumes: true,
            sidecar: true,
            overlays: false,
            #[cfg(feature = "upright")]
            upright: false,
            #[cfg(feature = "bids")]
            mapping: None,
            #[cfg(feature = "bids")]
            subject: None,
            from_bottom: false,
            shard: None,
            level: 6,
            planned: None,
        }
    }

    /// Sets the names.
    #[must_use]
    pub fn names(mut self, template: Template) -> Self {
        self.template = template;
        self
    }

    /// Sets what `%f` stands for: the name of the folder that is converted.
    #[must_use]
    pub fn folder(mut self, name: impl Into<String>) -> Self {
        self.folder = name.into();
        self
    }

    /// Sets the kind of file by its extension, such as `nii`, `nrrd` or `mha`.
    #[must_use]
    pub fn extension(mut self, extension: impl Into<String>) -> Self {
        self.extension = extension.into().trim_start_matches('.').to_owned();
        self
    }

    /// Sets whether what may identify a person goes into names and sidecars.
    #[must_use]
    pub const fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Sets it for sidecars alone; names keep what [`Outputs::identity`] says.
    #[must_use]
    pub const fn sidecar_identity(mut self, identity: Identity) -> Self {
        self.sidecar_identity = Some(identity);
        self
    }

    /// Sets what is done about files that are there.
    #[must_use]
    pub const fn conflict(mut self, conflict: Conflict) -> Self {
        self.conflict = conflict;
        self
    }

    /// Sets whether volumes are written; without them sidecars alone are, and no pixel is read.
    #[must_use]
    pub const fn volumes(mut self, volumes: bool) -> Self {
        self.volumes = volumes;
        self
    }

    /// Sets whether a JSON sidecar is written beside each volume: what is known of it, by the names of BIDS and dcm2niix.
    #[must_use]
    pub const fn sidecar(mut self, sidecar: bool) -> Self {
        self.sidecar = sidecar;
        self
    }

    /// Sets whether overlays are written as masks, `..._ROI1` and on.
    #[must_use]
    pub const fn overlays(mut self, overlays: bool) -> Self {
        self.overlays = overlays;
        self
    }

    /// Sets whether a volume of a tilted gantry is written on a grid of right angles too, as `..._Tilt`; see [`upright`].
    #[cfg(feature = "upright")]
    #[must_use]
    pub const fn upright(mut self, upright: bool) -> Self {
        self.upright = upright;
        self
    }

    /// Sets that volumes go into a data set of BIDS, as volumes of one subject, by a mapping: those that no description of it fits are
    /// not written. The names of [`Outputs::names`] are then what the mapping takes for the names of dcm2niix, and stand nowhere. Rows
    /// are stored as with [`Outputs::rows_from_bottom`], since mappings tell directions of phase encoding by dcm2niix's signs.
    #[cfg(feature = "bids")]
    #[must_use]
    pub fn bids(mut self, mapping: impl Into<Arc<Mapping>>, subject: Subject) -> Self {
        self.mapping = Some(mapping.into());
        self.subject = Some(subject);
        self.from_bottom = true;
        self
    }

    /// Sets whether NIfTI files store the rows of an image that lies in a patient from the last to the first, as dcm2niix does; else they
    /// are stored as in DICOM. Either is right by its affine. What counts along the stored axes follows: gradients, and the sign of
    /// *PhaseEncodingDirection* along j, which some programs and many habits take as dcm2niix has it.
    #[must_use]
    pub const fn rows_from_bottom(mut self, from_bottom: bool) -> Self {
        self.from_bottom = from_bottom;
        self
    }

    /// Sets that only the volumes of a shard of the plan are written, `index` from 0 of `count`, by [`Plan::shard`]: several processes that
    /// plan the same files write each volume once. Names are those that a whole run gives.
    #[must_use]
    pub const fn shard(mut self, index: usize, count: usize) -> Self {
        self.shard = Some((index, count));
        self
    }

    /// Sets the level of compression, 0 to 9.
    #[must_use]
    pub fn level(mut self, level: u32) -> Self {
        self.level = level.min(9);
        self
    }

    /// What would be written: a record for each volume of the plan, with the name of its main file, and none written.
    ///
    /// # Errors
    /// [`Error::Identifies`], [`Error::Exists`], [`Error::Convert`], [`Error::Cancelled`].
    pub fn forecast(&self, plan: &Plan, files: &[Facts], options: &Options<'_>) -> Result<Vec<Record>, Error> {
        let names = self.all_names(plan, files, options)?.own;
        let told = plan.series.iter().zip(names).filter_map(|(series, name)| {
            let mut record = Record::of(series, files, self.identity);
            match name? {
                Ok(name) => {
                    record.outputs.push(self.relative(&name.stem));
                    record.named(&name);
                }
                Err(note) => record.unmapped = Some(note),
            }
            Some(record)
        });
        Ok(told.collect())
    }

    /// Reads and writes all volumes of a plan, one after another. A volume that cannot be read moves from the plan's series to what it
    /// rejects; its record has no output.
    ///
    /// # Errors
    /// [`Error`]: what stands in the way of writing, or of going on.
    pub fn write(&self, plan: &mut Plan, files: &[Facts], options: &Options<'_>) -> Result<Vec<Record>, Error> {
        let Names { own: names, mut taken } = self.all_names(plan, files, options)?;
        let stage = options.ctx.stage("volumes", names.len() as u64);
        let mut records = Vec::with_capacity(names.len());
        let mut failed = Vec::new();
        for (number, (series, name)) in plan.series.iter().zip(&names).enumerate() {
            let begun = Instant::now();
            let mut record = Record::of(series, files, self.identity);
            let name = match name {
                None => {
                    stage.advance(1)?;
                    continue;
                }
                Some(Ok(name)) => name,
                Some(Err(note)) => {
                    record.unmapped = Some(note.clone());
                    records.push(record);
                    stage.advance(1)?;
                    continue;
                }
            };
            record.named(name);
            let main = self.target.join(self.relative(&name.stem));
            let converted = match (self.conflict, self.volumes) {
                (Conflict::Skip, _) if main.exists() => Ok(None),
                (_, false) => self.known(series, name, files, options).map(|known| Some((None, known))),
                _ => read(series, files, options)
                    .and_then(|converted| Ok(Some((Some(converted), self.known(series, name, files, options)?)))),
            };
            match converted {
                Ok(None) => {}
                Ok(Some((None, known))) => record.outputs = self.beside(None, &known, &name.stem)?,
                Ok(Some((Some(converted), known))) => {
                    let table = self.table(converted.volume.head())?;
                    let others = self.others(series, &converted, &mut record, files, options)?;
                    let repetition_s = known.get("RepetitionTime").and_then(serde_json::Value::as_f64);
                    match self.volume(converted.volume, &name.stem, repetition_s, options) {
                        Ok(written) => {
                            record.outputs = written;
                            for (mark, volume) in others {
                                let stem = free(format!("{}{mark}", name.stem), &mut taken);
                                match self.volume(volume, &stem, repetition_s, options) {
                                    Ok(written) => record.outputs.extend(written),
                                    Err(error) if is_of_one(&error) => {
                                        record.note("not-beside", format!("no {stem} was made: {}", whole(&error)));
                                    }
                                    Err(error) => return Err(error),
                                }
                            }
                            record.outputs.extend(self.beside(table, &known, &name.stem)?);
                        }
                        // what this kind of file cannot hold keeps no other volume back
                        Err(Error::Write { source, .. }) if source.family() == Family::Unsupported => {
                            record.refused = Some(Note { code: source.reason(), text: source.to_string() });
                        }
                        Err(Error::Convert(error)) => failed.push((number, refused(&mut record, error)?)),
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => failed.push((number, refused(&mut record, error)?)),
            }
            record.seconds = begun.elapsed().as_secs_f64();
            records.push(record);
            stage.advance(1)?;
        }
        for (number, verdict) in failed.into_iter().rev() {
            plan.fail(number, &verdict);
        }
        #[cfg(feature = "bids")]
        if let Some(subject) = &self.subject
            && records.iter().any(|record| !record.outputs.is_empty())
        {
            bids::enter(&self.target, subject).map_err(|source| Error::Text { path: self.target.clone(), source })?;
        }
        Ok(records)
    }

    /// The names, once nothing speaks against them; or why a volume has none.
    fn all_names(&self, plan: &Plan, files: &[Facts], options: &Options<'_>) -> Result<Names, Error> {
        let names = match &self.planned {
            Some(planned) if planned.len() == plan.series.len() => planned.to_vec(),
            Some(_) => return Err(crate::Error::OtherFiles.into()),
            None => self.names_of(plan, files, options)?,
        };
        let taken = names.iter().flatten().map(|name| name.stem.to_lowercase()).collect();
        let mut names: Vec<Option<Fate>> = names.into_iter().map(Some).collect();
        if let Some((index, count)) = self.shard {
            let own = plan.shard(index, count);
            let others = names.iter_mut().enumerate().filter(|(number, _)| own.binary_search(number).is_err());
            others.for_each(|(_, name)| *name = None);
        }
        let there = names.iter().flatten().flatten().find_map(|name| self.there(&name.stem));
        match there.filter(|_| self.conflict == Conflict::Refuse) {
            Some(path) => Err(Error::Exists { path }),
            None => Ok(Names { own: names, taken }),
        }
    }

    /// The name of each volume of the plan.
    pub(crate) fn names_of(&self, plan: &Plan, files: &[Facts], options: &Options<'_>) -> Result<Vec<Fate>, Error> {
        #[cfg(feature = "bids")]
        if let (Some(mapping), Some(subject)) = (&self.mapping, &self.subject) {
            return mapped::names(self, mapping, subject, plan, files, options);
        }
        if let Some(letter) = self.template.identifying(self.identity) {
            return Err(Error::Identifies(letter));
        }
        let is_there = |stem: &str| self.conflict == Conflict::Letter && self.there(stem).is_some();
        let names = name::names(plan, files, &self.template, &self.folder, &is_there, options)?;
        Ok(names.into_iter().map(Ok).collect())
    }

    /// The first file of a volume that is there, or of what may stand beside it.
    fn there(&self, stem: &str) -> Option<PathBuf> {
        let beside = ["json", "bval", "bvec"].into_iter().map(|extension| PathBuf::from(format!("{stem}.{extension}")));
        // slices of several planes lie in files of their own
        let first = (self.extension == "png").then(|| PathBuf::from(format!("{stem}_0001.png")));
        let all = std::iter::once(self.relative(stem)).chain(first).chain(beside);
        all.map(|relative| self.target.join(relative)).find(|path| path.exists())
    }

    fn relative(&self, stem: &str) -> PathBuf {
        PathBuf::from(format!("{stem}.{}", self.extension))
    }

    /// The volumes that are written beside one, each with the mark on its name. What cannot be made keeps the volume itself not back.
    fn others(
        &self,
        series: &SeriesPlan,
        converted: &Converted,
        record: &mut Record,
        files: &[Facts],
        options: &Options<'_>,
    ) -> Result<Vec<(String, DynVolume)>, Error> {
        let mut others: Vec<(String, DynVolume)> = Vec::new();
        #[cfg(feature = "upright")]
        if self.upright {
            match tilt::upright(converted, options) {
                Ok(volume) => others.extend(volume.map(|volume| ("_Tilt".to_owned(), volume))),
                Err(crate::Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => record.note("no-upright", format!("no volume of right angles was made: {error}")),
            }
        }
        #[cfg(not(feature = "upright"))]
        let _ = converted;
        if !self.overlays {
            return Ok(others);
        }
        // masks lie on the slices that were acquired
        if series.even.is_some() {
            record.note(
                "no-overlays",
                "overlays are not written: slices were interpolated between those they lie on".to_owned(),
            );
            return Ok(others);
        }
        match overlays::masks(series, files, options) {
            Ok((masks, unread)) => {
                others.extend(masks.into_iter().map(|(number, mask)| (format!("_ROI{number}"), mask)));
                if unread > 0 {
                    record.note("overlay-unreadable", format!("overlays of {unread} images could not be read"));
                }
            }
            Err(crate::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => record.note("no-overlays", format!("overlays could not be read: {error}")),
        }
        Ok(others)
    }

    /// Writes a volume, and gives the names below the target.
    fn volume(
        &self,
        volume: DynVolume,
        stem: &str,
        repetition_s: Option<f64>,
        options: &Options<'_>,
    ) -> Result<Vec<PathBuf>, Error> {
        let relative = self.relative(stem);
        let path = self.target.join(&relative);
        self.make_folder(&path)?;
        let repetition_s = repetition_s.filter(|_| self.is_nifti());
        let file = formats::File::from_volume(self.fit(volume, repetition_s, options)?);
        let how = formats::WriteOptions::default().ctx(options.ctx).with_level(self.level);
        let made = formats::write_files(&path, &file, &how).map_err(|source| match source {
            formats::Error::Cancelled => Error::Cancelled,
            source => Error::Write { path: path.clone(), source },
        })?;
        // of a store it is the folder that is the volume
        if made.contains(&path) || path.is_dir() {
            return Ok(vec![relative]);
        }
        // slices, whose names are their own
        Ok(made.iter().filter_map(|file| file.strip_prefix(&self.target).ok()).map(PathBuf::from).collect())
    }

    /// Writes what goes beside a volume: gradients for readers of NIfTI, the sidecar.
    fn beside(&self, table: Option<GradientTable>, known: &Sidecar, stem: &str) -> Result<Vec<PathBuf>, Error> {
        let mut written = Vec::new();
        let mut beside = Vec::new();
        if let Some(table) = table.filter(|_| self.is_nifti()) {
            // readers want both files: where no step has a direction, each is the zero vector
            let none = || format!("{}\n", vec!["0"; table.b_values().len()].join(" ")).repeat(3);
            beside.push(("bvec", table.to_bvec().unwrap_or_else(none)));
            beside.push(("bval", table.to_bval()));
        }
        if self.sidecar {
            beside.push(("json", known.to_string()));
        }
        for (extension, text) in beside {
            let relative = PathBuf::from(format!("{stem}.{extension}"));
            let path = self.target.join(&relative);
            self.make_folder(&path)?;
            isocenter_files::beside::write(&path, text.as_bytes()).map_err(|source| Error::Text { path, source })?;
            written.push(relative);
        }
        Ok(written)
    }

    /// What a sidecar says of a volume as it is stored.
    fn said(
        &self,
        series: &SeriesPlan,
        files: &[Facts],
        identity: Identity,
        options: &Options<'_>,
    ) -> Result<Sidecar, crate::Error> {
        let mut said = Sidecar::of(series, files, &SidecarOptions::default().identity(identity), options)?;
        let other = match said.get(PHASE).and_then(serde_json::Value::as_str) {
            Some("j") => "j-",
            Some("j-") => "j",
            _ => return Ok(said),
        };
        if self.turns(series.head.geometry()) {
            said.insert(PHASE, other);
        }
        Ok(said)
    }

    /// Whether rows are stored from the last to the first: those of a picture, so that a reader of NIfTI, which has nothing to go by,
    /// shows it upright; and all where that is asked for.
    fn turns(&self, geometry: &Geometry) -> bool {
        let is_picture = *geometry.frame() == Frame::Pixel;
        self.is_nifti()
            && (is_picture || self.from_bottom && geometry.frame().is_patient() && geometry.is_right_handed())
    }

    /// The gradients of a volume along its axes as they are stored.
    fn table(&self, head: &Head) -> Result<Option<GradientTable>, Error> {
        if !self.turns(head.geometry()) {
            return Ok(GradientTable::of(head));
        }
        let geometry = head.geometry().remap(&shape::upside_down(head.shape())?)?;
        Ok(GradientTable::of(&head.clone().with_geometry(geometry)?))
    }

    /// What is known of a volume, as its sidecar says it.
    fn known(
        &self,
        series: &SeriesPlan,
        name: &Name,
        files: &[Facts],
        options: &Options<'_>,
    ) -> Result<Sidecar, crate::Error> {
        let mut known = self.said(series, files, self.sidecar_identity.unwrap_or(self.identity), options)?;
        for (key, value) in &name.changes {
            known.insert(key.as_str(), value.clone());
        }
        Ok(known)
    }

    /// Makes the folder of an output.
    fn make_folder(&self, path: &Path) -> Result<(), Error> {
        let folder = path.parent().unwrap_or(&self.target);
        std::fs::create_dir_all(folder).map_err(|source| Error::Folder { path: folder.to_owned(), source })
    }

    fn is_nifti(&self) -> bool {
        ["nii", "nii.gz", "hdr"].contains(&self.extension.as_str())
    }

    /// The volume as files of its kind have it: one scaling, one slow axis, rows in their order.
    fn fit(&self, volume: DynVolume, repetition_s: Option<f64>, options: &Options<'_>) -> Result<DynVolume, Error> {
        let volume = match volume.scaling().as_per_plane() {
            Some(_) => volume.to_real(&options.ctx)?.into(),
            None => volume,
        };
        let volume = volume.map_head(|head| {
            let axes = shape::one_axis(head.slow_axes())?;
            let timed =
                axes.iter().map(|axis| repetition_s.map_or_else(|| Ok(axis.clone()), |s| shape::timed(axis, s)));
            head.with_slow_axes(timed.collect::<Result<_, _>>()?)
        })?;
        match self.turns(volume.geometry()) {
            true => Ok(volume.remap(&shape::upside_down(volume.shape())?, &options.ctx)?),
            false => Ok(volume),
        }
    }
}

/// The name of a volume, or why it has none.
pub(crate) type Fate = Result<Name, Note>;

/// The names of a plan's volumes.
struct Names {
    /// Those of the shard; `None` for a volume of another one.
    own: Vec<Option<Fate>>,
    /// Those of all shards, in lower case: what is written beside a volume takes none of them.
    taken: BTreeSet<String>,
}

/// The direction of phase encoding along the axes of the image as it is stored.
const PHASE: &str = "PhaseEncodingDirection";

/// Whether an error is about one volume, and says nothing of the next.
fn is_of_one(error: &Error) -> bool {
    match error {
        Error::Write { source, .. } => source.family() == Family::Unsupported,
        Error::Convert(error) => error.verdict().is_some(),
        _ => false,
    }
}

/// An error and what it came of.
fn whole(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A name that no volume of the run has, with a letter where one has it.
fn free(stem: String, taken: &mut BTreeSet<String>) -> String {
    let mut found = stem.clone();
    let mut number = 0;
    while !taken.insert(found.to_lowercase()) {
        number += 1;
        found = format!("{stem}{}", name::letters(number));
    }
    found
}

/// Notes what is wrong with the files of a volume, and gives the verdict on them; what else stands in the way ends the run.
fn refused(record: &mut Record, error: crate::Error) -> Result<Reason, Error> {
    let verdict = error.verdict().ok_or(error)?;
    record.refused = Some(Note { code: verdict.code(), text: verdict.to_string() });
    Ok(verdict)
}
