use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use isocenter_volume::context::{Observer, Scratch};
use isocenter_volume::world_map::{Composed, DisplacementField};
use isocenter_volume::{
    Affine, AxisKind, Ctx, Edge, Error, Frame, Geometry, Head, Interpolation, LabelInterpolation, LabelMap, Resample,
    Sampler, SlowAxis, Volume, WorldMap, strategy,
};
use proptest::prelude::*;

use super::on_threads;

const KINDS: [Interpolation; 4] =
    [Interpolation::Nearest, Interpolation::Linear, Interpolation::BSpline3, Interpolation::Lanczos { radius: 3 }];

/// f32 kernels against f64 ones, relative to samples of up to 1000; the sinc and the spline may overshoot threefold.
const F32_AGREEMENT: f64 = 4e-3;

/// Hides that a map is an affine.
struct Opaque(Affine);

impl WorldMap for Opaque {
    fn map(&self, world: [f64; 3]) -> [f64; 3] {
        self.0.apply(world)
    }

    fn note(&self) -> String {
        "opaque".to_owned()
    }
}

/// Bends the world smoothly by some millimetres.
struct Bend;

impl WorldMap for Bend {
    fn map(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        [x + 0.01 * y * z / (1.0 + z * z), y - 0.3 * x / (1.0 + x * x), z + 0.2]
    }

    fn note(&self) -> String {
        "bend".to_owned()
    }
}

fn between(a: &Geometry, b: &Geometry) -> Affine {
    let (a, b) = (a.centre_mm(), b.centre_mm());
    Affine::translation_by([0, 1, 2].map(|x| a[x] - b[x]))
}

fn on_a_boundary(place: [f64; 3]) -> bool {
    place.iter().any(|p| ((p + 0.5) - (p + 0.5).round()).abs() < 1e-6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_map_gives_what_the_sampler_gives(v in strategy::volume(), g in strategy::geometry()) {
        let chain = Composed::first(between(v.geometry(), &g)).then(Bend);
        for kind in KINDS {
            let sampler = Sampler::of_volume(&v, kind).unwrap().edge(Edge::Value(-7.0));
            let out = Resample::to_geometry(g.clone()).transform(&chain).interpolation(kind).outside(-7.0).apply(&v).unwrap();
            let [nx, ny, _] = g.shape();
            for (n, value) in out.voxels().iter().enumerate() {
                let index = [n % nx, n / nx % ny, n / nx / ny].map(|i| i as f64);
                let place = v.geometry().index_of(chain.map(g.world_of(index)));
                let wanted = sampler.value(place).unwrap();
                prop_assert!(on_a_boundary(place) || (f64::from(*value) - wanted).abs() < F32_AGREEMENT, "{kind} {place:?}");
            }
        }
    }

    #[test]
    fn a_hidden_affine_gives_what_the_affine_gives(v in strategy::volume(), l in strategy::labels(), g in strategy::geometry()) {
        for (geometry, image) in [(v.geometry(), true), (l.geometry(), false)] {
            let shift = between(geometry, &g);
            let to = Resample::to_geometry(g.clone()).antialias(true).label_interpolation(LabelInterpolation::Nearest);
            let (fast, slow) = (to.clone().transform(shift), to.transform(Opaque(shift)));
            let agree = |n: usize| {
                let [nx, ny, _] = g.shape();
                let index = [n % nx, n / nx % ny, n / nx / ny].map(|i| i as f64);
                on_a_boundary(geometry.index_of(shift.apply(g.world_of(index))))
            };
            if image {
                let (fast, slow) = (fast.apply(&v).unwrap(), slow.apply(&v).unwrap());
                let pairs = fast.voxels().iter().zip(slow.voxels()).enumerate();
                for (n, (a, b)) in pairs {
                    prop_assert!(agree(n) || (a - b).abs() < F32_AGREEMENT as f32, "{a} {b}");
                }
            } else {
                let (fast, slow) = (fast.apply_labels(&l).unwrap(), slow.apply_labels(&l).unwrap());
                let pairs = fast.layers()[0].iter().zip(slow.layers()[0].iter()).enumerate();
                for (n, (a, b)) in pairs {
                    prop_assert!(agree(n) || a == b);
                }
            }
        }
    }

    #[test]
    fn threads_pool_and_scratch_change_nothing(v in strategy::volume(), g in strategy::geometry()) {
        let chain = Composed::first(between(v.geometry(), &g)).then(Bend);
        let bits = |v: Volume<f32>| v.voxels().iter().map(|s| s.to_bits()).collect::<Vec<_>>();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let scratch = Scratch::new();
        for kind in KINDS {
            let how = Resample::to_geometry(g.clone()).transform(&chain).interpolation(kind).antialias(true);
            let one = on_threads(1, || bits(how.apply(&v).unwrap()));
            prop_assert_eq!(&one, &on_threads(2, || bits(how.apply(&v).unwrap())));
            for _ in 0..2 {
                let ctx = Ctx::default().with_pool(&pool).with_scratch(&scratch);
                prop_assert_eq!(&one, &bits(how.clone().ctx(ctx).apply(&v).unwrap()));
            }
        }
    }
}

fn series() -> Volume<i16> {
    let grid = Geometry::new([7, 6, 5], Affine::from_spacing_origin([2.0, 2.0, 3.0], [0.0; 3]), Frame::Patient(None));
    let head = Head::new(grid.unwrap()).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 3).unwrap()]).unwrap();
    let samples: Vec<i16> = (0..630u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 20) as i16).collect();
    Volume::from_parts(head, samples).unwrap()
}

