//! What is left, for a person to read: the distinct values of each attribute over a whole output, and how many patients share what tells them apart.
//!
//! A search finds what is known; a reader finds what nobody thought of. [`Review`] is filled with the headers that are written, in any order and by any worker
//! ([`merge`](Review::merge)), and holds for each attribute its values and how often each occurs, at most so many that a person can read. What the search
//! knows of a patient is masked, should any be left.
//!
//! [`Review::groups`] counts patients by age, sex, month of the study and scanner: who is alone in a group can be told by whoever knows these of them
//! (k-anonymity: Sweeney 2002).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, tags, dicom_core::{DataElement, VR}};
//! use isocenter_deid::Review;
//! let ds = |sex: &str| Dataset::from_element_iter([DataElement::new(tags::PATIENT_SEX, VR::CS, sex)]);
//! let mut review = Review::new();
//! for (patient, sex) in [("P1", "F"), ("P2", "F"), ("P3", "M")] {
//!     review.add(patient, &ds(sex), None);
//! }
//! let sexes: Vec<_> = review.rows().filter(|row| row.path == "00100040").map(|row| (row.value.to_owned(), row.count)).collect();
//! assert_eq!(sexes, [("F".to_owned(), 2), ("M".to_owned(), 1)]);
//! assert_eq!((review.groups().smallest, review.groups().alone), (1, 1));
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, value};

use crate::cleaner::MARK;
use crate::element::{all_text, name};
use crate::leak::LeakScan;
use crate::table;

/// Distinct values of an attribute that are held: the first in their order.
const MOST: usize = 100;
/// Characters of a value that are shown.
const LONGEST: usize = 200;

/// Values by attribute, and patients by group.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Review {
    attributes: BTreeMap<String, Values>,
    groups: BTreeMap<[String; 4], BTreeSet<String>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Values {
    vr: String,
    counts: BTreeMap<String, u64>,
    /// Whether there were more.
    more: bool,
}

/// One value of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewRow<'r> {
    /// Tags from the top level down, `GGGGEEEE>GGGGEEEE`.
    pub path: &'r str,
    /// Its keyword; empty for private elements.
    pub keyword: &'static str,
    /// Its value representation.
    pub vr: &'r str,
    /// The value; several are parted by backslashes.
    pub value: &'r str,
    /// How often it occurs.
    pub count: u64,
    /// Whether the attribute has more values than are held.
    pub more: bool,
}

/// How many patients share age, sex, month of the study and scanner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Groups {
    /// Groups there are.
    pub groups: usize,
    /// Patients in the smallest of them (k).
    pub smallest: usize,
    /// Patients who are alone in one of theirs.
    pub alone: usize,
    /// Patients in a group of fewer than five.
    pub below_five: usize,
}

impl Review {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what is written of one instance. `patient` is the pseudonym; `known` masks what it knows.
    pub fn add(&mut self, patient: &str, dataset: &Dataset, known: Option<&LeakScan>) {
        self.values(dataset, "", known);
        let text = |tag| value::string(dataset, tag).unwrap_or_default().trim().to_owned();
        let month = text(tags::STUDY_DATE).chars().take(6).collect();
        let scanner = [tags::MANUFACTURER, tags::MANUFACTURER_MODEL_NAME].map(text).join(" ").trim().to_owned();
        let group = [text(tags::PATIENT_AGE), text(tags::PATIENT_SEX), month, scanner];
        self.groups.entry(group).or_default().insert(patient.to_owned());
    }

    /// Adds what another worker saw.
    pub fn merge(&mut self, other: Self) {
        for (path, values) in other.attributes {
            let own = self.attributes.entry(path).or_default();
            own.vr.clone_from(&values.vr);
            own.more |= values.more;
            values.counts.into_iter().for_each(|(value, count)| own.count(value, count));
        }
        for (group, patients) in other.groups {
            self.groups.entry(group).or_default().extend(patients);
        }
    }

