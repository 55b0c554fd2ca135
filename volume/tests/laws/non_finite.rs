//! Samples that are not finite stay where they are and reach nothing else; an image of one value keeps it.

use isocenter_volume::{
    Affine, Ctx, Edge, Frame, Geometry, Interpolation, Real, Resample, Sampler, Volume, non_finite, strategy,
};
use proptest::prelude::*;

use super::on_threads;

const KINDS: [Interpolation; 4] =
    [Interpolation::Nearest, Interpolation::Linear, Interpolation::BSpline3, Interpolation::Lanczos { radius: 3 }];
const HOLES: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// Every voxel for which `kind` gives a number of [`HOLES`] becomes that.
fn with_holes(v: &Volume<f32>, kind: impl Fn(usize) -> Option<usize>) -> Volume<f32> {
    let voxels = v.voxels().iter().enumerate().map(|(n, v)| kind(n).map_or(*v, |h| HOLES[h % 3])).collect::<Vec<_>>();
    Volume::new(voxels, v.geometry().clone()).unwrap()
}

fn same_hole(a: f32, b: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_place_is_not_finite_exactly_where_its_nearest_voxel_is(
        v in strategy::volume(), g in strategy::geometry(), step in 0.3..9.0f64, seed in any::<u32>(), share in 1..8u32,
    ) {
        let random = |n: usize| (n as u32).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 8;
        let v = with_holes(&v, |n| (random(n) % 8 < share).then(|| random(n) as usize / 8));
        let shift = [0, 1, 2].map(|x| v.geometry().centre_mm()[x] - g.centre_mm()[x]);
        let turned = Resample::to_geometry(g).transform(Affine::translation_by(shift));
        for how in [turned, Resample::to_spacing([step, step * 0.7, step * 1.3])] {
            for edge in [Edge::Value(-7.0), Edge::Clamp] {
                let how = how.clone().edge(edge);
                let wanted = how.clone().interpolation(Interpolation::Nearest).apply(&v).unwrap();
                for kind in KINDS {
                    for antialias in [false, true] {
                        let run = || how.clone().interpolation(kind).antialias(antialias).apply(&v).unwrap();
                        let out = on_threads(1, run);
                        for (o, w) in out.voxels().iter().zip(wanted.voxels()) {
                            prop_assert!(if w.is_finite() { o.is_finite() } else { same_hole(*o, *w) }, "{kind} {o} {w}");
                        }
                        let bits = |v: &Volume<f32>| v.voxels().iter().map(|s| s.to_bits()).collect::<Vec<_>>();
                        prop_assert_eq!(bits(&out), bits(&on_threads(3, run)));
                    }
                }
            }
        }
    }

    #[test]
    fn the_sampler_and_the_grid_agree(v in strategy::volume(), step in 0.3..9.0f64, seed in any::<u32>()) {
        let v = with_holes(&v, |n| ((n as u32).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 30 == 0).then_some(n));
        for kind in KINDS {
            let sampler = Sampler::of_volume(&v, kind).unwrap().edge(Edge::Value(-7.0));
            let out = Resample::to_spacing([step; 3]).interpolation(kind).outside(-7.0).apply(&v).unwrap();
            let [nx, ny, _] = out.shape();
            for (n, found) in out.voxels().iter().enumerate() {
                let index = [n % nx, n / nx % ny, n / nx / ny].map(|i| i as f64);
                let place = v.geometry().index_of(out.geometry().world_of(index));
                let on_edge = place.iter().any(|p| ((p + 0.5) - (p + 0.5).round()).abs() < 1e-6);
                let (wanted, slope) = sampler.value_and_gradient(place).unwrap();
                prop_assert!(wanted.is_finite() || slope == [0.0; 3]);
                let near = (f64::from(*found) - wanted).abs() < 4e-3;
                prop_assert!(on_edge || near || same_hole(*found, wanted as f32), "{kind} {place:?} {found} {wanted}");
            }
        }
    }

    #[test]
    fn one_value_stays_that_value_to_the_bit(
        g in strategy::geometry(), step in 0.3..9.0f64, holes in 0..3usize,
        value in prop_oneof![Just(37.0f32), Just(0.1), Just(-1024.0), Just(3e38), Just(-1.2e-30), -1e4..1e4f32],
    ) {
        let flat = Volume::new(vec![value; g.len()], g.clone()).unwrap();
        let flat = with_holes(&flat, |n| (n % 5 < holes).then_some(n));
        let turned = Resample::to_geometry(g).transform(Affine::translation_by([0.31, 0.17, 0.05])).edge(Edge::Clamp);
        for how in [turned, Resample::to_spacing([step, step * 0.7, step * 1.3]).antialias(true)] {
            for kind in [Interpolation::Nearest, Interpolation::Linear, Interpolation::BSpline3] {
                let out = how.clone().interpolation(kind).apply(&flat).unwrap();
                prop_assert!(out.voxels().iter().all(|v| *v == value || !v.is_finite()), "{kind}");
                prop_assert!(holes > 0 || out.voxels().iter().all(|v| *v == value), "{kind}");
            }
        }
        let sampler = Sampler::of_volume(&flat, Interpolation::BSpline3).unwrap();
        let [nx, ny, nz] = flat.shape();
        let middle = [nx, ny, nz].map(|n| (n as f64 - 1.0) / 2.0 + 0.2).map(|p| p.max(0.0));
        let found = sampler.value(middle);
        prop_assert!(found.is_none_or(|v| !v.is_finite() || (v / f64::from(value) - 1.0).abs() < 1e-12), "{found:?}");
    }
}

