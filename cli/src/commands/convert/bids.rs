//! `--bids`: a mapping, whose scans they are, and what the mapping asks of dcm2niix.

use std::ffi::OsString;

use isocenter::{
    Error,
    convert::{
        bids::{Mapping, Subject},
        output::Identity,
    },
};

use crate::{
    args::ConvertArgs,
    commands::dcm2niix::letters::{Letters, Wanted},
    print,
};

/// What a mapping asks for.
pub(super) struct Mapped {
    pub(super) mapping: Mapping,
    pub(super) subject: Subject,
    pub(super) letters: Letters,
}

/// The mapping that is asked for.
pub(super) fn mapped(args: &ConvertArgs) -> anyhow::Result<Option<Mapped>> {
    let (Some(path), Some(participant)) = (&args.bids, &args.participant) else { return Ok(None) };
    let usage = |message: String| Error::Usage { message };
    let text = std::fs::read_to_string(path).map_err(|error| usage(format!("{}: {error}", path.display())))?;
    let mapping = Mapping::parse(&text).map_err(|error| usage(format!("{}: {}", path.display(), whole(&error))))?;
    let mapping = mapping.automatic(args.auto_extract_entities).sorted(!args.do_not_reorder_entities);
    let subject = Subject::new(participant, args.session.as_deref()).map_err(|error| usage(error.to_string()))?;
    let letters =
        letters(mapping.letters()).map_err(|what| usage(format!("{}: dcm2niixOptions: {what}", path.display())))?;
    for key in mapping.ignored() {
        print::warning(&format!("{}: {key} means nothing here", path.display()));
    }
    if letters.identity == Identity::Keep && !args.keep_identity {
        print::warning("the mapping asks for -ba n: --keep-identity lets sidecars hold what identifies a person");
    }
    Ok(Some(Mapped { mapping, subject, letters }))
}

/// An error and what it came of.
fn whole(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// The options of dcm2niix as dcm2bids gives them, or its own where the mapping has none.
fn letters(text: Option<&str>) -> Result<Letters, String> {
    let words = shlex::split(text.unwrap_or(DEFAULT)).ok_or_else(|| "a quotation mark is not closed".to_owned())?;
    // dcm2bids adds folders itself
    let all: Vec<OsString> = words.into_iter().chain(["in".to_owned()]).map(OsString::from).collect();
    match Letters::parse(&all)? {
        Wanted::Run(letters) if !letters.sidecar => Err("-b n: a mapping is held against sidecars".to_owned()),
        Wanted::Run(letters) => Ok(letters),
        Wanted::Help | Wanted::Version => Err("they ask for no conversion".to_owned()),
    }
}

const DEFAULT: &str = "-b y -ba y -z y -f %3s_%f_%p_%t";
