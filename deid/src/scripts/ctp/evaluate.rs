//! Expressions at work on one instance.

use dicom_core::Tag;

use super::Ctp;
use super::expression::{Call, Expression, Piece};
use super::function::Function;
use crate::rules::Refusal;
use crate::scripts::names::shown;
use crate::scripts::scope::{self, Scope};
use crate::scripts::{compat, values};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Out {
    Text(String),
    Keep,
    /// The items are to be judged.
    Process,
    Remove,
    Empty,
    Blank(usize),
    /// A word to keep or empty, and text beside it.
    Mixed,
}

/// An expression at work.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    ctp: &'a Ctp,
    scope: &'a Scope<'a>,
    this: Tag,
    /// How many expressions asked for another one's value.
    depth: usize,
}

/// Expressions that ask for others.
const DEEPEST: usize = 8;
/// Spaces of `blank`.
const MOST_BLANKS: usize = 55;

impl<'a> Run<'a> {
    pub(super) fn new(ctp: &'a Ctp, scope: &'a Scope<'a>, this: Tag) -> Self {
        Self { ctp, scope, this, depth: 0 }
    }

    /// Works it out.
    pub(super) fn out(self, expression: &Expression) -> Result<Out, Refusal> {
        let mut text = String::new();
        let mut word = None;
        for piece in &expression.0 {
            let out = match piece {
                Piece::Text(plain) => Out::Text(plain.clone()),
                Piece::Call(call) => self.call(call)?,
            };
            match out {
                Out::Text(part) => text.push_str(&part),
                Out::Remove => return Ok(Out::Remove),
                other => word = Some(other),
            }
        }
        Ok(match word {
            Some(word) if text.trim().is_empty() => word,
            Some(_) => Out::Mixed,
            None => Out::Text(text),
        })
    }

    fn call(self, call: &Call) -> Result<Out, Refusal> {
        use Function as F;
        let text = |number: usize| self.text(call, number).unwrap_or_default();
        let whole = |number: usize| self.parameter(call, number).trim().parse::<i64>().ok();
        Ok(Out::Text(match call.function {
            F::Always => String::new(),
            F::Keep => return Ok(Out::Keep),
            F::Remove => return Ok(Out::Remove),
            F::Empty => return Ok(Out::Empty),
            F::Blank => return Ok(Out::Blank(call.argument(0).parse().unwrap_or(0).min(MOST_BLANKS))),
            F::Process => return Ok(Out::Process),
            F::Skip => return Err(Refusal::Skipped { place: shown(self.this) }),
            F::Quarantine => return Err(Refusal::Quarantined { place: shown(self.this) }),
            F::If => return self.clause(call, usize::from(!self.condition(call)?)),
            F::Select => return self.clause(call, usize::from(!self.scope.is_top())),
            F::Append => return self.append(call),
            F::Require => return self.require(call),
            F::Contents => self.contents(call)?,
            F::Value => {
                let found = text(0);
                if found.is_empty() { call.argument(1).to_owned() } else { found }
            }
            F::Truncate => values::truncated(&text(0), whole(1).unwrap_or(0)),
            F::Lowercase => text(0).to_lowercase(),
            F::Uppercase => text(0).to_uppercase(),
            F::PathElement => values::path_element(&text(0), whole(1).unwrap_or(1000)),
            F::Initials => values::caesar(&values::initials(&text(0)), whole(1).unwrap_or(0)),
            F::Param => self.parameter(call, 0),
            F::Date => self.now(0..8, &[4, 6], call.argument(0)),
            F::Time => self.now(8..14, &[2, 4], call.argument(0)),
            F::Round => {
                let width = whole(1).and_then(|width| u32::try_from(width).ok()).filter(|width| *width > 0);
                let width = width.ok_or_else(|| self.failed(call, "no width"))?;
                values::rounded_age(&text(0), width).ok_or_else(|| self.failed(call, "no age"))?
            }
            F::Hash => match self.text(call, 0) {
                Some(found) => values::at_most(self.digits(&found), whole(1)),
                None => return Ok(Out::Remove),
            },
            F::HashName => {
                let words = whole(2).and_then(|words| usize::try_from(words).ok()).filter(|words| *words > 0);
                let name = values::plain_name(&text(0), words.unwrap_or(usize::MAX));
                values::at_most(self.digits(&name), whole(1).or(Some(4)))
            }
            F::HashPtId => {
                let site = self.parameter(call, 0);
                let id = text(1);
                values::at_most(self.digits(&format!("[{}]{}", site.trim(), id.trim())), whole(2))
            }
            F::HashUid => return self.hash_uid(call),
            F::HashDate => return self.hash_date(call),
            F::IncrementDate => return self.increment_date(call),
            F::ModifyDate => return self.modify_date(call),
            F::DateInterval => self.date_interval(call)?,
            F::Lookup => return self.lookup(call),
            F::Integer => {
                // CTP counts; what is counted depends on the order of files, and on all that came before
                let width = whole(2).unwrap_or(0).clamp(15, 32) as usize;
                let number = self.scope.names().number(&format!("integer {}", call.argument(1).trim()), text(0).trim());
                format!("{:0width$}", number % 1_000_000_000_000_000)
            }
        }))
    }

