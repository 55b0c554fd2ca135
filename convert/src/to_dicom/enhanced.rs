//! Enhanced CT, MR and PET images: one file, facts of frames in functional groups.
//!
//! Frames are derived, so the macros that describe an original acquisition do not apply.
//!
//! Source: DICOM PS3.3 A.36 (enhanced MR), A.38 (enhanced CT), A.56 (enhanced PET); C.8.13, C.8.15, C.8.22; C.8.16.2 (common image
//! description).

use isocenter_dcm::{Dataset, Tag, tags};

use super::{anatomy, common, error::Error, frames::Groups, job::Job, kind::Branch, pet, put};

pub(super) fn object(job: &Job<'_>) -> Result<Dataset, Error> {
    let mut ds = common::object(job, 0, job.kind.sop_class_uid(), None)?;
    let words = type_words(job);
    put::text(&mut ds, tags::IMAGE_TYPE, words.join("\\"));
    description(job, &mut ds);
    put::text(&mut ds, tags::PRESENTATION_LUT_SHAPE, "IDENTITY");
    put::items(&mut ds, tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
    job.carry_or_assume(&mut ds, tags::CONTENT_QUALIFICATION, "RESEARCH", None);
    if ds.get(tags::ACQUISITION_DATE_TIME).is_none()
        && let Some(moment) = moment(job)
    {
        put::text(&mut ds, tags::ACQUISITION_DATE_TIME, moment);
    }
    let mut groups = Groups::of(job);
    put::item(&mut groups.shared, frame_type(job.kind.branch()), |item| {
        put::text(item, tags::FRAME_TYPE, words.join("\\"));
        description(job, item);
    });
    anatomy::put(job, &mut groups.shared);
    let rescale_type = common::rescale_type(job);
    groups.scaling(job, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, |item, plane| {
        common::rescale(job, item, plane, Some(&rescale_type));
    });
    match job.kind.branch() {
        Branch::Mr => mr(job, &mut ds, &mut groups),
        Branch::Pet => pet::enhanced(job, &mut ds, &mut groups.shared)?,
        _ => irradiation(job, &mut groups.shared),
    }
    common::evidence(job, &mut ds);
    common::referenced_series(job, &mut ds);
    common::rest_of_template(job, &mut ds);
    groups.finish(job, &mut ds)?;
    Ok(ds)
}

/// The functional group that says what a frame is.
pub(super) const fn frame_type(branch: Branch) -> Tag {
    match branch {
        Branch::Mr => tags::MR_IMAGE_FRAME_TYPE_SEQUENCE,
        Branch::Pet => tags::PET_FRAME_TYPE_SEQUENCE,
        _ => tags::CT_IMAGE_FRAME_TYPE_SEQUENCE,
    }
}

fn type_words(job: &Job<'_>) -> [&'static str; 4] {
    let diffusion = job.kind.branch() == Branch::Mr && job.steps.step(0).weight.is_some();
    ["DERIVED", "PRIMARY", if diffusion { "DIFFUSION" } else { "VOLUME" }, "OTHER"]
}

/// The common image description macro.
pub(super) fn description(job: &Job<'_>, ds: &mut Dataset) {
    put::text(ds, tags::PIXEL_PRESENTATION, "MONOCHROME");
    put::text(ds, tags::VOLUMETRIC_PROPERTIES, "VOLUME");
    put::text(ds, tags::VOLUME_BASED_CALCULATION_TECHNIQUE, "NONE");
    if job.kind.branch() == Branch::Mr {
        let component = job.source.string(tags::COMPLEX_IMAGE_COMPONENT, None);
        put::text(ds, tags::COMPLEX_IMAGE_COMPONENT, component.unwrap_or_else(|| "MAGNITUDE".to_owned()));
        let contrast = if job.steps.step(0).weight.is_some() { "DIFFUSION" } else { "UNKNOWN" };
        put::text(ds, tags::ACQUISITION_CONTRAST, contrast);
    }
}

/// When the first of the reference's images was acquired, as a date and time.
fn moment(job: &Job<'_>) -> Option<String> {
    if let Some(moment) = job.source.string(tags::ACQUISITION_DATE_TIME, None) {
        return Some(moment);
    }
    let first = (!job.source.instances().is_empty()).then_some(0);
    let date = job.source.string(tags::ACQUISITION_DATE, first)?;
    Some(format!("{date}{}", job.source.string(tags::ACQUISITION_TIME, first)?))
}

fn mr(job: &Job<'_>, ds: &mut Dataset, groups: &mut Groups) {
    let stated = [
        tags::RESONANT_NUCLEUS,
        tags::K_SPACE_FILTERING,
        tags::MAGNETIC_FIELD_STRENGTH,
        tags::APPLICABLE_SAFETY_STANDARD_AGENCY,
    ];
    job.carry(ds, &stated, None);
    job.carry_or_assume(ds, tags::APPLICABLE_SAFETY_STANDARD_AGENCY, "IEC", None);
    let known = job.volume.meta().mr.as_ref();
    if let Some(tesla) =
        known.and_then(|mr| mr.field_strength_t).filter(|_| ds.get(tags::MAGNETIC_FIELD_STRENGTH).is_none())
    {
        put::numbers(ds, tags::MAGNETIC_FIELD_STRENGTH, &[tesla]);
    }
    for (group, place) in groups.frames.iter_mut().zip(job.places()) {
        let step = job.steps.step(place.step);
        if let Some((_, seconds)) = step.echo {
            put::item(group, tags::MR_ECHO_SEQUENCE, |item| {
                put::numbers(item, tags::EFFECTIVE_ECHO_TIME, &[seconds * 1e3]);
            });
        }
    }
    weightings(job, groups);
    let milliseconds = known.and_then(|mr| mr.echo_time_s).map(|s| s * 1e3);
    let echo = milliseconds.or_else(|| job.source.number(tags::ECHO_TIME, None));
    let has_echo = groups.frames.iter().any(|group| group.get(tags::MR_ECHO_SEQUENCE).is_some());
    if let Some(ms) = echo.filter(|_| !has_echo) {
        put::item(&mut groups.shared, tags::MR_ECHO_SEQUENCE, |item| {
            put::numbers(item, tags::EFFECTIVE_ECHO_TIME, &[ms]);
        });
    }
}

/// The diffusion macros of the frames that are weighted.
pub(super) fn weightings(job: &Job<'_>, groups: &mut Groups) {
    for (group, place) in groups.frames.iter_mut().zip(job.places()) {
        if let Some((b, direction)) = job.steps.step(place.step).weight {
            put::item(group, tags::MR_DIFFUSION_SEQUENCE, |item| weighting(item, b, direction));
        }
    }
}

/// The diffusion macro of a frame.
fn weighting(item: &mut Dataset, b: f64, direction: Option<[f64; 3]>) {
    put::numbers(item, tags::DIFFUSION_B_VALUE, &[b]);
    match direction {
        Some(direction) => {
            put::text(item, tags::DIFFUSION_DIRECTIONALITY, "DIRECTIONAL");
            put::item(item, tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE, |item| {
                put::numbers(item, tags::DIFFUSION_GRADIENT_ORIENTATION, &direction);
            });
        }
        None if b == 0.0 => put::text(item, tags::DIFFUSION_DIRECTIONALITY, "NONE"),
        None => {
            put::text(item, tags::DIFFUSION_DIRECTIONALITY, "ISOTROPIC");
        }
    }
}

/// Which irradiation the frames come from: the source's, or one of their own.
fn irradiation(job: &Job<'_>, shared: &mut Dataset) {
    put::item(shared, tags::IRRADIATION_EVENT_IDENTIFICATION_SEQUENCE, |item| {
        job.carry(item, &[tags::IRRADIATION_EVENT_UID], None);
        if item.get(tags::IRRADIATION_EVENT_UID).is_none() {
            put::text(item, tags::IRRADIATION_EVENT_UID, job.uids.of("irradiation event"));
        }
    });
}
