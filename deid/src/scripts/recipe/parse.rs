//! The file of a recipe.

use super::fields::{Field, Fields};
use crate::scripts::{Error, Settings};

/// A recipe that was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Recipe {
    pub(super) lines: Vec<Line>,
    pub(super) fields: Vec<List>,
    pub(super) values: Vec<List>,
    pub(super) labels: Vec<Label>,
}

/// A line of `%header`.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) place: String,
    pub(super) action: Action,
    pub(super) fields: Fields,
    pub(super) given: Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Add,
    Blank,
    Jitter,
    Keep,
    Remove,
    Replace,
}

/// What a line gives an element.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Nothing,
    Text(String),
    /// Its UIDs by keyed ones.
    Uid,
    /// Its dates moved.
    Days(i64),
}

/// A `%fields` or `%values` list.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) field: Field,
    /// What parts its value into several.
    pub(super) split: Option<String>,
    /// Characters of the shortest part that counts.
    pub(super) least: usize,
}

/// A `LABEL` of a filter and the lines below it.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) filter: String,
    pub(super) name: String,
    pub(super) lines: Vec<(usize, String)>,
}

enum Section {
    None,
    Header,
    Filter(String),
    Fields(String),
    Values(String),
    Labels,
}

/// Reads it; remarks tell of fields that name nothing.
pub(super) fn recipe(text: &str, settings: &Settings) -> Result<(Recipe, Vec<String>), Error> {
    let (mut recipe, mut remarks, mut section) = (Recipe::default(), Vec::new(), Section::None);
    for (number, line) in text.lines().enumerate() {
        let (place, line) = (format!("line {}", number + 1), line.trim());
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let upper = line.to_ascii_uppercase();
        if let Some(format) = upper.strip_prefix("FORMAT") {
            if format.trim() != "DICOM" {
                return Err(Error::unsupported(place, "FORMAT", "only dicom is known"));
            }
            continue;
        }
        if line.starts_with('%') {
            section = self::section(line, &place)?;
            match &section {
                Section::Fields(name) => recipe.fields.push(List { name: name.clone(), entries: Vec::new() }),
                Section::Values(name) => recipe.values.push(List { name: name.clone(), entries: Vec::new() }),
                _ => {}
            }
            continue;
        }
        match &section {
            Section::None => return Err(Error::malformed(place, "a line before any section (%header, %filter ...)")),
            // names for a person
            Section::Labels => {}
            Section::Filter(filter) if upper.starts_with("LABEL") => {
                let name = line.get(5..).unwrap_or_default().split('#').next().unwrap_or_default().trim().to_owned();
                recipe.labels.push(Label { filter: filter.clone(), name, lines: Vec::new() });
            }
            Section::Filter(_) => match recipe.labels.last_mut() {
                Some(label) => label.lines.push((number + 1, line.to_owned())),
                None => return Err(Error::malformed(place, "a criterion before any LABEL")),
            },
            Section::Fields(_) => entry(&mut recipe.fields, line, &place, false)?,
            Section::Values(_) => entry(&mut recipe.values, line, &place, true)?,
            Section::Header => {
                let line = header(line, &place, settings)?;
                if let Fields::Of(field) = &line.fields
                    && field.is_unknown()
                {
                    remarks.push(format!("{}: no element is called so", line.place));
                }
                recipe.lines.push(line);
            }
        }
    }
    for line in &recipe.lines {
        let known = match &line.fields {
            Fields::List(name) => recipe.fields.iter().any(|list| list.name == *name),
            Fields::Values(name) => recipe.values.iter().any(|list| list.name == *name),
            Fields::Of(_) => true,
        };
        if !known {
            return Err(Error::missing(&line.place, "the list that it names"));
        }
    }
    Ok((recipe, remarks))
}

fn section(line: &str, place: &str) -> Result<Section, Error> {
    let line = line.split('#').next().unwrap_or_default().trim().trim_start_matches('%');
    let (kind, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let name = || match name.trim() {
        "" => Err(Error::malformed(place, "a section without its name")),
        name => Ok(name.to_owned()),
    };
    Ok(match kind.to_ascii_lowercase().as_str() {
        "header" => Section::Header,
        "labels" => Section::Labels,
        "filter" => Section::Filter(name()?),
        "fields" => Section::Fields(name()?),
        "values" => Section::Values(name()?),
        _ => return Err(Error::malformed(place, "no such section: wanted header, filter, fields, values or labels")),
    })
}

fn entry(lists: &mut [List], line: &str, place: &str, may_split: bool) -> Result<(), Error> {
    let mut words = words(line).into_iter();
    let (action, field) = (words.next().unwrap_or_default(), words.next());
    let field = Field::parse(&field.ok_or_else(|| Error::malformed(place, "an action without a field"))?, place)?;
    let rest: Vec<String> = words.collect();
    let mut entry = Entry { field, split: None, least: 1 };
    match action.to_ascii_uppercase().as_str() {
        "FIELD" => {}
        "SPLIT" if may_split => {
            entry.split = Some(" ".to_owned());
            let rest = rest.join(" ");
            for option in rest.split('#').next().unwrap_or_default().split(';').filter(|part| !part.trim().is_empty()) {
                match option.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                    Some(("by", by)) if !by.trim_matches(['"', '\'']).is_empty() => {
                        entry.split = Some(by.trim_matches(['"', '\'']).to_owned());
                    }
                    Some(("minlength", least)) => {
                        entry.least = least.parse().map_err(|_| Error::malformed(place, "minlength wants a number"))?;
                    }
                    _ => return Err(Error::malformed(place, "SPLIT knows by= and minlength=")),
                }
            }
        }
        _ => return Err(Error::malformed(place, if may_split { "wanted FIELD or SPLIT" } else { "wanted FIELD" })),
    }
    if let Some(list) = lists.last_mut() {
        list.entries.push(entry);
    }
    Ok(())
}

