//! One piece of work to each of several images.

use std::path::{Path, PathBuf};

use isocenter::{
    Error,
    images::{Image, Images},
    normalize::{FittedPipeline, Pipeline},
    normalizing::{self, Done, How, Work},
    volume::Ctx,
};
use serde_json::json;

use super::super::register::{
    outputs::{self, Planned, usage},
    write,
};
use crate::{
    args::{Common, HowArgs, VolumesOut},
    bars::Bars,
    print,
};

/// What was asked for beside the work.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Asked<'a> {
    pub(in crate::commands) out: &'a VolumesOut,
    pub(in crate::commands) how: &'a HowArgs,
    pub(in crate::commands) record: bool,
    /// Megabytes of samples at a time.
    pub(in crate::commands) memory: Option<u32>,
}

/// Where one image goes.
struct Job<'a> {
    image: &'a Image,
    volume: PathBuf,
    record: Option<PathBuf>,
    figure: Option<PathBuf>,
}

/// Does the work to every image; one that is refused does not keep the others from being done.
pub(in crate::commands) fn run(
    paths: &[PathBuf],
    work: &Work,
    asked: &Asked<'_>,
    common: &Common,
) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = all(paths, work, asked, &ctx);
    bars.finish();
    let (images, results) = outcome?;
    let code = u8::from(results.iter().any(|(_, result)| result.is_err()) || !images.left_out().is_empty());
    let mut told = Vec::new();
    for (name, result) in &results {
        match result {
            Ok(said) => {
                print::line(common, &format!("{name}: {}", said.line));
                told.push(json!({ "image": name, "written": said.written, "label_map": said.is_label }));
            }
            Err(error) => {
                print::warning(&format!("left out: {error}"));
                told.push(json!({ "image": name, "error": error.to_string(), "reason": error.reason() }));
            }
        }
    }
    for left in images.left_out() {
        print::warning(&format!("left out: {}: {}", left.path.display(), left.sentence));
        told.push(json!({ "image": left.path, "error": left.sentence, "reason": left.reason }));
    }
    let done = results.iter().filter(|(_, result)| result.is_ok()).count();
    if done > 1 || code > 0 {
        let rest = results.len() - done + images.left_out().len();
        print::line(common, &format!("{done} written, {rest} left out"));
    }
    print::json(common, &json!({ "images": told, "exit_code": code }));
    Ok(code)
}

struct Said {
    line: String,
    written: Vec<PathBuf>,
    is_label: bool,
}

type Results = Vec<(String, Result<Said, Error>)>;

fn all(paths: &[PathBuf], work: &Work, asked: &Asked<'_>, ctx: &Ctx<'_>) -> Result<(Images, Results), Error> {
    let images = super::found(paths, ctx)?;
    let how = super::how(asked.how, asked.out.figures);
    let jobs = planned(&images, asked.out, asked.record)?;
    let stage = ctx.stage("images", jobs.len() as u64);
    let mut results = Vec::with_capacity(jobs.len());
    let is_one = jobs.len() == 1 && images.left_out().is_empty();
    for job in jobs {
        let name = job.image.path().display().to_string();
        match one(&images, &job, work, &how, asked.memory, &stage.ctx()) {
            Ok(said) => results.push((name, Ok(said))),
            // the only image: nothing was done
            Err(error) if is_one || error.exit_code() > 2 => return Err(error),
            Err(error) => results.push((name, Err(error))),
        }
        stage.advance(1)?;
    }
    Ok((images, results))
}

