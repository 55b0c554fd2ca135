//! Filters of a recipe: rectangles for pixels, and instances that are kept out.

use super::parse::Label;
use crate::pixels::rules::signature::{Comparison, Test};
use crate::pixels::{Rect, Rules, Signature};
use crate::scripts::Error;
use crate::scripts::names::tag_of;

/// What filters come to.
pub(super) struct Filters {
    /// Rectangles to blank.
    pub(super) pixels: Option<Rules>,
    /// Filters that keep an instance out, by name.
    pub(super) refuses: Vec<(String, Signature)>,
    pub(super) remarks: Vec<String>,
}

/// Reads the labels.
pub(super) fn of(labels: &[Label]) -> Result<Filters, Error> {
    let (mut rules, mut refuses, mut flags) = (Vec::new(), Vec::new(), 0usize);
    for label in labels {
        let (mut signature, mut areas) = (None, Vec::new());
        for (number, line) in &label.lines {
            let place = format!("line {number}");
            if let Some(area) = self::area(line, &place)? {
                areas.push(area);
                continue;
            }
            let (joined, criterion) = match line.strip_prefix('+') {
                Some(rest) => (Join::And, rest),
                None => line.strip_prefix("||").map_or((Join::And, line.as_str()), |rest| (Join::Or, rest)),
            };
            if criterion.trim_start().starts_with('#') {
                continue;
            }
            let found = criteria(criterion, &place)?;
            signature = Some(signature.map_or(found.clone(), |before| joined.of(before, found)));
        }
        let signature = match signature {
            Some(signature) => signature,
            None if !areas.is_empty() => Signature::Always(true),
            None => continue,
        };
        match () {
            () if !areas.is_empty() => rules.push((label.name.clone(), signature, areas)),
            () if label.filter.eq_ignore_ascii_case("blacklist") => refuses.push((label.name.clone(), signature)),
            () => flags += 1,
        }
    }
    let remarks = (flags > 0)
        .then(|| format!("{flags} labels of filters name no rectangle: they flag images there, and do nothing here"));
    let pixels = (!rules.is_empty()).then(|| Rules::of_signatures(rules));
    Ok(Filters { pixels, refuses, remarks: remarks.into_iter().collect() })
}

#[derive(Clone, Copy)]
enum Join {
    And,
    Or,
}

impl Join {
    fn of(self, before: Signature, after: Signature) -> Signature {
        match self {
            Self::And => Signature::All(vec![before, after]),
            Self::Or => Signature::Any(vec![before, after]),
        }
    }
}

/// A rectangle: first column, first row and, of deid's own, the last ones, of CTP's the size.
fn area(line: &str, place: &str) -> Result<Option<Rect>, Error> {
    let lower = line.to_ascii_lowercase();
    for kind in ["ctpkeepcoordinates", "keepcoordinates"] {
        if lower.starts_with(kind) {
            return Err(Error::unsupported(place, kind, "only what goes is named by rectangles, not what stays"));
        }
    }
    let (is_size, rest) = match (lower.strip_prefix("ctpcoordinates"), lower.strip_prefix("coordinates")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Ok(None),
    };
    let rest = rest.split('#').next().unwrap_or_default().trim();
    if rest == "all" {
        return Ok(Some(Rect::new(0, 0, u32::MAX, u32::MAX)));
    }
    if rest.starts_with("from:") {
        return Err(Error::unsupported(place, "from:", "rectangles are not read from elements"));
    }
    let numbers: Option<Vec<u32>> = rest.split(',').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.and_then(|numbers| <[u32; 4]>::try_from(numbers).ok());
    let [x, y, right, down] = numbers.ok_or_else(|| Error::malformed(place, "a rectangle is four whole numbers"))?;
    Ok(Some(match is_size {
        true => Rect::new(x, y, x.saturating_add(right), y.saturating_add(down)),
        false => Rect::new(x, y, right, down),
    }))
}

/// One or more criteria in a line, joined from left to right.
fn criteria(text: &str, place: &str) -> Result<Signature, Error> {
    let (mut found, mut joined, mut rest) = (None, Join::And, text.trim());
    loop {
        let (one, next) = match split(rest) {
            Some((one, join, after)) => (one, Some((join, after))),
            None => (rest, None),
        };
        let signature = criterion(one.trim(), place)?;
        found = Some(found.map_or(signature.clone(), |before| joined.of(before, signature)));
        match next {
            Some((join, after)) => (joined, rest) = (join, after),
            None => return found.ok_or_else(|| Error::malformed(place, "no criterion")),
        }
    }
}

/// At the first `||` or `+` with a criterion behind it.
fn split(text: &str) -> Option<(&str, Join, &str)> {
    let (or, and) = (text.find("||"), text.find('+'));
    let (at, length, join) = match (or, and) {
        (Some(or), Some(and)) if or < and => (or, 2, Join::Or),
        (_, Some(and)) => (and, 1, Join::And),
        (Some(or), None) => (or, 2, Join::Or),
        (None, None) => return None,
    };
    let after = text.get(at + length..)?.trim();
    CRITERIA.iter().any(|name| after.contains(name)).then_some((text.get(..at)?, join, after))
}

const CRITERIA: [&str; 7] = ["notcontains", "notequals", "contains", "equals", "missing", "present", "empty"];

fn criterion(text: &str, place: &str) -> Result<Signature, Error> {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (field, value) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let field = field.strip_prefix("0x").unwrap_or(field);
    let tag = tag_of(field).ok_or_else(|| Error::malformed(place, "a criterion without an element that is known"))?;
    let value = value.split('#').next().unwrap_or_default().trim();
    let test = |comparison| Signature::Test(Test { tag, comparison });
    let search = |pattern: &str| Comparison::search(pattern).map(test).map_err(|what| Error::malformed(place, what));
    // one of several values counts
    let equals = || search(&format!(r"(?:\A|\\)\s*{}\s*(?:\\|\z)", fancy_regex::escape(value)));
    let name = name.to_ascii_lowercase();
    if value.is_empty() && ["contains", "notcontains", "equals", "notequals"].contains(&name.as_str()) {
        return Err(Error::malformed(place, "a criterion without a value"));
    }
    let not = |signature| Signature::Not(Box::new(signature));
    Ok(match name.as_str() {
        // what is not there holds nothing
        "contains" => Signature::All(vec![test(Comparison::Present), search(value)?]),
        "notcontains" => not(Signature::All(vec![test(Comparison::Present), search(value)?])),
        "equals" => Signature::All(vec![test(Comparison::Present), equals()?]),
        "notequals" => not(Signature::All(vec![test(Comparison::Present), equals()?])),
        "missing" => not(test(Comparison::Present)),
        "present" => test(Comparison::Present),
        "empty" => test(Comparison::Empty),
        _ => return Err(Error::malformed(place, "no such criterion")),
    })
}
