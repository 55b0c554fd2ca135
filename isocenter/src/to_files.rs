//! Folders of DICOM to volume files: the library call behind `isocenter convert`.

mod planned;

use std::{collections::BTreeMap, path::PathBuf};

use isocenter_convert::{
    Facts, Options, Plan, Reason,
    output::{self, Outputs, Record},
    plan::plan,
};
use isocenter_dcm::scan;

use crate::{Error, container, container::Listed, quarantine, rejection};

pub use planned::{from_plan, save_plan};

/// What became of the files of a conversion.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Conversion {
    /// One record for each volume.
    pub records: Vec<Record>,
    /// What became no volume, by reason.
    pub rejected: Vec<Rejected>,
    /// Number of files.
    pub files: usize,
    /// Files that are in a volume.
    pub in_volumes: usize,
    /// Files that repeat another one.
    pub duplicates: usize,
    /// Frames that are in no volume, of files that have another frame in one.
    pub frames_left_out: usize,
}

/// Files that became no volume for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Stable code of the reason, such as `missing-slice`.
    pub reason: &'static str,
    /// One sentence for a person: what was found, and what the system said.
    pub sentence: String,
    /// What to do.
    pub next: &'static str,
    /// The files.
    pub paths: Vec<PathBuf>,
    /// Whether they are images, so that something is missing from the output.
    pub is_image: bool,
}

/// Converts everything under `paths`, or only says what would be made of it.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, a name that identifies, a file that is there already; [`Error::Io`] and
/// [`Error::Write`] where the system stops it; [`Error::Cancelled`].
pub fn to_files(
    paths: &[PathBuf],
    outputs: &Outputs,
    options: &Options<'_>,
    dry_run: bool,
) -> Result<Conversion, Error> {
    let found = Found::of(paths, options)?;
    let mut plan = plan(&found.files, options).map_err(output::Error::from).map_err(refused)?;
    let records = match dry_run {
        true => outputs.forecast(&plan, &found.files, options),
        false => outputs.write(&mut plan, &found.files, options),
    };
    Ok(found.conversion(&plan, records.map_err(refused)?))
}

/// What a scan found.
struct Found {
    files: Vec<Facts>,
    /// Why a file is kept out, as far as it alone tells.
    sentences: Vec<Option<String>>,
}

impl Found {
    fn of(paths: &[PathBuf], options: &Options<'_>) -> Result<Self, Error> {
        let paths = crate::prepare::checked_inputs(paths)?;
        let look = |file: scan::Scanned| {
            let facts = Facts::of(&file);
            let sentence = facts.refusal().map(|reason| rejection::sentence(reason, &file));
            ((facts, sentence), Listed::of(&file, options.context()))
        };
        let found = scan::scan_with(&paths, &Facts::scan_options(), options.context(), &look);
        let found = found.map_err(|error| match error {
            isocenter_dcm::Error::Cancelled => Error::Cancelled,
            other => Error::usage(other.to_string()),
        })?;
        let (found, listed): (Vec<_>, Vec<Listed>) = found.into_iter().unzip();
        let (found, _) = container::leave_out(found, &listed);
        let (files, sentences) = found.into_iter().unzip();
        Ok(Self { files, sentences })
    }

    fn conversion(&self, plan: &Plan, records: Vec<Record>) -> Conversion {
        let funnel = plan.funnel(&self.files);
        Conversion {
            records,
            rejected: group(plan, &self.files, &self.sentences),
            files: funnel.files,
            in_volumes: funnel.in_volumes,
            duplicates: funnel.duplicates,
            frames_left_out: plan.left_out.len(),
        }
    }
}

fn group(plan: &Plan, files: &[Facts], sentences: &[Option<String>]) -> Vec<Rejected> {
    let mut groups: BTreeMap<(&'static str, String), Rejected> = BTreeMap::new();
    for rejected in &plan.rejected {
        let code = rejected.reason.code();
        let stated = sentences.get(rejected.file).cloned().flatten();
        let sentence = stated.unwrap_or_else(|| rejected.reason.to_string());
        let group = groups.entry((code, sentence.clone())).or_insert_with(|| Rejected {
            reason: code,
            sentence,
            next: match code {
                "uneven-spacing" | "missing-slice" => EVEN,
                _ => quarantine::advice(code).next,
            },
            paths: Vec::new(),
            is_image: is_image(&rejected.reason),
        });
        group.paths.extend(files.get(rejected.file).map(|facts| facts.path().to_owned()));
    }
    groups.into_values().collect()
}

const EVEN: &str = "get the files again from the archive; if they are the same there, --even interpolates between them";

/// Whether what is kept out for a reason is an image, or may be one.
const fn is_image(reason: &Reason) -> bool {
    !matches!(reason, Reason::NotDicom | Reason::NotAnImage(_) | Reason::NotAFile(_) | Reason::Archive(_))
}

fn refused(error: output::Error) -> Error {
    match error {
        output::Error::Cancelled => Error::Cancelled,
        output::Error::Folder { path, source } => Error::Io { action: "make a folder", path, source },
        output::Error::Text { path, source } => Error::Io { action: "write a file beside a volume", path, source },
        output::Error::Write { source, .. } => Error::Write(source),
        output::Error::Exists { path } => Error::usage(format!("{} is there already", path.display())),
        other => Error::usage(other.to_string()),
    }
}
