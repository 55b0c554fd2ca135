//! Values of header fields: numbers, vectors, quoted words.

use crate::Error;

/// Numbers separated by spaces.
pub(super) fn numbers(field: &'static str, text: &str) -> Result<Vec<f64>, Error> {
    text.split_ascii_whitespace().map(|t| number(field, t)).collect()
}

/// Whole numbers separated by spaces.
pub(super) fn whole_numbers(field: &'static str, text: &str) -> Result<Vec<u64>, Error> {
    text.split_ascii_whitespace().map(|t| t.parse().map_err(|_| Error::malformed(field, t, "whole numbers"))).collect()
}

fn number(field: &'static str, text: &str) -> Result<f64, Error> {
    text.trim().parse().map_err(|_| Error::malformed(field, text, "a number"))
}

/// Vectors such as `(1,0,0)` or `none`, separated by spaces or not at all.
pub(super) fn vectors(field: &'static str, text: &str) -> Result<Vec<Option<Vec<f64>>>, Error> {
    let wanted = "vectors such as (1,0,0), or none";
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("none") {
            out.push(None);
            rest = after.trim_start();
            continue;
        }
        let inner = rest.strip_prefix('(').and_then(|r| r.split_once(')'));
        let (inner, after) = inner.ok_or_else(|| Error::malformed(field, rest, wanted))?;
        let vector = inner.split(',').map(|t| number(field, t)).collect::<Result<Vec<f64>, Error>>()?;
        // some writers spell "none" as a vector of NaN
        out.push(vector.iter().any(|v| !v.is_nan()).then_some(vector));
        rest = after.trim_start();
    }
    Ok(out)
}

/// Words in double quotes, `\"` inside; bare words are accepted too.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut characters = text.trim().chars().peekable();
    while let Some(first) = characters.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut word = String::new();
        if first == '"' {
            while let Some(c) = characters.next() {
                match c {
                    '"' => break,
                    '\\' => word.extend(characters.next()),
                    other => word.push(other),
                }
            }
        } else {
            word.push(first);
            while let Some(c) = characters.next_if(|c| !c.is_whitespace()) {
                word.push(c);
            }
        }
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_several_spellings() {
        let found = vectors("space directions", "none (1,0, 0)(0,-2e0,0) (nan,nan,nan)").unwrap();
        assert_eq!(found, [None, Some(vec![1.0, 0.0, 0.0]), Some(vec![0.0, -2.0, 0.0]), None]);
        for bad in ["(1,0", "1,0,0)", "(1,x,0)", "nope"] {
            assert!(vectors("space directions", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words_may_be_quoted() {
        assert_eq!(words(r#""" "a \"b\"" mm"#), ["", "a \"b\"", "mm"]);
    }
}
