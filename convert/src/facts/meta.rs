//! PHI-free facts of the acquisition, as `normalize` needs them.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag, tags, term, value};
use isocenter_volume::meta::{Ct, Meta, Mr};

/// Facts of one frame, but those of a PET, which stand apart.
pub(crate) fn of_frame(ds: &Dataset, frame: usize) -> Meta {
    let mut meta = Meta::default();
    meta.modality = term::of(ds, tags::MODALITY);
    meta.body_part = value::string(ds, tags::BODY_PART_EXAMINED)
        .map(|part| part.to_uppercase())
        .filter(|part| BODY_PARTS.contains(&part.as_str()));
    meta.manufacturer = value::string(ds, tags::MANUFACTURER).and_then(|name| maker(&name)).map(str::to_owned);
    match meta.modality.as_deref() {
        Some("MR") => meta.mr = Some(mr(ds, frame)),
        Some("CT") => meta.ct = Some(ct(ds, frame)),
        _ => {}
    }
    meta
}

fn mr(ds: &Dataset, frame: usize) -> Mr {
    let groups = FunctionalGroups::new(ds);
    let top = |tag: Tag| value::f64(ds, tag);
    let group = |sequence: Tag, tag: Tag| groups.grouped(frame, sequence).and_then(|h| value::f64(h, tag));
    let timing = tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE;
    let mut mr = Mr::default();
    mr.field_strength_t = top(tags::MAGNETIC_FIELD_STRENGTH);
    // DICOM has milliseconds
    let seconds = |grouped: Option<f64>, tag: Tag| grouped.or_else(|| top(tag)).map(|ms| ms / 1e3);
    mr.repetition_time_s = seconds(group(timing, tags::REPETITION_TIME), tags::REPETITION_TIME);
    mr.echo_time_s = seconds(group(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME), tags::ECHO_TIME);
    mr.inversion_time_s = seconds(group(tags::MR_MODIFIER_SEQUENCE, tags::INVERSION_TIMES), tags::INVERSION_TIME);
    mr.flip_angle_deg = group(timing, tags::FLIP_ANGLE).or_else(|| top(tags::FLIP_ANGLE));
    let sequence = value::strings(ds, tags::SCANNING_SEQUENCE);
    let defined = !sequence.is_empty() && sequence.iter().all(|t| SEQUENCES.contains(&t.as_str()));
    mr.scanning_sequence = defined.then(|| sequence.join("\\"));
    mr
}

fn ct(ds: &Dataset, frame: usize) -> Ct {
    let groups = FunctionalGroups::new(ds);
    let mut ct = Ct::default();
    ct.tube_voltage_kv = groups.item(frame, tags::CTX_RAY_DETAILS_SEQUENCE).and_then(|h| value::f64(h, tags::KVP));
    let kernel = groups
        .item(frame, tags::CT_RECONSTRUCTION_SEQUENCE)
        .map(|h| value::strings(h, tags::CONVOLUTION_KERNEL))
        .filter(|k| !k.is_empty());
    ct.kernel = kernel.map(|k| k.join("\\"));
    ct
}

/// The name of a known maker; anything else may be a place or a person.
fn maker(text: &str) -> Option<&'static str> {
    let lower = format!("{} ", text.to_lowercase());
    MAKERS.iter().find(|(start, _)| lower.starts_with(start)).map(|&(_, name)| name)
}

const MAKERS: [(&str, &str); 22] = [
    ("siemens", "Siemens"),
    ("ge ", "GE"),
    ("ge_", "GE"),
    ("gems", "GE"),
    ("general electric", "GE"),
    ("philips", "Philips"),
    ("canon", "Canon"),
    ("toshiba", "Toshiba"),
    ("hitachi", "Hitachi"),
    ("fuji", "Fujifilm"),
    ("uih", "UIH"),
    ("united imaging", "UIH"),
    ("hyperfine", "Hyperfine"),
    ("bruker", "Bruker"),
    ("mediso", "Mediso"),
    ("hologic", "Hologic"),
    ("carestream", "Carestream"),
    ("agfa", "Agfa"),
    ("konica", "Konica Minolta"),
    ("samsung", "Samsung"),
    ("mr solutions", "MR Solutions"),
    ("neusoft", "Neusoft"),
];

/// Scanning Sequence (0018,0020), PS3.3 C.8.3.1.
const SEQUENCES: [&str; 5] = ["SE", "IR", "GR", "EP", "RM"];

/// The defined terms of Body Part Examined in common use, PS3.16 annex L.
const BODY_PARTS: [&str; 52] = [
    "ABDOMEN",
    "ABDOMENPELVIS",
    "ANKLE",
    "AORTA",
    "ARM",
    "BLADDER",
    "BRAIN",
    "BREAST",
    "CALF",
    "CAROTID",
    "CHEST",
    "CHESTABDOMEN",
    "CHESTABDPELVIS",
    "CLAVICLE",
    "COCCYX",
    "COLON",
    "CSPINE",
    "EAR",
    "ELBOW",
    "EXTREMITY",
    "EYE",
    "FACE",
    "FINGER",
    "FOOT",
    "FOREARM",
    "HAND",
    "HEAD",
    "HEADNECK",
    "HEART",
    "HIP",
    "IAC",
    "JAW",
    "KIDNEY",
    "KNEE",
    "LEG",
    "LIVER",
    "LSPINE",
    "LUNG",
    "NECK",
    "ORBIT",
    "PANCREAS",
    "PELVIS",
    "PROSTATE",
    "SHOULDER",
    "SINUS",
    "SKULL",
    "SPINE",
    "THIGH",
    "TSPINE",
    "UTERUS",
    "WHOLEBODY",
    "WRIST",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_makers_are_named() {
        assert_eq!(maker("SIEMENS Healthineers"), Some("Siemens"));
        assert_eq!(maker("GE MEDICAL SYSTEMS"), Some("GE"));
        assert_eq!(maker("Genial Devices of Dr X"), None);
    }
}
