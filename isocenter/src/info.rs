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
    rejected::Rejected,
    row::{Named, SeriesRow, SlowAxisRow, ToldBy, What},
};
use crate::{Error, Funnel, prepare::Given, recipe::Files, volume_file::data_files};

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
    let scanned = crate::prepare::scan_files(&paths, ctx)?;
    let plan = plan(&Facts::of_all(&scanned), &isocenter_convert::Options::default().ctx(*ctx))?;
    let mut numbers = Numbers::default();
    let mut rows = Vec::new();
    let mut in_items = BTreeSet::new();
    for s in &plan.series {
        in_items.extend(s.files.iter().copied());
        rows.push(series::row(s, &scanned, &mut numbers, options));
    }
    // a listing asks nothing: what can be read in two ways is numbered in the first of them
    let data = data_files(&scanned, ctx);
    let parts: BTreeSet<usize> = data.values().flatten().copied().collect();
    let layout = crate::prepare::read_layout(&scanned, &parts, &paths, &Given::default(), &Files::default(), ctx)?;
    let others: Vec<_> = plan.rejected.iter().filter(|r| !parts.contains(&r.file)).collect();
    let stage = ctx.stage("looking at volume files", others.len() as u64);
    let mut refused = BTreeMap::new();
    for rejected in others {
        let file = &scanned[rejected.file];
        match file::row(file, &layout, &mut numbers, options, &stage.ctx()) {
            Ok(Some(row)) => {
                let held = data.get(&rejected.file).map(Vec::as_slice).unwrap_or_default();
                in_items.insert(rejected.file);
                in_items.extend(held);
                rows.push(SeriesRow { files: 1 + held.len(), ..row });
            }
            Ok(None) => {}
            Err(file::Stop::Cancelled) => return Err(Error::Cancelled),
            Err(file::Stop::Refused(why)) => {
                refused.insert(rejected.file, why);
            }
        }
        stage.advance(1)?;
    }
    let left = plan.rejected.iter().filter(|r| !in_items.contains(&r.file));
    let rejected = rejected::group(left.map(|r| (r, refused.get(&r.file).map(String::as_str))), &scanned, options);
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
    Ok(Info { funnel, studies: numbers.studies.len(), series: rows, rejected })
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
