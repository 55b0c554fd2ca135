//! The binary form: BJData, little endian.
//!
//! Source: Binary JData specification, Draft-2 and later (a marker of one byte, a length where there is one, the value; typed arrays of
//! one and several dimensions).

use isocenter_volume::SampleType;

use super::tree::{Tree, Typed};
use crate::Error;

/// Deepest nesting that is followed.
const DEEPEST: usize = 64;

/// Markers of numbers.
const NUMBERS: [(u8, SampleType); 13] = [
    (b'U', SampleType::U8),
    (b'i', SampleType::I8),
    (b'u', SampleType::U16),
    (b'I', SampleType::I16),
    (b'm', SampleType::U32),
    (b'l', SampleType::I32),
    (b'M', SampleType::U64),
    (b'L', SampleType::I64),
    (b'h', SampleType::F16),
    (b'd', SampleType::F32),
    (b'D', SampleType::F64),
    // bytes and characters
    (b'B', SampleType::U8),
    (b'C', SampleType::U8),
];

/// Reads a document.
pub(super) fn parse(bytes: &[u8]) -> Result<Tree, Error> {
    let mut reader = Reader { rest: bytes, depth: 0 };
    let marker = reader.marker()?;
    reader.value(marker)
}

struct Reader<'b> {
    rest: &'b [u8],
    depth: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, len: u64) -> Result<&'b [u8], Error> {
        let found = self.rest.len() as u64;
        if len > found {
            return Err(Error::Truncated { what: "document", wanted: len, found });
        }
        let (taken, rest) = self.rest.split_at(len as usize);
        self.rest = rest;
        Ok(taken)
    }

    /// The next marker that is not padding.
    fn marker(&mut self) -> Result<u8, Error> {
        loop {
            let marker = self.take(1)?[0];
            if marker != b'N' {
                return Ok(marker);
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn number(&mut self, sample: SampleType) -> Result<Tree, Error> {
        let bytes = self.take(sample.bytes() as u64)?.to_vec();
        let one = Typed { sample, shape: vec![1], is_column: false, bytes };
        Ok(one.numbers().next().unwrap_or(Tree::Null))
    }

    fn length(&mut self) -> Result<u64, Error> {
        let marker = self.marker()?;
        self.length_of(marker)
    }

    fn length_of(&mut self, marker: u8) -> Result<u64, Error> {
        let wrong = |found: String| Error::malformed("length", found, "a whole number that is not negative");
        let sample = sample_of(marker).ok_or_else(|| wrong(format!("marker {marker}")))?;
        match self.number(sample)? {
            Tree::Whole(n) => u64::try_from(n).map_err(|_| wrong(n.to_string())),
            _ => Err(wrong("a fraction".to_owned())),
        }
    }

    fn value(&mut self, marker: u8) -> Result<Tree, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::Limit { what: "levels of a document", asked: self.depth as u64, limit: DEEPEST as u64 });
        }
        let value = match marker {
            b'Z' => Tree::Null,
            b'T' => Tree::Truth(true),
            b'F' => Tree::Truth(false),
            b'C' => Tree::Text(char::from(self.take(1)?[0]).to_string()),
            b'S' => Tree::Text(self.string()?),
            b'H' => self.exact()?,
            b'[' => self.array()?,
            b'{' => self.object()?,
            b'E' => return Err(Error::unsupported("an extension of BJData", "")),
            number => match sample_of(number) {
                Some(sample) => self.number(sample)?,
                None => return Err(Error::malformed("marker", number, "one of BJData")),
            },
        };
        self.depth -= 1;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Error> {
        let len = self.length()?;
        Ok(String::from_utf8_lossy(self.take(len)?).into_owned())
    }

    /// A number in digits, or, as the examples of JNIfTI have it, a run of bytes.
    fn exact(&mut self) -> Result<Tree, Error> {
        let len = self.length()?;
        let bytes = self.take(len)?;
        let number = std::str::from_utf8(bytes).ok().filter(|t| t.len() < 64).and_then(|text| text.parse().ok());
        Ok(number.map_or_else(|| Tree::Typed(Box::new(Typed::of_bytes(bytes.to_vec()))), Tree::Real))
    }

    fn array(&mut self) -> Result<Tree, Error> {
        match self.peek() {
            Some(b'$') => {
                self.take(1)?;
                let marker = self.take(1)?[0];
                let sample = sample_of(marker).ok_or_else(|| Error::unsupported("an array of such values", marker))?;
                if self.take(1)?[0] != b'#' {
                    return Err(Error::malformed("array", "a type without a count", "both"));
                }
                let (shape, is_column) = self.shape()?;
                let bytes = shape.iter().fold(sample.bytes() as u64, |n, len| n.saturating_mul(*len));
                let bytes = self.take(bytes)?.to_vec();
                if marker == b'C' {
                    return Ok(Tree::Text(String::from_utf8_lossy(&bytes).into_owned()));
                }
                Ok(Tree::Typed(Box::new(Typed { sample, shape, is_column, bytes })))
            }
            Some(b'#') => {
                self.take(1)?;
                let count = self.length()?;
                let mut items = Vec::new();
                for _ in 0..count {
                    let marker = self.marker()?;
                    items.push(self.value(marker)?);
                }
                Ok(Tree::List(items))
            }
            _ => {
                let mut items = Vec::new();
                loop {
                    match self.marker()? {
                        b']' => return Ok(Tree::List(items)),
                        marker => items.push(self.value(marker)?),
                    }
                }
            }
        }
    }

    /// What stands behind a count: a length, lengths, or lengths within brackets, whose first varies fastest.
    fn shape(&mut self) -> Result<(Vec<u64>, bool), Error> {
        let marker = self.marker()?;
        if marker != b'[' {
            return Ok((vec![self.length_of(marker)?], false));
        }
        let mut of = self.value(b'[')?;
        let mut is_column = false;
        if let Tree::List(items) = &mut of
            && let [Tree::List(_) | Tree::Typed(_)] = items.as_slice()
        {
            is_column = true;
            of = items.remove(0);
        }
        let lengths = of.as_numbers().unwrap_or_default();
        let whole = |v: &f64| (*v >= 0.0 && v.trunc() == *v && *v < 9e15).then_some(*v as u64);
        let lengths: Option<Vec<u64>> = lengths.iter().map(whole).collect();
        let lengths = lengths.filter(|list| !list.is_empty());
        Ok((lengths.ok_or_else(|| Error::malformed("count", "another value", "lengths"))?, is_column))
    }

    fn object(&mut self) -> Result<Tree, Error> {
        if self.peek() == Some(b'$') {
            return Err(Error::unsupported("a structure of arrays in BJData", ""));
        }
        let count = if self.peek() == Some(b'#') {
            self.take(1)?;
            Some(self.length()?)
        } else {
            None
        };
        let mut fields = Vec::new();
        while count.is_none_or(|count| (fields.len() as u64) < count) {
            let marker = self.marker()?;
            if count.is_none() && marker == b'}' {
                break;
            }
            let len = self.length_of(marker)?;
            let key = String::from_utf8_lossy(self.take(len)?).into_owned();
            let marker = self.marker()?;
            fields.push((key, self.value(marker)?));
        }
        Ok(Tree::Object(fields))
    }
}

