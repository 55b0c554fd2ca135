//! What a script gives an element: text with functions in it.

use std::collections::BTreeMap;

use dicom_core::Tag;

use super::function::Function;
use super::reference::Reference;
use crate::scripts::Error;

/// Text with functions in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Expression(pub(super) Vec<Piece>);

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Call(Box<Call>),
}

/// A function and what it is called with.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) function: Function,
    /// As written, without space around them; quotes stay.
    arguments: Vec<String>,
    /// Those that name elements, by number.
    elements: BTreeMap<usize, Reference>,
    /// A regular expression, where an argument is one.
    pub(super) regex: Option<Box<fancy_regex::Regex>>,
    /// In the braces after it.
    pub(super) clauses: Vec<Expression>,
}

/// Braces within braces; deeper is no script anybody wrote.
const DEEPEST: usize = 24;

/// What an expression may refer to.
pub(super) struct Names<'a> {
    pub(super) elements: &'a BTreeMap<String, Tag>,
    pub(super) has_parameter: &'a dyn Fn(&str) -> bool,
    pub(super) has_table: bool,
}

impl Expression {
    /// Reads it. `place` names the element in errors.
    pub(super) fn parse(text: &str, place: &str, names: &Names<'_>) -> Result<Self, Error> {
        parse(text, place, names, 0)
    }

    fn calls(&self) -> impl Iterator<Item = &Call> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Call(call) => Some(call.as_ref()),
            Piece::Text(_) => None,
        })
    }

    /// Whether any call, in clauses too, is of a function.
    pub(super) fn uses(&self, wanted: &dyn Fn(Function) -> bool) -> bool {
        self.calls().any(|call| wanted(call.function) || call.clauses.iter().any(|clause| clause.uses(wanted)))
    }

    /// Whether it makes an element that is not there.
    pub(super) fn is_always(&self) -> bool {
        matches!(self.0.first(), Some(Piece::Call(call)) if call.function == Function::Always)
    }

    /// Whether it may keep the element as it is.
    pub(super) fn keeps(&self) -> bool {
        self.uses(&|f| matches!(f, Function::Keep | Function::Process | Function::Append | Function::Require))
    }

    /// Whether it moves a date: what becomes of one may be another one that is known.
    pub(super) fn shifts(&self) -> bool {
        self.uses(&|f| matches!(f, Function::IncrementDate | Function::HashDate | Function::ModifyDate))
    }

    /// Elements whose values can be read in what it gives.
    pub(super) fn opens(&self, this: Tag, into: &mut Vec<Tag>) {
        for call in self.calls() {
            into.extend(call.function.opens().iter().filter_map(|n| call.elements.get(n)?.tag(this, None)));
            call.clauses.iter().for_each(|clause| clause.opens(this, into));
        }
    }
}

impl Call {
    /// An argument without its quotes; empty where it is not there.
    pub(super) fn argument(&self, number: usize) -> &str {
        let text = self.arguments.get(number).map_or("", |text| text.trim());
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
    }

    pub(super) fn has(&self, number: usize) -> bool {
        number < self.arguments.len()
    }

    pub(super) fn element(&self, number: usize) -> Option<&Reference> {
        self.elements.get(&number)
    }

    /// Elements that the first argument of `lookup` joins.
    pub(super) fn joined(&self) -> impl Iterator<Item = &Reference> {
        self.elements.range(100..).map(|(_, reference)| reference)
    }
}

fn parse(text: &str, place: &str, names: &Names<'_>, depth: usize) -> Result<Expression, Error> {
    if depth > DEEPEST {
        return Err(Error::malformed(place, "braces too deep within each other"));
    }
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at += c.len_utf8();
        match c {
            '\\' => {
                let next = text[at..].chars().next();
                plain.extend(next);
                at += next.map_or(0, char::len_utf8);
            }
            '@' => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let (call, length) = call(&text[at..], place, names, depth)?;
                pieces.push(Piece::Call(Box::new(call)));
                at += length;
            }
            c => plain.push(c),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(Expression(pieces))
}

/// One call behind its `@`, and how long it is.
fn call(text: &str, place: &str, names: &Names<'_>, depth: usize) -> Result<(Call, usize), Error> {
    let open = text.find('(').ok_or_else(|| Error::malformed(place, "an @ without a function"))?;
    let name: String = text[..open].chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(why) = Function::refused(&name) {
        return Err(Error::unsupported(place, name, why));
    }
    let Some((function, wanted)) = Function::of(&name) else {
        let shown: String = name.chars().take(32).collect();
        return Err(Error::unsupported(place, format!("`{shown}`"), "CTP has no such function"));
    };
    let mut at = open + 1;
    let arguments = arguments(text, &mut at)
        .ok_or_else(|| Error::malformed(place, format!("{name} without a closing parenthesis")))?;
    if !wanted.contains(&arguments.len()) {
        let what = format!("{name} takes {} to {} arguments, not {}", wanted.start(), wanted.end(), arguments.len());
        return Err(Error::malformed(place, what));
    }
    let mut clauses = Vec::new();
    for _ in 0..function.clauses() {
        let inner =
            clause(text, &mut at).ok_or_else(|| Error::malformed(place, format!("{name} without its {{...}}")))?;
        clauses.push(parse(inner, place, names, depth + 1)?);
    }
    let mut call = Call { function, arguments, elements: BTreeMap::new(), regex: None, clauses };
    resolve(&mut call, place, names)?;
    Ok((call, at))
}

