//! Standardizing and histograms: the same bits anywhere, typed errors for odd images, and no fault that a tool of the field has.

use isocenter_normalize::{
    Error, Map, Region, Step,
    filter::{Ahe, Clahe},
    histogram::{Cdf, CdfMatch, HistogramEqualize, HistogramMatch, Quantiles},
    standardize::{
        Bandwidth, Clusters, Fcm, KdePeak, Lsq, Nyul, Peak, Rule, ScalePart, StandardScale, Tissue, WhiteStripe,
    },
};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Mask, Unit, Volume, stats::Cohort};
use proptest::prelude::*;

fn block(voxels: Vec<f32>) -> Volume<f32> {
    let grid = Geometry::new([24, 20, voxels.len() / 480], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    Volume::new(voxels, grid).unwrap()
}

fn random(n: usize) -> f32 {
    ((n as u32).wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0
}

/// The sum of twelve even numbers is nearly normal, of deviation 1.
fn normal(n: usize) -> f32 {
    (0..12).map(|k| random(12 * n + k + 1)).sum::<f32>() - 6.0
}

/// Air, fluid about 60, grey matter about 110, white matter about 160, with noise.
pub(crate) fn brain(len: usize) -> Volume<f32> {
    let tissue = |n: usize| match n * 7919 % 10 {
        0..3 => 0.0,
        3 => 60.0 + 6.0 * normal(n),
        4..7 => 110.0 + 6.0 * normal(n),
        _ => 160.0 + 5.0 * normal(n),
    };
    block((0..len).map(tissue).collect())
}

/// Every step of these families, with defaults or what is usual.
pub(crate) fn steps(image: &Volume<f32>) -> Vec<Step> {
    let ctx = Ctx::default();
    let scale = StandardScale::new(vec![1.0, 50.0, 99.0], vec![0.0, 60.0, 100.0]).unwrap();
    let quantiles = Quantiles::of(image, [128, 5], true, Region::All, None, &ctx).unwrap();
    let cdf = Cdf::of(image, 999, Region::All, None, &ctx).unwrap();
    vec![
        Step::Nyul(Nyul::new(scale)),
        Step::WhiteStripe(WhiteStripe::default()),
        Step::Fcm(Fcm::default()),
        Step::KdePeak(KdePeak::default()),
        Step::Lsq(Lsq::new([1.0, 2.0, 3.0]).unwrap()),
        Step::HistogramMatch(HistogramMatch::new(quantiles, true)),
        Step::CdfMatch(CdfMatch::new(cdf)),
        Step::HistogramEqualize(HistogramEqualize::new(64, [0.0, 1.0]).unwrap()),
        Step::Clahe(Clahe::default()),
        Step::Ahe(Ahe::new([2, 2, 1]).unwrap()),
    ]
}

#[test]
fn threads_and_the_way_of_applying_change_nothing_and_the_input_stays() {
    // more than one block of work
    let image = brain(480 * 140);
    let before = image.voxels().to_vec();
    for step in steps(&image) {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| step.apply(&image, None, &Ctx::default())).unwrap()
        };
        let ((one, record), (four, same)) = (run(1), run(4));
        assert!(one.voxels() == four.voxels() && record == same, "{}", step.name());
        let (alone, _) = step.apply_in_place(block(before.clone()), None, &Ctx::default()).unwrap();
        assert!(alone.voxels() == one.voxels(), "{}", step.name());
        // MONAI's NormalizeIntensity(nonzero=True) writes into what it is handed
        assert!(image.voxels() == before, "{}", step.name());
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<isocenter_normalize::FittedRecord>(&text).unwrap(), record);
    }
}

#[test]
fn odd_images_are_refused_by_name() {
    let steps = steps(&brain(4800));
    let reason = |step: &Step, image: Volume<f32>| {
        step.apply(&image, None, &Ctx::default()).err().map_or("none", |error| error.reason())
    };
    for step in &steps {
        for value in [f32::NAN, f32::INFINITY] {
            assert_eq!(reason(step, block(vec![value; 960])), "empty-region", "{}", step.name());
        }
        for value in [37.0f32, 0.1, 65_535.0] {
            let next = |n: usize| f32::from_bits(value.to_bits() + n as u32 % 3);
            assert_eq!(reason(step, block(vec![value; 960])), "constant", "{}", step.name());
            assert_eq!(reason(step, block((0..960).map(next).collect())), "constant", "{}", step.name());
        }
    }
    // nothing above 0
    for step in &steps[..5] {
        assert_eq!(reason(step, block((0..960).map(|n| -(n as f32)).collect())), "empty-region", "{}", step.name());
    }
    let two = block((0..960).map(|n| [3.0, 9.0][n % 2]).collect());
    assert_eq!(reason(&steps[2], two), "too-few-samples");
}

