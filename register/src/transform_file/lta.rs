//! FreeSurfer's `.lta`: source (moving) to destination (fixed), voxel to voxel (type 0) or RAS to RAS (type 1), with the grids of both.
//!
//! A grid whose `valid` is 0 is not known. Type 0 means nothing without both; where the file does not have them, the caller's are taken.
//! Type 1 stands alone. Where file and caller both have grids they must agree; where the file was made the other way round (its source is
//! the fixed image), its matrix is turned round, as FreeSurfer's own programs do.
//!
//! Source: FreeSurfer's `utils/transform.cpp` (`LTAwrite`, `LTAchangeType`); `c_ras` lies at half the number of voxels.

use isocenter_volume::{Affine, Frame, Geometry};

use super::{
    Error,
    images::Images,
    text::{format_matrix, inverse, joined, matrix, numbers},
};

const NAME: &str = "FreeSurfer LTA";

/// Most transforms of a file; FreeSurfer reads 4096.
const MOST: usize = 4096;

pub(super) fn is_lta(text: &str) -> bool {
    let mut lines = said(text);
    let begins = |line: Option<(usize, &str)>, key: &str| line.is_some_and(|(_, l)| l.starts_with(key));
    begins(lines.next(), "type") && begins(lines.next(), "nxforms")
}

pub(super) fn parse(text: &str, images: Option<Images<'_>>) -> Result<Vec<Affine>, Error> {
    let mut lines = Lines { all: said(text).collect::<Vec<_>>().into_iter(), last: 1 };
    let kind = lines.whole("type")?;
    let count = lines.whole("nxforms")?;
    if count == 0 || count > MOST {
        return Err(lines.malformed("the number of transforms must be from 1 to 4096"));
    }
    (0..count).map(|_| one(&mut lines, kind, images)).collect()
}

fn one<'t>(
    lines: &mut Lines<'t, impl Iterator<Item = (usize, &'t str)>>,
    kind: usize,
    images: Option<Images<'_>>,
) -> Result<Affine, Error> {
    lines.value("mean")?;
    lines.value("sigma")?;
    lines.literal("1 4 4")?;
    let rows = matrix(lines.all.by_ref().take(4))?;
    lines.literal("src volume info")?;
    let source = grid(lines)?;
    lines.literal("dst volume info")?;
    let destination = grid(lines)?;
    let is_turned = match images {
        None => false,
        Some(images) => is_turned(&source, &destination, images)?,
    };
    let given = |turned: bool| images.map(|i| if turned == is_turned { i.moving.clone() } else { i.fixed.clone() });
    let map = match kind {
        0 => {
            let needs = || Error::NeedsImages { format: NAME };
            let (source, destination) = (
                source.or_else(|| given(false)).ok_or_else(needs)?,
                destination.or_else(|| given(true)).ok_or_else(needs)?,
            );
            destination.affine().compose(&Affine::from_rows(rows)).compose(source.inverse_affine())
        }
        1 => Affine::from_ras_to_ras(rows),
        other => return Err(Error::unsupported(&format!("an LTA of type {other}"))),
    };
    if is_turned { Ok(map) } else { inverse(&map) }
}

/// Whether the file's source is the fixed image.
fn is_turned(source: &Option<Geometry>, destination: &Option<Geometry>, images: Images<'_>) -> Result<bool, Error> {
    let fits = |stored: &Option<Geometry>, given: &Geometry| match stored {
        None => Ok(()),
        // the file names no frame of reference
        Some(stored) => stored.agrees_with(&given.clone().with_frame(Frame::Patient(None))),
    };
    let straight = fits(source, images.moving).and_then(|()| fits(destination, images.fixed));
    match straight {
        Ok(()) => Ok(false),
        Err(_) if fits(source, images.fixed).and_then(|()| fits(destination, images.moving)).is_ok() => Ok(true),
        Err(why) => Err(Error::OtherImages { format: NAME, what: why.to_string() }),
    }
}

