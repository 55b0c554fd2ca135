//! Where the results go: looked at before the work begins, so that no minute is spent on what cannot be written.

use std::path::{Path, PathBuf};

use isocenter::{Error, formats, register::transform_file::Format};

use crate::args::{RegisterArgs, TransformFormat};

/// The outputs that were asked for, and can be made.
#[derive(Debug)]
pub(super) struct Outputs<'a> {
    pub(super) transform: &'a Path,
    pub(super) format: Format,
    pub(super) resampled: Option<&'a Path>,
}

impl<'a> Outputs<'a> {
    /// Checks names, folders and what is there already.
    pub(super) fn of(args: &'a RegisterArgs) -> Result<Self, Error> {
        let format = format_of(&args.transform, args.transform_format)?;
        let mut all = vec![("the transform", args.transform.clone())];
        if let Some(path) = &args.resampled {
            let data = data_of(path)?;
            all.push(("the resampled volume", path.clone()));
            all.extend(data.map(|data| ("the voxels of the resampled volume", data)));
        }
        let inputs = inputs(args);
        for (n, (what, path)) in all.iter().enumerate() {
            let place = place(what, path)?;
            if inputs.contains(&place) {
                return Err(usage(format!("{what} would overwrite an input: {}", path.display())));
            }
            for (other, earlier) in &all[..n] {
                if self::place(other, earlier)? == place {
                    return Err(usage(format!("{other} and {what} are one file: {}", path.display())));
                }
            }
            if path.exists() && !args.force {
                return Err(usage(format!("{what} exists: {}; --force replaces it", path.display())));
            }
        }
        Ok(Self { transform: &args.transform, format, resampled: args.resampled.as_deref() })
    }
}

/// The inputs without links, with the files that hold their voxels where these lie apart.
fn inputs(args: &RegisterArgs) -> Vec<PathBuf> {
    let options = formats::ReadOptions::default();
    let headers = [Some(&args.fixed), Some(&args.moving), args.mask.as_ref(), args.init.as_ref(), args.judge.as_ref()];
    let files = headers.into_iter().flatten().flat_map(|header| {
        let held = formats::data_files(header, &options).unwrap_or_default();
        std::iter::once(header.clone()).chain(held)
    });
    // one that is not there is told when it is read
    files.filter_map(|path| path.canonicalize().ok()).collect()
}

/// Where a file is or would be, without links.
fn place(what: &str, path: &Path) -> Result<PathBuf, Error> {
    if path.is_dir() {
        return Err(usage(format!("{what} is to be a file, and there is a folder: {}", path.display())));
    }
    if let Ok(there) = path.canonicalize() {
        return Ok(there);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = folder
        .canonicalize()
        .map_err(|e| usage(format!("the folder for {what} cannot be used: {}: {e}", folder.display())))?;
    Ok(found.join(path.file_name().unwrap_or_default()))
}

/// The second file of a pair; an error where no format answers to the name.
fn data_of(path: &Path) -> Result<Option<PathBuf>, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ends = |ending: &str| name.ends_with(&format!(".{ending}"));
    for format in formats::registry() {
        // pictures in files of their own are no volume with a place
        if !format.is_several() && format.extensions().iter().any(|e| ends(e)) {
            return Ok(None);
        }
        if let Some((_, data)) = format.pair().filter(|(header, _)| ends(header)) {
            return Ok(Some(path.with_extension(data)));
        }
    }
    Err(usage(format!(
        "the name of the resampled volume says no format: {}; .nii.gz, .nii, .hdr, .nrrd, .nhdr, .mha, .mhd, .mgz, .mgh, .npy, \
         .npz, .h5, .safetensors, .jnii, .bnii, .vtk, .gipl and .tif are written",
        path.display()
    )))
}

fn format_of(path: &Path, stated: Option<TransformFormat>) -> Result<Format, Error> {
    stated.map(Into::into).or_else(|| Format::of_name(path)).ok_or_else(|| {
        usage(format!(
            "the transform's name must end in .tfm (ITK) or .txt (4x4, RAS), or --transform-format must say whose convention it follows: {}",
            path.display()
        ))
    })
}

fn usage(message: String) -> Error {
    Error::Usage { message }
}
