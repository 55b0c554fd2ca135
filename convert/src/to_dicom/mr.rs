//! Attributes of an MR acquisition, classic.
//!
//! Source: DICOM PS3.3 C.8.3.1 (MR image); C.8.13.5.9 (diffusion, also used at the top level of classic images).

use isocenter_dcm::{Dataset, tags};

use super::{
    common,
    job::{Job, Place},
    lists, put,
    steps::Role,
};

pub(super) fn classic(job: &Job<'_>, ds: &mut Dataset, place: Place) {
    put::text(ds, tags::IMAGE_TYPE, common::image_type(job, Some(place), &["OTHER"]).join("\\"));
    if !job.pixels.of_plane(place.plane).is_identity() || !job.pixels.is_uniform() {
        common::rescale(job, ds, place.plane, Some(&common::rescale_type(job)));
    }
    let known = job.volume.meta().mr.clone().unwrap_or_default();
    let step = job.steps.step(place.step);
    if let Some((index, seconds)) = step.echo {
        put::numbers(ds, tags::ECHO_TIME, &[seconds * 1e3]);
        put::count(ds, tags::ECHO_NUMBERS, index + 1);
    }
    let in_ms = |seconds: Option<f64>| seconds.map(|s| s * 1e3);
    for (tag, number) in [
        (tags::REPETITION_TIME, in_ms(known.repetition_time_s)),
        (tags::ECHO_TIME, in_ms(known.echo_time_s)),
        (tags::INVERSION_TIME, in_ms(known.inversion_time_s)),
        (tags::FLIP_ANGLE, known.flip_angle_deg),
        (tags::MAGNETIC_FIELD_STRENGTH, known.field_strength_t),
    ] {
        job.carry(ds, &[tag], Some(place));
        if let Some(number) = number.filter(|_| ds.get(tag).is_none()) {
            put::numbers(ds, tag, &[number]);
        }
    }
    job.carry(ds, &[tags::SCANNING_SEQUENCE], Some(place));
    if let Some(sequence) = known.scanning_sequence.filter(|_| ds.get(tags::SCANNING_SEQUENCE).is_none()) {
        put::text(ds, tags::SCANNING_SEQUENCE, sequence);
    }
    job.carry_or_assume(ds, tags::SCANNING_SEQUENCE, "RM", Some(place));
    job.carry_or_assume(ds, tags::SEQUENCE_VARIANT, "NONE", Some(place));
    let two = [
        tags::SCAN_OPTIONS,
        tags::MR_ACQUISITION_TYPE,
        tags::ECHO_TRAIN_LENGTH,
        tags::ECHO_TIME,
        tags::REPETITION_TIME,
    ];
    job.carry_or_empty(ds, &two, Some(place));
    job.carry(ds, &lists::MR_3, Some(place));
    // it goes with inversion recovery alone
    if !isocenter_dcm::value::strings(ds, tags::SCANNING_SEQUENCE).iter().any(|word| word == "IR") {
        ds.remove_element(tags::INVERSION_TIME);
    }
    job.carry(ds, &[tags::ECHO_NUMBERS, tags::TRIGGER_TIME], Some(place));
    if let Some((b, direction)) = step.weight {
        weighting(ds, b, direction);
    }
    if let Some([first, second]) = job.steps.axis(Role::Time).and_then(|axis| {
        let seconds = axis.numbers(&isocenter_volume::Quantity::Time)?;
        Some([*seconds.first()?, *seconds.get(1)?])
    }) {
        put::numbers(ds, tags::TEMPORAL_RESOLUTION, &[(second - first).abs() * 1e3]);
    }
}

/// The weighting of a classic image.
fn weighting(ds: &mut Dataset, b: f64, direction: Option<[f64; 3]>) {
    put::numbers(ds, tags::DIFFUSION_B_VALUE, &[b]);
    if let Some(direction) = direction {
        put::numbers(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &direction);
    }
}
