//! PHI-free facts of the acquisition, as `normalize` needs them.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag, tags, term, value};
use isocenter_volume::meta::{Ct, Meta, Mr};

/// Facts of one frame, but those of a PET, which stand apart.
pub(crate) fn of_frame(ds: &Dataset, frame: usize) -> Meta {
    let mut meta = Meta::default();
    meta.modality = term::of(ds, tags::MODALITY);
    meta.body_part = body_part(ds, frame);
    meta.manufacturer = value::string(ds, tags::MANUFACTURER).and_then(|name| maker(&name)).map(str::to_owned);
    match meta.modality.as_deref() {
        Some("MR") => meta.mr = Some(mr(ds, frame)),
        Some("CT") => meta.ct = Some(ct(ds, frame)),
        _ => {}
    }
    meta
}

/// Body Part Examined where it is a defined term, else the term for the code of the anatomic region; words of a protocol or a
/// description would be a guess.
fn body_part(ds: &Dataset, frame: usize) -> Option<String> {
    let stated = value::string(ds, tags::BODY_PART_EXAMINED).map(|part| part.to_uppercase());
    let of_code = |holder: &Dataset| {
        let code = value::item(holder, tags::ANATOMIC_REGION_SEQUENCE)?;
        let value = value::string(code, tags::CODE_VALUE)?;
        REGIONS.iter().find(|(codes, _)| codes.contains(&value.as_str())).map(|&(_, part)| part.to_owned())
    };
    let grouped = || FunctionalGroups::new(ds).item(frame, tags::FRAME_ANATOMY_SEQUENCE).and_then(of_code);
    stated.filter(|part| BODY_PARTS.contains(&part.as_str())).or_else(grouped).or_else(|| of_code(ds))
}

fn mr(ds: &Dataset, frame: usize) -> Mr {
    let groups = FunctionalGroups::new(ds);
    let top = |tag: Tag| value::f64(ds, tag);
    let group = |sequence: Tag, tag: Tag| groups.grouped(frame, sequence).and_then(|h| value::f64(h, tag));
    let timing = tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE;
    let mut mr = Mr::default();
    mr.field_strength_t = top(tags::MAGNETIC_FIELD_STRENGTH).map(tesla);
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

/// Magnetic Field Strength (0018,0087) in tesla: old software of GE writes gauss, 15000.
pub(crate) fn tesla(stated: f64) -> f64 {
    if stated > MOST_TESLA { stated / 1e4 } else { stated }
}

/// Above that a field is in gauss.
const MOST_TESLA: f64 = 100.0;

/// The name of a known maker; anything else may be a place or a person.
pub(crate) fn maker(text: &str) -> Option<&'static str> {
    let lower = format!("{} ", text.to_lowercase());
    MAKERS.iter().find(|(start, _)| lower.starts_with(start)).map(|&(_, name)| name)
}

const MAKERS: [(&str, &str); 23] = [
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
    ("shanghai united", "UIH"),
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

/// Codes of anatomic regions (Code Value of SNOMED CT, then of its older form SRT) and their defined terms, PS3.16 CID 4031 and annex L.
const REGIONS: [([&str; 2], &str); 25] = [
    (["69536005", "T-D1100"], "HEAD"),
    (["12738006", "T-A0100"], "BRAIN"),
    (["89546000", "T-11100"], "SKULL"),
    (["774007", "T-D1000"], "HEADNECK"),
    (["45048000", "T-D1600"], "NECK"),
    (["51185008", "T-D3000"], "CHEST"),
    (["39607008", "T-28000"], "LUNG"),
    (["80891009", "T-32000"], "HEART"),
    (["76752008", "T-04000"], "BREAST"),
    (["818981001", "T-D4000"], "ABDOMEN"),
    (["113345001", "T-D4000"], "ABDOMEN"),
    (["10200004", "T-62000"], "LIVER"),
    (["64033007", "T-71000"], "KIDNEY"),
    (["816092008", "T-D6000"], "PELVIS"),
    (["12921003", "T-D6000"], "PELVIS"),
    (["41216001", "T-92000"], "PROSTATE"),
    (["122494005", "T-11501"], "CSPINE"),
    (["122495006", "T-11502"], "TSPINE"),
    (["122496007", "T-11503"], "LSPINE"),
    (["421060004", "T-D0146"], "SPINE"),
    (["16982005", "T-D2220"], "SHOULDER"),
    (["24136001", "T-D2500"], "HIP"),
    (["72696002", "T-D9200"], "KNEE"),
    (["416949008", "R-FAB57"], "ABDOMENPELVIS"),
    (["38266002", "T-D0010"], "WHOLEBODY"),
];

/// Whether a text is a defined term of Body Part Examined (0018,0015) in common use.
///
/// ```
/// assert!(isocenter_convert::is_body_part("HEAD") && !isocenter_convert::is_body_part("HAED"));
/// ```
pub fn is_body_part(text: &str) -> bool {
    BODY_PARTS.contains(&text)
}

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
    fn a_body_part_is_a_term_or_the_code_of_a_region() {
        use isocenter_dcm::dicom_core::{DataElement, VR, value::DataSetSequence};
        let coded = |value: &str| {
            let mut code = Dataset::new_empty();
            code.put(DataElement::new(tags::CODE_VALUE, VR::SH, value));
            DataElement::new(tags::ANATOMIC_REGION_SEQUENCE, VR::SQ, DataSetSequence::from(vec![code]))
        };
        let mut ds = Dataset::new_empty();
        assert_eq!(body_part(&ds, 0), None);
        ds.put(coded("69536005"));
        assert_eq!(body_part(&ds, 0).as_deref(), Some("HEAD"));
        ds.put(coded("T-A0100"));
        assert_eq!(body_part(&ds, 0).as_deref(), Some("BRAIN"));
        ds.put(coded("JANE DOE"));
        assert_eq!(body_part(&ds, 0), None);
        ds.put(coded("69536005"));
        ds.put(DataElement::new(tags::BODY_PART_EXAMINED, VR::CS, "Neck"));
        assert_eq!(body_part(&ds, 0).as_deref(), Some("NECK"));
        ds.put(DataElement::new(tags::BODY_PART_EXAMINED, VR::CS, "HEAD ROUTINE"));
        assert_eq!(body_part(&ds, 0).as_deref(), Some("HEAD"));
        let mut anatomy = Dataset::new_empty();
        anatomy.put(coded("12738006"));
        let mut group = Dataset::new_empty();
        group.put(DataElement::new(tags::FRAME_ANATOMY_SEQUENCE, VR::SQ, DataSetSequence::from(vec![anatomy])));
        let mut ds = Dataset::new_empty();
        let groups = DataSetSequence::from(vec![group]);
        ds.put(DataElement::new(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, VR::SQ, groups));
        assert_eq!(body_part(&ds, 0).as_deref(), Some("BRAIN"));
    }

    #[test]
    fn only_known_makers_are_named() {
        assert_eq!(maker("SIEMENS Healthineers"), Some("Siemens"));
        assert_eq!(maker("GE MEDICAL SYSTEMS"), Some("GE"));
        assert_eq!(maker("Genial Devices of Dr X"), None);
    }
}
