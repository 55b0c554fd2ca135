//! Samples, encodings, channels, texts.

use std::io::Write;

use isocenter_formats::{Error, File, ReadOptions, read_bytes};
use isocenter_volume::{AxisKind, Frame, Rgb};

use crate::{
    support::{codes, gzip},
    voxels,
};

/// Three voxels in a row, 1 mm apart, of an unknown frame.
fn read(fields: &str, data: &[u8]) -> Result<File, Error> {
    let header = format!("ObjectType = Image\nNDims = 3\nDimSize = 3 1 1\nElementSpacing = 1 1 1\n{fields}\n");
    read_bytes(&[header.as_bytes(), b"ElementDataFile = LOCAL\n", data].concat(), &ReadOptions::default())
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_encoding_gives_the_same_voxels() {
    let samples = [-2i16, 258, 32_767];
    let little = samples.map(i16::to_le_bytes).concat();
    let big = samples.map(i16::to_be_bytes).concat();
    let packed = zlib(&little);
    let size = format!("CompressedDataSize = {}", packed.len());
    for (fields, data) in [
        ("BinaryData = True\nBinaryDataByteOrderMSB = False", little.clone()),
        ("ElementByteOrderMSB = True\nCompressedData = False", big.clone()),
        ("BinaryDataByteOrderMSB = false\nCompressedData = True", packed.clone()),
        (&format!("BinaryDataByteOrderMSB = False\nCompressedData = True\n{size}"), packed.clone()),
        // what zlib's own inflate takes too
        ("BinaryDataByteOrderMSB = False\nCompressedData = 1", gzip(&[&little])),
        ("BinaryDataByteOrderMSB = True\nBinaryData = False", b"-2 258\n32767".to_vec()),
        ("BinaryDataByteOrderMSB = True\nHeaderSize = -1", [b"anything", big.as_slice()].concat()),
    ] {
        let file = read(&format!("ElementType = MET_SHORT\n{fields}"), &data).unwrap();
        assert_eq!(voxels!(file, I16), samples, "{fields}");
        assert!(file.warnings.is_empty() && file.texts.is_empty(), "{:?} {:?}", file.warnings, file.texts);
    }
}

#[test]
fn a_header_size_counts_from_the_start_of_the_file() {
    let bytes = |size: usize| {
        let header = format!(
            "NDims = 3\nDimSize = 2 1 1\nElementSpacing = 1 1 1\nElementType = MET_UCHAR\nHeaderSize = {size:3}\n\
            ElementDataFile = LOCAL\n"
        );
        [header.as_bytes(), b"junk", &[7, 9]].concat()
    };
    let whole = bytes(0).len() - 2;
    assert_eq!(voxels!(read_bytes(&bytes(whole), &ReadOptions::default()).unwrap(), U8), [7, 9]);
    assert_eq!(read_bytes(&bytes(9), &ReadOptions::default()).unwrap_err().reason(), "malformed");
}

#[test]
fn all_types_by_name() {
    let case = |name: &str| read(&format!("ElementType = {name}\nBinaryData = False"), b"1 2 3").unwrap();
    assert_eq!(voxels!(case("MET_CHAR"), I8), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_UCHAR"), U8), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_USHORT"), U16), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_INT"), I32), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_LONG"), I32), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_ULONG"), U32), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_LONG_LONG"), I64), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_ULONG_LONG"), U64), [1, 2, 3]);
    assert_eq!(voxels!(case("MET_FLOAT"), F32), [1.0, 2.0, 3.0]);
    assert_eq!(voxels!(case("MET_DOUBLE_ARRAY"), F64), [1.0, 2.0, 3.0]);
}

#[test]
fn a_long_of_eight_bytes_is_not_read_as_twice_the_voxels() {
    let eight = [1i64, 2, 3].map(i64::to_le_bytes).concat();
    for (fields, data) in [("", eight.clone()), ("\nCompressedData = True", zlib(&eight))] {
        let fields = format!("ElementType = MET_LONG\nBinaryDataByteOrderMSB = False{fields}");
        assert_eq!(read(&fields, &data).unwrap_err().reason(), "malformed");
        let four = [1i32, 2, 3].map(i32::to_le_bytes).concat();
        let data = if fields.contains("Compressed") { zlib(&four) } else { four };
        assert_eq!(voxels!(read(&fields, &data).unwrap(), I32), [1, 2, 3]);
    }
}

