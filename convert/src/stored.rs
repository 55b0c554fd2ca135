//! A plan in a file: planned once, written by any number of processes.
//!
//! A [`StoredPlan`] holds what a process needs that scans nothing: the planned volumes with their grids and frames, where the files of
//! these lie, how each volume is called, and how it is written. Whoever reads it takes a shard ([`Plan::shard`]), and opens the files
//! of its own volumes and no others; what all shards write together is what one run without the file writes, to the byte. Names are
//! decided when the plan is stored, since the name of one volume depends on those of all.
//!
//! What is stored is the volumes. What the plan kept out, and why, is for whoever planned to tell.
//!
//! **It identifies.** It holds Patient IDs, UIDs, paths and descriptions, whatever names and sidecars are allowed to hold:
//! [`StoredPlan::save`] makes a file that its owner alone can read. Keep it apart from the output.
//!
//! A file is known again by its size and the time of its last change (those of the archive that it is a member of), and by what its
//! header says: SOP Instance UID, frames, size of its planes. Where one differs, the file has changed ([`Reason::Changed`]), and its
//! volumes are not written. Copies have to keep the time of change (`cp -p`, `rsync -t`). Paths are stored whole, so that it does not
//! matter where a process runs that reads them.
//!
//! The text is JSON, a file and a volume a line, with a digest at the end: one that was damaged or edited is refused. So is one of another
//! version of this crate, which might name or write a volume otherwise. What is read is held against the rules that planning keeps; no
//! name in it leads out of the output folder.
//!
//! # Examples
//! ```no_run
//! use isocenter_convert::{Facts, Options, output::Outputs, plan::plan, stored::StoredPlan};
//! use isocenter_dcm::{ReadLimits, scan::scan_with};
//! use isocenter_volume::Ctx;
//!
//! let files = scan_with(&["study"], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
//! let (options, outputs) = (Options::default(), Outputs::to("out"));
//! let planned = plan(&files, &options)?;
//! StoredPlan::new(&planned, &files, &outputs, &options)?.save("study.plan".as_ref())?;
//!
//! // elsewhere, the second of four
//! let stored = StoredPlan::open("study.plan".as_ref(), &ReadLimits::default())?;
//! let options = stored.options(Ctx::default());
//! let (mut plan, files) = stored.plan(Some((1, 4)), &options)?;
//! stored.outputs("out").shard(1, 4).write(&mut plan, &files, &options)?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod document;
mod error;
mod file;

