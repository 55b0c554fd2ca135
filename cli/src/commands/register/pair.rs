//! `isocenter register FIXED MOVING -t OUT`.

use std::path::Path;

use isocenter::{
    register::{Registration, Verdict},
    volume::{Ctx, Volume},
};

use super::{
    outputs::Outputs,
    read,
    said::{Said, Written},
    search, write,
};
use crate::{
    args::{Common, RegisterArgs},
    bars::Bars,
    print,
};

pub(super) fn run(args: &RegisterArgs, fixed: &Path, moving: &Path, common: &Common) -> anyhow::Result<u8> {
    let outputs = Outputs::of(args, fixed, moving)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = register(args, [fixed, moving], &outputs, &ctx);
    bars.finish();
    let said = outcome?;
    print::json(common, &said.to_json());
    for line in said.lines() {
        print::line(common, &line);
    }
    if common.quiet && !common.json && said.exit_code() != 0 {
        print::warning(&said.verdict_line());
    }
    Ok(said.exit_code())
}

fn register(
    args: &RegisterArgs,
    [fixed, moving]: [&Path; 2],
    outputs: &Outputs<'_>,
    ctx: &Ctx<'_>,
) -> anyhow::Result<Said> {
    let fixed = read::image(fixed, args.assume_patient_frame, ctx)?;
    let moving = read::image(moving, args.assume_patient_frame, ctx)?;
    let mask = args.mask.as_deref().map(|path| read::mask(path, args.assume_patient_frame, ctx)).transpose()?;
    let moving_mask =
        args.moving_mask.as_deref().map(|path| read::mask(path, args.assume_patient_frame, ctx)).transpose()?;
    let pairs = search::pairs(args, ctx)?;
    let mut options = search::options(args, mask.as_ref(), *ctx);
    if let Some(mask) = &moving_mask {
        options = options.moving_mask(mask);
    }
    for (fixed, moving, weight) in &pairs {
        options = options.with_pair(fixed, moving, *weight);
    }
    if let Some(path) = &args.init {
        options = options.start(read::transform(path, &fixed, &moving)?);
    }
    write::can_hold(outputs.transform, outputs.format, [fixed.geometry(), moving.geometry()], 1)?;
    let found = match &args.judge {
        Some(path) => options.judge(&fixed, &moving, &read::transform(path, &fixed, &moving)?),
        None => options.register(&fixed, &moving),
    }
    .map_err(search::refused)?;
    let is_written = found.verdict != Verdict::Failed || args.write_failed;
    let written = if is_written { write(args, outputs, &found, [&fixed, &moving], ctx)? } else { Written::default() };
    Ok(Said::new(&found, fixed.geometry(), written))
}

fn write(
    args: &RegisterArgs,
    outputs: &Outputs<'_>,
    found: &Registration,
    [fixed, moving]: [&Volume<f32>; 2],
    ctx: &Ctx<'_>,
) -> anyhow::Result<Written> {
    let grids = [fixed.geometry(), moving.geometry()];
    write::transforms(outputs.transform, outputs.format, &[found.transform], grids)?;
    if outputs.resampled.is_some() || outputs.figure.is_some() {
        let moved = write::moved(moving, fixed.geometry(), found.transform, args, ctx)?;
        if let Some(path) = outputs.figure {
            write::picture(path, fixed, &moved, ctx)?;
        }
        if let Some(path) = outputs.resampled {
            write::volume(path, moved.into(), ctx)?;
        }
    }
    Ok(Written {
        transform: Some(outputs.transform.to_owned()),
        resampled: outputs.resampled.map(ToOwned::to_owned),
        figure: outputs.figure.map(ToOwned::to_owned),
    })
}
