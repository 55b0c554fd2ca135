//! The fields of `NIFTIHeader` and those of NIfTI's header.
//!
//! Source: JNIfTI specification, tables 1 to 3.

use super::{
    super::{
        data_type,
        header::{Header, INTENT_LABEL, Version},
    },
    tree::Tree,
};
use crate::{Error, endian::Endian};

/// Texts by NIfTI's name and JNIfTI's.
const TEXTS: [(&str, &str); 5] = [
    ("data_type", "A75DataTypeName"),
    ("db_name", "A75DBName"),
    ("descrip", "Description"),
    ("aux_file", "AuxFile"),
    ("intent_name", "Name"),
];

/// Codes of sample types by their names.
const TYPES: [(i16, &str); 17] = [
    (2, "uint8"),
    (4, "int16"),
    (8, "int32"),
    (16, "single"),
    (16, "float32"),
    (32, "complex64"),
    (64, "double"),
    (64, "float64"),
    (128, "rgb24"),
    (256, "int8"),
    (512, "uint16"),
    (768, "uint32"),
    (1024, "int64"),
    (1280, "uint64"),
    (1536, "double128"),
    (1792, "complex128"),
    (2304, "rgba32"),
];

/// Codes of places by their names.
const FORMS: [(i32, &str); 6] =
    [(0, ""), (1, "scanner_anat"), (2, "aligned_anat"), (3, "talairach"), (4, "mni_152"), (5, "template_other")];

/// Codes of units by their names.
const UNITS: [(i32, &str); 10] =
    [(0, ""), (1, "m"), (2, "mm"), (3, "um"), (8, "s"), (16, "ms"), (24, "us"), (32, "hz"), (40, "ppm"), (48, "rad/s")];

/// A header as NIfTI has it, of the version with the wider numbers; lengths and type of the array are to be set. Without
/// `NIFTIHeader` there is no place.
pub(super) fn read(fields: Option<&Tree>) -> Result<Header, Error> {
    let none = Tree::Null;
    let fields = fields.unwrap_or(&none);
    let number = |key: &str| fields.get(key).and_then(Tree::as_number);
    let part =
        |key: &str, part: &str| fields.get(key).and_then(|f| f.get(part)).and_then(Tree::as_number).unwrap_or(0.0);
    let steps = fields.get("VoxelSize").and_then(Tree::as_numbers).unwrap_or_default();
    let rows = fields.get("Affine").and_then(Tree::as_numbers).unwrap_or_default();
    let sform_code = code(fields.get("SForm"), "SForm", &FORMS)?;
    if sform_code > 0 && rows.len() < 12 {
        return Err(Error::malformed("Affine", format!("{} numbers", rows.len()), "three rows of four numbers"));
    }
    let unit = |key| code(fields.get("Unit").and_then(|f| f.get(key)), "Unit", &UNITS);
    let intent = fields.get("Intent");
    let is_label = intent.and_then(Tree::as_text).is_some_and(|text| text == "label");
    let intent = intent.and_then(Tree::as_number).unwrap_or(0.0);
    let text =
        |key: &str| fields.get(key).and_then(Tree::as_text).unwrap_or_default().trim_end_matches('\0').to_owned();
    Ok(Header {
        version: Version::Two,
        endian: Endian::Little,
        single_file: true,
        dim: [0, 1, 1, 1, 1, 1, 1, 1],
        pixdim: std::array::from_fn(|n| match n.checked_sub(1) {
            None => number("NIIQfac_").unwrap_or(if is_left(fields) { -1.0 } else { 1.0 }),
            Some(n) => steps.get(n).copied().unwrap_or(if fields.get("VoxelSize").is_some() { 0.0 } else { f64::NAN }),
        }),
        datatype: 0,
        bitpix: 0,
        vox_offset: 0.0,
        scl_slope: number("ScaleSlope").unwrap_or(0.0),
        scl_inter: number("ScaleOffset").unwrap_or(0.0),
        toffset: number("TimeOffset").unwrap_or(0.0),
        qform_code: code(fields.get("QForm"), "QForm", &FORMS)?,
        sform_code,
        quatern: ["b", "c", "d"].map(|axis| part("Quatern", axis)),
        qoffset: ["x", "y", "z"].map(|axis| part("QuaternOffset", axis)),
        srow: std::array::from_fn(|r| std::array::from_fn(|c| rows.get(4 * r + c).copied().unwrap_or(0.0))),
        xyzt_units: unit("L")? | unit("T")?,
        intent_code: if is_label { INTENT_LABEL } else { intent as i32 },
        texts: TEXTS.map(|(name, key)| (name, text(key))),
    })
}

