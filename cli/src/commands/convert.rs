//! `isocenter convert PATH... -o OUT`.

mod bids;
mod said;

use std::path::{Path, PathBuf};

use isocenter::{
    Conversion,
    convert::{
        Options, PhilipsScaling,
        output::{Conflict, Identity, Outputs, Template, TemplateError},
    },
    from_plan, save_plan, to_files,
    volume::Ctx,
};

use crate::{
    args::{Common, ConvertArgs, SidecarKind},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &ConvertArgs, common: &Common) -> anyhow::Result<u8> {
    if let Some(plan) = &args.plan {
        return planned(args, plan, common);
    }
    let mapped = bids::mapped(args)?;
    let outputs = outputs(args, mapped.as_ref())?;
    let bars = Bars::new(common);
    let philips = match &mapped {
        _ if args.display_values => PhilipsScaling::Display,
        Some(mapped) => mapped.letters.philips,
        None => PhilipsScaling::Precise,
    };
    let options = Options::default().philips_scaling(philips).even(args.even).ctx(Ctx::default().with_observer(&bars));
    let outcome = match &args.save_plan {
        Some(file) if file.exists() && !args.force => Err(already(file)),
        Some(file) => save_plan(&args.paths, &outputs, &options, file),
        None => to_files(&args.paths, &outputs, &options, args.dry_run),
    };
    bars.finish();
    let conversion = outcome?;
    if conversion.in_volumes == 0 && !lacks(&conversion) {
        // an archive that cannot be looked into may be all that was given
        said::rejected(&conversion, args).iter().for_each(|line| print::warning(line));
        return Err(isocenter::Error::Usage { message: "there is no DICOM image among the paths".to_owned() }.into());
    }
    Ok(told(&conversion, args, common))
}

/// Writes what a saved plan says.
fn planned(args: &ConvertArgs, plan: &Path, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let shard = args.shard.map(|shard| (shard.index, shard.count));
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = from_plan(plan, &target(args), shard, conflict(args), ctx, args.dry_run);
    bars.finish();
    Ok(told(&outcome?, args, common))
}

/// Says what became of it, and gives the exit code.
fn told(conversion: &Conversion, args: &ConvertArgs, common: &Common) -> u8 {
    print::json(common, &said::json(conversion, args));
    for line in said::lines(conversion, args) {
        print::line(common, &line);
    }
    // whoever wants errors alone hears what is missing
    if common.quiet {
        said::missing(conversion).iter().for_each(|line| print::warning(line));
    }
    u8::from(lacks(conversion))
}

/// Whether an image is missing from the output.
fn lacks(conversion: &Conversion) -> bool {
    conversion.rejected.iter().any(|rejected| rejected.is_image)
        || conversion.records.iter().any(said::lacks)
        || conversion.frames_left_out > 0
}

fn already(file: &Path) -> isocenter::Error {
    isocenter::Error::Usage { message: format!("{} is there already; --force replaces it", file.display()) }
}

/// The folder of the volumes; a plan may be saved without one.
fn target(args: &ConvertArgs) -> PathBuf {
    args.out.clone().unwrap_or_default()
}

fn conflict(args: &ConvertArgs) -> Conflict {
    // without a folder nothing is in the way
    if args.force || args.out.is_none() { Conflict::Replace } else { Conflict::Refuse }
}

fn outputs(args: &ConvertArgs, mapped: Option<&bids::Mapped>) -> anyhow::Result<Outputs> {
    let usage = |message: String| isocenter::Error::Usage { message };
    let asked = args.to.as_deref().map(|to| to.trim_start_matches('.'));
    let to = asked.or(mapped.map(|mapped| mapped.letters.extension)).unwrap_or("nii.gz");
    let is_known = isocenter::formats::extensions().any(|known| known == to);
    if !is_known {
        let known: Vec<&str> = isocenter::formats::extensions().collect();
        return Err(usage(format!("--to {to} is no kind of file that is written: {}", known.join(", "))).into());
    }
    if mapped.is_some() && !["nii", "nii.gz"].contains(&to) {
        return Err(usage(format!("--to {to}: a data set of BIDS has nii or nii.gz")).into());
    }
    let identity = match (args.keep_identity, args.keep_descriptions) {
        (true, _) => Identity::Keep,
        (false, true) => Identity::Descriptions,
        (false, false) => Identity::Drop,
    };
    let names = match (&args.filename, mapped, identity) {
        (Some(template), ..) => template.clone(),
        (_, Some(mapped), _) => mapped.letters.names.clone(),
        (None, None, Identity::Drop) => Template::default(),
        (None, None, _) => "%s_%d".parse().map_err(|e: TemplateError| usage(e.to_string()))?,
    };
    // a mapping is held against names, and writes none of them
    if let Some(letter) = names.identifying(identity).filter(|_| mapped.is_none()) {
        let message = match letter {
            'd' | 'p' => format!("-f: %{letter} is free text; --keep-descriptions lets names and sidecars hold it"),
            _ => format!("-f: %{letter} may hold what identifies a person; --keep-identity lets names hold that"),
        };
        return Err(usage(message).into());
    }
    let folder = args.paths.first().and_then(|path| path.canonicalize().ok());
    let folder = folder.as_deref().map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(path) });
    let folder = folder.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let shard = args.shard.map(|shard| (shard.index, shard.count));
    let level = args.level.or(mapped.map(|mapped| mapped.letters.level)).unwrap_or(6);
    let outputs = Outputs::to(target(args))
        .names(names)
        .folder(folder.unwrap_or_default())
        .extension(to)
        .identity(identity)
        .conflict(conflict(args))
        .sidecar(args.sidecar == SidecarKind::Json)
        .overlays(args.overlays)
        .upright(args.upright)
        .level(level);
    let outputs = shard.into_iter().fold(outputs, |outputs, (index, count)| outputs.shard(index, count));
    Ok(match mapped {
        Some(mapped) => outputs.volumes(mapped.letters.volumes).bids(mapped.mapping.clone(), mapped.subject.clone()),
        None => outputs,
    })
}