/// Elements, parameters, numbers and expressions that the arguments name.
fn resolve(call: &mut Call, place: &str, names: &Names<'_>) -> Result<(), Error> {
    let name = call.function.name();
    let reference = |text: &str| {
        Reference::parse(text, names.elements).ok_or_else(|| {
            Error::malformed(place, format!("{name} names an element that is not known: {}", short(text)))
        })
    };
    for &number in call.function.elements().iter().filter(|number| **number < call.arguments.len()) {
        let found = reference(call.argument(number))?;
        call.elements.insert(number, found);
    }
    if call.function == Function::IncrementDate {
        call.elements.insert(0, reference(call.argument(0))?);
        if call.has(2) {
            call.elements.insert(1, reference(call.argument(1))?);
        }
    }
    if call.function == Function::Lookup {
        let joined = call.argument(0).split('|').take(16).map(reference).collect::<Result<Vec<_>, _>>()?;
        call.elements.extend(joined.into_iter().enumerate().map(|(n, part)| (100 + n, part)));
    }
    let needs_table = matches!(call.function, Function::Lookup | Function::DateInterval)
        || (call.function == Function::IncrementDate && call.has(2));
    if needs_table && !names.has_table {
        return Err(Error::missing(place, format!("the table that {name} looks into")));
    }
    for &number in call.function.parameters().iter().filter(|number| **number < call.arguments.len()) {
        if let Some(parameter) = call.argument(number).strip_prefix(['@', '$'])
            && !(names.has_parameter)(parameter.trim())
        {
            return Err(Error::missing(place, format!("the parameter {}", short(parameter))));
        }
    }
    let pattern = match call.function {
        Function::Contents if call.has(1) => Some(call.argument(1).to_owned()),
        Function::If if call.argument(1) == "matches" => Some(format!(r"\A(?:{})\z", call.argument(2).trim())),
        Function::Lookup if call.argument(2) == "ignore" => Some(format!(r"\A(?:{})\z", call.argument(3))),
        _ => None,
    };
    // a pattern that is a parameter is compiled when it is known
    if let Some(pattern) = pattern.filter(|_| !call.argument(2).starts_with('@') || call.function != Function::If) {
        let regex = fancy_regex::Regex::new(&pattern)
            .map_err(|_| Error::malformed(place, format!("{name} has what is no regular expression")))?;
        call.regex = Some(Box::new(regex));
    }
    let conditions = ["isblank", "contains", "equals", "matches", "exists", "greaterthan"];
    if call.function == Function::If && !conditions.contains(&call.argument(1)) {
        return Err(Error::unsupported(place, format!("if({})", short(call.argument(1))), "CTP has no such condition"));
    }
    if call.function == Function::If && call.argument(1) == "matches" && call.argument(2).starts_with('@') {
        return Err(Error::unsupported(place, "if(..., matches, @PARAMETER)", "write the regular expression itself"));
    }
    let actions = ["", "UC", "keep", "remove", "empty", "default", "ignore"];
    if call.function == Function::Lookup && !actions.contains(&call.argument(2)) {
        return Err(Error::unsupported(
            place,
            format!("lookup(..., {})", short(call.argument(2))),
            "CTP has no such action",
        ));
    }
    let whole = match call.function {
        Function::Truncate | Function::PathElement | Function::Initials if call.has(1) => Some(1),
        Function::Blank => Some(0),
        Function::Integer if call.has(2) => Some(2),
        _ => None,
    };
    if whole.is_some_and(|number| call.argument(number).parse::<i64>().is_err()) {
        return Err(Error::malformed(place, format!("{name} wants a whole number")));
    }
    Ok(())
}

/// The arguments up to the closing parenthesis; commas within quotes, brackets and parentheses part none.
fn arguments(text: &str, at: &mut usize) -> Option<Vec<String>> {
    let mut found = Vec::new();
    loop {
        let (mut argument, mut escaped, mut quoted) = (String::new(), false, false);
        let (mut brackets, mut parentheses) = (0usize, 0usize);
        let end = loop {
            let c = text[*at..].chars().next()?;
            let open = !escaped && !quoted && brackets == 0 && parentheses == 0;
            *at += c.len_utf8();
            if open && matches!(c, ',' | ')') {
                break c;
            }
            if c == '\\' && !escaped {
                escaped = true;
                continue;
            }
            escaped = false;
            argument.push(c);
            match c {
                '"' => quoted = !quoted,
                '[' if !quoted => brackets += 1,
                ']' if !quoted => brackets = brackets.saturating_sub(1),
                '(' if !quoted => parentheses += 1,
                ')' if !quoted => parentheses = parentheses.saturating_sub(1),
                _ => {}
            }
        };
        let argument = argument.trim().to_owned();
        if end == ')' {
            if !argument.is_empty() || !found.is_empty() {
                found.push(argument);
            }
            return Some(found);
        }
        found.push(argument);
    }
}

/// What stands in the next braces, without them.
fn clause<'a>(text: &'a str, at: &mut usize) -> Option<&'a str> {
    let rest = &text[*at..];
    let start = rest.len() - rest.trim_start().len();
    let inner = rest[start..].strip_prefix('{')?;
    let mut open = 1;
    for (place, c) in inner.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            *at += start + 1 + place + 1;
            return Some(inner[..place].trim());
        }
    }
    None
}

fn short(text: &str) -> String {
    text.trim().chars().take(48).collect()
}
