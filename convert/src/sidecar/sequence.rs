//! The pulse sequence: its names, what it is, how it was encoded.

use isocenter_dcm::{Tag, tags};

use super::{
    header::{Header, text_of},
    out::Out,
    subject::Subject,
};
use crate::facts::maker::Maker;

/// Writes them; what the name of the sequence's kind says of several slices at once is added by [`kind`].
pub(super) fn write(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let acquired = header.string(tags::MR_ACQUISITION_TYPE).map(|kind| kind.to_uppercase());
    out.text("MRAcquisitionType", acquired.filter(|kind| kind == "2D" || kind == "3D"));
    let variant = words(header, tags::SEQUENCE_VARIANT, 0x5B);
    out.text("ScanningSequence", words(header, tags::SCANNING_SEQUENCE, 0x5A));
    out.text("SequenceVariant", variant.clone());
    out.text("ScanOptions", words(header, tags::SCAN_OPTIONS, 0x5C));
    out.text("SequenceName", header.text(tags::SEQUENCE_NAME).or_else(|| header.text(tags::PULSE_SEQUENCE_NAME)));
    if header.by(Maker::Ge) && out.get("SequenceName").is_none() {
        out.put_private("SequenceName", header.private(0x0019, "GEMS_ACQU_01", 0x9C).and_then(text_of));
    }
    // two names only where there are two
    let both = header.string(tags::SEQUENCE_NAME).is_some();
    out.text("PulseSequenceName", header.text(tags::PULSE_SEQUENCE_NAME).filter(|_| both));
    spoiling(header, variant.as_deref(), out);
    let transfer = header.string(tags::MAGNETIZATION_TRANSFER);
    out.flag(
        "MTState",
        transfer.and_then(|text| match text.as_str() {
            "OFF_RESONANCE" => Some(true),
            "ON_RESONANCE" | "NONE" => Some(false),
            _ => None,
        }),
    );
}

/// The words of a public element, else of Siemens' own.
fn words(header: &Header<'_>, tag: Tag, element: u8) -> Option<String> {
    let own = || header.private(0x0021, "SIEMENS MR SDS 01", element).filter(|_| header.by(Maker::Siemens));
    header.text(tag).or_else(|| own().and_then(text_of).filter(|text| is_terms(text)))
}

/// Whether a private text is one of code words, as the public element has them.
fn is_terms(text: &str) -> bool {
    text.split('\\').all(|term| term.len() <= 4 && term.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
}

/// Spoiling (0018,9016), else the word for it in Sequence Variant.
fn spoiling(header: &Header<'_>, variant: Option<&str>, out: &mut Out) {
    let stated = header.string(tags::SPOILING);
    let (is_spoiled, kind) = match stated.as_deref() {
        Some("RF") => (Some(true), Some("RF")),
        Some("GRADIENT") => (Some(true), Some("GRADIENT")),
        Some("RF_AND_GRADIENT") => (Some(true), Some("COMBINED")),
        Some("NONE") => (Some(false), None),
        _ => (variant.is_some_and(|v| v.split('\\').any(|word| word == "SP")).then_some(true), None),
    };
    out.flag("SpoilingState", is_spoiled);
    out.text("SpoilingType", kind.map(str::to_owned));
}

/// How the sequence makes its echoes, from the words of Scanning Sequence and their standard successors.
pub(super) struct Encoding {
    scanning: String,
    pub(super) is_planar: bool,
    pub(super) is_spin_echo: bool,
    is_gradient_echo: bool,
}

impl Encoding {
    pub(super) fn of(header: &Header<'_>) -> Self {
        let scanning = words(header, tags::SCANNING_SEQUENCE, 0x5A).unwrap_or_default();
        let has = |word: &str| scanning.split('\\').any(|w| w == word);
        let says = |tag: Tag, word: &str| header.string(tag).is_some_and(|text| text == word);
        let echo = header.string(tags::ECHO_PULSE_SEQUENCE);
        Self {
            is_planar: has("EP") || says(tags::ECHO_PLANAR_PULSE_SEQUENCE, "YES"),
            is_spin_echo: echo.as_deref().map_or(has("SE"), |kind| kind == "SPIN" || kind == "BOTH"),
            is_gradient_echo: echo.as_deref().map_or(has("GR"), |kind| kind == "GRADIENT"),
            scanning,
        }
    }

    fn inverts(&self) -> bool {
        self.scanning.split('\\').any(|word| word == "IR")
    }
}

/// The general description of the sequence that BIDS asks for.
pub(super) fn kind(header: &Header<'_>, out: &mut Out) {
    if !header.is("MR") {
        return;
    }
    let encoding = Encoding::of(header);
    let variant = out.get("SequenceVariant").and_then(|v| v.as_str()).unwrap_or_default();
    let varied = |word: &str| variant.split('\\').any(|w| w == word);
    let several = out.get("MultibandAccelerationFactor").and_then(serde_json::Value::as_f64).is_some_and(|f| f > 1.0);
    let name = match (encoding.is_planar, encoding.is_spin_echo, encoding.is_gradient_echo) {
        (true, true, _) => {
            if several {
                "Multiband Spin Echo EPI"
            } else {
                "Spin Echo EPI"
            }
        }
        (true, false, _) => {
            if several {
                "Multiband Gradient Echo EPI"
            } else {
                "Gradient Echo EPI"
            }
        }
        (false, true, _) if encoding.inverts() => "Inversion Recovery Spin Echo",
        (false, true, _) => "Spin Echo",
        (false, false, true) if encoding.inverts() && varied("MP") => "MPRAGE",
        (false, false, true) if varied("SP") => "Spoiled Gradient Echo",
        (false, false, true) => "Gradient Echo",
        _ => return,
    };
    out.put("PulseSequenceType", name);
}