#[test]
fn the_order_of_bytes_is_assumed_aloud() {
    let file = read("ElementType = MET_SHORT", &[1, 0, 2, 0, 3, 0]).unwrap();
    assert_eq!((voxels!(file, I16), codes(&file)), (vec![1, 2, 3], vec!["byte-order-assumed"]));
    assert!(read("ElementType = MET_UCHAR", &[1, 2, 3]).unwrap().warnings.is_empty());
}

#[test]
fn three_bytes_are_a_colour_and_other_channels_an_axis() {
    let file = read("ElementType = MET_UCHAR\nElementNumberOfChannels = 3", &[1, 2, 3, 4, 5, 6, 7, 8, 9]).unwrap();
    assert_eq!(voxels!(file, Rgb), [Rgb([1, 2, 3]), Rgb([4, 5, 6]), Rgb([7, 8, 9])]);
    assert!(file.volume.slow_axes().is_empty());
    let file = read("ElementType = MET_UCHAR_ARRAY\nElementNumberOfChannels = 2", &[1, 10, 2, 20, 3, 30]).unwrap();
    assert_eq!(voxels!(file, U8), [1, 2, 3, 10, 20, 30]);
    assert_eq!((file.volume.slow_axes()[0].kind(), file.volume.steps()), (&AxisKind::Channel, 2));
}

#[test]
fn pictures_and_more_axes() {
    // as SimpleITK 2.5 writes two and four axes
    let two = "ObjectType = Image\nNDims = 2\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\n\
        TransformMatrix = 1 0 0 1\nOffset = 5 6\nCenterOfRotation = 0 0\nElementSpacing = 0.5 2\nDimSize = 2 1\n\
        AnatomicalOrientation = ??\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n";
    let file = read_bytes(&[two.as_bytes(), &[1, 2]].concat(), &ReadOptions::default()).unwrap();
    let geometry = file.volume.geometry();
    assert_eq!((geometry.shape(), geometry.frame()), ([2, 1, 1], &Frame::Unknown));
    assert_eq!((geometry.spacing_mm(), geometry.origin_mm()), ([0.5, 2.0, 1.0], [5.0, 6.0, 0.0]));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
    let four = "ObjectType = Image\nNDims = 4\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\n\
        TransformMatrix = 0 1 0 0 -1 0 0 0 0 0 1 0 0 0 0 1\nOffset = 1 2 3 4\nCenterOfRotation = 0 0 0 0\n\
        ElementSpacing = 1 2 3 2.5\nDimSize = 1 1 1 2\nAnatomicalOrientation = ????\nElementType = MET_UCHAR\n\
        ElementDataFile = LOCAL\n";
    let read = |text: &str| read_bytes(&[text.as_bytes(), &[1, 2]].concat(), &ReadOptions::default());
    let file = read(four).unwrap();
    let geometry = file.volume.geometry();
    assert_eq!((geometry.frame(), geometry.origin_mm()), (&Frame::Patient(None), [1.0, 2.0, 3.0]));
    assert_eq!(geometry.affine().column(0), [0.0, 1.0, 0.0]);
    assert_eq!(geometry.affine().column(1), [-2.0, 0.0, 0.0]);
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Other("dim4".to_owned()));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
    let mixed = four.replace("0 0 0 0 1\nOffset", "0.5 0 0 0 1\nOffset");
    assert_eq!(read(&mixed).unwrap_err().reason(), "unsupported");
}

#[test]
fn texts_labels_and_the_scaling() {
    let fields = "Comment = of a phantom\nModality = MET_MOD_CT\n0008|0060 = CT\nElementMax = 9\nno field\n\
        Segment0_Name = liver\nSegment0_LabelValue = 2\nSegment0_Layer = 0\nElementType = MET_UCHAR\n\
        ElementToIntensityFunctionSlope = 2\nElementToIntensityFunctionOffset = -1024";
    let file = read(fields, &[1, 2, 3, 4]).unwrap();
    assert_eq!((file.texts["Comment"].as_str(), file.texts["0008|0060"].as_str()), ("of a phantom", "CT"));
    assert_eq!(file.texts["Modality"], "MET_MOD_CT");
    assert!(!file.texts.contains_key("ElementMax"));
    assert_eq!((file.is_label, file.label_table), (true, Some(vec![(2, "liver".to_owned())])));
    let pair = file.volume.scaling().as_uniform().unwrap();
    assert_eq!((pair.slope(), pair.intercept()), (2.0, -1024.0));
    let found: Vec<_> = file.warnings.iter().map(|w| w.code()).collect();
    assert_eq!(found, ["ignored-fields", "trailing-bytes"]);
}
