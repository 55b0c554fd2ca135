//! Classic single-frame images: CT, MR, PET.

use dicom_dictionary_std::{tags, uids};

use super::{Context, Header, person::time_of, pet};
use crate::{Contrast, dicom::vendor::Vendor, series::Modality};

/// The data set of one plane.
pub(crate) fn single(ctx: &Context<'_>, plane: usize, instance_number: u32, sop_uid: &str) -> Header {
    let class = match ctx.modality {
        Modality::Ct => uids::CT_IMAGE_STORAGE,
        Modality::Mr => uids::MR_IMAGE_STORAGE,
        Modality::Pet => uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE,
    };
    let mut header = ctx.modules(class, sop_uid);
    let seconds = ctx.seconds + 5 + plane as u32;
    header
        .put(tags::IMAGE_TYPE, ctx.vendor.image_type(ctx.modality, ctx.localizer))
        .put(tags::INSTANCE_NUMBER, instance_number.to_string())
        .put(tags::ACQUISITION_NUMBER, "1")
        .put(tags::ACQUISITION_DATE, ctx.study.date.as_str())
        .put(tags::ACQUISITION_TIME, time_of(seconds))
        .put(tags::CONTENT_DATE, ctx.study.date.as_str())
        .put(tags::CONTENT_TIME, time_of(seconds))
        .put(tags::BURNED_IN_ANNOTATION, "NO");
    ctx.plane(&mut header, plane);
    ctx.image_pixel(&mut header);
    let [centre, width] = ctx.stored.window;
    header.decimals(tags::WINDOW_CENTER, &[centre]).decimals(tags::WINDOW_WIDTH, &[width]);
    match ctx.modality {
        Modality::Ct => ct(ctx, &mut header, plane),
        Modality::Mr => mr(ctx, &mut header, plane),
        Modality::Pet => {
            rescale(ctx, &mut header, plane);
            pet::modules(ctx, &mut header, plane, 0..ctx.geometry.shape()[2]);
        }
    }
    header.pixels(ctx.stored.plane(plane).to_vec());
    header
}

fn rescale(ctx: &Context<'_>, header: &mut Header, plane: usize) {
    header
        .decimals(tags::RESCALE_INTERCEPT, &[ctx.stored.intercept])
        .decimals(tags::RESCALE_SLOPE, &[ctx.stored.slope(plane)]);
}

fn ct(ctx: &Context<'_>, header: &mut Header, plane: usize) {
    rescale(ctx, header, plane);
    let kernel = match ctx.vendor {
        Vendor::Siemens => "Br40d\\3",
        Vendor::Ge => "STANDARD",
        Vendor::Philips => "B",
        Vendor::Canon => "FC08",
    };
    header
        .put(tags::RESCALE_TYPE, "HU")
        .put(tags::SCAN_OPTIONS, if ctx.localizer { "SURVIEW" } else { "HELICAL MODE" })
        .put(tags::KVP, "120")
        .put(tags::X_RAY_TUBE_CURRENT, "210")
        .put(tags::EXPOSURE_TIME, "500")
        .put(tags::FILTER_TYPE, "BODY FILTER")
        .put(tags::CONVOLUTION_KERNEL, kernel)
        .decimals(tags::GANTRY_DETECTOR_TILT, &[ctx.tilt_deg])
        .decimals(tags::TABLE_HEIGHT, &[148.0])
        .decimals(tags::DATA_COLLECTION_DIAMETER, &[500.0])
        .decimals(tags::SLICE_LOCATION, &[super::common::tidy(ctx.geometry.world_of([0.0, 0.0, plane as f64])[2])]);
    if let Some(padding) = ctx.stored.padding {
        header.sample(tags::PIXEL_PADDING_VALUE, ctx.stored.signed, i32::from(padding));
    }
}

fn mr(ctx: &Context<'_>, header: &mut Header, plane: usize) {
    let p = Protocol::of(ctx.contrast);
    header
        .put(tags::SCANNING_SEQUENCE, p.scanning)
        .put(tags::SEQUENCE_VARIANT, p.variant)
        .put(tags::SCAN_OPTIONS, "")
        .put(tags::MR_ACQUISITION_TYPE, p.dimensions)
        .put(tags::SEQUENCE_NAME, p.name)
        .decimals(tags::REPETITION_TIME, &[p.tr_ms])
        .decimals(tags::ECHO_TIME, &[p.te_ms])
        .put(tags::ECHO_TRAIN_LENGTH, p.train.to_string())
        .decimals(tags::FLIP_ANGLE, &[p.flip_deg])
        .decimals(tags::NUMBER_OF_AVERAGES, &[1.0])
        .decimals(tags::IMAGING_FREQUENCY, &[127.74])
        .put(tags::IMAGED_NUCLEUS, "1H")
        .put(tags::ECHO_NUMBERS, "1")
        .decimals(tags::MAGNETIC_FIELD_STRENGTH, &[3.0])
        .decimals(tags::SPACING_BETWEEN_SLICES, &[ctx.thickness_mm()])
        .put(tags::IN_PLANE_PHASE_ENCODING_DIRECTION, "ROW")
        .decimals(tags::SAR, &[0.21]);
    if let Some(ti) = p.ti_ms {
        header.decimals(tags::INVERSION_TIME, &[ti]);
    }
    if ctx.vendor == Vendor::Philips {
        rescale(ctx, header, plane);
        header.put(tags::RESCALE_TYPE, "normalized");
    }
}

/// The usual numbers of a sequence.
pub(crate) struct Protocol {
    pub(crate) scanning: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) dimensions: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tr_ms: f64,
    pub(crate) te_ms: f64,
    pub(crate) ti_ms: Option<f64>,
    pub(crate) flip_deg: f64,
    pub(crate) train: u16,
}

impl Protocol {
    pub(crate) const fn of(contrast: Contrast) -> Self {
        match contrast {
            Contrast::T2 => Self {
                scanning: "SE",
                variant: "SK\\SP",
                dimensions: "2D",
                name: "*tse2d1_15",
                tr_ms: 5200.0,
                te_ms: 98.0,
                ti_ms: None,
                flip_deg: 150.0,
                train: 15,
            },
            Contrast::Flair => Self {
                scanning: "SE\\IR",
                variant: "SK\\SP",
                dimensions: "2D",
                name: "*tir2d1_16",
                tr_ms: 9000.0,
                te_ms: 87.0,
                ti_ms: Some(2500.0),
                flip_deg: 150.0,
                train: 16,
            },
            _ => Self {
                scanning: "GR\\IR",
                variant: "SK\\SP\\MP",
                dimensions: "3D",
                name: "*tfl3d1_16ns",
                tr_ms: 2300.0,
                te_ms: 2.98,
                ti_ms: Some(900.0),
                flip_deg: 9.0,
                train: 1,
            },
        }
    }
}
