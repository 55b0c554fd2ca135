//! The brain of a head made up of ellipsoids, and what is no brain.

use isocenter_normalize::{BrainMask, Error, Region, moments};
use isocenter_volume::{Affine, Ctx, Direction, Frame, Geometry, Mask, Orientation, Volume};

/// A head in LPS millimetres about the middle of its brain: what lies there, 0 (air) to 6 (brain).
fn tissue(p: [f64; 3]) -> usize {
    let ball =
        |centre: [f64; 3], radii: [f64; 3]| (0..3).map(|a| ((p[a] - centre[a]) / radii[a]).powi(2)).sum::<f64>() <= 1.0;
    let post = |y: f64, radius: f64| p[2] < 0.0 && libm::hypot(p[0], p[1] - y) <= radius;
    if ball([0.0; 3], [68.0, 85.0, 64.0]) {
        let folded = libm::sin(p[0] / 7.0) * libm::sin(p[1] / 8.0) * libm::cos(p[2] / 6.0) > 0.35;
        match () {
            () if ball([14.0, 5.0, 5.0], [9.0, 30.0, 12.0]) || ball([-14.0, 5.0, 5.0], [9.0, 30.0, 12.0]) => 7,
            () if ball([0.0; 3], [61.0, 78.0, 57.0]) && !folded => 6,
            () => 5,
        }
    } else if ball([0.0; 3], [70.5, 87.5, 66.5]) {
        4 // fluid
    } else if ball([0.0; 3], [76.0, 93.0, 72.0]) {
        3 // bone
    } else if ball([0.0; 3], [82.0, 99.0, 78.0]) || (post(15.0, 55.0) && !post(15.0, 50.0)) {
        1 // fat
    } else if post(15.0, 50.0) || ball([0.0, -50.0, -60.0], [50.0, 45.0, 55.0]) {
        2 // muscle
    } else {
        0
    }
}

/// Air, fat, muscle, bone, fluid, grey matter, white matter, ventricles: a T1.
const T1: [f32; 8] = [2.0, 130.0, 55.0, 12.0, 25.0, 75.0, 100.0, 25.0];

/// Normal noise of deviation 1, about: four uniform numbers.
fn noise(n: usize) -> f32 {
    let of = |seed: u64| {
        let mut z = (n as u64 + (seed << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15); // the mixing of SplitMix64
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    [1, 2, 3, 4].into_iter().map(of).sum::<f32>() * 3f32.sqrt()
}

/// The head on a grid with the face of the box at the top 12 mm above the scalp; and its brain.
fn head(spacing_mm: [f64; 3], bias: f64, sigma: f32, values: [f32; 8]) -> (Volume<f32>, Mask) {
    let low = [-96.0, -112.0, -130.0];
    let shape = [192.0, 224.0, 220.0];
    let shape = [0, 1, 2].map(|a| (shape[a] / spacing_mm[a]) as usize);
    let grid = Geometry::new(shape, Affine::from_spacing_origin(spacing_mm, low), Frame::Patient(None)).unwrap();
    let place = |n: usize| [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])].map(|v| v as f64);
    let world = |n: usize| grid.world_of(place(n));
    let voxels = (0..grid.len()).map(|n| {
        let p = world(n);
        let field = 1.0 + bias * (p[0] - p[1] + p[2]) / 300.0;
        (values[tissue(p)] * field as f32 + sigma * noise(n)).abs()
    });
    let brain = Mask::from_fn(grid.clone(), |n| tissue(world(n)) >= 5);
    (Volume::new(voxels.collect::<Vec<_>>(), grid).unwrap(), brain)
}

fn dice(a: &Mask, b: &Mask) -> f64 {
    2.0 * a.and(b).unwrap().count() as f64 / (a.count() + b.count()) as f64
}

fn find(image: &Volume<f32>) -> Result<Mask, Error> {
    BrainMask::default().find(image, &Ctx::default())
}

/// Of the overlap with the truth: half a voxel all around a brain is 2 % of it.
const DICE: f64 = 0.95;

#[test]
fn the_brain_is_found_under_bias_noise_and_thick_slices() {
    for (spacing, bias, sigma) in
        [([1.5; 3], 0.0, 0.0), ([2.0; 3], 0.4, 4.0), ([1.5, 1.5, 5.0], 0.2, 2.0), ([5.0, 1.2, 1.2], -0.4, 2.0)]
    {
        let (image, brain) = head(spacing, bias, sigma, T1);
        let found = find(&image).unwrap();
        let overlap = dice(&found, &brain);
        println!("{spacing:?}, bias {bias}, noise {sigma}: Dice {overlap:.4}");
        assert!(overlap >= DICE, "{spacing:?} {bias} {sigma}: {overlap}");
        found.require_on(image.geometry()).unwrap();
    }
}

