//! The uptake computed from the written header is the truth's.

use isocenter_dcm::{tags, value};
use isocenter_phantom::truth::Kind;

use crate::fixture::{cohort, distance, place};

/// Noise is 4 % a voxel: 1.3 % of a mean over 20 voxels at two deviations, and less over more.
const SUV_RELATIVE: f64 = 0.025;

#[test]
fn suv_from_dose_decay_and_weight_is_the_planted_one() {
    let fixture = cohort();
    let mut balls = 0;
    for series in fixture.truth.series.iter().filter(|s| s.kind == Kind::Pet) {
        let header = fixture.open(&series.files[0]).unwrap().dataset;
        assert_eq!(value::string(&header, tags::UNITS).as_deref(), Some("BQML"));
        assert_eq!(value::string(&header, tags::DECAY_CORRECTION).as_deref(), Some("START"));
        let tracer = value::item(&header, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE).unwrap();
        let seconds = |text: String| {
            let number = |r: std::ops::Range<usize>| text[r].parse::<f64>().unwrap();
            number(0..2) * 3600.0 + number(2..4) * 60.0 + number(4..6)
        };
        let injected = seconds(value::string(tracer, tags::RADIOPHARMACEUTICAL_START_TIME).unwrap());
        let started = seconds(value::string(&header, tags::SERIES_TIME).unwrap());
        let half_life = value::f64(tracer, tags::RADIONUCLIDE_HALF_LIFE).unwrap();
        let dose = value::f64(tracer, tags::RADIONUCLIDE_TOTAL_DOSE).unwrap();
        let weight_g = value::f64(&header, tags::PATIENT_WEIGHT).unwrap() * 1000.0;
        let factor = weight_g / (dose * libm::exp2(-(started - injected) / half_life));
        let values = fixture.values(series);
        let [nx, ny, _] = series.shape;
        for ball in fixture.truth.suv.iter().filter(|u| u.series_uid == series.series_uid) {
            let (mut sum, mut count) = (0.0, 0u32);
            for (n, v) in values.iter().enumerate() {
                let at = [n % nx, n / nx % ny, n / nx / ny].map(|v| v as f64);
                if distance(place(series, at), ball.centre_mm) <= ball.radius_mm {
                    sum += v * factor;
                    count += 1;
                }
            }
            balls += 1;
            let mean = sum / f64::from(count);
            assert!(
                count >= 12 && (mean / ball.value - 1.0).abs() < SUV_RELATIVE,
                "{}: {mean} for {} in {count}",
                ball.region,
                ball.value
            );
        }
    }
    assert_eq!(balls, 14);
}

#[test]
fn planes_have_slopes_of_their_own() {
    let fixture = cohort();
    let series = fixture.truth.series.iter().find(|s| s.kind == Kind::Pet).unwrap();
    let mut slopes: Vec<f64> = series
        .files
        .iter()
        .map(|f| value::f64(&fixture.open(f).unwrap().dataset, tags::RESCALE_SLOPE).unwrap())
        .collect();
    slopes.sort_by(f64::total_cmp);
    slopes.dedup();
    assert!(slopes.len() > series.files.len() / 2);
}
