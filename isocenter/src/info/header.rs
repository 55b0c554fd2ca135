//! What DICOM headers say beside the grid: how pixels are stored, and what makes the files a privacy risk.

use std::collections::BTreeSet;

use isocenter_dcm::{Instance, tags, value};
use isocenter_deid::burned_in;

/// Names of the transfer syntaxes, each once.
pub(super) fn syntaxes(headers: &[&Instance]) -> Vec<String> {
    let names: BTreeSet<&str> = headers.iter().map(|i| syntax_name(&i.meta.transfer_syntax_uid)).collect();
    names.into_iter().map(str::to_owned).collect()
}

// PS3.5 section 10 and PS3.6 Annex A; a UID that is none of these is not shown, it may be anything
fn syntax_name(uid: &str) -> &'static str {
    match uid {
        "1.2.840.10008.1.2" => "implicit LE",
        "" | "1.2.840.10008.1.2.1" => "explicit LE",
        "1.2.840.10008.1.2.1.99" => "deflated",
        "1.2.840.10008.1.2.2" => "explicit BE",
        "1.2.840.10008.1.2.5" => "RLE",
        "1.2.840.10008.1.2.4.50" => "JPEG baseline",
        "1.2.840.10008.1.2.4.51" => "JPEG extended",
        "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70" => "JPEG lossless",
        "1.2.840.10008.1.2.4.80" => "JPEG-LS",
        "1.2.840.10008.1.2.4.81" => "JPEG-LS near-lossless",
        "1.2.840.10008.1.2.4.90" => "JPEG 2000 lossless",
        "1.2.840.10008.1.2.4.91" => "JPEG 2000",
        "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => "HTJ2K",
        "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => "JPEG XL",
        _ => "other",
    }
}

/// Codes of what may tell whose the files are.
pub(super) fn risks(headers: &[&Instance]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for instance in headers {
        if let burned_in::Verdict::Suspect(reason) = burned_in::judge_instance(instance) {
            found.insert(reason.code().to_owned());
        }
        let has = |tag| value::string(&instance.dataset, tag).is_some_and(|t| !t.is_empty());
        if has(tags::PATIENT_NAME) || has(tags::PATIENT_BIRTH_DATE) {
            found.insert("identified".to_owned());
        }
        if instance.dataset.iter().any(|e| e.header().tag.group() % 2 == 1) {
            found.insert("private".to_owned());
        }
    }
    found.into_iter().collect()
}
