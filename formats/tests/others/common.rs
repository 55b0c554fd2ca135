//! Volumes of every type on random grids, and what is asked of every format.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, read_bytes, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, Complex, DynSamples, DynVolume, Frame, Geometry, Head, Rescale, Rgb, Scaling, SlowAxis, Unit,
    with_samples,
};
use proptest::prelude::*;

/// A grid whose axes run along those of the world, its numbers exact in f32.
pub(crate) fn upright() -> impl Strategy<Value = Geometry> {
    let eighths = |range: std::ops::Range<i32>| range.prop_map(|n| f64::from(n) / 8.0);
    (
        prop::array::uniform3(1usize..6),
        prop::array::uniform3(eighths(1..40)),
        prop::array::uniform3(eighths(-4000..4000)),
        prop_oneof![Just(Frame::Patient(None)), Just(Frame::Unknown)],
    )
        .prop_map(|(shape, spacing, origin, frame)| {
            Geometry::new(shape, Affine::from_spacing_origin(spacing, origin), frame).unwrap()
        })
}

/// Slow axes by their number, as formats without names have them.
pub(crate) fn numbered(lengths: &[usize]) -> Vec<SlowAxis> {
    let axis = |(n, len): (usize, &usize)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 4)), *len).unwrap();
    lengths.iter().enumerate().map(axis).collect()
}

/// Samples of the type of a number, wrapped as NaN-free bits of a seed.
pub(crate) fn samples(kind: usize, len: usize, seed: u64) -> DynSamples {
    let bits = |n: usize| {
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add((n as u64).wrapping_mul(0xD134_2543_DE82_EF95))
    };
    let float = |n: usize| (bits(n) as i32) as f64 / 256.0;
    macro_rules! all {
        ($type:ty) => {
            (0..len).map(|n| bits(n) as $type).collect::<Vec<$type>>().into()
        };
    }
    match kind {
        0 => all!(u8),
        1 => all!(i8),
        2 => all!(u16),
        3 => all!(i16),
        4 => all!(u32),
        5 => all!(i32),
        6 => all!(u64),
        7 => all!(i64),
        8 => (0..len).map(|n| float(n) as f32).collect::<Vec<_>>().into(),
        9 => (0..len).map(float).collect::<Vec<_>>().into(),
        10 => (0..len).map(|n| half::f16::from_f64(float(n) / 1e6)).collect::<Vec<_>>().into(),
        11 => (0..len).map(|n| Complex { re: float(n) as f32, im: -float(n + 1) as f32 }).collect::<Vec<_>>().into(),
        12 => (0..len).map(|n| Complex { re: float(n), im: -float(n + 1) }).collect::<Vec<_>>().into(),
        _ => (0..len).map(|n| Rgb([bits(n) as u8, (bits(n) >> 8) as u8, 7])).collect::<Vec<_>>().into(),
    }
}

/// How many kinds [`samples`] has.
pub(crate) const KINDS: usize = 14;

/// A file of nothing but a volume.
pub(crate) fn file(geometry: Geometry, slow: Vec<SlowAxis>, kind: usize, seed: u64) -> File {
    let head = Head::new(geometry).with_slow_axes(slow).unwrap();
    let samples = samples(kind, head.len(), seed);
    File::from_volume(DynVolume::from_parts(head, samples).unwrap())
}

/// The samples as text, in which their type and every bit is.
pub(crate) fn text(samples: &DynSamples) -> String {
    with_samples!(samples, s => format!("{:?} {:?}", samples.sample_type(), s.as_slice()))
}

/// Written twice to the same bytes, and read.
pub(crate) fn back(file: &File, extension: &str) -> File {
    let bytes = write_bytes(file, extension, &WriteOptions::default()).unwrap();
    assert_eq!(bytes, write_bytes(file, extension, &WriteOptions::default()).unwrap());
    read_bytes(&bytes, &ReadOptions::default()).unwrap()
}

/// A small plain file.
pub(crate) fn small(kind: usize) -> File {
    file(Geometry::new([3, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap(), Vec::new(), kind, 5)
}

/// A scaling is refused, for the format has no place for it.
pub(crate) fn refuses_a_scaling(extension: &str) {
    let scaling = Scaling::uniform(Rescale::new(1.0, -1024.0).unwrap(), Unit::Hu);
    let mut file = small(3);
    file.volume = file.volume.with_scaling(scaling).unwrap();
    let refused = write_bytes(&file, extension, &WriteOptions::default());
    assert!(matches!(refused, Err(Error::Scaling { intercept: -1024.0, .. })));
}

/// Grids that lean, or run down an axis, are refused.
pub(crate) fn refuses_what_is_not_upright(extension: &str) {
    let mut down = Affine::from_spacing_origin([-1.0, 1.0, 1.0], [0.0; 3]);
    for _ in 0..2 {
        let file = file(Geometry::new([2, 2, 2], down, Frame::Patient(None)).unwrap(), Vec::new(), 0, 1);
        let refused = write_bytes(&file, extension, &WriteOptions::default()).unwrap_err();
        assert_eq!(refused.reason(), "unsupported", "{refused}");
        down = Affine::from_columns([[1.0, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [0.0; 3]);
    }
}

/// Every cut of a file is an error, and no changed byte a panic.
pub(crate) fn survives_damage(bytes: &[u8]) {
    assert!(read_bytes(bytes, &ReadOptions::default()).is_ok());
    for n in 0..bytes.len() {
        assert!(read_bytes(&bytes[..n], &ReadOptions::default()).is_err(), "cut at {n}");
        for value in [0, 1, b'9', b' ', 0x7f, 0x80, 0xff] {
            let mut changed = bytes.to_vec();
            changed[n] = value;
            let _ = read_bytes(&changed, &ReadOptions::default());
        }
    }
}
