//! Laws of filters.

use isocenter_normalize::{
    Error, FittedRecord, N4, Region, Step,
    filter::{
        Bilateral, Boundary, CurvatureFlow, Diffusion, Gaussian, GaussianKernel, Median, NonLocalMeans, PatchWeights,
        SavitzkyGolay,
    },
};
use isocenter_volume::{
    Affine, AxisKind, Ctx, Frame, Geometry, Head, Observer, Rescale, Scaling, SlowAxis, Unit, Volume,
};

fn filters() -> Vec<Step> {
    let nlm = || NonLocalMeans::new(40.0).unwrap().sigma(10.0).unwrap();
    vec![
        Step::Gaussian(Gaussian::mm(1.5).unwrap()),
        Step::Gaussian(Gaussian::voxels(1.2).unwrap().kernel(GaussianKernel::Recursive)),
        Step::Gaussian(Gaussian::mm(2.0).unwrap().boundary(Boundary::Reflect).truncate(3.0).unwrap()),
        Step::Median(Median::new(1).unwrap()),
        Step::Median(Median::new(2).unwrap()),
        Step::CurvatureFlow(CurvatureFlow::new(0.02, 3).unwrap()),
        Step::CurvatureAnisotropicDiffusion(Diffusion::new(0.03, 2.0, 3).unwrap()),
        Step::GradientAnisotropicDiffusion(Diffusion::new(0.03, 2.0, 3).unwrap().scaling_interval(2).unwrap()),
        Step::Bilateral(Bilateral::new(1.5, 60.0).unwrap()),
        Step::SavitzkyGolay(SavitzkyGolay::new(5, 2, 1).unwrap().boundary(Boundary::Nearest)),
        Step::NonLocalMeans(nlm()),
        Step::NonLocalMeans(nlm().weights(PatchWeights::Gaussian).patches(5, 1).unwrap()),
    ]
}

fn random(n: usize) -> f32 {
    ((n as u32).wrapping_mul(2_654_435_761) >> 12) as f32 / 2048.0
}

fn block(shape: [usize; 3], value: impl Fn(usize) -> f32) -> Volume<f32> {
    let affine = Affine::from_spacing_origin([0.9, 1.1, 2.5], [0.0; 3]);
    let grid = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
    Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid).unwrap()
}

fn bits(volume: &Volume<f32>) -> Vec<u32> {
    volume.voxels().iter().map(|v| v.to_bits()).collect()
}

#[test]
fn a_constant_stays_constant() {
    for value in [0.0f32, -7.25, 1000.0] {
        for shape in [[12, 9, 7], [30, 1, 1], [1, 1, 4], [1, 1, 1], [20, 20, 1]] {
            let image = block(shape, |_| value);
            for step in filters() {
                let (out, _) = step.apply(&image, None, &Ctx::default()).unwrap();
                // sums of up to 125 weights in f32
                let near = |v: &f32| (v - value).abs() <= 4e-6 * value.abs();
                assert!(out.voxels().iter().all(near), "{step:?} {shape:?} {value} {:?}", &out.voxels()[..1]);
            }
        }
    }
}

#[test]
fn an_impulse_gives_the_kernel() {
    let dot = block([41, 1, 1], |n| if n == 20 { 1.0 } else { 0.0 });
    for kernel in [GaussianKernel::Sampled, GaussianKernel::Erf] {
        let gaussian = Gaussian::voxels(1.3).unwrap().kernel(kernel);
        let (out, _) = Step::Gaussian(gaussian).apply(&dot, None, &Ctx::default()).unwrap();
        let weights = gaussian.weights(0.9).unwrap();
        let half = weights.len() / 2;
        // along the axes of one voxel the kernel sums up what the edge repeats: 1 but for what is cut
        let found = &out.voxels()[20 - half..=20 + half];
        assert!(found.iter().zip(&weights).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} {weights:?}");
    }
    let recursive = Gaussian::voxels(3.0).unwrap().kernel(GaussianKernel::Recursive);
    let (out, _) = Step::Gaussian(recursive).apply(&dot, None, &Ctx::default()).unwrap();
    let sum: f32 = out.voxels().iter().sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    let exact = |n: usize| libm::exp(-0.5 * ((n as f64 - 20.0) / 3.0).powi(2)) / (3.0 * 2.506_628_3);
    let worst = (0..41).map(|n| (f64::from(out.voxels()[n]) - exact(n)).abs()).fold(0.0, f64::max);
    assert!(worst < 5e-4, "{worst}"); // the fourth order of Deriche: 0.3 % of the peak
}

