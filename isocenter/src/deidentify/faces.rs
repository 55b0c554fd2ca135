//! The face of each patient in each world, found on the series that is best suited.
//!
//! A world is a patient's frame of reference in one study: a scanner gives a new one where the patient lies down again, but not every scanner, and not every
//! program that wrote the files since. A file that names none is of its own series' world.
//!
//! What is found is a function of the files of that world, the template and nothing else.

mod suited;

use std::collections::BTreeMap;

use isocenter_convert::{Facts, Options, Plan, SeriesPlan, plan::plan, read::read};
use isocenter_dcm::{PatientKey, scan};
use isocenter_deid::Deidentifier;
use isocenter_register::Verdict;
use isocenter_volume::{Ctx, Volume};
use serde::Serialize;

use super::{
    files::{Input, What},
    seen::Seen,
};
use crate::{
    Error,
    faces::{self, Found, Template},
    prepare::padding::{self, Blanked},
};

/// What was found of a face, for a report.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Face {
    /// How far the map from template to image is to be trusted: what is not good removes nothing.
    #[serde(serialize_with = "named")]
    pub verdict: Verdict,
    /// How far parts of the head are from where each alone fits best, mm.
    pub residual_mm: f64,
}

/// In how many worlds of patients a face was looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Faces {
    /// Frames of reference with images that may show a face, and of which a file was to be written.
    pub worlds: usize,
    /// Where the face was found.
    pub found: usize,
    /// Where a series was suited and the template could not be brought to it.
    pub not_found: usize,
    /// Where no series was suited to look for it.
    pub not_looked_for: usize,
    /// Images that lost a part.
    pub images: usize,
    /// Pixels that went.
    pub voxels: u64,
}

/// One frame of reference of one patient in one study; of files that name none, one series.
type World<'f> = (&'f PatientKey, Option<&'f str>, Result<&'f str, Option<&'f str>>);

/// What takes the face from files.
pub(super) struct Aligned {
    /// By file, the number of its world; `None` where it shows no face, or no series of its world was suited.
    worlds: Vec<Option<usize>>,
    found: Vec<Result<(Deidentifier, Face), faces::Error>>,
    pub(super) counts: Faces,
}

impl Aligned {
    /// What cleans a file, and what is known of its face; `None` where nothing was looked for.
    pub(super) fn of(&self, file: usize) -> Option<Result<(&Deidentifier, Face), &faces::Error>> {
        let world = self.worlds.get(file).copied().flatten()?;
        Some(self.found.get(world)?.as_ref().map(|(deidentifier, face)| (deidentifier, *face)))
    }
}

/// Finds the faces of all files that `is_wanted` says are to be written and that may show one.
///
/// # Errors
/// [`Error::Cancelled`], [`Error::Usage`] for a template that cannot be used. What is wrong with an image keeps its files out.
pub(super) fn find(
    template: &Template,
    deidentifier: &Deidentifier,
    files: &[Input],
    seen: &Seen,
    is_wanted: &dyn Fn(usize) -> bool,
    ctx: &Ctx<'_>,
) -> Result<Aligned, Error> {
    let mut worlds: BTreeMap<World<'_>, Vec<usize>> = BTreeMap::new();
    for (n, file) in files.iter().enumerate() {
        if let (What::Instance { uids, face: Some(frame), .. }, Some(patient)) = (&file.what, seen.patient(n)) {
            let [study, series, _] = uids;
            let frame = frame.as_deref().ok_or(series.as_deref());
            worlds.entry((patient, study.as_deref(), frame)).or_default().push(n);
        }
    }
    worlds.retain(|_, members| members.iter().any(|&n| is_wanted(n)));
    let mut aligned = Aligned { worlds: vec![None; files.len()], found: Vec::new(), counts: Faces::default() };
    aligned.counts.worlds = worlds.len();
    let stage = ctx.stage("faces", worlds.len() as u64);
    // one after the other: a registration takes all threads, and a volume much memory
    for members in worlds.into_values() {
        stage.check()?;
        match of_world(template, files, &members, ctx)? {
            None => aligned.counts.not_looked_for += 1,
            Some(result) => {
                members.iter().for_each(|&n| aligned.worlds[n] = Some(aligned.found.len()));
                match &result {
                    Ok(_) => aligned.counts.found += 1,
                    Err(_) => aligned.counts.not_found += 1,
                }
                aligned.found.push(result.map(|found| {
                    let face = Face { verdict: found.verdict(), residual_mm: found.residual_mm() };
                    (deidentifier.clone().with_faces(found.faces().clone()), face)
                }));
            }
        }
        stage.advance(1)?;
    }
    Ok(aligned)
}

/// The face of one world: on the first of the series that are suited on which it is found; `None` where none is suited.
fn of_world(
    template: &Template,
    files: &[Input],
    members: &[usize],
    ctx: &Ctx<'_>,
) -> Result<Option<Result<Found, faces::Error>>, Error> {
    let paths: Vec<_> = members.iter().map(|&n| files[n].path()).collect();
    let again = scan::scan_again(&paths, &Facts::scan_options(), ctx, &|file| Facts::of(&file));
    let facts = again.map_err(|error| match error {
        isocenter_dcm::Error::Cancelled => Error::Cancelled,
        other => Error::usage(other.to_string()),
    })?;
    let Plan { series, .. } = plan(&facts, &Options::default().ctx(*ctx))?;
    let mut first = None;
    for series in suited::of(&series) {
        // what cannot be read is told where it is written
        let Some(image) = image(series, &facts, ctx)? else { continue };
        match template.find(&image, ctx) {
            Ok(found) => return Ok(Some(Ok(found))),
            Err(faces::Error::Cancelled) => return Err(Error::Cancelled),
            Err(error @ faces::Error::Template { .. }) => return Err(Error::usage(error.to_string())),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Ok(first.map(Err))
}

/// The first step of a series: real values, padding taken out.
fn image(series: &SeriesPlan, facts: &[Facts], ctx: &Ctx<'_>) -> Result<Option<Volume<f32>>, Error> {
    let converted = match read(series, facts, &Options::default().ctx(*ctx)) {
        Ok(converted) => converted,
        Err(isocenter_convert::Error::Cancelled) => return Err(Error::Cancelled),
        Err(_) => return Ok(None),
    };
    let blanked = converted.volume.extract_step(0).ok().and_then(|volume| {
        let padding = padding::of(&volume, series.modality.as_deref(), ctx).ok()?;
        Blanked::of(&volume, padding, ctx).ok()
    });
    ctx.check()?;
    Ok(blanked.map(|blanked| blanked.real))
}

fn named<S: serde::Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match verdict {
        Verdict::Good => "good",
        Verdict::Doubtful => "doubtful",
        _ => "failed",
    })
}