fn sample_of(marker: u8) -> Option<SampleType> {
    NUMBERS.iter().find(|(known, _)| *known == marker).map(|(_, sample)| *sample)
}

/// Writes a document.
pub(super) fn write(tree: &Tree, out: &mut Vec<u8>) {
    match tree {
        Tree::Null => out.push(b'Z'),
        Tree::Truth(truth) => out.push(if *truth { b'T' } else { b'F' }),
        Tree::Whole(n) => whole(*n, out),
        Tree::Real(v) => {
            out.push(b'D');
            out.extend(v.to_le_bytes());
        }
        Tree::Text(text) => {
            out.push(b'S');
            whole(text.len() as i128, out);
            out.extend(text.as_bytes());
        }
        Tree::Typed(typed) => {
            let marker = NUMBERS.iter().find(|(_, sample)| *sample == typed.sample).map_or(b'U', |(marker, _)| *marker);
            out.extend([b'[', b'$', marker, b'#']);
            whole((typed.bytes.len() / typed.sample.bytes()) as i128, out);
            out.extend(&typed.bytes);
        }
        Tree::List(items) => {
            out.push(b'[');
            items.iter().for_each(|item| write(item, out));
            out.push(b']');
        }
        Tree::Object(fields) => {
            out.push(b'{');
            for (key, value) in fields {
                whole(key.len() as i128, out);
                out.extend(key.as_bytes());
                write(value, out);
            }
            out.push(b'}');
        }
    }
}

