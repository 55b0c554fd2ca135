//! What must hold of a finished output tree: every file there and as it was written, none besides, counts that add up, exports whole,
//! nothing identifying.
//!
//! A run ends by listing its files in `SHA256SUMS`; `run.jsonl`, which has clock times, and the list itself are not in it. A later check needs
//! neither the originals nor the key.

mod digests;
mod leaks;
mod nnunet;
mod problem;

use std::{collections::BTreeSet, fs, path::Path};

use isocenter_volume::Ctx;
use serde::{Deserialize, Serialize};

use self::digests::Digests;
pub use self::problem::{Fault, Problem};
pub(crate) use self::{
    digests::{Stop, sha256, sha256_file, sha256_of},
    leaks::{Leak, leaks_in, privacy, privacy_of},
};
use crate::{Error, Funnel, manifest, unfinished};

/// What a check of an output tree found.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Checked {
    /// Items of the manifest.
    pub items: usize,
    /// Files whose digest was compared.
    pub files: usize,
    /// nnU-Net data sets that were looked at.
    pub nnunet: usize,
    /// What does not hold; empty where everything does.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// Whether everything holds.
    ///
    /// # Errors
    /// [`Error::Verification`] naming what does not.
    pub fn require(&self) -> Result<(), Error> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let first: Vec<String> = self.problems.iter().take(3).map(Problem::to_string).collect();
        let more = self.problems.len() - first.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        Err(Error::Verification { message: format!("{}{more}", first.join("; ")) })
    }
}

/// Checks an output tree by itself.
///
/// # Errors
/// [`Error::Verification`] for what does not hold; else as [`inspect`].
pub fn check(out: &Path) -> Result<Checked, Error> {
    let checked = inspect(out, &Ctx::default())?;
    checked.require().map(|()| checked)
}

/// Checks an output tree by itself and tells all that does not hold. The stage that the observer is told of is `comparing digests`.
///
/// # Errors
/// [`Error::Verification`] for a run that was not finished, [`Error::Usage`] where the folder holds no run, [`Error::Io`], [`Error::Cancelled`].
pub fn inspect(out: &Path, ctx: &Ctx<'_>) -> Result<Checked, Error> {
    if let Err(error) = fs::read_dir(out) {
        return Err(Error::usage(format!("{} cannot be read: {error}", out.display())));
    }
    if unfinished::is_marked(out) {
        return Err(Error::Verification {
            message: format!(
                "the run in {} was not finished ({} says so): what lies there was not searched as a whole and must not be used; delete the \
                 folder and run again",
                out.display(),
                unfinished::NAME
            ),
        });
    }
    if !out.join(digests::LIST).is_file() {
        return Err(Error::usage(format!(
            "{} holds no finished run of `isocenter prepare`: {} is not there (of `isocenter demo` it is the folder `dataset`)",
            out.display(),
            digests::LIST
        )));
    }
    let found = digests::of_tree(out, ctx)?;
    let mut problems = Vec::new();
    let listed = match digests::read(out) {
        Ok(listed) => listed,
        Err(Error::Verification { message }) => {
            problems.push(Problem::new(Fault::Record, digests::LIST, message));
            Default::default()
        }
        Err(other) => return Err(other),
    };
    for (name, wanted) in &listed {
        match found.get(name) {
            None => problems.push(Problem::new(Fault::Missing, name, "is not there any more")),
            Some(Err(why)) => problems.push(Problem::new(Fault::Unreadable, name, format!("cannot be read: {why}"))),
            Some(Ok(digest)) if digest != wanted => {
                problems.push(Problem::new(Fault::Changed, name, "is not as it was written"));
            }
            Some(Ok(_)) => {}
        }
    }
    let strays = found.keys().filter(|name| !listed.contains_key(*name));
    problems.extend(strays.map(|name| Problem::new(Fault::Stray, name, "is not a file of this run")));
    records(out, &found, problems)
}

/// Ends a run: lists what was written, and checks it.
pub(crate) fn seal(out: &Path, ctx: &Ctx<'_>) -> Result<(), Error> {
    let found = digests::of_tree(out, ctx)?;
    digests::write(out, &found)?;
    records(out, &found, Vec::new())?.require()
}

/// What manifest, report and exports say, against what was found; a file that is known to be wrong is not blamed again.
fn records(out: &Path, found: &Digests, mut problems: Vec<Problem>) -> Result<Checked, Error> {
    let blamed: BTreeSet<String> = problems.iter().map(|p| p.file.clone()).collect();
    let items = if blamed.contains("manifest.jsonl") { Vec::new() } else { manifest::read(out)? };
    for item in &items {
        let labels = item.label.iter().zip(&item.label_sha256);
        for (file, wanted) in labels.chain([(&item.image, &item.image_sha256)]) {
            let is_right = matches!(found.get(file), Some(Ok(digest)) if digest == wanted);
            if !is_right && !blamed.contains(file) {
                problems.push(Problem::new(Fault::Changed, file, "is not as the manifest says"));
            }
        }
    }
    if !blamed.contains("report.json")
        && let Err(error) = funnel_of(out).and_then(|funnel| funnel.check())
    {
        problems.push(Problem::new(Fault::Record, "report.json", error.to_string()));
    }
    let (sets, of_sets) = nnunet::check(out)?;
    problems.extend(of_sets.into_iter().filter(|p| !blamed.iter().any(|b| b.starts_with(&format!("{}/", p.file)))));
    problems.sort();
    Ok(Checked { items: items.len(), files: found.len(), nnunet: sets.len(), problems })
}

fn funnel_of(out: &Path) -> Result<Funnel, Error> {
    let path = out.join("report.json");
    let text = fs::read_to_string(&path).map_err(Error::io("read the report", &path))?;
    let value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|e| Error::Verification { message: format!("report.json does not parse: {e}") })?;
    serde_json::from_value(value["funnel"].clone())
        .map_err(|e| Error::Verification { message: format!("report.json has no funnel: {e}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_run_is_said_to_be_so() {
        let dir = tempfile::tempdir().unwrap();
        let told = check(dir.path()).unwrap_err();
        assert!(matches!(told, Error::Usage { .. }) && told.to_string().contains(&dir.path().display().to_string()));
        assert!(matches!(check(&dir.path().join("none")), Err(Error::Usage { .. })));
    }

    #[test]
    fn deleted_changed_and_stray_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path();
        fs::create_dir(out.join("images")).unwrap();
        for name in ["images/a", "images/b", "manifest.jsonl"] {
            fs::write(out.join(name), if name.ends_with('l') { "" } else { name }).unwrap();
        }
        let funnel = serde_json::json!({ "funnel": Funnel::default() });
        fs::write(out.join("report.json"), funnel.to_string()).unwrap();
        seal(out, &Ctx::default()).unwrap();
        fs::write(out.join("run.jsonl"), "{}").unwrap();
        assert_eq!(check(out).unwrap().files, 4);
        fs::remove_file(out.join("images/a")).unwrap();
        fs::write(out.join("images/b"), "x").unwrap();
        fs::write(out.join("images/c"), "y").unwrap();
        let found: Vec<_> =
            inspect(out, &Ctx::default()).unwrap().problems.into_iter().map(|p| (p.fault, p.file)).collect();
        let of = |fault, file: &str| (fault, file.to_owned());
        assert_eq!(
            found,
            [of(Fault::Missing, "images/a"), of(Fault::Changed, "images/b"), of(Fault::Stray, "images/c")]
        );
        assert!(matches!(check(out), Err(Error::Verification { message }) if message.contains("images/a")));
    }
}