#[test]
fn other_contrasts_have_a_brain_too() {
    // air, fat, muscle, bone, fluid, grey, white, ventricles
    for (name, values) in [
        ("T2", [2.0, 60.0, 30.0, 8.0, 150.0, 90.0, 70.0, 150.0]),
        ("FLAIR", [2.0, 80.0, 35.0, 8.0, 15.0, 90.0, 75.0, 15.0]),
        ("PD", [2.0, 70.0, 60.0, 12.0, 85.0, 100.0, 85.0, 85.0]),
    ] {
        let (image, brain) = head([2.0; 3], 0.2, 2.0, values);
        let overlap = dice(&find(&image).unwrap(), &brain);
        println!("{name}: Dice {overlap:.4}");
        assert!(overlap >= 0.93, "{name}: {overlap}"); // bright fluid about the brain is within the surface: 2.5 mm of it
    }
}

#[test]
fn any_order_of_axes_gives_the_same_voxels() {
    let (image, _) = head([3.0, 3.0, 4.0], 0.3, 2.0, T1);
    let lps = Orientation::new([Direction::Left, Direction::Posterior, Direction::Superior]).unwrap();
    let first: Vec<usize> = find(&image).unwrap().iter().collect();
    for orientation in Orientation::all() {
        let map = image.geometry().map_to_orientation(orientation).unwrap();
        let turned = image.remap(&map, 0.0, &Ctx::default()).unwrap();
        let found = find(&turned).unwrap();
        let bits = found.to_bools().into_iter().map(|b| f32::from(u8::from(b))).collect::<Vec<_>>();
        let bits = Volume::new(bits, turned.geometry().clone()).unwrap();
        let back = bits.remap(&bits.geometry().map_to_orientation(lps).unwrap(), 0.0, &Ctx::default()).unwrap();
        let back: Vec<usize> = (0..back.voxels().len()).filter(|n| back.voxels()[*n] > 0.0).collect();
        assert!(back == first, "{orientation:?}");
    }
}

#[test]
fn thread_count_changes_no_voxel() {
    let (image, _) = head([3.0; 3], 0.3, 2.0, T1);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        BrainMask::default().find(&image, &Ctx::default().with_pool(&pool)).unwrap()
    };
    let one = run(1);
    assert!(one == run(2) && one == run(5));
}

#[test]
fn a_head_without_its_skull_gives_all_that_is_there() {
    for (outside, inside) in [(0.0, 0.0), (f32::NAN, 0.0), (-1.0, 10.0)] {
        let (image, brain) = head([2.0; 3], 0.2, 2.0, T1);
        let keep = |(n, v): (usize, &f32)| if brain.get(n) { *v + inside } else { outside };
        let voxels: Vec<f32> = image.voxels().iter().enumerate().map(keep).collect();
        let bare = Volume::new(voxels, image.geometry().clone()).unwrap();
        assert_eq!(find(&bare).unwrap(), brain, "{outside}");
    }
}

#[test]
fn voxels_that_are_no_number_tear_nothing() {
    let (image, brain) = head([2.0; 3], 0.2, 2.0, T1);
    let hole = |(n, v): (usize, &f32)| match n {
        _ if *v < 8.0 && !brain.get(n) => f32::NAN, // air, and some bone
        _ if n.is_multiple_of(997) => f32::INFINITY,
        _ => *v,
    };
    let voxels: Vec<f32> = image.voxels().iter().enumerate().map(hole).collect();
    let overlap = dice(&find(&Volume::new(voxels, image.geometry().clone()).unwrap()).unwrap(), &brain);
    assert!(overlap >= DICE, "{overlap}");
}

#[test]
fn a_slab_of_a_head_has_a_slab_of_brain() {
    let (image, brain) = head([2.0; 3], 0.2, 2.0, T1);
    let (start, size) = ([0, 0, 50], [96, 112, 25]); // 50 mm, neither the top nor the base
    let slab = image.crop(start, size).unwrap();
    let truth = Mask::from_fn(slab.geometry().clone(), |n| brain.get(n + 50 * 96 * 112));
    let overlap = dice(&find(&slab).unwrap(), &truth);
    assert!(overlap >= DICE, "{overlap}");
}

