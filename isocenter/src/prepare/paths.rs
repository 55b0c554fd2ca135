//! What may be read and what may be written: checked before anything is touched.

use std::path::{Path, PathBuf};

use crate::Error;

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

/// Checks the output folder: new or empty, and neither inside an input nor around one.
///
/// # Errors
/// [`Error::Usage`] saying which rule is broken.
pub(crate) fn output(out: &Path, inputs: &[PathBuf]) -> Result<(), Error> {
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
    if out.is_file() {
        return Err(Error::usage(format!("the output {} is a file; a new or empty folder is wanted", out.display())));
    }
    let holds_something = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if holds_something {
        return Err(Error::usage(format!(
            "the output folder {} is not empty; choose a new or empty one",
            out.display()
        )));
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

/// The path without links, as far as it exists.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    let mut existing = std::path::absolute(path).map_err(|e| Error::usage(format!("a path cannot be used: {e}")))?;
    let mut rest = Vec::new();
    loop {
        if let Ok(resolved) = existing.canonicalize() {
            return Ok(rest.iter().rev().fold(resolved, |p, part| p.join(part)));
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
