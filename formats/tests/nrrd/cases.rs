//! Encodings, spaces, axes.

use isocenter_formats::{Error, File, ReadOptions, labels, read_bytes};
use isocenter_volume::{AxisKind, Complex, Frame, Quantity, Rgb};

use crate::{
    support::{codes, gzip},
    voxels,
};

fn read(header: &str, data: &[u8]) -> Result<File, Error> {
    let bytes =
        [b"NRRD0004\n# Complete NRRD file format specification at:\n", header.as_bytes(), b"\n\n", data].concat();
    read_bytes(&bytes, &ReadOptions::default())
}

const GRID: &str = "dimension: 3\nsizes: 3 1 1";

#[test]
fn every_encoding_gives_the_same_voxels() {
    let samples = [-2i16, 258, 32_767];
    let little = samples.map(i16::to_le_bytes).concat();
    let big = samples.map(i16::to_be_bytes).concat();
    let hex: String = little.iter().map(|b| format!("{b:02x}\n")).collect();
    // bz2.compress of Python 3.11
    let bzip2 = [
        0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xf7, 0x1d, 0x4b, 0x4c, 0x00, 0x00, 0x01, 0xc0,
        0x80, 0xb0, 0x00, 0x00, 0x00, 0x80, 0x01, 0xa0, 0x00, 0x21, 0x83, 0x41, 0x9a, 0x08, 0x2c, 0x1c, 0x5d, 0xc9,
        0x14, 0xe1, 0x42, 0x43, 0xdc, 0x75, 0x2d, 0x30,
    ];
    let cases: [(&str, Vec<u8>); 10] = [
        ("raw\nendian: little", little.clone()),
        ("raw\nendian: big", big.clone()),
        ("gzip\nendian: little", gzip(&[&little])),
        ("gz\nendian: big", gzip(&[&big[..3], &big[3..]])),
        ("bzip2\nendian: little", bzip2.to_vec()),
        ("bz2\nline skip: 1\nendian: little", [b"skip\n", bzip2.as_slice()].concat()),
        ("hex\nendian: little", hex.into_bytes()),
        ("ascii", b"-2 258\n32767\n".to_vec()),
        ("raw\nendian: little\nbyte skip: 2\nline skip: 1", [b"skip\nxy", little.as_slice()].concat()),
        ("raw\nendian: little\nbyte skip: -1", [b"anything", little.as_slice()].concat()),
    ];
    for (encoding, data) in cases {
        let file = read(&format!("type: short\n{GRID}\nspacings: 1 1 1\nencoding: {encoding}"), &data).unwrap();
        assert_eq!(voxels!(file, I16), samples, "{encoding}");
        assert!(file.warnings.is_empty() && file.texts.is_empty(), "{:?} {:?}", file.warnings, file.texts);
    }
}

#[test]
fn all_scalar_types() {
    let case = |name: &str| read(&format!("type: {name}\n{GRID}\nencoding: text"), b"1 2 3").unwrap();
    for (encoding, voxels, codes) in [
        ("text", &b"1 2 3 \n"[..], &[][..]),
        ("text", b"1 2 3\n\n4", &["trailing-bytes"]),
        ("hex", b"010203 0", &["trailing-bytes"]),
    ] {
        let file = read(&format!("type: uchar\n{GRID}\nencoding: {encoding}"), voxels).unwrap();
        let told = file.warnings.iter().map(|w| w.code()).filter(|code| code.starts_with("trailing"));
        assert_eq!(told.collect::<Vec<_>>(), codes, "{encoding}");
    }
    assert_eq!(voxels!(case("uchar"), U8), [1, 2, 3]);
    assert_eq!(voxels!(case("signed char"), I8), [1, 2, 3]);
    assert_eq!(voxels!(case("uint16"), U16), [1, 2, 3]);
    assert_eq!(voxels!(case("unsigned int"), U32), [1, 2, 3]);
    assert_eq!(voxels!(case("int"), I32), [1, 2, 3]);
    assert_eq!(voxels!(case("long long int"), I64), [1, 2, 3]);
    assert_eq!(voxels!(case("uint64_t"), U64), [1, 2, 3]);
    assert_eq!(voxels!(case("float"), F32), [1.0, 2.0, 3.0]);
    assert_eq!(voxels!(case("double"), F64), [1.0, 2.0, 3.0]);
}

