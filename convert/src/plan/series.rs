//! One planned volume.

use std::collections::BTreeSet;

use isocenter_dcm::{PatientKey, scaling::Stated};
use isocenter_volume::{
    Frame, Geometry, Head, Meta, Rescale, SampleType, Scaling, SlowAxis, Unit,
    meta::{Padding, Pet},
};

use super::{
    even::Even,
    kin::Kin,
    samples,
    shot::{Image, Shot},
    stack::Stack,
    weights,
};
use crate::{
    Error, Facts, Options, Reason, Warning,
    facts::{Key, pet::PetFacts},
    options::PhilipsScaling,
};

/// One frame of one file, or one tile of it: what fills a plane of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct FrameRef {
    /// Index of the file among those planned.
    pub file: usize,
    /// The frame, from 0.
    pub frame: usize,
    /// The part of the frame that is the plane, where the frame is a mosaic.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub tile: Option<Tile>,
}

/// A tile of a mosaic; its size is that of the volume's planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Tile {
    /// The column and the row of the picture that it begins at.
    pub corner: [usize; 2],
    /// Columns and rows of the picture.
    pub picture: [usize; 2],
}

impl FrameRef {
    fn of(shot: &Shot<'_>) -> Self {
        let grid = shot.image.facts.tiles.mosaic().map(|mosaic| mosaic.grid);
        let tile = grid.map(|grid| Tile { corner: grid.corner(shot.tile), picture: grid.picture() });
        Self { file: shot.image.file, frame: shot.frame, tile }
    }
}

