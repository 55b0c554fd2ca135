//! What is written is read back.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, Complex, DynVolume, Frame, Geometry, Head, Rescale, Rgb, Scaling, SlowAxis, Unit, Volume,
};
use proptest::prelude::*;

use crate::voxels;

/// A direction and a spacing, whose product is the column again but for the last bits.
const ROUNDING: f64 = 1e-14;

fn geometry() -> impl Strategy<Value = Geometry> {
    let column = prop::array::uniform3(-3.0..3.0f64);
    let frame = prop_oneof![Just(Frame::Patient(None)), Just(Frame::Unknown)];
    (prop::array::uniform3(1usize..5), prop::array::uniform3(column), prop::array::uniform3(-900.0..900.0f64), frame)
        .prop_filter_map("flat", |(shape, columns, origin, frame)| {
            let affine = Affine::from_columns(columns, origin);
            (affine.determinant().abs() > 0.1).then(|| Geometry::new(shape, affine, frame).unwrap())
        })
}

fn axes() -> impl Strategy<Value = Vec<SlowAxis>> {
    let channels = prop::option::of(2usize..5).prop_map(|n| n.map(|n| SlowAxis::new(AxisKind::Channel, n).unwrap()));
    (channels, prop::collection::vec(1usize..4, 0..3)).prop_map(|(channels, further)| {
        let numbered =
            |(n, len): (usize, &usize)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 4)), *len).unwrap();
        channels.into_iter().chain(further.iter().enumerate().map(numbered)).collect()
    })
}

fn back(file: &File, zlib: bool) -> File {
    let bytes = write_bytes(file, "mha", &WriteOptions::default().with_metaimage_zlib(zlib)).unwrap();
    assert_eq!(bytes, write_bytes(file, "mha", &WriteOptions::default().with_metaimage_zlib(zlib)).unwrap());
    read_bytes(&bytes, &ReadOptions::default()).unwrap()
}

macro_rules! survives {
    ($type:ty, $arm:ident, $head:expr, $seed:expr, $zlib:expr) => {{
        let samples: Vec<$type> = (0..$head.len() as u64).map(|n| $seed.wrapping_mul(n + 1) as $type).collect();
        let volume = Volume::from_parts($head.clone(), samples.clone()).unwrap();
        let again = back(&File::from_volume(volume.into()), $zlib);
        assert_eq!(voxels!(again, $arm), samples);
        again
    }};
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn voxels_are_equal_and_places_but_for_the_last_bits(
        g in geometry(), axes in axes(), seed in any::<u64>(), kind in 0..10, zlib in any::<bool>(),
    ) {
        let head = Head::new(g.clone()).with_slow_axes(axes.clone()).unwrap();
        let again = match kind {
            0 => survives!(i8, I8, head, seed, zlib),
            1 => survives!(u16, U16, head, seed, zlib),
            2 => survives!(i16, I16, head, seed, zlib),
            3 => survives!(u32, U32, head, seed, zlib),
            4 => survives!(i32, I32, head, seed, zlib),
            5 => survives!(u64, U64, head, seed, zlib),
            6 => survives!(i64, I64, head, seed, zlib),
            7 => survives!(f32, F32, head, seed, zlib),
            8 => survives!(f64, F64, head, seed, zlib),
            _ => survives!(u16, U16, head, seed, zlib),
        };
        prop_assert_eq!(again.volume.slow_axes(), axes.as_slice());
        prop_assert!(again.warnings.is_empty(), "{:?}", again.warnings);
        let found = again.volume.geometry();
        prop_assert_eq!((found.shape(), found.frame()), (g.shape(), g.frame()));
        for (a, b) in found.affine().rows().iter().flatten().zip(g.affine().rows().iter().flatten()) {
            prop_assert!((a - b).abs() <= ROUNDING * b.abs().max(1.0), "{a} {b}");
        }
    }

    #[test]
    fn texts_survive(key in "[a-zA-Z][a-zA-Z0-9_|.]{0,8}", text in "[!-~]([ -~\u{e4}]{0,20}[!-~])?") {
        let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let file = File::from_volume(Volume::new(vec![0u8], g).unwrap().into());
        let file = file.with_texts([(format!("x{key}"), text)].into());
        prop_assert_eq!(back(&file, false).texts, file.texts);
    }
}

#[test]
fn colours_stay_colours_and_three_bytes_an_axis() {
    let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let rgb = vec![Rgb([1, 2, 3]), Rgb([4, 5, 6])];
    let file = File::from_volume(DynVolume::from(Volume::new(rgb.clone(), g.clone()).unwrap()));
    assert_eq!(voxels!(back(&file, true), Rgb), rgb);
    let head = Head::new(g.clone()).with_slow_axes(vec![SlowAxis::new(AxisKind::Channel, 3).unwrap()]).unwrap();
    let file = File::from_volume(Volume::from_parts(head, vec![1u8, 2, 3, 4, 5, 6]).unwrap().into());
    let again = back(&file, false);
    assert_eq!((voxels!(again, U8), again.volume.steps()), (vec![1, 2, 3, 4, 5, 6], 3));
    let halves = vec![half::f16::from_f32(0.1), half::f16::MAX];
    let file = File::from_volume(DynVolume::from(Volume::new(halves.clone(), g).unwrap()));
    assert_eq!(voxels!(back(&file, true), F32), [halves[0].to_f32(), halves[1].to_f32()]);
}

#[test]
fn a_label_table_survives() {
    let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let file = File::from_volume(Volume::new(vec![0u8, 2], g).unwrap().into());
    let file = file.with_label_table(vec![(2, "left ventricle".to_owned())]);
    let again = back(&file, false);
    assert_eq!((again.is_label, again.label_table), (true, file.label_table));
}

#[test]
fn what_the_format_cannot_say_is_not_written() {
    let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let write = |file: &File| write_bytes(file, "mha", &WriteOptions::default());
    let scaling = Scaling::uniform(Rescale::new(1.0, -1024.0).unwrap(), Unit::Hu);
    let file = File::from_volume(Volume::new(vec![0u16], g.clone()).unwrap().with_scaling(scaling).unwrap().into());
    assert!(matches!(write(&file), Err(Error::Scaling { intercept: -1024.0, .. })));
    let pairs = Volume::new(vec![Complex { re: 1.0f32, im: 2.0 }], g.clone()).unwrap();
    assert_eq!(write(&File::from_volume(pairs.into())).unwrap_err().reason(), "unsupported");
    let many = vec![SlowAxis::new(AxisKind::Echo, 1).unwrap(); 8];
    let head = Head::new(g.clone()).with_slow_axes(many).unwrap();
    let file = File::from_volume(Volume::from_parts(head, vec![0u8]).unwrap().into());
    assert_eq!(write(&file).unwrap_err().reason(), "unsupported");
    // texts that would be fields, or more than a line, are left out
    let texts = [("DimSize", "9 9 9"), ("two words", "x"), ("a", "two\nlines"), ("ElementMin", "4"), ("b", " x")];
    let file = File::from_volume(Volume::new(vec![0u8], g).unwrap().into());
    let file = file.with_texts(texts.map(|(k, t)| (k.to_owned(), t.to_owned())).into());
    let again = read_bytes(&write(&file).unwrap(), &ReadOptions::default()).unwrap();
    assert!(again.texts.is_empty() && again.volume.shape() == [1, 1, 1], "{:?}", again.texts);
}
