//! Where the results go: looked at before the work begins, so that no minute is spent on what cannot be written.

use std::path::{Path, PathBuf};

use isocenter::{Error, formats, register::transform_file::Format};

use crate::args::{RegisterArgs, TransformFormat};

/// The outputs of a pair that were asked for, and can be made.
#[derive(Debug)]
pub(super) struct Outputs<'a> {
    pub(super) transform: &'a Path,
    pub(super) format: Format,
    pub(super) resampled: Option<&'a Path>,
    pub(super) figure: Option<&'a Path>,
}

impl<'a> Outputs<'a> {
    /// Checks names, folders and what is there already.
    pub(super) fn of(args: &'a RegisterArgs, fixed: &Path, moving: &Path) -> Result<Self, Error> {
        let transform =
            args.transform.as_deref().ok_or_else(|| usage("the transform needs a place: -t FILE".to_owned()))?;
        let format = format_of(transform, args.transform_format)?;
        let mut planned = Planned::default();
        planned.add("the transform", transform);
        if let Some(path) = &args.out {
            planned.add_volume("the resampled volume", path)?;
        }
        planned.add_figure(args.figure.as_deref())?;
        let files = [&args.mask, &args.moving_mask, &args.init, &args.judge].map(Option::as_deref);
        let pairs = args.pair.chunks(3).flat_map(|words| words.iter().take(2)).map(Path::new);
        let inputs = [Some(fixed), Some(moving)].into_iter().chain(files).flatten().chain(pairs);
        planned.check(inputs, args.force)?;
        Ok(Self { transform, format, resampled: args.out.as_deref(), figure: args.figure.as_deref() })
    }
}

/// Where an output of a volume goes: a folder, the volume's own name, another ending.
pub(super) fn named(folder: &Path, volume: &Path, ending: &str) -> PathBuf {
    let file = volume.file_name().unwrap_or_default().to_string_lossy().into_owned();
    folder.join(format!("{}.{ending}", isocenter::volume_name(&file)))
}

/// Where the transform of each of several volumes goes. Refuses a volume that is not there, and two that would have one name.
pub(super) fn named_apart(folder: &Path, volumes: &[PathBuf], ending: &str) -> Result<Vec<PathBuf>, Error> {
    let mut all: Vec<PathBuf> = Vec::with_capacity(volumes.len());
    // some file systems tell no case
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    for volume in volumes {
        if let Err(error) = std::fs::metadata(volume) {
            return Err(usage(format!("{} cannot be read: {error}", volume.display())));
        }
        let path = named(folder, volume, ending);
        if let Some(n) = all.iter().position(|other| lower(other) == lower(&path)) {
            return Err(usage(format!(
                "{} and {} would both become {}; give one of them another name, or register them into two folders",
                volumes[n].display(),
                volume.display(),
                path.display()
            )));
        }
        all.push(path);
    }
    Ok(all)
}

/// Files that are to be written, with what each is called in a message.
#[derive(Debug, Default)]
pub(in crate::commands) struct Planned {
    all: Vec<(String, PathBuf)>,
}

impl Planned {
    pub(in crate::commands) fn add(&mut self, what: impl Into<String>, path: impl Into<PathBuf>) {
        self.all.push((what.into(), path.into()));
    }

    /// Adds a volume, with the file of its voxels where these lie apart.
    pub(in crate::commands) fn add_volume(&mut self, what: &str, path: &Path) -> Result<(), Error> {
        let data = data_of(what, path)?;
        self.add(what, path);
        if let Some(data) = data {
            self.add(format!("the voxels of {what}"), data);
        }
        Ok(())
    }

