//! Images of one value, and images with voxels that are no number.

use isocenter_normalize::{
    CtWindow, Error, Fingerprint, FingerprintNormalize, Output, PercentileRescale, Region, Step, ZScore, apply_all,
    head, otsu,
};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Interpolation, Mask, Resample, Volume};
use proptest::prelude::*;

fn is_constant<T: std::fmt::Debug>(found: Result<T, Error>) -> bool {
    matches!(found, Err(error @ Error::Constant { .. }) if error.reason() == "constant")
}

/// Every step and measurement that divides by a spread refuses the image by that name.
fn refuses(image: &Volume<f32>, mask: Option<&Mask>, region: Region) {
    let ctx = Ctx::default();
    let rescale = |low, high| PercentileRescale::new(low, high).region(region).fit(image, mask, &ctx);
    assert!(is_constant(ZScore::new(region).fit(image, mask, &ctx)));
    assert!(is_constant(ZScore::new(region).ddof(1).fit(image, mask, &ctx)));
    assert!(is_constant(rescale(1.0, 99.0)) && is_constant(rescale(0.0, 100.0)));
    assert!(is_constant(otsu::threshold(image, region, mask, &ctx)));
    let found = Fingerprint::of(image, region, mask, &ctx).unwrap();
    assert!(is_constant(FingerprintNormalize::try_from(found)));
    // winsorizing divides by nothing
    assert!(PercentileRescale::new(1.0, 99.0).out(Output::Keep).region(region).fit(image, mask, &ctx).is_ok());
}

fn block(voxels: Vec<f32>) -> Volume<f32> {
    let grid = Geometry::new([12, 10, 8], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None));
    Volume::new(voxels, grid.unwrap()).unwrap()
}

fn random(n: usize) -> u32 {
    (n as u32).wrapping_mul(2_654_435_761) >> 8
}

#[test]
fn one_value_is_refused_by_name_whatever_its_size() {
    for value in [37.0f32, 0.1, 0.0, -1024.0, 65_535.0, 1e30, -3e38, 1e-30] {
        refuses(&block(vec![value; 960]), None, Region::All);
        assert!(is_constant(head::mask(&block(vec![value; 960]), &Ctx::default())));
        // but for its rounding: up to four units in the last place
        let next = |v: f32, by: u32| if v == 0.0 { v } else { f32::from_bits(v.to_bits() + by) };
        refuses(&block((0..960).map(|n| next(value, random(n) % 5)).collect()), None, Region::All);
        // beside a background that is no number
        let hole = |n: usize| if random(n).is_multiple_of(3) { f32::NAN } else { next(value, random(n) % 2) };
        refuses(&block((0..960).map(hole).collect()), None, Region::All);
    }
}

#[test]
fn one_value_in_the_mask_after_clipping_or_after_resampling_is_refused_too() {
    let ctx = Ctx::default();
    let image = block((0..960).map(|n| if n % 12 < 6 { 37.0 } else { n as f32 }).collect());
    let mask = Mask::from_fn(image.geometry().clone(), |n| n % 12 < 6);
    refuses(&image, Some(&mask), Region::Mask);
    refuses(&image, None, Region::Between(36.5, 37.5));
    let clipped = [Step::CtWindow(CtWindow::range(-2000.0, -1000.0).unwrap()), Step::ZScore(ZScore::default())];
    assert!(is_constant(apply_all(&clipped, image.clone(), None, &ctx)));
    for kind in [Interpolation::Linear, Interpolation::BSpline3] {
        for value in [37.0, 0.1, 1e30] {
            // nearly one value, so that the spline has something to do
            let near = (0..960).map(|n| f32::from_bits(f32::to_bits(value) + random(n) % 2)).collect();
            for image in [block(vec![value; 960]), block(near)] {
                let fine = Resample::to_spacing([1.3, 0.9, 1.0]).interpolation(kind).apply(&image).unwrap();
                assert!(is_constant(ZScore::default().fit(&fine, None, &ctx)), "{kind} {value}");
            }
        }
    }
}

#[test]
fn small_spreads_that_are_real_are_kept() {
    // a field map in Hz about a carrier, a temperature in kelvin, numbers of 16 bits that differ by one
    for (value, step) in [(127_720_000.0f32, 8.0), (310.0, 0.01), (65_534.0, 1.0), (0.0, 1e-30)] {
        let image = block((0..960).map(|n| value + step * (random(n) % 64) as f32).collect());
        assert!(ZScore::default().fit(&image, None, &Ctx::default()).is_ok(), "{value}");
        assert!(PercentileRescale::default().fit(&image, None, &Ctx::default()).is_ok(), "{value}");
    }
}