    /// The value of an element that an argument names; `None` where it is not there.
    fn text(self, call: &Call, number: usize) -> Option<String> {
        call.element(number)?.text(self.scope, self.this)
    }

    /// An argument, or the parameter of the script that it names.
    fn parameter(self, call: &Call, number: usize) -> String {
        let argument = call.argument(number);
        let named = argument.strip_prefix(['@', '$']).and_then(|name| self.ctp.parameter(name.trim()));
        named.unwrap_or(argument).to_owned()
    }

    fn clause(self, call: &Call, number: usize) -> Result<Out, Refusal> {
        call.clauses.get(number).map_or_else(|| Ok(Out::Text(String::new())), |clause| self.out(clause))
    }

    fn condition(self, call: &Call) -> Result<bool, Refusal> {
        let Some(element) = call.element(0) else { return Ok(false) };
        let found = self.text(call, 0);
        let text = found.clone().unwrap_or_default();
        let other = self.parameter(call, 2);
        let number =
            |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<i32>().unwrap_or(0);
        Ok(match call.argument(1) {
            "isblank" => text.trim().is_empty(),
            "contains" => call.has(2) && text.to_lowercase().contains(&other.to_lowercase()),
            "equals" => call.has(2) && text.to_lowercase() == other.to_lowercase(),
            "matches" => match &call.regex {
                Some(regex) => regex.is_match(&text).map_err(|_| self.failed(call, "the expression takes too long"))?,
                None => false,
            },
            "greaterthan" => call.has(2) && number(&text) > number(&other),
            _ => element
                .tag(self.this, Some(self.scope.dataset))
                .is_some_and(|tag| self.scope.dataset.get(tag).is_some()),
        })
    }

    fn append(self, call: &Call) -> Result<Out, Refusal> {
        let added = match self.clause(call, 0)? {
            Out::Text(added) => added,
            other => return Ok(other),
        };
        let old = self.scope.text(self.this).filter(|old| !old.is_empty());
        Ok(Out::Text(old.map_or(added.clone(), |old| format!("{old}\\{added}"))))
    }

    fn require(self, call: &Call) -> Result<Out, Refusal> {
        if self.scope.dataset.get(self.this).is_some() {
            return Ok(Out::Keep);
        }
        let found = if call.has(0) { self.text(call, 0) } else { None };
        let text = found.unwrap_or_else(|| call.argument(1).to_owned());
        Ok(if text.trim().is_empty() { Out::Blank(text.len().min(MOST_BLANKS)) } else { Out::Text(text) })
    }

    fn contents(self, call: &Call) -> Result<String, Refusal> {
        let text = self.text(call, 0).unwrap_or_default();
        let Some(regex) = &call.regex else { return Ok(text) };
        let replaced = regex.try_replacen(&text, 0, java_replacement(call.argument(2)).as_str());
        Ok(replaced.map_err(|_| self.failed(call, "the expression takes too long"))?.into_owned())
    }

    fn digits(self, text: &str) -> String {
        self.scope.digits(self.ctp.settings.compat, text)
    }

