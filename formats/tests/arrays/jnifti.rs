//! Documents of JNIfTI, text and binary; as jdata 0.9.5 and the samples of the specification write them.

use isocenter_formats::{Error, File, ReadOptions, Region, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, DynSamples, Frame, Geometry, Quantity, Rescale, Rgb, Scaling, SlowAxis, Unit,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    common::{KINDS, back, file, numbered, small, survives_damage, text, upright},
    support::codes,
    voxels,
};

fn read(document: &Value) -> Result<File, Error> {
    read_bytes(document.to_string().as_bytes(), &ReadOptions::default())
}

fn document(header: Value, data: Value) -> Value {
    json!({ "NIFTIHeader": header, "NIFTIData": data })
}

/// A document of 2 x 3 numbers whose last index varies fastest: 1 2 3 and 4 5 6.
fn rows(changes: Value) -> Value {
    let mut data = json!({ "_ArrayType_": "int16", "_ArraySize_": [2, 3], "_ArrayData_": [1, 2, 3, 4, 5, 6] });
    for (key, value) in changes.as_object().unwrap() {
        data[key] = value.clone();
    }
    document(json!({ "VoxelSize": [2, 3, 4] }), data)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_type_comes_back_with_its_place(
        grid in upright(), slow in prop::collection::vec(2usize..4, 0..4), kind in 0..KINDS, seed in any::<u64>(),
        lean in -1.0f64..1.0, is_text in any::<bool>(),
    ) {
        let third = [lean, lean / 3.0, 1.5];
        let affine = Affine::from_columns([grid.affine().column(0), grid.affine().column(1), third], grid.origin_mm());
        let grid = Geometry::new(grid.shape(), affine, grid.frame().clone()).unwrap();
        let written = file(grid.clone(), numbered(&slow), kind, seed);
        let read = back(&written, if is_text { "jnii" } else { "bnii" });
        let samples: DynSamples = match written.volume.samples() {
            DynSamples::F16(halves) => halves.iter().map(|half| half.to_f32()).collect::<Vec<_>>().into(),
            other => other.clone(),
        };
        prop_assert_eq!(text(read.volume.samples()), text(&samples));
        prop_assert_eq!(read.volume.slow_axes(), written.volume.slow_axes());
        prop_assert!(codes(&read).is_empty());
        if grid.frame().is_patient() {
            prop_assert_eq!(read.volume.geometry(), &grid);
        } else {
            prop_assert_eq!(read.volume.geometry().spacing_mm(), grid.spacing_mm());
            prop_assert_eq!(read.volume.geometry().frame(), &Frame::Unknown);
        }
    }
}

#[test]
fn arrays_are_spelled_in_many_ways() {
    let zlib = "eJxjZGBiYGZgYWBlYGMAAAB8ABY=";
    let gzip = {
        let bytes: Vec<u8> = (1..7i16).flat_map(i16::to_le_bytes).collect();
        data_encoding(&crate::support::gzip(&[&bytes]))
    };
    let raw = data_encoding(&(1..7i16).flat_map(i16::to_le_bytes).collect::<Vec<_>>());
    for changes in [
        json!({}),
        json!({ "_ArrayOrder_": "r" }),
        json!({ "_ArrayOrder_": "col", "_ArrayData_": [1, 4, 2, 5, 3, 6] }),
        json!({ "_ArrayZipType_": "zlib", "_ArrayZipSize_": [1, 6], "_ArrayZipData_": zlib }),
        json!({ "_ArrayZipType_": "gzip", "_ArrayZipSize_": [1, 6], "_ArrayZipData_": gzip }),
        json!({ "_ArrayZipType_": "base64", "_ArrayZipSize_": [1, 6], "_ArrayZipData_": raw }),
    ] {
        let read = read(&rows(changes.clone())).unwrap_or_else(|error| panic!("{changes}: {error}"));
        assert_eq!(
            (read.format, read.volume.shape(), voxels!(read, I16)),
            ("JNIfTI", [2, 3, 1], vec![1, 4, 2, 5, 3, 6])
        );
        assert_eq!(read.volume.geometry().spacing_mm(), [2.0, 3.0, 4.0], "{changes}");
    }
    // lists of lists, whose type the header knows
    let direct = document(json!({ "DataType": 4, "Dim": [2, 3] }), json!([[1, 2, 3], [4, 5, 6]]));
    let read_direct = read(&direct).unwrap();
    assert_eq!((voxels!(read_direct, I16), codes(&read_direct).len()), (vec![1, 4, 2, 5, 3, 6], 2), "no VoxelSize");
    let structure =
        document(json!({ "DataType": "double" }), json!({ "Data": [0.5, "_NaN_", "-_Inf_"], "Properties": {} }));
    let values = voxels!(read(&structure).unwrap(), F64);
    assert!(values[0] == 0.5 && values[1].is_nan() && values[2] == f64::NEG_INFINITY);
    // the binary form has arrays of its own
    let binary =
        |data: &[u8]| [b"{U\x0bNIFTIHeader{U\x09VoxelSize[U\x02U\x03U\x04]}U\x09NIFTIData", data, b"}"].concat();
    for data in [
        b"[$I#[$U#U\x02\x02\x03\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0".as_slice(),
        b"[$I#[[$U#U\x02\x02\x03]\x01\0\x04\0\x02\0\x05\0\x03\0\x06\0",
        b"{U\x0b_ArrayType_SU\x05int16U\x0b_ArraySize_[$U#U\x02\x02\x03U\x0b_ArrayData_[$U#U\x06\x01\x02\x03\x04\x05\x06}",
    ] {
        let read = read_bytes(&binary(data), &ReadOptions::default()).unwrap();
        assert_eq!((read.format, voxels!(read, I16)), ("binary JNIfTI", vec![1, 4, 2, 5, 3, 6]));
    }
}

