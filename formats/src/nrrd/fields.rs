//! The lines of a header: fields, key-values and comments.

use std::collections::BTreeMap;

use crate::{Error, Warning, lines::Lines, pieces::list, source::Source};

/// The lines of a header, sorted by what they are.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Fields by their name in lower case and without spaces, aliases resolved.
    pub(super) fields: BTreeMap<&'static str, String>,
    /// Free texts by name.
    pub(super) texts: BTreeMap<String, String>,
    /// The file names that follow `data file: LIST`, to the end of the header.
    pub(super) list: Vec<String>,
}

/// Names of the fields that say something about the volume; the rest of the specification's are read over or kept as text.
const KNOWN: [&str; 19] = [
    "dimension",
    "type",
    "sizes",
    "spacings",
    "axismins",
    "centerings",
    "labels",
    "units",
    "kinds",
    "space",
    "spacedimension",
    "spaceunits",
    "spaceorigin",
    "spacedirections",
    "encoding",
    "endian",
    "datafile",
    "lineskip",
    "byteskip",
];

/// Fields without a meaning for the volume, kept as text.
const TEXTS: [&str; 7] = ["content", "sample units", "measurement frame", "old min", "old max", "labels", "number"];

/// Fields of the specification that say nothing that is needed here.
const SILENT: [&str; 5] = ["min", "max", "thicknesses", "axismaxs", "blocksize"];

impl Fields {
    /// Reads a header up to its blank line, or to the end of a header whose data lies elsewhere.
    pub(super) fn read(source: &mut Source<'_>, limit: u64, warnings: &mut Vec<Warning>) -> Result<Self, Error> {
        let mut lines = Lines::new(source, limit);
        let magic = lines.next()?.unwrap_or_default();
        let version = magic.strip_prefix("NRRD").and_then(|v| v.trim_end().parse::<u32>().ok());
        if !version.is_some_and(|v| (1..=5).contains(&v)) {
            return Err(Error::malformed("magic", magic.len(), "NRRD0001 to NRRD0005"));
        }
        let mut fields = Self::default();
        let (mut ignored, mut comments) = (0, Vec::new());
        while let Some(text) = lines.next()? {
            if text.is_empty() {
                break;
            }
            if let Some(comment) = text.strip_prefix('#') {
                comments.push(comment.trim().to_owned());
            } else if !fields.take(&text)? {
                ignored += 1;
            }
            if fields.get("datafile").is_some_and(|v| list(v).is_some()) {
                fields.list = lines.names()?;
                break;
            }
        }
        comments.retain(|c| !c.is_empty() && !BOILERPLATE.iter().any(|b| c.starts_with(b)));
        if !comments.is_empty() {
            fields.texts.insert("comments".to_owned(), comments.join("\n"));
        }
        if ignored > 0 {
            warnings.push(Warning::IgnoredFields { count: ignored });
        }
        Ok(fields)
    }

    /// Sorts in one line; false where it is no field that is known.
    fn take(&mut self, text: &str) -> Result<bool, Error> {
        // whichever separator comes first decides: a value may hold the other
        let field = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1));
        let key = text.find(":=");
        if let Some(at) = key.filter(|at| field.is_none_or(|f| *at < f)) {
            let (key, value) = (text[..at].to_owned(), unescape(&text[at + 2..]));
            self.texts.insert(key, value);
            return Ok(true);
        }
        let Some(at) = field.or_else(|| text.find(':')) else { return Ok(false) };
        let (name, value) = (text[..at].to_ascii_lowercase(), text[at + 1..].trim());
        if let Some(kept) = TEXTS.iter().find(|t| **t == name || t.replace(' ', "") == name) {
            if !value.is_empty() && value.chars().any(|c| !matches!(c, '"' | ' ')) {
                self.texts.insert((*kept).to_owned(), value.to_owned());
            }
            if *kept != "labels" {
                return Ok(true);
            }
        }
        let compact: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        let compact = match compact.as_str() {
            "centers" => "centerings",
            other => other,
        };
        if SILENT.contains(&compact) {
            return Ok(true);
        }
        let Some(known) = KNOWN.iter().find(|k| **k == compact) else { return Ok(false) };
        if self.fields.insert(known, value.to_owned()).is_some() {
            return Err(Error::malformed(known, "given twice", "one such field"));
        }
        Ok(true)
    }

    /// A field's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// A field's value, which must be there.
    pub(super) fn need(&self, name: &'static str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::malformed(name, "missing", "the field"))
    }
}

/// What the tools write into every header: no text of anybody's.
const BOILERPLATE: [&str; 5] = [
    "Complete NRRD file format specification at",
    "http://teem.sourceforge.net/nrrd/format.html",
    "This NRRD file was generated by",
    "on 19",
    "on 20",
];

/// Resolves `\n` and `\\` of a key-value.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, characters.clone().next()) {
            ('\\', Some('n')) => {
                out.push('\n');
                characters.next();
            }
            ('\\', Some('\\')) => {
                out.push('\\');
                characters.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// The inverse of what reading resolves.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> (Fields, Vec<Warning>) {
        let mut warnings = Vec::new();
        let mut source = Source::from_bytes(text.as_bytes()).unwrap();
        (Fields::read(&mut source, 1 << 16, &mut warnings).unwrap(), warnings)
    }

    #[test]
    fn tells_fields_from_key_values_and_comments() {
        let (f, warnings) = fields(
            "NRRD0004\r\n# note: x\r\nType: short\r\nSpace Origin: (1,2,3)\r\na: b:=c: d\\nE\r\nwhat: x\r\n\r\n",
        );
        assert_eq!(f.get("type"), Some("short"));
        assert_eq!(f.get("spaceorigin"), Some("(1,2,3)"));
        assert_eq!(f.texts.get("comments").map(String::as_str), Some("note: x"));
        assert_eq!(warnings, [Warning::IgnoredFields { count: 2 }]); // `a` and `what`
        let (f, _) = fields("NRRD0005\nkey:=c: d\\nE\\\\n\n");
        assert_eq!(f.texts.get("key").map(String::as_str), Some("c: d\nE\\n"));
    }

    #[test]
    fn escapes_round_trip() {
        let text = "a\\nb\nc\\\\d";
        assert_eq!(unescape(&escape(text)), text);
    }
}
