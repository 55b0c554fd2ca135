//! Enhanced MR: all planes in one multi-frame image, with shared and per-frame functional groups (PS3.3 A.36).

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};

use super::{Context, Header, person::time_of, single::Protocol, uid::uid};
use crate::Contrast;

/// The data set of a whole volume; `frames` names the plane of every frame, in the order of storing.
pub(crate) fn enhanced(ctx: &Context<'_>, frames: &[usize], instance_number: u32, sop_uid: &str) -> Header {
    let mut header = ctx.modules(uids::ENHANCED_MR_IMAGE_STORAGE, sop_uid);
    let date = ctx.study.date.as_str();
    let organization = uid(ctx.study.stream.fork(ctx.series_uid), &["dimensions"]);
    let began = format!("{date}{}", time_of(ctx.seconds + 5));
    header
        .put(tags::INSTANCE_NUMBER, instance_number.to_string())
        .put(tags::ACQUISITION_NUMBER, "1")
        .put(tags::ACQUISITION_DATE_TIME, began.as_str())
        .doubles(tags::ACQUISITION_DURATION, &[284.0])
        .put(tags::CONTENT_DATE, date)
        .put(tags::CONTENT_TIME, time_of(ctx.seconds + 5))
        .put(tags::NUMBER_OF_FRAMES, frames.len().to_string())
        .put(tags::PRESENTATION_LUT_SHAPE, "IDENTITY")
        .put(tags::LOSSY_IMAGE_COMPRESSION, "00")
        .put(tags::BURNED_IN_ANNOTATION, "NO")
        .put(tags::CONTENT_QUALIFICATION, "PRODUCT")
        .put(tags::RESONANT_NUCLEUS, "1H")
        .put(tags::K_SPACE_FILTERING, "NONE")
        .decimals(tags::MAGNETIC_FIELD_STRENGTH, &[3.0])
        .put(tags::APPLICABLE_SAFETY_STANDARD_AGENCY, "IEC")
        .sequence(tags::ACQUISITION_CONTEXT_SEQUENCE, vec![]);
    description(ctx, &mut header, tags::IMAGE_TYPE);
    pulse_sequence(ctx, &mut header);
    ctx.image_pixel(&mut header);
    let mut own = Header::default();
    own.put(tags::DIMENSION_ORGANIZATION_UID, organization.as_str());
    let index = |pointer: Tag, group: Tag| {
        let mut item = Header::default();
        item.tag(tags::DIMENSION_INDEX_POINTER, pointer)
            .tag(tags::FUNCTIONAL_GROUP_POINTER, group)
            .put(tags::DIMENSION_ORGANIZATION_UID, organization.as_str());
        item
    };
    header
        .sequence(tags::DIMENSION_ORGANIZATION_SEQUENCE, vec![own])
        .sequence(
            tags::DIMENSION_INDEX_SEQUENCE,
            vec![
                index(tags::STACK_ID, tags::FRAME_CONTENT_SEQUENCE),
                index(tags::IN_STACK_POSITION_NUMBER, tags::FRAME_CONTENT_SEQUENCE),
            ],
        )
        .sequence(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared(ctx)])
        .sequence(
            tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
            frames.iter().map(|&plane| per_frame(ctx, plane, &began)).collect(),
        );
    let mut words = Vec::with_capacity(frames.len() * ctx.stored.plane(0).len());
    for &plane in frames {
        words.extend_from_slice(ctx.stored.plane(plane));
    }
    header.pixels(words);
    header
}

/// Image Type or Frame Type, and what goes with it.
fn description(ctx: &Context<'_>, header: &mut Header, tag: Tag) {
    let contrast = match ctx.contrast {
        Contrast::T2 => "T2",
        Contrast::Flair => "FLUID_ATTENUATED",
        _ => "T1",
    };
    header
        .put(tag, "ORIGINAL\\PRIMARY\\VOLUME\\NONE")
        .put(tags::PIXEL_PRESENTATION, "MONOCHROME")
        .put(tags::VOLUMETRIC_PROPERTIES, "VOLUME")
        .put(tags::VOLUME_BASED_CALCULATION_TECHNIQUE, "NONE")
        .put(tags::COMPLEX_IMAGE_COMPONENT, "MAGNITUDE")
        .put(tags::ACQUISITION_CONTRAST, contrast);
}

