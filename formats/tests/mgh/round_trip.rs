//! What is written is read back.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, DynVolume, Frame, Geometry, Head, Meta, Quantity, Rescale, Scaling, SlowAxis, Unit, Volume,
    meta::Mr,
};
use proptest::prelude::*;

use crate::{support::codes, voxels};

/// f32 keeps 24 bits of directions, spacing and centre; coordinates here are below 1000 mm.
const F32_ROUNDING_MM: f64 = 2e-4;

fn geometry() -> impl Strategy<Value = Geometry> {
    let column = prop::array::uniform3(-3.0..3.0f64);
    (prop::array::uniform3(1usize..5), prop::array::uniform3(column), prop::array::uniform3(-900.0..900.0f64))
        .prop_filter_map("flat", |(shape, columns, origin)| {
            let affine = Affine::from_columns(columns, origin);
            (affine.determinant().abs() > 0.1).then(|| Geometry::new(shape, affine, Frame::Patient(None)).unwrap())
        })
}

fn back(file: &File, extension: &str) -> File {
    let bytes = write_bytes(file, extension, &WriteOptions::default()).unwrap();
    read_bytes(&bytes, &ReadOptions::default()).unwrap()
}

macro_rules! survives {
    ($type:ty, $arm:ident, $head:expr, $seed:expr, $extension:expr) => {{
        let samples: Vec<$type> = (0..$head.len() as u64).map(|n| $seed.wrapping_mul(n + 1) as $type).collect();
        let volume = Volume::from_parts($head.clone(), samples.clone()).unwrap();
        let again = back(&File::from_volume(volume.into()), $extension);
        assert_eq!(voxels!(again, $arm), samples);
        again
    }};
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn voxels_are_equal_and_places_within_f32(
        g in geometry(), frames in 1usize..4, seed in any::<u64>(), kind in 0..5, packed in any::<bool>(),
    ) {
        let frame = SlowAxis::new(AxisKind::Other("frame".to_owned()), frames).unwrap();
        let axes = if frames > 1 { vec![frame] } else { vec![] };
        let head = Head::new(g.clone()).with_slow_axes(axes.clone()).unwrap();
        let extension = if packed { "mgz" } else { "mgh" };
        let again = match kind {
            0 => survives!(u8, U8, head, seed, extension),
            1 => survives!(i16, I16, head, seed, extension),
            2 => survives!(u16, U16, head, seed, extension),
            3 => survives!(i32, I32, head, seed, extension),
            _ => survives!(f32, F32, head, seed, extension),
        };
        prop_assert_eq!(again.volume.slow_axes(), axes.as_slice());
        prop_assert!(again.warnings.is_empty(), "{:?}", again.warnings);
        prop_assert_eq!(again.volume.geometry().frame(), g.frame());
        for (a, b) in again.volume.geometry().corners_mm().as_flattened().iter().zip(g.corners_mm().as_flattened()) {
            prop_assert!((a - b).abs() <= F32_ROUNDING_MM, "{a} {b}");
        }
    }
}

#[test]
fn facts_texts_and_labels_survive() {
    let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let mut mr = Mr::default();
    (mr.repetition_time_s, mr.echo_time_s, mr.flip_angle_deg) = (Some(2.3), Some(0.003), Some(9.0));
    let mut meta = Meta::default();
    meta.mr = Some(mr);
    let texts = [("cmdline.0", "mri_convert a b"), ("pedir", "ROW"), ("dof", "12"), ("descrip", "of another format")];
    let file = File::from_volume(Volume::new(vec![0u8, 17], g).unwrap().with_meta(meta.clone()).into());
    let file = file.with_texts(texts.map(|(k, t)| (k.to_owned(), t.to_owned())).into());
    let file = file.with_label_table(vec![(0, "Unknown".to_owned()), (17, "Left-Hippocampus".to_owned())]);
    let again = back(&file, "mgh.gz");
    for key in ["cmdline.0", "pedir", "dof"] {
        assert_eq!(again.texts[key], file.texts[key]);
    }
    assert!(!again.texts.contains_key("descrip"));
    assert_eq!((again.is_label, &again.label_table), (true, &file.label_table));
    let (found, wanted) = (again.volume.meta().mr.clone().unwrap(), meta.mr.unwrap());
    assert_eq!(found.repetition_time_s, wanted.repetition_time_s);
    assert!((found.echo_time_s.unwrap() - 0.003).abs() < 1e-9 && (found.flip_angle_deg.unwrap() - 9.0).abs() < 1e-5);
    // a file that was read writes the same bytes again
    let bytes = write_bytes(&again, "mgh", &WriteOptions::default()).unwrap();
    let twice = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(write_bytes(&twice, "mgh", &WriteOptions::default()).unwrap(), bytes);
}

#[test]
fn the_step_of_times_is_the_repetition_time() {
    let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let time = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.0, 2.5]).unwrap();
    let head = Head::new(g).with_slow_axes(vec![time]).unwrap();
    let again = back(&File::from_volume(Volume::from_parts(head, vec![1u8, 2]).unwrap().into()), "mgh");
    assert_eq!(again.volume.meta().mr.as_ref().and_then(|m| m.repetition_time_s), Some(2.5));
}

#[test]
fn an_unknown_frame_stays_unknown_and_keeps_its_spacing() {
    let affine = Affine::from_spacing_origin([1.5, 2.0, 3.0], [7.0, 8.0, 9.0]);
    let g = Geometry::new([1, 1, 1], affine, Frame::Unknown).unwrap();
    let again = back(&File::from_volume(Volume::new(vec![0u8], g).unwrap().into()), "mgh");
    assert_eq!(again.volume.geometry().frame(), &Frame::Unknown);
    assert_eq!((again.volume.geometry().spacing_mm(), codes(&again)), ([1.5, 2.0, 3.0], vec!["no-ras-flag"]));
}

#[test]
fn what_the_format_cannot_hold_is_refused() {
    let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let write =
        |volume: DynVolume| write_bytes(&File::from_volume(volume), "mgz", &WriteOptions::default()).unwrap_err();
    let scaling = Scaling::uniform(Rescale::new(1.0, -1024.0).unwrap(), Unit::Hu);
    let scaled = Volume::new(vec![0u16], g.clone()).unwrap().with_scaling(scaling).unwrap();
    assert!(matches!(write(scaled.into()), Error::Scaling { intercept: -1024.0, .. }));
    for volume in [
        DynVolume::from(Volume::new(vec![0i8], g.clone()).unwrap()),
        Volume::new(vec![0u32], g.clone()).unwrap().into(),
        Volume::new(vec![0i64], g.clone()).unwrap().into(),
        Volume::new(vec![0f64], g.clone()).unwrap().into(),
    ] {
        assert_eq!(write(volume).reason(), "unsupported");
    }
    let axes = vec![SlowAxis::new(AxisKind::Time, 1).unwrap(), SlowAxis::new(AxisKind::Echo, 1).unwrap()];
    let head = Head::new(g).with_slow_axes(axes).unwrap();
    assert_eq!(write(Volume::from_parts(head, vec![0u8]).unwrap().into()).reason(), "unsupported");
}
