//! Public elements of MR, CT and PET, classic and enhanced.

use isocenter_dcm::{VR, tags};

use super::made::{expect, kept, two};
use crate::support::{CT, MR, PET, item, number, numbers, sequence, slice, text};

#[test]
fn an_mr_has_seconds_degrees_and_tesla() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "Hitachi Medical Corporation");
        for (tag, value) in [
            (tags::REPETITION_TIME, 2300.0),
            (tags::ECHO_TIME, 11.2),
            (tags::INVERSION_TIME, 900.0),
            (tags::FLIP_ANGLE, 9.0),
            (tags::MAGNETIC_FIELD_STRENGTH, 3.0),
            (tags::IMAGING_FREQUENCY, 123.2),
            (tags::SAR, 0.078),
            (tags::PERCENT_SAMPLING, 100.0),
            (tags::PERCENT_PHASE_FIELD_OF_VIEW, 93.75),
        ] {
            number(ds, tag, value);
        }
        text(ds, tags::SCANNING_SEQUENCE, VR::CS, "GR\\IR");
        text(ds, tags::SEQUENCE_VARIANT, VR::CS, "SK\\SP\\MP");
        text(ds, tags::SCAN_OPTIONS, VR::CS, "");
        text(ds, tags::MR_ACQUISITION_TYPE, VR::CS, "3D");
        text(ds, tags::MAGNETIZATION_TRANSFER, VR::CS, "OFF_RESONANCE");
        text(ds, tags::VARIABLE_FLIP_ANGLE_FLAG, VR::CS, "Y");
        text(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "ROW");
        text(ds, tags::RECEIVE_COIL_NAME, VR::SH, "HEAD");
    }));
    expect(
        &sidecar,
        &[
            ("Modality", r#""MR""#),
            ("Manufacturer", r#""Hitachi""#),
            ("RepetitionTime", "2.3"),
            ("EchoTime", "0.0112"),
            ("InversionTime", "0.9"),
            ("FlipAngle", "9"),
            ("MagneticFieldStrength", "3"),
            ("ImagingFrequency", "123.2"),
            ("SAR", "0.078"),
            ("PercentSampling", "100"),
            ("PercentPhaseFOV", "93.75"),
            ("ScanningSequence", r#""GR\\IR""#),
            ("ScanOptions", "none"),
            ("PulseSequenceType", r#""MPRAGE""#),
            ("SpoilingState", "true"),
            ("SpoilingType", "none"),
            ("MTState", "true"),
            ("VariableFlipAngleFlag", "true"),
            ("MRAcquisitionType", r#""3D""#),
            ("InPlanePhaseEncodingDirectionDICOM", r#""ROW""#),
            ("CoilString", r#""HEAD""#),
            ("SliceThickness", "3"),
            ("ImageType", r#"["ORIGINAL","PRIMARY","AXIAL"]"#),
            ("ImageOrientationPatientDICOM", "[1,0,0,0,1,0]"),
            ("InstitutionalDepartmentName", r#""None""#),
            ("ConversionSoftware", r#""isocenter""#),
            ("ConversionFiles", "2"),
            ("ConversionFrames", "2"),
        ],
    );
}

#[test]
fn groups_of_an_enhanced_image_count_before_its_top_level() {
    let datasets = two(MR, |ds| {
        number(ds, tags::REPETITION_TIME, 1.0);
        let timing = item(|ds| {
            number(ds, tags::REPETITION_TIME, 4000.0);
            number(ds, tags::FLIP_ANGLE, 90.0);
        });
        let averages = item(|ds| number(ds, tags::NUMBER_OF_AVERAGES, 80.0));
        // what tells of another image is not looked into
        let other = item(|ds| text(ds, tags::SPOILING, VR::CS, "RF"));
        let group = item(|ds| {
            sequence(ds, tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE, vec![timing]);
            sequence(ds, tags::MR_AVERAGES_SEQUENCE, vec![averages]);
            sequence(ds, tags::REFERENCED_IMAGE_SEQUENCE, vec![other]);
        });
        sequence(ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![group]);
    });
    let sidecar = kept(datasets);
    expect(
        &sidecar,
        &[("RepetitionTime", "4"), ("FlipAngle", "90"), ("NumberOfAverages", "80"), ("SpoilingState", "none")],
    );
}

#[test]
fn volumes_that_begin_further_apart_than_the_header_says_have_their_own_repetition_time() {
    let mut datasets = Vec::new();
    for step in 0..3 {
        for k in 0..2 {
            let mut ds = slice(MR, step * 2 + k, [0.0, 0.0, 3.0 * k as f64], 5);
            number(&mut ds, tags::REPETITION_TIME, 8.0);
            text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(step + 1).to_string());
            text(&mut ds, tags::ACQUISITION_DATE, VR::DA, "20200102");
            text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("1000{:02}.5", 3 * step));
            datasets.push(ds);
        }
    }
    let sidecar = kept(datasets);
    expect(
        &sidecar,
        &[
            ("RepetitionTime", "3"),
            ("RepetitionTimeExcitation", "0.008"),
            ("AcquisitionTime", r#""10:00:00.500000""#),
            ("AcquisitionDateTime", r#""2020-01-02T10:00:00.500000""#),
        ],
    );
}

#[test]
fn a_ct_has_its_exposure() {
    let sidecar = kept(two(CT, |ds| {
        text(ds, tags::EXPOSURE_TIME, VR::IS, "800");
        text(ds, tags::X_RAY_TUBE_CURRENT, VR::IS, "200");
        text(ds, tags::EXPOSURE, VR::IS, "160");
        number(ds, tags::KVP, 120.0);
        text(ds, tags::CONVOLUTION_KERNEL, VR::SH, "STANDARD");
        number(ds, tags::ECHO_TIME, 5.0);
    }));
    expect(
        &sidecar,
        &[
            ("ExposureTime", "0.8"),
            ("XRayTubeCurrent", "200"),
            ("XRayExposure", "160"),
            ("XRayTubeVoltage", "120"),
            ("ConvolutionKernel", r#""STANDARD""#),
            ("BidsGuess", r#"["ct","_ct"]"#),
            ("EchoTime", "none"),
        ],
    );
}

#[test]
fn a_pet_has_tracer_dose_and_frames() {
    let sidecar = kept(two(PET, |ds| {
        let code = |meaning: &str| vec![item(|ds| text(ds, tags::CODE_MEANING, VR::LO, meaning))];
        let tracer = item(|ds| {
            sequence(ds, tags::RADIONUCLIDE_CODE_SEQUENCE, code("^18^Fluorine"));
            sequence(ds, tags::RADIOPHARMACEUTICAL_CODE_SEQUENCE, code("FDG"));
            number(ds, tags::RADIONUCLIDE_TOTAL_DOSE, 368_080_000.0);
            number(ds, tags::RADIONUCLIDE_HALF_LIFE, 6586.2);
            text(ds, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, "100000");
        });
        sequence(ds, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![tracer]);
        for (tag, value) in [
            (tags::RESCALE_SLOPE, 1.0),
            (tags::RESCALE_INTERCEPT, 0.0),
            (tags::DECAY_FACTOR, 1.1),
            (tags::SCATTER_FRACTION_FACTOR, 0.3),
        ] {
            number(ds, tag, value);
        }
        for (tag, vr, value) in [
            (tags::UNITS, VR::CS, "BQML"),
            (tags::DECAY_CORRECTION, VR::CS, "START"),
            (tags::RECONSTRUCTION_METHOD, VR::LO, "PSF+TOF 4i5s"),
            (tags::SCATTER_CORRECTION_METHOD, VR::LO, "Model-based"),
            (tags::ACTUAL_FRAME_DURATION, VR::IS, "300000"),
            (tags::SERIES_TIME, VR::TM, "110000"),
            (tags::ACQUISITION_TIME, VR::TM, "110000"),
            (tags::CONVOLUTION_KERNEL, VR::SH, "XYZGAUSSIAN5.0"),
        ] {
            text(ds, tag, vr, value);
        }
    }));
    expect(
        &sidecar,
        &[
            ("TracerName", r#""FDG""#),
            ("TracerRadionuclide", r#""18Fluorine""#),
            ("InjectedRadioactivity", "368.08"),
            ("InjectedRadioactivityUnits", r#""MBq""#),
            ("RadionuclideHalfLife", "6586.2"),
            ("Units", r#""Bq/mL""#),
            ("DecayCorrection", r#""START""#),
            ("ImageDecayCorrected", "true"),
            ("ImageDecayCorrectionTime", "0"),
            ("ScanStart", "0"),
            ("InjectionStart", "-3600"),
            ("TimeZero", r#""11:00:00""#),
            ("ReconMethodName", r#""Point-Spread Function modelling Time Of Flight""#),
            ("ReconMethodParameterValues", "[5,4]"),
            ("ReconFilterSize", "5"),
            ("DecayCorrectionFactor", "[1.1]"),
            ("ScatterFraction", "[0.3]"),
            ("FrameDuration", "[300]"),
            ("FrameTimesStart", "[0]"),
            ("RepetitionTime", "none"),
        ],
    );
}

#[test]
fn numbers_that_are_none_are_left_out() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::FLIP_ANGLE, VR::DS, "nan");
        text(ds, tags::ECHO_TIME, VR::DS, "1e999");
        text(ds, tags::REPETITION_TIME, VR::DS, "12,5");
        text(ds, tags::SAR, VR::DS, "-1");
        text(ds, tags::SERIES_NUMBER, VR::IS, "many");
        text(ds, tags::PATIENT_BIRTH_DATE, VR::DA, "sometime");
        text(ds, tags::ACQUISITION_TIME, VR::TM, "99");
        numbers(ds, tags::PATIENT_SIZE, &[0.0]);
    }));
    for key in [
        "FlipAngle",
        "EchoTime",
        "RepetitionTime",
        "SAR",
        "SeriesNumber",
        "PatientBirthDate",
        "AcquisitionTime",
        "PatientSize",
    ] {
        assert!(sidecar.get(key).is_none(), "{key}");
    }
}

/// Two volumes of a PET of two slices, a minute each, from 11:00 on.
fn dynamic(series_time: &str) -> isocenter_convert::sidecar::Sidecar {
    let slices = (0..4).map(|n| {
        let mut ds = slice(PET, n, [0.0, 0.0, 3.0 * (n % 2) as f64], 5 + n as u16);
        let tracer = item(|ds| {
            number(ds, tags::RADIONUCLIDE_HALF_LIFE, 6586.2);
            text(ds, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, "103000");
        });
        sequence(&mut ds, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![tracer]);
        number(&mut ds, tags::RESCALE_SLOPE, 1.0);
        number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
        for (tag, vr, value) in [
            (tags::UNITS, VR::CS, "BQML"),
            (tags::DECAY_CORRECTION, VR::CS, "START"),
            (tags::SERIES_TIME, VR::TM, series_time),
            (tags::ACQUISITION_TIME, VR::TM, if n < 2 { "110000" } else { "110100.5" }),
        ] {
            text(&mut ds, tag, vr, value);
        }
        ds
    });
    kept(slices.collect())
}

#[test]
fn frames_of_a_pet_count_from_the_start_of_the_scan() {
    let sidecar = dynamic("105900");
    expect(&sidecar, &[("TimeZero", r#""10:59:00""#), ("FrameTimesStart", "[60,120.5]"), ("InjectionStart", "-1740")]);
}

#[test]
fn a_series_that_was_made_later_does_not_say_when_the_scan_began() {
    let sidecar = dynamic("170000");
    expect(&sidecar, &[("TimeZero", r#""11:00:00""#), ("FrameTimesStart", "[0,60.5]"), ("InjectionStart", "-1800")]);
    assert_eq!(crate::sidecar::made::at(&sidecar, "SeriesTime"), r#""17:00:00""#);
}

#[test]
fn the_kind_of_a_series_is_told_once_for_sidecars_and_recipes() {
    use isocenter_convert::Options;
    use isocenter_dcm::series_kind::{Contrast, Datatype, Suffix};

    // repetition, echo and inversion times in ms
    let of = |sequence: &str, times: [f64; 3], image_type: &str, description: &str| {
        let files = two(MR, |ds| {
            text(ds, tags::SCANNING_SEQUENCE, VR::CS, sequence);
            text(ds, tags::IMAGE_TYPE, VR::CS, image_type);
            text(ds, tags::SERIES_DESCRIPTION, VR::LO, description);
            for (tag, ms) in [tags::REPETITION_TIME, tags::ECHO_TIME, tags::INVERSION_TIME].into_iter().zip(times) {
                if ms > 0.0 {
                    number(ds, tag, ms);
                }
            }
        });
        let study = crate::support::Study::of(files.clone());
        let (plan, facts) = study.plan();
        let kind = plan.series[0].kind(&facts, &Options::default()).unwrap();
        let guess = super::made::at(&kept(files), "BidsGuess");
        (kind.folder(), kind.suffix, kind.contrast, guess)
    };
    let plain = "ORIGINAL\\PRIMARY\\M";
    let anat = Datatype::Anat.folder();
    for (sequence, times, image_type, description, suffix, contrast) in [
        ("SE", [500.0, 12.0, 0.0], plain, "", Suffix::T1w, Contrast::T1),
        ("SE", [4000.0, 100.0, 0.0], plain, "t1", Suffix::T2w, Contrast::T2),
        ("SE", [1200.0, 20.0, 0.0], plain, "AX T1", Suffix::T1w, Contrast::T1),
        ("SE", [1200.0, 20.0, 0.0], plain, "AX", Suffix::PDw, Contrast::Pd),
        ("SE\\IR", [9000.0, 120.0, 2500.0], plain, "", Suffix::Flair, Contrast::Flair),
        ("SE\\IR", [2000.0, 10.0, 860.0], plain, "T1 FLAIR", Suffix::T1w, Contrast::T1),
        ("SE\\IR", [4000.0, 60.0, 160.0], plain, "STIR", Suffix::T2w, Contrast::T2),
        ("GR", [600.0, 20.0, 0.0], plain, "", Suffix::T2starw, Contrast::T2Star),
        ("GR", [600.0, 20.0, 0.0], "ORIGINAL\\PRIMARY\\P", "", Suffix::T2starw, Contrast::Phase),
    ] {
        let (folder, found, shown, guess) = of(sequence, times, image_type, description);
        assert_eq!((folder, found, shown), (Some(anat), Some(suffix), Some(contrast)), "{sequence} {times:?}");
        assert!(guess.contains(&format!("_{suffix}\"")), "{guess}");
    }
    let (folder, found, shown, _) = of("EP", [2000.0, 30.0, 0.0], plain, "");
    assert_eq!((folder, found, shown), (Some("func"), Some(Suffix::Bold), Some(Contrast::Bold)));
    let (folder, found, shown, guess) = of("RM", [0.0; 3], plain, "somebody's scan");
    assert_eq!((folder, found, shown, guess.as_str()), (None, None, None, "none"));
    let (folder, ..) = of("SE", [4000.0, 100.0, 0.0], "DERIVED\\SECONDARY\\MPR", "");
    assert_eq!(folder, Some("derived"));
    let (folder, found, shown, _) = of("SE", [4000.0, 100.0, 0.0], "ORIGINAL\\PRIMARY\\LOCALIZER", "");
    assert_eq!((folder, found, shown), (Some("discard"), Some(Suffix::Localizer), Some(Contrast::T2)));
}
