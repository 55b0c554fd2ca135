//! Facts of a volume that its kind is told by: the standard's, and what makers keep in private elements.

use isocenter_dcm::{
    series_kind::{self, SeriesFacts},
    tags,
};

use super::super::{header::text_of, mr, sequence::Encoding, siemens::Siemens, subject::Subject};
use crate::facts::maker::Maker;
use crate::part::Part;

/// The facts.
pub(in crate::sidecar) fn of(subject: &Subject<'_>, protocol: &Siemens<'_>) -> SeriesFacts {
    let header = &subject.header;
    let series = subject.series;
    let encoding = Encoding::of(header);
    let name = header.string(tags::SEQUENCE_NAME).filter(|name| name.len() > 1);
    let name = name.or_else(|| header.string(tags::PULSE_SEQUENCE_NAME)).unwrap_or_default();
    let own = |element| header.private(0x0019, "GEMS_ACQU_01", element).and_then(text_of);
    let details = match header.maker {
        Some(Maker::Siemens) => Some(protocol.sequence()).filter(|text| text.len() > 1),
        Some(Maker::Ge) => Some(own(0x9E).or_else(|| own(0x9C)).unwrap_or_default()),
        _ => None,
    };
    let is_along = |axis: &isocenter_volume::SlowAxis| axis.kind() == &isocenter_volume::AxisKind::Diffusion;
    let single = protocol.number("lInvContrasts") == Some(1.0);
    let inversion = |key| protocol.seconds(key).filter(|s| *s > 0.0 && !single);

    let mut facts = SeriesFacts::of(header.top, subject.frame);
    facts.modality.clone_from(&header.modality);
    facts.maker = header.maker.map(|maker| match maker {
        Maker::Siemens => series_kind::Maker::Siemens,
        Maker::Ge => series_kind::Maker::Ge,
        Maker::Philips => series_kind::Maker::Philips,
        _ => series_kind::Maker::Other,
    });
    facts.frame_type = header.strings(tags::FRAME_TYPE);
    facts.component.clone_from(&series.component);
    series.head.scaling().unit().code().clone_into(&mut facts.unit);
    facts.part = if is_ge_field(subject) { Some(Part::FieldMap) } else { subject.part };
    facts.acquisition_contrast = header.string(tags::ACQUISITION_CONTRAST);
    facts.scanning = header.strings(tags::SCANNING_SEQUENCE);
    facts.variant = header.strings(tags::SEQUENCE_VARIANT);
    facts.sequence_details = details.unwrap_or_else(|| name.clone());
    facts.sequence_name = name;
    facts.pulse_sequence_name = header.string(tags::PULSE_SEQUENCE_NAME).unwrap_or_default();
    facts.description = header.string(tags::SERIES_DESCRIPTION).unwrap_or_default();
    facts.echo_s = mr::echo_s(header);
    facts.repetition_s = header.positive(tags::REPETITION_TIME).map(|ms| ms / 1e3);
    facts.inversion_s = mr::inversion_s(subject);
    facts.inversions_s = inversion("alTI[0]").zip(inversion("alTI[1]")).map(|(first, second)| [first, second]);
    facts.echo_number = series.echo_number;
    facts.echoes = protocol.positive("lContrasts").map_or(1, |n| n as usize);
    facts.is_multi_echo = subject.is_multi_echo;
    facts.is_diffusion |= series.head.slow_axes().iter().any(is_along)
        || header.positive(tags::DIFFUSION_B_VALUE).is_some()
        || facts.acquisition_contrast.as_deref() == Some("DIFFUSION")
        || facts.frame_type.iter().any(|kind| kind == "DIFFUSION");
    facts.is_spin_echo = encoding.is_spin_echo;
    facts.is_planar = encoding.is_planar;
    facts.is_functional = header.maker == Some(Maker::Philips)
        && subject.private(0x2005, "Philips MR Imaging DD 001", 0x63).is_some_and(|n| n >= 1.0);
    facts.is_field_map_sequence = subject.is_ge_field_map || subject.part == Some(Part::FieldMap);
    facts.has_agent = header.string(tags::CONTRAST_BOLUS_AGENT).is_some();
    facts.slices = Some(series.head.shape()[2]);
    facts.steps = Some(subject.steps());
    facts.has_other_planes = series.warnings.iter().any(|warning| warning.code() == "set-apart-by-plane");
    facts
}

/// GE tells a field map from its magnitude within a series, by numbers that mean nothing in a series of one kind.
fn is_ge_field(subject: &Subject<'_>) -> bool {
    subject.series.component.as_deref() == Some("ge-0-0") && subject.series.kin.has_component("ge-0-2")
}
