//! Frames that several facts order together, and repetitions that are series of their own.

use isocenter_dcm::{Dataset, Tag, VR, tags};
use isocenter_volume::AxisKind;

use crate::support::{MR, Study, number, planes, slice, text};

/// Two slices of 2 times x control and label x 3 phases, of value `100 * time + 10 * label + phase`, and no instance number. Phases begin
/// later at the second slice.
fn labelled(mark: impl Fn(&mut Dataset, [usize; 4])) -> Study {
    let mut all = Vec::new();
    for n in 0..24 {
        let [time, label, phase, k] = [n / 12, n / 6 % 2, n / 2 % 3, n % 2];
        let mut ds = slice(MR, 90 - n, [0.0, 0.0, 3.0 * k as f64], (100 * time + 10 * label + phase) as u16);
        ds.remove_element(tags::INSTANCE_NUMBER);
        text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(time + 1).to_string());
        text(&mut ds, Tag(0x2005, 0x0014), VR::LO, "Philips MR Imaging DD 005");
        text(&mut ds, Tag(0x2005, 0x1429), VR::CS, ["CONTROL", "LABEL"][label]);
        number(&mut ds, tags::TRIGGER_TIME, (300 + 250 * phase + 36 * k) as f64);
        mark(&mut ds, [time, label, phase, k]);
        all.push(ds);
    }
    Study::of(all)
}

#[test]
fn labels_and_phases_lie_within_repetitions() {
    let found = labelled(|_, _| {}).convert();
    assert_eq!((found.len(), found[0].volume.steps()), (1, 12));
    let mut wanted = Vec::new();
    for (time, label, phase) in (0..12).map(|n| (n / 6, n / 3 % 2, n % 3)) {
        wanted.extend([f64::from(100 * time + 10 * label + phase); 2]);
    }
    assert_eq!(planes(&found[0]), wanted);
}

#[test]
fn a_label_alone_orders_as_an_axis_of_its_own() {
    // one phase, two times: the facts are a grid
    let found = labelled(|ds, [.., phase, _]| {
        text(ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.5.{phase}"));
        ds.remove_element(tags::TRIGGER_TIME);
    });
    for converted in found.convert() {
        let kinds: Vec<&AxisKind> = converted.volume.slow_axes().iter().map(|axis| axis.kind()).collect();
        assert_eq!(kinds, [&AxisKind::Label, &AxisKind::Time]);
    }
}

#[test]
fn facts_that_do_not_tell_all_frames_apart_order_none() {
    let study = labelled(|ds, _| {
        ds.remove_element(Tag(0x2005, 0x1429));
        // other pixels, so that nothing is a repetition
    });
    assert_eq!(study.refusal().0, "ambiguous-order");
}

/// Two slices of three repetitions, each a series of its own as Siemens' XA software splits them.
fn split(mark: impl Fn(&mut Dataset, usize)) -> Study {
    let mut all = Vec::new();
    for n in 0..6 {
        let (repetition, k) = (n / 2, n % 2);
        let mut ds = slice(MR, n, [0.0, 0.0, 3.0 * k as f64], (10 * repetition + k) as u16);
        text(&mut ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
        text(&mut ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\MB\\ND\\MFSPLIT");
        text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.5.{repetition}"));
        text(&mut ds, tags::SERIES_NUMBER, VR::IS, &(7001 + repetition).to_string());
        text(&mut ds, tags::SERIES_TIME, VR::TM, "194016.310000");
        text(&mut ds, tags::ACQUISITION_NUMBER, VR::IS, &(repetition + 1).to_string());
        mark(&mut ds, repetition);
        all.push(ds);
    }
    Study::of(all)
}

#[test]
fn series_that_are_repetitions_of_one_acquisition_are_one_volume() {
    let found = split(|_, _| {}).convert();
    assert_eq!(found.len(), 1);
    assert_eq!(planes(&found[0]), [0.0, 1.0, 10.0, 11.0, 20.0, 21.0]);
}

#[test]
fn series_of_other_times_thousands_or_makers_stay_apart() {
    let time = |ds: &mut Dataset, n: usize| text(ds, tags::SERIES_TIME, VR::TM, &format!("19401{n}"));
    let number = |ds: &mut Dataset, n: usize| text(ds, tags::SERIES_NUMBER, VR::IS, &(1000 * n + 1001).to_string());
    let maker = |ds: &mut Dataset, _: usize| text(ds, tags::MANUFACTURER, VR::LO, "Canon");
    let word = |ds: &mut Dataset, _: usize| text(ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\ND");
    assert_eq!(split(time).convert().len(), 3);
    assert_eq!(split(number).convert().len(), 3);
    assert_eq!(split(maker).convert().len(), 3);
    assert_eq!(split(word).convert().len(), 3);
}
