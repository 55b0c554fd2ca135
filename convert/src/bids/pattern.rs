//! Patterns of text: those of a shell, as Python's `fnmatch` has them, and regular expressions, as its `re` has them.

use fancy_regex::Regex;
use serde_json::Value;

/// A pattern, compiled.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    regex: Regex,
    lowers: bool,
}

/// How patterns are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// `*`, `?` and `[...]`, over the whole of a text.
    Shell { case_sensitive: bool },
    /// A regular expression, from the beginning of a text.
    Regex,
}

impl Pattern {
    /// Reads a pattern; a number or truth value stands for its text. `Err` says what is wrong with it.
    pub(super) fn parse(value: &Value, method: Method) -> Result<Self, String> {
        let text = match (value, method) {
            (Value::Array(_) | Value::Object(_), _) => return Err("no list stands within a list".to_owned()),
            (Value::String(text), _) => text.clone(),
            (_, Method::Regex) => return Err(format!("{value} is no text")),
            _ => text_of(value),
        };
        let (expression, lowers) = match method {
            Method::Regex => (format!(r"\A(?:{text})"), false),
            Method::Shell { case_sensitive: true } => (of_shell(&text), false),
            Method::Shell { case_sensitive: false } => (of_shell(&text.to_lowercase()), true),
        };
        let regex = Regex::new(&expression).map_err(|error| format!("{text:?} is no pattern: {error}"))?;
        Ok(Self { regex, lowers })
    }

    /// Whether a text has the pattern. One that takes too long to say does not.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let found = if self.lowers { self.regex.is_match(&text.to_lowercase()) } else { self.regex.is_match(text) };
        found.unwrap_or(false)
    }
}

/// A value's text as Python writes it, since patterns were written for that.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => float_text(float),
            None => number.to_string(),
        },
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The shortest digits that give the number back; with an exponent below 1e-4 and from 1e16.
fn float_text(float: f64) -> String {
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..16).contains(&exponent) => {
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
        }
        // with a fraction, even if it is 0
        _ => format!("{float:?}"),
    }
}

/// The regular expression of a shell's pattern.
fn of_shell(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut expression = r"(?s)\A".to_owned();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        match c {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            '[' => match class(&chars[at..]) {
                Some((class, length)) => {
                    expression.push_str(&class);
                    at += length;
                }
                None => expression.push_str(r"\["),
            },
            other => expression.push_str(&fancy_regex::escape(&other.to_string())),
        }
    }
    expression.push_str(r"\z");
    expression
}

/// A class of characters behind its bracket, and how many characters of the pattern it takes; `None` where no bracket closes it.
fn class(rest: &[char]) -> Option<(String, usize)> {
    let negated = rest.first() == Some(&'!');
    let begin = usize::from(negated);
    // a bracket that comes first is one of the characters
    let from = begin + usize::from(rest.get(begin) == Some(&']'));
    let end = from + rest.get(from..)?.iter().position(|c| *c == ']')?;
    let members = rest.get(begin..end)?;
    let mut ranges = String::new();
    let mut at = 0;
    while let Some(&first) = members.get(at) {
        let last = members.get(at + 2).filter(|_| members.get(at + 1) == Some(&'-'));
        let last = last.copied();
        at += if last.is_some() { 3 } else { 1 };
        // a range that runs backwards holds nothing
        if last.unwrap_or(first) >= first {
            ranges.push_str(&format!(r"\x{{{:x}}}-\x{{{:x}}}", first as u32, last.unwrap_or(first) as u32));
        }
    }
    let class = match (ranges.is_empty(), negated) {
        (true, true) => ".".to_owned(),
        (true, false) => r"[^\x{0}-\x{10FFFF}]".to_owned(),
        (false, true) => format!("[^{ranges}]"),
        (false, false) => format!("[{ranges}]"),
    };
    Some((class, end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::parse(&json!(pattern), Method::Shell { case_sensitive: true }).unwrap().is_in(text)
    }

    #[test]
    fn a_shells_pattern_is_that_of_fnmatch() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*T1*", "t1_T1w", true),
            ("T1", "T1w", false),
            ("T?w", "T1w", true),
            ("T[12]w", "T2w", true),
            ("T[!12]w", "T2w", false),
            ("T[!12]w", "T3w", true),
            ("[a-c]x", "bx", true),
            ("[c-a]x", "bx", false),
            ("[]]", "]", true),
            ("[!]]", "]", false),
            ("[a", "[a", true),
            ("[-a]", "-", true),
            ("[a-]", "-", true),
            (r"[\d]", "d", true),
            ("[^a]", "^", true),
            ("a.b(c)+|$", "a.b(c)+|$", true),
            ("a*b", "a\nb", true),
            ("[]", "[]", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
        let loose = Pattern::parse(&json!("*MPRAGE"), Method::Shell { case_sensitive: false }).unwrap();
        assert!(loose.is_in("T1_mprage"));
    }

    #[test]
    fn an_expression_holds_from_the_beginning() {
        let found = |pattern: &str, text: &str| Pattern::parse(&json!(pattern), Method::Regex).unwrap().is_in(text);
        assert!(found("T1|T2", "T2w") && !found("T1|T2", "xT2"));
        assert!(found("(?!.*SBRef).*bold", "rest_bold") && !found("(?!.*SBRef).*bold", "rest_bold_SBRef"));
        assert!(found("(?i)bold", "BOLD"));
        assert!(Pattern::parse(&json!("("), Method::Regex).is_err());
        assert!(Pattern::parse(&json!(3), Method::Regex).is_err());
    }

    #[test]
    fn numbers_read_as_python_writes_them() {
        for (value, text) in [
            (json!(3), "3"),
            (json!(3.0), "3.0"),
            (json!(0.002), "0.002"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1e-05"),
            (json!(1.25e-7), "1.25e-07"),
            (json!(1e16), "1e+16"),
            (json!(123456789.125), "123456789.125"),
            (json!(true), "True"),
            (json!(null), "None"),
        ] {
            assert_eq!(text_of(&value), text);
        }
    }

    proptest! {
        #[test]
        fn every_shells_pattern_compiles(text in any::<String>()) {
            let pattern = Pattern::parse(&json!(text), Method::Shell { case_sensitive: true }).unwrap();
            let plain = !text.contains(['*', '?', '[']);
            prop_assert!(!plain || pattern.is_in(&text));
        }
    }
}