fn data_encoding(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().enumerate().fold(0u32, |word, (n, byte)| word | u32::from(*byte) << (16 - 8 * n));
        for n in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * n) & 63) as usize] as char;
            out.push(if n <= three.len() { letter } else { '=' });
        }
    }
    out
}

#[test]
fn complex_numbers_are_rows_and_colours_an_axis() {
    let complex = document(
        json!({ "DataType": "complex64" }),
        json!({ "_ArrayType_": "single", "_ArraySize_": [2, 2], "_ArrayIsComplex_": true, "_ArrayData_": [[1, 2, 3, 4], [5, 6, 7, 8]] }),
    );
    let parts: Vec<[f32; 2]> = voxels!(read(&complex).unwrap(), Complex32).iter().map(|c| [c.re, c.im]).collect();
    assert_eq!(parts, [[1.0, 5.0], [3.0, 7.0], [2.0, 6.0], [4.0, 8.0]]);
    for (order, numbers) in [("row", [1, 2, 3, 4, 5, 6]), ("column", [1, 4, 2, 5, 3, 6])] {
        let colours = document(
            json!({ "DataType": "rgb24", "Dim": [2, 1, 1] }),
            json!({ "_ArrayType_": "uint8", "_ArraySize_": [2, 1, 1, 3], "_ArrayOrder_": order, "_ArrayData_": numbers }),
        );
        assert_eq!(voxels!(read(&colours).unwrap(), Rgb), [Rgb([1, 2, 3]), Rgb([4, 5, 6])], "{order}");
    }
}

#[test]
fn a_header_means_what_it_means_in_nifti() {
    let header = json!({
        "DataType": "int16", "VoxelSize": [2, 3, 4, 2500], "Unit": { "L": "mm", "T": "ms" }, "TimeOffset": 500,
        "ScaleSlope": 0.5, "ScaleOffset": -3, "SForm": "mni_152", "Description": "a phantom", "Intent": "label",
        "Affine": [[2, 0, 0, -10], [0, 3, 0, 20], [0, 0, 4, 30]],
    });
    let array = json!({ "_ArrayType_": "int16", "_ArraySize_": [1, 1, 1, 2], "_ArrayData_": [1, 2] });
    let file = read(&document(header.clone(), array.clone())).unwrap();
    let volume = &file.volume;
    assert!(volume.geometry().frame().is_patient() && file.is_label && codes(&file).is_empty());
    // RAS -10 20 30
    assert_eq!(volume.geometry().origin_mm(), [10.0, -20.0, 30.0]);
    assert_eq!(volume.slow_axes()[0].numbers(&Quantity::Time), Some(&[0.5, 3.0][..]));
    assert_eq!(volume.scaling().as_uniform(), Some(Rescale::new(0.5, -3.0).unwrap()));
    assert_eq!(file.texts["descrip"], "a phantom");
    // a quaternion, whose factor is said by the orientation of x, or by itself
    for (key, value) in [("Orientation", json!({ "x": "l", "y": "a", "z": "s" })), ("NIIQfac_", json!(-1))] {
        let mut header = header.clone();
        header["SForm"] = "".into();
        header["QForm"] = json!(1);
        header[key] = value;
        let grid = read(&document(header, array.clone())).unwrap().volume.geometry().clone();
        assert_eq!(grid.affine().column(2), [0.0, 0.0, -4.0]);
    }
    // the signs of bits as the header has them, other types as the array has them
    let mut other = header.clone();
    other["DataType"] = "uint16".into();
    let file = read(&document(other.clone(), array.clone())).unwrap();
    assert_eq!((voxels!(file, U16), codes(&file)), (vec![1, 2], vec!["type-disagrees"]));
    other["DataType"] = "double".into();
    let file = read(&document(other, array)).unwrap();
    assert_eq!((voxels!(file, I16), codes(&file)), (vec![1, 2], vec!["type-disagrees"]));
}

