//! What two frames must share to lie in one volume.
//!
//! Whose a file is stands apart: that is told by all files together. Numbers are compared as whole thousandths, so that `81.7` and
//! `81.70` are one echo time. Identifiers stay in memory: neither type prints them.

use isocenter_dcm::{Dataset, FunctionalGroups, Instance, Tag, pixel::PixelInfo, tags, value};

use super::vendor;

/// Which series: the same for all frames of a file.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesKey {
    pub(crate) study_uid: Option<String>,
    /// Series Instance UID; where it is missing, `lone` holds the SOP Instance UID instead.
    pub(crate) series_uid: Option<String>,
    pub(crate) lone: Option<String>,
    pub(crate) frame_of_reference_uid: Option<String>,
    pub(crate) sop_class_uid: Option<String>,
    pub(crate) modality: Option<String>,
}

impl SeriesKey {
    pub(crate) fn of(instance: &Instance) -> Self {
        let ds = &instance.dataset;
        let series_uid = instance.series_instance_uid();
        Self {
            study_uid: instance.study_instance_uid(),
            lone: series_uid.is_none().then(|| instance.sop_instance_uid()).flatten(),
            series_uid,
            frame_of_reference_uid: value::string(ds, tags::FRAME_OF_REFERENCE_UID),
            sop_class_uid: instance.sop_class_uid(),
            modality: instance.modality(),
        }
    }
}

/// What keeps frames of one series apart: size, sample type, and facts of the acquisition that make images unlike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) series: std::sync::Arc<SeriesKey>,
    pub(crate) image_type: Vec<String>,
    pub(crate) component: Option<String>,
    pub(crate) echo_number: Option<i64>,
    echo_time: Option<i64>,
    repetition_time: Option<i64>,
    flip_angle: Option<i64>,
    tube_voltage: Option<i64>,
    kernel: Vec<String>,
    stack: Option<String>,
    unit: String,
    shape: [u16; 3],
    sample: (u16, bool, u8),
}

impl Key {
    pub(crate) fn of(
        instance: &Instance,
        groups: &FunctionalGroups<'_>,
        series: &std::sync::Arc<SeriesKey>,
        info: &PixelInfo,
        unit: &str,
        frame: usize,
    ) -> Self {
        let ds = &instance.dataset;
        let item = |sequence| groups.item(frame, sequence);
        let milli = |holder: Option<&Dataset>, tag: Tag| holder.and_then(|h| value::f64(h, tag)).map(thousandths);
        let frame_type = FRAME_TYPES.iter().find_map(|&tag| groups.grouped(frame, tag));
        let echo = item(tags::MR_ECHO_SEQUENCE);
        let timing = item(tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE);
        let top = (!groups.is_enhanced()).then_some(ds);
        let component = frame_type
            .and_then(|h| value::string(h, tags::COMPLEX_IMAGE_COMPONENT))
            .or_else(|| value::string(ds, tags::COMPLEX_IMAGE_COMPONENT))
            .or_else(|| vendor::ge_component(ds));
        let image_type = frame_type.map(|h| value::strings(h, tags::FRAME_TYPE)).filter(|v| !v.is_empty());
        Self {
            series: series.clone(),
            image_type: image_type.unwrap_or_else(|| value::strings(ds, tags::IMAGE_TYPE)),
            component,
            echo_number: top.and_then(|h| value::i64(h, tags::ECHO_NUMBERS)),
            echo_time: milli(echo, tags::EFFECTIVE_ECHO_TIME).or_else(|| milli(top, tags::ECHO_TIME)),
            repetition_time: milli(timing, tags::REPETITION_TIME).or_else(|| milli(top, tags::REPETITION_TIME)),
            flip_angle: milli(timing, tags::FLIP_ANGLE).or_else(|| milli(top, tags::FLIP_ANGLE)),
            tube_voltage: milli(item(tags::CTX_RAY_DETAILS_SEQUENCE), tags::KVP),
            kernel: item(tags::CT_RECONSTRUCTION_SEQUENCE)
                .map(|h| value::strings(h, tags::CONVOLUTION_KERNEL))
                .unwrap_or_default(),
            stack: groups.grouped(frame, tags::FRAME_CONTENT_SEQUENCE).and_then(|h| value::string(h, tags::STACK_ID)),
            unit: unit.to_owned(),
            shape: [info.columns, info.rows, info.samples_per_pixel],
            sample: (info.bits_allocated, info.signed, info.photometric as u8),
        }
    }

    /// Columns - 1 and rows - 1: the index of the last pixel.
    pub(crate) fn size(&self) -> [f64; 2] {
        [f64::from(self.shape[0]) - 1.0, f64::from(self.shape[1]) - 1.0]
    }

    /// Columns and rows.
    pub(crate) fn columns_rows(&self) -> [usize; 2] {
        [usize::from(self.shape[0]), usize::from(self.shape[1])]
    }
}

fn thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}

const FRAME_TYPES: [Tag; 3] =
    [tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::PET_FRAME_TYPE_SEQUENCE];
