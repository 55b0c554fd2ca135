//! Stacks of slices: pictures of one plane each, in files of their own, one behind the other along k.
//!
//! The slices of a folder are its pictures in the order of their names, numbers by their value (`s9.png` before `s10.png`). A name that
//! does not tell the order, a slice of another size or type, or a picture of several planes is refused. Where the numbers of the names
//! leave some out the warning [`crate::Warning::SlicesMissing`] says so; nothing is put in their place. [`crate::read_with`] of a folder
//! reads it as a stack.
//!
//! # Examples
//! ```
//! use isocenter_formats::{self as formats, File, stack};
//! use isocenter_volume::{Affine, Frame, Geometry, Volume};
//!
//! let folder = tempfile::tempdir()?;
//! let geometry = Geometry::new([2, 1, 3], Affine::IDENTITY, Frame::Unknown)?;
//! let file = File::from_volume(Volume::new(vec![0u16, 1, 2, 3, 4, 50_000], geometry)?.into());
//! let slices = formats::write_files(folder.path().join("ct.png"), &file, &formats::WriteOptions::default())?;
//! assert!(slices[0].ends_with("ct_0001.png") && slices.len() == 3);
//!
//! let back = stack::read(&slices, &formats::ReadOptions::default())?;
//! assert_eq!(back.volume.samples().get::<u16>().map(|s| s.to_vec()), Some(vec![0, 1, 2, 3, 4, 50_000]));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use std::path::{Path, PathBuf};

use isocenter_volume::{DynSamples, Geometry, Voxel};

use super::{Jpeg, Png, Tiff};
use crate::{
    Error, File, FileHead, Format, Opened, ReadOptions, Source, Warning,
    endian::Endian,
    numbered::numbered,
    samples::{self, Layout},
};

/// Reads slices in the order given.
///
/// # Errors
/// [`Error::Unsupported`] for slices that make no stack, else as [`crate::read_with`].
pub fn read(paths: &[PathBuf], options: &ReadOptions<'_>) -> Result<File, Error> {
    open(paths.to_vec(), options)?.read()
}

/// Reads the slices that a pattern with a range of numbers names, `slice%03d.png 1 80 1` as in NRRD and MetaImage: first, last, step.
///
/// # Errors
/// [`Error::Malformed`] for no such pattern, else as [`read`].
pub fn read_numbered(folder: impl AsRef<Path>, pattern: &str, options: &ReadOptions<'_>) -> Result<File, Error> {
    let wanted = "one whole number in it, and first, last and step behind it, such as s%03d.png 1 80 1";
    let found = numbered("pattern", pattern)?.ok_or_else(|| Error::malformed("pattern", "no pattern", wanted))?;
    let paths = found.names.iter().map(|name| folder.as_ref().join(name));
    open(paths.collect(), options)?.read()
}

/// The pictures of a folder in the order of their names, numbers by their value; what lies in folders below is not looked at.
///
/// # Errors
/// [`Error::Io`]; [`Error::Unsupported`] where two names do not tell which comes first.
pub fn slices_of(folder: impl AsRef<Path>) -> Result<Vec<PathBuf>, Error> {
    let folder = folder.as_ref();
    let failed = |e| Error::io(e).at(folder);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && Source::open(&path).is_ok_and(|source| is_picture(&source)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.push((parts(&name), path));
        }
    }
    found.sort();
    if found.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Error::unsupported("slices whose names do not tell their order", "numbers that are equal"));
    }
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// Opens slices in the order given: reads the heads of all.
///
/// # Errors
/// As [`read`].
pub fn open<'a>(paths: Vec<PathBuf>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let mut first: Option<FileHead> = None;
    for path in &paths {
        options.ctx.check()?;
        let head = opened(path, options)?.into_head();
        match &first {
            None => {
                is_slice(&head)?;
                first = Some(head);
            }
            Some(first) => is_alike(first, &head)?,
        }
    }
    let Some(mut head) = first else { return Err(Error::unsupported("a stack without a slice", "no picture")) };
    let [nx, ny, _] = head.head.shape();
    let count =
        options.ctx.limits().check(&[nx, ny, paths.len()].map(|n| n as u64), head.sample_type.bytes() as u64)?;
    let grid = head.head.geometry();
    let grid = Geometry::new([nx, ny, paths.len()], *grid.affine(), grid.frame().clone())?;
    head.head = isocenter_volume::Head::new(grid).with_scaling(head.head.scaling().clone())?;
    let missing = missing(&paths);
    if missing > 0 {
        head.warnings.push(Warning::SlicesMissing { count: missing });
    }
    let options = *options;
    let layout = Layout::new(head.sample_type, count, Endian::NATIVE);
    Ok(Opened::new(head, layout, move |head, layout| {
        let stage = options.ctx.stage("slices", paths.len() as u64);
        let mut slices = Vec::new();
        for path in &paths {
            let file = opened(path, &options)?.read()?;
            slices.push(file.volume.samples().clone());
            stage.advance(1)?;
        }
        head.with_samples(samples::windowed(joined(slices)?, layout.window.as_ref()))
    }))
}

fn opened<'a>(path: &Path, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let source = Source::open(path)?.ctx(options.ctx);
    let known: [&dyn Format; 3] = [&Png, &Jpeg, &Tiff];
    let format = known.into_iter().find(|f| f.sniff(source.head()));
    format
        .ok_or_else(|| Error::unsupported("a slice that is no picture", ""))?
        .open(source, options)
        .map_err(|e| e.at(path))
}

