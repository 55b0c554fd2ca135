//! `isocenter dcm2niix ...`: the letters, lines and exit codes of dcm2niix, for the programs that call it by that name.
//!
//! Exit codes are dcm2niix's: 0 done, 1 an option that is not taken or an output that could not be written, 2 no DICOM found, 5 no such
//! input, 6 no such output folder, 8 some images could not be converted.

pub(super) mod letters;

use isocenter::{
    Conversion, Error,
    convert::{
        Options,
        output::{Identity, Outputs, Record},
    },
    to_files,
    volume::Ctx,
};

use self::letters::{Letters, Wanted};
use crate::{
    args::{Common, Dcm2niixArgs},
    bars::Bars,
    failure::{self, Shown},
    print,
};

const USAGE: u8 = 1;
const NOTHING_FOUND: u8 = 2;
const NO_INPUT: u8 = 5;
const NO_OUTPUT: u8 = 6;
const SOME_FAILED: u8 = 8;

pub(crate) fn run(args: &Dcm2niixArgs, common: &Common) -> anyhow::Result<u8> {
    say(common, &format!("isocenter {} in the manner of dcm2niix", env!("CARGO_PKG_VERSION")));
    let letters = match Letters::parse(&args.letters) {
        Ok(Wanted::Run(letters)) => letters,
        Ok(Wanted::Help) => {
            say(common, letters::HELP);
            return Ok(0);
        }
        Ok(Wanted::Version) => return Ok(3),
        Err(message) => {
            print::warning(&message);
            return Ok(USAGE);
        }
    };
    if !letters.input.exists() {
        print::warning(&format!("Input folder invalid: {}", letters.input.display()));
        return Ok(NO_INPUT);
    }
    let target = letters.target();
    if !target.is_dir() {
        print::warning(&format!("Output folder invalid: {}", target.display()));
        return Ok(NO_OUTPUT);
    }
    let outputs = Outputs::to(&target)
        .names(letters.names.clone())
        .folder(letters.folder())
        .extension(letters.extension)
        // who chooses names by these letters chooses what they hold
        .identity(Identity::Keep)
        .sidecar_identity(letters.identity)
        .sidecar(letters.sidecar)
        .volumes(letters.volumes)
        .conflict(letters.conflict)
        .overlays(true)
        .upright(true)
        .rows_from_bottom(true)
        .level(letters.level);
    let bars = Bars::new(common);
    let options =
        Options::default().philips_scaling(letters.philips).even(true).ctx(Ctx::default().with_observer(&bars));
    let outcome = to_files(&letters.paths(), &outputs, &options, false);
    bars.finish();
    match outcome {
        Ok(conversion) => Ok(told(&conversion, &letters, common)),
        Err(error @ (Error::Write(_) | Error::Io { .. })) => {
            failure::report(&error.into(), &Shown::All, common);
            Ok(USAGE)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says what was made as dcm2niix does, and gives its exit code.
fn told(conversion: &Conversion, letters: &Letters, common: &Common) -> u8 {
    let left: usize = conversion.rejected.iter().filter(|r| r.is_image).map(|r| r.paths.len()).sum();
    let found = conversion.in_volumes + conversion.duplicates + left;
    if found == 0 {
        print::warning(&format!("Unable to find any DICOM images in {}", letters.input.display()));
        return NOTHING_FOUND;
    }
    say(common, &format!("Found {found} DICOM file(s)"));
    for record in &conversion.records {
        for warning in &record.warnings {
            say(common, &format!("Warning: {}", warning.text));
        }
        match (&record.refused, record.outputs.first()) {
            (None, Some(_)) => say(common, &line(record, letters)),
            (Some(note), _) => say(common, &format!("Warning: {} file(s) not converted: {}", record.files, note.text)),
            (None, None) => say(common, &format!("Skipping {} file(s), written already", record.files)),
        }
    }
    for rejected in conversion.rejected.iter().filter(|rejected| rejected.is_image) {
        say(common, &format!("Warning: {} file(s) not converted: {}", rejected.paths.len(), rejected.sentence));
    }
    let failed = left > 0 || conversion.records.iter().any(|record| record.refused.is_some());
    if failed { SOME_FAILED } else { 0 }
}

/// `Convert N DICOM as NAME (COLUMNSxROWSxSLICESxSTEPS)`.
fn line(record: &Record, letters: &Letters) -> String {
    let first =
        record.outputs.first().map(|path| letters.target().join(path).display().to_string()).unwrap_or_default();
    let ends = [format!(".{}", letters.extension), ".json".to_owned()];
    let name = ends.iter().find_map(|end| first.strip_suffix(end.as_str())).unwrap_or(&first);
    let steps: usize = record.axes.iter().map(|axis| axis.steps).product();
    let [columns, rows, slices] = record.shape;
    format!("Convert {} DICOM as {name} ({columns}x{rows}x{slices}x{steps})", record.files)
}

fn say(common: &Common, text: &str) {
    print::line(common, text);
}