    fn hash_uid(self, call: &Call) -> Result<Out, Refusal> {
        let Some(mut uid) = self.text(call, 1) else { return Ok(Out::Remove) };
        if let Some(other) = call.element(2).and_then(|element| element.tag(self.this, Some(self.scope.dataset)))
            && let Some(expression) = self.ctp.expression(other, None)
        {
            if self.depth >= DEEPEST {
                return Err(self.failed(call, "expressions that ask for each other"));
            }
            let run = Self { this: other, depth: self.depth + 1, ..self };
            if let Out::Text(more) = run.out(expression)? {
                uid.push_str(&more);
            }
        }
        let root = self.parameter(call, 0);
        let root = root.trim().trim_end_matches('.');
        if root.len() > 40 || !root.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(self.failed(call, "no root for UIDs: wanted digits and dots, at most 40"));
        }
        if uid.is_empty() {
            return Ok(Out::Empty);
        }
        let one = |uid: &str| match self.ctp.settings.compat {
            // as in CTP, several UIDs of one element become one: it is hashed as it is read
            Some(_) => hashed_uid(root, &self.digits(uid)),
            // names of the standard are nobody's; an object without them cannot be read
            None if uid.is_empty() || uid.starts_with("1.2.840.10008.") => uid.to_owned(),
            None => hashed_uid(root, &self.digits(uid)),
        };
        let new = match self.ctp.settings.compat {
            Some(_) => one(&uid),
            None => uid.split('\\').map(|part| one(part.trim())).collect::<Vec<_>>().join("\\"),
        };
        Ok(Out::Text(new))
    }

    fn hash_date(self, call: &Call) -> Result<Out, Refusal> {
        let (Some(date), Some(by)) = (self.text(call, 0), self.text(call, 1)) else { return Ok(Out::Remove) };
        let days = match self.ctp.settings.compat {
            Some(_) => md5_days(&by),
            None => self.scope.names().date_shift_days(&by),
        };
        Ok(moved(&date, days))
    }

    fn increment_date(self, call: &Call) -> Result<Out, Refusal> {
        let Some(date) = self.text(call, 0) else { return Ok(Out::Remove) };
        let days = match call.has(2) {
            false => self.parameter(call, 1),
            true => match self.looked_up(&self.parameter(call, 2), &self.text(call, 1).unwrap_or_default()) {
                Some(days) => days.to_owned(),
                None => return Ok(Out::Empty),
            },
        };
        let days: i64 = days.trim().parse().map_err(|_| self.failed(call, "no number of days"))?;
        Ok(moved(&date, days))
    }

    fn modify_date(self, call: &Call) -> Result<Out, Refusal> {
        let Some(date) = self.text(call, 0) else { return Ok(Out::Remove) };
        let part = |number| self.parameter(call, number).trim().parse::<i64>().ok().filter(|part| *part >= 0);
        let year = part(1).and_then(|year| i16::try_from(year).ok());
        Ok(values::modified(&date, year, part(2), part(3)).map_or(Out::Empty, Out::Text))
    }

    fn date_interval(self, call: &Call) -> Result<String, Refusal> {
        let date = self.text(call, 0).unwrap_or_default();
        let key = call.element(2).and_then(|key| key.text(&self.scope.root(), self.this)).unwrap_or_default();
        let base =
            self.looked_up(call.argument(1), &key).ok_or_else(|| self.failed(call, "no such key in the table"))?;
        let base = american_date(base).ok_or_else(|| self.failed(call, "the table has no date M/D/YYYY"))?;
        let date = values::date_of(date.trim()).ok_or_else(|| self.failed(call, "no date"))?;
        let days = values::days_between(base, date);
        if !call.has(3) {
            return Ok(days.to_string());
        }
        values::moved(&self.parameter(call, 3), days).ok_or_else(|| self.failed(call, "no date to count from"))
    }

    fn lookup(self, call: &Call) -> Result<Out, Refusal> {
        let parts: Vec<String> = call.joined().map(|one| one.text(self.scope, self.this).unwrap_or_default()).collect();
        let mut key = parts.join("|").replace('\\', "");
        let action = call.argument(2);
        if action == "UC" {
            key = key.to_uppercase();
        }
        if let Some(found) = self.looked_up(call.argument(1), &key) {
            return Ok(Out::Text(found.to_owned()));
        }
        Ok(match action {
            "keep" => Out::Keep,
            "remove" => Out::Remove,
            "empty" => Out::Empty,
            "default" if call.has(3) => Out::Text(call.argument(3).to_owned()),
            "ignore" if call.regex.as_ref().is_some_and(|regex| regex.is_match(&key).unwrap_or(false)) => {
                Out::Text(key)
            }
            _ => return Err(self.failed(call, "no such key in the table")),
        })
    }

    fn looked_up(self, kind: &str, key: &str) -> Option<&'a str> {
        self.ctp.settings.lookup.as_ref()?.get(kind, key)
    }

    /// A part of the time of the run, with a separator before some digits.
    fn now(self, range: std::ops::Range<usize>, before: &[usize], separator: &str) -> String {
        let digits = scope::now(&self.ctp.settings).get(range).unwrap_or_default();
        let mut text = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if before.contains(&n) {
                text.push_str(separator);
            }
            text.push(digit);
        }
        text
    }

    fn failed(self, call: &Call, what: &'static str) -> Refusal {
        Refusal::Failed { place: shown(self.this), function: call.function.name(), what }
    }
}

/// A root and a number, at most 64 characters; a part of a UID does not begin with 0.
fn hashed_uid(root: &str, digits: &str) -> String {
    let nine = if digits.starts_with('0') { "9" } else { "" };
    let root = if root.is_empty() { String::new() } else { format!("{root}.") };
    format!("{root}{nine}{digits}").chars().take(64).collect()
}

/// The days of CTP's `hashdate`: back, by less than ten years, by the last four digits of the MD5.
fn md5_days(by: &str) -> i64 {
    let last = compat::md5(by.as_bytes());
    let days = -((u128::from_be_bytes(last) % 10_000 % 3650) as i64);
    if days == 0 { -1 } else { days }
}

fn moved(date: &str, days: i64) -> Out {
    values::moved(date, days).map_or(Out::Empty, Out::Text)
}

/// `M/D/YYYY`.
fn american_date(text: &str) -> Option<jiff::civil::Date> {
    let mut parts = text.trim().split('/').map(|part| part.trim().parse::<i16>().ok());
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Java's `$1` and `\$` in the spelling of this program's expressions, where `$1x` is a group called 1x.
fn java_replacement(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('$') => out.push_str("$$"),
                other => out.extend(other),
            },
            '$' => {
                let group: String = std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).take(1).collect();
                match group.is_empty() {
                    true => out.push_str("$$"),
                    false => out.push_str(&format!("${{{group}}}")),
                }
            }
            c => out.push(c),
        }
    }
    out
}
