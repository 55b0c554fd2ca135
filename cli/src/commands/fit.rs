//! `isocenter fit IN... -o FITTED.json --step NAME...`: what steps of a cohort need, asked of its images.

use isocenter::{normalizing, volume::Ctx};
use serde_json::json;

use super::{
    normalize::{found, how, wanted},
    register::{
        outputs::{Planned, usage},
        write,
    },
};
use crate::{
    args::{Common, FitArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &FitArgs, common: &Common) -> anyhow::Result<u8> {
    let steps = wanted(&args.steps)?;
    if steps.asked().is_none() {
        return Err(usage(format!(
            "no step asks the images, so that there is nothing to fit: {} do, where what they are fitted to is left out",
            isocenter::normalize::pipeline::CohortStep::NAMES.join(", ")
        ))
        .into());
    }
    let mut planned = Planned::default();
    planned.add("the fitted steps", &args.out);
    planned.check(args.paths.iter().map(std::path::PathBuf::as_path), args.force)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let fitted = found(&args.paths, &ctx).and_then(|images| {
        if let Some(left) = images.left_out().first() {
            // a statistic without one of them would be another
            return Err(usage(format!("{} cannot be used: {}", left.path.display(), left.sentence)));
        }
        let pipeline = normalizing::fit(&images, steps, &how(&args.how, false), &ctx)?;
        Ok((images.all().len(), pipeline))
    });
    bars.finish();
    let (count, pipeline) = fitted?;
    let text = serde_json::to_string_pretty(&pipeline).map_err(|error| usage(error.to_string()))?;
    write::bytes("write the fitted steps", &args.out, text.as_bytes())?;
    let names: Vec<&str> = pipeline.steps().iter().map(|step| step.name()).collect();
    print::line(common, &format!("{} fitted to {count} images, to {}", names.join(", "), args.out.display()));
    print::json(common, &json!({ "images": count, "steps": names, "written": args.out }));
    Ok(0)
}
