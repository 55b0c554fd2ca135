//! Words on the volumes whose series holds more than they do.
//!
//! An image that is kept out may be the first or the last slice of a volume, which then looks whole. So each volume of its series
//! that it would be parallel to is told; of a file that could not be opened, the first bytes tell the series. A volume of one slice out
//! of a larger series is told what set it apart.

use std::collections::BTreeMap;

use super::{Plan, SeriesPlan, split};
use crate::{
    Facts, Reason, Warning,
    facts::{FrameFacts, SeriesId},
};

/// Adds the warnings.
pub(super) fn tell(plan: &mut Plan, files: &[Facts]) {
    let lost: Vec<usize> = plan.rejected.iter().filter(|r| may_be_a_slice(&r.reason)).map(|r| r.file).collect();
    let counts: Vec<usize> =
        plan.series.iter().map(|series| lost.iter().filter(|file| lacks(series, files, **file)).count()).collect();
    for (series, images) in plan.series.iter_mut().zip(counts) {
        if images > 0 {
            series.warnings.push(Warning::SliceLeftOut { images });
        }
    }
    lone(plan, files);
}

/// Whether a file that is kept out may belong to a volume.
fn lacks(series: &SeriesPlan, files: &[Facts], file: usize) -> bool {
    let Some(facts) = files.get(file) else { return false };
    let first = || series.frames.first().and_then(|f| frame(files, f.file, f.frame));
    match (facts.image(), facts.series_uid()) {
        (Ok(image), _) => image.frames.iter().any(|lost| {
            let same = |first: &FrameFacts| {
                lost.key.series.id != SeriesId::Unknown && lost.key.series.id == first.key.series.id
            };
            // one without a place could have been anywhere
            first().is_some_and(|first| same(first) && (lost.plane.is_none() || split::parallel(first, lost)))
        }),
        (Err(_), Some(uid)) => series.series_uid.as_deref() == Some(uid),
        _ => false,
    }
}

fn frame(files: &[Facts], file: usize, frame: usize) -> Option<&FrameFacts> {
    files.get(file)?.image().ok()?.frames.get(frame)
}

const fn may_be_a_slice(reason: &Reason) -> bool {
    !matches!(reason, Reason::NotDicom | Reason::NotAnImage(_) | Reason::UnsupportedClass(_) | Reason::Mosaic)
}

/// Tells volumes of one slice what keeps them apart from the largest volume of their series.
fn lone(plan: &mut Plan, files: &[Facts]) {
    let mut largest: BTreeMap<(&str, &isocenter_dcm::PatientKey), (usize, usize)> = BTreeMap::new();
    for (number, series) in plan.series.iter().enumerate() {
        let Some(uid) = series.series_uid.as_deref() else { continue };
        let entry = largest.entry((uid, &series.patient)).or_insert((0, number));
        if series.frames.len() > entry.0 {
            *entry = (series.frames.len(), number);
        }
    }
    let told: Vec<Option<Warning>> = (0..plan.series.len())
        .map(|number| {
            let series = plan.series.get(number)?;
            let known = |w: &Warning| matches!(w, Warning::SetApart { .. } | Warning::SamePlace);
            if series.head.shape()[2] > 1
                || !series.head.geometry().frame().is_patient()
                || series.warnings.iter().any(known)
            {
                return None;
            }
            let (_, other) = largest.get(&(series.series_uid.as_deref()?, &series.patient))?;
            let other = plan.series.get(*other).filter(|_| *other != number)?;
            let key = |s: &SeriesPlan| s.frames.first().and_then(|f| Some(&frame(files, f.file, f.frame)?.key));
            Some(Warning::SetApart { code: key(series)?.apart_from(key(other)?) })
        })
        .collect();
    for (series, warning) in plan.series.iter_mut().zip(told) {
        series.warnings.extend(warning);
    }
}
