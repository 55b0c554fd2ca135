use isocenter_volume::stats::{Cohort, Extremes, Histogram, Merge, Moments, percentiles};
use proptest::prelude::*;

use super::on_threads;

fn samples() -> impl Strategy<Value = Vec<f32>> {
    proptest::collection::vec(prop_oneof![9 => -1e3..1e3f32, 1 => Just(f32::NAN)], 1..400)
}

proptest! {
    #[test]
    fn percentiles_grow_and_end_at_the_extremes(v in samples(), p in 0.0..100.0f64) {
        prop_assume!(v.iter().any(|s| !s.is_nan()));
        let found = percentiles(&v, &[0.0, p, 100.0]).unwrap();
        let extremes = Extremes::of(&v);
        prop_assert_eq!((Some(found[0]), Some(found[2])), (extremes.min(), extremes.max()));
        prop_assert!(found[0] <= found[1] && found[1] <= found[2]);
    }

    #[test]
    fn merged_moments_are_those_of_all(v in samples(), cut in 0.0..1.0f64) {
        let (a, b) = v.split_at((v.len() as f64 * cut) as usize);
        let (mut merged, all) = (Moments::of(a), Moments::of(&v));
        merged.merge(&Moments::of(b)).unwrap();
        prop_assert_eq!((merged.count(), merged.not_finite()), (all.count(), all.not_finite()));
        if all.count() > 1 {
            prop_assert!((merged.mean() - all.mean()).abs() < 1e-9);
            prop_assert!((merged.variance(1) - all.variance(1)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_cohort_does_not_know_who_came_first(parts in proptest::collection::vec(samples(), 2..6)) {
        let id = |n: usize| format!("item-{n}");
        let forward = parts.iter().enumerate().fold(Cohort::new(), |mut c, (n, v)| { c.insert(id(n), Moments::of(v)); c });
        let mut backward = Cohort::new();
        for (n, v) in parts.iter().enumerate().rev() {
            let mut worker = Cohort::new();
            worker.insert(id(n), Moments::of(v));
            backward.extend(worker);
        }
        let [a, b] = [forward, backward].map(|c| c.finish().unwrap().unwrap());
        prop_assert_eq!(a.mean().to_bits(), b.mean().to_bits());
        prop_assert_eq!(a.variance(0).to_bits(), b.variance(0).to_bits());
    }

    #[test]
    fn a_histogram_loses_no_sample(v in samples()) {
        let mut h = Histogram::new(-500.0, 500.0, 13).unwrap();
        h.add(&v);
        let (below, above, nan) = h.outside();
        prop_assert_eq!(h.total() + below + above + nan, v.len() as u64);
    }
}

#[test]
fn thread_count_changes_no_bit_of_a_sum() {
    let v: Vec<f32> = (0..1_000_003u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 7) as f32 * 1e-3).collect();
    let run = || {
        let m = Moments::of(&v);
        let p = percentiles(&v, &[1.0, 37.3, 99.0]).unwrap();
        (m.mean().to_bits(), m.variance(1).to_bits(), p.iter().map(|p| p.to_bits()).collect::<Vec<_>>())
    };
    let one = on_threads(1, run);
    assert_eq!(one, on_threads(2, run));
    assert_eq!(one, on_threads(7, run));
}
