//! One image file: all its frames.

use std::sync::Arc;

use isocenter_dcm::{
    FunctionalGroups, Instance, InstanceFrame, PatientKey, PlainPixels, Tag, TransferSyntax,
    pixel::{Padding, Photometric, PixelInfo, SampleKind},
    scaling::{MappingFunction, Stated},
    tags, value,
};
use isocenter_volume::{AxisKind, Rescale, SampleType, Unit};

use super::{
    FrameFacts, Key, diffusion, frame, frame::OrderFacts, key::SeriesKey, meta, mosaic::Tiles, pet::PetFacts, triage,
    vendor,
};
use crate::{Reason, Warning};

/// What the header of an image file says about its frames.
#[derive(Clone)]
pub(crate) struct ImageFacts {
    /// SOP Instance UID.
    pub(crate) uid: String,
    /// Whose it is, as far as it alone tells.
    pub(crate) patient: PatientKey,
    /// Series Instance UID.
    pub(crate) series_uid: Option<String>,
    pub(crate) series_number: Option<i64>,
    pub(crate) description: Option<String>,
    /// Distance of rows, then of columns, of a picture without a place, mm.
    pub(crate) picture_mm: Option<[f64; 2]>,
    /// Whether a frame states where it lies, and no plane can be made of it.
    pub(crate) is_misplaced: bool,
    /// Whether its one frame shows slices as tiles, which the facts of the frame are those of.
    pub(crate) tiles: Tiles,
    pub(crate) is_cross_sectional: bool,
    pub(crate) pet: Option<PetFacts>,
    /// What each dimension of a multi-frame image is, slowest first.
    pub(crate) dimensions: Vec<AxisKind>,
    pub(crate) frames: Vec<FrameFacts>,
    pub(crate) sample_type: SampleType,
    /// Where its samples lie, where they are not coded.
    pub(crate) plain: Option<PlainPixels>,
    /// Bits that hold a sample.
    pub(crate) bits_stored: u16,
    /// Stored values that are padding, lowest and highest.
    pub(crate) padding: Option<[f64; 2]>,
    pub(crate) warnings: Vec<Warning>,
}

