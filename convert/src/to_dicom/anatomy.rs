//! The functional group of the anatomic region.
//!
//! Source: DICOM PS3.3 C.7.6.16.2.8 (frame anatomy), PS3.16 CID 4031 and annex L.

use isocenter_dcm::{Dataset, tags};

use super::{code::Code, job::Job, put as element, warning::Warning};

/// The region that the source states, in words or as a code; the entire body where it states none.
pub(super) fn put(job: &Job<'_>, group: &mut Dataset) {
    element::item(group, tags::FRAME_ANATOMY_SEQUENCE, |item| {
        let side = job.source.string(tags::LATERALITY, None).filter(|side| matches!(side.as_str(), "R" | "L"));
        element::text(item, tags::FRAME_LATERALITY, side.unwrap_or_else(|| "U".to_owned()));
        if let Some(stated) = job.get(tags::ANATOMIC_REGION_SEQUENCE, None) {
            item.put(stated.clone());
            return;
        }
        let part = job.source.string(tags::BODY_PART_EXAMINED, None).or_else(|| job.volume.meta().body_part.clone());
        let known = REGIONS.iter().find(|(term, ..)| part.as_deref() == Some(*term));
        if known.is_none() {
            job.warn(Warning::Assumed { tag: tags::ANATOMIC_REGION_SEQUENCE });
        }
        let (code, meaning) = known.map_or(("38266002", "Entire body"), |(_, code, meaning)| (*code, *meaning));
        Code::fixed(code, "SCT", meaning).put(item, tags::ANATOMIC_REGION_SEQUENCE);
    });
}

/// Body Part Examined, code and meaning.
const REGIONS: [(&str, &str, &str); 20] = [
    ("HEAD", "69536005", "Head"),
    ("BRAIN", "12738006", "Brain"),
    ("SKULL", "89546000", "Skull"),
    ("HEADNECK", "774007", "Head and neck"),
    ("NECK", "45048000", "Neck"),
    ("CHEST", "51185008", "Chest"),
    ("LUNG", "39607008", "Lung"),
    ("HEART", "80891009", "Heart"),
    ("BREAST", "76752008", "Breast"),
    ("ABDOMEN", "818981001", "Abdomen"),
    ("LIVER", "10200004", "Liver"),
    ("KIDNEY", "64033007", "Kidney"),
    ("PELVIS", "816092008", "Pelvis"),
    ("PROSTATE", "41216001", "Prostate"),
    ("CSPINE", "122494005", "Cervical spine"),
    ("TSPINE", "122495006", "Thoracic spine"),
    ("LSPINE", "122496007", "Lumbar spine"),
    ("SPINE", "421060004", "Spine"),
    ("SHOULDER", "16982005", "Shoulder"),
    ("KNEE", "72696002", "Knee"),
];