/// A field without symmetry that changes slowly against a voxel of 1 mm.
fn field(p: [f64; 3]) -> f64 {
    900.0 + 3.0 * p[0] + 5.0 * p[1] - 2.0 * p[2]
        + 60.0 * libm::sin(p[0] / 9.0)
        + 40.0 * libm::cos(p[1] / 8.0 + p[2] / 11.0)
}

/// Half a voxel along each axis where the field is steepest (10, 10 and 6 a mm), and the ripple of a spline at a border: what an image's
/// own edge costs too.
const BORDER: f64 = 14.0;
/// Away from a border: the spline's own error on this field, and f32.
const INSIDE: f64 = 0.02;

/// An image of the field with what `hole` names left out, resampled to 0.6 mm and to 2.3 mm; every value against the field.
fn held_against_the_field<T: Real>(name: &str, hole: impl Fn([f64; 3]) -> bool, inside: f64) {
    let affine = Affine::from_spacing_origin([1.0; 3], [-20.0, -18.0, -15.0]);
    let grid = Geometry::new([40, 36, 30], affine, Frame::Patient(None)).unwrap();
    let place = |g: &Geometry, n: usize| {
        let [nx, ny, _] = g.shape();
        g.world_of([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64])
    };
    let value = |n: usize| if hole(place(&grid, n)) { f64::NAN } else { field(place(&grid, n)) };
    let image = Volume::new((0..grid.len()).map(|n| T::from_f64(value(n))).collect::<Vec<T>>(), grid.clone()).unwrap();
    for (spacing, antialias) in [(0.6, false), (2.3, true)] {
        for kind in [Interpolation::Linear, Interpolation::BSpline3] {
            let how = Resample::to_spacing([spacing; 3]).interpolation(kind).antialias(antialias).edge(Edge::Clamp);
            let out = how.apply(&image).unwrap();
            let near = how.interpolation(Interpolation::Nearest).antialias(false).apply(&image).unwrap();
            let (mut held, mut deep) = (0, 0);
            for (n, (o, k)) in out.voxels().iter().zip(near.voxels()).enumerate() {
                assert_eq!(o.to_f64().is_nan(), k.to_f64().is_nan(), "{name} {kind} {n}");
                let p = place(out.geometry(), n);
                // how far the next hole, or the end of the image, is
                let far = |d: f64| {
                    (0..3).all(|a| (p[a] - [-0.5, -0.5, -0.5][a]).abs() < [19.5, 17.5, 14.5][a] - d)
                        && [-d, 0.0, d].iter().all(|x| {
                            [-d, 0.0, d]
                                .iter()
                                .all(|y| [-d, 0.0, d].iter().all(|z| !hole([p[0] + x, p[1] + y, p[2] + z])))
                        })
                };
                if o.to_f64().is_nan() {
                    continue;
                }
                let error = (o.to_f64() - field(p)).abs();
                held += 1;
                assert!(error < BORDER, "{name} {kind} {spacing} {p:?}: {error}");
                // the field's own curvature: a linear kernel and a blur lose more of it
                let own = if kind == Interpolation::BSpline3 && !antialias { inside } else { 1.5 };
                if far(6.0) {
                    deep += 1;
                    assert!(error < own, "{name} {kind} {spacing} {p:?}: {error}");
                }
            }
            assert!(held > 100 && (deep > 0 || name == "specks"), "{name} {held} {deep}");
        }
    }
    // specks: a field that is nearly a ramp goes on across them
    let noted = Resample::to_spacing([0.6; 3]).interpolation(Interpolation::BSpline3).apply(&image).unwrap();
    let notes: Vec<_> = noted.provenance().operations().iter().map(|o| o.name().to_owned()).collect();
    assert_eq!(notes, ["non_finite_left_out", "resample"]);
}

