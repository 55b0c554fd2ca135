//! Steps as a user writes them: words of the command line, a file of TOML or JSON.

use std::path::Path;

use isocenter_normalize::{FittedPipeline, pipeline::Unfitted};
use serde::Deserialize;

use crate::Error;

/// What a file of steps holds.
#[derive(Clone, Debug)]
pub enum Steps {
    /// Steps, of which some may still ask a cohort.
    Wanted(Unfitted),
    /// What steps did to one image.
    Done(Box<FittedPipeline>),
}

/// Steps from words, `NAME` or `NAME:key=value,...`: a value is written as in TOML, and a bare word is a text.
///
/// # Errors
/// [`Error::Usage`] with the word and what was expected.
///
/// # Examples
/// ```
/// use isocenter::normalizing::from_words;
///
/// let words = ["reorient:to=RAS", "resample:spacing=[1,1,3],policy=itk", "zscore:region={above=0}"];
/// assert!(from_words(&words.map(str::to_owned)).is_ok());
/// assert!(from_words(&["zscore:regoin=head".to_owned()]).unwrap_err().to_string().contains("regoin"));
/// ```
pub fn from_words(words: &[String]) -> Result<Unfitted, Error> {
    let mut steps = Vec::with_capacity(words.len());
    for word in words {
        let table = table_of(word)?;
        steps.push(serde_json::to_value(table).map_err(|error| Error::usage(format!("step `{word}`: {error}")))?);
    }
    let whole = serde_json::json!({ "steps": steps });
    Unfitted::deserialize(whole).map_err(|error| Error::usage(error.to_string()))
}

fn table_of(word: &str) -> Result<toml::Table, Error> {
    let (name, rest) = word.split_once(':').unwrap_or((word, ""));
    let mut table = toml::Table::new();
    table.insert("name".to_owned(), toml::Value::String(name.trim().to_owned()));
    for pair in apart(rest) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Error::usage(format!("step `{name}`: {pair:?} is no `key=value`")));
        };
        let (key, value) = (key.trim(), value.trim());
        if table.contains_key(key) {
            return Err(Error::usage(format!("step `{name}`: `{key}` is given twice")));
        }
        table.insert(key.to_owned(), value_of(name, key, value)?);
    }
    Ok(table)
}

/// A value as TOML has it, else the text itself.
fn value_of(name: &str, key: &str, value: &str) -> Result<toml::Value, Error> {
    let parsed = toml::from_str::<toml::Table>(&format!("v = {value}")).ok().and_then(|mut table| table.remove("v"));
    match parsed {
        Some(value) => Ok(value),
        None if !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c)) => {
            Ok(toml::Value::String(value.to_owned()))
        }
        None => Err(Error::usage(format!("step `{name}`: {value:?} is no value for `{key}`: as in TOML, or one word"))),
    }
}

/// The parts between commas that stand in no bracket and no quotes.
fn apart(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth, mut quote) = (Vec::new(), 0, 0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Reads a file of steps (TOML, or JSON as `fit` writes it), or a record of what was done to an image.
///
/// # Errors
/// [`Error::Usage`] with the file, the step and what was expected.
pub fn from_file(path: &Path) -> Result<Steps, Error> {
    let refused =
        |why: &dyn std::fmt::Display| Error::usage(format!("{}: {}", path.display(), plain(&why.to_string())));
    let text = std::fs::read_to_string(path).map_err(|error| refused(&format!("cannot be read: {error}")))?;
    if !text.trim_start().starts_with('{') {
        return toml::from_str(&text).map(Steps::Wanted).map_err(|error| refused(&error));
    }
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| refused(&error))?;
    if value.get("fitted").is_some() {
        return FittedPipeline::deserialize(value)
            .map(|done| Steps::Done(Box::new(done)))
            .map_err(|error| refused(&error));
    }
    Unfitted::deserialize(value).map(Steps::Wanted).map_err(|error| refused(&error))
}

/// A parser's message without the blank line at its end.
fn plain(message: &str) -> String {
    message.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str) -> Result<Unfitted, Error> {
        from_words(&[word.to_owned()])
    }

    #[test]
    fn a_word_is_a_step_with_its_values() {
        for good in [
            "zscore",
            "zscore:region=head,ddof=1",
            "resample:spacing=[1, 1, 3.5],interpolation=lanczos5,fill=-1024",
            "zscore:region={between=[0, 3]}",
            "ct_window:preset=lung",
            "reorient:to='RAS'",
            "nyul",
            "nyul:out=[0,1]",
        ] {
            assert!(of(good).is_ok(), "{good} {:?}", of(good));
        }
        for (bad, wanted) in [
            ("zscor", "no step is called `zscor`"),
            ("zscore:head", "\"head\" is no `key=value`"),
            ("zscore:ddof=1,ddof=0", "`ddof` is given twice"),
            ("zscore:region=[", "is no value for `region`"),
            ("resample:spacing=-1", "step `resample`: spacing must be finite and above 0, found -1"),
            ("nyul:percentile=[1,2]", "step `nyul`: unknown field `percentile`"),
            ("gaussian:sigma=x", "step `gaussian`"),
        ] {
            let found = of(bad).unwrap_err().to_string();
            assert!(found.contains(wanted), "{bad}: {found}");
        }
    }
}
