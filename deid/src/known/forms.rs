//! The forms that one value may take in an output.

use super::kind::Kind;
use super::words;

/// Bytes below which a value is compared by field only.
pub(super) const LEAST: usize = 5;
/// Bytes below which text of a private element is not looked for: private elements are full of flags and enumerations.
const LEAST_PRIVATE: usize = 8;

pub(super) fn trim(value: &str) -> &str {
    value.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

/// A field's name by letters and digits, in lower case: `Patient's Weight` and `patient_weight` are not told apart by style.
pub(super) fn field_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The forms of a value, and whether each may be looked for anywhere.
pub(super) fn of(kind: Kind, value: &str) -> Vec<(String, bool)> {
    let mut forms = match kind {
        Kind::Name => name(value),
        Kind::Number => vec![(value.to_owned(), false)],
        Kind::Time => vec![(value.to_owned(), value.len() >= 8)],
        Kind::Date => date(value),
        Kind::Private => vec![(value.to_owned(), value.len() >= LEAST_PRIVATE && !words::all_ordinary(value))],
        Kind::Description => lines(value).map(|line| (line.to_owned(), !words::all_ordinary(line))).collect(),
        Kind::Place | Kind::Identifier | Kind::Device => {
            lines(value).map(|line| (line.to_owned(), !words::all_ordinary(line))).collect()
        }
        Kind::Uid => vec![(value.to_owned(), true)],
    };
    if matches!(kind, Kind::Description | Kind::Place | Kind::Identifier) && value.contains(['\r', '\n']) {
        forms.push((value.to_owned(), true));
    }
    for (form, anywhere) in &mut forms {
        *anywhere &= form.len() >= LEAST;
    }
    forms.retain(|(form, _)| !form.is_empty());
    forms
}

/// A person's name: as it is, each group of components, each component and word, and given and family name in the usual orders.
fn name(value: &str) -> Vec<(String, bool)> {
    let mut forms = Vec::new();
    for group in value.split('=').map(trim) {
        let components: Vec<&str> = group.split('^').map(trim).collect();
        let full = components.iter().filter(|component| !component.is_empty()).count() >= 2;
        forms.push((group.to_owned(), full || !words::all_ordinary(group)));
        if let [family, given, ..] = components.as_slice()
            && full
        {
            let joined = [
                (given, " ", family),
                (family, " ", given),
                (family, ", ", given),
                (given, "^", family),
                (given, "_", family),
                (family, "_", given),
            ];
            forms.extend(
                joined.map(|(first, between, second)| (trim(&format!("{first}{between}{second}")).to_owned(), true)),
            );
        }
        for component in components {
            forms.push((component.to_owned(), !words::all_ordinary(component)));
            for word in component.split([' ', '-', ',', '.', '\'', '\u{3000}']).map(trim) {
                forms.push((word.to_owned(), !words::all_ordinary(word)));
            }
        }
    }
    if value.contains('=') {
        forms.push((value.to_owned(), true));
    }
    forms
}

/// A date or date and time: as it is, the date alone, the same with dashes, date and time to the second.
fn date(value: &str) -> Vec<(String, bool)> {
    let plain: String = value.chars().filter(|c| !matches!(c, '.' | '-')).collect();
    let mut forms = vec![(value.to_owned(), true)];
    if let Some(day) = plain.get(..8).filter(|day| day.bytes().all(|b| b.is_ascii_digit())) {
        forms.push((day.to_owned(), true));
        forms.push((format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]), true));
    }
    if let Some(second) = value.get(..14).filter(|second| second.bytes().all(|b| b.is_ascii_digit())) {
        forms.push((second.to_owned(), true));
    }
    forms
}

fn lines(value: &str) -> impl Iterator<Item = &str> {
    value.split(['\r', '\n']).map(trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anywhere(kind: Kind, value: &str) -> Vec<String> {
        of(kind, value).into_iter().filter(|(_, anywhere)| *anywhere).map(|(form, _)| form).collect()
    }

    #[test]
    fn a_name_is_known_by_its_parts() {
        let forms = anywhere(Kind::Name, "Müller-Schmidt^Jo^^Dr=山田^太郎");
        for form in ["Müller-Schmidt", "Müller", "Schmidt", "Jo Müller-Schmidt", "山田", "山田 太郎"] {
            assert!(forms.iter().any(|found| found == form), "{form}");
        }
        assert!(!forms.iter().any(|form| form == "Jo" || form == "Dr"));
    }

    #[test]
    fn ordinary_words_are_not_looked_for_alone() {
        let forms = anywhere(Kind::Name, "Brown^Hannelore");
        assert!(!forms.contains(&"Brown".to_owned()));
        assert!(forms.contains(&"Hannelore Brown".to_owned()));
        assert!(anywhere(Kind::Description, "BRAIN AXIAL T2").is_empty());
        assert_eq!(anywhere(Kind::Description, "BRAIN of Roesler"), ["BRAIN of Roesler"]);
    }

    #[test]
    fn addresses_are_known_by_line_and_dates_with_dashes() {
        assert_eq!(
            anywhere(Kind::Place, "17 Sample Street\r\nSpringfield\r\nXYZ"),
            ["17 Sample Street", "Springfield", "17 Sample Street\r\nSpringfield\r\nXYZ"]
        );
        assert_eq!(
            anywhere(Kind::Date, "20010203101112.5"),
            ["20010203101112.5", "20010203", "2001-02-03", "20010203101112"]
        );
        assert!(anywhere(Kind::Number, "71.25").is_empty());
        assert!(anywhere(Kind::Time, "101112").is_empty());
    }
}
