//! One frame: what groups it, where it lies, what orders it.

use std::sync::Arc;

use isocenter_dcm::{
    Dataset, FunctionalGroups, Instance, InstanceFrame, Tag, digest, dimension::Dimensions, plane::FramePlane,
    scaling::Stated, tags, value,
};
use isocenter_volume::{AxisKind, Meta, Rescale, Unit};

use super::{
    Key, clock,
    diffusion::{self, Weighting},
};

/// What the header says about one frame.
#[derive(Clone)]
pub(crate) struct FrameFacts {
    /// Shared by frames of one kind in a file.
    pub(crate) key: Arc<Key>,
    pub(crate) plane: Option<FramePlane>,
    pub(crate) rescale: Rescale,
    /// The scanner's own values, where the rescale is one for the display.
    pub(crate) precise: Option<Rescale>,
    /// How much of slope and intercept the header states.
    pub(crate) stated: Stated,
    pub(crate) unit: Unit,
    pub(crate) order: OrderFacts,
    /// Slice Thickness and Spacing Between Slices, mm, where positive.
    pub(crate) thickness_mm: Option<f64>,
    pub(crate) spacing_mm: Option<f64>,
    /// Facts of the acquisition, but those of a PET; shared by frames that agree.
    pub(crate) meta: Arc<Meta>,
}

/// Attributes that may say in which order frames of one position come.
#[derive(Clone, Default)]
pub(crate) struct OrderFacts {
    pub(crate) temporal_position: Option<f64>,
    pub(crate) dimension_index: Vec<f64>,
    /// Milliseconds since an event of the scan.
    pub(crate) frame_reference_ms: Option<f64>,
    pub(crate) acquisition_number: Option<f64>,
    pub(crate) diffusion: Weighting,
    /// What Philips numbers volumes of several weightings by.
    pub(crate) volume_numbers: Option<[f64; 2]>,
    /// Milliseconds since the trigger.
    pub(crate) trigger_ms: Option<f64>,
    pub(crate) cardiac_phase_percent: Option<f64>,
    /// Arterial spin labelling: 0 control, 1 label, 2 calibration.
    pub(crate) label: Option<f64>,
    pub(crate) instance_number: Option<f64>,
    /// Seconds, of the day or of an epoch.
    pub(crate) acquisition_s: Option<f64>,
    pub(crate) content_s: Option<f64>,
    /// Seconds since the first temporal position.
    pub(crate) temporal_offset_s: Option<f64>,
    /// A digest of what a classic image says of its acquisition in other words: group 0018 and makers' own elements.
    pub(crate) acquisition: u64,
}

impl OrderFacts {
    /// Whether both state the same of the acquisition; numbers that a sender counts, and the time of the object's making, aside.
    pub(crate) fn is_same_moment(&self, other: &Self) -> bool {
        let numbers = |facts: &Self| {
            [
                facts.temporal_position,
                facts.frame_reference_ms,
                facts.acquisition_number,
                facts.trigger_ms,
                facts.cardiac_phase_percent,
                facts.label,
                facts.acquisition_s,
                facts.temporal_offset_s,
            ]
        };
        numbers(self) == numbers(other)
            && self.diffusion == other.diffusion
            && (&self.dimension_index, self.acquisition) == (&other.dimension_index, other.acquisition)
    }

    /// What the header says of a frame that lies in a plane.
    pub(crate) fn of(
        instance: &Instance,
        groups: &FunctionalGroups<'_>,
        frame: usize,
        plane: Option<&FramePlane>,
    ) -> Self {
        let dataset = &instance.dataset;
        let acquisition = || instance.digest().unwrap_or_else(|| digest::of(dataset, &ACQUISITION_GROUPS));
        let content = groups.grouped(frame, tags::FRAME_CONTENT_SEQUENCE);
        let group = |sequence: Tag, tag: Tag| groups.grouped(frame, sequence).and_then(|h| value::f64(h, tag));
        let top = |tag: Tag| value::f64(dataset, tag);
        let in_content = |tag: Tag| content.and_then(|h| value::f64(h, tag));
        Self {
            temporal_position: in_content(tags::TEMPORAL_POSITION_INDEX)
                .or_else(|| top(tags::TEMPORAL_POSITION_IDENTIFIER)),
            dimension_index: content.map(|h| value::f64s(h, tags::DIMENSION_INDEX_VALUES)).unwrap_or_default(),
            frame_reference_ms: top(tags::FRAME_REFERENCE_TIME),
            acquisition_number: in_content(tags::FRAME_ACQUISITION_NUMBER).or_else(|| top(tags::ACQUISITION_NUMBER)),
            diffusion: Weighting::of(dataset, groups, frame, plane),
            volume_numbers: diffusion::philips_numbers(dataset, groups, frame),
            trigger_ms: group(tags::CARDIAC_SYNCHRONIZATION_SEQUENCE, tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME)
                .or_else(|| top(tags::TRIGGER_TIME)),
            cardiac_phase_percent: in_content(tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE)
                .or_else(|| top(tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE)),
            label: label(dataset, groups, frame),
            instance_number: top(tags::INSTANCE_NUMBER),
            acquisition_s: content
                .and_then(|h| clock::date_time(h, tags::FRAME_ACQUISITION_DATE_TIME, clock::zone(dataset)))
                .or_else(|| {
                    clock::moment(dataset, tags::ACQUISITION_DATE_TIME, tags::ACQUISITION_DATE, tags::ACQUISITION_TIME)
                })
                .map(clock::seconds),
            content_s: clock::time(dataset, tags::CONTENT_TIME).map(clock::seconds),
            temporal_offset_s: group(tags::TEMPORAL_POSITION_SEQUENCE, tags::TEMPORAL_POSITION_TIME_OFFSET),
            acquisition: if groups.is_enhanced() { 0 } else { acquisition() },
        }
    }
}

