//! Scripts of CTP's DicomPixelAnonymizer: own reading of the language that its manual and behaviour describe.

use super::signature::{Comparison, How, Signature, Test, tag_of};
use super::{Error, Rule, area};

pub(super) fn parse(text: &str) -> Result<Vec<Rule>, Error> {
    let mut rules = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|offset| at + offset) {
        let line = line_of(text, open);
        let Some(close) = text[open..].find('}').map(|offset| open + offset) else {
            return Err(Error::Rule { line, what: "a signature without a closing brace".into() });
        };
        let mut script = Script { text: &text[..close], at: open + 1 };
        let signature = script.whole()?;
        let next = text[close..].find('{').map_or(text.len(), |offset| close + offset);
        let areas = areas(text, close + 1, next)?;
        rules.push(Rule { name: format!("line {line}"), signature, size: None, areas });
        at = next;
    }
    Ok(rules)
}

impl Signature {
    /// Reads a signature without braces, as CTP's DicomFilter has it.
    pub(crate) fn parse_ctp(text: &str) -> Result<Self, Error> {
        Script { text, at: 0 }.whole()
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

/// The rectangles between two signatures.
fn areas(text: &str, from: usize, to: usize) -> Result<Vec<super::Rect>, Error> {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(open) = text[at..to].find('(').map(|offset| at + offset) {
        let wrong = |what: &str| Error::Rule { line: line_of(text, open), what: what.to_owned() };
        let Some(close) = text[open..to].find(')').map(|offset| open + offset) else {
            // a bracket in a heading; one with a comma would be a rectangle that was cut off
            let rest = text[open..to].lines().next().unwrap_or_default();
            if rest.contains(',') {
                return Err(wrong("a rectangle without a closing parenthesis"));
            }
            break;
        };
        let inner = &text[open + 1..close];
        at = close + 1;
        if !inner.contains(',') {
            continue;
        }
        let numbers: Vec<u32> = inner
            .split(',')
            .map(|part| part.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_| wrong("a rectangle is four whole numbers: x, y, columns, rows"))?;
        let corners = <[u32; 4]>::try_from(numbers)
            .map_err(|_| wrong("a rectangle is four whole numbers: x, y, columns, rows"))?;
        found.push(area(corners));
    }
    Ok(found)
}

/// A signature that is being read.
struct Script<'a> {
    /// The file up to the closing brace.
    text: &'a str,
    at: usize,
}

/// Parentheses and negations within each other; deeper is no signature anybody wrote.
const DEEPEST: usize = 64;

impl Script<'_> {
    fn whole(&mut self) -> Result<Signature, Error> {
        let signature = self.any(0)?;
        match self.peek() {
            None => Ok(signature),
            Some(_) => Err(self.wrong("wanted `*`, `+` or the closing brace")),
        }
    }

    /// Terms joined by `+`.
    fn any(&mut self, depth: usize) -> Result<Signature, Error> {
        let mut parts = vec![self.all(depth)?];
        while self.take('+') {
            parts.push(self.all(depth)?);
        }
        Ok(Signature::Any(parts))
    }

    /// Factors joined by `*`.
    fn all(&mut self, depth: usize) -> Result<Signature, Error> {
        let mut parts = vec![self.one(depth)?];
        while self.take('*') {
            parts.push(self.one(depth)?);
        }
        Ok(Signature::All(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Signature, Error> {
        if depth > DEEPEST {
            return Err(self.wrong("too many parentheses within each other"));
        }
        if self.take('!') {
            return Ok(Signature::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take('(') {
            let inner = self.any(depth + 1)?;
            return if self.take(')') { Ok(inner) } else { Err(self.wrong("wanted a closing parenthesis")) };
        }
        match self.peek() {
            Some(c) if c == '[' || c.is_alphabetic() => self.test(),
            _ => Err(self.wrong("wanted an attribute, `!` or a parenthesis")),
        }
    }

    /// `attribute.comparison("value")`, `true` or `false`.
    fn test(&mut self) -> Result<Signature, Error> {
        let rest = &self.text[self.at..];
        let bracketed = rest.starts_with('[').then(|| rest.find(']').map(|close| close + 1)).flatten();
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..bracketed.unwrap_or(word)];
        if name == "true" || name == "false" {
            self.at += name.len();
            // as there: a stop after it belongs to it
            let _ = self.take('.');
            return Ok(Signature::Always(name == "true"));
        }
        let tag = tag_of(name).ok_or_else(|| self.wrong("not an attribute: wanted [gggg,eeee] or a keyword"))?;
        self.at += name.len();
        if !self.take('.') {
            return Err(self.wrong("wanted `.` and a comparison after an attribute"));
        }
        self.skip();
        let rest = &self.text[self.at..];
        let method = rest[..rest.find('(').unwrap_or(rest.len())].trim();
        let compare = comparison(method).ok_or_else(|| self.wrong("not a comparison that is known"))?;
        self.at += rest.find('(').unwrap_or(rest.len());
        let value = self.quoted()?;
        let comparison = compare(&value).map_err(|what| self.wrong(&what))?;
        Ok(Signature::Test(Test { tag, comparison }))
    }

    /// `("value")`: the value is all between the first quote and the last before the closing parenthesis.
    fn quoted(&mut self) -> Result<String, Error> {
        let wanted = "wanted a value in quotes and parentheses";
        if !self.take('(') || !self.take('"') {
            return Err(self.wrong(wanted));
        }
        let start = self.at;
        let end = self.text[start..].find('"').map(|offset| start + offset).ok_or_else(|| self.wrong(wanted))?;
        self.at = end + 1;
        if !self.take(')') {
            return Err(self.wrong(wanted));
        }
        Ok(self.text[start..end].to_owned())
    }

    fn peek(&mut self) -> Option<char> {
        self.skip();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Passes over space and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn wrong(&self, what: &str) -> Error {
        Error::Rule { line: line_of(self.text, self.at), what: what.to_owned() }
    }
}

type Compare = Box<dyn Fn(&str) -> Result<Comparison, String>>;

fn comparison(method: &str) -> Option<Compare> {
    let (plain, ignore_case) = match method.strip_suffix("IgnoreCase") {
        Some(plain) => (plain, true),
        None => (method, false),
    };
    let how = match plain {
        "equals" => How::Equals,
        "contains" => How::Contains,
        "startsWith" => How::StartsWith,
        "endsWith" => How::EndsWith,
        "isLessThan" if !ignore_case => return Some(Box::new(|text| Comparison::number(text, true))),
        "isGreaterThan" if !ignore_case => return Some(Box::new(|text| Comparison::number(text, false))),
        "matches" if !ignore_case => return Some(Box::new(Comparison::matches)),
        _ => return None,
    };
    Some(Box::new(move |text| Ok(Comparison::text(how, text, ignore_case))))
}
