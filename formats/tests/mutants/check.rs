//! What must hold of any bytes.

use std::fmt;

use isocenter_formats::{
    Error, File, ReadOptions, Region, Source, WriteOptions, open_from, read_from, read_head_from, write_bytes,
};
use isocenter_volume::{Ctx, Limits};

use crate::{MEMORY, seeds::Seed};

/// Bytes that any file may take, whatever its size: tables of the decompressors, buffers.
const FLOOR: u64 = 1 << 20;
/// Bytes for each byte of the file and of what lies beside it.
const FACTOR: u64 = 16;
/// Most bytes of voxels that are read.
const MOST_VOXELS: u64 = 8 << 20;

/// What became of the mutants.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Read whole.
    pub(crate) whole: u64,
    /// Refused.
    pub(crate) refused: u64,
    /// Written again, and read from there.
    pub(crate) written: u64,
    most: u64,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whole, refused, written, most } = self;
        write!(f, "{whole} read, {refused} refused, {written} written again; most memory {most}")
    }
}

fn source<'a>(seed: &'a Seed, bytes: &'a [u8]) -> Result<Source<'a>, Error> {
    let name = if seed.name == "par" { "a.PAR".to_owned() } else { format!("a.{}", seed.extension) };
    Ok(Source::from_bytes(bytes)?.beside(name, &seed.beside))
}

/// Puts bytes through everything; panics where memory is above the bound.
pub(crate) fn check(seed: &Seed, bytes: &[u8], name: &str, seen: &mut Seen) {
    let options = ReadOptions::default().ctx(Ctx::default().with_limits(Limits::default().with_bytes(MOST_VOXELS)));
    let before = MEMORY.current_usage() as u64;
    let given = bytes.len() as u64 + seed.beside.values().map(|beside| beside.len() as u64).sum::<u64>();
    let mut step = |what: &str, call: &mut dyn FnMut()| {
        MEMORY.reset_peak_usage();
        call();
        let used = (MEMORY.peak_usage() as u64).saturating_sub(before);
        // what a store does not have is of the fill value: of that there may be as much as is read at most
        let sparse = if seed.name.starts_with("zarr") { 2 * MOST_VOXELS } else { 0 };
        let allowed = FLOOR + FACTOR * given + sparse;
        assert!(used <= allowed, "{name}: {what} took {used} bytes, {allowed} allowed");
        seen.most = seen.most.max(used);
    };
    let mut head = None;
    step("the head", &mut || head = source(seed, bytes).and_then(|s| read_head_from(s, &options)).ok());
    let mut file: Option<File> = None;
    step("all", &mut || file = source(seed, bytes).and_then(|s| read_from(s, &options)).ok());
    let Some(file) = file else {
        seen.refused += 1;
        return;
    };
    seen.whole += 1;
    let head = head.unwrap_or_else(|| panic!("{name}: what is read has a head"));
    assert_eq!(head.head.geometry(), file.volume.geometry(), "{name}");
    step("a plane", &mut || {
        let [nx, ny, nz] = file.volume.geometry().shape();
        let region = Region::block([0, 0, nz - 1], [nx, ny, 1]);
        let part = source(seed, bytes).and_then(|s| open_from(s, &options)?.read_region(&region));
        let part = part.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(part.volume.geometry().shape(), [nx, ny, 1], "{name}");
    });
    let extension = if matches!(seed.extension, "hdr" | "nhdr" | "mhd") { "nii" } else { seed.extension };
    let Ok(written) = write_bytes(&file, extension, &WriteOptions::default()) else { return };
    let again = Source::from_bytes(&written).and_then(|s| read_from(s, &ReadOptions::default()));
    let again = again.unwrap_or_else(|error| panic!("{name}: written, and not read: {error}"));
    let same = format!("{:?}", again.volume.samples()) == format!("{:?}", file.volume.samples());
    assert!(same && again.volume.geometry().shape() == file.volume.geometry().shape(), "{name}: written as another");
    seen.written += 1;
}