#[test]
fn what_is_no_number_is_left_out_and_stays() {
    let image = brain(4800);
    let is_hole = |n: usize| n % 11 == 5;
    let mask = Mask::from_fn(image.geometry().clone(), |n| !is_hole(n));
    let with: Vec<f32> =
        image.voxels().iter().enumerate().map(|(n, v)| if is_hole(n) { f32::NAN } else { *v }).collect();
    let with = block(with);
    let ctx = Ctx::default();
    for step in steps(&image) {
        let (out, record) = step.apply(&with, None, &ctx).unwrap();
        assert_eq!(record.fitted().not_finite(), 4800 / 11, "{}", step.name());
        assert!((0..4800).all(|n| out.voxels()[n].is_nan() == is_hole(n)), "{}", step.name());
        let masked = match step {
            Step::HistogramMatch(step) => step.region(Region::Mask).fit(&image, Some(&mask), &ctx),
            Step::CdfMatch(step) => step.region(Region::Mask).fit(&image, Some(&mask), &ctx),
            Step::HistogramEqualize(step) => step.region(Region::Mask).fit(&image, Some(&mask), &ctx),
            _ => continue,
        };
        assert_eq!(masked.unwrap().map(), record.fitted().map());
    }
}

#[test]
fn the_peak_is_the_tissues_and_not_smoothed_away() {
    let image = brain(48_000);
    let peak = |step: KdePeak| step.fit(&image, None, &Ctx::default()).unwrap().measured()["peak"];
    assert!((peak(KdePeak::new(Rule::Last)) - 160.0).abs() < 2.0);
    assert!((peak(KdePeak::new(Rule::Largest)) - 160.0).abs() < 2.0);
    assert!((peak(KdePeak::new(Rule::First)) - 60.0).abs() < 2.0);
    // a bandwidth of max / 80 taken for a factor of the deviation, as intensity-normalization 3.0.1 does, leaves one broad hill
    let deviation = 40.0;
    let smeared = Peak::new(Rule::Last, Bandwidth::Fixed(180.0 / 80.0 * deviation), 512);
    assert!((peak(KdePeak::default().peak(smeared).unwrap()) - 160.0).abs() > 20.0);
}

#[test]
fn clusters_are_the_tissues_in_every_run_and_whatever_the_number() {
    let (image, ctx) = (brain(48_000), Ctx::default());
    let of = |count, m| Clusters::of(&image, count, m, Region::Above(0.0), None, &ctx).unwrap();
    let first = of(3, 2.0);
    assert!(first.centres().iter().zip([60.0, 110.0, 160.0]).all(|(a, b)| (a - b).abs() < 2.0), "{first:?}");
    // scikit-fuzzy starts at random: four runs differ by 5e-6
    assert!((0..3).all(|_| of(3, 2.0) == first));
    assert!((of(3, 1.5).centres()[2] - 160.0).abs() < 2.0);
    let sum: f64 = first.memberships(97.0).iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
    for (tissue, mean) in [(Tissue::Csf, 60.0), (Tissue::Gm, 110.0), (Tissue::Wm, 160.0)] {
        let found = Fcm::new(tissue).fit(&image, None, &ctx).unwrap().measured()["tissue_mean"];
        assert!((found - mean).abs() < 6.0, "{found} {mean}");
    }
    assert!(Fcm::default().clusters(1).is_err() && Fcm::default().fuzziness(1.0).is_err());
}

#[test]
fn the_stripe_is_about_white_matter() {
    let fitted = WhiteStripe::default().fit(&brain(48_000), None, &Ctx::default()).unwrap();
    assert!((fitted.measured()["mean"] - 160.0).abs() < 2.0, "{:?}", fitted.measured());
    let share = fitted.samples() as f64 / (48_000.0 * 0.7);
    assert!((share - 0.1).abs() < 0.01, "{share}");
    assert!(WhiteStripe::default().width(0.0, 0.0).is_err() && WhiteStripe::default().width(-0.1, 0.5).is_err());
}

#[test]
fn recipes_refuse_what_cannot_be() {
    for bad in [
        "name = 'nyul'\npercentiles = [1, 50]\nscale = [0]",
        "name = 'nyul'\npercentiles = [50, 1]\nscale = [0, 1]",
        "name = 'nyul'\npercentiles = [1, 50]\nscale = [1, 0]",
        "name = 'nyul'\npercentiles = [1, 150]\nscale = [0, 1]",
        "name = 'white_stripe'\nrule = 'middle'",
        "name = 'white_stripe'\nbelow = 2",
        "name = 'white_stripe'\ntail_percentile = 0",
        "name = 'white_stripe'\nbandwidth = { fixed = 0 }",
        "name = 'fcm'\nclusters = 99",
        "name = 'kde_peak'\npoints = 2",
        "name = 'lsq'\nmeans = [1, 3, 2]",
        "name = 'histogram_match'\nreference = [0, 1]",
        "name = 'histogram_match'\nreference = [0, 1, 2, 3]\nlevels = 1",
        "name = 'cdf_match'\nreference = { values = [1, 2], shares = [0.5, 0.9] }",
        "name = 'cdf_match'\nreference = { values = [1, 1], shares = [0.5, 1] }",
        "name = 'histogram_equalize'\nout = [1, 0]",
        "name = 'clahe'\ntile = [0, 1, 1]",
        "name = 'clahe'\nclip_limit = 2",
        "name = 'ahe'\nradius = [1, 2, 999]",
        "name = 'ahe'\nalpha = -1",
        "name = 'fcm'\ntisue = 'wm'",
    ] {
        assert!(toml::from_str::<Step>(bad).is_err(), "{bad}");
    }
    for good in [
        "name = 'nyul'\npercentiles = [1, 50]\nscale = [0, 1]\nends = 'hold'\nregion = 'mask'",
        "name = 'white_stripe'",
        "name = 'kde_peak'\nbandwidth = { part_of_max = 0.02 }",
        "name = 'histogram_match'\nreference = [0, 1, 2, 3]",
        "name = 'clahe'\ntile = [8, 8, 4]",
    ] {
        toml::from_str::<Step>(good).unwrap_or_else(|e| panic!("{good}: {e}"));
    }
}