fn one(
    images: &Images,
    job: &Job<'_>,
    work: &Work,
    how: &How<'_>,
    memory: Option<u32>,
    ctx: &Ctx<'_>,
) -> Result<Said, Error> {
    if let (Some(megabytes), Work::Steps(pipeline)) = (memory, work) {
        return by_slabs(images, job, pipeline, how, megabytes, ctx);
    }
    let Done { file, record, picture, is_label, .. } = normalizing::run(images, job.image, work, how, ctx)?;
    make_room(&job.volume)?;
    let [nx, ny, nz] = file.volume.shape();
    let what = match file.volume.scaling().unit().code() {
        _ if is_label => "labels".to_owned(),
        "1" => "without a unit".to_owned(),
        unit => format!("in {unit}"),
    };
    write::file(&job.volume, &file, ctx)?;
    let mut written = vec![job.volume.clone()];
    if let (Some(path), Some(record)) = (&job.record, &record) {
        write_record(path, record)?;
        written.push(path.clone());
    }
    if let (Some(path), Some(png)) = (&job.figure, &picture) {
        write::bytes("write the picture", path, png)?;
        written.push(path.clone());
    }
    Ok(Said { line: format!("{nx} x {ny} x {nz}, {what}, to {}", job.volume.display()), written, is_label })
}

fn by_slabs(
    images: &Images,
    job: &Job<'_>,
    pipeline: &Pipeline,
    how: &How<'_>,
    megabytes: u32,
    ctx: &Ctx<'_>,
) -> Result<Said, Error> {
    make_room(&job.volume)?;
    let bytes = megabytes as usize * 1_000_000;
    let record = normalizing::stream(images, job.image, pipeline, how, bytes, &job.volume, ctx)?;
    let mut written = vec![job.volume.clone()];
    if let Some(path) = &job.record {
        write_record(path, &record)?;
        written.push(path.clone());
    }
    let [nx, ny, nz] = record.to().shape();
    let line = format!("{nx} x {ny} x {nz}, slab by slab, to {}", job.volume.display());
    Ok(Said { line, written, is_label: false })
}

fn make_room(volume: &Path) -> Result<(), Error> {
    match volume.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => outputs::make_folder(folder),
        None => Ok(()),
    }
}

fn write_record(path: &Path, record: &FittedPipeline) -> Result<(), Error> {
    let text = serde_json::to_string(record).map_err(|error| usage(error.to_string()))?;
    write::bytes("write the record", path, text.as_bytes())
}

/// Where every image goes, looked at before the work begins.
fn planned<'a>(images: &'a Images, out: &VolumesOut, record: bool) -> Result<Vec<Job<'a>>, Error> {
    let mut plan = Planned::default();
    let names_format = plan.add_volume("the output", &out.out).is_ok() && !out.out.is_dir();
    let ending = out.to.trim_start_matches('.');
    let jobs: Vec<Job<'_>> = match images.all() {
        [image] if names_format => vec![job(image, out.out.clone(), record, out.figures)],
        all => {
            if names_format {
                let found = all.len();
                return Err(usage(format!(
                    "{} is one file, and {found} images were found: name a folder",
                    out.out.display()
                )));
            }
            outputs::folder(&out.out)?;
            let in_folder = |image: &'a Image| {
                let mut name = image.name().as_os_str().to_owned();
                name.push(format!(".{ending}"));
                job(image, out.out.join(name), record, out.figures)
            };
            all.iter().map(in_folder).collect()
        }
    };
    let mut plan = Planned::default();
    for job in &jobs {
        let of = job.image.path().display();
        plan.add_volume(&format!("the output of {of}"), &job.volume)?;
        if let Some(path) = &job.record {
            plan.add(format!("the record of {of}"), path);
        }
        if let Some(path) = &job.figure {
            plan.add(format!("the picture of {of}"), path);
        }
    }
    plan.differ()?;
    let inputs: Vec<&Path> = images.all().iter().map(Image::path).collect();
    plan.check_there(inputs, out.force)?;
    Ok(jobs)
}

fn job(image: &Image, volume: PathBuf, record: bool, draws: bool) -> Job<'_> {
    let name = volume.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = |ending: &str| volume.with_file_name(format!("{}.{ending}", isocenter::volume_name(&name)));
    let (record, figure) = (record.then(|| beside("steps.json")), draws.then(|| beside("png")));
    Job { image, record, figure, volume }
}
