//! Random changes: the same for a seed, none at strength 0, image and labels alike, and each does what it says.

use isocenter_normalize::{
    Error,
    augment::{
        Affine, Augment, BiasField, Blur, Change, Drawn, Elastic, Gamma, Ghosting, LowResolution, Motion, Noise,
        NoiseKind, Random, Range, Spike,
    },
};
use isocenter_volume::{AxisKind, Ctx, Frame, Geometry, LabelMap, Rescale, Scaling, Segment, SlowAxis, Unit, Volume};

const SHAPE: [usize; 3] = [24, 20, 16];
const AT: [f64; 3] = [14.0, 9.0, 8.0];

/// Anisotropic and oblique.
fn grid() -> Geometry {
    let affine = isocenter_volume::Affine::from_columns(
        [[1.2, 0.3, 0.0], [-0.3, 1.2, 0.1], [0.0, -0.1, 2.0]],
        [-30.0, 12.0, 5.0],
    );
    Geometry::new(SHAPE, affine, Frame::Patient(None)).unwrap()
}

/// A bright ball, off the centre, whose edge is soft.
fn ball(grid: &Geometry) -> Volume<f32> {
    let centre = grid.world_of(AT);
    let value = |n: usize| {
        let p = grid.world_of([n % SHAPE[0], n / SHAPE[0] % SHAPE[1], n / (SHAPE[0] * SHAPE[1])].map(|v| v as f64));
        let r = (0..3).map(|a| (p[a] - centre[a]) * (p[a] - centre[a])).sum::<f64>().sqrt();
        ((6.0 - r) / 1.5).clamp(0.0, 1.0) as f32
    };
    Volume::new((0..grid.len()).map(value).collect::<Vec<_>>(), grid.clone()).unwrap()
}

/// A texture in [0, 1] in which any change shows.
fn texture(grid: &Geometry) -> Volume<f32> {
    let value = |n: usize| (n * 2_654_435_761 % 1009) as f32 / 1009.0;
    Volume::new((0..grid.len()).map(value).collect::<Vec<_>>(), grid.clone()).unwrap()
}

fn labels(volume: &Volume<f32>) -> LabelMap {
    let layer: Vec<u8> = volume.voxels().iter().map(|v| if *v > 0.5 { 3 } else { 0 }).collect();
    LabelMap::new(vec![layer], volume.geometry().clone(), vec![Segment::new(0, 3, "ball")]).unwrap()
}

/// The weighted mean place, mm.
fn centroid(grid: &Geometry, weights: impl Iterator<Item = f64>) -> [f64; 3] {
    let (mut sum, mut total) = ([0.0; 3], 0.0);
    for (n, w) in weights.enumerate() {
        let p = grid.world_of([n % SHAPE[0], n / SHAPE[0] % SHAPE[1], n / (SHAPE[0] * SHAPE[1])].map(|v| v as f64));
        sum.iter_mut().zip(p).for_each(|(s, p)| *s += w * p);
        total += w;
    }
    sum.map(|s| s / total)
}

fn every_change() -> Vec<Random> {
    let mut rician = Noise::default();
    rician.kind = NoiseKind::Rician;
    vec![
        Random::Affine(Affine::default()),
        Random::Elastic(Elastic::default()),
        Random::BiasField(BiasField::default()),
        Random::Blur(Blur::default()),
        Random::Gamma(Gamma::default()),
        Random::Motion(Motion::default()),
        Random::Ghosting(Ghosting::default()),
        Random::Spike(Spike::default()),
        Random::LowResolution(LowResolution::default()),
        Random::Noise(Noise::default()),
        Random::Noise(rician),
    ]
}

fn one(change: Random) -> Augment {
    Augment::new([change]).unwrap()
}

fn applied(drawn: &Drawn, volume: &Volume<f32>) -> Volume<f32> {
    drawn.apply(volume.geometry(), volume, &Ctx::default()).unwrap()
}

fn bits(volume: &Volume<f32>) -> Vec<u32> {
    volume.voxels().iter().map(|v| v.to_bits()).collect()
}