/// A whole number in the smallest type that holds it.
fn whole(n: i128, out: &mut Vec<u8>) {
    if let Ok(n) = u8::try_from(n) {
        out.extend([b'U', n]);
    } else if let Ok(n) = u16::try_from(n) {
        out.push(b'u');
        out.extend(n.to_le_bytes());
    } else if let Ok(n) = i32::try_from(n) {
        out.push(b'l');
        out.extend(n.to_le_bytes());
    } else {
        out.push(b'L');
        out.extend(i64::try_from(n).unwrap_or(i64::MAX).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_go_both_ways() {
        let typed = Typed { sample: SampleType::I16, shape: vec![2], is_column: false, bytes: vec![1, 0, 255, 255] };
        let tree = Tree::object([
            (
                "a",
                Tree::List(vec![Tree::Null, Tree::Truth(true), Tree::Whole(-1), Tree::Whole(70_000), Tree::Real(0.5)]),
            ),
            (
                "b",
                Tree::object([
                    ("text", Tree::text("\u{fc}")),
                    ("big", Tree::Whole(1 << 40)),
                    ("none", Tree::List(vec![])),
                ]),
            ),
            ("c", Tree::Typed(Box::new(typed))),
        ]);
        let mut bytes = Vec::new();
        write(&tree, &mut bytes);
        assert_eq!(parse(&bytes).unwrap(), tree);
        for n in 0..bytes.len() {
            assert!(parse(&bytes[..n]).is_err(), "cut at {n}");
        }
    }

    #[test]
    fn arrays_have_counts_types_and_shapes() {
        let of = |bytes: &[u8]| parse(bytes);
        let typed = |shape: Vec<u64>, is_column, bytes: &[u8]| {
            Tree::Typed(Box::new(Typed { sample: SampleType::U8, shape, is_column, bytes: bytes.to_vec() }))
        };
        assert_eq!(of(b"[#U\x02TN\x5a").unwrap(), Tree::List(vec![Tree::Truth(true), Tree::Null]));
        assert_eq!(of(b"[$U#[$U#U\x02\x02\x01\x07\x08").unwrap(), typed(vec![2, 1], false, &[7, 8]));
        assert_eq!(of(b"[$U#[U\x02U\x01]\x07\x08").unwrap(), typed(vec![2, 1], false, &[7, 8]));
        assert_eq!(of(b"[$U#[[$U#U\x02\x02\x01]\x07\x08").unwrap(), typed(vec![2, 1], true, &[7, 8]));
        assert_eq!(of(b"{#U\x01U\x01kCx").unwrap(), Tree::object([("k", Tree::text("x"))]));
        assert_eq!(of(b"HU\x031e3").unwrap(), Tree::Real(1000.0));
        for (bytes, reason) in [
            (b"[$U#L\xff\xff\xff\xff\xff\xff\xff\x7f".as_slice(), "truncated"),
            (b"[$U#i\xff", "malformed"),
            (b"[$S#U\x01", "unsupported"),
            (b"[$U[", "malformed"),
            (b"{$U#U\x01", "unsupported"),
            (b"E", "unsupported"),
            (b"?", "malformed"),
            (&[b'['; 99], "limit"),
        ] {
            assert_eq!(of(bytes).unwrap_err().reason(), reason, "{bytes:?}");
        }
    }
}