    pub(super) fn add_figure(&mut self, path: Option<&Path>) -> Result<(), Error> {
        let Some(path) = path else { return Ok(()) };
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")) {
            return Err(usage(format!("the figure's name must end in .png: {}", path.display())));
        }
        self.add("the figure", path);
        Ok(())
    }

    /// Refuses two outputs of one name, where the folder that they go to is still to be made.
    pub(in crate::commands) fn differ(&self) -> Result<(), Error> {
        for (n, (what, path)) in self.all.iter().enumerate() {
            if let Some((other, _)) = self.all[..n].iter().find(|(_, earlier)| earlier == path) {
                return Err(usage(format!("{other} and {what} are one file: {}", path.display())));
            }
        }
        Ok(())
    }

    /// Refuses an output that is an input or there already, where the folders that they go to may still be to be made.
    pub(in crate::commands) fn check_there<'p>(
        &self,
        inputs: impl IntoIterator<Item = &'p Path>,
        force: bool,
    ) -> Result<(), Error> {
        let inputs = files_of(inputs);
        for (what, path) in &self.all {
            if path.is_dir() {
                return Err(usage(format!("{what} is to be a file, and there is a folder: {}", path.display())));
            }
            if path.canonicalize().is_ok_and(|place| inputs.contains(&place)) {
                return Err(usage(format!("{what} would overwrite an input: {}", path.display())));
            }
            if path.exists() && !force {
                return Err(usage(format!("{what} exists: {}; --force replaces it", path.display())));
            }
        }
        Ok(())
    }

    /// Refuses an output that is an input, another output, in no folder, or there already.
    pub(in crate::commands) fn check<'p>(
        &self,
        inputs: impl IntoIterator<Item = &'p Path>,
        force: bool,
    ) -> Result<(), Error> {
        let inputs = files_of(inputs);
        let mut taken: Vec<(&str, PathBuf)> = Vec::with_capacity(self.all.len());
        for (what, path) in &self.all {
            let place = place(what, path)?;
            if inputs.contains(&place) {
                return Err(usage(format!("{what} would overwrite an input: {}", path.display())));
            }
            if let Some((other, _)) = taken.iter().find(|(_, earlier)| *earlier == place) {
                return Err(usage(format!("{other} and {what} are one file: {}", path.display())));
            }
            if path.exists() && !force {
                return Err(usage(format!("{what} exists: {}; --force replaces it", path.display())));
            }
            taken.push((what, place));
        }
        Ok(())
    }
}

/// The inputs without links, with the files that hold their voxels where these lie apart.
fn files_of<'p>(inputs: impl IntoIterator<Item = &'p Path>) -> Vec<PathBuf> {
    let options = formats::ReadOptions::default();
    let files = inputs.into_iter().flat_map(|header| {
        let held = formats::data_files(header, &options).unwrap_or_default();
        std::iter::once(header.to_owned()).chain(held)
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
fn data_of(what: &str, path: &Path) -> Result<Option<PathBuf>, Error> {
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
        "the name of {what} says no format: {}; .nii.gz, .nii, .hdr, .nrrd, .nhdr, .mha, .mhd, .mgz, .mgh, .npy, \
         .npz, .h5, .safetensors, .jnii, .bnii, .vtk, .gipl and .tif are written",
        path.display()
    )))
}

/// The convention that is stated, or that the name says.
pub(super) fn format_of(path: &Path, stated: Option<TransformFormat>) -> Result<Format, Error> {
    stated.map(Into::into).or_else(|| Format::of_name(path)).ok_or_else(|| {
        usage(format!(
            "the transform's name must end in .tfm (ITK) or .txt (4x4, RAS), or --transform-format must say whose convention it follows: {}",
            path.display()
        ))
    })
}

/// Makes a folder that outputs go to, and is none yet.
pub(in crate::commands) fn make_folder(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io {
        action: "make the output folder",
        path: folder.to_owned(),
        source,
    })
}

/// A folder for outputs: one that is there, or whose name is free in one that is.
pub(in crate::commands) fn folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    if path.exists() {
        return Err(usage(format!("a folder is wanted for the outputs, and there is a file: {}", path.display())));
    }
    place("the outputs", path).map(drop)
}

pub(in crate::commands) fn usage(message: String) -> Error {
    Error::Usage { message }
}
