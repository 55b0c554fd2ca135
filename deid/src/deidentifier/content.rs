//! Content items of structured reports: the tree stays, the rules decide about what it says.
//!
//! In the Basic Profile text, names, dates and UIDs are replaced by the table's own rows wherever they stand. What those rows do not reach is a
//! code or a number whose *concept name* makes it identifying (a subject's age, sex, an observer's role): Table E.3.4-1 lists them.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element, value};

use crate::dummy;
use crate::rules::Concept;

/// What a content item is about; `None` where it has no concept name.
pub(super) fn concept(item: &Dataset) -> Option<Concept> {
    let name = value::item(item, tags::CONCEPT_NAME_CODE_SEQUENCE)?;
    let text = |dataset, tag| value::string(dataset, tag).unwrap_or_default();
    Some(Concept {
        code: text(name, tags::CODE_VALUE),
        scheme: text(name, tags::CODING_SCHEME_DESIGNATOR),
        value_type: text(item, tags::VALUE_TYPE),
    })
}

/// Replaces the numbers of a Measured Value Sequence by zeros; the units stay.
pub(super) fn blank_measured(measured: &mut Element) {
    for value in measured.items_mut().into_iter().flatten() {
        if value.get(tags::NUMERIC_VALUE).is_some() {
            value.put(dummy::element(tags::NUMERIC_VALUE, VR::DS));
        }
        for tag in [tags::FLOATING_POINT_VALUE, tags::RATIONAL_NUMERATOR_VALUE, tags::RATIONAL_DENOMINATOR_VALUE] {
            value.remove_element(tag);
        }
    }
}
