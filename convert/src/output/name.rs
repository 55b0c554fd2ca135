//! The names of all volumes of a plan.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{Instance, Tag, tags, value};
use serde_json::Value;

use super::{
    part,
    template::{Piece, Template},
};
use crate::{Error, Facts, Options, Plan, SeriesPlan};

/// The name of a volume: where it goes below the output folder, without an extension.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct Name {
    /// Folders and file, parted by `/`.
    pub(crate) stem: String,
    /// Whether another volume had the name first.
    pub(super) is_taken: bool,
    /// Keys and values that its sidecar takes.
    pub(super) changes: Vec<(String, Value)>,
    /// What is to be known of it.
    pub(super) notes: Vec<String>,
}

impl Name {
    /// Whether it is such as a template or a mapping gives: below the output folder, on every file system.
    #[cfg(feature = "serde")]
    pub(crate) fn stays_below(&self) -> bool {
        let is_name = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(is_fit);
        self.stem.split('/').all(is_name)
    }
}

/// The names of a plan's volumes, in its order: what the template says, what tells the volumes of one series apart, and a letter where a
/// name is taken, in the order of the plan.
pub(super) fn names(
    plan: &Plan,
    files: &[Facts],
    template: &Template,
    folder: &str,
    is_there: &dyn Fn(&str) -> bool,
    options: &Options<'_>,
) -> Result<Vec<Name>, Error> {
    let mut taken = BTreeSet::new();
    let marks = marks(&plan.series);
    let mut names = Vec::with_capacity(plan.series.len());
    for (series, mark) in plan.series.iter().zip(marks) {
        let header = if template.needs_header() { header(series, files, options)? } else { None };
        let stem = format!("{}{mark}", filled(template, series, files, header.as_ref(), folder));
        let mut found = stem.clone();
        let mut number = 0;
        while is_there(&found) || !taken.insert(found.to_lowercase()) {
            number += 1;
            found = format!("{stem}{}", letters(number));
        }
        names.push(Name { stem: found, is_taken: number > 0, changes: Vec::new(), notes: Vec::new() });
    }
    Ok(names)
}

/// The header of a volume's first file.
pub(super) fn header(series: &SeriesPlan, files: &[Facts], options: &Options<'_>) -> Result<Option<Instance>, Error> {
    let Some(&file) = series.files.first() else { return Ok(None) };
    let place = files.get(file).ok_or(Error::OtherFiles)?.place();
    // what cannot be read any more is told of when its volume is
    Ok(place.open_header(&options.open()).ok())
}

/// `a` to `z`, `aa`, ...; from 1.
pub(super) fn letters(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 {
        number -= 1;
        text.insert(0, char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text
}

/// Study, series, and its number.
type Series<'a> = (&'a Option<String>, &'a Option<String>, Option<i64>);

/// What tells the volumes of one series apart: the echo where there are several, the part where it is no magnitude.
fn marks(all: &[SeriesPlan]) -> Vec<String> {
    let mut echoes: BTreeMap<Series<'_>, BTreeSet<u64>> = BTreeMap::new();
    let echo_ms = |s: &SeriesPlan| s.head.meta().mr.as_ref().and_then(|mr| mr.echo_time_s).map(f64::to_bits);
    for series in all {
        let echoes = echoes.entry((&series.study_uid, &series.series_uid, series.series_number)).or_default();
        echoes.extend(echo_ms(series));
    }
    let mark = |series: &SeriesPlan| {
        let echoes = echoes.get(&(&series.study_uid, &series.series_uid, series.series_number));
        // positive numbers are in the order of their bits
        let rank = echo_ms(series).zip(echoes).and_then(|(echo, all)| all.iter().position(|other| *other == echo));
        let several = echoes.is_some_and(|all| all.len() > 1);
        let number = series.echo_number.or_else(|| rank.and_then(|rank| i64::try_from(rank + 1).ok()));
        let echo = number.filter(|_| several).map_or_else(String::new, |number| format!("_e{number}"));
        // as dcm2niix calls what it makes even
        let even = if series.even.is_some() { "_Eq" } else { "" };
        format!("{echo}{}{even}", part::mark(series))
    };
    all.iter().map(mark).collect()
}

fn filled(
    template: &Template,
    series: &SeriesPlan,
    files: &[Facts],
    header: Option<&Instance>,
    folder: &str,
) -> String {
    let mut name = String::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text(text) => name.push_str(&text.replace('\\', "/")),
            Piece::Token { letter, digits } => {
                let found = value_of(*letter, series, files, header, folder).unwrap_or_default();
                let is_number = !found.is_empty() && found.bytes().all(|b| b.is_ascii_digit());
                match is_number {
                    true => name.push_str(&format!("{found:0>digits$}")),
                    false => name.push_str(&safe(&found)),
                }
            }
        }
    }
    let parts: Vec<String> = name.split('/').filter(|part| !part.is_empty()).map(component).collect();
    if parts.is_empty() { "volume".to_owned() } else { parts.join("/") }
}

