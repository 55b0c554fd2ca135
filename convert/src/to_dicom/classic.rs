//! Classic images: CT, MR and PET, a file for each plane.
//!
//! Source: DICOM PS3.3 A.3, A.4, A.21; C.7.6.2 (image plane), C.8.2.1 (CT), C.8.3.1 (MR), C.8.9.1 to C.8.9.4 (PET).

use isocenter_dcm::{Dataset, tags};

use super::{
    common,
    error::Error,
    job::{Job, Place},
    kind::Branch,
    lists, pet, put,
    steps::Role,
};

/// The object of one plane.
pub(super) fn object(job: &Job<'_>, place: Place) -> Result<Dataset, Error> {
    let mut ds = common::object(job, place.number, job.kind.sop_class_uid(), Some(place))?;
    job.carry(&mut ds, &lists::MOMENT_3, Some(place));
    plane(job, &mut ds, place);
    let step = job.steps.step(place.step);
    if let Some((index, _)) = step.time {
        put::count(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, index + 1);
        let positions = job.steps.axis(Role::Time).map_or(1, isocenter_volume::SlowAxis::len);
        put::count(&mut ds, tags::NUMBER_OF_TEMPORAL_POSITIONS, positions);
    }
    if let Some(index) = step.acquisition {
        put::count(&mut ds, tags::ACQUISITION_NUMBER, index + 1);
    }
    match job.kind.branch() {
        Branch::Ct => ct(job, &mut ds, place),
        Branch::Mr => super::mr::classic(job, &mut ds, place),
        Branch::Pet => pet::classic(job, &mut ds, place)?,
        Branch::Other => {}
    }
    common::finished(job, ds, place)
}

/// Where the plane lies.
pub(super) fn plane(job: &Job<'_>, ds: &mut Dataset, place: Place) {
    put::numbers(ds, tags::PIXEL_SPACING, &job.grid.spacing);
    put::numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &job.grid.orientation());
    put::numbers(ds, tags::IMAGE_POSITION_PATIENT, &job.grid.position(place.slice));
    let of_source = place.instance.and_then(|_| job.source.number(tags::SLICE_THICKNESS, place.instance));
    let thickness = of_source.filter(|mm| *mm > 0.0).unwrap_or(job.grid.distance_mm);
    put::numbers(ds, tags::SLICE_THICKNESS, &[thickness]);
    // a shifted stack claims no regular distance
    if job.grid.is_upright {
        put::numbers(ds, tags::SPACING_BETWEEN_SLICES, &[job.grid.distance_mm]);
    }
}

fn ct(job: &Job<'_>, ds: &mut Dataset, place: Place) {
    put::text(ds, tags::IMAGE_TYPE, common::image_type(job, Some(place), &["AXIAL"]).join("\\"));
    common::rescale(job, ds, place.plane, Some(&common::rescale_type(job)));
    let known = job.volume.meta().ct.as_ref();
    job.carry(ds, &[tags::KVP], Some(place));
    match known.and_then(|ct| ct.tube_voltage_kv).filter(|_| ds.get(tags::KVP).is_none()) {
        Some(kv) => put::numbers(ds, tags::KVP, &[kv]),
        None => job.carry_or_empty(ds, &[tags::KVP], Some(place)),
    }
    job.carry(ds, &lists::CT_3, Some(place));
    if ds.get(tags::ACQUISITION_NUMBER).is_none() {
        put::empty(ds, tags::ACQUISITION_NUMBER);
    }
}
