//! Philips: estimates by the water-fat shift.

use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};

use super::{Entries, entries, planar, value, word};
use crate::support::{Study, number, text};

fn scan(change: impl Fn(&mut Dataset)) -> Entries {
    entries(&Study::of((0..3).map(|k| {
        let mut ds = planar("Philips Healthcare", k, 0, 4.0 * k as f64, 2000.0);
        text(&mut ds, Tag(0x2001, 0x0010), VR::LO, "Philips Imaging DD 001");
        ds.put(DataElement::new(Tag(0x2001, 0x1013), VR::SL, PrimitiveValue::from(39i32)));
        ds.put(DataElement::new(Tag(0x2001, 0x1022), VR::FL, PrimitiveValue::from(10.0f32)));
        number(&mut ds, tags::IMAGING_FREQUENCY, 128.0);
        change(&mut ds);
        ds
    })))
}

#[test]
fn readout_is_estimated_and_polarity_left_open() {
    let found = scan(|_| {});
    // ten pixels of 3.4 ppm at 128 MHz, shared by 40, of which 39 are read
    let total = 10.0 / (3.4 * 128.0) * 39.0 / 40.0;
    assert!((value(&found, "EstimatedTotalReadoutTime") - total).abs() < 1e-9);
    assert!((value(&found, "EstimatedEffectiveEchoSpacing") - total / 2.0).abs() < 1e-9);
    assert_eq!(word(&found, "PhaseEncodingAxis"), Some("j"));
    assert_eq!(value(&found, "EchoTrainLength"), 39.0);
    for key in ["PhaseEncodingDirection", "SliceTiming", "TotalReadoutTime", "EffectiveEchoSpacing"] {
        assert!(!found.contains_key(key), "{key}");
    }
}

#[test]
fn compressed_sensing_is_told_from_sense() {
    let with = |technique: &'static str| {
        scan(|ds| {
            text(ds, tags::PARALLEL_ACQUISITION_TECHNIQUE, VR::CS, technique);
            super::double(ds, tags::PARALLEL_REDUCTION_FACTOR_IN_PLANE, &[4.0]);
        })
    };
    let found = with("CSENSE");
    assert_eq!((value(&found, "CompressedSensingFactor"), value(&found, "ParallelReductionFactorInPlane")), (4.0, 1.0));
    let found = with("SENSE");
    assert_eq!(value(&found, "ParallelReductionFactorInPlane"), 4.0);
    assert_eq!(word(&found, "ParallelAcquisitionTechnique"), Some("SENSE"));
}

#[test]
fn partial_fourier_is_told() {
    let found = scan(|ds| {
        text(ds, Tag(0x2001, 0x1019), VR::CS, "Y");
        text(ds, tags::NUMBER_OF_PHASE_ENCODING_STEPS, VR::IS, "126");
    });
    assert_eq!(word(&found, "PartialFourierEnabled"), Some("YES"));
    assert_eq!(value(&found, "PhaseEncodingStepsNoPartialFourier"), 126.0);
    assert!(!found.contains_key("PhaseEncodingSteps"));
}
