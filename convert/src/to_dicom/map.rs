//! Parametric maps: floats as they are, with the quantity that they are and its unit.
//!
//! Source: DICOM PS3.3 A.75; C.8.32 (parametric map image, frame type), C.7.6.16.2.11 (real world value mapping).

use isocenter_dcm::{Dataset, tags};

use super::{anatomy, code::Code, common, error::Error, frames::Groups, job::Job, put};

pub(super) fn object(job: &Job<'_>) -> Result<Dataset, Error> {
    let mut ds = common::object(job, 0, job.kind.sop_class_uid(), None)?;
    let words = "DERIVED\\PRIMARY\\VOLUME\\QUANTITY";
    put::text(&mut ds, tags::IMAGE_TYPE, words);
    put::text(&mut ds, tags::PRESENTATION_LUT_SHAPE, "IDENTITY");
    put::text(&mut ds, tags::RECOGNIZABLE_VISUAL_FEATURES, "NO");
    put::items(&mut ds, tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
    job.carry_or_assume(&mut ds, tags::CONTENT_QUALIFICATION, "RESEARCH", None);
    job.carry(&mut ds, &[tags::CONTENT_LABEL], None);
    if ds.get(tags::CONTENT_LABEL).is_none() {
        put::text(&mut ds, tags::CONTENT_LABEL, "MAP");
    }
    job.carry_or_empty(&mut ds, &[tags::CONTENT_DESCRIPTION, tags::CONTENT_CREATOR_NAME], None);
    let mut groups = Groups::of(job);
    put::item(&mut groups.shared, tags::PARAMETRIC_MAP_FRAME_TYPE_SEQUENCE, |item| {
        put::text(item, tags::FRAME_TYPE, words);
    });
    anatomy::put(job, &mut groups.shared);
    put::item(&mut groups.shared, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, |item| {
        put::text(item, tags::RESCALE_INTERCEPT, "0");
        put::text(item, tags::RESCALE_SLOPE, "1");
        put::text(item, tags::RESCALE_TYPE, "US");
    });
    put::item(&mut groups.shared, tags::FRAME_VOILUT_SEQUENCE, |item| {
        // all that is stored
        let [low, high] = job.pixels.span.unwrap_or([0.0, 1.0]);
        put::numbers(item, tags::WINDOW_CENTER, &[low + (high - low) / 2.0]);
        put::numbers(item, tags::WINDOW_WIDTH, &[if high > low { high - low } else { 1.0 }]);
    });
    groups.scaling(job, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, |item, plane| mapping(job, item, plane));
    common::referenced_series(job, &mut ds);
    common::rest_of_template(job, &mut ds);
    groups.finish(job, &mut ds)?;
    Ok(ds)
}

fn mapping(job: &Job<'_>, item: &mut Dataset, plane: usize) {
    let unit = job.words.unit.clone().unwrap_or_else(|| Code::of_unit(job.volume.scaling().unit()));
    unit.put(item, tags::MEASUREMENT_UNITS_CODE_SEQUENCE);
    put::text(item, tags::LUT_EXPLANATION, "Real values of the volume");
    put::text(item, tags::LUT_LABEL, "REAL");
    let pair = job.pixels.of_plane(plane);
    put::numbers(item, tags::REAL_WORLD_VALUE_INTERCEPT, &[pair.intercept()]);
    put::numbers(item, tags::REAL_WORLD_VALUE_SLOPE, &[pair.slope()]);
    let most = if job.pixels.bytes() == 4 { f64::from(f32::MAX) } else { f64::MAX };
    put::numbers(item, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, &[-most]);
    put::numbers(item, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED, &[most]);
    if let Some(quantity) = &job.words.quantity {
        put::item(item, tags::QUANTITY_DEFINITION_SEQUENCE, |item| {
            put::text(item, tags::VALUE_TYPE, "CODE");
            Code::fixed("246205007", "SCT", "Quantity").put(item, tags::CONCEPT_NAME_CODE_SEQUENCE);
            quantity.put(item, tags::CONCEPT_CODE_SEQUENCE);
        });
    }
}
