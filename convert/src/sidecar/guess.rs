//! What kind of series it is, in the words of BIDS: a folder, and the end of a file's name.
//!
//! The rule is that of [`isocenter_dcm::series_kind`], for recipes and sidecars alike. The end holds the entities that tell the series
//! of a study apart: the sequence, with its acceleration (`acq`), the way of phase encoding (`dir`), the number of the series (`run`),
//! echo, inversion and part. `derived` is what was computed from other images, `discard` what only served to place other series. Where
//! nothing decides, there is no guess.

pub(super) mod facts;
mod suffix;

use isocenter_dcm::series_kind::{Datatype, SeriesKind};
use serde_json::Value;

use super::{out::Out, siemens::Siemens, subject::Subject};

/// Writes the guess, where there is one.
pub(super) fn write(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    let facts = facts::of(subject, protocol);
    let kind = SeriesKind::of(&facts);
    let (Some(folder), Some(suffix)) = (kind.folder(), kind.suffix) else { return };
    let end = match kind.datatype {
        Some(Datatype::Pet | Datatype::Ct) => format!("_{suffix}"),
        _ => suffix::of(subject, &facts, &kind, suffix, out),
    };
    out.put("BidsGuess", vec![Value::from(folder), Value::from(end)]);
}
