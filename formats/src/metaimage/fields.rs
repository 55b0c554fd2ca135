//! The lines of a header: keys that are known, and texts.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    Error, Warning,
    lines::Lines,
    numbered::is_pattern,
    pieces::{DataFiles, list},
    source::Source,
};

/// The lines of a header, sorted by what they are.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: BTreeMap<&'static str, String>,
    /// Free texts by key.
    pub(super) texts: BTreeMap<String, String>,
    /// The file names that follow `ElementDataFile = LIST`.
    list: Vec<String>,
}

/// Keys that say something about the volume; of synonyms the first is the one that the others are taken for.
const KNOWN: [(&str, &str); 25] = [
    ("ObjectType", "ObjectType"),
    ("NDims", "NDims"),
    ("DimSize", "DimSize"),
    ("ElementType", "ElementType"),
    ("ElementNumberOfChannels", "ElementNumberOfChannels"),
    ("BinaryData", "BinaryData"),
    ("BinaryDataByteOrderMSB", "BinaryDataByteOrderMSB"),
    ("ElementByteOrderMSB", "BinaryDataByteOrderMSB"),
    ("CompressedData", "CompressedData"),
    ("CompressedDataSize", "CompressedDataSize"),
    ("HeaderSize", "HeaderSize"),
    ("Offset", "Offset"),
    ("Position", "Offset"),
    ("Origin", "Offset"),
    ("TransformMatrix", "TransformMatrix"),
    ("Rotation", "TransformMatrix"),
    ("Orientation", "TransformMatrix"),
    ("CenterOfRotation", "CenterOfRotation"),
    ("AnatomicalOrientation", "AnatomicalOrientation"),
    ("ElementSpacing", "ElementSpacing"),
    ("ElementSize", "ElementSize"),
    ("DistanceUnits", "DistanceUnits"),
    ("ElementToIntensityFunctionSlope", "ElementToIntensityFunctionSlope"),
    ("ElementToIntensityFunctionOffset", "ElementToIntensityFunctionOffset"),
    ("ElementDataFile", "ElementDataFile"),
];

/// Keys that are neither needed nor true for long: the voxels say the same.
const SILENT: [&str; 2] = ["ElementMin", "ElementMax"];

impl Fields {
    /// Reads a header to its last field, `ElementDataFile`.
    pub(super) fn read(source: &mut Source<'_>, limit: u64, warnings: &mut Vec<Warning>) -> Result<Self, Error> {
        let mut lines = Lines::new(source, limit);
        let mut fields = Self::default();
        let mut ignored = 0;
        while let Some(text) = lines.next()? {
            if !fields.take(&text)? {
                ignored += 1;
            }
            if let Some(files) = fields.get("ElementDataFile") {
                if list(files).is_some() {
                    fields.list = lines.names()?;
                }
                break;
            }
        }
        if ignored > 0 {
            warnings.push(Warning::IgnoredFields { count: ignored });
        }
        Ok(fields)
    }

    /// Sorts in one line; false where it is no field.
    fn take(&mut self, text: &str) -> Result<bool, Error> {
        if text.trim().is_empty() {
            return Ok(true);
        }
        // MetaIO takes both for the separator
        let Some((key, value)) = text.split_once(['=', ':']) else { return Ok(false) };
        let (key, value) = (key.trim(), value.trim());
        if let Some((_, known)) = KNOWN.iter().find(|(name, _)| *name == key) {
            let before = self.fields.insert(known, value.to_owned());
            return match before {
                Some(before) if before != value => Err(Error::malformed(known, "given twice", "one such field")),
                _ => Ok(true),
            };
        }
        if !is_key(key) {
            return Ok(false);
        }
        if !SILENT.contains(&key) && !value.is_empty() {
            self.texts.insert(key.to_owned(), value.to_owned());
        }
        Ok(true)
    }

    /// A field's value, where it says something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// A field's value, which must be there.
    pub(super) fn need(&self, name: &'static str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::malformed(name, "missing", "the field"))
    }

