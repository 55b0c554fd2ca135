//! Files that share a SOP Instance UID: the one rule of what repeats what.
//!
//! Equal pixels and an equal place: one is kept, the others are its duplicates, whatever else their headers say. The kept one is
//! that of the smallest SHA-256 of its bytes, then of its path, so that the order of the input plays no part. Anything else is a
//! contradiction, and all go. Files of different UIDs are never compared: two images may be black.

use std::collections::BTreeMap;

use isocenter_dcm::{Lazy, ReadAt, pixel::PixelInfo};
use isocenter_volume::{Cancelled, Stage};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Duplicate, shot::Image, verdicts::Verdicts};
use crate::{Facts, Options, Reason};

pub(super) type Hash = [u8; 32];

/// Images that are kept, and those that repeat one of them.
type Resolved<'a> = (Vec<Image<'a>>, Vec<Duplicate>);

/// Keeps one image of each SOP Instance UID.
pub(super) fn resolve<'a>(
    images: Vec<Image<'a>>,
    files: &[Facts],
    options: &Options<'_>,
    verdicts: &mut Verdicts,
) -> Result<Resolved<'a>, Cancelled> {
    let mut groups: BTreeMap<&str, Vec<Image<'a>>> = BTreeMap::new();
    for image in images {
        groups.entry(&image.facts.uid).or_default().push(image);
    }
    let repeated = groups.values().filter(|group| group.len() > 1).map(Vec::len).sum::<usize>();
    let compare = Compare { files, options, stage: &options.ctx.stage("duplicates", repeated as u64) };
    let (mut kept, mut duplicates) = (Vec::new(), Vec::new());
    for mut group in groups.into_values() {
        if group.len() > 1 {
            group = compare.readable(group, verdicts)?;
        }
        if group.len() < 2 {
            kept.append(&mut group);
            continue;
        }
        let same = compare.agree(&mut group, verdicts)?;
        if same {
            let of = group.first().map_or(0, |image| image.file);
            duplicates.extend(group.iter().skip(1).map(|image| Duplicate { file: image.file, of }));
            kept.extend(group.into_iter().take(1));
        } else {
            group.iter().for_each(|image| verdicts.reject(image.file, Reason::ContradictoryDuplicate));
        }
    }
    Ok((kept, duplicates))
}

struct Compare<'c> {
    files: &'c [Facts],
    options: &'c Options<'c>,
    stage: &'c Stage<'c>,
}

