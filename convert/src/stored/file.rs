//! Where a planned file lies, and what it is known again by.

use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use isocenter_dcm::scan::Place;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{Facts, SeriesPlan, plan::FrameRef};

/// A file of the plan.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFile {
    /// From the root; `archive.zip!/member` within an archive.
    path: String,
    /// Bytes of the file, or of the archive.
    bytes: u64,
    /// When it was changed last, nanoseconds since 1970; `None` where the system does not say.
    modified_ns: Option<i64>,
}

impl StoredFile {
    /// A file of a plan, by its number there.
    pub(super) fn of(file: usize, place: &Place) -> Result<Self, Error> {
        let held = place.file().ok_or(Error::Source { file })?;
        let io = |source| Error::Io { path: held.to_owned(), source };
        let found = fs::metadata(held).map_err(io)?;
        let path = std::path::absolute(place.path()).map_err(io)?;
        let path = path.into_os_string().into_string().map_err(|path| Error::Path { path: PathBuf::from(path) })?;
        Ok(Self { path, bytes: found.len(), modified_ns: modified_ns(&found) })
    }

    pub(super) fn path(&self) -> &Path {
        Path::new(&self.path)
    }

    /// Whether what lies there now, by its facts, is what was planned.
    pub(super) fn is(&self, found: &Facts, wanted: &Wanted<'_>) -> bool {
        let Some(now) = found.place().file().and_then(|held| fs::metadata(held).ok()) else { return false };
        let is_same = (now.len(), modified_ns(&now)) == (self.bytes, self.modified_ns);
        is_same && wanted.is_in(found)
    }
}

/// What volumes want of a file.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    /// SOP Instance UID, by each of them.
    uids: Vec<&'a str>,
    /// Frames, with columns and rows of the planes that they fill.
    frames: Vec<(FrameRef, [usize; 2])>,
}

/// What some volumes want of each of their files, by number.
pub(super) fn wanted<'a>(all: impl Iterator<Item = &'a SeriesPlan>) -> BTreeMap<usize, Wanted<'a>> {
    let mut wanted: BTreeMap<usize, Wanted<'a>> = BTreeMap::new();
    for series in all {
        for (file, uid) in series.files.iter().zip(&series.sop_instance_uids) {
            wanted.entry(*file).or_default().uids.push(uid);
        }
        let [columns, rows, _] = series.head.shape();
        for frame in &series.frames {
            wanted.entry(frame.file).or_default().frames.push((*frame, [columns, rows]));
        }
    }
    wanted
}

impl Wanted<'_> {
    /// Whether the frames are there, and of the size of their planes.
    fn is_in(&self, found: &Facts) -> bool {
        let Ok(image) = found.image() else { return false };
        let picture = image.tiles.mosaic().map(|mosaic| mosaic.grid.picture());
        self.uids.iter().all(|uid| *uid == image.uid)
            && self.frames.iter().all(|(frame, size)| {
                let found = image.frames.get(frame.frame).map(|facts| facts.key.columns_rows());
                found == Some(*size) && frame.tile.map(|tile| tile.picture) == picture
            })
    }
}

fn modified_ns(found: &Metadata) -> Option<i64> {
    let modified = found.modified().ok()?;
    match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(|ns| -ns),
    }
}
