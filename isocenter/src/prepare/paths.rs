//! What may be read and what may be written: checked before anything is touched.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{Error, unfinished};

/// The input paths, made absolute.
///
/// # Errors
/// [`Error::Usage`] for a path that does not exist, or without any path.
pub(crate) fn inputs(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    if paths.is_empty() {
        return Err(Error::usage("no input path was given"));
    }
    paths
        .iter()
        .map(|p| {
            let refusal = |e: std::io::Error| Error::usage(format!("{} cannot be read: {e}", p.display()));
            match p.canonicalize() {
                // a link that leads nowhere is an input like any other: the scan names it
                Err(_) if p.is_symlink() => std::path::absolute(p).map_err(refusal),
                found => found.map_err(refusal),
            }
        })
        .collect()
}

/// Checks that there is a file at all; gives a remark for each input that holds none.
///
/// # Errors
/// [`Error::Usage`] naming the folders.
pub(crate) fn require_files<'p>(
    inputs: &[PathBuf],
    found: impl Iterator<Item = &'p Path> + Clone,
) -> Result<Vec<String>, Error> {
    // what links of one input lead to may be listed under another: such an input is no empty one
    let is_empty = |input: &&PathBuf| {
        !found.clone().any(|path| path.starts_with(input))
            && std::fs::read_dir(input).is_ok_and(|mut entries| entries.all(|e| e.is_ok_and(|e| e.path().is_dir())))
    };
    let empty: Vec<&PathBuf> = inputs.iter().filter(is_empty).collect();
    let names = empty.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
    if found.clone().next().is_none() {
        return Err(Error::usage(format!("there is no file in {}: nothing was done", names.join(", "))));
    }
    Ok(names.iter().map(|name| format!("warning: there is no file in {name}")).collect())
}

/// Checks the output folder: new or empty, and neither inside an input nor around one.
///
/// # Errors
/// [`Error::Usage`] saying which rule is broken.
pub(crate) fn output(out: &Path, inputs: &[PathBuf]) -> Result<(), Error> {
    apart_from_inputs(out, inputs)?;
    if out.is_file() {
        return Err(Error::usage(format!("the output {} is a file; a new or empty folder is wanted", out.display())));
    }
    let holds_something = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if unfinished::is_marked(out) {
        return Err(Error::usage(format!(
            "the output folder holds a run that was not finished ({} says so), which must not be used; delete the folder, or choose a \
             new or empty one",
            unfinished::NAME
        )));
    }
    if holds_something {
        return Err(Error::usage(format!(
            "the output folder {} is not empty; choose a new or empty one",
            out.display()
        )));
    }
    Ok(())
}

/// Checks that the output folder lies neither inside an input nor around one.
///
/// # Errors
/// [`Error::Usage`] saying which.
pub(crate) fn apart_from_inputs(out: &Path, inputs: &[PathBuf]) -> Result<(), Error> {
    let absolute = absolute(out)?;
    for input in inputs {
        if absolute.starts_with(input) {
            return Err(Error::usage(format!(
                "the output folder {} lies inside an input folder; choose one outside",
                out.display()
            )));
        }
        if input.starts_with(&absolute) {
            return Err(Error::usage(format!(
                "an input lies inside the output folder {}; choose another one",
                out.display()
            )));
        }
    }
    Ok(())
}

/// Checks a file that names originals (`--map`): outside the output folder.
///
/// # Errors
/// [`Error::Usage`].
pub(crate) fn outside(file: &Path, out: &Path, what: &str) -> Result<(), Error> {
    if absolute(file)?.starts_with(absolute(out)?) {
        return Err(Error::usage(format!("{what} must not lie inside the output folder: it names the originals")));
    }
    Ok(())
}

/// Checks a file that is secret or names originals (`--key-file`, `--map`): outside every input, where the next run would read it as one.
///
/// # Errors
/// [`Error::Usage`].
pub(crate) fn apart(file: &Path, inputs: &[PathBuf], what: &str) -> Result<(), Error> {
    let real = absolute(file)?;
    match inputs.iter().find(|input| real.starts_with(input)) {
        Some(input) if *input == real => {
            Err(Error::usage(format!("{what} is itself among the inputs: {}", file.display())))
        }
        Some(_) => Err(inside(what, file)),
        None => Ok(()),
    }
}

/// The same for what links in the input lead to; `found` are the files of the input, under the names that they were met by.
///
/// # Errors
/// [`Error::Usage`].
pub(crate) fn apart_from_found<'p>(
    file: &Path,
    found: impl Iterator<Item = &'p Path>,
    what: &str,
) -> Result<(), Error> {
    let real = absolute(file)?;
    let mut folders: BTreeSet<&Path> = BTreeSet::new();
    for path in found {
        if path.is_symlink() && absolute(path)? == real {
            return Err(inside(what, file));
        }
        folders.extend(path.parent());
    }
    // inputs have no link in them: a folder whose real path is another was come by through one
    let led_to = |folder: &Path| folder.canonicalize().is_ok_and(|f| f != folder && real.starts_with(f));
    if folders.into_iter().any(led_to) { Err(inside(what, file)) } else { Ok(()) }
}

fn inside(what: &str, file: &Path) -> Error {
    Error::usage(format!(
        "{what} must not lie inside an input, where the next run would read it as one: {}; choose a place outside",
        file.display()
    ))
}

/// Checks that a file can be made: its folder is there, and it is none itself.
///
/// # Errors
/// [`Error::Usage`] naming the folder.
pub(crate) fn can_be_made(file: &Path, what: &str) -> Result<(), Error> {
    if file.is_dir() {
        return Err(Error::usage(format!("{what} is a folder, and a file is wanted: {}", file.display())));
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if folder.is_dir() {
        return Ok(());
    }
    Err(Error::usage(format!("the folder for {what} does not exist: {}; make it first", folder.display())))
}

/// The path without links, as far as it exists; of a link that leads to nothing yet, where that would be.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    let mut existing = std::path::absolute(path).map_err(|e| Error::usage(format!("a path cannot be used: {e}")))?;
    let mut rest = Vec::new();
    let mut links = 0;
    loop {
        if let Ok(resolved) = existing.canonicalize() {
            return Ok(rest.iter().rev().fold(resolved, |p, part| p.join(part)));
        }
        if let (Ok(target), Some(folder), true) = (existing.read_link(), existing.parent(), links < MOST_LINKS) {
            existing = folder.join(target);
            links += 1;
            continue;
        }
        match (existing.file_name().map(ToOwned::to_owned), existing.parent().map(Path::to_path_buf)) {
            (Some(name), Some(parent)) => {
                rest.push(name);
                existing = parent;
            }
            _ => return Ok(existing),
        }
    }
}

/// Links to nothing that are followed; Linux ends a path at forty.
const MOST_LINKS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_an_output_in_the_input_and_the_other_way() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        std::fs::create_dir(&input).unwrap();
        let inputs = inputs(std::slice::from_ref(&input)).unwrap();
        assert!(output(&input.join("new/deep"), &inputs).is_err());
        assert!(output(dir.path(), &inputs).is_err());
        assert!(output(&dir.path().join("out"), &inputs).is_ok());
        assert!(outside(&dir.path().join("out/map.csv"), &dir.path().join("out"), "the map").is_err());
    }

    #[test]
    fn refuses_an_output_that_holds_something() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("keep"), b"1").unwrap();
        let other = tempfile::tempdir().unwrap();
        let inputs = inputs(&[other.path().to_path_buf()]).unwrap();
        assert!(matches!(output(dir.path(), &inputs), Err(Error::Usage { .. })));
        assert!(dir.path().join("keep").exists());
    }
}
