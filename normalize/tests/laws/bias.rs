//! Laws of bias fields and of N4.

use isocenter_normalize::{BiasField, Error, Fitted, Map, N4, Region, Step};
use isocenter_volume::{Affine, AxisKind, Ctx, Frame, Geometry, Head, Mask, SlowAxis, Unit, Volume, rayon};

const SHAPE: [usize; 3] = [48, 44, 40];

fn grid(shape: [usize; 3]) -> Geometry {
    Geometry::new(shape, Affine::from_spacing_origin([2.0, 2.0, 2.0], [0.0; 3]), Frame::Patient(None)).unwrap()
}

/// -1 to 1 along each axis.
fn place(n: usize) -> [f64; 3] {
    let [nx, ny, nz] = SHAPE;
    let at = |i: usize, len: usize| 2.0 * i as f64 / (len - 1) as f64 - 1.0;
    [at(n % nx, nx), at(n / nx % ny, ny), at(n / nx / ny, nz)]
}

fn truth(n: usize) -> f64 {
    let [x, y, z] = place(n);
    0.2 * x - 0.15 * y * y + 0.1 * x * z
}

/// Three tissues in a ball, 0 around it, times the field.
fn biased() -> (Volume<f32>, Mask) {
    let grid = grid(SHAPE);
    let depth = |n: usize| place(n).iter().map(|v| v * v).sum::<f64>().sqrt();
    let noise = |n: usize| f64::from((n as u32).wrapping_mul(2_654_435_761) >> 16) / 65_536.0 - 0.5;
    let value = |n: usize| {
        let [x, y, z] = place(n);
        let tissue = match libm::sin(9.0 * x) * libm::sin(8.0 * y) * libm::sin(7.0 * z) {
            v if v > 0.15 => 100.0,
            v if v < -0.15 => 60.0,
            _ => 80.0,
        };
        if depth(n) < 0.95 { ((tissue + 4.0 * noise(n)) * libm::exp(truth(n))) as f32 } else { 0.0 }
    };
    let image = Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid).unwrap();
    let mask = Mask::above(&image, 0.0);
    (image, mask)
}

fn field(fitted: &Fitted) -> &BiasField {
    let Map::Bias(field) = fitted.map() else { panic!("no field") };
    field
}

fn deviation(mask: &Mask, value: impl Fn(usize) -> f64) -> f64 {
    let values: Vec<f64> = mask.iter().map(value).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64).sqrt()
}

#[test]
fn a_known_field_is_found_and_taken_off() {
    let (image, mask) = biased();
    let fitted = N4::default().region(Region::NonZero).fit(&image, None, &Ctx::default()).unwrap();
    let log = field(&fitted).log_field(image.geometry(), &Ctx::default()).unwrap();
    let left = deviation(&mask, |n| f64::from(log.voxels()[n]) - truth(n));
    let before = deviation(&mask, truth);
    assert!(left < before / 4.0, "{left} of {before}");
    let out = fitted.apply(&image, &Ctx::default()).unwrap();
    let wanted = |n: usize| f64::from(image.voxels()[n]) / libm::exp(f64::from(log.voxels()[n]));
    assert!((0..out.voxels().len()).all(|n| (f64::from(out.voxels()[n]) - wanted(n)).abs() <= 1e-6 * wanted(n).abs()));
    // and back
    let back = fitted.inverse(Unit::Arbitrary).unwrap().apply(&out, &Ctx::default()).unwrap();
    assert!(back.voxels().iter().zip(image.voxels()).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs()));
}

#[test]
fn threads_and_the_way_of_applying_change_nothing() {
    let (image, mask) = biased();
    let step = Step::N4(N4::itk().region(Region::Mask).shrink([2, 2, 1]).unwrap());
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        step.apply(&image, Some(&mask), &Ctx::default().with_pool(&pool)).unwrap()
    };
    let (one, record) = run(1);
    let (four, again) = run(4);
    assert!(record == again && one.voxels() == four.voxels());
    let (same, _) = step.apply_in_place(image.clone(), Some(&mask), &Ctx::default()).unwrap();
    let alone = Volume::new(image.voxels().to_vec(), image.geometry().clone()).unwrap();
    let (own, _) = step.apply_in_place(alone, Some(&mask), &Ctx::default()).unwrap();
    assert!(same.voxels() == one.voxels() && own.voxels() == one.voxels());
    let text = serde_json::to_string(&record).unwrap();
    assert!(serde_json::from_str::<isocenter_normalize::FittedRecord>(&text).unwrap() == record);
    assert!(record.fitted().measured()["iterations"] >= 4.0);
}

#[test]
fn a_field_is_the_same_on_any_grid() {
    let (image, _) = biased();
    let fitted = N4::default().region(Region::NonZero).iterations(&[5, 5]).unwrap();
    let fitted = fitted.fit(&image, None, &Ctx::default()).unwrap();
    let field = field(&fitted);
    let log = field.log_field(image.geometry(), &Ctx::default()).unwrap();
    // every second voxel
    let coarse =
        Geometry::new(SHAPE.map(|n| n / 2), Affine::from_spacing_origin([4.0; 3], [0.0; 3]), Frame::Patient(None));
    let found = field.log_field(&coarse.unwrap(), &Ctx::default()).unwrap();
    for n in 0..found.voxels().len() {
        let [i, j, k] = [n % 24 * 2, n / 24 % 22 * 2, n / 24 / 22 * 2];
        assert!((found.voxels()[n] - log.voxels()[i + 48 * (j + 44 * k)]).abs() < 1e-6);
    }
    // axes in another order and direction
    let other = image.reorient("SRA".parse().unwrap(), &Ctx::default()).unwrap();
    let turned = field.log_field(other.geometry(), &Ctx::default()).unwrap();
    let back = turned.reorient("LPS".parse().unwrap(), &Ctx::default()).unwrap();
    assert!(back.voxels().iter().zip(log.voxels()).all(|(a, b)| (a - b).abs() < 1e-6));
    // beyond the image the edge goes on
    let far = Geometry::new([1, 1, 1], Affine::from_spacing_origin([1.0; 3], [-500.0; 3]), Frame::Unknown).unwrap();
    assert_eq!(field.log_field(&far, &Ctx::default()).unwrap().voxels()[0], log.voxels()[0]);
}