fn pulse_sequence(ctx: &Context<'_>, header: &mut Header) {
    let p = Protocol::of(ctx.contrast);
    let gradient = p.dimensions == "3D";
    header
        .put(tags::PULSE_SEQUENCE_NAME, p.name)
        .put(tags::MR_ACQUISITION_TYPE, p.dimensions)
        .put(tags::ECHO_PULSE_SEQUENCE, if gradient { "GRADIENT" } else { "SPIN" })
        .put(tags::MULTI_PLANAR_EXCITATION, "NO")
        .put(tags::PHASE_CONTRAST, "NO")
        .put(tags::TIME_OF_FLIGHT_CONTRAST, "NO")
        .put(tags::STEADY_STATE_PULSE_SEQUENCE, "NONE")
        .put(tags::ECHO_PLANAR_PULSE_SEQUENCE, "NO")
        .put(tags::SATURATION_RECOVERY, "NO")
        .put(tags::SPECTRALLY_SELECTED_SUPPRESSION, "NONE")
        .put(tags::GEOMETRY_OF_K_SPACE_TRAVERSAL, "RECTILINEAR")
        .put(tags::RECTILINEAR_PHASE_ENCODE_REORDERING, "LINEAR")
        .put(tags::SEGMENTED_K_SPACE_TRAVERSAL, "SINGLE")
        .put(tags::OVERSAMPLING_PHASE, "NONE")
        .shorts(tags::NUMBER_OF_K_SPACE_TRAJECTORIES, &[1]);
    if gradient {
        header.put(tags::COVERAGE_OF_K_SPACE, "FULL");
    } else {
        header.put(tags::MULTIPLE_SPIN_ECHO, "NO");
    }
}

/// A functional group: a sequence of one item.
fn group(groups: &mut Header, tag: Tag, fill: impl FnOnce(&mut Header)) {
    let mut item = Header::default();
    fill(&mut item);
    groups.sequence(tag, vec![item]);
}