/// A folder's or a file's name that every file system takes: no control or reserved character, no dot in front, no reserved word, not too
/// long.
fn component(part: &str) -> String {
    let mut text: String = part.chars().map(|c| if is_fit(c) { c } else { '_' }).collect();
    while text.len() > MOST_BYTES {
        text.pop();
    }
    let text = text.trim_end_matches(['.', ' ']).to_owned();
    let stem = text.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_reserved = RESERVED.contains(&stem.as_str())
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    if is_reserved || text.is_empty() || text.starts_with('.') { format!("_{text}") } else { text }
}

const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// A value as part of a name: it adds no folder, and no space.
fn safe(text: &str) -> String {
    let fit = |c: char| if is_fit(c) && c != '/' && !c.is_whitespace() { c } else { '_' };
    text.trim().chars().map(fit).collect()
}

fn is_fit(c: char) -> bool {
    !c.is_control() && !"<>:\"\\|?*^".contains(c) && c != '\u{FFFD}'
}

/// A name may have 255 bytes on most file systems; suffixes and extensions need some.
const MOST_BYTES: usize = 180;

/// The value of a token, as the header has it.
fn value_of(
    letter: char,
    series: &SeriesPlan,
    files: &[Facts],
    header: Option<&Instance>,
    folder: &str,
) -> Option<String> {
    let ds = header.map(|instance| &instance.dataset);
    let text = |tag: Tag| value::string(ds?, tag);
    let whole = |tag: Tag| value::i64(ds?, tag).map(|number| number.to_string());
    match letter {
        'a' => text(tags::RECEIVE_COIL_NAME),
        'b' => {
            let path = files.get(*series.files.first()?)?.path();
            Some(path.file_name()?.to_string_lossy().into_owned())
        }
        'c' => text(tags::IMAGE_COMMENTS),
        'd' => series.description.clone(),
        'e' => series.echo_number.map(|number| number.to_string()),
        'f' => Some(folder.to_owned()),
        'g' => text(tags::ACCESSION_NUMBER),
        'i' => text(tags::PATIENT_ID),
        'j' => series.series_uid.clone(),
        'k' => series.study_uid.clone(),
        'm' => Some(series.head.meta().manufacturer.clone().unwrap_or_else(|| "NA".to_owned())),
        'n' => text(tags::PATIENT_NAME),
        'o' => series.sop_instance_uids.first().cloned(),
        'p' => text(tags::PROTOCOL_NAME),
        'q' => series.modality.clone(),
        'r' => whole(tags::INSTANCE_NUMBER),
        's' => Some(series.series_number.unwrap_or(0).to_string()),
        't' => {
            let digits = |tag| text(tag).map(|t| t.chars().filter(char::is_ascii_digit).collect::<String>());
            let (date, mut time) = (digits(tags::STUDY_DATE)?, digits(tags::STUDY_TIME).unwrap_or_default());
            time.truncate(6);
            Some(format!("{date}{time:0<6}"))
        }
        'u' => whole(tags::ACQUISITION_NUMBER),
        'v' => Some(initials(series.head.meta().manufacturer.as_deref()).to_owned()),
        'x' => text(tags::STUDY_ID),
        'z' => text(tags::SEQUENCE_NAME).or_else(|| text(tags::PULSE_SEQUENCE_NAME)),
        _ => None,
    }
}

/// A manufacturer in two letters, as dcm2niix has them.
fn initials(manufacturer: Option<&str>) -> &'static str {
    let known = |name: &str| MAKERS.iter().find(|(maker, _)| name.starts_with(maker)).map(|(_, short)| *short);
    manufacturer.and_then(known).unwrap_or("NA")
}

const MAKERS: [(&str, &str); 9] = [
    ("Bruker", "Br"),
    ("Canon", "Ca"),
    ("GE", "GE"),
    ("Hitachi", "Hi"),
    ("Philips", "Ph"),
    ("Siemens", "Si"),
    ("Toshiba", "To"),
    ("United Imaging", "UI"),
    ("UIH", "UI"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_second_of_a_name_gets_a_letter() {
        let found: Vec<String> = [1, 2, 26, 27, 52, 53, 703].into_iter().map(letters).collect();
        assert_eq!(found, ["a", "b", "z", "aa", "az", "ba", "aaa"]);
    }

    #[test]
    fn reserved_words_and_dots_are_escaped() {
        for (part, expected) in
            [("NUL", "_NUL"), ("com1.x", "_com1.x"), (".hidden", "_.hidden"), ("..", "_"), ("a.", "a"), ("a:b", "a_b")]
        {
            assert_eq!(component(part), expected);
        }
    }

    proptest! {
        #[test]
        fn no_value_leaves_its_folder(text in any::<String>()) {
            let name = component(&safe(&text));
            prop_assert!(!name.contains(['/', '\\', '\0']) && !name.is_empty());
            prop_assert!(!name.starts_with('.') && name.len() < 255);
        }
    }
}
