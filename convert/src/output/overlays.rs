//! Overlays as masks beside the volume that they lie on.

use std::collections::BTreeMap;

use isocenter_dcm::overlay;
use isocenter_volume::{DynVolume, Scaling, Volume};

use crate::{Error, Facts, Options, SeriesPlan};

/// The overlays of a volume's files as masks on its grid, 1 where a bit is set: one volume for each overlay group that occurs, with the
/// last two digits of the group halved and counted from 1.
///
/// Also how many overlays of images could not be read, and are left out. One that lies within the samples is seen in the volume.
pub(super) fn masks(
    series: &SeriesPlan,
    files: &[Facts],
    options: &Options<'_>,
) -> Result<(Vec<(usize, DynVolume)>, usize), Error> {
    let [columns, rows, _] = series.head.shape();
    let plane = columns * rows;
    let mut found: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    let mut unread = 0;
    let total = plane.saturating_mul(series.frames.len());
    for &file in &series.files {
        options.ctx.check()?;
        let place = files.get(file).ok_or(Error::OtherFiles)?.place();
        let header = place.open_header(&options.open()).map_err(|source| Error::Dicom { file, source })?;
        for overlay in overlay::all(&header) {
            let Ok(overlay) = overlay else {
                unread += 1;
                continue;
            };
            let here = series.frames.iter().zip(0..).filter(|(frame, _)| frame.file == file && frame.tile.is_none());
            for (frame, at) in here {
                let (Ok(wide), Ok(high)) = (u16::try_from(columns), u16::try_from(rows)) else { continue };
                let bits = match overlay.on_image(frame.frame, high, wide) {
                    Ok(Some(bits)) => bits,
                    Ok(None) => continue,
                    Err(_) => {
                        unread += 1;
                        continue;
                    }
                };
                let mask = found.entry(overlay.group()).or_insert_with(|| vec![0; total]);
                let target = mask.get_mut(at * plane..(at + 1) * plane).unwrap_or_default();
                for (voxel, bit) in target.iter_mut().zip(bits) {
                    *voxel = u8::from(bit);
                }
            }
        }
    }
    let head = series.head.clone().with_scaling(Scaling::default())?;
    let masks = found.into_iter().map(|(group, bits)| {
        let number = usize::from((group & 0xFF) / 2 + 1);
        Ok((number, Volume::from_parts(head.clone(), bits)?.into()))
    });
    Ok((masks.collect::<Result<_, Error>>()?, unread))
}
