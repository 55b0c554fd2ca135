//! Names of files that lie in several pieces: a list, or a pattern with a range of numbers.
//!
//! NRRD and MetaImage share the form: `slice%03d.raw 1 8 1` is `slice001.raw` to `slice008.raw`, `%` as in C's `printf` with one whole
//! number (flags `0`, `-`, `+`, space, a width, a precision; `%%` is a percent sign). The numbers are first, last and step.
//!
//! Source: "Definition of NRRD File Format", section 5 ("data file"); MetaIO documentation, `ElementDataFile`.

use crate::Error;

/// The files that a pattern names, and a fourth number behind its range, where there is one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) names: Vec<String>,
    pub(crate) dimension: Option<u64>,
}

/// Most files that a pattern may name.
const MOST: i64 = 1 << 16;

/// Longest pattern: no system has a longer path.
const LONGEST: usize = 4096;

/// Most bytes of all names together.
const MOST_BYTES: u64 = 16 << 20;

/// Widest field that is spelled.
const WIDEST: usize = 32;

/// Takes a value as a pattern; `None` where it is the name of one file.
pub(crate) fn numbered(field: &'static str, value: &str) -> Result<Option<Numbered>, Error> {
    let mut rest = value.trim_end();
    let mut numbers = Vec::new();
    while numbers.len() < 4 {
        let Some((before, last)) = rest.rsplit_once(|c: char| c.is_ascii_whitespace()) else { break };
        let Ok(number) = last.parse::<i64>() else { break };
        numbers.push(number);
        rest = before.trim_end();
    }
    numbers.reverse();
    if !rest.contains('%') || numbers.len() < 3 {
        return Ok(None);
    }
    let wanted = "first, last and step of a range of 1 to 65536 files";
    let (first, last, step) = (numbers[0], numbers[1], numbers[2]);
    let count = last.checked_sub(first).and_then(|span| span.checked_div(step)).and_then(|n| n.checked_add(1));
    let count = count.filter(|n| (1..=MOST).contains(n));
    let count = count.ok_or_else(|| Error::malformed(field, format!("{first} {last} {step}"), wanted))?;
    let is_long = rest.len() > LONGEST || rest.len() as u64 * count.unsigned_abs() > MOST_BYTES;
    if is_long {
        let wanted = "a name that the system could have, and together no more than 16 MiB";
        return Err(Error::malformed(field, format!("{} bytes for {count} files", rest.len()), wanted));
    }
    let name = |n: i64| spelled(rest, first.saturating_add(step.saturating_mul(n)));
    let names = (0..count).map(name).collect::<Option<Vec<_>>>();
    let names =
        names.ok_or_else(|| Error::malformed(field, "another pattern", "one whole number in it, such as %03d"))?;
    let dimension = numbers.get(3).map(|n| u64::try_from(*n).unwrap_or(0));
    Ok(Some(Numbered { names, dimension }))
}

/// Whether a text has exactly one place for a number.
pub(crate) fn is_pattern(text: &str) -> bool {
    spelled(text, 1).is_some()
}

/// A pattern with its number; `None` unless it has exactly one place for one.
fn spelled(pattern: &str, number: i64) -> Option<String> {
    let mut out = String::new();
    let mut places = 0;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        places += 1;
        let flags = after.len() - after.trim_start_matches(['0', '-', '+', ' ']).len();
        let (flags, after) = after.split_at(flags);
        let (width, after) = count(after)?;
        let (precision, after) = match after.strip_prefix('.') {
            Some(after) => count(after)?,
            None => (0, after),
        };
        rest = after.trim_start_matches(['l', 'h', 'z']).strip_prefix(['d', 'i', 'u'])?;
        out.push_str(&field(number, flags, width, precision));
    }
    out.push_str(rest);
    (places == 1).then_some(out)
}

/// The digits that a text begins with.
fn count(text: &str) -> Option<(usize, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, rest) = text.split_at(digits);
    let value = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    (value <= WIDEST).then_some((value, rest))
}

fn field(number: i64, flags: &str, width: usize, precision: usize) -> String {
    let sign = if number < 0 {
        "-"
    } else if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    let mut digits = format!("{:0>precision$}", number.unsigned_abs());
    let missing = width.saturating_sub(sign.len() + digits.len());
    if flags.contains('-') {
        return format!("{sign}{digits}{}", " ".repeat(missing));
    }
    if flags.contains('0') {
        digits.insert_str(0, &"0".repeat(missing));
        return format!("{sign}{digits}");
    }
    format!("{}{sign}{digits}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(value: &str) -> Vec<String> {
        numbered("data file", value).unwrap().unwrap().names
    }

    #[test]
    fn patterns_are_spelled_as_by_printf() {
        assert_eq!(names("s%03d.raw 8 10 1"), ["s008.raw", "s009.raw", "s010.raw"]);
        assert_eq!(names("a b/%d_100%%.raw 5 1 -2"), ["a b/5_100%.raw", "a b/3_100%.raw", "a b/1_100%.raw"]);
        assert_eq!(names("%.4ix 7 7 1"), ["0007x"]);
        assert_eq!(names("%4ux 7 7 1"), ["   7x"]);
        assert_eq!(names("%-3dx -1 -1 1"), ["-1 x"]);
        assert_eq!(numbered("data file", "s%d.raw 0 5 2 2").unwrap().unwrap().dimension, Some(2));
        assert_eq!(numbered("data file", "s%d.raw 0 5 2 2").unwrap().unwrap().names.len(), 3);
    }

    #[test]
    fn one_name_is_no_pattern_and_a_wrong_one_is_an_error() {
        for one in ["a.raw", "50%.raw", "s%03d.raw", "a 1 2 3", "s%d 1 2"] {
            assert_eq!(numbered("data file", one).unwrap(), None, "{one}");
        }
        for wrong in ["%d 1 8 0", "%d 8 1 1", "%d 1 99999 1", "%d%d 1 2 1", "%s 1 2 1", "%99d 1 2 1", "%% 1 2 1"] {
            assert!(numbered("data file", wrong).is_err(), "{wrong}");
        }
        let long = "a".repeat(4000);
        assert!(numbered("data file", &format!("{long}%d 1 4000 1")).is_ok());
        assert!(numbered("data file", &format!("{long}%d 1 65536 1")).is_err());
        assert!(numbered("data file", &format!("{long}{long}%d 1 2 1")).is_err());
    }
}
