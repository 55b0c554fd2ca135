//! Files that share a SOP Instance UID.
//!
//! Equal pixels and an equal place: one is kept, the others are its duplicates. The kept one is that of the smallest SHA-256 of
//! its bytes, then of its path, so that the order of the input plays no part. Anything else is a contradiction, and all go.

use std::collections::BTreeMap;

use isocenter_dcm::{OpenOptions, ReadLimits, pixel::DecodeOptions, scan::Scanned};
use isocenter_volume::Ctx;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Duplicate, Image, PlanOptions, Verdicts};
use crate::Reason;

type Hash = [u8; 32];

/// Keeps one image of each SOP Instance UID.
pub(super) fn resolve<'a>(
    images: Vec<Image<'a>>,
    scanned: &[Scanned],
    options: &PlanOptions,
    verdicts: &mut Verdicts,
) -> (Vec<Image<'a>>, Vec<Duplicate>) {
    let mut groups: BTreeMap<String, Vec<Image<'a>>> = BTreeMap::new();
    for image in images {
        groups.entry(image.uid.clone()).or_default().push(image);
    }
    let (mut kept, mut duplicates) = (Vec::new(), Vec::new());
    for mut group in groups.into_values() {
        if group.len() > 1 {
            group = readable(group, scanned, verdicts);
        }
        if group.len() < 2 {
            kept.append(&mut group);
            continue;
        }
        match agree(&mut group, scanned, options) {
            Ok(broken) => {
                broken.into_iter().for_each(|(file, reason)| verdicts.reject(file, reason));
                let of = group.first().map_or(0, |image| image.file);
                duplicates.extend(group.iter().skip(1).map(|image| Duplicate { file: image.file, of }));
                kept.extend(group.into_iter().take(1));
            }
            Err(()) => group.iter().for_each(|image| verdicts.reject(image.file, Reason::ContradictoryDuplicate)),
        }
    }
    (kept, duplicates)
}

/// Brings a group into the order of its files' digests, leaving out what cannot be read any more.
fn readable<'a>(group: Vec<Image<'a>>, scanned: &[Scanned], verdicts: &mut Verdicts) -> Vec<Image<'a>> {
    let path = |image: &Image<'_>| scanned.get(image.file).map(|s| s.path.as_path());
    let limits = ReadLimits::default();
    let bytes = |image: &Image<'_>| scanned.get(image.file).and_then(|s| s.read_bytes(&limits).ok());
    let hashed: Vec<(Option<Hash>, Image<'a>)> =
        group.into_par_iter().map(|image| (bytes(&image).map(|b| hash(&b)), image)).collect();
    let mut sorted = Vec::new();
    for (digest, image) in hashed {
        match digest {
            Some(digest) => sorted.push((digest, image)),
            None => verdicts.reject(image.file, Reason::Io),
        }
    }
    sorted.sort_by(|a, b| (&a.0, path(&a.1)).cmp(&(&b.0, path(&b.1))));
    sorted.into_iter().map(|(_, image)| image).collect()
}

/// Compares the images of a group; takes out those that cannot be decoded and gives their reasons. `Err` where others differ.
fn agree(group: &mut Vec<Image<'_>>, scanned: &[Scanned], options: &PlanOptions) -> Result<Vec<(usize, Reason)>, ()> {
    let open = OpenOptions::new().limits(options.file_limits.clone());
    let content = |image: &Image<'_>| -> Result<Hash, Reason> {
        let scanned = scanned.get(image.file).ok_or(Reason::Io)?;
        let instance = scanned.open(&open).map_err(|e| Reason::from(&e))?;
        let all = instance.decode_all(&DecodeOptions::default(), &Ctx::default()).map_err(|e| Reason::from(&e))?;
        Ok(hash(&all.to_le_bytes()))
    };
    let found: Vec<_> = group.par_iter().map(content).collect();
    let mut broken = Vec::new();
    let mut whole = Vec::new();
    for (image, content) in std::mem::take(group).into_iter().zip(found) {
        match content {
            Ok(content) => whole.push((content, image)),
            Err(reason) => broken.push((image.file, reason)),
        }
    }
    let same = whole.windows(2).all(|pair| pair[0].0 == pair[1].0 && same_place(&pair[0].1, &pair[1].1));
    group.extend(whole.into_iter().map(|(_, image)| image));
    if same {
        return Ok(broken);
    }
    // the undecodable ones share the contradiction's fate under the same name: nobody can say which file is right
    Err(())
}

fn same_place(a: &Image<'_>, b: &Image<'_>) -> bool {
    let (a, b) = (&a.facts.frames, &b.facts.frames);
    a.len() == b.len()
        && a.iter().zip(b).all(|(x, y)| x.plane == y.plane && x.rescale == y.rescale && x.key.series == y.key.series)
}

fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}
