//! Files normalized: steps from words and files, an image at a time, a cohort's statistics, tables of features.
//!
//! What the commands `normalize`, `fit` and `apply` do, without arguments and bars. [`Work`] is what is to be done to each image; [`run`] does it to one of [`Images`];
//! [`fit`] shows all of them to the steps that ask a cohort.

mod figure;
mod slabs;
mod steps;
mod table;

use std::path::Path;

use isocenter_formats::{
    File,
    labels::{label_map_to_file, read_label_map},
};
use isocenter_normalize::{
    FittedPipeline, Pipeline,
    pipeline::{Part, Unfitted},
};
use isocenter_volume::{Ctx, LabelMap, Mask, Volume, stats::Cohort};

pub use self::{
    slabs::stream,
    steps::{Steps, from_file, from_words},
    table::{Columns, Harmonizer, Table},
};
use crate::{
    Error,
    images::{Image, Images},
};

/// What is to be done to each image.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Work {
    /// Steps, fitted to the image.
    Steps(Pipeline),
    /// What was done to another image on the same grid.
    Again(Box<FittedPipeline>),
    /// The way back from that.
    Back(Box<FittedPipeline>),
}

/// How it is done.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct How<'a> {
    /// A label map or mask on the image's grid, for steps whose region is `mask`.
    pub mask: Option<&'a Path>,
    /// Takes an image that does not say which way is left as LPS.
    pub assume_patient_frame: bool,
    /// Draws before and after.
    pub draws: bool,
    /// Takes every file as an image, whatever looks like labels.
    pub all_images: bool,
}

/// One image, done.
#[derive(Debug)]
#[non_exhaustive]
pub struct Done {
    /// What is to be written.
    pub file: File,
    /// What the steps came to.
    pub record: Option<FittedPipeline>,
    /// The picture, as PNG.
    pub picture: Option<Vec<u8>>,
    /// Whether it is a label map.
    pub is_label: bool,
}

/// Does the work to one image.
///
/// A label map is no image: steps that look at it are refused, and moves alone take it along, each label whole.
///
/// # Errors
/// [`Error::Usage`] with the file, the step and what it expected; [`Error::Cancelled`].
pub fn run(images: &Images, image: &Image, work: &Work, how: &How<'_>, ctx: &Ctx<'_>) -> Result<Done, Error> {
    let file = images.read(image, ctx)?;
    if !how.all_images && images.labels_told_by(image, &file, ctx).is_some() {
        return labels(image, &file, work, how, ctx);
    }
    let volume = real(image, &file, how, ctx)?;
    let before = how.draws.then(|| volume.clone());
    let refused = |error| refused(image.path(), error);
    let (volume, record) = match work {
        Work::Steps(pipeline) => {
            let mask = how.mask.map(|path| mask(path, how, ctx)).transpose()?;
            let (volume, record) = pipeline.run(volume, mask.as_ref(), ctx).map_err(refused)?;
            (volume, Some(record))
        }
        Work::Again(record) => (record.apply(volume, ctx).map_err(refused)?, None),
        Work::Back(record) => (record.invert(volume, ctx).map_err(refused)?, None),
    };
    let picture = before.map(|before| figure::before_and_after(&before, &volume, record.as_ref(), ctx)).transpose()?;
    Ok(Done { file: File::from_volume(volume.into()), record, picture, is_label: false })
}

fn labels(image: &Image, file: &File, work: &Work, how: &How<'_>, ctx: &Ctx<'_>) -> Result<Done, Error> {
    let map = read_label_map(file).map_err(|error| Error::usage(format!("{}: {error}", image.path().display())))?;
    let map =
        if how.assume_patient_frame && !map.geometry().frame().is_patient() { map.assume_patient_frame() } else { map };
    let moved = match work {
        Work::Again(record) => record.apply_labels(&map, ctx),
        Work::Back(record) => record.invert_labels(&map, ctx),
        Work::Steps(_) => {
            return Err(Error::usage(format!(
                "{}: it is a label map: `isocenter apply` takes it along by the record of its image (--record); --images says that it is an image",
                image.path().display()
            )));
        }
    };
    let moved = moved.map_err(|error| refused(image.path(), error))?;
    let file = label_map_to_file(&moved).map_err(Error::Write)?;
    Ok(Done { file, record: None, picture: None, is_label: true })
}

/// Shows every image to the steps that ask a cohort; gives the steps with their answers.
///
/// # Errors
/// As [`run`]; the first image that cannot be used ends it, since a statistic without it would be another.
pub fn fit(images: &Images, steps: Unfitted, how: &How<'_>, ctx: &Ctx<'_>) -> Result<Pipeline, Error> {
    let mut steps = steps;
    while let Some(asked) = steps.asked() {
        let stage = ctx.stage("fit", images.all().len() as u64);
        let mut cohort: Cohort<Part> = Cohort::new();
        for image in images.all() {
            let file = images.read(image, &stage.ctx())?;
            if !how.all_images && images.labels_told_by(image, &file, &stage.ctx()).is_some() {
                stage.advance(1)?;
                continue;
            }
            let volume = real(image, &file, how, &stage.ctx())?;
            let mask = how.mask.map(|path| mask(path, how, &stage.ctx())).transpose()?;
            let part = asked.part(volume, mask.as_ref(), &stage.ctx());
            cohort.insert(image.name().to_string_lossy(), part.map_err(|error| refused(image.path(), error))?);
            stage.advance(1)?;
        }
        stage.finish()?;
        steps = steps.fitted(&cohort).map_err(|error| Error::usage(error.to_string()))?;
    }
    steps.into_pipeline().map_err(|error| Error::usage(error.to_string()))
}

fn real(image: &Image, file: &File, how: &How<'_>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
    let volume = file.volume.to_real(ctx).map_err(|error| match error {
        isocenter_volume::Error::Cancelled => Error::Cancelled,
        other => Error::usage(format!("{}: {other}", image.path().display())),
    })?;
    let assume = how.assume_patient_frame && !volume.geometry().frame().is_patient();
    Ok(if assume { volume.assume_patient_frame() } else { volume })
}

fn mask(path: &Path, how: &How<'_>, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let unread = |why: &dyn std::fmt::Display| Error::usage(format!("the mask {}: {why}", path.display()));
    let options = isocenter_formats::ReadOptions::default().ctx(*ctx);
    let file = isocenter_formats::read_with(path, &options).map_err(|error| unread(&error))?;
    let map = LabelMap::from_volume(&file.volume, Vec::new()).map_err(|error| unread(&error))?;
    let assume = how.assume_patient_frame && !map.geometry().frame().is_patient();
    let map = if assume { map.assume_patient_frame() } else { map };
    Mask::of_layer(&map, 0).map_err(|error| unread(&error))
}

fn refused(path: &Path, error: isocenter_normalize::Error) -> Error {
    match error {
        isocenter_normalize::Error::Cancelled => Error::Cancelled,
        other => Error::usage(format!("{}: {other}", path.display())),
    }
}
