//! The little XML that scripts of CTP and RSNA are written in: `script` with `p`, `e`, `k` and `r` in it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Error;

/// One child of `script`.
#[derive(Debug)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
}

/// Children of a script; the dictionary has 5,000 elements.
const MOST: usize = 100_000;

impl Line {
    /// An attribute; empty where it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// `line 7`.
    pub(super) fn place(&self) -> String {
        format!("line {}", self.number)
    }
}

/// Reads the children of `script`.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, Error> {
    let mut reader = Reader::from_str(text);
    let mut found: Vec<Line> = Vec::new();
    let mut depth = 0usize;
    let mut rooted = false;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let number = 1 + text.get(..at).map_or(0, |before| before.matches('\n').count());
        let wrong = |what: &str| Error::malformed(format!("line {number}"), what);
        let event = reader.read_event().map_err(|error| wrong(&format!("not XML: {error}")))?;
        match event {
            Event::Start(start) if depth == 0 => {
                if rooted || start.name().as_ref() != b"script" {
                    return Err(wrong("wanted one element `script` around all"));
                }
                (depth, rooted) = (1, true);
            }
            Event::Empty(start) if depth == 0 && !rooted && start.name().as_ref() == b"script" => rooted = true,
            Event::Start(start) if depth == 1 => {
                found.push(line(&start, number).map_err(|what| wrong(&what))?);
                depth = 2;
            }
            Event::Empty(start) if depth == 1 => found.push(line(&start, number).map_err(|what| wrong(&what))?),
            Event::Start(_) | Event::Empty(_) => return Err(wrong("an element where none belongs")),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(part) => {
                let part = part.xml10_content().map_err(|error| wrong(&error.to_string()))?;
                match found.last_mut().filter(|_| depth == 2) {
                    Some(line) => line.text.push_str(&part),
                    None if part.trim().is_empty() => {}
                    None => return Err(wrong("text where none belongs")),
                }
            }
            Event::CData(part) => {
                let part = part.decode().map_err(|error| wrong(&error.to_string()))?;
                match found.last_mut().filter(|_| depth == 2) {
                    Some(line) => line.text.push_str(&part),
                    None => return Err(wrong("text where none belongs")),
                }
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| wrong(&error.to_string()))?;
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned),
                };
                let character = character.ok_or_else(|| wrong("an entity that is not known"))?;
                match found.last_mut().filter(|_| depth == 2) {
                    Some(line) => line.text.push_str(&character),
                    None => return Err(wrong("text where none belongs")),
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(wrong("a document type, which no script has")),
        }
        if found.len() > MOST {
            return Err(Error::Limit { what: "lines", asked: found.len(), limit: MOST });
        }
    }
    match (rooted, depth) {
        (true, 0) => Ok(found),
        _ => Err(Error::malformed("the end", "the element `script` is not closed")),
    }
}

fn line(start: &BytesStart<'_>, number: usize) -> Result<Line, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let raw = std::str::from_utf8(&attribute.value).map_err(|error| error.to_string())?;
        let value = quick_xml::escape::unescape(raw).map_err(|error| error.to_string())?;
        attributes.push((key, value.into_owned()));
    }
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    Ok(Line { number, name, attributes, text: String::new() })
}