impl Compare<'_> {
    /// Brings a group into the order of its files' digests, leaving out what cannot be read any more.
    fn readable<'a>(&self, group: Vec<Image<'a>>, verdicts: &mut Verdicts) -> Result<Vec<Image<'a>>, Cancelled> {
        let path = |image: &Image<'_>| self.files.get(image.file).map(Facts::path);
        let hashed = group.into_par_iter().map(|image| Ok((self.bytes(image.file)?, image)));
        let mut sorted = Vec::new();
        for (digest, image) in hashed.collect::<Result<Vec<_>, Cancelled>>()? {
            match digest {
                Some(digest) => sorted.push((digest, image)),
                None => verdicts.reject(image.file, Reason::Io),
            }
        }
        sorted.sort_by(|a, b| (&a.0, path(&a.1)).cmp(&(&b.0, path(&b.1))));
        Ok(sorted.into_iter().map(|(_, image)| image).collect())
    }

    /// The digest of a file's bytes; `None` where it cannot be read.
    fn bytes(&self, file: usize) -> Result<Option<Hash>, Cancelled> {
        let Some(facts) = self.files.get(file) else { return Ok(None) };
        let Ok(bytes) = facts.place().bytes(&self.options.limits) else { return Ok(None) };
        let Ok(total) = bytes.size() else { return Ok(None) };
        let (mut digest, mut block) = (Sha256::new(), vec![0; BLOCK.min(usize::try_from(total).unwrap_or(BLOCK))]);
        let mut at = 0;
        while at < total {
            self.stage.check()?;
            let count = usize::try_from(total - at).map_or(block.len(), |left| left.min(block.len()));
            let part = block.get_mut(..count).unwrap_or_default();
            if bytes.read_exact_at(part, at).is_err() {
                return Ok(None);
            }
            digest.update(part);
            at += count as u64;
        }
        Ok(Some(digest.finalize().into()))
    }

    /// Whether the images of a group are one image; takes out those that cannot be decoded, with their reasons, where the others
    /// are. Where they differ the undecodable ones share the fate of all: nobody can say which file is right.
    fn agree(&self, group: &mut Vec<Image<'_>>, verdicts: &mut Verdicts) -> Result<bool, Cancelled> {
        let found = group.par_iter().map(|image| {
            let content = self.content(image)?;
            self.stage.advance(1)?;
            Ok(content)
        });
        let found = found.collect::<Result<Vec<_>, Cancelled>>()?;
        let whole: Vec<(Hash, &Image<'_>)> = found
            .iter()
            .zip(group.iter())
            .filter_map(|(content, image)| Some((*content.as_ref().ok()?, image)))
            .collect();
        let same = whole.windows(2).all(|pair| pair[0].0 == pair[1].0 && same_place(pair[0].1, pair[1].1));
        if same {
            let mut found = found.into_iter();
            group.retain(|image| match found.next() {
                Some(Err(reason)) => {
                    verdicts.reject(image.file, reason);
                    false
                }
                _ => true,
            });
        }
        Ok(same)
    }

    /// The digest of an image's samples, or why they cannot be decoded.
    fn content(&self, image: &Image<'_>) -> Result<Result<Hash, Reason>, Cancelled> {
        let opened = self.files.get(image.file).ok_or(Reason::Io);
        let opened = opened.and_then(|facts| Ok(facts.place().open_lazy(&self.options.open())?));
        let lazy = match opened {
            Ok(lazy) => lazy,
            Err(reason) => return Ok(Err(reason)),
        };
        let frames = PixelInfo::of(&lazy.header().dataset).map_or(1, |info| info.frames);
        let hashes = (0..frames).into_par_iter().map(|frame| {
            self.stage.check()?;
            Ok(digest(&lazy, frame, self.options))
        });
        let hashes = hashes.collect::<Result<Vec<Result<_, Reason>>, Cancelled>>()?;
        let mut digest = Sha256::new();
        for hash in hashes {
            match hash {
                Ok(hash) => digest.update(hash),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(digest.finalize().into()))
    }
}

/// The digest of a frame's samples, and whether they differ among each other; `None` where it cannot be decoded.
pub(super) fn frame_digest(files: &[Facts], options: &Options<'_>, file: usize, frame: usize) -> Option<(Hash, bool)> {
    let lazy = files.get(file)?.place().open_lazy(&options.open()).ok()?;
    let decoded = lazy.frame(frame).ok()?.decode(&options.decode).ok()?;
    let bytes = decoded.to_le_bytes();
    let sample = decoded.samples.sample_type().bytes();
    let shows = bytes.chunks_exact(sample).any(|value| Some(value) != bytes.get(..sample));
    Some((Sha256::digest(&bytes).into(), shows))
}

fn digest<R: ReadAt>(lazy: &Lazy<R>, frame: usize, options: &Options<'_>) -> Result<Hash, Reason> {
    let decoded = lazy.frame(frame)?.decode(&options.decode)?;
    Ok(Sha256::digest(decoded.to_le_bytes()).into())
}

fn same_place(a: &Image<'_>, b: &Image<'_>) -> bool {
    let (x, y) = (&a.facts.frames, &b.facts.frames);
    let alike = |(x, y): (&crate::facts::FrameFacts, &crate::facts::FrameFacts)| {
        x.plane == y.plane
            && x.rescale == y.rescale
            && x.key.series == y.key.series
            && x.key.frame_of_reference_uid == y.key.frame_of_reference_uid
    };
    a.patient == b.patient && a.facts.tiles == b.facts.tiles && x.len() == y.len() && x.iter().zip(y).all(alike)
}

/// Bytes that are hashed between two looks at whether to stop.
const BLOCK: usize = 1 << 20;
