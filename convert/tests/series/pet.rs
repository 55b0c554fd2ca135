//! Facts of a PET acquisition, and its slopes.

use isocenter_dcm::{Dataset, Tag, VR, tags};
use isocenter_volume::{Ctx, Unit, meta::Pet};

use crate::support::{PET, Study, item, number, sequence, slice, text};

fn series(change: impl Fn(&mut Dataset, &mut Dataset)) -> Pet {
    let slices = (0..3).map(|k| {
        let mut ds = slice(PET, k, [0.0, 0.0, 3.0 * k as f64], 100);
        number(&mut ds, tags::RESCALE_SLOPE, 1.0 + k as f64);
        number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
        text(&mut ds, tags::UNITS, VR::CS, "BQML");
        text(&mut ds, tags::DECAY_CORRECTION, VR::CS, "START");
        text(&mut ds, tags::CORRECTED_IMAGE, VR::CS, "DECY\\ATTN\\SCAT");
        text(&mut ds, tags::SERIES_DATE, VR::DA, "20240305");
        text(&mut ds, tags::SERIES_TIME, VR::TM, "110000");
        text(&mut ds, tags::ACQUISITION_DATE, VR::DA, "20240305");
        text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("1100{:02}", 10 * k));
        number(&mut ds, tags::PATIENT_WEIGHT, 70.0);
        let mut tracer = item(|t| {
            number(t, tags::RADIONUCLIDE_TOTAL_DOSE, 3.7e8);
            number(t, tags::RADIONUCLIDE_HALF_LIFE, 6586.2);
            text(t, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, "100000.000");
        });
        change(&mut ds, &mut tracer);
        sequence(&mut ds, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![tracer]);
        ds
    });
    let found = Study::of(slices.collect::<Vec<_>>()).convert();
    assert_eq!(found[0].volume.scaling().unit(), &Unit::BqPerMl);
    let real = found[0].volume.to_real(&Ctx::default()).unwrap();
    let values: Vec<f32> = (0..3).map(|k| real.voxels()[12 * k + 1]).collect();
    assert_eq!(values, [100.0, 200.0, 300.0], "a slope for each slice");
    found[0].volume.meta().pet.clone().unwrap()
}

#[test]
fn the_series_time_is_the_reference() {
    let pet = series(|_, _| {});
    assert_eq!(pet.injection_to_reference_s, Some(3600.0));
    assert_eq!((pet.injected_dose_bq, pet.half_life_s, pet.weight_kg), (Some(3.7e8), Some(6586.2), Some(70.0)));
    assert_eq!(pet.corrected_for_decay_and_attenuation, Some(true));
}

#[test]
fn a_later_series_time_is_not() {
    // post-processed: the start is computed back from the frame (t_acq + t_average - frame reference time)
    let pet = series(|ds, _| {
        text(ds, tags::SERIES_TIME, VR::TM, "150000");
        number(ds, tags::ACTUAL_FRAME_DURATION, 120_000.0);
        number(ds, tags::FRAME_REFERENCE_TIME, 60_000.0);
    });
    let lambda = std::f64::consts::LN_2 / 6586.2;
    let x: f64 = lambda * 120.0;
    let average = libm::log(x / (1.0 - libm::exp(-x))) / lambda;
    assert!((pet.injection_to_reference_s.unwrap() - (3600.0 + average - 60.0)).abs() < 1e-5);
    // where the frame does not say when it was, the earliest acquisition is what is left (QIBA)
    let unknown = series(|ds, _| text(ds, tags::SERIES_TIME, VR::TM, "150000"));
    assert_eq!(unknown.injection_to_reference_s, Some(3600.0));
}

#[test]
fn an_injection_after_the_scan_was_the_day_before() {
    let pet = series(|_, tracer| text(tracer, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, "233000"));
    assert_eq!(pet.injection_to_reference_s, Some(11.5 * 3600.0));
}

#[test]
fn decay_corrected_to_the_injection_needs_no_time() {
    let pet = series(|ds, _| text(ds, tags::DECAY_CORRECTION, VR::CS, "ADMIN"));
    assert_eq!(pet.injection_to_reference_s, Some(0.0));
    let none = series(|ds, _| text(ds, tags::DECAY_CORRECTION, VR::CS, "NONE"));
    assert_eq!(none.injection_to_reference_s, None);
}

