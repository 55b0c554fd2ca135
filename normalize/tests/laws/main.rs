//! Laws that hold for any image.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // helpers of tests

mod augment;
mod bias;
mod brain;
mod cancel;
mod combat;
mod combat_more;
mod filters;
mod odd;
mod pipeline;
mod records;
mod standardize;
mod stream;

use isocenter_normalize::{CtWindow, Output, PercentileRescale, Region, Step, ZScore, moments, percentiles};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
use proptest::prelude::*;

pub(crate) fn image(voxels: Vec<f32>) -> Volume<f32> {
    let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
    Volume::new(voxels, grid).unwrap()
}

/// Values of a scanner's range, some equal, not all.
pub(crate) fn voxels() -> impl Strategy<Value = Vec<f32>> {
    let value = prop_oneof![-3000.0..3000.0f32, (-20..20i32).prop_map(|v| v as f32)];
    proptest::collection::vec(value, 2..400).prop_filter("not constant", |v| v.iter().any(|x| x != &v[0]))
}

/// f32 rounding of each result, at most 2^-24 relative to values of at most about 20.
const MEAN_TOLERANCE: f64 = 1e-6;

proptest! {
    #[test]
    fn zscore_has_mean_0_and_deviation_1(voxels in voxels(), ddof in 0..2u8) {
        let image = image(voxels);
        let (out, _) = Step::ZScore(ZScore::new(Region::All).ddof(ddof)).apply(&image, None, &Ctx::default()).unwrap();
        let found = moments(&out, Region::All, None, &Ctx::default()).unwrap();
        prop_assert!(found.mean().abs() < MEAN_TOLERANCE, "{}", found.mean());
        prop_assert!((found.standard_deviation(u64::from(ddof)) - 1.0).abs() < MEAN_TOLERANCE);
    }

    #[test]
    fn zscore_and_its_inverse_are_identity(voxels in voxels()) {
        let image = image(voxels);
        let ctx = Ctx::default();
        let fitted = ZScore::default().fit(&image, None, &ctx).unwrap();
        let inverse = fitted.inverse(isocenter_volume::Unit::Arbitrary).unwrap();
        let back = inverse.apply(&fitted.apply(&image, &ctx).unwrap(), &ctx).unwrap();
        for (a, b) in image.voxels().iter().zip(back.voxels()) {
            prop_assert!((a - b).abs() <= 1e-2, "{a} {b}"); // 3000 * 2^-24, times the number of deviations a value may be away
        }
    }

    #[test]
    fn window_is_monotone_and_idempotent(mut voxels in voxels(), centre in -500.0..500.0f64, width in 1.0..2000.0f64) {
        voxels.sort_by(f32::total_cmp);
        let image = image(voxels);
        let window = CtWindow::centre_width(centre, width).unwrap();
        let unit = window.to_fitted().unwrap().apply(&image, &Ctx::default()).unwrap();
        prop_assert!(unit.voxels().windows(2).all(|w| w[0] <= w[1]));
        prop_assert!(unit.voxels().iter().all(|v| (0.0..=1.0).contains(v)));
        let keep = window.out(Output::Keep).to_fitted().unwrap();
        let once = keep.apply(&image, &Ctx::default()).unwrap();
        let twice = keep.apply(&once, &Ctx::default()).unwrap();
        prop_assert_eq!(twice.voxels(), once.voxels());
    }

    #[test]
    fn percentiles_agree_with_sorting(voxels in voxels(), p in 0.0..100.0f64) {
        let mut sorted: Vec<f64> = voxels.iter().map(|&v| f64::from(v)).collect();
        sorted.sort_by(f64::total_cmp);
        let rank = p / 100.0 * (sorted.len() - 1) as f64;
        let (low, part) = (rank.floor() as usize, rank - rank.floor());
        let high = sorted[(low + 1).min(sorted.len() - 1)];
        let wanted = sorted[low] + (high - sorted[low]) * part;
        let found = percentiles(&image(voxels), &[p], Region::All, None, &Ctx::default()).unwrap()[0];
        prop_assert!((found - wanted).abs() <= 1e-12 * high.abs().max(sorted[low].abs()), "{found} {wanted}"); // order of operations
    }

    #[test]
    fn rescaled_percentiles_are_the_ends_of_the_range(voxels in voxels()) {
        let image = image(voxels);
        match PercentileRescale::new(10.0, 90.0).fit(&image, None, &Ctx::default()) {
            Ok(fitted) => {
                let out = fitted.apply(&image, &Ctx::default()).unwrap();
                prop_assert!(out.voxels().iter().all(|v| (0.0..=1.0).contains(v)));
            }
            Err(error) => {
                // only where both percentiles fall on one value is there no range to stretch
                let ends = percentiles(&image, &[10.0, 90.0], Region::All, None, &Ctx::default()).unwrap();
                prop_assert_eq!(ends[0], ends[1], "{}", error);
            }
        }
    }

    #[test]
    fn all_forms_of_apply_give_the_same_bits(voxels in voxels()) {
        let image = image(voxels);
        let step = Step::ZScore(ZScore::new(Region::Above(0.0)));
        match step.apply(&image, None, &Ctx::default()) {
            Ok((out, record)) => {
                let mut buffer = vec![0.0; image.voxels().len()];
                record.fitted().apply_into(&image, &mut buffer, &Ctx::default()).unwrap();
                prop_assert_eq!(out.voxels(), buffer.as_slice());
                let (same, again) = step.apply_in_place(image, None, &Ctx::default()).unwrap();
                prop_assert_eq!(out.voxels(), same.voxels());
                prop_assert_eq!(out.provenance(), same.provenance());
                prop_assert_eq!(record, again);
            }
            Err(error) => {
                // only without two values above 0 is there no deviation to divide by
                let above: Vec<f32> = image.voxels().iter().copied().filter(|v| *v > 0.0).collect();
                prop_assert!(above.windows(2).all(|w| w[0] == w[1]), "{}", error);
            }
        }
    }
}

#[test]
fn thread_count_changes_nothing() {
    let voxels: Vec<f32> =
        (0..300_001u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 8) as f32 / 1e3 - 5_000.0).collect();
    let image = image(voxels);
    let steps = [
        Step::ZScore(ZScore::new(Region::AboveMean).ddof(1)),
        Step::PercentileRescale(PercentileRescale::new(0.5, 99.5).out(Output::Range([-1.0, 1.0]))),
        Step::CtWindow(CtWindow::range(0.1, 0.9).unwrap()),
    ];
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let ctx = Ctx::default().with_pool(&pool);
        let (out, records) = isocenter_normalize::apply_all(&steps, image.clone(), None, &ctx).unwrap();
        (out.voxels().iter().map(|v| v.to_bits()).collect::<Vec<_>>(), records)
    };
    let one = run(1);
    assert!(one == run(2) && one == run(7));
}

#[test]
fn records_round_trip_and_hold_what_was_found() {
    let image = image(vec![0.0, 2.0, 4.0, f32::NAN]);
    let (out, record) = Step::ZScore(ZScore::new(Region::NonZero)).apply(&image, None, &Ctx::default()).unwrap();
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<isocenter_normalize::FittedRecord>(&text).unwrap(), record);
    assert_eq!((record.fitted().samples(), record.fitted().not_finite()), (2, 1));
    assert!(out.voxels()[3].is_nan());
    let noted = &out.provenance().operations()[0];
    assert_eq!((noted.name(), &noted.parameters()["step"]), ("normalize", &"zscore".into()));
    assert_eq!((&noted.parameters()["shift"], &noted.parameters()["scale"]), (&3.0.into(), &1.0.into()));
}