#[test]
fn spaces_become_lps_or_stay_unknown() {
    let case = |space: &str| {
        let fields = "space directions: (2,0,0) (0,3,0) (0,0,4)\nspace origin: (5,6,7)\nencoding: raw";
        read(&format!("type: uchar\n{GRID}\n{space}\n{fields}"), &[1, 2, 3]).unwrap()
    };
    for (space, origin, orientation) in [
        ("space: left-posterior-superior", [5.0, 6.0, 7.0], "LPS"),
        ("space: RAS", [-5.0, -6.0, 7.0], "RAS"),
        ("space: left-anterior-superior", [5.0, -6.0, 7.0], "LAS"),
    ] {
        let geometry = case(space).volume.geometry().clone();
        assert_eq!(geometry.origin_mm(), origin);
        assert_eq!(geometry.orientation().unwrap().to_string(), orientation);
    }
    for space in ["space: scanner-xyz", "space dimension: 3"] {
        let file = case(space);
        assert_eq!(file.volume.geometry().frame(), &Frame::Unknown);
        assert_eq!(file.volume.geometry().origin_mm(), [5.0, 6.0, 7.0]);
    }
    assert_eq!(codes(&case("space: scanner-xyz")), ["space-without-patient"]);
    let metres = case("space: LPS\nspace units: \"m\" \"m\" \"m\"");
    assert_eq!(metres.volume.geometry().spacing_mm(), [2000.0, 3000.0, 4000.0]);
}

#[test]
fn spacings_without_a_space() {
    let file = read(&format!("type: uchar\n{GRID}\nspacings: 0.5 nan 2\naxis mins: 1 2 3\nencoding: raw"), &[1, 2, 3]);
    let file = file.unwrap();
    assert_eq!(file.volume.geometry().spacing_mm(), [0.5, 1.0, 2.0]);
    assert_eq!(file.volume.geometry().origin_mm(), [1.0, 2.0, 3.0]);
    assert_eq!(codes(&file), ["spacing-assumed"]);
}

#[test]
fn list_axes_are_moved_behind_the_grid() {
    let header = "type: uchar\ndimension: 4\nsizes: 2 3 1 1\nspace: LPS\nkinds: list domain domain domain\n\
        space directions: none (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nencoding: raw";
    let file = read(header, &[1, 10, 2, 20, 3, 30]).unwrap();
    assert_eq!(file.volume.shape(), [3, 1, 1]);
    assert_eq!(voxels!(file, U8), [1, 2, 3, 10, 20, 30]);
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Other("list".to_owned()));
}

#[test]
fn time_has_its_seconds() {
    let header = "type: uchar\ndimension: 4\nsizes: 1 1 1 2\nkinds: domain domain domain time\n\
        spacings: 1 1 1 500\nunits: \"mm\" \"mm\" \"mm\" \"ms\"\nencoding: raw";
    let file = read(header, &[1, 2]).unwrap();
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Time);
    assert_eq!(file.volume.slow_axes()[0].numbers(&Quantity::Time), Some(&[0.0, 0.5][..]));
}