/// Whether the first axis is said to run to the left, as the factor of the quaternion is spelled.
fn is_left(fields: &Tree) -> bool {
    let x = fields.get("Orientation").and_then(|f| f.get("x")).and_then(Tree::as_text).unwrap_or_default();
    x.starts_with(['l', 'L'])
}

/// A code, as a number or by its name; 0 where it is missing.
fn code(value: Option<&Tree>, field: &'static str, names: &[(i32, &str)]) -> Result<i32, Error> {
    match value {
        None | Some(Tree::Null) => Ok(0),
        Some(Tree::Text(text)) => {
            let found = names.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(code, _)| *code);
            found.ok_or_else(|| Error::malformed(field, "another word", "a word of the specification"))
        }
        Some(value) => {
            let number = value.as_number().filter(|v| (0.0..65536.0).contains(v));
            number.map(|v| v as i32).ok_or_else(|| Error::malformed(field, "another value", "a code or a word"))
        }
    }
}

/// The code of the type that a header states; `None` where it states none.
pub(super) fn data_type(fields: Option<&Tree>) -> Result<Option<i16>, Error> {
    match fields.and_then(|f| f.get("DataType")) {
        None => Ok(None),
        Some(Tree::Text(text)) => {
            let found = TYPES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(code, _)| *code);
            found.map(Some).ok_or_else(|| Error::unsupported("sample type", text))
        }
        Some(value) => {
            let code = value.as_number().filter(|v| (0.0..32768.0).contains(v));
            code.map(|v| Some(v as i16))
                .ok_or_else(|| Error::malformed("DataType", "another value", "a code or a name"))
        }
    }
}

/// The name of a code.
fn name<T: PartialEq + Copy>(code: T, names: &[(T, &'static str)]) -> Tree {
    Tree::text(names.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name))
}

/// The fields of a header.
pub(super) fn written(header: &Header) -> Tree {
    let used = usize::try_from(header.dim[0]).unwrap_or(0).min(7);
    let lengths = header.dim[1..=used].iter().map(|n| Tree::Whole(i128::from(*n))).collect();
    let [b, c, d] = header.quatern.map(Tree::Real);
    let [x, y, z] = header.qoffset.map(Tree::Real);
    let orientation = [if header.pixdim[0] < 0.0 { "l" } else { "r" }, "a", "s"].map(Tree::text);
    let [right, anterior, superior] = orientation;
    let mut fields = vec![
        ("Dim".to_owned(), Tree::List(lengths)),
        ("Intent".to_owned(), Tree::text(if header.intent_code == INTENT_LABEL { "label" } else { "" })),
        ("DataType".to_owned(), name(header.datatype, &TYPES)),
        ("BitDepth".to_owned(), Tree::Whole(i128::from(header.bitpix))),
        ("VoxelSize".to_owned(), Tree::reals(&header.pixdim[1..=used.max(3)])),
        ("Orientation".to_owned(), Tree::object([("x", right), ("y", anterior), ("z", superior)])),
        ("ScaleSlope".to_owned(), Tree::Real(header.scl_slope)),
        ("ScaleOffset".to_owned(), Tree::Real(header.scl_inter)),
        (
            "Unit".to_owned(),
            Tree::object([("L", name(header.xyzt_units & 7, &UNITS)), ("T", name(header.xyzt_units & 0x38, &UNITS))]),
        ),
        ("TimeOffset".to_owned(), Tree::Real(header.toffset)),
        ("QForm".to_owned(), name(header.qform_code, &FORMS)),
        ("SForm".to_owned(), name(header.sform_code, &FORMS)),
        ("Quatern".to_owned(), Tree::object([("b", b), ("c", c), ("d", d)])),
        ("QuaternOffset".to_owned(), Tree::object([("x", x), ("y", y), ("z", z)])),
        ("Affine".to_owned(), Tree::List(header.srow.iter().map(|row| Tree::reals(row)).collect())),
        ("NIIQfac_".to_owned(), Tree::Real(header.pixdim[0])),
    ];
    let texts = header.texts.iter().zip(TEXTS).filter(|((_, text), _)| !text.is_empty());
    fields.extend(texts.map(|((_, text), (_, key))| (key.to_owned(), Tree::text(text))));
    Tree::Object(fields)
}

/// Whether a code is one of the header's types.
pub(super) fn sample_of(code: i16) -> Result<isocenter_volume::SampleType, Error> {
    data_type::of_code(code)
}
