//! Arrays, in the ways that JData spells them.
//!
//! Source: JData specification, "N-dimensional arrays" (direct, annotated and packed storage; complex numbers as two rows).

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use isocenter_volume::SampleType;

use super::tree::Tree;
use crate::Error;

/// An array whose numbers are not looked at yet.
pub(super) struct Array {
    /// The type that it states; none for plain lists.
    pub(super) sample: Option<SampleType>,
    /// Lengths, the first index first.
    pub(super) shape: Vec<u64>,
    /// Whether the first index varies fastest.
    pub(super) is_column: bool,
    /// Whether it is two arrays, of real and of imaginary parts.
    pub(super) is_complex: bool,
    content: Content,
}

enum Content {
    Numbers(Tree),
    Packed { is_gzip: Option<bool>, bytes: Vec<u8> },
}

impl Array {
    /// Takes an array out of a document.
    pub(super) fn of(tree: Tree) -> Result<Self, Error> {
        match tree {
            Tree::Object(_) => Self::annotated(tree),
            Tree::Typed(typed) => Ok(Self {
                sample: Some(typed.sample),
                shape: typed.shape.clone(),
                is_column: typed.is_column,
                is_complex: false,
                content: Content::Numbers(Tree::Typed(typed)),
            }),
            Tree::List(_) => {
                let mut shape = Vec::new();
                let mut level = &tree;
                while let Tree::List(items) = level {
                    shape.push(items.len() as u64);
                    let Some(first) = items.first() else { break };
                    level = first;
                }
                if !is_even(&tree, &shape) {
                    return Err(Error::malformed("NIFTIData", "lists of several lengths", "rows of equal lengths"));
                }
                let content = Content::Numbers(tree);
                Ok(Self { sample: None, shape, is_column: false, is_complex: false, content })
            }
            _ => Err(Error::malformed("NIFTIData", "another value", "an array")),
        }
    }

    fn annotated(mut tree: Tree) -> Result<Self, Error> {
        let wrong = |field| Error::malformed(field, "missing, or another value", "as JData has it");
        for other in ["_ArrayIsSparse_", "_ArrayShape_", "_ArrayChunks_"] {
            if tree.get(other).is_some_and(|value| !matches!(value, Tree::Truth(false))) {
                return Err(Error::unsupported("such an array of JData", other));
            }
        }
        let name = tree.get("_ArrayType_").and_then(Tree::as_text).ok_or_else(|| wrong("_ArrayType_"))?;
        let sample = sample_of(name).ok_or_else(|| Error::unsupported("sample type", name))?;
        let shape = tree.get("_ArraySize_").and_then(lengths).ok_or_else(|| wrong("_ArraySize_"))?;
        let order = tree.get("_ArrayOrder_").and_then(Tree::as_text).unwrap_or("r").to_ascii_lowercase();
        let is_column = match order.as_str() {
            "r" | "row" => false,
            "c" | "col" | "column" => true,
            _ => return Err(Error::malformed("_ArrayOrder_", "another word", "row or column")),
        };
        let is_true = |value: &Tree| matches!(value, Tree::Truth(true)) || value.as_number().is_some_and(|n| n != 0.0);
        let is_complex = tree.get("_ArrayIsComplex_").is_some_and(is_true);
        let packing = tree.get("_ArrayZipType_").and_then(Tree::as_text).map(str::to_ascii_lowercase);
        let Tree::Object(fields) = &mut tree else { return Err(wrong("_ArrayData_")) };
        let mut take = |key: &str| fields.iter().position(|(k, _)| k == key).map(|n| fields.swap_remove(n).1);
        let content = match (take("_ArrayZipData_"), take("_ArrayData_")) {
            (Some(data), _) => {
                let is_gzip = match packing.as_deref() {
                    Some("zlib") => Some(false),
                    Some("gzip") => Some(true),
                    Some("base64") => None,
                    Some(other) => return Err(Error::unsupported("packing of JData", other)),
                    None => return Err(wrong("_ArrayZipType_")),
                };
                Content::Packed { is_gzip, bytes: bytes_of(data).ok_or_else(|| wrong("_ArrayZipData_"))? }
            }
            (None, Some(data)) => Content::Numbers(data),
            (None, None) => return Err(wrong("_ArrayData_")),
        };
        Ok(Self { sample: Some(sample), shape, is_column, is_complex, content })
    }

    /// The numbers as little-endian bytes: so many, of that type.
    pub(super) fn into_bytes(self, sample: SampleType, count: u64) -> Result<Vec<u8>, Error> {
        let wanted = count.saturating_mul(sample.bytes() as u64);
        let bytes = match self.content {
            Content::Packed { is_gzip: None, bytes } => bytes,
            Content::Packed { is_gzip: Some(is_gzip), bytes } => {
                let mut out = Vec::new();
                let most = wanted.saturating_add(1);
                let read = if is_gzip {
                    MultiGzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut out)
                } else {
                    ZlibDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut out)
                };
                read.map_err(|_| Error::malformed("_ArrayZipData_", "broken", "an intact stream"))?;
                out
            }
            Content::Numbers(Tree::Typed(typed)) if typed.sample == sample => typed.bytes,
            Content::Numbers(numbers) => {
                let mut out = Vec::new();
                put(&numbers, sample, &mut out)?;
                out
            }
        };
        let found = bytes.len() as u64;
        match found.cmp(&wanted) {
            std::cmp::Ordering::Less => Err(Error::Truncated { what: "voxels", wanted, found }),
            std::cmp::Ordering::Equal => Ok(bytes),
            std::cmp::Ordering::Greater => {
                Err(Error::malformed("NIFTIData", "more numbers", "as many as its size has"))
            }
        }
    }

    /// The bytes that are there at most for each of the array's numbers; what is packed has grown by less than deflate can.
    pub(super) fn most_bytes(&self, sample: SampleType) -> u64 {
        match &self.content {
            Content::Packed { is_gzip: None, bytes } => bytes.len() as u64,
            Content::Packed { bytes, .. } => crate::gzip::most_bytes(bytes.len() as u64),
            Content::Numbers(numbers) => count(numbers).saturating_mul(sample.bytes() as u64),
        }
    }
}

