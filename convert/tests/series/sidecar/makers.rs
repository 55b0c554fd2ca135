//! What Siemens, Philips, GE and United Imaging say in private elements.

use isocenter_convert::sidecar::Identity;
use isocenter_dcm::{Dataset, VR, dicom_core::PrimitiveValue, tags, value};

use super::made::{expect, kept, private, sidecar, two};
use crate::support::{MR, item, number, sequence, text};

/// A protocol as XA software has it.
fn protocol(ds: &mut Dataset, lines: &str) {
    text(ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
    let text = format!("### ASCCONV BEGIN ###\n{lines}\n### ASCCONV END ###");
    let bytes = PrimitiveValue::U8(text.into_bytes().into_iter().collect());
    value::put_private(ds, 0x0021, "SIEMENS MR SDS 01", 0x19, VR::OB, bytes).unwrap();
}

const PRODUCT: &str = r#"tSequenceFileName = ""%SiemensSeq%\ep2d_bold""
tProtocolName = ""rest""
ucCoilCombineMode = 2
lDelayTimeInTR = 500000
sPat.lAccelFactPE = 3
sPat.lAccelFact3D = 1
sPat.lRefLinesPE = 30
sPat.ucPATMode = 2
sKSpace.lBaseResolution = 64
sKSpace.dPhaseResolution = 1.0
sKSpace.lPhaseEncodingLines = 60
sTXSPEC.asNucleusInfo[0].flReferenceAmplitude = 179.976
sGRADSPEC.asGPAData[0].lOffsetX = -1409
sGRADSPEC.alShimCurrent[1] = 20
sProtConsistencyInfo.tBaselineString = ""N4_VE11A_LATEST_20140830""
sCoilSelectMeas.sCoilStringForConversion = ""HC3-6""
sCoilSelectMeas.aRxCoilSelectData[0].asList[0].sCoilElementID.tCoilID = ""Head_32""
sWipMemBlock.tFree = ""compiled by Jane Doe""
"#;

#[test]
fn the_protocol_of_siemens_is_read() {
    let sidecar = kept(two(MR, |ds| protocol(ds, PRODUCT)));
    expect(
        &sidecar,
        &[
            ("PulseSequenceDetails", r#""%SiemensSeq%\\ep2d_bold""#),
            ("ProtocolName", r#""rest""#),
            ("CoilCombinationMethod", r#""Adaptive Combine""#),
            ("DelayTime", "0.5"),
            ("ParallelReductionFactorInPlane", "3"),
            ("ParallelReductionFactorOutOfPlane", "1"),
            ("RefLinesPE", "30"),
            ("MatrixCoilMode", r#""GRAPPA""#),
            ("BaseResolution", "64"),
            ("PhaseResolution", "1"),
            ("AcquisitionMatrixPE", "60"),
            ("TxRefAmp", "179.976"),
            ("ShimSetting", "[-1409,0,0,0,20,0,0,0]"),
            ("ConsistencyInfo", r#""N4_VE11A_LATEST_20140830""#),
            ("ReceiveCoilName", r#""Head_32""#),
            ("ReceiveCoilActiveElements", r#""HC3-6""#),
            ("WipMemBlock", r#""compiled by Jane Doe""#),
        ],
    );
}

#[test]
fn texts_of_a_protocol_stay_only_where_their_form_names_nobody() {
    let dropped = sidecar(two(MR, |ds| protocol(ds, PRODUCT)), Identity::Drop);
    expect(
        &dropped,
        &[
            ("PulseSequenceDetails", r#""%SiemensSeq%\\ep2d_bold""#),
            ("ConsistencyInfo", r#""N4_VE11A_LATEST_20140830""#),
            ("WipMemBlock", "none"),
            ("ReceiveCoilName", "none"),
            ("ProtocolName", "none"),
            ("BaseResolution", "64"),
        ],
    );
    let own = PRODUCT.replace("%SiemensSeq%", "%CustomerSeq%");
    let dropped = sidecar(two(MR, |ds| protocol(ds, &own)), Identity::Drop);
    expect(&dropped, &[("PulseSequenceDetails", "none")]);
}

#[test]
fn labelling_is_read_by_the_sequence() {
    let lines = "tSequenceFileName = \"%CustomerSeq%\\to_ep2d_VEPCASL\"\nalTI[0] = 1400000\nalTI[2] = 1650000\n\
        sWipMemBlock.alFree[4] = 20\nsWipMemBlock.alFree[11] = 250\nsWipMemBlock.alFree[12] = 500\nsWipMemBlock.alFree[14] = 750\n\
        sWipMemBlock.adFree[0] = 0.8";
    let sidecar = kept(two(MR, |ds| {
        protocol(ds, lines);
        number(ds, tags::REPETITION_TIME, 4100.0);
    }));
    expect(
        &sidecar,
        &[
            ("ArterialSpinLabelingType", r#""PCASL""#),
            ("BolusDuration", "1.4"),
            ("LabelingPulseFlipAngle", "20"),
            ("LabelingPulseAverageGradient", "0.8"),
            ("PostLabelingDelay", "[0.25,0.5]"),
            ("RepetitionTimePreparation", "4.1"),
        ],
    );
}

#[test]
fn both_scalings_of_philips_are_told() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "Philips Medical Systems");
        number(ds, tags::RESCALE_SLOPE, 1.25);
        number(ds, tags::RESCALE_INTERCEPT, -3142.0);
        let scale = PrimitiveValue::from(0.1f32);
        value::put_private(ds, 0x2005, "Philips MR Imaging DD 001", 0x0E, VR::FL, scale).unwrap();
        let table = PrimitiveValue::from(-0.3f32);
        value::put_private(ds, 0x2005, "Philips MR Imaging DD 005", 0x3C, VR::FL, table).unwrap();
        text(ds, tags::PARALLEL_ACQUISITION_TECHNIQUE, VR::CS, "CSENSE");
        number(ds, tags::PARALLEL_REDUCTION_FACTOR_IN_PLANE, 4.0);
        let mapping = item(|ds| {
            number(ds, tags::REAL_WORLD_VALUE_SLOPE, 0.5);
            number(ds, tags::REAL_WORLD_VALUE_INTERCEPT, -500.0);
        });
        sequence(ds, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, vec![mapping]);
    }));
    expect(
        &sidecar,
        &[
            ("PhilipsRescaleSlope", "1.25"),
            ("PhilipsRescaleIntercept", "-3142"),
            ("PhilipsScaleSlope", "0.1"),
            ("PhilipsRWVSlope", "0.5"),
            ("PhilipsRWVIntercept", "-500"),
            ("TablePosition", "[0,0,0.3]"),
            ("CompressedSensingFactor", "4"),
            ("ParallelReductionFactorInPlane", "1"),
        ],
    );
}

#[test]
fn elements_of_ge_are_read() {
    let made = || {
        two(MR, |ds| {
            text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
            text(ds, tags::MANUFACTURER_MODEL_NAME, VR::LO, "SIGNA Premier");
            number(ds, tags::REPETITION_TIME, 1000.0);
            for (element, words) in [(0x9E, "EPI2"), (0xE0, "6"), (0xDF, "1"), (0xB3, "3"), (0xB2, "0")] {
                private(ds, 0x0019, "GEMS_ACQU_01", element, VR::LO, words);
            }
            for (element, words) in
                [(0x02, "88"), (0x03, "-61"), (0x04, "-409"), (0x83, "0.5\\1"), (0x95, "TG/s2"), (0x7C, "0.5")]
            {
                private(ds, 0x0043, "GEMS_PARM_01", element, VR::LO, words);
            }
        })
    };
    expect(
        &kept(made()),
        &[
            ("InternalPulseSequenceName", r#""EPI2""#),
            ("NumberOfDiffusionDirectionGE", "6"),
            ("NumberOfDiffusionT2GE", "1"),
            ("DiffGradientCyclingGE", r#""3TR""#),
            ("TensorFileNumberGE", "3"),
            ("ShimSetting", "[88,-61,-409]"),
            ("ParallelReductionFactorInPlane", "2"),
            ("ParallelReductionFactorOutOfPlane", "1"),
            ("PrescanReuseString", r#""TG/s2""#),
            ("RepetitionTime", "1.5"),
        ],
    );
    expect(&sidecar(made(), Identity::Drop), &[("PrescanReuseString", "none"), ("ShimSetting", "[88,-61,-409]")]);
}

#[test]
fn a_block_of_another_creator_is_not_the_makers() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
        for element in [0x02, 0x03, 0x04] {
            private(ds, 0x0043, "SOMEBODY", element, VR::LO, "7");
        }
    }));
    assert!(sidecar.get("ShimSetting").is_none());
}

#[test]
fn the_mode_of_parallel_imaging_is_that_of_the_protocol() {
    for (mode, word) in [(1, "\"None\""), (2, "\"GRAPPA\""), (4, "\"SENSE\""), (8, "none"), (32, "\"None\"")] {
        let lines = format!("sPat.lAccelFactPE = 2\nsPat.ucPATMode = {mode}");
        expect(&kept(two(MR, |ds| protocol(ds, &lines))), &[("MatrixCoilMode", word)]);
    }
}

#[test]
fn pairs_of_labelling_are_those_of_the_volumes_that_were_made() {
    let lines = "tSequenceFileName = \"%SiemensSeq%\\tgse_pcasl\"\nlContrasts = 2\nsWipMemBlock.adFree[3] = 80";
    let volumes = |steps: usize| {
        let slices = (0..2 * steps).map(|n| {
            let mut ds = crate::support::slice(MR, n, [0.0, 0.0, 3.0 * (n % 2) as f64], 5 + n as u16);
            protocol(&mut ds, lines);
            number(&mut ds, tags::REPETITION_TIME, 2000.0);
            text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(n / 2 + 1).to_string());
            text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("10{:02}00", n / 2));
            ds
        });
        kept(slices.collect())
    };
    // the volumes begin a minute apart: what the header states is the time of an excitation
    expect(
        &volumes(4),
        &[
            ("TotalAcquiredPairs", "2"),
            ("RepetitionTime", "60"),
            ("RepetitionTimeExcitation", "2"),
            ("RepetitionTimePreparation", "2"),
            ("LabelingDuration", "1.472"),
        ],
    );
    expect(&volumes(5), &[("TotalAcquiredPairs", "2"), ("M0Type", "none")]);
}

#[test]
fn labelling_of_siemens_own_sequences_has_no_kind() {
    let lines = "tSequenceFileName = \"%SiemensSeq%\\ep2d_asl\"\nsAsl.ulLabelingDuration = 1800000\n\
        sAsl.sPostLabelingDelay[0] = 1500000";
    expect(
        &kept(two(MR, |ds| protocol(ds, lines))),
        &[("LabelingDuration", "1.8"), ("PostLabelingDelay", "1.5"), ("ArterialSpinLabelingType", "none")],
    );
}

/// A scan of GE, with a packed protocol.
fn ge(ds: &mut Dataset, name: &str, protocol: &str) {
    use std::io::Write;
    text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
    private(ds, 0x0019, "GEMS_ACQU_01", 0x9C, VR::LO, name);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(protocol.as_bytes()).unwrap();
    let member = encoder.finish().unwrap();
    let bytes = [(member.len() as u32).to_le_bytes().as_slice(), &member].concat();
    value::put_private(ds, 0x0025, "GEMS_SERS_01", 0x1B, VR::OB, PrimitiveValue::U8(bytes.into_iter().collect()))
        .unwrap();
}

#[test]
fn the_pause_after_each_volume_of_ge_is_part_of_its_repetition() {
    let repetition = |protocol: &str| {
        let sidecar = kept(two(MR, |ds| {
            ge(ds, "epi", protocol);
            number(ds, tags::REPETITION_TIME, 1000.0);
        }));
        crate::sidecar::made::at(&sidecar, "RepetitionTime")
    };
    let of = |options: &str, delay: &str| format!("IOPT \"{options}\"\nDELACQ \"{delay}\"\nDELACQNOAV \"0.35\"\n");
    assert_eq!(repetition(&of("EPI, MPh", "350.0")), "1.35");
    for (options, delay) in
        [("EPI, MPh", "Minimum"), ("EPI, MPhVar", "350.0"), ("EPI, FMRI", "350.0"), ("EPI", "350.0")]
    {
        assert_eq!(repetition(&of(options, delay)), "1", "{options} {delay}");
    }
}

#[test]
fn a_delay_after_the_trigger_is_none_of_a_slice() {
    let delay = |words: &str| {
        let sidecar = kept(two(MR, |ds| {
            text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
            text(ds, tags::SCANNING_SEQUENCE, VR::CS, words);
            number(ds, tags::TRIGGER_TIME, 125.0);
        }));
        crate::sidecar::made::at(&sidecar, "TriggerDelayTime")
    };
    assert_eq!((delay("GR").as_str(), delay("EP\\GR").as_str()), ("125", "none"));
}

#[test]
fn numbers_of_ge_have_their_sign_and_their_unit() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
        number(ds, tags::MAGNETIC_FIELD_STRENGTH, 15_000.0);
        for (element, shim) in [(0x02, 88u16), (0x03, 65_475), (0x04, 65_127)] {
            value::put_private(ds, 0x0043, "GEMS_PARM_01", element, VR::US, PrimitiveValue::from(shim)).unwrap();
        }
    }));
    expect(&sidecar, &[("ShimSetting", "[88,-61,-409]"), ("MagneticFieldStrength", "1.5")]);
}