proptest! {
    #[test]
    fn what_is_not_finite_is_as_if_masked_out(voxels in crate::voxels(), seed in any::<u32>()) {
        let ctx = Ctx::default();
        let odd = |n: usize| random(n.wrapping_add(seed as usize)).is_multiple_of(4);
        let image = crate::image(voxels);
        let holes = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
        let with = image.voxels().iter().enumerate().map(|(n, v)| if odd(n) { holes[n % 3] } else { *v });
        let with = Volume::new(with.collect::<Vec<f32>>(), image.geometry().clone()).unwrap();
        let mask = Mask::from_fn(image.geometry().clone(), |n| !odd(n));
        let count = (0..image.voxels().len()).filter(|n| odd(*n)).count() as u64;
        for (all, masked) in [
            (Step::ZScore(ZScore::default()), Step::ZScore(ZScore::new(Region::Mask))),
            (
                Step::PercentileRescale(PercentileRescale::new(5.0, 95.0)),
                Step::PercentileRescale(PercentileRescale::new(5.0, 95.0).region(Region::Mask)),
            ),
        ] {
            match (all.fit(&with, None, &ctx), masked.fit(&image, Some(&mask), &ctx)) {
                (Ok(a), Ok(b)) => {
                    prop_assert_eq!(a.not_finite(), count);
                    prop_assert_eq!((a.map(), a.samples()), (b.map(), b.samples()));
                    let out = a.apply(&with, &ctx).unwrap();
                    let is_kept = |n: usize| out.voxels()[n].is_nan() == with.voxels()[n].is_nan();
                    prop_assert!((0..out.voxels().len()).all(is_kept));
                }
                (a, b) => prop_assert!(a.is_err() && b.is_err(), "{a:?} {b:?}"),
            }
        }
        let found = [Fingerprint::of(&with, Region::All, None, &ctx), Fingerprint::of(&image, Region::Mask, Some(&mask), &ctx)];
        prop_assert_eq!(found[0].clone().ok(), found[1].clone().ok());
    }
}

#[test]
fn nothing_but_nan_is_an_empty_region() {
    let ctx = Ctx::default();
    for value in [f32::NAN, f32::INFINITY] {
        let image = block(vec![value; 960]);
        let refused = |found: Result<(), Error>| assert_eq!(found.unwrap_err().reason(), "empty-region");
        refused(ZScore::default().fit(&image, None, &ctx).map(drop));
        refused(PercentileRescale::default().fit(&image, None, &ctx).map(drop));
        refused(otsu::threshold(&image, Region::All, None, &ctx).map(drop));
        refused(head::mask(&image, &ctx).map(drop));
        refused(Fingerprint::of(&image, Region::All, None, &ctx).map(drop));
    }
}

#[test]
fn the_head_is_the_same_in_front_of_zeros_and_of_nan_and_is_not_torn_by_specks() {
    let grid =
        Geometry::new([40, 40, 30], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let depth = |n: usize| {
        let p = [n % 40, n / 40 % 40, n / 1600].map(|v| v as f64);
        1.0 - ((p[0] - 19.5) / 15.0).powi(2) - ((p[1] - 19.5) / 17.0).powi(2) - ((p[2] - 14.5) / 12.0).powi(2)
    };
    // a bright shell around a darker middle, with a bright heart
    let tissue = |n: usize| {
        if depth(n) > 0.7 {
            800.0
        } else if depth(n) > 0.25 {
            300.0
        } else {
            600.0
        }
    };
    let noise = |n: usize| (random(n) % 20) as f32;
    let image = |air: &dyn Fn(usize) -> f32, speck: f32| {
        let is_speck = |n: usize| speck.is_nan() && random(n + 7).is_multiple_of(50);
        let value = |n: usize| {
            if depth(n) <= 0.0 {
                air(n)
            } else if is_speck(n) {
                speck
            } else {
                tissue(n) + noise(n)
            }
        };
        Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid.clone()).unwrap()
    };
    let ctx = Ctx::default();
    let wanted = head::mask(&image(&|_| 0.0, 0.0), &ctx).unwrap();
    assert!(wanted.count() > 8000);
    for found in [
        head::mask(&image(&|_| f32::NAN, 0.0), &ctx),
        head::mask(&image(&|n| if n % 2 == 0 { f32::NEG_INFINITY } else { f32::INFINITY }, 0.0), &ctx),
    ] {
        assert!(found.unwrap().to_bools() == wanted.to_bools());
    }
    let torn = head::mask(&image(&noise, f32::NAN), &ctx).unwrap();
    let differ = torn.to_bools().iter().zip(wanted.to_bools()).filter(|(a, b)| **a != *b).count() as u64;
    assert!(differ * 50 < wanted.count(), "{differ} of {}", wanted.count());
    // a z-score within it leaves the specks out and says how many
    let with = image(&noise, f32::NAN);
    let fitted = ZScore::new(Region::Head).fit(&with, None, &ctx).unwrap();
    assert_eq!(fitted.not_finite(), with.voxels().iter().filter(|v| v.is_nan()).count() as u64);
}