#[test]
fn threads_change_nothing_and_all_forms_of_apply_agree() {
    let image = block([37, 22, 19], random);
    for step in filters() {
        let run = |threads| {
            let pool = rayon_pool(threads);
            step.apply(&image, None, &Ctx::default().with_pool(&pool)).unwrap()
        };
        let (one, record) = run(1);
        assert!(bits(&one) == bits(&run(3).0), "{step:?}");
        let mut buffer = vec![0.0; image.voxels().len()];
        record.fitted().apply_into(&image, &mut buffer, &Ctx::default()).unwrap();
        assert!(buffer == one.voxels());
        let (same, again) = step.apply_in_place(image.clone(), None, &Ctx::default()).unwrap();
        assert!(bits(&same) == bits(&one) && record == again && same.provenance() == one.provenance());
        let noted = &one.provenance().operations()[0];
        assert_eq!((noted.name(), &noted.parameters()["step"]), ("normalize", &step.name().into()));
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<FittedRecord>(&text).unwrap(), record);
        assert!(matches!(record.fitted().inverse(Unit::Arbitrary), Err(Error::NotInvertible { .. })));
        assert!(matches!(
            record.fitted().apply_into(&image, &mut buffer[1..], &Ctx::default()),
            Err(Error::Length { .. })
        ));
    }
}

fn rayon_pool(threads: usize) -> isocenter_volume::rayon::ThreadPool {
    isocenter_volume::rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

#[test]
fn odd_shapes_are_filtered_and_stay_within_their_values() {
    for shape in [[1, 1, 1], [1, 1, 9], [7, 1, 1], [40, 1, 3], [3, 50, 1], [2, 2, 2]] {
        let image = block(shape, random);
        let most = image.voxels().iter().copied().fold(0.0, f32::max);
        for step in filters() {
            let (out, _) = step.apply(&image, None, &Ctx::default()).unwrap();
            // a polynomial may overshoot, and so do flows
            let near = |v: &f32| v.is_finite() && *v >= -most && *v <= 2.0 * most;
            assert!(out.voxels().iter().all(near), "{step:?} {shape:?}");
        }
    }
}

#[test]
fn a_nan_reaches_no_further_than_is_said() {
    let at = 6 + 14 * (6 + 13 * 5);
    let image = block([14, 13, 11], |n| if n == at { f32::NAN } else { random(n) });
    for step in filters() {
        let (out, record) = step.apply(&image, None, &Ctx::default()).unwrap();
        assert_eq!(record.fitted().not_finite(), 1);
        let count = out.voxels().iter().filter(|v| v.is_nan()).count();
        match step {
            Step::Median(_) => assert_eq!(count, 0, "{step:?}"),
            Step::Gaussian(_) => assert!(count > 1),
            Step::SavitzkyGolay(_) => assert_eq!(count, 5),
            _ => assert_eq!((count, out.voxels()[at].is_nan()), (1, true), "{step:?}"),
        }
    }
    let nothing = block([5, 5, 5], |_| f32::NAN);
    for step in filters() {
        let (out, _) = step.apply(&nothing, None, &Ctx::default()).unwrap();
        assert!(out.voxels().iter().all(|v| v.is_nan()), "{step:?}");
    }
}

#[test]
fn every_step_in_time_is_filtered_by_itself() {
    let (first, second) = (block([9, 8, 7], random), block([9, 8, 7], |n| random(n + 99)));
    let head = Head::new(first.geometry().clone()).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 2).unwrap()]);
    let both = Volume::from_parts(head.unwrap(), [first.voxels(), second.voxels()].concat()).unwrap();
    for step in filters() {
        let (out, _) = step.apply(&both, None, &Ctx::default()).unwrap();
        for (n, one) in [first.clone(), second.clone()].iter().enumerate() {
            let (alone, _) = step.apply(one, None, &Ctx::default()).unwrap();
            assert!(out.step(n).unwrap() == alone.voxels(), "{step:?}");
        }
    }
}

struct Never;

impl Observer for Never {
    fn is_cancelled(&self) -> bool {
        true
    }
}