impl ImageFacts {
    /// Gathers the facts of the file of a SOP Instance UID, which has so many bytes.
    pub(crate) fn of(instance: &Instance, uid: String, bytes: u64) -> Result<Self, Reason> {
        let ds = &instance.dataset;
        let info = pixel_info(instance)?;
        let limit = instance.limits().frames;
        if info.frames as u64 > limit {
            return Err(Reason::Limit);
        }
        // a coded frame is a fragment at least, with a header of 8 bytes: fewer cannot be, whatever the header claims
        let coded = instance.transfer_syntax().is_ok_and(|syntax| syntax.is_encapsulated());
        if coded && info.frames as u64 > bytes / 8 {
            return Err(Reason::InconsistentPixels);
        }
        let sample_type = sample_type(&info)?;
        let series = Arc::new(SeriesKey::of(instance));
        let groups = FunctionalGroups::new(ds);
        let (tiles, first_tile) = Tiles::of(instance, &info);
        let is_map = instance.sop_class_uid().is_some_and(|uid| triage::is_parametric_map(&uid));
        let mut frames: Vec<FrameFacts> = Vec::new();
        for number in 0..info.frames {
            let frame = instance.frame(number)?;
            let (rescale, stated, unit) = rescale_of(&frame, &info, is_map)?;
            let measures = groups.item(number, tags::PIXEL_MEASURES_SEQUENCE);
            let positive = |tag| measures.and_then(|h| value::f64(h, tag)).map(f64::abs).filter(|mm| *mm > 0.0);
            let mut key = Key::of(instance, &groups, &series, &info, unit.code(), number);
            if let Some(mosaic) = tiles.mosaic() {
                key.cut(mosaic.grid);
            }
            let last = frames.last().map(|f| &f.key).filter(|last| ***last == key);
            let key = last.map_or_else(|| Arc::new(key), Arc::clone);
            let meta = meta::of_frame(ds, number);
            let last = frames.last().map(|f| &f.meta).filter(|last| ***last == meta);
            let plane = first_tile.or_else(|| frame::plane_of(&frame));
            let meta = last.map_or_else(|| Arc::new(meta), Arc::clone);
            frames.push(FrameFacts {
                key,
                plane,
                rescale,
                precise: vendor::philips_precise(ds, &groups, number, rescale),
                stated,
                unit,
                order: OrderFacts::of(instance, &groups, number, plane.as_ref()),
                thickness_mm: positive(tags::SLICE_THICKNESS),
                spacing_mm: positive(tags::SPACING_BETWEEN_SLICES),
                meta,
            });
        }
        frames.shrink_to_fit();
        let mut warnings = warnings(instance, &info);
        if tiles.mosaic().is_some_and(|mosaic| mosaic.is_assumed) {
            warnings.push(Warning::SliceDirectionAssumed);
        }
        if frames.first().is_some_and(|frame| diffusion::is_frame_assumed(ds, &frame.order.diffusion)) {
            warnings.push(Warning::GradientFrameAssumed);
        }
        let is_pet = frames.first().is_some_and(|frame| frame.meta.modality.as_deref() == Some("PT"));
        Ok(Self {
            uid,
            patient: PatientKey::of(ds),
            series_uid: instance.series_instance_uid(),
            series_number: value::i64(ds, tags::SERIES_NUMBER),
            description: value::string(ds, tags::SERIES_DESCRIPTION),
            picture_mm: SPACINGS.iter().find_map(|&tag| spacing(instance, tag)),
            is_misplaced: frames
                .iter()
                .enumerate()
                .any(|(n, f)| f.plane.is_none() && frame::states_a_place(ds, &groups, n)),
            tiles,
            is_cross_sectional: instance.sop_class_uid().is_some_and(|uid| triage::is_cross_sectional(&uid)),
            dimensions: frame::dimensions(ds),
            pet: is_pet.then(|| PetFacts::of(ds)),
            frames,
            sample_type,
            plain: PlainPixels::of(instance),
            bits_stored: info.bits_stored,
            // a padding value that is none says nothing of the pixels
            padding: Padding::of(ds, &info)
                .ok()
                .flatten()
                .map(|p| [p.low, p.high])
                .filter(|p| p.iter().all(|v| v.is_finite())),
            warnings,
        })
    }
}

/// Distance of rows, then of columns, mm.
fn spacing(instance: &Instance, tag: Tag) -> Option<[f64; 2]> {
    let found: [f64; 2] = value::f64s(&instance.dataset, tag).try_into().ok()?;
    found.iter().all(|mm| *mm > 0.0).then_some(found)
}

const SPACINGS: [Tag; 3] = [tags::PIXEL_SPACING, tags::IMAGER_PIXEL_SPACING, tags::NOMINAL_SCANNED_PIXEL_SPACING];

/// The image pixel module; floats are known by the element that holds them, which a header has not read.
fn pixel_info(instance: &Instance) -> Result<PixelInfo, Reason> {
    let bad = |error: isocenter_dcm::Error| Reason::BadPixels(error.reason());
    let mut info = PixelInfo::of(&instance.dataset).map_err(bad)?;
    (info.kind, info.bits_allocated) = match instance.pixel_element().map(|element| element.tag) {
        Some(tags::FLOAT_PIXEL_DATA) => (SampleKind::Float, 32),
        Some(tags::DOUBLE_FLOAT_PIXEL_DATA) => (SampleKind::Double, 64),
        _ => return Ok(info),
    };
    (info.bits_stored, info.high_bit) = (info.bits_allocated, info.bits_allocated - 1);
    Ok(info)
}

