//! A document of either form, text or binary.

use isocenter_volume::SampleType;
use serde_json::{Map, Number, Value};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Truth(bool),
    Whole(i128),
    Real(f64),
    Text(String),
    /// Numbers of one type, as they lie.
    Typed(Box<Typed>),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// Numbers of one type, little endian.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    pub(super) sample: SampleType,
    /// Lengths, the first index first.
    pub(super) shape: Vec<u64>,
    /// Whether the first index varies fastest.
    pub(super) is_column: bool,
    pub(super) bytes: Vec<u8>,
}

impl Typed {
    /// A run of bytes.
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self { sample: SampleType::U8, shape: vec![bytes.len() as u64], is_column: false, bytes }
    }

    /// The numbers, in their order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Tree> + '_ {
        let size = self.sample.bytes();
        self.bytes.chunks_exact(size).map(move |word| {
            let mut wide = [0; 8];
            wide[..size].copy_from_slice(word);
            let bits = u64::from_le_bytes(wide);
            match self.sample {
                SampleType::I8 => Tree::Whole(i128::from(bits as u8 as i8)),
                SampleType::I16 => Tree::Whole(i128::from(bits as u16 as i16)),
                SampleType::I32 => Tree::Whole(i128::from(bits as u32 as i32)),
                SampleType::I64 => Tree::Whole(i128::from(bits as i64)),
                SampleType::F16 => Tree::Real(half::f16::from_bits(bits as u16).to_f64()),
                SampleType::F32 => Tree::Real(f64::from(f32::from_bits(bits as u32))),
                SampleType::F64 => Tree::Real(f64::from_bits(bits)),
                _ => Tree::Whole(i128::from(bits)),
            }
        })
    }
}

impl Tree {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// An object of fields.
    pub(super) fn object<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Object(fields.map(|(key, value)| (key.to_owned(), value)).to_vec())
    }

    /// A list of numbers.
    pub(super) fn reals(numbers: &[f64]) -> Self {
        Self::List(numbers.iter().map(|n| Self::Real(*n)).collect())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Whole(n) => Some(*n as f64),
            Self::Real(v) => Some(*v),
            // how JSON spells what it has no number for
            Self::Text(text) => match text.as_str() {
                "_NaN_" => Some(f64::NAN),
                "_Inf_" => Some(f64::INFINITY),
                "-_Inf_" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => None,
        }
    }

    /// A list of numbers, also one within another.
    pub(super) fn as_numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::List(items) => {
                let parts = items.iter().map(Self::as_numbers).collect::<Option<Vec<_>>>()?;
                Some(parts.concat())
            }
            Self::Typed(typed) => typed.numbers().map(|n| n.as_number()).collect(),
            one => one.as_number().map(|n| vec![n]),
        }
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Truth(truth),
            Value::Number(n) => match (n.as_u64(), n.as_i64(), n.as_f64()) {
                (Some(n), ..) => Self::Whole(i128::from(n)),
                (_, Some(n), _) => Self::Whole(i128::from(n)),
                (.., v) => Self::Real(v.unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(fields.into_iter().map(|(k, v)| (k, Self::from(v))).collect()),
        }
    }
}

impl From<Tree> for Value {
    /// Runs of bytes become base64.
    fn from(tree: Tree) -> Self {
        match tree {
            Tree::Null => Self::Null,
            Tree::Truth(truth) => Self::Bool(truth),
            Tree::Whole(n) => match (u64::try_from(n), i64::try_from(n)) {
                (Ok(n), _) => Self::from(n),
                (_, Ok(n)) => Self::from(n),
                _ => Self::from(n as f64),
            },
            Tree::Real(v) if v.is_nan() => Self::from("_NaN_"),
            Tree::Real(v) if v.is_infinite() => Self::from(if v > 0.0 { "_Inf_" } else { "-_Inf_" }),
            // whole ones without a point, as others write them
            Tree::Real(v) if v.trunc() == v && v.abs() < 1e15 => Self::from(v as i64),
            Tree::Real(v) => Number::from_f64(v).map_or(Self::Null, Self::Number),
            Tree::Text(text) => Self::String(text),
            Tree::Typed(typed) => Self::String(data_encoding::BASE64.encode(&typed.bytes)),
            Tree::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Tree::Object(fields) => {
                Self::Object(fields.into_iter().map(|(k, v)| (k, Self::from(v))).collect::<Map<_, _>>())
            }
        }
    }
}
