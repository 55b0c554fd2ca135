//! A script of another program in the place of a profile.

use std::path::Path;

use isocenter_deid::{
    Key, Pseudonyms, Script,
    scripts::{Compat, Format, Lookup, Settings},
};
use serde::{Deserialize, Serialize};

use super::given;
use crate::Error;

/// A script that was read, and what tells it from others.
#[derive(Clone, Debug)]
pub struct ScriptFile {
    script: Script,
    compat: Option<Compat>,
    /// All that decides what it does; it may name patients.
    told: String,
}

/// What a script is read with.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScriptOptions<'a> {
    /// Of what format it is, where its content cannot tell.
    pub format: Option<Format>,
    /// The table that it looks values up in: properties of CTP's.
    pub lookup: Option<&'a Path>,
    /// Whose hashes are made in the place of keyed ones.
    pub compat: Option<Compat>,
    /// Values of its variables.
    pub variables: Vec<(String, String)>,
    /// Date and time of the run, `YYYYMMDDHHMMSS`.
    pub now: Option<String>,
}

impl ScriptFile {
    /// Reads a script.
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that cannot be read, and for a script that cannot be used.
    pub fn read(path: &Path, options: &ScriptOptions<'_>) -> Result<Self, Error> {
        let text = given::text(path, "the script")?;
        let mut told = format!("{:?}\n{text}\n{:?}{:?}\n", options.format, options.variables, options.now);
        let mut settings = Settings::default();
        if let Some(file) = options.lookup {
            let table = given::text(file, "the table of --lookup")?;
            let read = Lookup::parse(&table).map_err(|error| {
                Error::usage(format!("the table of --lookup {} cannot be used: {error}", file.display()))
            })?;
            settings = settings.lookup(read);
            told.push_str(&table);
        }
        if let Some(compat) = options.compat {
            settings = settings.compat(compat);
        }
        if let Some(now) = &options.now {
            settings = settings.now(now);
        }
        settings = options.variables.iter().fold(settings, |settings, (name, value)| settings.variable(name, value));
        let script = Script::read(&text, options.format, &settings)
            .map_err(|error| Error::usage(format!("the script {} cannot be used: {error}", path.display())))?;
        let compat = options.compat.filter(|_| script.is_insecure());
        Ok(Self { script, compat, told })
    }

    /// The script.
    pub fn script(&self) -> &Script {
        &self.script
    }

    pub(super) fn record(&self, key: &Key) -> Record {
        Record {
            format: self.script.format(),
            script: Pseudonyms::new(key).token("script", &self.told),
            compat: self.compat,
            insecure: self.script.is_insecure(),
        }
    }

    /// What the caller should know.
    pub(super) fn remarks(&self) -> Vec<String> {
        let remarks = self.script.remarks().iter().map(|remark| format!("the script: {remark}"));
        let insecure = self.script.is_insecure().then(|| {
            "INSECURE: hashes are made without a key (MD5); whoever tries all ids finds out which patient is which"
                .to_owned()
        });
        insecure.into_iter().chain(remarks).collect()
    }
}

/// What an output says of the script it was made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    format: Format,
    /// Keyed id of the script, its table and its variables.
    script: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compat: Option<Compat>,
    /// Whether pseudonyms are made without a key.
    insecure: bool,
}