#[test]
fn strength_0_is_identity_to_the_bit_and_every_change_is_one_otherwise() {
    let (grid, mut image) = (grid(), texture(&grid()));
    image.voxels_mut()[100] = f32::NAN;
    image.voxels_mut()[101] = -0.0;
    let all = Augment::new(every_change()).unwrap().strength(0.0).unwrap().draw(1, "a");
    assert!(all.changes().iter().all(Change::is_identity) && all.changes().len() == every_change().len());
    assert_eq!(bits(&applied(&all, &image)), bits(&image));
    let map = labels(&ball(&grid));
    let same = all.apply_labels(&grid, &map, &Ctx::default()).unwrap();
    assert_eq!(same.layers(), map.layers());
    for change in every_change() {
        let whole = one(change.clone()).draw(1, "a");
        assert_ne!(bits(&applied(&whole, &texture(&grid))), bits(&texture(&grid)), "{change:?}");
        // half of it is less of it
        let half = one(change.clone()).strength(0.5).unwrap().draw(1, "a");
        assert_ne!(half, whole, "{change:?}");
    }
}

#[test]
fn a_seed_gives_the_same_bytes_on_one_thread_and_three_and_from_text() {
    let image = texture(&grid());
    for change in every_change() {
        let augment = one(change.clone());
        let drawn = augment.draw(2026, "item");
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            bits(&drawn.apply(image.geometry(), &image, &Ctx::default().with_pool(&pool)).unwrap())
        };
        let first = run(1);
        assert_eq!(first, run(3), "{change:?}");
        let again: Drawn = serde_json::from_str(&serde_json::to_string(&drawn).unwrap()).unwrap();
        assert_eq!(again, drawn);
        assert_eq!(first, bits(&applied(&again, &image)), "{change:?}");
        let same: Augment = serde_json::from_str(&serde_json::to_string(&augment).unwrap()).unwrap();
        assert_eq!(same, augment);
        assert_eq!(same.draw(2026, "item"), drawn);
        assert_ne!(augment.draw(2027, "item"), drawn);
        assert_ne!(augment.draw(2026, "other"), drawn);
    }
}

