//! The row of a volume file, and what it most likely holds.

use isocenter_dcm::scan::Scanned;
use isocenter_formats::{FileHead, ReadOptions};
use isocenter_volume::{Ctx, DynVolume};

use super::{
    Numbers, Options, SeriesRow,
    row::{Named, ToldBy, What},
};
use crate::{
    prepare::{Layout, Refusal, Role, like_labels},
    volume_file::may_hold_volume,
};

/// Why a volume file has no row.
pub(super) enum Stop {
    /// In words.
    Refused(String),
    Cancelled,
}

impl From<isocenter_formats::Error> for Stop {
    fn from(error: isocenter_formats::Error) -> Self {
        match error {
            isocenter_formats::Error::Cancelled => Self::Cancelled,
            isocenter_formats::Error::Io { source, .. } => {
                Self::Refused(format!("the system refused to read it: {source}"))
            }
            other => Self::Refused(format!("a volume file that cannot be read: {}", Refusal::from(other).detail)),
        }
    }
}

/// The row of a file that holds a volume; none of a file that is none.
pub(super) fn row(
    scanned: &Scanned,
    layout: &Layout,
    numbers: &mut Numbers,
    options: Options,
    ctx: &Ctx<'_>,
) -> Result<Option<SeriesRow>, Stop> {
    if !may_hold_volume(scanned) {
        return Ok(None);
    }
    let content = match isocenter_formats::read_head(&scanned.path, &ReadOptions::default().ctx(*ctx)) {
        Ok(content) => content,
        // gzip of something else is no volume file that fails
        Err(isocenter_formats::Error::UnknownFormat { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let place = layout.of(&scanned.path);
    let of_head = SeriesRow::of_head(&content.head);
    let (what, told_by) = likely(scanned, &content, of_head.what, place.role == Role::Label, ctx)?;
    let subject = place.patient.unwrap_or_default();
    let visit = place.visit.unwrap_or_default();
    let texts = content.texts.values().any(|t| !t.trim().is_empty());
    let is_image = !what.is_labels();
    Ok(Some(SeriesRow {
        patient: is_image.then(|| numbers.patient(&subject)),
        study: is_image.then(|| numbers.study(&format!("files {subject} {visit}"))),
        series: numbers.series(&scanned.path.to_string_lossy()),
        modality: place.modality.filter(|_| is_image),
        what,
        told_by,
        sample_type: content.sample_type.name(),
        files: 1,
        stored_as: vec![content.format.to_owned()],
        privacy: if texts { vec!["free-text".to_owned()] } else { Vec::new() },
        named: options.paths.then(|| Named { path: scanned.path.clone(), description: None }),
        ..of_head
    }))
}

/// What a volume file holds: what it says itself, else what its name says, else what its voxels look like.
fn likely(
    scanned: &Scanned,
    content: &FileHead,
    by_head: What,
    named_label: bool,
    ctx: &Ctx<'_>,
) -> Result<(What, ToldBy), Stop> {
    let told_by = if content.is_label {
        ToldBy::Header
    } else if named_label {
        ToldBy::Name
    } else if packs_like_labels(scanned, content) {
        ToldBy::Voxels
    } else {
        return Ok((by_head, ToldBy::Header));
    };
    if content.head.len() > MOST_VOXELS {
        let what = if told_by == ToldBy::Voxels { by_head } else { What::LabelMap };
        return Ok((what, if told_by == ToldBy::Voxels { ToldBy::Header } else { told_by }));
    }
    let volume = isocenter_formats::read_with(&scanned.path, &ReadOptions::default().ctx(*ctx))?.volume;
    if told_by == ToldBy::Voxels && !like_labels(&volume, ctx) {
        return Ok((by_head, ToldBy::Header));
    }
    Ok((if has_one_label(&volume, ctx) { What::Mask } else { What::LabelMap }, told_by))
}

/// Whether a file is so small for its voxels that they may be labels, or may be looked at as quickly: an image takes a byte for a voxel
/// or more, packed too.
fn packs_like_labels(scanned: &Scanned, content: &FileHead) -> bool {
    let head = &content.head;
    let is_packed = scanned.bytes < head.len() as u64;
    let is_small = match is_packed {
        true => scanned.bytes * 4 <= head.len() as u64 || head.len() <= FEW_PACKED,
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