#[test]
fn the_fourth_direction_of_a_space_with_time_is_time() {
    let case = |fields: &str, sizes: &str, data: &[u8]| {
        read(&format!("type: uchar\ndimension: 4\nsizes: {sizes}\n{fields}\nencoding: raw"), data)
    };
    let plain = "space directions: (2,0,0,0) (0,3,0,0) (0,0,4,0) (0,0,0,500)\nspace origin: (5,6,7,1000)";
    for (space, origin) in [
        ("left-posterior-superior-time", [5.0, 6.0, 7.0]),
        ("RAST", [-5.0, -6.0, 7.0]),
        ("left-anterior-superior-time", [5.0, -6.0, 7.0]),
        ("LPST", [5.0, 6.0, 7.0]),
    ] {
        let units = "space units: \"mm\" \"mm\" \"mm\" \"ms\"";
        let file = case(&format!("space: {space}\n{plain}\n{units}"), "1 2 1 2", &[1, 2, 3, 4]).unwrap();
        assert_eq!((file.volume.shape(), file.volume.geometry().origin_mm()), ([1, 2, 1], origin), "{space}");
        assert!(file.volume.geometry().frame().is_patient());
        let time = &file.volume.slow_axes()[0];
        assert_eq!((time.kind(), time.numbers(&Quantity::Time)), (&AxisKind::Time, Some(&[1.0, 1.5][..])));
        assert!(file.warnings.is_empty(), "{:?}", file.warnings);
    }
    // time first in the file, of an unknown unit; a list in its place
    let fields = "space: LPST\nspace directions: (0,0,0,2) (0,1,0,0) (1,0,0,0) (0,0,1,0)\nspace origin: (0,0,0,0)";
    let file = case(fields, "2 3 1 1", &[1, 10, 2, 20, 3, 30]).unwrap();
    assert_eq!(voxels!(file, U8), [1, 2, 3, 10, 20, 30]);
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Time);
    assert_eq!(file.volume.slow_axes()[0].numbers(&Quantity::Time), None);
    let fields = "space: LPST\nkinds: domain domain domain list\nspace directions: (1,0,0,0) (0,1,0,0) (0,0,1,0) none";
    let file = case(fields, "1 1 1 2", &[1, 2]).unwrap();
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Other("list".to_owned()));
    let scanner = case(&format!("space: scanner-xyz-time\n{plain}"), "1 1 1 2", &[1, 2]).unwrap();
    assert_eq!(codes(&scanner), ["space-without-patient"]);
    for (directions, reason) in [
        ("(2,0,0,1) (0,3,0,0) (0,0,4,0) (0,0,0,5)", "unsupported"),
        ("(2,0,0) (0,3,0) (0,0,4) none", "malformed"),
        ("(2,0,0,0) (0,3,0,0) (0,0,0,1) (0,0,0,5)", "malformed"),
    ] {
        let fields =
            format!("space: left-posterior-superior-time\nspace directions: {directions}\nspace origin: (0,0,0,0)");
        assert_eq!(case(&fields, "1 1 1 1", &[1]).unwrap_err().reason(), reason, "{directions}");
    }
}

#[test]
fn colours_and_complex_numbers_are_samples() {
    let header =
        "type: uchar\ndimension: 3\nsizes: 3 2 1\nkinds: RGB-color domain domain\nspacings: nan 1 1\nencoding: raw";
    assert_eq!(voxels!(read(header, &[1, 2, 3, 4, 5, 6]).unwrap(), Rgb), [Rgb([1, 2, 3]), Rgb([4, 5, 6])]);
    let header =
        "type: float\ndimension: 3\nsizes: 2 1 1\nkinds: complex domain domain\nspacings: nan 1 1\nencoding: text";
    assert_eq!(voxels!(read(header, b"1.5 -2e1").unwrap(), Complex32), [Complex { re: 1.5, im: -20.0 }]);
}

#[test]
fn texts_and_segments() {
    let header = format!(
        "# by hand\ntype: uchar\n{GRID}\ncontent: a thing\nspacings: 1 1 1\nencoding: raw\n\
        Segment0_ID:=S1\nSegment0_Name:=ribs: all\nSegment0_LabelValue:=2\nSegment0_Layer:=0\nSegment0_Color:=1 0.5 0\n\
        note:=two\\nlines"
    );
    let file = read(&header, &[0, 2, 0]).unwrap();
    assert_eq!(file.texts["comments"], "by hand");
    assert_eq!(file.texts["content"], "a thing");
    assert_eq!(file.texts["note"], "two\nlines");
    assert_eq!(file.label_table, Some(vec![(2, "ribs: all".to_owned())]));
    let map = labels::read_label_map(&file).unwrap();
    assert_eq!(map.segments()[0].colour, Some([255, 128, 0]));
}
