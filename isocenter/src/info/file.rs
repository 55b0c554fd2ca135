//! The row of a volume file, and what it most likely holds.

use std::path::Path;

use isocenter_dcm::scan::Scanned;
use isocenter_formats::{File, FileHead};
use isocenter_volume::{Ctx, DynVolume};

use super::{
    Numbers, Options, SeriesRow,
    row::{Named, ToldBy, What},
};
use crate::{
    prepare::{Layout, Refusal, Role, is_label_name, like_labels},
    volume_file::{self, Unread, VolumeFiles},
};

/// A volume file of a listing.
pub(super) struct Seen<'a> {
    /// The file that begins it.
    scanned: &'a Scanned,
    /// What it is called by.
    name: &'a Path,
    /// Bytes of all its files.
    bytes: u64,
}

impl<'a> Seen<'a> {
    pub(super) fn of(scanned: &'a [Scanned], volumes: &'a VolumeFiles, file: usize) -> Self {
        let all = std::iter::once(&file).chain(volumes.parts(file));
        let (name, bytes) = (volumes.name(file).unwrap_or(&scanned[file].path), all.map(|n| scanned[*n].bytes).sum());
        Self { scanned: &scanned[file], name, bytes }
    }
}

/// Why a volume file has no row.
pub(super) enum Stop {
    Refused(Refusal),
    Cancelled,
}

impl From<Unread> for Stop {
    fn from(why: Unread) -> Self {
        match why {
            Unread::File(isocenter_formats::Error::Cancelled) | Unread::Place(isocenter_dcm::Error::Cancelled) => {
                Self::Cancelled
            }
            Unread::File(isocenter_formats::Error::Io { source, .. }) => {
                Self::Refused(Refusal::new("io", format!("the system refused to read it: {source}")))
            }
            Unread::NoPlace => Self::Refused(why.into()),
            other => {
                let why = Refusal::from(other);
                Self::Refused(Refusal { detail: format!("a volume file that cannot be read: {}", why.detail), ..why })
            }
        }
    }
}

/// The row of a file that holds a volume.
pub(super) fn row(
    seen: &Seen<'_>,
    layout: &Layout,
    numbers: &mut Numbers,
    options: Options,
    ctx: &Ctx<'_>,
) -> Result<SeriesRow, Stop> {
    let content = volume_file::head(seen.scanned, ctx)?;
    let place = layout.of(seen.name);
    let of_head = SeriesRow::of_head(&content.head);
    let (what, told_by) = likely(seen, &content, of_head.what, place.role == Role::Label, ctx)?;
    let subject = place.patient.unwrap_or_default();
    let visit = place.visit.unwrap_or_default();
    let texts = content.texts.values().any(|t| !t.trim().is_empty());
    let is_image = !what.is_labels();
    Ok(SeriesRow {
        patient: is_image.then(|| numbers.patient(&subject)),
        study: is_image.then(|| numbers.study(&format!("files {subject} {visit}"))),
        series: numbers.series(&seen.name.to_string_lossy()),
        modality: place.modality.filter(|_| is_image),
        what,
        told_by,
        sample_type: content.sample_type.name(),
        files: 1,
        stored_as: vec![content.format.to_owned()],
        privacy: if texts { vec!["free-text".to_owned()] } else { Vec::new() },
        named: options.paths.then(|| Named { path: seen.name.to_path_buf(), description: None }),
        ..of_head
    })
}

/// What tells that a file holds labels: its header, a word of its name, or the looks of its voxels (a guess); `None` of an image.
pub fn labels_told_by(path: &Path, file: &File, ctx: &Ctx<'_>) -> Option<ToldBy> {
    if file.is_label {
        return Some(ToldBy::Header);
    }
    if is_label_name(path) {
        return Some(ToldBy::Name);
    }
    let is_one = file.volume.slow_axes().is_empty() && like_labels(&file.volume, ctx);
    is_one.then_some(ToldBy::Voxels)
}

/// What a volume file holds: what it says itself, else what its name says, else what its voxels look like.
fn likely(
    seen: &Seen<'_>,
    content: &FileHead,
    by_head: What,
    named_label: bool,
    ctx: &Ctx<'_>,
) -> Result<(What, ToldBy), Stop> {
    let told_by = if content.is_label {
        ToldBy::Header
    } else if named_label {
        ToldBy::Name
    } else if packs_like_labels(seen.bytes, content) {
        ToldBy::Voxels
    } else {
        return Ok((by_head, ToldBy::Header));
    };
    if content.head.len() > MOST_VOXELS {
        let what = if told_by == ToldBy::Voxels { by_head } else { What::LabelMap };
        return Ok((what, if told_by == ToldBy::Voxels { ToldBy::Header } else { told_by }));
    }
    let volume = volume_file::read(seen.scanned, ctx)?.volume;
    if told_by == ToldBy::Voxels && !like_labels(&volume, ctx) {
        return Ok((by_head, ToldBy::Header));
    }
    Ok((if has_one_label(&volume, ctx) { What::Mask } else { What::LabelMap }, told_by))
}

/// Whether a file is so small for its voxels that they may be labels, or may be looked at as quickly: an image takes a byte for a voxel
/// or more, packed too.
fn packs_like_labels(bytes: u64, content: &FileHead) -> bool {
    let head = &content.head;
    let is_packed = bytes < head.len() as u64;
    let is_small = match is_packed {
        true => bytes.saturating_mul(4) <= head.len() as u64 || head.len() <= FEW_PACKED,
        false => head.len() <= FEW_VOXELS,
    };
    head.slow_axes().is_empty() && content.sample_type.is_real() && is_small
}

fn has_one_label(volume: &DynVolume, ctx: &Ctx<'_>) -> bool {
    let Ok(real) = volume.to_real(ctx) else { return false };
    let mut label = None;
    real.voxels().iter().filter(|v| **v != 0.0).all(|v| *label.get_or_insert(*v) == *v)
}

/// 1024 x 1024 x 512: a listing reads no more voxels of one file.
const MOST_VOXELS: usize = 1 << 29;
/// 128 x 128 x 64.
const FEW_PACKED: usize = 1 << 20;
/// 256 x 256 x 128.
const FEW_VOXELS: usize = 1 << 23;
