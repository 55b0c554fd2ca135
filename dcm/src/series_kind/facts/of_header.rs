//! Facts from the standard's elements.

use dicom_core::Tag;

use super::{Maker, SeriesFacts};
use crate::{Dataset, FunctionalGroups, series_kind::part::Part, tags, term, value};

impl SeriesFacts {
    /// Those that the standard's elements of a header state for a frame (from 0); private elements are not looked at, and how many
    /// slices and volumes there are is not known to one header.
    ///
    /// ```
    /// use isocenter_dcm::dicom_core::{DataElement, VR};
    /// use isocenter_dcm::series_kind::{SeriesFacts, SeriesKind, Suffix};
    /// use isocenter_dcm::{Dataset, tags};
    /// let mut header = Dataset::new_empty();
    /// header.put(DataElement::new(tags::MODALITY, VR::CS, "MR"));
    /// header.put(DataElement::new(tags::SCANNING_SEQUENCE, VR::CS, "SE"));
    /// header.put(DataElement::new(tags::REPETITION_TIME, VR::DS, "4000"));
    /// header.put(DataElement::new(tags::ECHO_TIME, VR::DS, "100"));
    /// assert_eq!(SeriesKind::of(&SeriesFacts::of(&header, 0)).suffix, Some(Suffix::T2w));
    /// ```
    pub fn of(header: &Dataset, frame: usize) -> Self {
        let groups = FunctionalGroups::new(header);
        let top = |tag: Tag| value::string(header, tag);
        let says = |tag: Tag, word: &str| top(tag).is_some_and(|text| text == word);
        let types = groups.grouped(frame, tags::MR_IMAGE_FRAME_TYPE_SEQUENCE);
        let of_type = |tag: Tag| types.and_then(|item| value::string(item, tag)).or_else(|| top(tag));
        // milliseconds
        let seconds = |sequence: Tag, own: Tag, classic: Tag| {
            let grouped = groups.grouped(frame, sequence).and_then(|item| value::f64(item, own));
            grouped.or_else(|| value::f64(header, classic)).filter(|ms| *ms > 0.0).map(|ms| ms / 1e3)
        };
        let timing = tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE;
        let weighting = groups.item(frame, tags::MR_DIFFUSION_SEQUENCE);
        let name = top(tags::SEQUENCE_NAME).filter(|name| name.len() > 1);
        let pulse = top(tags::PULSE_SEQUENCE_NAME).unwrap_or_default();
        let echo = top(tags::ECHO_PULSE_SEQUENCE);
        let image_type = value::strings(header, tags::IMAGE_TYPE);
        let mut facts = Self {
            modality: term::of(header, tags::MODALITY),
            maker: top(tags::MANUFACTURER).as_deref().map(Maker::of),
            frame_type: types.map(|item| value::strings(item, tags::FRAME_TYPE)).unwrap_or_default(),
            component: of_type(tags::COMPLEX_IMAGE_COMPONENT),
            acquisition_contrast: of_type(tags::ACQUISITION_CONTRAST),
            scanning: value::strings(header, tags::SCANNING_SEQUENCE),
            variant: value::strings(header, tags::SEQUENCE_VARIANT),
            sequence_name: name.unwrap_or_else(|| pulse.clone()),
            pulse_sequence_name: pulse,
            description: top(tags::SERIES_DESCRIPTION).unwrap_or_default(),
            echo_s: seconds(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME, tags::ECHO_TIME),
            repetition_s: seconds(timing, tags::REPETITION_TIME, tags::REPETITION_TIME),
            inversion_s: seconds(tags::MR_MODIFIER_SEQUENCE, tags::INVERSION_TIMES, tags::INVERSION_TIME),
            flip_angle_deg: groups.item(frame, timing).and_then(|item| value::f64(item, tags::FLIP_ANGLE)),
            echo_number: value::i64(header, tags::ECHO_NUMBERS),
            has_agent: top(tags::CONTRAST_BOLUS_AGENT).is_some(),
            ..Self::default()
        };
        facts.sequence_details = facts.sequence_name.clone();
        facts.is_planar = facts.scans("EP") || says(tags::ECHO_PLANAR_PULSE_SEQUENCE, "YES");
        facts.is_spin_echo = echo.map_or(facts.scans("SE"), |kind| kind == "SPIN" || kind == "BOTH");
        let weighted = weighting.and_then(|item| value::f64(item, tags::DIFFUSION_B_VALUE)).is_some_and(|b| b > 0.0);
        let contrast = facts.acquisition_contrast.as_deref() == Some("DIFFUSION");
        facts.image_type = image_type;
        facts.is_diffusion = weighted || contrast || {
            let mut words = facts.image_type.iter().chain(&facts.frame_type);
            words.any(|word| word == "DIFFUSION")
        };
        facts.part = Part::of(facts.component.as_deref(), facts.own_type(), &facts.unit);
        facts
    }
}
