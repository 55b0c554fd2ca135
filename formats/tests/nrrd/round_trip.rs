//! What is written is read back, exactly.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, Complex, DynVolume, Frame, Geometry, Head, Quantity, Rescale, Rgb, Scaling, SlowAxis, Unit,
    Volume,
};
use proptest::prelude::*;

use crate::voxels;

fn geometry() -> impl Strategy<Value = Geometry> {
    let column = prop::array::uniform3(-3.0..3.0f64);
    let frame = prop_oneof![Just(Frame::Patient(None)), Just(Frame::Unknown)];
    (prop::array::uniform3(1usize..5), prop::array::uniform3(column), prop::array::uniform3(-900.0..900.0f64), frame)
        .prop_filter_map("flat", |(shape, columns, origin, frame)| {
            let affine = Affine::from_columns(columns, origin);
            (affine.determinant().abs() > 0.1).then(|| Geometry::new(shape, affine, frame).unwrap())
        })
}

fn back(file: &File, gzip: bool) -> File {
    let bytes = write_bytes(file, "nrrd", &WriteOptions::default().with_nrrd_gzip(gzip)).unwrap();
    read_bytes(&bytes, &ReadOptions::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn voxels_and_places_are_equal(g in geometry(), seed in any::<u64>(), steps in 1usize..4, gzip in any::<bool>()) {
        let samples: Vec<u64> = (0..(g.len() * steps) as u64).map(|n| seed.wrapping_mul(n + 1)).collect();
        let axes = if steps > 1 { vec![SlowAxis::new(AxisKind::Echo, steps).unwrap()] } else { vec![] };
        let volume = Volume::from_parts(Head::new(g.clone()).with_slow_axes(axes.clone()).unwrap(), samples.clone()).unwrap();
        let again = back(&File::from_volume(volume.into()), gzip);
        prop_assert_eq!(voxels!(again, U64), samples);
        prop_assert_eq!(again.volume.geometry(), &g);
        prop_assert_eq!(again.volume.slow_axes(), axes.as_slice());
        prop_assert!(again.warnings.is_empty(), "{:?}", again.warnings);
    }

    #[test]
    fn key_values_survive(key in "[a-zA-Z][a-zA-Z0-9 _.]{0,8}[a-z0-9]", text in "[ -~\\n\u{e4}]{0,20}[!-~]") {
        let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let file = File::from_volume(Volume::new(vec![0u8], g).unwrap().into());
        let file = file.with_texts([(format!("x{key}"), text)].into());
        prop_assert_eq!(back(&file, false).texts, file.texts);
    }
}

#[test]
fn colours_complex_numbers_and_times() {
    let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let rgb = vec![Rgb([1, 2, 3]), Rgb([4, 5, 6])];
    let file = File::from_volume(DynVolume::from(Volume::new(rgb.clone(), g.clone()).unwrap()));
    assert_eq!(voxels!(back(&file, true), Rgb), rgb);
    let pairs = vec![Complex { re: 0.1, im: -2.0 }, Complex { re: f64::MAX, im: f64::MIN_POSITIVE }];
    let file = File::from_volume(DynVolume::from(Volume::new(pairs.clone(), g.clone()).unwrap()));
    assert_eq!(voxels!(back(&file, true), Complex64), pairs);
    let time = vec![SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![1.0, 3.5]).unwrap()];
    let file = File::from_volume(
        Volume::from_parts(Head::new(g).with_slow_axes(time.clone()).unwrap(), vec![1u8, 2, 3, 4]).unwrap().into(),
    );
    assert_eq!(back(&file, true).volume.slow_axes(), time);
}

#[test]
fn a_scaling_is_refused() {
    let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let scaling = Scaling::uniform(Rescale::new(1.0, -1024.0).unwrap(), Unit::Hu);
    let file = File::from_volume(Volume::new(vec![0u16], g).unwrap().with_scaling(scaling).unwrap().into());
    let refused = write_bytes(&file, "nrrd", &WriteOptions::default());
    assert!(matches!(refused, Err(Error::Scaling { intercept: -1024.0, .. })));
}
