//! De-identification Method Code Sequence, which a script writes as codes parted by slashes.

use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, value};

use super::evaluate::Out;
use crate::dummy;
use crate::table;

/// The sequence: what stands there and the codes, `RESET` drops what stood before it. `None` where the script keeps or removes it.
pub(super) fn codes(out: &Out, dataset: &Dataset) -> Option<Element> {
    let Out::Text(text) = out else { return None };
    let tag = tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE;
    let mut items: Vec<Dataset> = value::sequence(dataset, tag).unwrap_or_default().to_vec();
    for code in text.split('/').map(str::trim).filter(|code| !code.is_empty()) {
        if code.eq_ignore_ascii_case("reset") {
            items.clear();
            continue;
        }
        let (scheme, meaning) = match table::codes::meaning(code) {
            Some((_, meaning)) => ("DCM", meaning),
            None => ("UNKNOWN", "UNKNOWN"),
        };
        items.push(Dataset::from_element_iter([
            DataElement::new(tags::CODE_VALUE, VR::SH, code.chars().take(16).collect::<String>()),
            DataElement::new(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme),
            DataElement::new(tags::CODE_MEANING, VR::LO, meaning),
        ]));
    }
    (!items.is_empty()).then(|| dummy::sequence(tag, items))
}