#[test]
fn a_recipe_says_what_it_changes_and_the_rest_is_as_it_stands() {
    let text = r#"
        strength = 0.5
        [[changes]]
        name = "gamma"
        log_gamma = [0.2, 0.2]
        [[changes]]
        name = "noise"
        kind = "rician"
        probability = 0.25
    "#;
    let augment: Augment = toml::from_str(text).unwrap();
    assert_eq!(augment.changes().len(), 2);
    assert_eq!(augment.changes()[1].probability, 0.25);
    let drawn = augment.draw(0, "x");
    let Change::Gamma(gamma) = &drawn.changes()[0] else { panic!() };
    assert!((gamma.gamma() - 1.105_170_918).abs() < 1e-8); // e to half of 0.2
    for wrong in [
        "[[changes]]\nname = \"gama\"",
        "[[changes]]\nname = \"gamma\"\nlog = [0.0, 1.0]",
        "[[changes]]\nname = \"gamma\"\nlog_gamma = [1.0, 0.0]",
        "[[changes]]\nname = \"gamma\"\nprobability = 1.5",
        "strength = 2.0\nchanges = []",
        "changes = []\nversion = 99",
    ] {
        assert!(toml::from_str::<Augment>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_change_of_a_probability_is_made_that_often_and_moves_no_other() {
    let changes = [Random::Gamma(Gamma::default()).with_probability(0.3), Random::Spike(Spike::default()).into()];
    let augment = Augment::new(changes).unwrap();
    let mut made = 0;
    for n in 0..2000 {
        let drawn = augment.draw(5, &format!("item {n}"));
        made += drawn.changes().len() - 1;
        assert!(matches!(drawn.changes().last(), Some(Change::Spike(_))));
    }
    // 600, by 20 more or less
    assert!((500..700).contains(&made), "{made}");
}

#[test]
fn image_and_labels_move_by_one_map() {
    let (grid, image) = (grid(), ball(&grid()));
    let map = labels(&image);
    let mut affine = Affine::default();
    (affine.translation_mm, affine.degrees) = (Range::around_zero(3.0), Range::around_zero(25.0));
    for seed in 0..4 {
        let drawn =
            Augment::new([Random::Affine(affine), Random::Elastic(Elastic::default())]).unwrap().draw(seed, "s");
        let out = applied(&drawn, &image);
        let moved = drawn.apply_labels(&grid, &map, &Ctx::default()).unwrap();
        let bright = centroid(&grid, out.voxels().iter().map(|v| f64::from(*v)));
        let label = centroid(&grid, moved.layers()[0].iter().map(f64::from));
        assert!((0..3).all(|a| (bright[a] - label[a]).abs() < 0.3), "{seed} {bright:?} {label:?}");
        // and the ball is somewhere else
        let before = centroid(&grid, image.voxels().iter().map(|v| f64::from(*v)));
        assert!((0..3).map(|a| (bright[a] - before[a]).abs()).sum::<f64>() > 0.3, "{seed}");
        assert_eq!(moved.segments(), map.segments());
        let names: Vec<&str> = out.head().provenance().operations().iter().map(|o| o.name()).collect();
        assert_eq!(names.iter().filter(|n| **n == "resample").count(), 1, "{names:?}");
    }
}

#[test]
fn an_affine_takes_the_ball_where_its_map_says() {
    let (grid, image) = (grid(), ball(&grid()));
    let mut affine = Affine::default();
    (affine.scales, affine.degrees) = (Range::new(1.1, 1.1), Range::around_zero(20.0));
    affine.translation_mm = Range::new(2.0, 2.0);
    let drawn = one(Random::Affine(affine)).draw(3, "s");
    let Change::Affine(change) = &drawn.changes()[0] else { panic!() };
    let wanted = change.forward(&grid).unwrap().apply(grid.world_of(AT));
    let found = centroid(&grid, applied(&drawn, &image).voxels().iter().map(|v| f64::from(*v)));
    assert!((0..3).all(|a| (wanted[a] - found[a]).abs() < 0.15), "{wanted:?} {found:?}");
}

#[test]
fn a_slice_moves_in_its_plane_and_its_labels_with_it() {
    // coronal, oblique
    let affine = isocenter_volume::Affine::from_columns([[1.0, 0.1, 0.0], [0.0, 0.2, -1.5], [0.0, 3.0, 0.0]], [0.0; 3]);
    let grid = Geometry::new([40, 30, 1], affine, Frame::Patient(None)).unwrap();
    let is_inside = |n: usize| (n % 40).abs_diff(22) < 5 && (n / 40).abs_diff(13) < 4;
    let image: Vec<f32> = (0..1200).map(|n| f32::from(u8::from(is_inside(n)))).collect();
    let image = Volume::new(image, grid.clone()).unwrap();
    let map = labels(&image);
    let mut motion = Motion::default();
    motion.axes = vec![1];
    let mut affine = Affine::default();
    affine.translation_mm = Range::new(2.0, 2.0);
    let drawn = Augment::new([Random::Affine(affine), Random::Elastic(Elastic::default())]).unwrap().draw(3, "s");
    let out = applied(&drawn, &image);
    let moved = drawn.apply_labels(&grid, &map, &Ctx::default()).unwrap();
    let centre = |weights: Vec<f64>| {
        let sum: f64 = weights.iter().sum();
        let mean = |f: &dyn Fn(usize) -> f64| weights.iter().enumerate().map(|(n, w)| w * f(n)).sum::<f64>() / sum;
        [mean(&|n| (n % 40) as f64), mean(&|n| (n / 40) as f64)]
    };
    let bright = centre(out.voxels().iter().map(|v| f64::from(*v)).collect());
    let label = centre(moved.layers()[0].iter().map(f64::from).collect());
    assert!((0..2).all(|a| (bright[a] - label[a]).abs() < 0.3), "{bright:?} {label:?}");
    assert!((bright[0] - 22.0).abs() + (bright[1] - 13.0).abs() > 1.0, "{bright:?}");
    let ghostly = applied(&one(Random::Motion(motion)).draw(3, "s"), &image);
    assert_ne!(bits(&ghostly), bits(&image));
}

#[test]
fn a_deformation_leaves_its_locked_border_where_it_is() {
    let image = texture(&grid());
    let drawn = one(Random::Elastic(Elastic::default())).draw(3, "s");
    let out = applied(&drawn, &image);
    // the outermost voxels lie half a voxel inside the border, where next to nothing moves
    let corner = |v: &Volume<f32>| v.voxels()[0];
    assert!((corner(&out) - corner(&image)).abs() < 0.05);
    let inside = (8 * SHAPE[1] + 10) * SHAPE[0] + 12;
    assert!(out.voxels()[inside - 4..inside + 4] != image.voxels()[inside - 4..inside + 4]);
    // what one value fills stays what it is
    let flat = Volume::new(vec![5.0f32; grid().len()], grid()).unwrap();
    assert!(applied(&drawn, &flat).voxels().iter().all(|v| (*v - 5.0).abs() < 1e-6));
}

#[test]
fn noise_has_the_mean_and_deviation_asked_for_and_differs_from_step_to_step() {
    let mut noise = Noise::default();
    (noise.mean, noise.deviation) = (Range::new(3.0, 3.0), Range::new(2.0, 2.0));
    let grid = Geometry::new([64, 64, 16], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let head = isocenter_volume::Head::new(grid.clone())
        .with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 2).unwrap()])
        .unwrap();
    let image = Volume::from_parts(head, vec![10.0f32; 2 * 65536]).unwrap();
    let drawn = one(Random::Noise(noise)).draw(11, "s");
    let out = applied(&drawn, &image);
    let (first, second) = out.voxels().split_at(65536);
    for part in [first, second] {
        let mean = part.iter().map(|v| f64::from(*v)).sum::<f64>() / 65536.0;
        let variance = part.iter().map(|v| (f64::from(*v) - mean) * (f64::from(*v) - mean)).sum::<f64>() / 65536.0;
        // known to 2 / 256, and to 2 / (256 times the root of 2)
        assert!((mean - 13.0).abs() < 0.04 && (variance.sqrt() - 2.0).abs() < 0.03, "{mean} {variance}");
        // and its tails are a normal distribution's: 4.55 % beyond two deviations
        let far = part.iter().filter(|v| (f64::from(**v) - 13.0).abs() > 4.0).count() as f64 / 65536.0;
        assert!((far - 0.0455).abs() < 0.004, "{far}");
    }
    let both = first.iter().zip(second).map(|(a, b)| f64::from((a - 13.0) * (b - 13.0))).sum::<f64>() / 65536.0;
    assert!(both.abs() < 0.1, "{both}");
    // the magnitude of noise alone is Rayleigh's
    (noise.kind, noise.mean) = (NoiseKind::Rician, Range::new(0.0, 0.0));
    let air = Volume::new(vec![0.0f32; 65536], grid).unwrap();
    let out = applied(&one(Random::Noise(noise)).draw(11, "s"), &air);
    let mean = out.voxels().iter().map(|v| f64::from(*v)).sum::<f64>() / 65536.0;
    assert!((mean - 2.0 * (std::f64::consts::PI / 2.0).sqrt()).abs() < 0.03, "{mean}");
    assert!(out.voxels().iter().all(|v| *v >= 0.0));
}

#[test]
fn gamma_raises_to_its_power_and_keeps_signs() {
    let grid = Geometry::new([4, 1, 1], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let image = Volume::new(vec![0.25f32, -0.25, 0.0, 1.0], grid).unwrap();
    let mut gamma = Gamma::default();
    let ln2 = std::f64::consts::LN_2;
    gamma.log_gamma = Range::new(ln2, ln2); // the power 2
    let out = applied(&one(Random::Gamma(gamma)).draw(0, "s"), &image);
    let wanted = [0.0625, -0.0625, 0.0, 1.0];
    assert!(out.voxels().iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-7), "{:?}", out.voxels());
}

#[test]
fn a_bias_field_of_one_order_is_an_exponential_from_end_to_end() {
    let grid = Geometry::new([5, 1, 1], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let image = Volume::new(vec![2.0f32; 5], grid).unwrap();
    let mut field = BiasField::default();
    (field.coefficients, field.order) = (Range::new(0.5, 0.5), 1);
    let out = applied(&one(Random::BiasField(field)).draw(0, "s"), &image);
    // 0.5 + 0.5 x, x from -1 to 1; y and z are 0 where an axis has one voxel
    for (n, v) in out.voxels().iter().enumerate() {
        let wanted = 2.0 * libm::exp(0.5 + 0.5 * (n as f64 / 2.0 - 1.0));
        assert!((f64::from(*v) - wanted).abs() < 1e-6, "{n} {v} {wanted}");
    }
}

#[test]
fn a_blur_keeps_the_sum_and_has_the_width_asked_for() {
    let grid = Geometry::new([41, 41, 41], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let mut dot = vec![0.0f32; 41 * 41 * 41];
    dot[20 * (41 * 41 + 41 + 1)] = 1.0;
    let mut blur = Blur::default();
    blur.deviation_mm = Range::new(2.5, 2.5);
    let out = applied(&one(Random::Blur(blur)).draw(0, "s"), &Volume::new(dot, grid).unwrap());
    for stride in [1, 41, 41 * 41] {
        let moment = |power: i32| {
            let one = |(n, v): (usize, &f32)| f64::from(*v) * ((n / stride % 41) as f64 - 20.0).powi(power);
            out.voxels().iter().enumerate().map(one).sum::<f64>()
        };
        assert!((moment(0) - 1.0).abs() < 1e-5 && moment(1).abs() < 1e-4);
        assert!((moment(2).sqrt() - 2.5).abs() < 0.02, "{}", moment(2).sqrt());
    }
}

#[test]
fn ghosts_stand_at_even_distances_and_nowhere_else() {
    let n = 32;
    let grid = Geometry::new([n, 2, 2], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let mut voxels = vec![0.0f32; n * 4];
    voxels[5] = 1.0; // a dot on the first line
    let mut ghosting = Ghosting::default();
    (ghosting.ghosts, ghosting.axes, ghosting.intensity) = ([4, 4], vec![0], Range::new(1.0, 1.0));
    // the middle of k-space, which every image needs, is left alone: it spreads over the line
    ghosting.restore = Some(Range::new(0.0, 0.0));
    let out = applied(&one(Random::Ghosting(ghosting)).draw(0, "s"), &Volume::new(voxels, grid).unwrap());
    for (x, v) in out.voxels().iter().enumerate() {
        // a quarter of the signal is taken from each of four places
        let wanted = match x {
            5 => 0.75,
            13 | 21 | 29 => -0.25,
            _ => 0.0,
        };
        assert!((v - wanted).abs() < 1e-6, "{x} {v}");
    }
}

#[test]
fn a_spike_is_a_wave_as_high_as_asked() {
    let grid = Geometry::new([16, 8, 4], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let image = Volume::new(vec![3.0f32; 512], grid).unwrap();
    let mut spike = Spike::default();
    spike.intensity = Range::new(2.0, 2.0);
    let out = applied(&one(Random::Spike(spike)).draw(4, "s"), &image);
    let wave: Vec<f64> = out.voxels().iter().map(|v| f64::from(*v) - 3.0).collect();
    // twice the mean of the image; a cosine whose squares have half that square as their mean
    assert!(wave.iter().all(|v| v.abs() <= 6.0 + 1e-5) && (wave[0] - 6.0).abs() < 1e-5);
    let power = wave.iter().map(|v| v * v).sum::<f64>() / 512.0;
    assert!((power - 18.0).abs() < 1e-3 || (power - 36.0).abs() < 1e-3, "{power}");
}

#[test]
fn motion_blurs_what_is_there_and_leaves_one_value_alone() {
    let grid = grid();
    let drawn = one(Random::Motion(Motion::default())).draw(2, "s");
    let flat = Volume::new(vec![7.0f32; grid.len()], grid.clone()).unwrap();
    assert!(applied(&drawn, &flat).voxels().iter().all(|v| (*v - 7.0).abs() < 1e-4));
    let image = ball(&grid);
    let out = applied(&drawn, &image);
    let sum = |v: &Volume<f32>| v.voxels().iter().map(|v| f64::from(*v)).sum::<f64>();
    // the middle of k-space, and with it the sum, is the still image's
    assert!((sum(&out) - sum(&image)).abs() < 1e-3 * sum(&image));
    let moved = out.voxels().iter().zip(image.voxels()).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>();
    assert!(moved > 0.02 * sum(&image), "{moved}");
}

#[test]
fn a_low_resolution_keeps_a_ramp_and_loses_a_comb() {
    let grid = Geometry::new([40, 3, 3], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let mut low = LowResolution::default();
    (low.axes, low.factor) = (vec![0], Range::new(2.0, 2.0));
    let drawn = one(Random::LowResolution(low)).draw(0, "s");
    let of = |value: fn(usize) -> f32| {
        let voxels: Vec<f32> = (0..360).map(|n| value(n % 40)).collect();
        applied(&drawn, &Volume::new(voxels, grid.clone()).unwrap())
    };
    let ramp = of(|x| x as f32);
    assert!(ramp.voxels().iter().enumerate().all(|(n, v)| (v - (n % 40) as f32).abs() <= 1.0));
    let comb = of(|x| (x % 2) as f32);
    let (least, most) = comb.voxels().iter().fold((1.0f32, 0.0f32), |(a, b), v| (a.min(*v), b.max(*v)));
    assert!(most - least < 0.01, "{least} {most}");
}

#[test]
fn what_cannot_be_is_an_error() {
    let with = |set: fn(&mut Affine)| {
        let mut affine = Affine::default();
        set(&mut affine);
        Augment::new([Random::Affine(affine)])
    };
    assert!(matches!(with(|a| a.scales = Range::new(0.0, 1.0)), Err(Error::BadParameter { what: "the scales", .. })));
    assert!(with(|a| a.degrees = Range::new(10.0, -10.0)).is_err());
    assert!(with(|a| a.translation_mm = Range::new(f64::NAN, 1.0)).is_err());
    let elastic = |points: usize, locked: usize, most: f64| {
        let mut elastic = Elastic::default();
        (elastic.control_points, elastic.locked_borders) = ([7, points, 7], locked);
        elastic.max_displacement_mm = [most; 3];
        Augment::new([Random::Elastic(elastic)])
    };
    assert!(elastic(5, 2, 1.0).is_ok() && elastic(4, 1, 1.0).is_ok());
    assert!(elastic(3, 0, 1.0).is_err() && elastic(65, 0, 1.0).is_err() && elastic(4, 2, 1.0).is_err());
    assert!(elastic(7, 3, 1.0).is_err() && elastic(7, 2, -1.0).is_err());
    let ghosting = |axes: Vec<usize>, ghosts: [u32; 2]| {
        let mut ghosting = Ghosting::default();
        (ghosting.axes, ghosting.ghosts) = (axes, ghosts);
        Augment::new([Random::Ghosting(ghosting)])
    };
    assert!(ghosting(vec![], [4, 4]).is_err() && ghosting(vec![3], [4, 4]).is_err());
    assert!(ghosting(vec![0], [5, 4]).is_err() && ghosting(vec![0], [0, 0]).is_ok());
    let mut motion = Motion::default();
    motion.movements = 0;
    assert!(Augment::new([Random::Motion(motion)]).is_err());
    let mut low = LowResolution::default();
    low.factor = Range::new(0.5, 2.0);
    assert!(Augment::new([Random::LowResolution(low)]).is_err());
    let gamma = || Random::Gamma(Gamma::default());
    assert!(Augment::new([gamma().with_probability(-0.1)]).is_err());
    assert!(Augment::new(vec![gamma(); 65]).is_err());
    assert!(one(gamma()).strength(1.1).is_err() && one(gamma()).outside(f64::INFINITY).is_err());
    // a line cannot be turned in a plane
    let slice = Geometry::new([8, 8, 1], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let line = Geometry::new([64, 1, 1], isocenter_volume::Affine::IDENTITY, Frame::Unknown).unwrap();
    let changes =
        [Random::Affine(Affine::default()), Random::Elastic(Elastic::default()), Random::Motion(Motion::default())];
    for change in changes {
        let image = Volume::new(vec![1.0f32; 64], line.clone()).unwrap();
        let drawn = one(change).draw(0, "s");
        assert!(matches!(drawn.apply(&line, &image, &Ctx::default()), Err(Error::BadParameter { .. })));
    }
    // nor does k-space fill across a slice
    let flat = Volume::new(vec![1.0f32; 64], slice.clone()).unwrap();
    let across = one(Random::Motion(Motion::default())).draw(0, "s");
    assert!(matches!(across.apply(&slice, &flat, &Ctx::default()), Err(Error::BadParameter { .. })));
    let stored = flat.with_scaling(Scaling::uniform(Rescale::new(2.0, 0.0).unwrap(), Unit::Arbitrary)).unwrap();
    assert!(matches!(one(gamma()).draw(0, "s").apply(&slice, &stored, &Ctx::default()), Err(Error::NotReal)));
}

#[test]
fn what_was_drawn_is_checked_when_it_loads() {
    let drawn = Augment::new(every_change()).unwrap().draw(1, "a");
    let value = serde_json::to_value(&drawn).unwrap();
    let broken = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = value.clone();
        change(&mut value);
        serde_json::from_value::<Drawn>(value).is_err()
    };
    assert!(!broken(&|_| {}));
    assert!(broken(&|v| v["changes"][0]["scales"][1] = 0.0.into()));
    assert!(broken(&|v| v["changes"][1]["control_points"][0] = 1_000_000.into()));
    assert!(broken(&|v| v["changes"][1]["displacements_mm"] = serde_json::json!([])));
    assert!(broken(&|v| v["changes"][2]["order"] = 4_000_000_000u32.into()));
    assert!(broken(&|v| v["changes"][3]["deviations_mm"][0] = (-1.0).into()));
    assert!(broken(&|v| v["changes"][5]["axis"] = 7.into()));
    assert!(broken(&|v| v["changes"][5]["times"][0] = 2.0.into()));
    assert!(broken(&|v| v["changes"][6]["ghosts"] = (-1).into()));
    assert!(broken(&|v| v["changes"][8]["factor"] = 0.5.into()));
    assert!(broken(&|v| v["version"] = 99.into()));
}
