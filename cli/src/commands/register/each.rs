//! `isocenter register FIXED --moving A B C -o FOLDER`: the contrasts of one study onto one image.

use std::path::{Path, PathBuf};

use isocenter::{
    Error,
    register::{Verdict, transform_file::Format},
    volume::{Ctx, Mask, Volume},
};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::{
    outputs::{self, Planned, usage},
    read,
    said::{Said, Written},
    search, verdict, write,
};
use crate::{
    args::{Common, RegisterArgs},
    bars::Bars,
    print,
};

pub(super) fn run(args: &RegisterArgs, fixed: &Path, common: &Common) -> anyhow::Result<u8> {
    let plan = Plan::of(args, fixed)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = plan.run(args, fixed, &ctx);
    bars.finish();
    let all = outcome?;
    let code = all.iter().map(One::exit_code).max().unwrap_or(verdict::GOOD);
    print::json(
        common,
        &json!({
            "verdict": verdict::word(code),
            "exit_code": code,
            "fixed": fixed,
            "moving": plan.jobs.iter().zip(&all).map(|(job, one)| one.to_json(job.moving)).collect::<Vec<_>>(),
        }),
    );
    for (job, one) in plan.jobs.iter().zip(&all) {
        let line = format!("{}: {}", job.moving.display(), one.verdict_line());
        if common.quiet && !common.json && one.exit_code() != verdict::GOOD {
            print::warning(&line);
        }
        print::line(common, &line);
        if let One::Done(said) = one {
            said.written_lines().iter().for_each(|line| print::line(common, &format!("  {line}")));
        }
    }
    Ok(code)
}

/// What is to be made of every moving volume, and where it goes.
struct Plan<'a> {
    folder: &'a Path,
    format: Format,
    jobs: Vec<Job<'a>>,
}

struct Job<'a> {
    moving: &'a PathBuf,
    transform: PathBuf,
    resampled: Option<PathBuf>,
    figure: Option<PathBuf>,
}

/// What became of one of them; that it was refused does not keep the others from being done.
enum One {
    Done(Box<Said>),
    Refused(anyhow::Error),
}

impl<'a> Plan<'a> {
    /// Checks that inputs are there and that no two outputs have one name.
    fn of(args: &'a RegisterArgs, fixed: &Path) -> Result<Self, Error> {
        let folder = args.out.as_deref().ok_or_else(|| usage("the outputs need a folder: -o FOLDER".to_owned()))?;
        outputs::folder(folder)?;
        if args.figure.is_some() {
            return Err(usage("--figure is of one pair; --figures draws each, as NAME.png".to_owned()));
        }
        let format = args.transform_format.map_or(Format::Itk, Into::into);
        let transforms = outputs::named_apart(folder, &args.each, format.extension())?;
        let jobs: Vec<Job<'_>> = args
            .each
            .iter()
            .zip(transforms)
            .map(|(moving, transform)| {
                let at = |ending: &str| outputs::named(folder, moving, ending);
                let resampled = args.volumes.as_ref().map(|ending| at(ending.trim_start_matches('.')));
                Job { moving, transform, resampled, figure: args.figures.then(|| at("png")) }
            })
            .collect();
        let mut planned = Planned::default();
        for job in &jobs {
            let of = job.moving.display();
            planned.add(format!("the transform of {of}"), &job.transform);
            if let Some(path) = &job.resampled {
                planned.add_volume(&format!("the resampled volume of {of}"), path)?;
            }
            if let Some(path) = &job.figure {
                planned.add(format!("the figure of {of}"), path);
            }
        }
        let inputs = args.each.iter().map(PathBuf::as_path).chain([fixed]).chain(args.mask.as_deref());
        if folder.is_dir() {
            planned.check(inputs, args.force)?
        } else {
            planned.differ()?
        }
        Ok(Self { folder, format, jobs })
    }

    fn run(&self, args: &RegisterArgs, fixed: &Path, ctx: &Ctx<'_>) -> anyhow::Result<Vec<One>> {
        let fixed = read::image(fixed, args.assume_patient_frame, ctx)?;
        let mask = args.mask.as_deref().map(|path| read::mask(path, args.assume_patient_frame, ctx)).transpose()?;
        outputs::make_folder(self.folder)?;
        let stage = ctx.stage("register", self.jobs.len() as u64);
        let done = self.jobs.par_iter().map(|job| {
            let one = job.run(args, self.format, &fixed, mask.as_ref(), &stage.ctx());
            stage.advance(1).map_err(Error::from)?;
            match one {
                Ok(said) => Ok(One::Done(Box::new(said))),
                // what is no fault of this image ends the run
                Err(error) if stops(&error) => Err(error),
                Err(error) => Ok(One::Refused(error)),
            }
        });
        // in their order, so that the error that is told is the same every time
        done.collect::<Vec<anyhow::Result<One>>>().into_iter().collect()
    }
}

impl Job<'_> {
    fn run(
        &self,
        args: &RegisterArgs,
        format: Format,
        fixed: &Volume<f32>,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> anyhow::Result<Said> {
        let moving = read::image(self.moving, args.assume_patient_frame, ctx)?;
        let grids = [fixed.geometry(), moving.geometry()];
        write::can_hold(&self.transform, format, grids, 1)?;
        let found = search::options(args, mask, *ctx).register(fixed, &moving).map_err(search::refused)?;
        let mut written = Written::default();
        if found.verdict != Verdict::Failed || args.write_failed {
            write::transforms(&self.transform, format, &[found.transform], grids)?;
            written.transform = Some(self.transform.clone());
            if self.resampled.is_some() || self.figure.is_some() {
                let moved = write::moved(&moving, fixed.geometry(), found.transform, args, ctx)?;
                if let Some(path) = &self.figure {
                    write::picture(path, fixed, &moved, ctx)?;
                }
                if let Some(path) = &self.resampled {
                    write::volume(path, moved.into(), ctx)?;
                }
            }
            written.resampled.clone_from(&self.resampled);
            written.figure.clone_from(&self.figure);
        }
        Ok(Said::new(&found, fixed.geometry(), written))
    }
}

impl One {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Done(said) => said.exit_code(),
            Self::Refused(_) => verdict::FAILED,
        }
    }

    fn verdict_line(&self) -> String {
        match self {
            Self::Done(said) => said.verdict_line(),
            Self::Refused(error) => format!("failed, refused: {error:#}"),
        }
    }

    fn to_json(&self, moving: &Path) -> Value {
        let mut json = match self {
            Self::Done(said) => said.to_json(),
            Self::Refused(error) => json!({
                "verdict": "failed",
                "exit_code": self.exit_code(),
                "sentence": self.verdict_line(),
                "error": format!("{error:#}"),
                "reason": error.downcast_ref::<Error>().map_or("usage", Error::reason),
            }),
        };
        json["image"] = json!(moving);
        json
    }
}

/// Whether an error is of the run: the user stopped it, or the system refuses to write.
fn stops(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<Error>() {
        Some(Error::Io { action, .. }) => action.starts_with("write"),
        Some(Error::Cancelled | Error::Write(_)) => true,
        _ => false,
    }
}