#[test]
fn one_slice_one_line_and_holes_are_no_obstacle() {
    let (image, _) = biased();
    let plane = image.crop([0, 0, 20], [48, 44, 1]).unwrap();
    let n4 = N4::default().region(Region::NonZero);
    assert!(n4.fit(&plane, None, &Ctx::default()).is_ok());
    let line = image.crop([0, 22, 20], [48, 1, 1]).unwrap();
    assert!(n4.fit(&line, None, &Ctx::default()).is_ok());
    assert!(n4.clone().shrink([100, 3, 2]).unwrap().fit(&image, None, &Ctx::default()).is_ok());
    let hole = |n: usize| n.is_multiple_of(7);
    let with: Vec<f32> = image.voxels().iter().enumerate().map(|(n, v)| if hole(n) { f32::NAN } else { *v }).collect();
    let with = image.with_voxels(with, image.scaling().clone()).unwrap();
    let fitted = n4.fit(&with, None, &Ctx::default()).unwrap();
    let out = fitted.apply(&with, &Ctx::default()).unwrap();
    assert!((0..out.voxels().len()).all(|n| out.voxels()[n].is_nan() == hole(n)));
    let log = field(&fitted).log_field(image.geometry(), &Ctx::default()).unwrap();
    assert!(log.voxels().iter().all(|v| v.is_finite()));
}

#[test]
fn what_has_no_field_is_refused_by_name() {
    let (image, mask) = biased();
    let ctx = Ctx::default();
    let flat = |value: f32| image.with_voxels(vec![value; image.voxels().len()], image.scaling().clone()).unwrap();
    let reason = |found: Result<Fitted, Error>| found.unwrap_err().reason();
    let all = N4::default().region(Region::All);
    assert_eq!(reason(all.fit(&flat(37.0), None, &ctx)), "constant");
    assert_eq!(reason(N4::itk().region(Region::All).fit(&flat(-5.0), None, &ctx)), "constant");
    assert_eq!(reason(all.fit(&flat(0.0), None, &ctx)), "empty-region");
    assert_eq!(reason(all.fit(&flat(f32::NAN), None, &ctx)), "empty-region");
    let within = N4::default().region(Region::Mask);
    assert_eq!(reason(within.fit(&image, None, &ctx)), "mask-needed");
    assert_eq!(reason(within.fit(&image, Some(&Mask::none(image.geometry().clone())), &ctx)), "empty-region");
    assert_eq!(reason(within.fit(&image, Some(&Mask::full(grid([4, 4, 4]))), &ctx)), "grid-mismatch");
    let middle = 24 + 48 * (22 + 44 * 20);
    let one = Mask::from_fn(image.geometry().clone(), |n| n == middle);
    assert_eq!(reason(within.fit(&image, Some(&one), &ctx)), "too-few-samples");
    let head = Head::new(image.geometry().clone()).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 2).unwrap()]);
    let two = Volume::from_parts(head.unwrap(), [image.voxels(), image.voxels()].concat()).unwrap();
    assert_eq!(reason(within.fit(&two, Some(&mask), &ctx)), "slow-steps");
    // but a field that is known divides each step
    let fitted = within.iterations(&[2]).unwrap().fit(&image, Some(&mask), &ctx).unwrap();
    let (once, twice) = (fitted.apply(&image, &ctx).unwrap(), fitted.apply(&two, &ctx).unwrap());
    assert!(twice.step(1).unwrap() == once.voxels());
}

#[test]
fn a_field_that_could_not_have_been_built_does_not_load() {
    let grid = grid([5, 5, 5]);
    let built = BiasField::new([4, 4, 4], vec![0.5; 64], &grid).unwrap();
    let good = serde_json::to_value(&built).unwrap();
    assert_eq!(serde_json::from_value::<BiasField>(good.clone()).unwrap(), built);
    let spoiled = |key: &str, value: serde_json::Value| {
        let mut bad = good.clone();
        bad[key] = value;
        serde_json::from_value::<BiasField>(bad)
    };
    assert!(spoiled("size", serde_json::json!([4, 4, 5])).is_err());
    assert!(spoiled("size", serde_json::json!([2, 2, 16])).is_err());
    assert!(spoiled("size", serde_json::json!([1u64 << 40, 1u64 << 40, 4])).is_err());
    assert!(spoiled("shape", serde_json::json!([0, 5, 5])).is_err());
    assert!(spoiled("more", serde_json::json!(1)).is_err());
    assert!(BiasField::new([4, 4, 4], vec![f64::NAN; 64], &grid).is_err());
    assert!((field(&Fitted::bias(built)).points()[0] - 0.5).abs() < 1e-15);
}