use std::{
    collections::BTreeSet,
    fmt,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use isocenter_dcm::{
    ReadLimits,
    scan::{Place, scan_again},
};
use isocenter_files::{Beside, open_regular};
use isocenter_volume::Ctx;
use rayon::prelude::*;

pub use self::error::Error;
use self::{
    document::How,
    file::{StoredFile, Wanted},
};
use crate::{
    Facts, Options, Plan, Reason, SeriesPlan,
    output::{Fate, Outputs, manner::Manner},
};

/// A plan that can be written to a file, with the names and the manner of its outputs.
///
/// `Debug` prints nothing of what it holds but numbers.
#[derive(Clone, PartialEq)]
pub struct StoredPlan {
    how: How,
    manner: Manner,
    /// Those of the series, ascending as they were planned.
    files: Vec<StoredFile>,
    series: Vec<SeriesPlan>,
    names: Arc<Vec<Fate>>,
}

impl StoredPlan {
    /// Takes the volumes of a plan, and decides how `outputs` would call them. `files` and `options` are those that the plan was made with.
    ///
    /// Each file is looked up in the file system for its size and time of change. Target, shard and what is done about files that are there
    /// ([`Outputs::conflict`]) are for whoever writes; with `Conflict::Letter` the names are those that are free now.
    ///
    /// # Errors
    /// [`Error::Source`] for what is no file, [`Error::Path`], [`Error::Io`], [`Error::Manner`], [`Error::Output`] where names cannot be had.
    pub fn new(plan: &Plan, files: &[Facts], outputs: &Outputs, options: &Options<'_>) -> Result<Self, Error> {
        let manner = Manner::of(outputs);
        manner.check().map_err(Error::Manner)?;
        let names = outputs.names_of(plan, files, options)?;
        document::check_names(&names)?;
        let used: BTreeSet<usize> = plan.series.iter().flat_map(|series| series.files.iter().copied()).collect();
        let used: Vec<usize> = used.into_iter().collect();
        let place = |file: usize| used.binary_search(&file).map_err(|_| crate::Error::OtherFiles);
        let mut series = plan.series.clone();
        for one in &mut series {
            for file in &mut one.files {
                *file = place(*file)?;
            }
            for frame in &mut one.frames {
                frame.file = place(frame.file)?;
            }
        }
        let known = |file: &usize| match files.get(*file) {
            Some(facts) => StoredFile::of(*file, facts.place()),
            None => Err(crate::Error::OtherFiles.into()),
        };
        let files = options.ctx.install(|| used.par_iter().map(known).collect::<Vec<_>>());
        let files = files.into_iter().collect::<Result<_, _>>()?;
        Ok(Self { how: How::of(options), manner, files, series, names: Arc::new(names) })
    }

    /// Reads a plan from its text.
    ///
    /// # Errors
    /// [`Error::NotAPlan`], [`Error::OtherVersion`], [`Error::Damaged`], [`Error::Wrong`], [`Error::Manner`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        document::parse(text)
    }

    /// Reads a plan from a file.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Limit`] for a larger file than `limits` allow; as [`StoredPlan::parse`].
    pub fn open(path: &Path, limits: &ReadLimits) -> Result<Self, Error> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let file = open_regular(path).map_err(io)?;
        let (asked, limit) = (file.metadata().map_err(io)?.len(), limits.file_bytes);
        if asked > limit {
            return Err(Error::Limit { asked, limit });
        }
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes).map_err(io)?;
        Self::parse(std::str::from_utf8(&bytes).map_err(|_| Error::NotAPlan)?)
    }

    /// Writes it to a file that its owner alone may read, in place of one that is there; the folder must be.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut file = Beside::create_private(path)?;
        file.write_all(self.to_string().as_bytes())?;
        file.finish()
    }

    /// Number of its volumes.
    pub fn volumes(&self) -> usize {
        self.series.len()
    }

    /// How to read what was planned, as it was planned.
    pub fn options<'a>(&self, ctx: Ctx<'a>) -> Options<'a> {
        self.how.options().ctx(ctx)
    }

    /// What is written, under the names that were decided, to a folder. A shard, and what is done about files that are there, can be set; so
    /// can anything else, and is then not as it was planned. They write [`StoredPlan::plan`] and no other plan.
    pub fn outputs(&self, target: impl Into<PathBuf>) -> Outputs {
        self.manner.outputs(target.into(), Arc::clone(&self.names))
    }

    /// The plan, and the facts of its files: those of a shard's volumes (`index` from 0, of `count`; of all where there is none) are opened, and
    /// known again or refused; no other is touched.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled). A file that has changed, or is not there, fails its volumes when they are read.
    pub fn plan(
        &self,
        shard: Option<(usize, usize)>,
        options: &Options<'_>,
    ) -> Result<(Plan, Vec<Facts>), crate::Error> {
        let plan = self.unopened();
        let own = shard.map_or_else(|| (0..self.series.len()).collect(), |(index, count)| plan.shard(index, count));
        let wanted = file::wanted(own.iter().filter_map(|number| self.series.get(*number)));
        let known: Vec<(&StoredFile, &Wanted<'_>)> =
            wanted.iter().filter_map(|(file, wanted)| Some((self.files.get(*file)?, wanted))).collect();
        let paths: Vec<&Path> = known.iter().map(|(stored, _)| stored.path()).collect();
        let look = Facts::scan_options().limits(options.limits.clone());
        let found = scan_again(&paths, &look, &options.ctx, &|scanned| Facts::of(&scanned));
        let found = found.map_err(|_| crate::Error::Cancelled)?;
        let judged = |((stored, wanted), found): ((&StoredFile, &Wanted<'_>), Facts)| {
            let is_same = found.refusal().is_some() || stored.is(&found, wanted);
            if is_same { found } else { changed(found.place().clone()) }
        };
        let judged: Vec<Facts> = options.ctx.install(|| known.into_par_iter().zip(found).map(judged).collect());
        let mut facts = self.unopened_files();
        for (file, found) in wanted.keys().zip(judged) {
            *facts.get_mut(*file).ok_or(crate::Error::OtherFiles)? = found;
        }
        Ok((plan, facts))
    }

    /// The plan and its files, none of which is opened: enough to say what would be written ([`Outputs::forecast`]), and to read nothing.
    pub fn outline(&self) -> (Plan, Vec<Facts>) {
        (self.unopened(), self.unopened_files())
    }

    fn unopened(&self) -> Plan {
        Plan { series: self.series.clone(), ..Plan::default() }
    }

    fn unopened_files(&self) -> Vec<Facts> {
        self.files.iter().map(|file| changed(Place::at(file.path()))).collect()
    }
}

/// The facts of a file that must not be read.
fn changed(place: Place) -> Facts {
    Facts::refused(place, Reason::Changed)
}

impl fmt::Debug for StoredPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("StoredPlan");
        shown.field("volumes", &self.series.len()).field("files", &self.files.len()).finish_non_exhaustive()
    }
}
