//! One planned volume.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{tags, value};
use isocenter_volume::{Frame, Geometry, Meta, SampleType, Scaling, SlowAxis};

use super::{Image, PlanOptions, Rank, stack::Stack};
use crate::{Reason, Warning, facts::FrameFacts, facts::meta};

/// One frame of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameRef {
    /// Index of the file among those scanned.
    pub file: usize,
    /// The frame, from 0.
    pub frame: usize,
}

/// One volume to be: its frames in memory order, its grid, what its samples mean.
///
/// Identifiers stay inside for whoever maps them; `Debug` prints none of them.
#[derive(Clone)]
#[non_exhaustive]
pub struct SeriesPlan {
    /// Patient ID (0010,0020).
    pub patient_id: Option<String>,
    /// Issuer of Patient ID (0010,0021).
    pub issuer: Option<String>,
    /// Study Instance UID.
    pub study_uid: Option<String>,
    /// Series Instance UID.
    pub series_uid: Option<String>,
    /// Frame of Reference UID.
    pub frame_of_reference_uid: Option<String>,
    /// SOP Class UID.
    pub sop_class_uid: Option<String>,
    /// Modality, such as `MR`.
    pub modality: Option<String>,
    /// Series Number.
    pub series_number: Option<i64>,
    /// Series Description, free text.
    pub description: Option<String>,
    /// Image Type, or the Frame Type of an enhanced image.
    pub image_type: Vec<String>,
    /// Complex Image Component, or a maker's equivalent.
    pub component: Option<String>,
    /// Echo Number, where the header has one.
    pub echo_number: Option<i64>,
    /// SOP Instance UIDs, in the order of `files`.
    pub sop_instance_uids: Vec<String>,
    /// Indices of the files among those scanned, each once, in the order of their first frame.
    pub files: Vec<usize>,
    /// The frames: slices of the first step, then of the next.
    pub frames: Vec<FrameRef>,
    /// The grid: columns, rows, slices; LPS mm where the frame is the patient's.
    pub geometry: Geometry,
    /// The slow axes, at most one yet.
    pub slow_axes: Vec<SlowAxis>,
    /// The attribute that orders the steps of the slow axis.
    pub ordered_by: Option<&'static str>,
    /// From stored to real values.
    pub scaling: Scaling,
    /// Type of the samples.
    pub sample_type: SampleType,
    /// PHI-free facts of the acquisition.
    pub meta: Meta,
    /// What was decided.
    pub warnings: Vec<Warning>,
    pub(crate) rank: Rank,
}

impl std::fmt::Debug for SeriesPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeriesPlan")
            .field("modality", &self.meta.modality)
            .field("files", &self.files.len())
            .field("frames", &self.frames.len())
            .field("shape", &self.geometry.shape())
            .field("slow_axes", &self.slow_axes)
            .field("ordered_by", &self.ordered_by)
            .field("sample_type", &self.sample_type)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// The plan of a stack of placed frames.
pub(super) fn assemble(
    stack: Stack<'_>,
    images: &BTreeMap<usize, &Image<'_>>,
    options: &PlanOptions,
) -> Result<SeriesPlan, Reason> {
    let first = *stack.frames.first().ok_or(Reason::NoPosition)?;
    let [columns, rows] = first.key.columns_rows();
    let frame = Frame::Patient(first.key.series.frame_of_reference_uid.clone());
    let geometry = Geometry::new([columns, rows, stack.slices], stack.affine, frame).map_err(|_| Reason::BadGrid)?;
    let axes = stack.axis.into_iter().collect();
    let mut plan = build(&stack.frames, images, geometry, axes, options)?;
    plan.ordered_by = stack.ordered_by;
    plan.warnings.extend(stack.warnings);
    Ok(plan)
}

/// The plan of frames in memory order on a given grid.
pub(super) fn build(
    frames: &[&FrameFacts],
    images: &BTreeMap<usize, &Image<'_>>,
    geometry: Geometry,
    slow_axes: Vec<SlowAxis>,
    options: &PlanOptions,
) -> Result<SeriesPlan, Reason> {
    let first = *frames.first().ok_or(Reason::NoPosition)?;
    let (mut seen, mut files) = (BTreeSet::new(), Vec::new());
    for frame in frames {
        if seen.insert(frame.file) {
            files.push(frame.file);
        }
    }
    let sources: Vec<&Image<'_>> = files.iter().filter_map(|file| images.get(file).copied()).collect();
    let lead = *sources.first().ok_or(Reason::NoPosition)?;
    let sample_type = lead.facts.sample_type;
    let mut axes: Vec<u64> = geometry.shape().iter().map(|&n| n as u64).collect();
    axes.extend(slow_axes.iter().map(|axis| axis.len() as u64));
    options.volume_limits.check(&axes, sample_type.bytes() as u64).map_err(|_| Reason::Limit)?;

    let mut warnings = Vec::new();
    for warning in sources.iter().flat_map(|image| &image.facts.warnings) {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    warnings.sort_by_key(Warning::code);
    let datasets: Vec<_> = sources.iter().map(|image| &image.instance.dataset).collect();
    let meta = meta::meta(&datasets, first.frame, &mut warnings);
    let ds = &lead.instance.dataset;
    let key = &first.key.series;
    Ok(SeriesPlan {
        patient_id: key.patient_id.clone(),
        issuer: key.issuer.clone(),
        study_uid: key.study_uid.clone(),
        series_uid: key.series_uid.clone(),
        frame_of_reference_uid: key.frame_of_reference_uid.clone(),
        sop_class_uid: key.sop_class_uid.clone(),
        modality: key.modality.clone(),
        series_number: value::i64(ds, tags::SERIES_NUMBER),
        description: value::string(ds, tags::SERIES_DESCRIPTION),
        image_type: first.key.image_type.clone(),
        component: first.key.component.clone(),
        echo_number: first.key.echo_number,
        sop_instance_uids: sources.iter().map(|image| image.uid.clone()).collect(),
        rank: (
            key.patient_id.clone(),
            key.study_uid.clone(),
            value::i64(ds, tags::SERIES_NUMBER),
            (*first.key).clone(),
            lead.rank,
            first.frame,
        ),
        files,
        frames: frames.iter().map(|f| FrameRef { file: f.file, frame: f.frame }).collect(),
        geometry,
        slow_axes,
        ordered_by: None,
        scaling: Scaling::per_plane(frames.iter().map(|f| f.rescale).collect(), first.unit.clone()),
        sample_type,
        meta,
        warnings,
    })
}

impl SeriesPlan {
    /// Whether a file's pixels were compressed with loss.
    pub fn is_lossy(&self) -> bool {
        self.warnings.contains(&Warning::Lossy)
    }
}
