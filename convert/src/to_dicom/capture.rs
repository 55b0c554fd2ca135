//! Secondary captures: pictures, gray or in colour, with a place in a patient or without.
//!
//! Source: DICOM PS3.3 A.8; C.8.6.1 (equipment), C.8.6.2 (image), C.8.6.3, C.8.6.4 (multi-frame).

use isocenter_dcm::{Dataset, tags};

use super::{
    classic, common,
    error::Error,
    job::{Job, Place},
    pixels::Form,
    put,
};

/// The object of one plane.
pub(super) fn single(job: &Job<'_>, place: Place) -> Result<Dataset, Error> {
    let mut ds = common::object(job, place.number, job.kind.sop_class_uid(), Some(place))?;
    header(job, &mut ds);
    if job.volume.geometry().frame().is_patient() {
        classic::plane(job, &mut ds, place);
    } else {
        put::numbers(&mut ds, tags::PIXEL_SPACING, &job.grid.spacing);
    }
    let step = job.steps.step(place.step);
    if let Some((index, _)) = step.time {
        put::count(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, index + 1);
    }
    if let Some(index) = step.acquisition {
        put::count(&mut ds, tags::ACQUISITION_NUMBER, index + 1);
    }
    if job.pixels.form != Form::Colour && !job.pixels.of_plane(place.plane).is_identity() {
        common::rescale(job, &mut ds, place.plane, Some(&common::rescale_type(job)));
    }
    common::finished(job, ds, place)
}

/// All planes as the frames of one object.
pub(super) fn multi(job: &Job<'_>) -> Result<Dataset, Error> {
    let class = match job.pixels.form {
        Form::Byte => "1.2.840.10008.5.1.4.1.1.7.2",
        Form::Colour => "1.2.840.10008.5.1.4.1.1.7.4",
        _ => "1.2.840.10008.5.1.4.1.1.7.3",
    };
    let is_plain = job.pixels.form == Form::Colour || job.pixels.is_uniform() && job.pixels.of_plane(0).is_identity();
    if !is_plain || job.pixels.form == (Form::Word { signed: true }) {
        // the class knows slope 1 and intercept 0 and no sign
        return Err(Error::SampleType { kind: job.kind, found: job.volume.sample_type() });
    }
    let planes: Vec<usize> = job.places().map(|place| place.plane).collect();
    let mut ds = common::object(job, 0, class, None)?;
    header(job, &mut ds);
    put::numbers(&mut ds, tags::PIXEL_SPACING, &job.grid.spacing);
    put::count(&mut ds, tags::NUMBER_OF_FRAMES, planes.len());
    if planes.len() > 1 {
        put::pointer(&mut ds, tags::FRAME_INCREMENT_POINTER, tags::PAGE_NUMBER_VECTOR);
        let pages: Vec<String> = (1..=planes.len()).map(|n| n.to_string()).collect();
        put::text(&mut ds, tags::PAGE_NUMBER_VECTOR, pages.join("\\"));
    }
    if job.pixels.form != Form::Colour {
        put::text(&mut ds, tags::PRESENTATION_LUT_SHAPE, "IDENTITY");
        put::text(&mut ds, tags::RESCALE_INTERCEPT, "0");
        put::text(&mut ds, tags::RESCALE_SLOPE, "1");
        put::text(&mut ds, tags::RESCALE_TYPE, "US");
    }
    let sources = common::source_images(job, None);
    if !sources.is_empty() {
        put::items(&mut ds, tags::SOURCE_IMAGE_SEQUENCE, sources);
    }
    common::rest_of_template(job, &mut ds);
    common::pixels(job, &mut ds, &planes)?;
    Ok(ds)
}

fn header(job: &Job<'_>, ds: &mut Dataset) {
    put::text(ds, tags::CONVERSION_TYPE, "SYN");
    put::text(ds, tags::IMAGE_TYPE, "DERIVED\\SECONDARY");
    job.carry_or_empty(ds, &[tags::PATIENT_ORIENTATION], None);
}
