//! The cases on which readers of the field differ, each a test of a file of a few bytes; nibabel's answer is the wanted one. The cases
//! of a qform alone and of no form at all are in `forms`.

use isocenter_formats::{Error, ReadOptions, read, read_bytes, write};
use isocenter_volume::{AxisKind, Complex, Quantity, Rgb};

use crate::{
    support::{Bytes, codes, gzip},
    voxels,
};

fn shorts(big: bool) -> Bytes {
    let mut file = Bytes::new(&[2, 3, 1], 4, 16, big);
    file.voxels([-3i16, -2, -1, 0, 1, 32_767].map(i16::to_le_bytes));
    file
}

#[test]
fn int32_extremes_keep_every_bit() {
    let ints = [i32::MIN, 16_777_217, i32::MAX];
    for slope in [0.0, 1.0, 0.5] {
        let mut file = Bytes::new(&[3, 1, 1], 8, 32, false);
        file.f32(112, slope).voxels(ints.map(i32::to_le_bytes));
        assert_eq!(voxels!(file.read().unwrap(), I32), ints);
    }
}

#[test]
fn int64_extremes_keep_every_bit() {
    let longs = [i64::MIN, (1 << 53) + 1, i64::MAX];
    let mut file = Bytes::new(&[3, 1, 1], 1024, 64, true);
    file.voxels(longs.map(i64::to_le_bytes));
    assert_eq!(voxels!(file.read().unwrap(), I64), longs);
    let mut file = Bytes::new(&[1, 1, 1], 1280, 64, false);
    file.voxels([u64::MAX.to_le_bytes()]);
    assert_eq!(voxels!(file.read().unwrap(), U64), [u64::MAX]);
}

#[test]
fn a_slope_of_0_is_no_scaling() {
    for inter in [0.0, 5.0, f32::NAN] {
        let file = shorts(false).f32(112, 0.0).f32(116, inter).read().unwrap();
        assert!(file.volume.scaling().is_identity(), "{inter}");
        assert_eq!(voxels!(file, I16), [-3, -2, -1, 0, 1, 32_767]);
    }
}

#[test]
fn a_slope_of_nan_is_no_scaling() {
    for (slope, inter) in [(f32::NAN, f32::NAN), (f32::NAN, 2.0), (f32::INFINITY, 1.0)] {
        let file = shorts(false).f32(112, slope).f32(116, inter).read().unwrap();
        assert!(file.volume.scaling().is_identity(), "{slope}");
    }
    assert!(matches!(shorts(false).f32(112, 1.0).f32(116, f32::NAN).read(), Err(Error::Malformed { .. })));
}

#[test]
fn a_slope_is_kept_apart_and_in_f64() {
    let file = shorts(false).f32(112, 0.1).f32(116, -3.7).read().unwrap();
    let pair = file.volume.scaling().as_uniform().unwrap();
    assert_eq!((pair.slope(), pair.intercept()), (f64::from(0.1f32), f64::from(-3.7f32)));
    assert_eq!(voxels!(file, I16)[0], -3);
}

#[test]
fn both_byte_orders_read_alike() {
    let rows = [[2.0, 0.0, 0.0, -5.0], [0.0, 3.0, 0.0, -6.0], [0.0, 0.0, 4.0, 7.0]];
    let read = |big| shorts(big).sform(rows).read().unwrap();
    assert_eq!(voxels!(read(true), I16), voxels!(read(false), I16));
    assert_eq!(read(true).volume.geometry(), read(false).volume.geometry());
    assert_eq!(read(true).volume.geometry().affine().to_ras()[0], [2.0, 0.0, 0.0, -5.0]);
}

#[test]
fn every_other_type_is_read() {
    let file = |code, bits, voxel: &[u8]| {
        let mut file = Bytes::new(&[1, 1, 1], code, bits, false);
        file.bytes.extend_from_slice(voxel);
        file.read()
    };
    assert_eq!(voxels!(file(2, 8, &[200]).unwrap(), U8), [200]);
    assert_eq!(voxels!(file(256, 8, &[0x80]).unwrap(), I8), [-128]);
    assert_eq!(voxels!(file(512, 16, &[0xff, 0xff]).unwrap(), U16), [65_535]);
    assert_eq!(voxels!(file(768, 32, &[0xff; 4]).unwrap(), U32), [u32::MAX]);
    assert_eq!(voxels!(file(16, 32, &1.5f32.to_le_bytes()).unwrap(), F32), [1.5]);
    assert_eq!(voxels!(file(64, 64, &1.5f64.to_le_bytes()).unwrap(), F64), [1.5]);
    for (code, bits) in [(1, 1), (1536, 128), (2048, 256), (2304, 32)] {
        assert_eq!(file(code, bits, &[0; 32]).unwrap_err().reason(), "unsupported", "{code}");
    }
}