#[test]
fn every_filter_can_be_stopped_and_refuses_stored_values() {
    let image = block([12, 11, 10], random);
    let scaled =
        image.clone().with_scaling(Scaling::uniform(Rescale::new(2.0, 0.0).unwrap(), Unit::Arbitrary)).unwrap();
    let n4 = Step::N4(N4::default().region(Region::All));
    for step in filters().into_iter().chain([n4]) {
        let ctx = Ctx::default().with_observer(&Never);
        assert_eq!(step.apply(&image, None, &ctx).unwrap_err(), Error::Cancelled, "{step:?}");
        assert_eq!(step.apply(&scaled, None, &Ctx::default()).unwrap_err(), Error::NotReal, "{step:?}");
    }
}

#[test]
fn rician_means_take_the_bias_off() {
    // magnitude of noise alone: its mean square is twice the variance
    let mixed = |n: usize| {
        let n = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((n ^ (n >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    };
    let normal = |n: usize| {
        let (u, v) = (mixed(2 * n), mixed(2 * n + 1));
        (-2.0 * libm::log(u.max(1e-9))).sqrt() * libm::cos(std::f64::consts::TAU * v)
    };
    let sigma = 10.0;
    let signal = |n: usize| if n % 24 < 12 { 0.0 } else { 60.0 };
    let image = block([24, 24, 16], |n| {
        let (a, b) = (signal(n) + sigma * normal(n), sigma * normal(n + 50_000));
        (a * a + b * b).sqrt() as f32
    });
    let nlm = NonLocalMeans::new(60.0).unwrap().patches(3, 4).unwrap().sigma(sigma).unwrap();
    let mean = |step: NonLocalMeans, low: usize| {
        let (out, _) = Step::NonLocalMeans(step).apply(&image, None, &Ctx::default()).unwrap();
        let values: Vec<f64> = (0..out.voxels().len())
            .filter(|n| (low..low + 4).contains(&(n % 24)))
            .map(|n| f64::from(out.voxels()[n]))
            .collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    assert!(mean(nlm, 4) > 11.0, "{}", mean(nlm, 4)); // the mean of Rayleigh noise is 12.5, and dark voxels look more alike
    assert!(mean(nlm.rician(true), 4) < 3.0, "{}", mean(nlm.rician(true), 4));
    assert!((mean(nlm.rician(true), 16) - 60.0).abs() < 0.6, "{}", mean(nlm.rician(true), 16));
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let refused = [
        Gaussian::mm(0.0).map(drop),
        Gaussian::mm(f64::NAN).map(drop),
        Gaussian::mm(1.0).and_then(|g| g.truncate(-1.0)).map(drop),
        Median::new(0).map(drop),
        Median::new(17).map(drop),
        CurvatureFlow::new(0.0, 1).map(drop),
        Diffusion::new(0.1, -1.0, 1).map(drop),
        Diffusion::new(0.1, 1.0, 200_000).map(drop),
        Diffusion::default().scaling_interval(0).map(drop),
        Bilateral::new(1.0, 0.0).map(drop),
        Bilateral::new(1.0, 1.0).and_then(|b| b.range_samples(0)).map(drop),
        NonLocalMeans::new(-1.0).map(drop),
        NonLocalMeans::new(1.0).and_then(|n| n.patches(1, 1)).map(drop),
        NonLocalMeans::new(1.0).and_then(|n| n.patches(3, 16)).map(drop),
        N4::default().shrink([1, 0, 1]).map(drop),
        N4::default().control_points([4, 3, 4]).map(drop),
        N4::default().iterations(&[]).map(drop),
        N4::default().sharpening(4, 0.1, 0.01).map(drop),
        N4::default().sharpening(200, f64::INFINITY, 0.01).map(drop),
        N4::default().convergence(-1.0).map(drop),
    ];
    for found in refused {
        assert!(matches!(found, Err(Error::BadParameter { .. })), "{found:?}");
    }
    // a width that only the grid shows to be too large
    let image = block([4, 4, 4], random);
    for step in [Step::Gaussian(Gaussian::mm(1e6).unwrap()), Step::Bilateral(Bilateral::new(1e6, 1.0).unwrap())] {
        assert!(matches!(step.apply(&image, None, &Ctx::default()), Err(Error::BadParameter { .. })));
    }
    assert!(toml::from_str::<Step>("name = 'gaussian'\nsigma = 1\nkernel = 'recursive'\nboundary = 'zero'").is_err());
}