/// A grid; `None` where the file says that it is not known.
fn grid<'t>(lines: &mut Lines<'t, impl Iterator<Item = (usize, &'t str)>>) -> Result<Option<Geometry>, Error> {
    let is_valid = lines.whole("valid")? != 0;
    lines.value("filename")?;
    let shape = lines.three("volume")?;
    let spacing = lines.three("voxelsize")?;
    let axes = [lines.three("xras")?, lines.three("yras")?, lines.three("zras")?];
    let centre = lines.three("cras")?;
    if !is_valid {
        return Ok(None);
    }
    let is_count = |v: f64| (1.0..=65_535.0).contains(&v) && v.fract() == 0.0;
    if !shape.into_iter().all(is_count) {
        return Err(lines.malformed("the size of a volume must be whole numbers from 1 to 65535"));
    }
    let columns = [0, 1, 2].map(|a| axes[a].map(|v| v * spacing[a]));
    let middle = Affine::from_columns(columns, [0.0; 3]).apply(shape.map(|n| n / 2.0));
    let origin = [0, 1, 2].map(|a| centre[a] - middle[a]);
    let affine = Affine::from_ras(Affine::from_columns(columns, origin).rows());
    let grid = Geometry::new(shape.map(|n| n as usize), affine, Frame::Patient(None));
    grid.map(Some).map_err(|_| lines.malformed("the grid of a volume is flat"))
}

pub(super) fn format(maps: &[Affine], images: Option<Images<'_>>) -> Result<String, Error> {
    let mut text = format!("type      = 1 # LINEAR_RAS_TO_RAS\nnxforms   = {}\n", maps.len());
    for map in maps {
        let rows = format_matrix(inverse(map)?.to_ras_to_ras());
        text.push_str(&format!("mean      = 0.0000 0.0000 0.0000\nsigma     = 1.0000\n1 4 4\n{rows}"));
        text.push_str(&format!("src volume info\n{}", block(images.map(|i| i.moving))));
        text.push_str(&format!("dst volume info\n{}", block(images.map(|i| i.fixed))));
    }
    Ok(text)
}

/// A grid as eight lines. No name of a file: it may be a patient's.
fn block(grid: Option<&Geometry>) -> String {
    let Some(grid) = grid else {
        return "valid = 0  # volume info invalid\nfilename = unknown\nvolume = 256 256 256\nvoxelsize = 1 1 1\n\
                xras   = -1 0 0\nyras   = 0 0 -1\nzras   = 0 1 0\ncras   = 0 0 0\n"
            .to_owned();
    };
    let [a, b, c] = grid.shape();
    let ras = Affine::from_rows(grid.affine().to_ras());
    let middle = ras.apply(grid.shape().map(|n| n as f64 / 2.0));
    let spacing = grid.spacing_mm();
    let [x, y, z] = [0, 1, 2].map(|axis| joined(ras.column(axis).map(|v| v / spacing[axis])));
    format!(
        "valid = 1  # volume info valid\nfilename = unknown\nvolume = {a} {b} {c}\nvoxelsize = {}\n\
         xras   = {x}\nyras   = {y}\nzras   = {z}\ncras   = {}\n",
        joined(spacing),
        joined(middle)
    )
}

/// The lines of a text without comments.
fn said(text: &str) -> impl Iterator<Item = (usize, &str)> {
    super::text::said(text)
        .map(|(n, line)| (n, line.split('#').next().unwrap_or_default().trim()))
        .filter(|(_, line)| !line.is_empty())
}

struct Lines<'t, I: Iterator<Item = (usize, &'t str)>> {
    all: I,
    last: usize,
}

impl<'t, I: Iterator<Item = (usize, &'t str)>> Lines<'t, I> {
    fn next(&mut self) -> Result<&'t str, Error> {
        let (n, line) = self.all.next().ok_or(self.malformed("the file ends within a transform"))?;
        self.last = n;
        Ok(line)
    }

    /// What stands behind `key =`.
    fn value(&mut self, key: &'static str) -> Result<&'t str, Error> {
        let line = self.next()?;
        let found = line.split_once('=').filter(|(found, _)| found.trim() == key);
        found.map(|(_, value)| value.trim()).ok_or_else(|| self.malformed("another line is wanted here"))
    }

    fn literal(&mut self, wanted: &'static str) -> Result<(), Error> {
        let line = self.next()?;
        if line.split_whitespace().eq(wanted.split_whitespace()) {
            return Ok(());
        }
        Err(self.malformed("another line is wanted here"))
    }

    fn whole(&mut self, key: &'static str) -> Result<usize, Error> {
        self.value(key)?.parse().map_err(|_| self.malformed("a whole number is wanted"))
    }

    fn three(&mut self, key: &'static str) -> Result<[f64; 3], Error> {
        let value = self.value(key)?;
        numbers(value, self.last)?.try_into().map_err(|_| self.malformed("three numbers are wanted"))
    }

    const fn malformed(&self, what: &'static str) -> Error {
        Error::Malformed { line: self.last, what }
    }
}
