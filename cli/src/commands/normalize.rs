//! `isocenter normalize IN... -o OUT --step NAME...`: steps to each image; and what `fit` and `apply` share with it.

pub(super) mod each;

use std::path::PathBuf;

use isocenter::{
    Error,
    images::Images,
    normalize::{Pipeline, pipeline::Unfitted},
    normalizing::{self, Steps, Work},
    volume::Ctx,
};
use serde_json::json;

use super::register::outputs::usage;
use crate::{
    args::{Common, HowArgs, NormalizeArgs, StepsArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &NormalizeArgs, common: &Common) -> anyhow::Result<u8> {
    let steps = wanted(&args.steps)?;
    let asks = steps.asked().is_some();
    let pipeline = steps.into_pipeline().map_err(|error| match asks {
        true => usage(format!(
            "{error}: `isocenter fit IN... -o FITTED.json` does, and `isocenter apply FITTED.json` goes on"
        )),
        false => usage(error.to_string()),
    })?;
    if args.dry_run {
        return plan(args, &pipeline, common);
    }
    let asked = each::Asked { out: &args.out, how: &args.how, record: args.record, memory: args.memory };
    each::run(&args.paths, &Work::Steps(pipeline), &asked, common)
}

/// The steps that were asked for.
pub(super) fn wanted(args: &StepsArgs) -> Result<Unfitted, Error> {
    match &args.steps {
        None => normalizing::from_words(&args.step),
        Some(path) => match normalizing::from_file(path)? {
            Steps::Wanted(steps) => Ok(steps),
            Steps::Done(_) => {
                Err(usage(format!("{}: it is the record of one image: `isocenter apply` takes it", path.display())))
            }
        },
    }
}

/// The images under paths; an error where there is none.
pub(super) fn found(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<Images, Error> {
    let images = Images::find(paths, ctx)?;
    if images.all().is_empty() {
        let why = images
            .left_out()
            .first()
            .map_or_else(String::new, |first| format!("; {}: {}", first.path.display(), first.sentence));
        return Err(usage(format!("no image was found{why}")));
    }
    Ok(images)
}

pub(super) fn how(args: &HowArgs, draws: bool) -> normalizing::How<'_> {
    let mut how = normalizing::How::default();
    how.mask = args.mask.as_deref();
    how.assume_patient_frame = args.assume_patient_frame;
    how.all_images = args.images;
    how.draws = draws;
    how
}

fn plan(args: &NormalizeArgs, pipeline: &Pipeline, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let images = found(&args.paths, &ctx);
    bars.finish();
    let images = images?;
    let mut code = 0;
    let mut all = Vec::new();
    for image in images.all() {
        let head = images.head(image, &ctx)?;
        let assume = args.how.assume_patient_frame && !head.geometry().frame().is_patient();
        let head = if assume { head.assume_patient_frame() } else { head };
        print::answer(common, &format!("{}:", image.path().display()));
        match pipeline.plan(head.geometry()) {
            Ok(plan) => {
                plan.to_string().lines().for_each(|line| print::answer(common, &format!("  {line}")));
                all.push(json!({
                    "image": image.path(),
                    "passes": plan.passes().iter().map(|pass| json!({
                        "steps": pass.names(), "how": pass.how(), "shape": pass.shape(),
                    })).collect::<Vec<_>>(),
                    "interpolations": plan.interpolations(),
                    "peak_bytes": plan.peak_bytes(),
                }));
            }
            Err(error) => {
                code = 2;
                print::answer(common, &format!("  {error}"));
                all.push(json!({ "image": image.path(), "error": error.to_string(), "reason": error.reason() }));
            }
        }
    }
    print::json(common, &json!({ "images": all, "exit_code": code }));
    Ok(code)
}