#[test]
fn numbers_of_timing_are_as_tidy_as_others() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
        number(ds, tags::PIXEL_BANDWIDTH, 1750.0);
        private(ds, 0x0019, "SIEMENS MR HEADER", 0x18, VR::IS, "3500");
    }));
    expect(&sidecar, &[("DwellTime", "3.5e-6"), ("PixelBandwidth", "1750")]);
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "Philips");
        let shift = PrimitiveValue::from(0.140_136_2f32);
        value::put_private(ds, 0x2001, "Philips Imaging DD 001", 0x22, VR::FL, shift).unwrap();
    }));
    expect(&sidecar, &[("WaterFatShift", "0.1401362")]);
}

#[test]
fn labelling_of_ge_is_told_by_its_elements() {
    let sidecar = kept(two(MR, |ds| {
        text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
        private(ds, 0x0043, "GEMS_PARM_01", 0xA4, VR::LO, "3D pulsed continuous ASL technique");
        private(ds, 0x0043, "GEMS_PARM_01", 0xA5, VR::IS, "1450");
        number(ds, tags::INVERSION_TIME, 2025.0);
    }));
    expect(
        &sidecar,
        &[("ArterialSpinLabelingType", r#""PCASL""#), ("LabelingDuration", "1.45"), ("PostLabelingDelay", "2.025")],
    );
}