#[test]
fn times_scaling_labels_and_texts_come_back() {
    let grid = Geometry::new([2, 1, 2], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let times = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![1.0, 3.5]).unwrap();
    let mut given = file(grid, vec![times], 3, 1).with_label_table(vec![(2, "liver".to_owned())]);
    given.texts.insert("descrip".to_owned(), "a \"phantom\"".to_owned());
    given.volume = given.volume.with_scaling(Scaling::uniform(Rescale::new(0.5, -1024.0).unwrap(), Unit::Hu)).unwrap();
    for extension in ["jnii", "bnii"] {
        let read = back(&given, extension);
        assert_eq!(read.label_table, given.label_table);
        assert_eq!(read.texts["descrip"], given.texts["descrip"]);
        assert_eq!(read.volume.slow_axes(), given.volume.slow_axes());
        assert_eq!(read.volume.scaling().as_uniform(), given.volume.scaling().as_uniform());
    }
}

#[test]
fn one_of_several_is_chosen_and_a_region_cut_out() {
    let array = |n: i16| json!({ "_ArrayType_": "int16", "_ArraySize_": [2], "_ArrayData_": [n, n + 1] });
    let two = json!({ "NIFTIData(a)": array(1), "NIFTIData(b)": array(3), "NIFTIHeader(b)": { "VoxelSize": [9] } })
        .to_string();
    assert_eq!(read_bytes(two.as_bytes(), &ReadOptions::default()).unwrap_err().reason(), "unsupported");
    let chosen = read_bytes(two.as_bytes(), &ReadOptions::default().with_name("b")).unwrap();
    assert_eq!((voxels!(chosen, I16), chosen.volume.geometry().spacing_mm()[0]), (vec![3, 4], 9.0));
    for extension in ["jnii", "bnii"] {
        let bytes = write_bytes(&small(2), extension, &WriteOptions::default()).unwrap();
        let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
        let part = opened.read_region(&Region::planes([3, 2, 2], 1, 1)).unwrap();
        let whole = read_bytes(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!(voxels!(part, U16), voxels!(whole, U16)[6..]);
    }
}

#[test]
fn what_is_wrong_or_not_supported_is_refused() {
    for (reason, changes) in [
        ("unsupported", json!({ "_ArrayType_": "double128" })),
        ("unsupported", json!({ "_ArrayIsSparse_": true })),
        ("unsupported", json!({ "_ArrayShape_": "diag" })),
        ("unsupported", json!({ "_ArrayIsComplex_": true })),
        ("unsupported", json!({ "_ArrayZipType_": "lzma", "_ArrayZipData_": "AAAA" })),
        ("malformed", json!({ "_ArrayZipData_": "AAAA" })),
        ("malformed", json!({ "_ArrayZipType_": "zlib", "_ArrayZipData_": "not base64" })),
        ("malformed", json!({ "_ArrayOrder_": "diagonal" })),
        ("malformed", json!({ "_ArraySize_": [2, -3] })),
        ("malformed", json!({ "_ArraySize_": [0, 3] })),
        ("truncated", json!({ "_ArraySize_": [2, 4] })),
        ("malformed", json!({ "_ArraySize_": [2, 2] })),
        ("limit", json!({ "_ArraySize_": [1_000_000, 1_000_000, 1_000_000] })),
        (
            "truncated",
            json!({ "_ArraySize_": [60_000, 60_000], "_ArrayZipType_": "zlib", "_ArrayZipData_": "eJxjZGBiYGZgYWBlYGMAAAB8ABY=" }),
        ),
        ("malformed", json!({ "_ArrayData_": [1, 2, 3, 4, 5, 70_000] })),
        ("malformed", json!({ "_ArrayData_": [1, 2, 3, 4, 5, 0.5] })),
        ("malformed", json!({ "_ArrayData_": [1, 2, 3, 4, 5, "six"] })),
        ("unsupported", json!({ "_ArraySize_": [1, 1, 1, 1, 1, 1, 2, 3] })),
    ] {
        let refused = read(&rows(changes.clone())).unwrap_err();
        assert_eq!(refused.reason(), reason, "{changes}: {refused}");
    }
    let array = json!({ "_ArrayType_": "uint8", "_ArraySize_": [2], "_ArrayData_": [1, 2] });
    for (reason, header) in [
        ("malformed", json!({ "Dim": [3] })),
        ("unsupported", json!({ "DataType": "float8" })),
        ("malformed", json!({ "SForm": 1 })),
        ("malformed", json!({ "QForm": "elsewhere" })),
        ("malformed", json!({ "ScaleSlope": 2, "ScaleOffset": "_NaN_" })),
    ] {
        assert_eq!(read(&document(header.clone(), array.clone())).unwrap_err().reason(), reason, "{header}");
    }
    assert_eq!(read(&document(json!({ "DataType": 2 }), json!([[1, 2], [3]]))).unwrap_err().reason(), "malformed");
    assert_eq!(read(&document(json!({}), json!([1, 2]))).unwrap_err().reason(), "malformed", "a list without a type");
    assert_eq!(read(&json!({ "NIFTIHeader": {} })).unwrap_err().reason(), "unsupported");
    for extension in ["jnii", "bnii"] {
        survives_damage(&write_bytes(&small(3), extension, &WriteOptions::default()).unwrap());
    }
}