#[test]
fn complex_numbers_are_read_in_either_order() {
    for big in [false, true] {
        let mut file = Bytes::new(&[1, 1, 1], 32, 64, big);
        file.voxels([1.0f32, -2.0].map(f32::to_le_bytes));
        assert_eq!(voxels!(file.read().unwrap(), Complex32), [Complex { re: 1.0, im: -2.0 }]);
        let mut file = Bytes::new(&[1, 1, 1], 1792, 128, big);
        file.voxels([1.0f64, -2.0].map(f64::to_le_bytes));
        assert_eq!(voxels!(file.read().unwrap(), Complex64), [Complex { re: 1.0, im: -2.0 }]);
    }
}

#[test]
fn colours_are_read_and_not_scaled() {
    let mut file = Bytes::new(&[2, 1, 1], 128, 24, false);
    file.f32(112, 2.0).bytes.extend_from_slice(&[1, 2, 3, 4, 5, 6]);
    let file = file.read().unwrap();
    assert_eq!(voxels!(file, Rgb), [Rgb([1, 2, 3]), Rgb([4, 5, 6])]);
    assert!(file.volume.scaling().is_identity());
}

#[test]
fn two_gzip_members_are_one_file() {
    let plain = shorts(false).bytes;
    let wanted = voxels!(read_bytes(&plain, &ReadOptions::default()).unwrap(), I16);
    for packed in [gzip(&[&plain]), gzip(&[&plain[..300], &plain[300..]]), gzip(&[&plain, b""])] {
        let file = read_bytes(&packed, &ReadOptions::default()).unwrap();
        assert_eq!(voxels!(file, I16), wanted);
        assert!(file.warnings.is_empty());
    }
}

#[test]
fn gzip_is_found_without_its_ending() {
    let plain = shorts(false).bytes;
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.nii", "a", "a.img.nii"] {
        let path = folder.path().join(name);
        std::fs::write(&path, gzip(&[&plain])).unwrap();
        assert_eq!(voxels!(read(&path).unwrap(), I16)[5], 32_767, "{name}");
    }
    // and what says so and is not
    let path = folder.path().join("b.nii.gz");
    std::fs::write(&path, &plain).unwrap();
    assert_eq!(voxels!(read(&path).unwrap(), I16)[5], 32_767);
}

#[test]
fn dotted_names_are_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = shorts(false).read().unwrap();
    for name in ["1.2.840.10008.nii", "1.2.840.10008.nii.gz", "v1.0.NII.GZ", ".nii", "a.nii.nii.gz", "x.hdr.nii"] {
        let path = folder.path().join(name);
        write(&path, &file).unwrap();
        assert_eq!(voxels!(read(&path).unwrap(), I16), voxels!(file, I16), "{name}");
    }
    // the data of a pair goes by its header's name, dots and all
    let path = folder.path().join("sub.01.t1.hdr");
    write(&path, &file).unwrap();
    assert!(folder.path().join("sub.01.t1.img").is_file());
    assert_eq!(voxels!(read(&path).unwrap(), I16), voxels!(file, I16));
}

#[test]
fn two_extensions_come_back_as_texts() {
    let mut file = Bytes::new(&[1, 1, 1], 2, 8, false);
    file.put(348, &[1]).f32(108, 352.0 + 16.0 + 32.0);
    file.bytes.resize(352 + 48, 0);
    file.i32(352, 16).i32(356, 6).put(360, b"comment");
    file.i32(368, 32).i32(372, 44).put(376, b"{\"a\": 1, \"b\": 22}");
    file.bytes.push(9);
    let file = file.read().unwrap();
    assert_eq!(file.texts["extension.0.6"], "comment");
    assert_eq!(file.texts["extension.1.44"], "{\"a\": 1, \"b\": 22}");
    assert_eq!(voxels!(file, U8), [9]);
    assert!(file.warnings.is_empty() && file.label_table.is_none());
}