#[test]
fn a_background_a_block_specks_and_planes_reach_nothing_behind_them() {
    let ball = |p: [f64; 3]| p.iter().map(|v| v * v).sum::<f64>() > 14.0 * 14.0;
    held_against_the_field::<f32>("background", ball, INSIDE);
    held_against_the_field::<f64>("background", ball, INSIDE);
    // f16 holds these values to half a unit; the spline adds to that
    held_against_the_field::<half::f16>("background", ball, 3.0);
    held_against_the_field::<f32>("block", |p| p[0] > 5.0 && p[1] > 3.0 && p[2] < 2.0, INSIDE);
    held_against_the_field::<f32>("planes", |p| p[0] < -6.0 || (p[2] - 11.0).abs() < 1.0, INSIDE);
    // across a single voxel the field is taken for a ramp: its curvature over two voxels is the error
    held_against_the_field::<f32>("specks", |p| p.iter().all(|v| (v - 2.0).rem_euclid(5.0) < 0.5), 1.0);
}

#[test]
fn nothing_but_nan_stays_that_and_finite_images_are_not_noted() {
    let grid = Geometry::new([6, 5, 4], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Unknown).unwrap();
    let nothing = Volume::new(vec![f32::NAN; grid.len()], grid.clone()).unwrap();
    let whole = Volume::new((0..grid.len()).map(|n| n as f32).collect::<Vec<_>>(), grid.clone()).unwrap();
    for kind in KINDS {
        let how = Resample::to_spacing([1.0; 3]).interpolation(kind).antialias(true);
        assert!(how.apply(&nothing).unwrap().voxels().iter().all(|v| v.is_nan()));
        assert_eq!(how.apply(&whole).unwrap().provenance().operations().len(), 1);
    }
    assert_eq!(non_finite::count(nothing.voxels(), &Ctx::default()), Ok(120));
}

#[test]
fn every_step_has_its_own_holes() {
    use isocenter_volume::{AxisKind, Head, SlowAxis};
    let grid = Geometry::new([9, 8, 7], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Unknown).unwrap();
    let head = Head::new(grid.clone()).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 3).unwrap()]).unwrap();
    let step = |s: usize, n: usize| match s {
        0 if n == 100 => f32::INFINITY,
        2 => 5.0,
        _ => (n % 11) as f32,
    };
    let samples = (0..3).flat_map(|s| (0..grid.len()).map(move |n| step(s, n))).collect::<Vec<_>>();
    let series = Volume::from_parts(head, samples).unwrap();
    let how = Resample::to_spacing([1.3; 3]).interpolation(Interpolation::BSpline3).edge(Edge::Clamp);
    let out = how.apply(&series).unwrap();
    let alone = |s: usize| how.apply(&series.extract_step(s).unwrap()).unwrap();
    for s in 0..3 {
        assert_eq!(out.step(s).unwrap(), alone(s).voxels());
    }
    assert!(out.step(0).unwrap().contains(&f32::INFINITY));
    assert!(out.step(1).unwrap().iter().all(|v| v.is_finite()));
    assert!(out.step(2).unwrap().iter().all(|v| *v == 5.0));
}
