//! `isocenter convert PATH... -o OUT`.

mod said;

use isocenter::{
    convert::{
        Options, PhilipsScaling,
        output::{Conflict, Identity, Outputs, Template, TemplateError},
    },
    to_files,
    volume::Ctx,
};

use crate::{
    args::{Common, ConvertArgs, SidecarKind},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &ConvertArgs, common: &Common) -> anyhow::Result<u8> {
    let outputs = outputs(args)?;
    let bars = Bars::new(common);
    let philips = if args.display_values { PhilipsScaling::Display } else { PhilipsScaling::Precise };
    let options = Options::default().philips_scaling(philips).even(args.even).ctx(Ctx::default().with_observer(&bars));
    let outcome = to_files(&args.paths, &outputs, &options, args.dry_run);
    bars.finish();
    let conversion = outcome?;
    let lacks = conversion.rejected.iter().any(|rejected| rejected.is_image)
        || conversion.records.iter().any(|record| record.refused.is_some())
        || conversion.frames_left_out > 0;
    if conversion.records.is_empty() && !lacks {
        return Err(isocenter::Error::Usage { message: "there is no DICOM image among the paths".to_owned() }.into());
    }
    print::json(common, &said::json(&conversion, args));
    for line in said::lines(&conversion, args) {
        print::line(common, &line);
    }
    Ok(u8::from(lacks))
}

fn outputs(args: &ConvertArgs) -> anyhow::Result<Outputs> {
    let usage = |message: String| isocenter::Error::Usage { message };
    let is_known = isocenter::formats::extensions().any(|known| known == args.to.trim_start_matches('.'));
    if !is_known {
        let known: Vec<&str> = isocenter::formats::extensions().collect();
        return Err(usage(format!("--to {} is no kind of file that is written: {}", args.to, known.join(", "))).into());
    }
    let identity = match (args.keep_identity, args.keep_descriptions) {
        (true, _) => Identity::Keep,
        (false, true) => Identity::Descriptions,
        (false, false) => Identity::Drop,
    };
    let names = match (&args.filename, identity) {
        (Some(template), _) => template.clone(),
        (None, Identity::Drop) => Template::default(),
        (None, _) => "%s_%d".parse().map_err(|e: TemplateError| usage(e.to_string()))?,
    };
    if let Some(letter) = names.identifying(identity) {
        let message = match letter {
            'd' | 'p' => format!("-f: %{letter} is free text; --keep-descriptions lets names and sidecars hold it"),
            _ => format!("-f: %{letter} may hold what identifies a person; --keep-identity lets names hold that"),
        };
        return Err(usage(message).into());
    }
    let folder = args.paths.first().and_then(|path| path.canonicalize().ok());
    let folder = folder.as_deref().map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(path) });
    let folder = folder.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    Ok(Outputs::to(&args.out)
        .names(names)
        .folder(folder.unwrap_or_default())
        .extension(&*args.to)
        .identity(identity)
        .conflict(if args.force { Conflict::Replace } else { Conflict::Refuse })
        .sidecar(args.sidecar == SidecarKind::Json)
        .overlays(args.overlays)
        .upright(args.upright)
        .level(args.level))
}
