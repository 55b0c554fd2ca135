//! `isocenter register FIXED MOVING -t OUT`.

mod outputs;
pub(super) mod read;
mod said;

use isocenter::{
    Error, formats,
    register::{Dof, Metric, Registration, RigidOptions, Verdict, transform_file},
    volume::{Ctx, Volume, resample::Resample, sample::Interpolation},
};

use self::{
    outputs::Outputs,
    said::{Said, Written},
};
use crate::{
    args::{Common, LikenessArg, RegisterArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &RegisterArgs, common: &Common) -> anyhow::Result<u8> {
    let outputs = Outputs::of(args)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = register(args, &outputs, &ctx);
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

fn register(args: &RegisterArgs, outputs: &Outputs<'_>, ctx: &Ctx<'_>) -> anyhow::Result<Said> {
    let fixed = read::image(&args.fixed, args.assume_patient_frame, ctx)?;
    let moving = read::image(&args.moving, args.assume_patient_frame, ctx)?;
    let mask = args.mask.as_deref().map(|path| read::mask(path, args.assume_patient_frame, ctx)).transpose()?;
    let metric = match args.metric {
        LikenessArg::Nmi => Metric::NormalizedMutualInformation,
        LikenessArg::Mi => Metric::MutualInformation,
    };
    let dof = args.dof.parse().ok().and_then(Dof::of).unwrap_or_default();
    let mut options = RigidOptions::default().ctx(*ctx).metric(metric).dof(dof);
    if let Some(path) = &args.init {
        options = options.start(read::transform(path, &fixed, &moving)?);
    }
    if let Some(mask) = &mask {
        options = options.mask(mask);
    }
    let found = match &args.judge {
        Some(path) => options.judge(&fixed, &moving, &read::transform(path, &fixed, &moving)?),
        None => options.register(&fixed, &moving),
    }
    .map_err(refused)?;
    let is_written = found.verdict != Verdict::Failed || args.write_failed;
    let written = if is_written { write(outputs, &found, &fixed, &moving, ctx)? } else { Written::default() };
    Ok(Said::new(&found, fixed.geometry(), written))
}

fn write(
    outputs: &Outputs<'_>,
    found: &Registration,
    fixed: &Volume<f32>,
    moving: &Volume<f32>,
    ctx: &Ctx<'_>,
) -> anyhow::Result<Written> {
    let options = transform_file::Options::default().format(outputs.format).images(fixed.geometry(), moving.geometry());
    options.write(outputs.transform, &[found.transform]).map_err(|e| {
        let source = match e {
            transform_file::Error::Io { source, .. } => source,
            other => std::io::Error::other(other),
        };
        Error::Io { action: "write the transform", path: outputs.transform.to_owned(), source }
    })?;
    if let Some(path) = outputs.resampled {
        let low = moving.voxels().iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
        let moved = Resample::to_geometry(fixed.geometry().clone())
            .transform(found.transform)
            .interpolation(Interpolation::Linear)
            .ctx(*ctx)
            .outside(if low.is_finite() { f64::from(low) } else { 0.0 })
            .apply(moving)?;
        let options = formats::WriteOptions::default().ctx(*ctx);
        formats::write_with(path, &formats::File::from_volume(moved.into()), &options).map_err(|e| match e {
            formats::Error::Cancelled => Error::Cancelled,
            other => Error::Write(other),
        })?;
    }
    Ok(Written { transform: Some(outputs.transform.to_owned()), resampled: outputs.resampled.map(ToOwned::to_owned) })
}

fn refused(error: isocenter::register::Error) -> anyhow::Error {
    use isocenter::register::Error as E;
    let what_to_do = match &error {
        E::Cancelled => return Error::Cancelled.into(),
        E::NoPatientFrame { .. } => "; --assume-patient-frame takes it as LPS, and must be true",
        E::SlowSteps { .. } => "; write one of its steps as a file of its own",
        _ => "",
    };
    Error::Usage { message: format!("{error}{what_to_do}") }.into()
}
