//! `isocenter register --motion SERIES`: the steps of a series onto one of them, or onto an image of its own.

mod said;
mod table;
mod transforms;

use std::path::Path;

use isocenter::{
    Error,
    register::{Motion, MotionOptions, motion::Reference},
    volume::{Ctx, Mask, Volume},
};

use self::{said::Said, table::Columns, transforms::Place};
use super::{
    outputs::{Planned, usage},
    read, search, verdict, write,
};
use crate::{
    args::{Common, ReferenceArg, RegisterArgs},
    bars::Bars,
    print,
};

pub(super) fn run(args: &RegisterArgs, series: &Path, common: &Common) -> anyhow::Result<u8> {
    let head = read::head(series, args.assume_patient_frame)?;
    if head.steps() < 2 {
        return Err(read::unsuited(series, "it holds one volume, and a series of them is wanted").into());
    }
    let outputs = Outputs::of(args, series, head.steps())?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = correct(args, series, &outputs, &ctx);
    bars.finish();
    let said = outcome?;
    print::json(common, &said.to_json());
    for line in said.lines() {
        print::line(common, &line);
    }
    if common.quiet && !common.json && said.exit_code() != verdict::GOOD {
        print::warning(&said.verdict_line());
    }
    Ok(said.exit_code())
}

/// Where what is found goes.
struct Outputs<'a> {
    still: Option<&'a Path>,
    transforms: Option<Place<'a>>,
    table: Option<(&'a Path, Columns)>,
}

impl<'a> Outputs<'a> {
    fn of(args: &'a RegisterArgs, series: &Path, steps: usize) -> Result<Self, Error> {
        let still = args.out.as_deref();
        let transforms = args.transform.as_deref().map(|path| Place::of(path, args.transform_format)).transpose()?;
        let table = args.table.as_deref().map(|path| Ok::<_, Error>((path, Columns::of(path)?))).transpose()?;
        if still.is_none() && transforms.is_none() && table.is_none() {
            return Err(usage(
                "nothing is to be written: -o FILE for the series that stands still, -t FILE for the transforms, --table FILE.tsv".to_owned(),
            ));
        }
        let mut planned = Planned::default();
        if let Some(path) = still {
            planned.add_volume("the still series", path)?;
        }
        if let Some((path, _)) = table {
            planned.add("the table", path);
        }
        if let Some(place) = &transforms {
            place.plan(steps, &mut planned)?;
        }
        let inputs = [Some(series), args.fixed.as_deref(), args.mask.as_deref()];
        planned.check(inputs.into_iter().flatten(), args.force)?;
        Ok(Self { still, transforms, table })
    }
}

fn correct(args: &RegisterArgs, path: &Path, outputs: &Outputs<'_>, ctx: &Ctx<'_>) -> anyhow::Result<Said> {
    let assume = args.assume_patient_frame;
    let series = read::image(path, assume, ctx)?;
    let fixed = args.fixed.as_deref().map(|path| read::image(path, assume, ctx)).transpose()?;
    let mask = args.mask.as_deref().map(|path| read::mask(path, assume, ctx)).transpose()?;
    if let Some(place) = &outputs.transforms {
        let grid = fixed.as_ref().map_or(series.geometry(), Volume::geometry);
        place.can_hold([grid, series.geometry()], series.steps())?;
    }
    let motion = find(args, fixed.as_ref(), &series, mask.as_ref(), ctx)?;
    let said = Said::new(path, &motion, reference(args, &series));
    if said.exit_code() == verdict::FAILED && !args.write_failed {
        return Ok(said);
    }
    if let Some(place) = &outputs.transforms {
        place.write(&motion.transforms, [motion.reference(), series.geometry()])?;
    }
    if let Some((path, columns)) = outputs.table {
        write::bytes("write the table", path, columns.of_motion(&motion).as_bytes())?;
    }
    if let Some(path) = outputs.still {
        let resample =
            motion.resample().interpolation(write::interpolation(args)).outside(write::outside(&series, args));
        let still = resample.ctx(*ctx).apply(&series).map_err(write::not_moved)?;
        write::volume(path, still.into(), ctx)?;
    }
    Ok(said.written(outputs.still, outputs.transforms.as_ref().map(Place::path), outputs.table.map(|(path, _)| path)))
}

fn find(
    args: &RegisterArgs,
    fixed: Option<&Volume<f32>>,
    series: &Volume<f32>,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<Motion, Error> {
    let mut options = MotionOptions::default().ctx(*ctx);
    if let Some(mask) = mask {
        options = options.mask(mask);
    }
    let found = match fixed {
        Some(fixed) => options.align(fixed, series),
        None => {
            let reference = match args.reference {
                Some(ReferenceArg::Mean) => Reference::Mean,
                Some(ReferenceArg::Step(step)) => Reference::Step(step),
                Some(ReferenceArg::Middle) | None => Reference::Middle,
            };
            options.reference(reference).correct(series)
        }
    };
    found.map_err(search::refused)
}

/// What the steps were brought to, in words.
fn reference(args: &RegisterArgs, series: &Volume<f32>) -> String {
    match (&args.fixed, args.reference) {
        (Some(fixed), _) => fixed.display().to_string(),
        (None, Some(ReferenceArg::Mean)) => "the mean of all".to_owned(),
        (None, Some(ReferenceArg::Step(step))) => format!("step {step}"),
        (None, Some(ReferenceArg::Middle) | None) => format!("step {}", series.steps() / 2),
    }
}
