//! What is in a folder: patients, studies, series, geometry, transfer syntaxes, privacy risks; and what cannot be used, and why.
//!
//! Patients and studies are numbered, not named: a listing is made to be shown. [`Options::paths`] adds folders, descriptions and
//! the paths of what cannot be used, all of which may name a patient.
//!
//! Headers are read, and the voxels of those volume files alone that may be label maps: what says so itself or by its name, and what packs
//! as only a label map does. What is told by its voxels is a guess, and says so ([`ToldBy::Voxels`]).

mod file;
mod header;
mod rejected;
mod row;
mod series;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use isocenter_convert::{Facts, plan::plan};
use isocenter_dcm::scan::Kind;
use isocenter_volume::Ctx;
use serde::Serialize;

pub use self::{
    file::labels_told_by,
    rejected::Rejected,
    row::{Named, SeriesRow, SlowAxisRow, ToldBy, What},
};
use crate::{
    Error, Funnel,
    container::Containers,
    prepare::{Given, Refusal},
    recipe::Files,
    volume_file::VolumeFiles,
};

/// What is in a folder.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Info {
    /// Where every file belongs; `items` counts volumes.
    pub funnel: Funnel,
    /// Number of studies.
    pub studies: usize,
    /// One row for each volume that can be made.
    pub series: Vec<SeriesRow>,
    /// What cannot be used, by reason.
    pub rejected: Vec<Rejected>,
    /// Zip archives that were read as folders are: their members are files, they are not.
    pub archives: usize,
    /// DICOMDIRs beside the images that they list: no files either.
    pub directories: usize,
}

impl Info {
    /// What was read as folders are, in words; none where nothing was.
    pub fn read_as_folders(&self) -> Option<String> {
        Containers { archives: self.archives, directories: self.directories }.remark()
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Whether folders, descriptions and paths are told; they may name a patient.
    pub paths: bool,
}

impl Options {
    /// Sets whether folders, descriptions and paths are told.
    #[must_use]
    pub const fn paths(mut self, paths: bool) -> Self {
        self.paths = paths;
        self
    }
}

/// Looks at everything under `paths`. The stages that the observer is told of are `headers` (files, their number unknown), `images` and
/// `looking at volume files`.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`], [`Error::Verification`] where a file is not accounted for.
pub fn info(paths: &[PathBuf], options: Options, ctx: &Ctx<'_>) -> Result<Info, Error> {
    let paths = crate::prepare::checked_inputs(paths)?;
    let (scanned, containers) = crate::prepare::scan_files(&paths, ctx)?;
    let plan = plan(&Facts::of_all(&scanned), &isocenter_convert::Options::default().ctx(*ctx))?;
    let mut numbers = Numbers::default();
    let mut rows = Vec::new();
    let mut in_items = BTreeSet::new();
    for s in &plan.series {
        in_items.extend(s.files.iter().copied());
        rows.push(series::row(s, &scanned, &mut numbers, options));
    }
    // a listing asks nothing: what can be read in two ways is numbered in the first of them
    let volumes = VolumeFiles::find(&scanned, ctx)?;
    let layout = crate::prepare::read_layout(&scanned, &volumes, &paths, &Given::default(), &Files::default(), ctx)?;
    let stage = ctx.stage("looking at volume files", volumes.numbers().len() as u64);
    let mut refused: BTreeMap<usize, Refusal> = BTreeMap::new();
    for file in volumes.numbers() {
        let parts = volumes.parts(file);
        match file::row(&file::Seen::of(&scanned, &volumes, file), &layout, &mut numbers, options, &stage.ctx()) {
            Ok(row) => {
                in_items.insert(file);
                in_items.extend(parts);
                rows.push(SeriesRow { files: 1 + parts.len(), ..row });
            }
            Err(file::Stop::Cancelled) => return Err(Error::Cancelled),
            Err(file::Stop::Refused(why)) => {
                // what a header is refused for is said of all of it
                refused.extend(parts.iter().map(|part| (*part, why.clone())));
                refused.insert(file, why);
            }
        }
        stage.advance(1)?;
    }
    let left = plan.rejected.iter().filter(|r| !in_items.contains(&r.file));
    let rejected = rejected::group(left.map(|r| (r, refused.get(&r.file))), &scanned, options);
    rows.sort_by_key(|r| (r.patient.is_none(), r.patient, r.study, r.series));
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for group in &rejected {
        *reasons.entry(group.reason.clone()).or_default() += group.files;
    }
    let funnel = Funnel {
        files: scanned.len(),
        in_items: in_items.len(),
        duplicates: plan.duplicates.len(),
        quarantined: reasons.values().sum(),
        reasons,
        instances: scanned.iter().filter(|s| matches!(s.kind, Kind::Dicom(_))).count(),
        series: numbers.series.len(),
        items: rows.len(),
        labelled: 0,
        patients: numbers.patients.len(),
        ..Funnel::default()
    };
    funnel.check()?;
    Ok(Info {
        funnel,
        studies: numbers.studies.len(),
        series: rows,
        rejected,
        archives: containers.archives,
        directories: containers.directories,
    })
}

/// Numbers in place of names, in the order in which these are met.
#[derive(Default)]
struct Numbers {
    patients: BTreeMap<String, usize>,
    studies: BTreeMap<String, usize>,
    series: BTreeMap<String, usize>,
}

impl Numbers {
    fn of(map: &mut BTreeMap<String, usize>, key: &str) -> usize {
        let next = map.len() + 1;
        *map.entry(key.to_owned()).or_insert(next)
    }

    fn patient(&mut self, key: &str) -> usize {
        Self::of(&mut self.patients, key)
    }

    fn study(&mut self, key: &str) -> usize {
        Self::of(&mut self.studies, key)
    }

    fn series(&mut self, key: &str) -> usize {
        Self::of(&mut self.series, key)
    }
}