#[test]
fn every_step_goes_through_its_own_map() {
    let series = series();
    let maps: [Arc<dyn WorldMap>; 3] = [
        Arc::new(Affine::IDENTITY),
        Arc::new(Affine::translation_by([0.7, -0.2, 1.1])),
        Arc::new(Composed::first(Bend)),
    ];
    let how = Resample::to_geometry(series.geometry().clone());
    let moved = how.clone().transform_per_step(maps.clone()).apply(&series).unwrap();
    for (step, map) in maps.iter().enumerate() {
        let alone = how.clone().transform(map).apply(&series.extract_step(step).unwrap()).unwrap();
        assert_eq!(moved.step(step), Some(alone.voxels()), "{step}");
    }
    assert_eq!(moved.step(0), series.step(0));
    let few = how.clone().transform_per_step(&maps[..2]).apply(&series);
    assert!(matches!(few, Err(Error::SlowSteps { wanted: 2, found: 3, .. })));
    let labels = LabelMap::new(vec![vec![1u8; 210]], series.geometry().clone(), vec![]).unwrap();
    assert!(how.transform_per_step(&maps).apply_labels(&labels).is_err());
}

#[test]
fn a_field_moves_labels_and_image_alike() {
    let grid = Geometry::new([9, 9, 9], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let values: Vec<u16> = (0..729).map(|n| u16::from(n % 9 >= 4)).collect();
    let (image, labels) = (
        Volume::new(values.clone(), grid.clone()).unwrap(),
        LabelMap::new(vec![values], grid.clone(), vec![]).unwrap(),
    );
    // everything comes from two voxels further along i
    let field = DisplacementField::new(vec![[4.0f32, 0.0, 0.0]; 729], grid.clone()).unwrap();
    let to = Resample::to_geometry(grid).transform(field).edge(Edge::Clamp).interpolation(Interpolation::Nearest);
    let (image, labels) = (to.apply(&image).unwrap(), to.apply_labels(&labels).unwrap());
    for (n, value) in image.voxels().iter().enumerate() {
        assert_eq!(*value, u16::from(n % 9 >= 2));
    }
    assert!(labels.layers()[0] == *image.voxels());
    let text = image.provenance().operations()[0].parameters()["transform"].to_string();
    assert_eq!(text, "displacement field [9, 9, 9]");
}

#[test]
fn frames_of_reference_that_differ_need_a_transform_or_a_word() {
    let [a, b] = ["1.2.3", "1.2.4"]
        .map(|uid| Geometry::new([3, 3, 3], Affine::IDENTITY, Frame::Patient(Some(uid.to_owned()))).unwrap());
    let image = Volume::new(vec![1u8; 27], a.clone()).unwrap();
    let labels = LabelMap::new(vec![vec![1u8; 27]], a, vec![]).unwrap();
    let to = Resample::to_geometry(b);
    assert!(matches!(to.apply(&image), Err(Error::FrameMismatch { .. })));
    assert!(matches!(to.apply_labels(&labels), Err(Error::FrameMismatch { .. })));
    let stated = to.clone().across_frames().apply(&image).unwrap();
    let names: Vec<_> = stated.provenance().operations().iter().map(|o| o.name()).collect();
    assert_eq!(names, ["across_frames", "resample"]);
    assert!(to.clone().across_frames().apply_labels(&labels).is_ok());
    assert!(to.transform(Affine::translation_by([1.0, 0.0, 0.0])).apply(&image).is_ok());
    // where nothing differs the word is not noted
    let own = Resample::to_geometry(image.geometry().clone()).across_frames().apply(&image).unwrap();
    assert_eq!(own.provenance().operations().len(), 1);
}

/// Wants to stop once it was asked some number of times.
struct Impatient {
    after: u64,
    asked: AtomicU64,
}

impl Observer for Impatient {
    fn is_cancelled(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) >= self.after
    }
}

#[test]
fn every_part_of_the_work_asks_and_stops() {
    let grid = Geometry::new([64; 3], Affine::from_spacing_origin([1.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let image = Volume::new((0..64usize.pow(3)).map(|n| n as i16).collect::<Vec<_>>(), grid.clone()).unwrap();
    let turn = Affine::from_columns([[0.8, 0.6, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 1.0]], [10.0, -5.0, 2.0]);
    let (coarse, own) = (Resample::to_spacing([2.0; 3]).antialias(true), Resample::to_geometry(grid));
    // how often the parts ask: planes that are smoothed within, and across; those that are prefiltered, and rows of the same; ...
    let ways = [
        (coarse.interpolation(Interpolation::BSpline3), 64 + 64 + 64 + 64 + 32),
        (own.clone().transform(turn).interpolation(Interpolation::Lanczos { radius: 4 }), 64 * 64),
        (own.clone().transform(Bend).interpolation(Interpolation::BSpline3), 64 + 64 + 64 * 64),
        (own.transform(Affine::translation_by([1.0, 0.0, 0.0])), 64),
    ];
    for (n, (how, wanted)) in ways.into_iter().enumerate() {
        let run = |after| {
            let observer = Impatient { after, asked: AtomicU64::new(0) };
            let out = how.clone().ctx(Ctx::default().with_observer(&observer)).apply(&image);
            (out, observer.asked.into_inner())
        };
        let (out, asked) = run(u64::MAX);
        assert!(out.is_ok() && asked >= wanted, "way {n} asked {asked} times");
        for part in 0..8 {
            assert_eq!(run(part * asked / 8).0.err(), Some(Error::Cancelled), "way {n}, part {part}");
        }
    }
}
