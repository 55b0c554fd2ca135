//! Terms, codes and words for parts of the body.

/// Whether a term of Body Part Examined names a part without a face.
pub(super) fn is_other_term(term: &str) -> bool {
    TERMS.contains(&term)
}

/// Whether a code of a region (SNOMED CT, or its older form SRT) names a part without a face.
pub(super) fn is_other_code(code: &str) -> bool {
    CODES.contains(&code)
}

/// Whether a word (capitals) speaks of head or neck, of the whole body, or of a scan that reaches that far.
pub(super) fn is_head_word(word: &str) -> bool {
    matches!(word, "WB" | "EAR" | "EARS" | "EYE" | "EYES" | "NCT" | "ORL" | "ENT" | "HNO")
        || BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

/// Defined terms of Body Part Examined in common use, PS3.16 annex L. Not among them: what lies beside a face (neck, shoulder, clavicle, cervical
/// spine) and what may reach there (spine, whole body).
const TERMS: &[&str] = &[
    "ABDOMEN",
    "ABDOMENPELVIS",
    "ADRENAL",
    "ANKLE",
    "ARM",
    "BLADDER",
    "BREAST",
    "CALCANEUS",
    "CALF",
    "CHEST",
    "CHESTABDOMEN",
    "CHESTABDPELVIS",
    "COCCYX",
    "COLON",
    "ELBOW",
    "EXTREMITY",
    "FEMUR",
    "FINGER",
    "FOOT",
    "FOREARM",
    "HAND",
    "HEART",
    "HIP",
    "KIDNEY",
    "KNEE",
    "LEG",
    "LIVER",
    "LSPINE",
    "LUNG",
    "PANCREAS",
    "PELVIS",
    "PROSTATE",
    "SSPINE",
    "THIGH",
    "THORAX",
    "THUMB",
    "TIBIA",
    "TOE",
    "TSPINE",
    "UTERUS",
    "WRIST",
];

/// Codes of anatomic regions, PS3.16 CID 4031 and annex L.
const CODES: &[&str] = &[
    "51185008",
    "816094009",
    "T-D3000", // chest
    "39607008",
    "T-28000", // lung
    "80891009",
    "T-32000", // heart
    "76752008",
    "T-04000", // breast
    "818981001",
    "113345001",
    "T-D4000", // abdomen
    "818982008",
    "416949008",
    "R-FAB57", // abdomen and pelvis
    "416550000",
    "R-FAB55", // chest and abdomen
    "416775004",
    "R-FAB56", // chest, abdomen and pelvis
    "10200004",
    "T-62000", // liver
    "15776009",
    "T-65000", // pancreas
    "64033007",
    "T-71000", // kidney
    "71854001",
    "T-59300", // colon
    "89837001",
    "T-74000", // bladder
    "816092008",
    "12921003",
    "T-D6000", // pelvis
    "41216001",
    "T-92000", // prostate
    "35039007",
    "T-83000", // uterus
    "122495006",
    "T-11502", // thoracic spine
    "122496007",
    "T-11503", // lumbar spine
    "53120007",
    "T-D8000",
    "40983000",
    "T-D8200", // arm, upper arm
    "16953009",
    "T-15430",
    "14975008",
    "T-D8500", // elbow, forearm
    "74670003",
    "T-15460",
    "85562004",
    "T-D8700",
    "7569003",
    "T-D8800", // wrist, hand, finger
    "29836001",
    "T-D2500",
    "24136001",
    "T-15710", // hip
    "61685007",
    "T-D9000",
    "68367000",
    "T-D9100",
    "71341001",
    "T-12710", // leg, thigh, femur
    "72696002",
    "T-D9200",
    "30021000",
    "T-D9400",
    "12611008",
    "T-12740", // knee, lower leg, tibia
    "70258002",
    "T-15750",
    "56459004",
    "T-D9700", // ankle, foot
];

/// Beginnings of such words, in several languages. A word too many costs a mask, a word too few a face.
const BEGINNINGS: &[&str] = &[
    "HEAD",
    "BRAIN",
    "NEURO",
    "CRANI",
    "SKULL",
    "FACE",
    "FACIAL",
    "MAXILL",
    "MANDIB",
    "DENT",
    "JAW",
    "TEETH",
    "TOOTH",
    "SINUS",
    "NASAL",
    "NOSE",
    "ORBIT",
    "TEMPORAL",
    "PETROUS",
    "IAC",
    "TMJ",
    "PITUIT",
    "SELLA",
    "CEREB",
    "ENCEPH",
    "STROKE",
    "NECK",
    "CAROTID",
    "CERVI",
    "CSPINE",
    "THYROID",
    "LARYN",
    "PHARYN",
    "WHOLE",
    "TOTAL",
    "PET",
    "TRAUMA",
    "POLYTRAUMA",
    "PANSCAN",
    "KOPF",
    "SCHÄDEL",
    "SCHAEDEL",
    "HIRN",
    "GESICHT",
    "HALS",
    "GANZKÖRPER",
    "TÊTE",
    "TETE",
    "CRÂNE",
    "CRANE",
    "CERVEAU",
    "CABEZA",
    "CRÁNEO",
    "CEREBRO",
    "TESTA",
    "CAPO",
    "HOOFD",
    "HERSEN",
];