#[test]
fn a_dose_in_megabecquerel_is_seen() {
    let pet = series(|_, tracer| number(tracer, tags::RADIONUCLIDE_TOTAL_DOSE, 370.0));
    assert_eq!(pet.injected_dose_bq, Some(3.7e8));
}

#[test]
fn a_stated_day_is_not_moved() {
    let at = |moment: &str| {
        let moment = moment.to_owned();
        series(move |_, tracer| {
            tracer.remove_element(tags::RADIOPHARMACEUTICAL_START_TIME);
            text(tracer, tags::RADIOPHARMACEUTICAL_START_DATE_TIME, VR::DT, &moment);
        })
        .injection_to_reference_s
    };
    assert_eq!(at("20240305100000"), Some(3600.0));
    assert_eq!(at("20240304230000"), Some(43_200.0));
    // ten minutes, and a day, after the scan
    assert_eq!((at("20240305111000"), at("20240306100000")), (None, None));
    // a date that was shifted apart from the others: the time of day is as good
    assert_eq!(at("20190817100000"), Some(3600.0));
    assert_eq!(at("20190817111000"), None);
}

#[test]
fn a_time_of_day_after_the_scan_is_the_day_before_only_where_some_tracer_is_left() {
    let at = |time: &str, half_life: f64| {
        series(|_, tracer| {
            text(tracer, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, time);
            number(tracer, tags::RADIONUCLIDE_HALF_LIFE, half_life);
        })
        .injection_to_reference_s
    };
    assert_eq!(at("111000", 6586.2), None);
    assert_eq!(at("111000", 282_240.0), Some(85_800.0), "zirconium-89 is imaged the next day");
}

#[test]
fn an_offset_from_utc_counts() {
    let with = |injected: &str, zone: Option<&str>, local: Option<&str>| {
        series(|ds, tracer| {
            tracer.remove_element(tags::RADIOPHARMACEUTICAL_START_TIME);
            text(tracer, tags::RADIOPHARMACEUTICAL_START_DATE_TIME, VR::DT, injected);
            if let Some(zone) = zone {
                text(ds, tags::TIMEZONE_OFFSET_FROM_UTC, VR::SH, zone);
            }
            if let Some(local) = local {
                text(tracer, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, local);
            }
        })
        .injection_to_reference_s
    };
    assert_eq!(with("20240305090000+0000", Some("+0100"), None), Some(3600.0));
    assert_eq!(with("20240305100000+0100", Some("+0100"), None), Some(3600.0));
    assert_eq!(with("20240304223000-0530", Some("+0530"), None), Some(5400.0));
    assert_eq!(with("20240305090000+0000", None, Some("1000")), Some(3600.0), "the time beside it is local");
    assert_eq!(with("20240305100000+0100", None, None), Some(3600.0), "taken for the file's zone");
    let by_acquisition = series(|ds, tracer| {
        tracer.remove_element(tags::RADIOPHARMACEUTICAL_START_TIME);
        text(ds, tags::ACQUISITION_DATE_TIME, VR::DT, "20240305110000+0200");
        text(tracer, tags::RADIOPHARMACEUTICAL_START_DATE_TIME, VR::DT, "20240305080000+0000");
    });
    assert_eq!(by_acquisition.injection_to_reference_s, Some(3600.0));
}

#[test]
fn a_makers_factor_for_counts_is_read_where_it_holds_for_all() {
    let with = |factor: fn(usize) -> f64| {
        let slices = (0..3).map(|k| {
            let mut ds = slice(PET, k, [0.0, 0.0, 3.0 * k as f64], 100);
            number(&mut ds, tags::RESCALE_SLOPE, 1.0);
            number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
            text(&mut ds, tags::UNITS, VR::CS, "CNTS");
            text(&mut ds, Tag(0x7053, 0x0010), VR::LO, "Philips PET Private Group");
            number(&mut ds, Tag(0x7053, 0x1000), factor(k));
            number(&mut ds, Tag(0x7053, 0x1009), 2.5);
            ds
        });
        let found = Study::of(slices.collect::<Vec<_>>()).convert();
        let pet = found[0].volume.meta().pet.clone().unwrap();
        (pet.suv_per_count, pet.bqml_per_count)
    };
    assert_eq!(with(|_| 0.000_551), (Some(0.000_551), Some(2.5)));
    assert_eq!(with(|_| 0.0), (None, Some(2.5)));
    assert_eq!(with(|k| 0.001 * (k + 1) as f64), (None, Some(2.5)));
}