fn header(line: &str, place: &str, settings: &Settings) -> Result<Line, Error> {
    let mut words = words(line).into_iter();
    let (name, field) = (words.next().unwrap_or_default(), words.next());
    let action = match name.to_ascii_uppercase().as_str() {
        "ADD" => Action::Add,
        "BLANK" => Action::Blank,
        "JITTER" => Action::Jitter,
        "KEEP" => Action::Keep,
        "REMOVE" => Action::Remove,
        "REPLACE" => Action::Replace,
        _ => return Err(Error::malformed(place, "no such action: wanted ADD, BLANK, JITTER, KEEP, REMOVE or REPLACE")),
    };
    let field = field.ok_or_else(|| Error::malformed(place, "an action without a field"))?;
    let place = format!("{place}, {}", field.chars().take(64).collect::<String>());
    let fields = Fields::parse(&field, &place)?;
    let rest = words.collect::<Vec<_>>().join(" ");
    let value = rest.split('#').next().unwrap_or_default().trim();
    let given = match action {
        Action::Blank | Action::Keep => Given::Nothing,
        Action::Remove if value.is_empty() => Given::Nothing,
        Action::Remove => {
            return Err(Error::unsupported(&place, "REMOVE with a condition", "functions of Python are not run"));
        }
        _ if value.is_empty() => return Err(Error::malformed(place, "the action wants a value")),
        Action::Jitter => Given::Days(days(&text_of(value, &place, settings)?, &place)?),
        Action::Add | Action::Replace => given(value, &place, settings)?,
    };
    if action == Action::Add {
        let is_one = matches!(&fields, Fields::Of(Field::Exact { tag: Some(tag), .. }) if tag.group() % 2 == 0);
        if !is_one || !matches!(given, Given::Text(_)) {
            return Err(Error::unsupported(&place, "ADD", "wanted one element of the standard and a text"));
        }
    }
    Ok(Line { place, action, fields, given })
}

/// A value: a text, a variable of the caller, or one of deid's own functions that can be kept to.
fn given(value: &str, place: &str, settings: &Settings) -> Result<Given, Error> {
    let Some(function) = value.strip_prefix("deid_func:") else {
        return text_of(value, place, settings).map(Given::Text);
    };
    let (name, rest) = function.split_once(' ').unwrap_or((function, ""));
    let option = |wanted: &str| {
        rest.split_whitespace()
            .find_map(|part| part.split_once('=').filter(|(name, _)| *name == wanted).map(|(_, value)| value))
    };
    match name {
        "jitter" => {
            let days = option("days").map_or(Ok(1), |text| self::days(text, place))?;
            let years = option("years").map_or(Ok(0), |text| self::days(text, place))?;
            Ok(Given::Days(days + 365 * years))
        }
        "pydicom_uuid" => Ok(Given::Uid),
        other => {
            let other: String = other.chars().take(32).collect();
            Err(Error::unsupported(place, format!("deid_func:{other}"), "its values are random, another in every file"))
        }
    }
}

fn text_of(value: &str, place: &str, settings: &Settings) -> Result<String, Error> {
    if let Some(name) = value.strip_prefix("var:") {
        let name = name.trim();
        let found = settings.variables.get(name);
        let shown: String = name.chars().take(32).collect();
        return found.cloned().ok_or_else(|| Error::missing(place, format!("the value of the variable {shown}")));
    }
    if value.starts_with("func:") || value.starts_with("deid_func:") {
        let shown: String = value.chars().take(48).collect();
        return Err(Error::unsupported(place, shown, "functions of Python are not run"));
    }
    Ok(value.to_owned())
}

fn days(text: &str, place: &str) -> Result<i64, Error> {
    let number = text.trim().parse::<i64>().ok().filter(|days| days.abs() <= 100_000);
    number.ok_or_else(|| Error::malformed(place, "wanted a number of days"))
}

/// Words parted by spaces, but for those within quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match quote {
            None if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