#[test]
fn fields_of_text_come_back_by_name() {
    let file = shorts(false).put(148, b"TE=30").put(228, b"ROI").put(328, b"z").put(14, b"DOE^JANE").read().unwrap();
    let found: Vec<(&str, &str)> = file.texts.iter().map(|(k, t)| (k.as_str(), t.as_str())).collect();
    assert_eq!(found, [("aux_file", "ROI"), ("db_name", "DOE^JANE"), ("descrip", "TE=30"), ("intent_name", "z")]);
}

#[test]
fn trailing_axes_of_length_1_are_dropped() {
    let mut file = Bytes::new(&[2, 1, 1, 1, 1, 1], 2, 8, false);
    file.bytes.extend_from_slice(&[1, 2]);
    assert!(file.read().unwrap().volume.slow_axes().is_empty());
    // a picture has a k axis of length 1
    let mut file = Bytes::new(&[2, 2], 2, 8, false);
    file.bytes.extend_from_slice(&[1, 2, 3, 4]);
    assert_eq!(file.read().unwrap().volume.shape(), [2, 2, 1]);
}

#[test]
fn five_axes_and_their_units() {
    let mut file = Bytes::new(&[1, 1, 1, 2, 3], 2, 8, false);
    file.bytes.extend_from_slice(&[0, 1, 2, 3, 4, 5]);
    let slow = file.read().unwrap().volume.slow_axes().to_vec();
    assert_eq!((slow.len(), slow[0].len(), slow[1].len()), (2, 2, 3));
    assert_eq!(slow[0].kind(), &AxisKind::Other("dim4".to_owned()), "no unit of time");
    // 16: milliseconds
    let slow = file.put(123, &[2 | 16]).f32(92, 2500.0).f32(136, 500.0).read().unwrap().volume.slow_axes().to_vec();
    assert_eq!(slow[0].kind(), &AxisKind::Time);
    assert_eq!(slow[0].numbers(&Quantity::Time), Some(&[0.5, 3.0][..]));
}

#[test]
fn a_short_file_is_an_error() {
    let mut short = shorts(false);
    short.bytes.truncate(short.bytes.len() - 7);
    assert!(matches!(short.read(), Err(Error::Truncated { wanted: 16, found: 9, .. })), "{:?}", short.read());
}

#[test]
fn a_long_file_is_read_and_what_follows_is_said() {
    let mut long = shorts(false);
    long.bytes.extend_from_slice(&[7; 20]);
    let file = long.read().unwrap();
    assert_eq!(codes(&file), ["trailing-bytes"]);
    assert_eq!(voxels!(file, I16)[5], 32_767);
    let packed = gzip(&[&long.bytes]);
    assert_eq!(codes(&read_bytes(&packed, &ReadOptions::default()).unwrap()), ["trailing-bytes"]);
    let mut garbage = gzip(&[&shorts(false).bytes]);
    garbage.extend_from_slice(b"garbage");
    assert_eq!(codes(&read_bytes(&garbage, &ReadOptions::default()).unwrap()), ["trailing-garbage"]);
}

#[test]
fn nifti_2_is_read() {
    let mut bytes = vec![0u8; 544];
    let mut put = |at: usize, b: &[u8]| bytes[at..at + b.len()].copy_from_slice(b);
    put(0, &540i32.to_be_bytes());
    put(4, b"n+2\0\r\n\x1a\n");
    put(12, &4i16.to_be_bytes());
    put(14, &16i16.to_be_bytes());
    for (n, dim) in [3i64, 2, 1, 1, 1, 1, 1, 1].iter().enumerate() {
        put(16 + 8 * n, &dim.to_be_bytes());
    }
    put(168, &544i64.to_be_bytes());
    put(176, &0.1f64.to_be_bytes());
    put(348, &2i32.to_be_bytes());
    for (n, v) in [0.1f64, 0.0, 0.0, 5.0, 0.0, 0.2, 0.0, 6.0, 0.0, 0.0, 0.3, 7.0].iter().enumerate() {
        put(400 + 8 * n, &v.to_be_bytes());
    }
    bytes.extend([-2i16, 258].iter().flat_map(|v| v.to_be_bytes()));
    let file = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(file.format, "NIfTI-2");
    assert_eq!(voxels!(file, I16), [-2, 258]);
    assert_eq!(file.volume.geometry().affine().to_ras()[1], [0.0, 0.2, 0.0, 6.0]);
    assert_eq!(file.volume.scaling().as_uniform().unwrap().slope(), 0.1);
}