fn shared(ctx: &Context<'_>) -> Header {
    let p = Protocol::of(ctx.contrast);
    let [columns, rows, _] = ctx.geometry.shape();
    let mut groups = Header::default();
    group(&mut groups, tags::PIXEL_MEASURES_SEQUENCE, |g| {
        g.decimals(tags::PIXEL_SPACING, &ctx.pixel_spacing())
            .decimals(tags::SLICE_THICKNESS, &[ctx.thickness_mm()])
            .decimals(tags::SPACING_BETWEEN_SLICES, &[ctx.thickness_mm()]);
    });
    group(&mut groups, tags::PLANE_ORIENTATION_SEQUENCE, |g| {
        g.decimals(tags::IMAGE_ORIENTATION_PATIENT, &ctx.orientation());
    });
    group(&mut groups, tags::FRAME_ANATOMY_SEQUENCE, |g| {
        g.put(tags::FRAME_LATERALITY, "U").code(tags::ANATOMIC_REGION_SEQUENCE, ["69536005", "SCT", "Head"]);
    });
    group(&mut groups, tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, |g| description(ctx, g, tags::FRAME_TYPE));
    group(&mut groups, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, |g| {
        g.decimals(tags::RESCALE_INTERCEPT, &[ctx.stored.intercept])
            .decimals(tags::RESCALE_SLOPE, &[ctx.stored.slope(0)])
            .put(tags::RESCALE_TYPE, "US");
    });
    group(&mut groups, tags::FRAME_VOILUT_SEQUENCE, |g| {
        let [centre, width] = ctx.stored.window;
        g.decimals(tags::WINDOW_CENTER, &[centre]).decimals(tags::WINDOW_WIDTH, &[width]);
    });
    group(&mut groups, tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE, |g| {
        let mut sar = Header::default();
        sar.put(tags::SPECIFIC_ABSORPTION_RATE_DEFINITION, "IEC_HEAD")
            .doubles(tags::SPECIFIC_ABSORPTION_RATE_VALUE, &[0.21]);
        let mut mode = Header::default();
        mode.put(tags::OPERATING_MODE_TYPE, "STATIC FIELD").put(tags::OPERATING_MODE, "IEC_NORMAL");
        g.decimals(tags::REPETITION_TIME, &[p.tr_ms])
            .decimals(tags::FLIP_ANGLE, &[p.flip_deg])
            .put(tags::ECHO_TRAIN_LENGTH, p.train.to_string())
            .shorts(tags::RF_ECHO_TRAIN_LENGTH, &[if p.dimensions == "3D" { 0 } else { p.train }])
            .shorts(tags::GRADIENT_ECHO_TRAIN_LENGTH, &[if p.dimensions == "3D" { p.train } else { 0 }])
            .sequence(tags::SPECIFIC_ABSORPTION_RATE_SEQUENCE, vec![sar])
            .put(tags::GRADIENT_OUTPUT_TYPE, "DB_DT")
            .doubles(tags::GRADIENT_OUTPUT, &[31.0])
            .sequence(tags::OPERATING_MODE_SEQUENCE, vec![mode]);
    });
    group(&mut groups, tags::MRFOV_GEOMETRY_SEQUENCE, |g| {
        g.put(tags::IN_PLANE_PHASE_ENCODING_DIRECTION, "ROW")
            .shorts(tags::MR_ACQUISITION_FREQUENCY_ENCODING_STEPS, &[rows as u16])
            .shorts(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_IN_PLANE, &[columns as u16])
            .shorts(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_OUT_OF_PLANE, &[ctx.geometry.shape()[2] as u16])
            .decimals(tags::PERCENT_SAMPLING, &[100.0])
            .decimals(tags::PERCENT_PHASE_FIELD_OF_VIEW, &[100.0]);
    });
    group(&mut groups, tags::MR_ECHO_SEQUENCE, |g| {
        g.doubles(tags::EFFECTIVE_ECHO_TIME, &[p.te_ms]);
    });
    group(&mut groups, tags::MR_MODIFIER_SEQUENCE, |g| {
        g.put(tags::INVERSION_RECOVERY, if p.ti_ms.is_some() { "YES" } else { "NO" })
            .put(tags::FLOW_COMPENSATION, "NONE")
            .put(tags::SPOILING, "RF")
            .put(tags::T2_PREPARATION, "NO")
            .put(tags::SPECTRALLY_SELECTED_EXCITATION, "NONE")
            .put(tags::SPATIAL_PRESATURATION, "NONE")
            .put(tags::PARTIAL_FOURIER, "NO")
            .put(tags::PARALLEL_ACQUISITION, "NO");
        if let Some(ti) = p.ti_ms {
            g.doubles(tags::INVERSION_TIMES, &[ti]);
        }
    });
    group(&mut groups, tags::MR_IMAGING_MODIFIER_SEQUENCE, |g| {
        g.put(tags::MAGNETIZATION_TRANSFER, "NONE")
            .put(tags::BLOOD_SIGNAL_NULLING, "NO")
            .put(tags::TAGGING, "NONE")
            .doubles(tags::TRANSMITTER_FREQUENCY, &[127.74])
            .decimals(tags::PIXEL_BANDWIDTH, &[240.0]);
    });
    group(&mut groups, tags::MR_RECEIVE_COIL_SEQUENCE, |g| {
        g.put(tags::RECEIVE_COIL_NAME, "HEAD 20")
            .put(tags::RECEIVE_COIL_MANUFACTURER_NAME, "")
            .put(tags::RECEIVE_COIL_TYPE, "VOLUME")
            .put(tags::QUADRATURE_RECEIVE_COIL, "NO");
    });
    group(&mut groups, tags::MR_TRANSMIT_COIL_SEQUENCE, |g| {
        g.put(tags::TRANSMIT_COIL_NAME, "BODY")
            .put(tags::TRANSMIT_COIL_MANUFACTURER_NAME, "")
            .put(tags::TRANSMIT_COIL_TYPE, "BODY");
    });
    group(&mut groups, tags::MR_AVERAGES_SEQUENCE, |g| {
        g.decimals(tags::NUMBER_OF_AVERAGES, &[1.0]);
    });
    groups
}

fn per_frame(ctx: &Context<'_>, plane: usize, began: &str) -> Header {
    let mut groups = Header::default();
    let position = plane as u32 + 1;
    group(&mut groups, tags::FRAME_CONTENT_SEQUENCE, |g| {
        g.put(tags::FRAME_ACQUISITION_DATE_TIME, began)
            .put(tags::FRAME_REFERENCE_DATE_TIME, began)
            .doubles(tags::FRAME_ACQUISITION_DURATION, &[284_000.0])
            .shorts(tags::FRAME_ACQUISITION_NUMBER, &[1])
            .put(tags::STACK_ID, "1")
            .longs(tags::IN_STACK_POSITION_NUMBER, &[position])
            .longs(tags::DIMENSION_INDEX_VALUES, &[1, position]);
    });
    group(&mut groups, tags::PLANE_POSITION_SEQUENCE, |g| {
        g.decimals(tags::IMAGE_POSITION_PATIENT, &ctx.geometry.world_of([0.0, 0.0, plane as f64]));
    });
    groups
}