fn is_picture(source: &Source<'_>) -> bool {
    Png.sniff(source.head()) || Jpeg.sniff(source.head()) || Tiff.sniff(source.head())
}

/// Whether a picture is one plane of a stack.
fn is_slice(head: &FileHead) -> Result<(), Error> {
    let head = &head.head;
    if head.planes() == 1 {
        return Ok(());
    }
    Err(Error::unsupported("a stack of pictures of several planes or channels", format!("{} planes", head.planes())))
}

fn is_alike(first: &FileHead, other: &FileHead) -> Result<(), Error> {
    is_slice(other)?;
    let (one, two) = (&first.head, &other.head);
    if one.shape() != two.shape() {
        let sizes = [one.shape(), two.shape()].map(|[nx, ny, _]| format!("{nx} x {ny}"));
        return Err(Error::unsupported("slices of several sizes", sizes.join(", ")));
    }
    if first.sample_type != other.sample_type {
        let types = [first.sample_type.name(), other.sample_type.name()];
        return Err(Error::unsupported("slices of several sample types", types.join(", ")));
    }
    if one.geometry() != two.geometry() || one.scaling() != two.scaling() {
        return Err(Error::unsupported("slices of several spacings or scalings", ""));
    }
    Ok(())
}

/// The samples of all slices, in their order.
fn joined(slices: Vec<DynSamples>) -> Result<DynSamples, Error> {
    fn all<T: Voxel>(slices: &[DynSamples]) -> Result<DynSamples, Error>
    where
        DynSamples: From<Vec<T>>,
    {
        let len = slices.iter().map(DynSamples::len).sum();
        let mut samples: Vec<T> = Vec::new();
        let asked = (len as u64).saturating_mul(size_of::<T>() as u64);
        samples.try_reserve_exact(len).map_err(|_| Error::Limit { what: "bytes of memory", asked, limit: 0 })?;
        for slice in slices {
            samples.extend_from_slice(slice.get::<T>().map(|s| s.as_slice()).unwrap_or_default());
        }
        Ok(samples.into())
    }
    match slices.first() {
        Some(DynSamples::U8(_)) => all::<u8>(&slices),
        Some(DynSamples::I8(_)) => all::<i8>(&slices),
        Some(DynSamples::U16(_)) => all::<u16>(&slices),
        Some(DynSamples::I16(_)) => all::<i16>(&slices),
        Some(DynSamples::U32(_)) => all::<u32>(&slices),
        Some(DynSamples::I32(_)) => all::<i32>(&slices),
        Some(DynSamples::U64(_)) => all::<u64>(&slices),
        Some(DynSamples::I64(_)) => all::<i64>(&slices),
        Some(DynSamples::F16(_)) => all::<half::f16>(&slices),
        Some(DynSamples::F32(_)) => all::<f32>(&slices),
        Some(DynSamples::F64(_)) => all::<f64>(&slices),
        Some(DynSamples::Rgb(_)) => all::<isocenter_volume::Rgb>(&slices),
        _ => Err(Error::unsupported("sample type in a picture", "complex")),
    }
}

/// The name of a slice; of the only one, the stem alone.
pub(crate) fn slice_name(stem: &str, number: Option<[usize; 2]>, extension: &str) -> String {
    match number {
        Some([number, all]) => format!("{stem}_{number:0>width$}.{extension}", width = all.to_string().len().max(4)),
        None => format!("{stem}.{extension}"),
    }
}

/// A piece of a name: texts are told apart, numbers by their value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u128),
    Text(String),
}

/// The pieces of a name.
fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        parts.push(match piece.parse() {
            Ok(number) if digits => Part::Number(number),
            _ => Part::Text(piece.to_owned()),
        });
    }
    parts
}

/// How many numbers the names leave out, where they differ in one number whose steps are otherwise equal.
fn missing(paths: &[PathBuf]) -> usize {
    let names: Vec<_> = paths.iter().map(|p| parts(&p.file_name().unwrap_or_default().to_string_lossy())).collect();
    let Some(first) = names.first() else { return 0 };
    let differs = |at: usize| names.iter().any(|name| name.get(at) != first.get(at));
    let mut places = (0..first.len()).filter(|at| differs(*at));
    let (Some(at), None) = (places.next(), places.next()) else { return 0 };
    let number = |name: &Vec<Part>| match name.get(at) {
        Some(Part::Number(n)) if name.len() == first.len() => Some(*n),
        _ => None,
    };
    let Some(numbers) = names.iter().map(number).collect::<Option<Vec<u128>>>() else { return 0 };
    let steps: Vec<u128> = numbers.windows(2).map(|pair| pair[0].abs_diff(pair[1])).collect();
    let Some(least) = steps.iter().min().copied().filter(|n| *n > 0) else { return 0 };
    steps.iter().map(|step| usize::try_from(step / least - 1).unwrap_or(usize::MAX)).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_go_by_their_value_and_gaps_are_counted() {
        assert!(parts("s9.png") < parts("s10.png") && parts("a2b3") < parts("a2b20"));
        let of = |names: &[&str]| missing(&names.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(of(&["s1.png", "s2.png", "s4.png"]), 1);
        assert_eq!(of(&["s1.png", "s3.png", "s5.png"]), 0);
        assert_eq!(of(&["s5.png", "s4.png", "s1.png"]), 2);
        assert_eq!(of(&["a.png", "b.png"]), 0);
        assert_eq!(of(&["s1.png"]), 0);
        assert_eq!(slice_name("a", Some([7, 12_000]), "png"), "a_00007.png");
        assert_eq!(slice_name("a", None, "png"), "a.png");
    }
}
