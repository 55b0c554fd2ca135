//! Content items of structured reports in the Basic Profile: the tree stays, what it says is replaced.
//!
//! Text, names, dates and UIDs are replaced by the table's own rows wherever they stand. What those rows do not reach is a code
//! or a number whose *concept name* makes it identifying (a subject's age, sex, an observer's role): Table E.3.4-1 lists them.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, value};

use crate::dummy;
use crate::table::concepts;

/// Replaces the value of a content item whose concept name is listed; says whether it did.
pub(super) fn blank_listed(item: &mut Dataset) -> bool {
    let Some(name) = value::item(item, tags::CONCEPT_NAME_CODE_SEQUENCE) else {
        return false;
    };
    let code = value::string(name, tags::CODE_VALUE).unwrap_or_default();
    let scheme = value::string(name, tags::CODING_SCHEME_DESIGNATOR).unwrap_or_default();
    let value_type = value::string(item, tags::VALUE_TYPE).unwrap_or_default();
    if !concepts::is_listed(&code, &scheme, &value_type) {
        return false;
    }
    let mut changed = false;
    if item.get(tags::CONCEPT_CODE_SEQUENCE).is_some() {
        item.put(dummy::code_sequence(tags::CONCEPT_CODE_SEQUENCE));
        changed = true;
    }
    if let Some(mut measured) = item.take(tags::MEASURED_VALUE_SEQUENCE) {
        for value in measured.items_mut().into_iter().flatten() {
            if value.get(tags::NUMERIC_VALUE).is_some() {
                value.put(dummy::element(tags::NUMERIC_VALUE, VR::DS));
            }
            for tag in [tags::FLOATING_POINT_VALUE, tags::RATIONAL_NUMERATOR_VALUE, tags::RATIONAL_DENOMINATOR_VALUE] {
                value.remove_element(tag);
            }
        }
        item.put(measured);
        changed = true;
    }
    changed
}