/// Group 0018, and the groups in which scanners (not archives) keep their own facts: Siemens, GE, Philips, United Imaging, Canon.
pub(super) const ACQUISITION_GROUPS: [u16; 12] =
    [0x0018, 0x0019, 0x0021, 0x0025, 0x0027, 0x0029, 0x0043, 0x0051, 0x0065, 0x2001, 0x2005, 0x700D];

/// The plane of a frame, directions made unit vectors; `None` where the file does not place it.
pub(crate) fn plane_of(frame: &InstanceFrame<'_>) -> Option<FramePlane> {
    sound(frame.plane()?)
}

/// A plane as stated, directions made unit vectors; `None` where they are no plane.
pub(crate) fn sound(mut plane: FramePlane) -> Option<FramePlane> {
    plane.row = unit(plane.row)?;
    plane.column = unit(plane.column)?;
    // A row along a column is no plane; text of four digits leaves 1e-4.
    let cosine = isocenter_volume::affine::dot(plane.row, plane.column);
    (cosine.abs() < 1e-2).then_some(plane)
}

/// Whether the header holds position, orientation and spacing of a frame, whatever they say.
pub(crate) fn states_a_place(dataset: &Dataset, groups: &FunctionalGroups<'_>, frame: usize) -> bool {
    let stated = |sequence: Tag, tag: Tag| {
        let holder = groups.item(frame, sequence).unwrap_or(dataset);
        value::string(holder, tag).is_some()
    };
    stated(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT)
        && stated(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT)
        && stated(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING)
}

fn unit(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = isocenter_volume::affine::norm(vector);
    // Directions are unit vectors by the standard; one that is far from it means something else.
    (0.9..1.1).contains(&length).then(|| vector.map(|v| v / length))
}

/// Whether blood was labelled: ASL Context, PS3.3 C.8.13.5.14, or the word of Philips in (2005,xx29).
fn label(dataset: &Dataset, groups: &FunctionalGroups<'_>, frame: usize) -> Option<f64> {
    let item = groups.grouped(frame, tags::MR_ARTERIAL_SPIN_LABELING_SEQUENCE);
    let word = item.and_then(|item| value::string(item, tags::ASL_CONTEXT)).or_else(|| {
        let tag = value::private_tag(dataset, 0x2005, "Philips MR Imaging DD 005", 0x29);
        value::string(dataset, tag.unwrap_or(Tag(0x2005, 0x1429)))
    });
    match word?.trim() {
        "CONTROL" => Some(0.0),
        "LABEL" | "LABELED" => Some(1.0),
        "M_ZERO_SCAN" => Some(2.0),
        _ => None,
    }
}

/// What each dimension of a multi-frame image counts, slowest first; none where the image names none, or not rightly.
pub(crate) fn dimensions(dataset: &Dataset) -> Vec<AxisKind> {
    let found = Dimensions::of(dataset).ok().flatten();
    found.iter().flat_map(Dimensions::dimensions).map(|dimension| kind_of(dimension.pointer.tag)).collect()
}

fn kind_of(tag: Tag) -> AxisKind {
    match tag {
        tags::TEMPORAL_POSITION_INDEX | tags::TEMPORAL_POSITION_TIME_OFFSET => AxisKind::Time,
        tags::DIFFUSION_B_VALUE | tags::DIFFUSION_GRADIENT_ORIENTATION => AxisKind::Diffusion,
        tags::EFFECTIVE_ECHO_TIME => AxisKind::Echo,
        tags::COMPLEX_IMAGE_COMPONENT => AxisKind::Part,
        tags::ASL_CONTEXT => AxisKind::Label,
        tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME | tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE => AxisKind::Phase,
        _ => AxisKind::Other("dimension-index".to_owned()),
    }
}
