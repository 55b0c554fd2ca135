//! PNG: made by another encoder, written and read again, broken.

use isocenter_formats::{Error, Gray, ReadOptions, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Rescale, Rgb, SampleType, Scaling, Unit, Volume};
use proptest::prelude::*;

use crate::{
    common::{file, small, survives_damage, text},
    support::codes,
    voxels,
};

fn picture(size: [u32; 2], colour: png::ColorType, depth: png::BitDepth, palette: &[u8], raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size[0], size[1]);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if !palette.is_empty() {
        encoder.set_palette(palette.to_vec());
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(raw).unwrap();
    writer.finish().unwrap();
    bytes
}

fn plane(size: [usize; 2]) -> Geometry {
    Geometry::new([size[0], size[1], 1], Affine::IDENTITY, Frame::Unknown).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_a_picture_holds_comes_back(
        size in prop::array::uniform2(1usize..9), kind in prop::sample::select(vec![0usize, 2, 13]), seed in any::<u64>(),
    ) {
        let written = file(plane(size), Vec::new(), kind, seed);
        let read = crate::common::back(&written, "png");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(read.volume.head(), written.volume.head());
        prop_assert_eq!(codes(&read), ["no-place"]);
    }
}

#[test]
fn every_kind_of_pixel_is_read() {
    use png::{BitDepth as B, ColorType as C};
    let read = |bytes: &[u8]| read_bytes(bytes, &ReadOptions::default()).unwrap();
    // stored values, not stretched to a byte
    let bits = read(&picture([3, 2], C::Grayscale, B::One, &[], &[0b1010_0000, 0b0110_0000]));
    assert_eq!(voxels!(bits, U8), [1, 0, 1, 0, 1, 1]);
    let twos = read(&picture([3, 1], C::Grayscale, B::Two, &[], &[0b1101_1000]));
    assert_eq!(voxels!(twos, U8), [3, 1, 2]);
    let words = read(&picture([2, 1], C::Grayscale, B::Sixteen, &[], &[0x12, 0x34, 0xff, 0]));
    assert_eq!(voxels!(words, U16), [0x1234, 0xff00]);
    let indexed = read(&picture([2, 1], C::Indexed, B::Four, &[9, 8, 7, 1, 2, 3], &[0x10]));
    assert_eq!(voxels!(indexed, Rgb), [Rgb([1, 2, 3]), Rgb([9, 8, 7])]);
    let alpha = read(&picture([2, 1], C::Rgba, B::Eight, &[], &[1, 2, 3, 255, 4, 5, 6, 0]));
    assert_eq!(voxels!(alpha, Rgb), [Rgb([1, 2, 3]), Rgb([4, 5, 6])]);
    assert_eq!(codes(&alpha), ["no-place", "alpha-ignored"]);
    let gray = read(&picture([2, 1], C::GrayscaleAlpha, B::Sixteen, &[], &[1, 2, 0, 0, 3, 4, 9, 9]));
    assert_eq!(voxels!(gray, U16), [0x102, 0x304]);
    let deep = read(&picture([2, 1], C::Rgb, B::Sixteen, &[], &[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]));
    assert_eq!((deep.volume.slow_axes()[0].kind(), voxels!(deep, U16)), (&AxisKind::Channel, vec![1, 4, 2, 5, 3, 6]));
    let none = read_bytes(&picture([1, 1], C::Indexed, B::Eight, &[9, 8, 7], &[1]), &ReadOptions::default());
    assert!(matches!(none, Err(Error::Malformed { field: "PLTE", .. })));
}

#[test]
fn whole_numbers_fit_sixteen_bits_or_are_refused() {
    let write = |samples: Vec<i32>, options: &WriteOptions<'_>| {
        let file = isocenter_formats::File::from_volume(Volume::new(samples, plane([2, 2])).unwrap().into());
        write_bytes(&file, "png", options)
    };
    let exact = write(vec![0, 1, 4095, 65_535], &WriteOptions::default()).unwrap();
    let read = read_bytes(&exact, &ReadOptions::default()).unwrap();
    assert_eq!(voxels!(read, U16), [0, 1, 4095, 65_535]);
    for refused in [-1, 65_536] {
        let error = write(vec![0, 0, 0, refused], &WriteOptions::default()).unwrap_err();
        assert_eq!(error.reason(), "unsupported");
        assert!(error.to_string().contains("with_gray"), "{error}");
    }
    let range = write(vec![-1000, 0, 1000, 3000], &WriteOptions::default().with_gray(Gray::Range)).unwrap();
    assert_eq!(voxels!(read_bytes(&range, &ReadOptions::default()).unwrap(), U8), [0, 64, 128, 255]);
}

#[test]
fn a_window_is_of_real_values() {
    // 24 stored is 0 HU where the intercept is -24
    let volume = Volume::new(vec![0i16, 24, 224, 1000], plane([4, 1])).unwrap();
    let scaling = Scaling::uniform(Rescale::new(1.0, -24.0).unwrap(), Unit::Hu);
    let mut file = isocenter_formats::File::from_volume(volume.into());
    file.volume = file.volume.with_scaling(scaling).unwrap();
    assert!(matches!(write_bytes(&file, "png", &WriteOptions::default()), Err(Error::Scaling { .. })));
    let window = WriteOptions::default().with_gray(Gray::window(100.0, 400.0));
    for extension in ["png", "tif"] {
        let bytes = write_bytes(&file, extension, &window).unwrap();
        // -100 HU is black, 300 HU white
        assert_eq!(voxels!(read_bytes(&bytes, &ReadOptions::default()).unwrap(), U8), [48, 64, 191, 255]);
    }
    let flat = WriteOptions::default().with_gray(Gray::window(100.0, 0.0));
    assert_eq!(write_bytes(&file, "png", &flat).unwrap_err().reason(), "unsupported");
}

#[test]
fn what_a_picture_does_not_hold_is_refused() {
    for kind in [8, 9, 10, 11, 12] {
        let mut file = small(kind);
        file.volume = file.volume.clone();
        assert_eq!(write_bytes(&file, "png", &WriteOptions::default()).unwrap_err().reason(), "unsupported");
    }
    // two planes have two files
    assert_eq!(write_bytes(&small(0), "png", &WriteOptions::default()).unwrap_err().reason(), "unsupported");
}

#[test]
fn a_damaged_picture_is_an_error() {
    let bytes = write_bytes(&file(plane([5, 4]), Vec::new(), 2, 3), "png", &WriteOptions::default()).unwrap();
    survives_damage(&bytes);
    // as large as a header can say, in as few bytes
    let mut huge = bytes;
    huge[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let read = read_bytes(&huge, &ReadOptions::default());
    assert!(matches!(read, Err(Error::Truncated { .. })), "{read:?}");
    let read = open_from(Source::from_reader(huge.as_slice()).unwrap(), &ReadOptions::default()).unwrap().read();
    assert!(matches!(read, Err(Error::Truncated { .. })), "{read:?}");
    assert_eq!(SampleType::U16.bytes(), 2);
}
