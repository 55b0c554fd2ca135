//! The file: XML, or the older properties.

use std::collections::BTreeMap;

use dicom_core::Tag;

use super::Ctp;
use super::expression::{Expression, Names};
use crate::scripts::names::tag_of;
use crate::scripts::selector::Selector;
use crate::scripts::{Error, Settings, xml};

/// One line of a script.
struct Line {
    place: String,
    what: What,
}

enum What {
    Parameter { name: String, value: String },
    Element { tag: String, name: String, text: String },
    KeepGroup(String),
    KeepSafePrivate,
    Remove(String),
}

/// Reads a script. What is switched off (`en="F"`, `#`) counts for its name alone.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Ctp, Error> {
    let is_xml = text.trim_start().starts_with('<');
    let (lines, names) = if is_xml { of_xml(text)? } else { of_properties(text)? };
    let mut ctp = Ctp { settings: settings.clone(), ..Ctp::default() };
    for line in &lines {
        match &line.what {
            What::Parameter { name, value } => drop(ctp.parameters.insert(name.clone(), value.trim().to_owned())),
            What::KeepSafePrivate => ctp.keep_safe_private = true,
            What::KeepGroup(group) => {
                let number = u16::from_str_radix(group, 16).ok().filter(|_| (1..=4).contains(&group.len()));
                ctp.keep_groups
                    .push(number.ok_or_else(|| Error::malformed(&line.place, "no group: wanted four digits"))?);
            }
            What::Remove(what) => match what.as_str() {
                "privategroups" => ctp.remove_private = true,
                "unspecifiedelements" => ctp.remove_unspecified = true,
                "overlays" => ctp.remove_overlays = true,
                "curves" => ctp.remove_curves = true,
                _ => return Err(Error::unsupported(&line.place, format!("remove {what}"), "CTP has no such switch")),
            },
            What::Element { .. } => {}
        }
    }
    for line in lines {
        if let What::Element { tag, name, text } = line.what {
            element(&mut ctp, &names, &line.place, &tag, &name, &text)?;
        }
    }
    let mut open = Vec::new();
    for (tag, expression) in &ctp.standard {
        expression.opens(*tag, &mut open);
    }
    for (_, expression) in &ctp.private {
        expression.opens(Tag(0xFFFF, 0xFFFF), &mut open);
    }
    open.sort_unstable();
    open.dedup();
    ctp.open = open;
    Ok(ctp)
}

fn element(
    ctp: &mut Ctp,
    names: &BTreeMap<String, Tag>,
    line: &str,
    tag: &str,
    name: &str,
    text: &str,
) -> Result<(), Error> {
    let selector = match hexadecimal(tag) {
        Some(tag) => Selector::Tag(tag),
        None => {
            Selector::parse(tag).ok_or_else(|| Error::malformed(line, "no tag: wanted eight hexadecimal digits"))?
        }
    };
    let shown: String = if name.is_empty() { tag } else { name }.chars().take(64).collect();
    let place = format!("{line}, {shown}");
    let expression = {
        let has_parameter = |name: &str| ctp.parameter(name).is_some();
        let has_table = ctp.settings.lookup.is_some();
        Expression::parse(text, &place, &Names { elements: names, has_parameter: &has_parameter, has_table })?
    };
    match selector {
        Selector::Tag(tag) => drop(ctp.standard.insert(tag, expression)),
        other => ctp.private.push((other, expression)),
    }
    Ok(())
}

fn hexadecimal(text: &str) -> Option<Tag> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| tag_of(text)).flatten()
}

type Read = (Vec<Line>, BTreeMap<String, Tag>);

fn of_xml(text: &str) -> Result<Read, Error> {
    let (mut lines, mut names) = (Vec::new(), BTreeMap::new());
    for line in xml::lines(text)? {
        let place = line.place();
        let tag = line.get("t").to_owned();
        let enabled = line.get("en") == "T";
        let what = match line.name.as_str() {
            "p" => Some(What::Parameter { name: tag, value: line.text.clone() }),
            "e" => {
                if let Some(tag) = hexadecimal(&tag) {
                    names.insert(line.get("n").trim().to_owned(), tag);
                }
                let text = line.text.trim().to_owned();
                enabled.then(|| What::Element { tag, name: line.get("n").trim().to_owned(), text })
            }
            "k" if tag.starts_with("safe") => enabled.then_some(What::KeepSafePrivate),
            "k" => enabled.then_some(What::KeepGroup(tag)),
            "r" => enabled.then_some(What::Remove(tag)),
            other => {
                let other: String = other.chars().take(16).collect();
                return Err(Error::malformed(place, format!("an element `{other}`: wanted p, e, k or r")));
            }
        };
        lines.extend(what.map(|what| Line { place, what }));
    }
    Ok((lines, names))
}

fn of_properties(text: &str) -> Result<Read, Error> {
    let (mut lines, mut names) = (Vec::new(), BTreeMap::new());
    for (number, line) in text.lines().enumerate() {
        let place = format!("line {}", number + 1);
        let line = line.trim();
        let (enabled, line) = line.strip_prefix('#').map_or((true, line), |line| (false, line.trim()));
        let (left, right) = match line.split_once('=') {
            Some((left, right)) => (left.trim(), right),
            None if line.is_empty() || !enabled => continue,
            None => (line, ""),
        };
        let what = if let Some(name) = left.strip_prefix("param.") {
            What::Parameter { name: name.to_owned(), value: right.to_owned() }
        } else if let Some(of) = left.strip_prefix("set.") {
            let (tag, name) = bracketed(of).ok_or_else(|| Error::malformed(&place, "wanted set.[gggg,eeee]Name"))?;
            let tag = if tag.contains('[') { tag } else { tag.replace(',', "") };
            names.extend(hexadecimal(&tag).map(|tag| (name.clone(), tag)));
            What::Element { tag, name, text: right.trim().to_owned() }
        } else if left.starts_with("keep.safe") {
            What::KeepSafePrivate
        } else if let Some(group) = left.strip_prefix("keep.group") {
            What::KeepGroup(group.trim().to_owned())
        } else if let Some(what) = left.strip_prefix("remove.") {
            What::Remove(what.trim().to_owned())
        } else if enabled {
            return Err(Error::malformed(place, "wanted param., set., keep. or remove."));
        } else {
            continue;
        };
        if enabled {
            lines.push(Line { place, what });
        }
    }
    Ok((lines, names))
}

/// `[tag]name`, where the tag may hold a creator in brackets of its own.
fn bracketed(text: &str) -> Option<(String, String)> {
    let mut open = 0;
    for (place, c) in text.char_indices() {
        match c {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            let tag = text.get(1..place).filter(|_| c == ']')?;
            return Some((tag.to_owned(), text[place + 1..].trim().to_owned()));
        }
    }
    None
}