/// The type that the samples have when they are decoded.
pub(crate) fn sample_type(info: &PixelInfo) -> Result<SampleType, Reason> {
    if !info.photometric.is_monochrome() {
        let narrow = info.photometric == Photometric::Palette || info.bits_allocated == 8;
        return if narrow { Ok(SampleType::Rgb) } else { Err(Reason::BadPixels("unsupported-pixels")) };
    }
    Ok(match (info.kind, info.bits_allocated, info.signed) {
        (SampleKind::Float, ..) => SampleType::F32,
        (SampleKind::Double, ..) => SampleType::F64,
        (_, 0..=8, false) => SampleType::U8,
        (_, 0..=8, true) => SampleType::I8,
        (_, 9..=16, false) => SampleType::U16,
        (_, 9..=16, true) => SampleType::I16,
        (_, 17..=32, false) => SampleType::U32,
        (_, 17..=32, true) => SampleType::I32,
        _ => return Err(Reason::BadPixels("unsupported-pixels")),
    })
}

fn rescale_of(frame: &InstanceFrame<'_>, info: &PixelInfo, is_map: bool) -> Result<(Rescale, Stated, Unit), Reason> {
    if !info.photometric.is_monochrome() {
        return Ok((Rescale::IDENTITY, Stated::Nothing, Unit::Arbitrary));
    }
    if is_map {
        return mapping_of(frame);
    }
    let facts = frame.scaling().map_err(|_| Reason::BadRescale)?;
    if facts.modality_lut {
        return Err(Reason::ModalityLut);
    }
    let rescale = facts.rescale().map_err(|_| Reason::BadRescale)?;
    Ok((rescale, facts.stated, unit_of(facts.unit)))
}

/// The first linear mapping of a parametric map; its values without one are none of a quantity.
fn mapping_of(frame: &InstanceFrame<'_>) -> Result<(Rescale, Stated, Unit), Reason> {
    let mappings = frame.real_world_mappings().map_err(|_| Reason::BadRescale)?;
    let linear = mappings.into_iter().find_map(|mapping| match mapping.function {
        MappingFunction::Linear { slope, intercept } => Some((slope, intercept, mapping.unit)),
        _ => None,
    });
    let (slope, intercept, unit) = linear.ok_or(Reason::BadRescale)?;
    let unit = match unit.as_deref() {
        None | Some("1") => Unit::Arbitrary,
        Some("[hnsf'U]") => Unit::Hu,
        Some("Bq/ml") => Unit::BqPerMl,
        Some("{counts}") => Unit::Counts,
        Some("g/ml{SUVbw}" | "{SUVbw}g/ml") => Unit::SuvBw,
        Some(other) => unit_of(Unit::Other(other.to_owned())),
    };
    let rescale = Rescale::new(slope, intercept).map_err(|_| Reason::BadRescale)?;
    Ok((rescale, Stated::Whole, unit))
}

/// What real values are counted in. A word that is the file's own is kept only where it is plainly a unit.
fn unit_of(found: Unit) -> Unit {
    match found {
        Unit::Other(word) if !is_plain(&word) && !UPTAKE.contains(&word.as_str()) => Unit::Arbitrary,
        unit => unit,
    }
}

/// Uptake values by lean mass, in the words of PS3.16 CID 85: longer than a file's own word may be.
const UPTAKE: [&str; 2] = ["g/ml{SUVlbm(James128)}", "g/ml{SUVlbm(Janma)}"];

fn is_plain(word: &str) -> bool {
    word.len() <= 16 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"/%^.*_-{}[]' ".contains(&b))
}

fn warnings(instance: &Instance, info: &PixelInfo) -> Vec<Warning> {
    let mut found: Vec<_> = instance.warnings.iter().map(|w| Warning::Repaired { code: w.code() }).collect();
    if instance.series_instance_uid().is_none() {
        found.push(Warning::NoSeriesUid);
    }
    if info.photometric == Photometric::Monochrome1 {
        found.push(Warning::Monochrome1);
    }
    let lossy = value::string(&instance.dataset, tags::LOSSY_IMAGE_COMPRESSION).as_deref() == Some("01");
    if lossy || TransferSyntax::is_lossy(&instance.meta.transfer_syntax_uid) {
        found.push(Warning::Lossy);
    }
    found
}
