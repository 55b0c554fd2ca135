//! Invented people, and the visits they make.

use crate::{dicom::uid::uid, random::Stream};

/// A patient who does not exist, with everything that a hospital would know.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Patient ID, (0010,0020).
    pub id: String,
    /// An identifier of another hospital.
    pub other_id: String,
    /// `YYYYMMDD`.
    pub birth_date: String,
    /// `F` or `M`.
    pub sex: &'static str,
    /// kg, with one decimal.
    pub weight_kg: f64,
    /// m, with two decimals.
    pub size_m: f64,
    /// Street and town.
    pub address: String,
    /// A telephone number.
    pub phone: String,
    /// The hospital.
    pub institution: String,
    /// The referring physician, as a PN.
    pub physician: String,
    /// The operator, as a PN.
    pub operator: String,
}

/// One visit of one person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Study {
    /// Who.
    pub person: Person,
    /// Study Instance UID.
    pub uid: String,
    /// `YYYYMMDD`.
    pub date: String,
    /// Seconds since midnight.
    pub seconds: u32,
    /// Study ID, (0020,0010).
    pub id: String,
    /// Accession Number, (0008,0050).
    pub accession: String,
    /// Study Description, (0008,1030).
    pub description: String,
    /// What UIDs and free choices are made from.
    pub stream: Stream,
}

impl Person {
    /// The `n`-th person of a seed; two of one seed differ in every name up to [`Person::COUNT`].
    pub fn nth(seed: u64, n: usize) -> Self {
        let stream = Stream::new(seed).fork("people");
        let order = stream.permutation(Self::COUNT);
        let own = stream.nth(n as u64);
        let pick = order[n % Self::COUNT];
        let (family, given, sex) = NAMES[pick];
        let (street, town) = PLACES[(pick * 5 + 3) % PLACES.len()];
        let female = sex == "F";
        Self {
            family: family.to_owned(),
            given: given.to_owned(),
            id: format!("PID{:07}", 1_000_000 + own.below(0, 8_999_999)),
            other_id: format!("EXT-{:08}", 10_000_000 + own.below(1, 89_999_999)),
            birth_date: format!("{}{:02}{:02}", 1938 + own.below(2, 60), 1 + own.below(3, 12), 1 + own.below(4, 28)),
            sex,
            weight_kg: (own.between(5, if female { 52.0 } else { 64.0 }, if female { 84.0 } else { 98.0 }) * 10.0)
                .round()
                / 10.0,
            size_m: (own.between(6, if female { 1.55 } else { 1.66 }, if female { 1.78 } else { 1.93 }) * 100.0)
                .round()
                / 100.0,
            address: format!("{street} {}, {town}", 1 + own.below(7, 180)),
            phone: format!("+00 555 {:07}", 1_000_000 + own.below(8, 8_999_999)),
            institution: HOSPITALS[pick % HOSPITALS.len()].to_owned(),
            physician: PHYSICIANS[pick % PHYSICIANS.len()].to_owned(),
            operator: OPERATORS[pick % OPERATORS.len()].to_owned(),
        }
    }

    /// How many people there are to choose from.
    pub const COUNT: usize = NAMES.len();

    /// The name as a PN value.
    pub fn name(&self) -> String {
        format!("{}^{}", self.family, self.given)
    }

    /// Specific Character Set that the names need.
    pub fn character_set(&self) -> &'static str {
        let all = [&self.family, &self.given, &self.address, &self.institution, &self.physician, &self.operator];
        if all.iter().all(|t| t.chars().all(|c| u32::from(c) < 256)) { "ISO_IR 100" } else { "ISO_IR 192" }
    }

    /// Age on a date `YYYYMMDD`, as an AS value.
    pub fn age_on(&self, date: &str) -> String {
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        format!("{:03}Y", ((number(date) - number(&self.birth_date)) / 10_000).clamp(0, 999))
    }
}

impl Study {
    /// The `n`-th visit of a person, of a seed.
    pub fn nth(seed: u64, person: Person, n: usize, description: impl Into<String>) -> Self {
        let stream = Stream::new(seed).fork("studies").fork(&person.id).nth(n as u64);
        Self {
            uid: uid(stream, &["study"]),
            date: format!(
                "20{:02}{:02}{:02}",
                19 + stream.below(0, 6),
                1 + stream.below(1, 12),
                1 + stream.below(2, 28)
            ),
            seconds: 7 * 3600 + stream.below(3, 9 * 3600) as u32,
            id: format!("S{:05}", 10_000 + stream.below(4, 89_999)),
            accession: format!("ACC{:08}", 10_000_000 + stream.below(5, 89_999_999)),
            description: description.into(),
            person,
            stream,
        }
    }
}

/// Seconds since midnight as a TM value.
pub(crate) fn time_of(seconds: u32) -> String {
    let s = seconds % 86_400;
    format!("{:02}{:02}{:02}.00", s / 3600, s / 60 % 60, s % 60)
}

// Rare on purpose: a search for a leak must not find them in ordinary words. No person of these names is meant.
const NAMES: [(&str, &str, &str); 12] = [
    ("Quellmann", "Ysolde", "F"),
    ("Brockvale", "Thadwin", "M"),
    ("Zwölfmüller", "Jürgen", "M"),
    ("Varnholt", "Perpetua", "F"),
    ("Ostrogard", "Mirabella", "F"),
    ("Dřevíkovská", "Žofie", "F"),
    ("Hexworthy", "Barnabas", "M"),
    ("Nakaribe", "Shinjurō", "M"),
    ("Fjellgaard", "Solvår", "F"),
    ("Lumbeswick", "Ottoline", "F"),
    ("Trevanyon", "Cadwallader", "M"),
    ("Xilarquez", "Ignacio", "M"),
];
const PLACES: [(&str, &str); 6] = [
    ("Kestrelgate", "Nether Wexcombe"),
    ("Amselgrund", "Klein Vogtshagen"),
    ("Rue du Vieux Pressoir", "Saint-Orvain"),
    ("Plumtree Row", "Ashgarrow"),
    ("Vestre Kvernvei", "Skogsundet"),
    ("Calle Molinera", "Villardel"),
];
const HOSPITALS: [&str; 5] = [
    "St. Wendreda Infirmary",
    "Klinikum Vogtshagen",
    "Hospital Santa Ildara",
    "Ashgarrow General Hospital",
    "Skogsundet Sykehus",
];
const PHYSICIANS: [&str; 5] =
    ["Gravelines^Honorine", "Pettibourne^Alaric", "Wintersohl^Edeltraud", "Ormerodsen^Leif", "Castelnova^Rosaura"];
const OPERATORS: [&str; 5] =
    ["Tamsinford^Kit", "Ebbinghorst^Malte", "Larkmoor^Philippa", "Duvalcourt^Remy", "Sandvikren^Ase"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_one_seed_have_names_of_their_own() {
        let names: std::collections::BTreeSet<String> = (0..Person::COUNT).map(|n| Person::nth(4, n).name()).collect();
        assert_eq!(names.len(), Person::COUNT);
    }

    #[test]
    fn ages_count_birthdays() {
        let mut person = Person::nth(1, 0);
        person.birth_date = "19700615".into();
        assert_eq!(person.age_on("20200614"), "049Y");
        assert_eq!(person.age_on("20200615"), "050Y");
    }
}