    /// Numbers separated by spaces, as many as are wanted; `None` where the field is missing.
    pub(super) fn numbers(&self, name: &'static str, count: usize) -> Result<Option<Vec<f64>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let numbers: Option<Vec<f64>> =
            value.split_ascii_whitespace().map(|t| t.parse().ok().filter(|v: &f64| v.is_finite())).collect();
        let numbers = numbers.ok_or_else(|| Error::malformed(name, value, "numbers"))?;
        if numbers.len() == count {
            Ok(Some(numbers))
        } else {
            Err(Error::malformed(name, format!("{} numbers", numbers.len()), "one for each axis, or pair of axes"))
        }
    }

    /// A whole number.
    pub(super) fn whole(&self, name: &'static str) -> Result<Option<i64>, Error> {
        let parse = |v: &str| v.parse().map_err(|_| Error::malformed(name, v, "a whole number"));
        self.get(name).map(parse).transpose()
    }

    /// `True` or `False`; MetaIO looks at the first letter.
    pub(super) fn switch(&self, name: &'static str) -> Result<Option<bool>, Error> {
        let parse = |v: &str| match v.chars().next() {
            Some('T' | 't' | '1') => Ok(true),
            Some('F' | 'f' | '0') => Ok(false),
            _ => Err(Error::malformed(name, v, "True or False")),
        };
        self.get(name).map(parse).transpose()
    }

    /// The files that hold the voxels; `None` where they follow the header.
    pub(super) fn data_files(&self) -> Result<Option<DataFiles>, Error> {
        let value = self.need("ElementDataFile")?;
        if value.eq_ignore_ascii_case("LOCAL") {
            return Ok(None);
        }
        let value = self.ranged(value);
        DataFiles::parse("ElementDataFile", &value, &self.list).map(Some)
    }
}

impl Fields {
    /// A pattern with the whole of its range, as MetaIO takes it: from 1 where no number follows it, as many files as the last axis has
    /// steps where no more than the first does, and never more than that.
    fn ranged<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let last =
            self.get("DimSize").and_then(|sizes| sizes.split_ascii_whitespace().next_back()?.parse::<i64>().ok());
        let Some(last) = last.filter(|n| (1..=1 << 16).contains(n) && value.contains('%')) else { return value.into() };
        let mut words: Vec<&str> = value.split_ascii_whitespace().collect();
        let mut numbers = Vec::new();
        while let Some(number) = words.last().and_then(|word| word.parse::<i64>().ok()).filter(|_| numbers.len() < 3) {
            numbers.insert(0, number);
            words.pop();
        }
        let pattern = words.join(" ");
        if pattern.len() > 4096 || !is_pattern(&pattern) {
            return value.into();
        }
        let (first, end, step) = match *numbers {
            [] => (1, last, 1),
            [first] => (first, first.saturating_add(last - 1), 1),
            [first, end] => (first, end, 1),
            [first, end, step, ..] => (first, end, step),
        };
        let most = first.saturating_add((last - 1).saturating_mul(step));
        let end = if step > 0 { end.min(most) } else { end };
        format!("{pattern} {first} {end} {step}").into()
    }
}

/// Whether a text may be written under a key: one word that the format does not know.
pub(super) fn is_free_key(key: &str) -> bool {
    is_key(key) && !SILENT.contains(&key) && !KNOWN.iter().any(|(name, _)| *name == key)
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '=' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Result<(Fields, Vec<Warning>), Error> {
        let mut warnings = Vec::new();
        let mut source = Source::from_bytes(text.as_bytes())?;
        Ok((Fields::read(&mut source, 1 << 16, &mut warnings)?, warnings))
    }

    #[test]
    fn tells_fields_from_texts() {
        let text = "NDims = 3\r\nPosition: 1 2 3\nnote=a = b\nElementMax = 7\nno field\n two words = x\n\nEmpty =\n\
            ElementDataFile = LIST 2\r\na.raw\nb c.raw\n\nNDims = 4\n";
        let (f, warnings) = fields(text).unwrap();
        assert_eq!((f.get("NDims"), f.get("Offset")), (Some("3"), Some("1 2 3")));
        assert_eq!(f.texts.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), [("note", "a = b")]);
        assert_eq!(f.data_files().unwrap().unwrap().names(), ["a.raw", "b c.raw"]);
        assert_eq!(warnings, [Warning::IgnoredFields { count: 2 }]);
    }

    #[test]
    fn synonyms_must_agree() {
        assert!(fields("Offset = 1 2\nOrigin = 1 2\n").is_ok());
        assert!(fields("Offset = 1 2\nOrigin = 1 3\n").is_err());
    }
}
