//! What kind of series it is, in the words of BIDS: a folder, and the end of a file's name.
//!
//! One rule for every maker, from the facts of the header: modality, the words of Scanning Sequence and Sequence Variant, the names of
//! sequences, the part that is shown, echo and inversion times. The end holds the entities that tell the series of a study apart: the
//! sequence, with its acceleration (`acq`), the way of phase encoding (`dir`), the number of the series (`run`), echo, inversion and
//! part. `derived` is what was computed from other images, `discard` what only served to place other series. Where nothing
//! decides, there is no guess.

mod kind;
mod suffix;

use serde_json::Value;

use super::{image, out::Out, siemens::Siemens, subject::Subject};
use isocenter_dcm::{tags, value};

/// Writes the guess, where there is one.
pub(super) fn write(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    let header = &subject.header;
    let pair = match header.modality.as_deref() {
        Some("PT") => Some(("pet", "_pet".to_owned())),
        Some("CT") => Some(("ct", "_ct".to_owned())),
        Some("MR") => {
            let facts = kind::Facts::of(subject, protocol, out);
            let found = kind::of(&facts);
            found.map(|found| {
                let kinds = value::strings(header.top, tags::IMAGE_TYPE);
                // UNI images of an MP2RAGE are computed, and are an anatomical series to BIDS
                let derived = image::is_derived(&kinds) && found.suffix != "UNIT1";
                let end = suffix::of(subject, &facts, &found, out);
                (if derived { "derived" } else { found.folder }, end)
            })
        }
        _ => None,
    };
    if let Some((folder, end)) = pair {
        out.put("BidsGuess", vec![Value::from(folder), Value::from(end)]);
    }
}
