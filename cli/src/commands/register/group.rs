//! `isocenter register --group A B C -o FOLDER`: volumes to a space in their middle.

use std::path::{Path, PathBuf};

use isocenter::{
    register::{Group, Verdict, transform_file::Format},
    volume::{Ctx, Volume},
};
use serde_json::json;

use super::{
    outputs::{self, Planned, usage},
    read, search, verdict, write,
};
use crate::{
    args::{Common, RegisterArgs},
    bars::Bars,
    print,
};

pub(super) fn run(args: &RegisterArgs, common: &Common) -> anyhow::Result<u8> {
    let plan = Plan::of(args)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = plan.run(args, &ctx);
    bars.finish();
    let (group, written) = outcome?;
    let codes: Vec<u8> = group.verdicts.iter().map(|verdict| verdict::code(*verdict)).collect();
    let code = codes.iter().copied().max().unwrap_or(verdict::GOOD);
    let images = plan.jobs.iter().enumerate().map(|(n, job)| {
        json!({
            "image": job.image,
            "verdict": verdict::word(codes[n]),
            "residual_mm": group.residual_mm[n],
            "middle_to_image_lps": group.transforms[n].rows(),
            "written": written[n],
        })
    });
    print::json(
        common,
        &json!({
            "verdict": verdict::word(code),
            "exit_code": code,
            "images": images.collect::<Vec<_>>(),
            "pairs": group.pairs.iter().map(|([a, b], found)| json!({
                "fixed": plan.jobs[*a].image,
                "moving": plan.jobs[*b].image,
                "verdict": verdict::word(verdict::code(found.verdict)),
                "doubts": found.doubts.iter().map(|doubt| doubt.code()).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        }),
    );
    for (n, job) in plan.jobs.iter().enumerate() {
        let line = format!(
            "{}: {}, {:.2} mm from what its pairs say",
            job.image.display(),
            verdict::word(codes[n]),
            group.residual_mm[n]
        );
        if common.quiet && !common.json && codes[n] != verdict::GOOD {
            print::warning(&line);
        }
        print::line(common, &line);
        if written[n].is_empty() {
            print::line(common, "  nothing was written; --write-failed writes the outputs all the same");
        }
        for path in &written[n] {
            print::line(common, &format!("  wrote {}", path.display()));
        }
    }
    Ok(code)
}

/// What is to be made of every volume, and where it goes.
struct Plan<'a> {
    folder: &'a Path,
    format: Format,
    jobs: Vec<Job<'a>>,
}

struct Job<'a> {
    image: &'a PathBuf,
    transform: PathBuf,
    resampled: Option<PathBuf>,
}

impl<'a> Plan<'a> {
    /// Checks that inputs are there and that no two outputs have one name.
    fn of(args: &'a RegisterArgs) -> anyhow::Result<Self> {
        let folder = args.out.as_deref().ok_or_else(|| usage("the outputs need a folder: -o FOLDER".to_owned()))?;
        outputs::folder(folder)?;
        let format = args.transform_format.map_or(Format::Itk, Into::into);
        let mut planned = Planned::default();
        let mut jobs: Vec<Job<'_>> = Vec::new();
        let transforms = outputs::named_apart(folder, &args.group, format.extension())?;
        for (image, transform) in args.group.iter().zip(transforms) {
            let resampled = args.volumes.as_ref().map(|e| outputs::named(folder, image, e.trim_start_matches('.')));
            let job = Job { image, transform, resampled };
            planned.add(format!("the transform of {}", image.display()), &job.transform);
            if let Some(path) = &job.resampled {
                planned.add_volume(&format!("the volume of {} in the middle", image.display()), path)?;
            }
            jobs.push(job);
        }
        if folder.is_dir() {
            planned.check(args.group.iter().map(PathBuf::as_path), args.force)?;
        } else {
            planned.differ()?;
        }
        Ok(Self { folder, format, jobs })
    }

    /// The group, and what was written of each.
    fn run(&self, args: &RegisterArgs, ctx: &Ctx<'_>) -> anyhow::Result<(Group, Vec<Vec<PathBuf>>)> {
        let images = self.jobs.iter().map(|job| read::image(job.image, args.assume_patient_frame, ctx));
        let images = images.collect::<anyhow::Result<Vec<Volume<f32>>>>()?;
        for (job, image) in self.jobs.iter().zip(&images) {
            write::can_hold(&job.transform, self.format, [image.geometry(); 2], 1)?;
        }
        let all: Vec<&Volume<f32>> = images.iter().collect();
        let group = search::options(args, None, *ctx).group(&all).map_err(search::refused)?;
        outputs::make_folder(self.folder)?;
        let mut written = Vec::with_capacity(images.len());
        for ((job, image), (map, verdict)) in
            self.jobs.iter().zip(&images).zip(group.transforms.iter().zip(&group.verdicts))
        {
            let mut own = Vec::new();
            if *verdict != Verdict::Failed || args.write_failed {
                write::transforms(&job.transform, self.format, &[*map], [&group.grid, image.geometry()])?;
                own.push(job.transform.clone());
                if let Some(path) = &job.resampled {
                    write::volume(path, write::moved(image, &group.grid, *map, args, ctx)?.into(), ctx)?;
                    own.push(path.clone());
                }
            }
            written.push(own);
        }
        Ok((group, written))
    }
}
