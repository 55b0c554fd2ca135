//! `isocenter register FIXED MOVING -t OUT`.

use std::path::Path;

use isocenter::{
    Error, formats,
    register::{RigidOptions, transform_file},
    volume::{Ctx, LabelMap, Mask, Volume, resample::Resample, sample::Interpolation},
};

use crate::{
    args::{Common, RegisterArgs, TransformFormat},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &RegisterArgs, common: &Common) -> anyhow::Result<u8> {
    let format = transform_format(&args.transform, args.transform_format)?;
    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let fixed = read(&args.fixed, args.assume_patient_frame, &ctx)?;
    let moving = read(&args.moving, args.assume_patient_frame, &ctx)?;
    let mask = args.mask.as_deref().map(|path| read_mask(path, args.assume_patient_frame, &ctx)).transpose()?;

    let mut options = RigidOptions::default().ctx(ctx);
    if let Some(mask) = &mask {
        options = options.mask(mask);
    }
    let found = options.register(&fixed, &moving).map_err(refused)?;

    transform_file::write(&args.transform, &found.transform, format).map_err(|e| Error::Io {
        action: "write the transform",
        path: args.transform.clone(),
        source: std::io::Error::other(e),
    })?;
    if let Some(path) = &args.resampled {
        let low = moving.voxels().iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
        let moved = Resample::to_geometry(fixed.geometry().clone())
            .transform(found.transform)
            .interpolation(Interpolation::Linear)
            .ctx(ctx)
            .outside(if low.is_finite() { f64::from(low) } else { 0.0 })
            .apply(&moving)?;
        let options = formats::WriteOptions::default().ctx(ctx);
        formats::write_with(path, &formats::File::from_volume(moved.into()), &options).map_err(Error::Write)?;
    }
    bars.finish();
    print::json(
        common,
        &serde_json::json!({
            "fixed_to_moving_lps": found.transform.rows(),
            "metric_before": found.metric_before,
            "metric_after": found.metric_after,
            "overlap": found.overlap,
            "converged": found.converged,
        }),
    );
    print::line(
        common,
        &format!(
            "similarity {:.4} before, {:.4} after, overlap {:.0} %{}",
            found.metric_before,
            found.metric_after,
            100.0 * found.overlap,
            if found.converged { "" } else { "; the result is NOT trusted: look at it before you use it" }
        ),
    );
    Ok(u8::from(!found.converged))
}

fn read(path: &Path, assume: bool, ctx: &Ctx<'_>) -> anyhow::Result<Volume<f32>> {
    let volume = read_file(path, ctx)?.volume.to_real()?;
    Ok(if assume && !volume.geometry().frame().is_patient() { volume.assume_patient_frame() } else { volume })
}

fn read_mask(path: &Path, assume: bool, ctx: &Ctx<'_>) -> anyhow::Result<Mask> {
    let file = read_file(path, ctx)?;
    let map = LabelMap::from_volume(&file.volume, Vec::new())?;
    let map = if assume && !map.geometry().frame().is_patient() { map.assume_patient_frame() } else { map };
    Ok(Mask::of_layer(&map, 0)?)
}

fn read_file(path: &Path, ctx: &Ctx<'_>) -> anyhow::Result<formats::File> {
    Ok(formats::read_with(path, &formats::ReadOptions::default().ctx(*ctx)).map_err(|error| match error {
        formats::Error::Cancelled => Error::Cancelled,
        other => Error::Usage { message: format!("{} cannot be read: {other}", path.display()) },
    })?)
}

fn transform_format(path: &Path, stated: Option<TransformFormat>) -> anyhow::Result<transform_file::Format> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    match stated {
        Some(TransformFormat::Itk) => Ok(transform_file::Format::Itk),
        Some(TransformFormat::Ras) => Ok(transform_file::Format::RasMatrix),
        None if name.ends_with(".tfm") => Ok(transform_file::Format::Itk),
        None if name.ends_with(".txt") => Ok(transform_file::Format::RasMatrix),
        None => Err(Error::Usage {
            message:
                "the transform's name must end in .tfm (ITK) or .txt (4x4, RAS), or --transform-format must say whose \
                      convention it follows"
                    .to_owned(),
        }
        .into()),
    }
}

fn refused(error: isocenter::register::Error) -> anyhow::Error {
    match error {
        isocenter::register::Error::Cancelled => Error::Cancelled.into(),
        other => Error::Usage { message: other.to_string() }.into(),
    }
}