/// One volume to be: its frames in memory order, its grid, what its samples mean.
///
/// Identifiers stay inside for whoever maps them; `Debug` prints none of them.
///
/// With the feature `serde` it can be written and read again; what is read has frames for all planes, of files that it names.
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SeriesPlan {
    /// Whose it is.
    pub patient: PatientKey,
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
    /// Indices of the files among those planned, each once, in the order of their first frame.
    pub files: Vec<usize>,
    /// The frames: slices of the first step, then of the next.
    pub frames: Vec<FrameRef>,
    /// All of the volume but its samples: the grid (columns, rows, slices; LPS mm where the frame is the patient's), slow axes,
    /// scaling, PHI-free facts of the acquisition.
    pub head: Head,
    /// The attribute that orders the steps of the slow axes.
    pub ordered_by: Option<&'static str>,
    /// Type of the samples.
    pub sample_type: SampleType,
    /// What was decided.
    pub warnings: Vec<Warning>,
    /// Where the frames lie on the grid, where its slices are made of them.
    pub(crate) even: Option<Even>,
    /// What groups its frames and keeps others out, as names and values.
    pub(super) together: Vec<(&'static str, String)>,
    /// What else its series has.
    pub(crate) kin: Kin,
}

impl std::fmt::Debug for SeriesPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeriesPlan")
            .field("modality", &self.head.meta().modality)
            .field("files", &self.files.len())
            .field("frames", &self.frames.len())
            .field("shape", &self.head.shape())
            .field("slow_axes", &self.head.slow_axes())
            .field("ordered_by", &self.ordered_by)
            .field("sample_type", &self.sample_type)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// A volume that was planned, and where it comes in the plan.
pub(super) struct Built {
    pub(super) series: SeriesPlan,
    pub(super) rank: Rank,
}

/// Where a volume comes in the plan: patient, study, series number, what keeps it apart, its first frame.
pub(super) type Rank = (PatientKey, Option<String>, Option<i64>, Key, usize, usize);

/// The plan of a stack of placed frames.
pub(super) fn assemble(stack: Stack<'_>, options: &Options<'_>) -> Result<Built, Reason> {
    let first = *stack.frames.first().ok_or(Reason::NoPosition)?;
    let [columns, rows] = first.key.columns_rows();
    let frame = Frame::Patient(world_of(&stack.frames));
    let geometry = Geometry::new([columns, rows, stack.slices], stack.affine, frame).map_err(|_| Reason::BadGrid)?;
    // planes that are mixed must mean the same, and colours are not mixed
    let first_scaling = (first.rescale, first.precise);
    if stack.even.is_some() && stack.frames.iter().any(|frame| (frame.rescale, frame.precise) != first_scaling) {
        return Err(Reason::UnevenSpacing);
    }
    let mut built = build(&stack.frames, geometry, stack.axes, options)?;
    let plan = &mut built.series;
    if stack.even.is_some() && (plan.sample_type == SampleType::Rgb || plan.head.scaling().as_uniform().is_none()) {
        return Err(Reason::UnevenSpacing);
    }
    plan.even = stack.even;
    plan.ordered_by = stack.ordered_by;
    plan.warnings.extend(stack.warnings);
    Ok(built)
}

/// The Frame of Reference UID of frames, some of which may have lost it.
fn world_of(frames: &[Shot<'_>]) -> Option<String> {
    frames.iter().find_map(|frame| frame.key.frame_of_reference_uid.clone())
}

/// The plan of frames in memory order on a given grid.
pub(super) fn build(
    frames: &[Shot<'_>],
    geometry: Geometry,
    slow_axes: Vec<SlowAxis>,
    options: &Options<'_>,
) -> Result<Built, Reason> {
    let first = *frames.first().ok_or(Reason::NoPosition)?;
    let (mut seen, mut sources) = (BTreeSet::new(), Vec::<&Image<'_>>::new());
    for frame in frames {
        if seen.insert(frame.image.file) {
            sources.push(frame.image);
        }
    }
    let lead = first.image;
    let sample_type = samples::joint(sources.iter().map(|image| image.facts)).ok_or(Reason::InconsistentPixels)?;
    let mut axes: Vec<u64> = geometry.shape().iter().map(|&n| n as u64).collect();
    axes.extend(slow_axes.iter().map(|axis| axis.len() as u64));
    options.ctx.limits().check(&axes, sample_type.bytes() as u64).map_err(|_| Reason::Limit)?;

    let mut warnings = Vec::new();
    for warning in sources.iter().flat_map(|image| &image.facts.warnings) {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    warnings.sort_by_key(Warning::code);
    let mut meta = Meta::clone(&first.meta);
    if let Some(mr) = &mut meta.mr {
        mr.diffusion = weights::of_all(frames);
    }
    if weights::are_lost(frames, &slow_axes) {
        warnings.push(Warning::WeightingsDisagree);
    }
    let stored_padding = padding_of(sources.iter().map(|image| image.facts.padding));
    let scans = || sources.iter().filter_map(|image| Some((image.facts.pet.as_ref()?, image.facts.uid.as_str())));
    if let Some(scan) = PetFacts::earliest(scans()) {
        let mut pet = scan.pet.clone();
        // a factor that varies from slice to slice is none for the volume
        let agree = |factor: fn(&Pet) -> Option<f64>| scans().all(|(other, _)| factor(&other.pet) == factor(&scan.pet));
        pet.suv_per_count = pet.suv_per_count.filter(|_| agree(|p| p.suv_per_count));
        pet.bqml_per_count = pet.bqml_per_count.filter(|_| agree(|p| p.bqml_per_count));
        meta.pet = Some(pet);
        warnings.extend(scan.warnings.iter().cloned());
    }
    let stating = frames.iter().find(|frame| frame.stated == Stated::Whole).unwrap_or(&first);
    let noted = [("frames", frames.len()), ("files", sources.len())];
    let scaling = scaling_of(frames, stating.unit.clone(), options.philips);
    // where planes have scalings of their own, one stored value is many real ones
    let real = stored_padding.zip(scaling.as_uniform());
    meta.padding = real.map(|([low, high], pair)| Padding::new(pair.apply(low), pair.apply(high)));
    let head = Head::new(geometry).with_slow_axes(slow_axes).and_then(|head| head.with_scaling(scaling));
    let head = head.map_err(|_| Reason::BadGrid)?.with_meta(meta).noting("convert", noted);
    let key = &first.key.series;
    let rank = (
        lead.patient.clone(),
        key.study_uid.clone(),
        lead.facts.series_number,
        (*first.key).clone(),
        lead.rank,
        first.frame,
    );
    let series = SeriesPlan {
        patient: lead.patient.clone(),
        study_uid: key.study_uid.clone(),
        series_uid: lead.facts.series_uid.clone(),
        frame_of_reference_uid: world_of(frames),
        sop_class_uid: key.sop_class_uid.clone(),
        modality: key.modality.clone(),
        series_number: lead.facts.series_number,
        description: lead.facts.description.clone(),
        image_type: first.key.image_type.clone(),
        component: first.key.component.clone(),
        echo_number: first.key.echo_number,
        sop_instance_uids: sources.iter().map(|image| image.facts.uid.clone()).collect(),
        together: first.key.facts(),
        kin: Kin::default(),
        files: sources.iter().map(|image| image.file).collect(),
        frames: frames.iter().map(FrameRef::of).collect(),
        even: None,
        head,
        ordered_by: None,
        sample_type,
        warnings,
    };
    Ok(Built { series, rank })
}

/// What stored values become: by the rescale, or by the scanner's own scale, where each frame has one.
fn scaling_of(frames: &[Shot<'_>], unit: Unit, philips: PhilipsScaling) -> Scaling {
    let precise: Option<Vec<Rescale>> = frames.iter().map(|frame| frame.precise).collect();
    match precise.filter(|_| philips == PhilipsScaling::Precise) {
        Some(precise) => {
            // a map, whose scale is that of its rescale, keeps the unit
            let is_same = |(a, b): (&Rescale, &Shot<'_>)| (a.slope() / b.rescale.slope() - 1.0).abs() < SAME_SCALE;
            let unit = if precise.iter().zip(frames).all(is_same) { unit } else { Unit::Arbitrary };
            Scaling::per_plane(precise, unit)
        }
        None => Scaling::per_plane(frames.iter().map(|frame| frame.rescale).collect(), unit),
    }
}

/// Slopes nearer to each other than this share of them are one: a scale slope is written in single precision.
const SAME_SCALE: f64 = 1e-3;

/// The stored padding of all files together; none where a file states none, whose pixels may have that value.
fn padding_of(files: impl Iterator<Item = Option<[f64; 2]>>) -> Option<[f64; 2]> {
    let widest = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| Some([a?[0].min(b?[0]), a?[1].max(b?[1])]);
    files.reduce(widest).flatten()
}

impl SeriesPlan {
    /// What groups its frames and keeps others out, as names and values; none identifies a person.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        self.together.clone()
    }

    /// Whether its files are as they were planned, as far as their facts tell.
    pub(crate) fn check(&self, files: &[Facts]) -> Result<(), Error> {
        self.files.iter().try_for_each(|&file| match files.get(file).ok_or(Error::OtherFiles)?.refusal() {
            Some(reason) => Err(Error::NotAsPlanned { file, reason: reason.clone() }),
            None => Ok(()),
        })
    }

    /// Whether a file's pixels were compressed with loss.
    pub fn is_lossy(&self) -> bool {
        self.warnings.contains(&Warning::Lossy)
    }
}