    fn values(&mut self, dataset: &Dataset, around: &str, known: Option<&LeakScan>) {
        for element in dataset.iter() {
            let path = format!("{around}{}", name(element.tag()));
            if let Some(items) = element.value().items() {
                items.iter().for_each(|item| self.values(item, &format!("{path}>"), known));
            } else if is_read(element.vr()) {
                let text = all_text(element).join("\\");
                if text.is_empty() {
                    continue;
                }
                let shown = shown(&text, known);
                let values = self.attributes.entry(path).or_default();
                values.vr = element.vr().to_string().to_owned();
                values.count(shown, 1);
            }
        }
    }

    /// All values, by attribute.
    pub fn rows(&self) -> impl Iterator<Item = ReviewRow<'_>> {
        self.attributes.iter().flat_map(|(path, values)| {
            let keyword = tag_of(path).and_then(table::dictionary).map_or("", |(_, keyword)| keyword);
            values.counts.iter().map(move |(value, count)| ReviewRow {
                path,
                keyword,
                vr: &values.vr,
                value,
                count: *count,
                more: values.more,
            })
        })
    }

    /// How many patients share what tells them apart.
    pub fn groups(&self) -> Groups {
        let below = |size: usize| {
            let patients = self.groups.values().filter(|patients| patients.len() < size).flatten();
            patients.collect::<BTreeSet<_>>().len()
        };
        Groups {
            groups: self.groups.len(),
            smallest: self.groups.values().map(BTreeSet::len).min().unwrap_or_default(),
            alone: below(2),
            below_five: below(5),
        }
    }
}

impl Values {
    /// The first values in their order stay: what is dropped once is behind all that stay, whatever comes later.
    fn count(&mut self, value: String, count: u64) {
        *self.counts.entry(value).or_default() += count;
        if self.counts.len() > MOST {
            self.counts.pop_last();
            self.more = true;
        }
    }
}

/// Text and codes that a person reads. UIDs and numbers tell a reader nothing.
const fn is_read(vr: VR) -> bool {
    matches!(
        vr,
        VR::AE
            | VR::AS
            | VR::CS
            | VR::DA
            | VR::DT
            | VR::LO
            | VR::LT
            | VR::PN
            | VR::SH
            | VR::ST
            | VR::UC
            | VR::UR
            | VR::UT
    )
}

fn shown(text: &str, known: Option<&LeakScan>) -> String {
    let mut shown = text.to_owned();
    let mut ranges: Vec<_> = known.into_iter().flat_map(|known| known.found(text)).map(|(range, _)| range).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
    for range in ranges {
        if shown.is_char_boundary(range.start) && range.end <= shown.len() && shown.is_char_boundary(range.end) {
            shown.replace_range(range, MARK);
        }
    }
    shown.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

fn tag_of(path: &str) -> Option<Tag> {
    table::parse_tag(path.rsplit('>').next()?)
}

impl fmt::Debug for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Review")
            .field("attributes", &self.attributes.len())
            .field("groups", &self.groups.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;

    use super::*;
    use crate::known::{Kind, KnownValues};

    fn dataset(value: &str) -> Dataset {
        Dataset::from_element_iter([DataElement::new(tags::SERIES_DESCRIPTION, VR::LO, value)])
    }

    #[test]
    fn workers_add_up_to_the_same_however_the_work_was_shared() {
        let values: Vec<String> = (0..300).map(|n| format!("v{:03}", n % 150)).collect();
        let review = |values: &mut dyn Iterator<Item = &String>| {
            let mut review = Review::new();
            values.for_each(|value| review.add(value, &dataset(value), None));
            review
        };
        let whole = review(&mut values.iter());
        let mut parts = review(&mut values.iter().rev().step_by(2));
        parts.merge(review(&mut values.iter().rev().skip(1).step_by(2)));
        assert!(whole == parts);
        assert_eq!(whole.rows().count(), MOST);
        assert!(whole.rows().all(|row| row.more && row.count == 2));
    }

    #[test]
    fn what_is_known_is_masked() {
        let mut known = KnownValues::new();
        known.add("PatientName", Kind::Name, "Plantedname");
        let scan = LeakScan::identities(&known).unwrap();
        let mut review = Review::new();
        review.add("P1", &dataset("knee of Plantedname, left"), Some(&scan));
        assert_eq!(review.rows().next().map(|row| row.value.to_owned()).as_deref(), Some("knee of ***, left"));
    }
}