/// Rounding to f32 of values up to about 3000, there and back.
const THERE_AND_BACK: f32 = 2e-2;

proptest! {
    #[test]
    fn a_cohort_has_one_scale_whoever_came_first(parts in proptest::collection::vec(crate::voxels(), 1..5)) {
        let ctx = Ctx::default();
        let part = |v: &Vec<f32>| ScalePart::of(&crate::image(v.clone()), &StandardScale::DECILES, Region::All, None, &ctx);
        let (mut one, mut other) = (Cohort::new(), Cohort::new());
        for (n, v) in parts.iter().enumerate() {
            let Ok(found) = part(v) else { continue };
            one.insert(n.to_string(), found);
        }
        for (id, found) in one.parts().collect::<Vec<_>>().into_iter().rev() {
            // parts come from workers as text
            other.insert(id, serde_json::from_str(&serde_json::to_string(found).unwrap()).unwrap());
        }
        match (StandardScale::of_cohort(&one, [0.0, 100.0]), StandardScale::of_cohort(&other, [0.0, 100.0])) {
            (Ok(a), Ok(b)) => {
                prop_assert_eq!((a.values()[0], a.values()[10]), (0.0, 100.0));
                prop_assert_eq!(&a, &b);
                prop_assert_eq!(serde_json::from_str::<StandardScale>(&serde_json::to_string(&a).unwrap()).unwrap(), a);
            }
            (a, b) => prop_assert!(one.is_empty() && a == b),
        }
    }

    #[test]
    fn nyul_brings_percentiles_to_the_scale_and_back(voxels in crate::voxels()) {
        let (image, ctx) = (crate::image(voxels), Ctx::default());
        let scale = StandardScale::new(vec![0.0, 30.0, 60.0, 100.0], vec![-1.0, 2.0, 40.0, 100.0]).unwrap();
        let Ok(fitted) = Nyul::new(scale).region(Region::All).fit(&image, None, &ctx) else { return Ok(()) };
        let out = fitted.apply(&image, &ctx).unwrap();
        let ends = |image| isocenter_normalize::percentiles(image, &[0.0, 30.0, 60.0, 100.0], Region::All, None, &ctx).unwrap();
        let (own, found) = (ends(&image), ends(&out));
        // where two percentiles meet, the map jumps, and the value of both goes to one of their places
        if own.windows(2).all(|w| w[1] > w[0]) {
            prop_assert!((found[0] + 1.0).abs() < 1e-5 && (found[3] - 100.0).abs() < 1e-4, "{:?}", found);
        }
        let Map::Pieces(map) = fitted.map() else { panic!() };
        let is_steep = map.knots().windows(2).all(|w| w[1] - w[0] > 1.0 && w[1] - w[0] < 4000.0);
        match fitted.inverse(Unit::Arbitrary) {
            Ok(inverse) if is_steep => {
                let back = inverse.apply(&out, &ctx).unwrap();
                prop_assert!(back.voxels().iter().zip(image.voxels()).all(|(a, b)| (a - b).abs() < THERE_AND_BACK));
            }
            Ok(_) => {}
            Err(error) => prop_assert_eq!(error, Error::NotInvertible { why: "the map jumps" }),
        }
    }

    #[test]
    fn matching_to_itself_changes_nothing_and_equalizing_orders(voxels in crate::voxels()) {
        let (image, ctx) = (crate::image(voxels), Ctx::default());
        let step = CdfMatch::new(Cdf::of(&image, Cdf::MAX, Region::All, None, &ctx).unwrap());
        if let Ok(fitted) = step.fit(&image, None, &ctx) {
            let out = fitted.apply(&image, &ctx).unwrap();
            prop_assert!(out.voxels().iter().zip(image.voxels()).all(|(a, b)| (a - b).abs() <= 1e-3), "{:?}", out.voxels());
        }
        if let Ok(fitted) = HistogramEqualize::new(32, [0.0, 1.0]).unwrap().fit(&image, None, &ctx) {
            let out = fitted.apply(&image, &ctx).unwrap();
            let mut pairs: Vec<(f32, f32)> = image.voxels().iter().copied().zip(out.voxels().iter().copied()).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            prop_assert!(pairs.windows(2).all(|w| w[0].1 <= w[1].1));
        }
    }
}