#[test]
fn what_is_no_brain_is_refused_by_name() {
    let grid = |shape: [usize; 3], mm: f64| {
        let origin = shape.map(|n| -0.5 * mm * n as f64);
        Geometry::new(shape, Affine::from_spacing_origin([mm; 3], origin), Frame::Patient(None)).unwrap()
    };
    let made = |grid: Geometry, value: &dyn Fn([f64; 3], usize) -> f32| {
        let shape = grid.shape();
        let at = |n: usize| [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])].map(|v| v as f64);
        let voxels = (0..grid.len()).map(|n| value(grid.world_of(at(n)), n)).collect::<Vec<_>>();
        Volume::new(voxels, grid).unwrap()
    };
    let round = |p: [f64; 3], r: [f64; 3]| (0..3).map(|a| (p[a] / r[a]).powi(2)).sum::<f64>() <= 1.0;
    let refused = |name: &str, image: &Volume<f32>| {
        let error = find(image).unwrap_err();
        println!("{name}: {error}");
        assert_eq!((error.reason(), error.family()), ("no-brain", isocenter_volume::Family::Unsuited), "{name}");
    };
    for radii in [[70.0; 3], [65.0, 85.0, 60.0]] {
        let noisy = |p, n| if round(p, radii) { 100.0 + 30.0 * noise(n) } else { 0.0 };
        refused("a ball of noise", &made(grid([100; 3], 2.0), &noisy));
    }
    refused(
        "a small ball",
        &made(grid([80; 3], 2.0), &|p, _| if round(p, [30.0, 36.0, 30.0]) { 50.0 + p[0] as f32 } else { 0.0 }),
    );
    let abdomen = |p: [f64; 3], n: usize| {
        let ring = |scale: f64| libm::hypot(p[0] / (170.0 * scale), p[1] / (110.0 * scale)) <= 1.0;
        let organ =
            round([p[0] - 60.0, p[1], p[2]], [70.0, 60.0, 80.0]) || round([p[0], p[1] - 60.0, 0.0], [20.0, 20.0, 1.0]);
        noise(n).abs()
            + if organ {
                90.0
            } else if ring(0.85) {
                50.0
            } else if ring(1.0) {
                130.0
            } else {
                0.0
            }
    };
    refused("an abdomen", &made(grid([130, 90, 80], 3.0), &abdomen));
    refused("noise everywhere", &made(grid([64; 3], 3.0), &|_, n| 100.0 + 10.0 * noise(n)));
    // and what has no answer for other reasons keeps its own name
    let flat = find(&made(grid([32; 3], 4.0), &|_, _| 7.0)).unwrap_err();
    assert_eq!(flat.reason(), "constant");
    let nothing = find(&made(grid([32; 3], 4.0), &|_, _| f32::NAN)).unwrap_err();
    assert_eq!(nothing.reason(), "empty-region");
    let (image, _) = head([4.0; 3], 0.0, 0.0, T1);
    let lost = Volume::new(image.voxels().to_vec(), image.geometry().clone().with_frame(Frame::Unknown)).unwrap();
    assert_eq!(find(&lost).unwrap_err().reason(), isocenter_volume::Error::NoPatientFrame.reason());
}

#[test]
fn parameters_are_checked_wherever_they_come_from() {
    assert!(BrainMask::default().tightness(0.5).is_err() && BrainMask::default().tightness(f64::NAN).is_err());
    assert!(BrainMask::default().spacing_mm(0.1).is_err() && BrainMask::default().spacing_mm(2.5).is_ok());
    assert!(serde_json::from_str::<BrainMask>(r#"{ "tightness": 9.0 }"#).is_err());
    assert_eq!(serde_json::from_str::<BrainMask>("{}").unwrap(), BrainMask::default());
    let text = serde_json::to_string(&BrainMask::default().tightness(0.9).unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<BrainMask>(&text).unwrap(), BrainMask::default().tightness(0.9).unwrap());
}

#[test]
fn the_region_of_a_recipe_is_the_default_mask() {
    let (image, _) = head([3.0; 3], 0.2, 2.0, T1);
    let region: Region = serde_json::from_str(r#""brain""#).unwrap();
    assert_eq!((region, region.name()), (Region::Brain, "brain"));
    let mask = find(&image).unwrap();
    let by_mask = moments(&image, Region::Mask, Some(&mask), &Ctx::default()).unwrap();
    assert_eq!(moments(&image, Region::Brain, None, &Ctx::default()).unwrap(), by_mask);
}
