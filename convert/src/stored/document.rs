//! The text of a plan: JSON, a file and a volume a line, a digest of all of it at the end.

use std::{collections::BTreeSet, fmt, sync::Arc};

use isocenter_dcm::Tolerance;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, StoredPlan, file::StoredFile};
use crate::{
    Options, PhilipsScaling, SeriesPlan,
    output::{Fate, Name, Note, manner::Manner},
};

/// What decides how files are read, once they are planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    tolerance: Tolerance,
    header_sign: bool,
    philips: PhilipsScaling,
    even: bool,
}

impl How {
    pub(super) const fn of(options: &Options<'_>) -> Self {
        let Options { tolerance, header_sign, philips, even, .. } = *options;
        Self { tolerance, header_sign, philips, even }
    }

    pub(super) fn options(&self) -> Options<'static> {
        let options = Options::default().tolerance(self.tolerance).header_sign(self.header_sign);
        options.philips_scaling(self.philips).even(self.even)
    }
}

/// What a file begins with.
#[derive(Deserialize)]
struct Begin {
    format: String,
    made_by: String,
}

/// All of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "made_by")]
    _made_by: String,
    options: How,
    outputs: Manner,
    files: Vec<StoredFile>,
    volumes: Vec<Volume>,
    #[serde(rename = "sha256")]
    _sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Volume {
    name: StoredName,
    series: SeriesPlan,
}

/// How a volume is called, or why it has no name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum StoredName {
    Named(Name),
    Unmapped { code: String, text: String },
}

impl From<&Fate> for StoredName {
    fn from(fate: &Fate) -> Self {
        match fate {
            Ok(name) => Self::Named(name.clone()),
            Err(note) => Self::Unmapped { code: note.code.to_owned(), text: note.text.clone() },
        }
    }
}

impl StoredName {
    fn fate(self) -> Result<Fate, Error> {
        match self {
            Self::Named(name) => Ok(Ok(name)),
            Self::Unmapped { code, text } => {
                let known = UNMAPPED.into_iter().find(|known| *known == code);
                known.map(|code| Err(Note { code, text })).ok_or(Error::Wrong("a reason that is not known"))
            }
        }
    }
}

/// Why a mapping gives a volume no name.
const UNMAPPED: [&str; 3] = ["no-description", "several-descriptions", "name-taken"];

/// Names that lead out of the folder, or are those of two volumes.
pub(super) fn check_names(names: &[Fate]) -> Result<(), Error> {
    let mut taken = BTreeSet::new();
    for name in names.iter().flatten() {
        if !name.stays_below() {
            return Err(Error::Wrong("a name that leads out of the output folder"));
        }
        if !taken.insert(name.stem.to_lowercase()) {
            return Err(Error::Wrong("one name for two volumes"));
        }
    }
    Ok(())
}

pub(super) fn parse(text: &str) -> Result<StoredPlan, Error> {
    let begin: Begin = serde_json::from_str(text).map_err(|_| cut_off(text))?;
    if begin.format != FORMAT {
        return Err(Error::NotAPlan);
    }
    if begin.made_by != VERSION {
        // a version is digits and dots, and whatever else stands there is not repeated
        let is_version = begin.made_by.len() < 32 && begin.made_by.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let found = if is_version { begin.made_by } else { "another".to_owned() };
        return Err(Error::OtherVersion { found });
    }
    let (body, digest) = text.rsplit_once(DIGEST).ok_or(Error::Damaged)?;
    if digest != format!("{}\"}}\n", hex(body)) {
        return Err(Error::Damaged);
    }
    let found: Document =
        serde_json::from_str(text).map_err(|error| Error::Text { line: error.line(), column: error.column() })?;
    found.outputs.check().map_err(Error::Manner)?;
    let (mut names, mut series) = (Vec::new(), Vec::new());
    for volume in found.volumes {
        names.push(volume.name.fate()?);
        series.push(volume.series);
    }
    check_names(&names)?;
    let most = found.files.len();
    if series.iter().flat_map(|series| &series.files).any(|file| *file >= most) {
        return Err(Error::Wrong("a volume of files that are not listed"));
    }
    let names = Arc::new(names);
    Ok(StoredPlan { how: found.options, manner: found.outputs, files: found.files, series, names })
}

/// Why a text does not even begin as a plan.
fn cut_off(text: &str) -> Error {
    if text.starts_with(BEGIN) { Error::Damaged } else { Error::NotAPlan }
}

/// The text, as [`StoredPlan::parse`] reads it.
impl fmt::Display for StoredPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = format!("{BEGIN}{FORMAT}\",\n\"made_by\":\"{VERSION}\",\n\"options\":");
        push(&mut body, &self.how)?;
        body.push_str(",\n\"outputs\":");
        push(&mut body, &self.manner)?;
        body.push_str(",\n\"files\":[");
        for (number, file) in self.files.iter().enumerate() {
            body.push_str(if number == 0 { "\n" } else { ",\n" });
            push(&mut body, file)?;
        }
        body.push_str("],\n\"volumes\":[");
        for (number, (series, name)) in self.series.iter().zip(self.names.iter()).enumerate() {
            body.push_str(if number == 0 { "\n{\"name\":" } else { ",\n{\"name\":" });
            push(&mut body, &StoredName::from(name))?;
            body.push_str(",\"series\":");
            push(&mut body, series)?;
            body.push('}');
        }
        body.push(']');
        writeln!(f, "{body}{DIGEST}{}\"}}", hex(&body))
    }
}

fn push(body: &mut String, value: &impl Serialize) -> fmt::Result {
    body.push_str(&serde_json::to_string(value).map_err(|_| fmt::Error)?);
    Ok(())
}

fn hex(body: &str) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

const BEGIN: &str = "{\"format\":\"";
const FORMAT: &str = "isocenter-convert-plan";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const DIGEST: &str = ",\n\"sha256\":\"";