fn count(numbers: &Tree) -> u64 {
    match numbers {
        Tree::List(items) => items.iter().map(count).sum(),
        Tree::Typed(typed) => (typed.bytes.len() / typed.sample.bytes()) as u64,
        _ => 1,
    }
}

fn is_even(tree: &Tree, shape: &[u64]) -> bool {
    match (tree, shape.split_first()) {
        (Tree::List(items), Some((len, rest))) => {
            items.len() as u64 == *len && items.iter().all(|item| is_even(item, rest))
        }
        (Tree::List(_), None) => false,
        (_, rest) => rest.is_none(),
    }
}

/// A list of lengths, or a single one.
pub(super) fn lengths(tree: &Tree) -> Option<Vec<u64>> {
    let whole = |v: &f64| (*v >= 0.0 && v.trunc() == *v && *v < 9e15).then_some(*v as u64);
    tree.as_numbers()?.iter().map(whole).collect()
}

/// Bytes as they are, or spelled in base64.
pub(super) fn bytes_of(tree: Tree) -> Option<Vec<u8>> {
    match tree {
        Tree::Typed(typed) if typed.sample.bytes() == 1 => Some(typed.bytes),
        // some break the lines
        Tree::Text(text) => {
            let text: Vec<u8> = text.into_bytes().into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
            data_encoding::BASE64.decode(&text).ok()
        }
        _ => None,
    }
}

/// Types by their names in JData.
fn sample_of(name: &str) -> Option<SampleType> {
    Some(match name {
        "uint8" | "logical" | "bool" | "byte" | "char" => SampleType::U8,
        "int8" => SampleType::I8,
        "uint16" => SampleType::U16,
        "int16" => SampleType::I16,
        "uint32" => SampleType::U32,
        "int32" => SampleType::I32,
        "uint64" => SampleType::U64,
        "int64" => SampleType::I64,
        "half" | "float16" => SampleType::F16,
        "single" | "float32" | "float" => SampleType::F32,
        "double" | "float64" => SampleType::F64,
        _ => return None,
    })
}

/// The name of a type.
pub(super) fn name_of(sample: SampleType) -> &'static str {
    match sample {
        SampleType::I8 => "int8",
        SampleType::U16 => "uint16",
        SampleType::I16 => "int16",
        SampleType::U32 => "uint32",
        SampleType::I32 => "int32",
        SampleType::U64 => "uint64",
        SampleType::I64 => "int64",
        SampleType::F32 | SampleType::F16 | SampleType::Complex32 => "single",
        SampleType::F64 | SampleType::Complex64 => "double",
        _ => "uint8",
    }
}

/// Numbers of a list as those of a type.
fn put(tree: &Tree, sample: SampleType, out: &mut Vec<u8>) -> Result<(), Error> {
    let wrong = || Error::malformed("NIFTIData", "another value", "numbers that its type holds");
    match tree {
        Tree::List(items) => return items.iter().try_for_each(|item| put(item, sample, out)),
        Tree::Typed(typed) => return typed.numbers().try_for_each(|item| put(&item, sample, out)),
        _ => {}
    }
    let whole = || match tree {
        Tree::Whole(n) => Some(*n),
        Tree::Truth(truth) => Some(i128::from(*truth)),
        Tree::Real(v) => (v.trunc() == *v && v.abs() < 2e19).then_some(*v as i128),
        _ => None,
    };
    macro_rules! of {
        ($type:ty) => {
            out.extend(whole().and_then(|n| <$type>::try_from(n).ok()).ok_or_else(wrong)?.to_le_bytes())
        };
    }
    match sample {
        SampleType::U8 => of!(u8),
        SampleType::I8 => of!(i8),
        SampleType::U16 => of!(u16),
        SampleType::I16 => of!(i16),
        SampleType::U32 => of!(u32),
        SampleType::I32 => of!(i32),
        SampleType::U64 => of!(u64),
        SampleType::I64 => of!(i64),
        SampleType::F16 => out.extend(half::f16::from_f64(tree.as_number().ok_or_else(wrong)?).to_le_bytes()),
        SampleType::F32 => out.extend((tree.as_number().ok_or_else(wrong)? as f32).to_le_bytes()),
        SampleType::F64 => out.extend(tree.as_number().ok_or_else(wrong)?.to_le_bytes()),
        _ => return Err(wrong()),
    }
    Ok(())
}
