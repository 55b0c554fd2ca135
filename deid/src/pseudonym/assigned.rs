//! Pseudonyms that are not made of the key: a trial's subject numbers, a table that the user has, a service.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use isocenter_files::Key;

use crate::error::Error;

/// Gives pseudonyms; where it gives none, the keyed one is taken. It is asked by any thread, and says the same of the same original whenever it is asked.
pub trait Assigned: fmt::Debug + Send + Sync {
    /// The new value of an element that holds `original`, by its keyword: `PatientID`, `AccessionNumber` ... A Patient ID is that of the file;
    /// its issuer is not told.
    fn value(&self, keyword: &str, original: &str) -> Option<String>;

    /// The new UID.
    fn uid(&self, _original: &str) -> Option<String> {
        None
    }

    /// By how many days the dates of a patient move, by the Patient ID of the file.
    fn date_shift_days(&self, _patient_id: &str) -> Option<i64> {
        None
    }
}

/// A table of originals and what takes their place.
///
/// ```
/// use isocenter_deid::pseudonym::{Assigned, Table};
/// let table = Table::from_csv("attribute,original,new\nPatientID,MRN1,SITE02-017\nDateShiftDays,MRN1,-40\n")?;
/// assert_eq!(table.value("PatientID", "MRN1").as_deref(), Some("SITE02-017"));
/// assert_eq!(table.date_shift_days("MRN1"), Some(-40));
/// # Ok::<_, isocenter_deid::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Table {
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// Attribute of a table's rows about UIDs, whatever element they stand in.
const UID: &str = "UID";
/// Attribute of a table's rows about days.
const DAYS: &str = "DateShiftDays";
/// Bytes of the longest value: that of an LO.
const LONGEST: usize = 64;

impl Table {
    /// Reads CSV with the columns `attribute,original,new`: keyword of an element, or `UID` for UIDs anywhere, or `DateShiftDays` whose original is a
    /// Patient ID.
    ///
    /// # Errors
    /// [`Error::BadTable`] with the line: other columns, two rows that give one original two values or two originals one value, a value that its element cannot hold, a new value
    /// that is an original of the same table.
    pub fn from_csv(text: &str) -> Result<Self, Error> {
        let bad = |line: u64, what: &'static str| Error::BadTable { line, what };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = reader.headers().map_err(|_| bad(1, "no line of columns"))?;
        if columns.iter().ne(["attribute", "original", "new"]) {
            return Err(bad(1, "the columns are attribute, original and new"));
        }
        let mut table = Self::default();
        let mut given: BTreeSet<(String, String)> = BTreeSet::new();
        for row in reader.records() {
            let row = row.map_err(|e| bad(e.position().map_or(0, csv::Position::line), "three values are wanted"))?;
            let line = row.position().map_or(0, csv::Position::line);
            let (Some(attribute), Some(original), Some(new)) = (row.get(0), row.get(1), row.get(2)) else {
                return Err(bad(line, "three values are wanted"));
            };
            check(attribute, original, new).map_err(|what| bad(line, what))?;
            if attribute != DAYS && !given.insert((attribute.to_owned(), new.to_owned())) {
                return Err(bad(line, "another original has this value"));
            }
            let old = table.values.entry(attribute.to_owned()).or_default().insert(original.to_owned(), new.to_owned());
            if old.is_some_and(|old| old != new) {
                return Err(bad(line, "this original has another value"));
            }
            let is_shown = attribute != DAYS
                && (table.value(attribute, new).is_some()
                    || given.contains(&(attribute.to_owned(), original.to_owned())));
            if is_shown {
                return Err(bad(line, "a new value is an original"));
            }
        }
        Ok(table)
    }

    /// What tells it from other tables, and nothing of it without the key: 16 hexadecimal digits.
    pub fn digest(&self, key: &Key) -> String {
        let rows = self.values.iter().flat_map(|(attribute, rows)| {
            rows.iter().flat_map(move |(original, new)| [attribute.as_bytes(), original.as_bytes(), new.as_bytes()])
        });
        let digest = key.mac("table", &rows.collect::<Vec<_>>());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it has a row about a Patient ID.
    pub fn has_patient(&self, id: &str) -> bool {
        self.values.get("PatientID").is_some_and(|rows| rows.contains_key(id))
    }

    /// Whether it has rows about Patient IDs: then a patient without one is told, see the caller.
    pub fn names_patients(&self) -> bool {
        self.values.contains_key("PatientID")
    }
}

fn check(attribute: &str, original: &str, new: &str) -> Result<(), &'static str> {
    let is_plain = |text: &str| {
        !text.is_empty() && text.len() <= LONGEST && !text.contains('\\') && !text.chars().any(char::is_control)
    };
    match attribute {
        _ if original.is_empty() => Err("an empty original"),
        UID if !is_uid(new) => Err("no UID"),
        DAYS if new.parse::<i32>().is_err() => Err("no whole number of days"),
        UID | DAYS => Ok(()),
        _ if !attribute.chars().all(|c| c.is_ascii_alphanumeric()) || attribute.is_empty() => Err("no keyword"),
        _ if !is_plain(new) => Err("a value of 1 to 64 bytes without backslashes is wanted"),
        _ => Ok(()),
    }
}

/// Source: DICOM PS3.5 section 9.1.
fn is_uid(text: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    text.len() <= LONGEST && text.split('.').all(is_number)
}

impl Assigned for Table {
    fn value(&self, keyword: &str, original: &str) -> Option<String> {
        self.values.get(keyword)?.get(original).cloned()
    }

    fn uid(&self, original: &str) -> Option<String> {
        self.values.get(UID)?.get(original).cloned()
    }

    fn date_shift_days(&self, patient_id: &str) -> Option<i64> {
        self.values.get(DAYS)?.get(patient_id)?.parse().ok()
    }
}

/// How many rows: each of them names a patient.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("rows", &self.values.values().map(BTreeMap::len).sum::<usize>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_would_mix_or_show_patients_is_refused_by_its_line() {
        for (rows, line) in [
            ("PatientID,A,1\nPatientID,B,1", 3),
            ("PatientID,A,1\nPatientID,A,2", 3),
            ("PatientID,A,B\nPatientID,B,C", 3),
            ("PatientID,A,A", 2),
            ("PatientID,A,", 2),
            ("PatientID,,1", 2),
            ("PatientID,A,x\\y", 2),
            ("UID,1.2,x", 2),
            ("DateShiftDays,A,soon", 2),
            ("PatientID,A", 2),
            ("Patient ID,A,1", 2),
        ] {
            let refused = Table::from_csv(&format!("attribute,original,new\n{rows}\n")).unwrap_err();
            assert!(matches!(refused, Error::BadTable { line: found, .. } if found == line), "{rows}: {refused}");
        }
        assert!(matches!(Table::from_csv("id,new\nA,1\n"), Err(Error::BadTable { line: 1, .. })));
    }

    #[test]
    fn patients_may_share_a_number_of_days() {
        let table = Table::from_csv("attribute,original,new\nDateShiftDays,A,-3\nDateShiftDays,B,-3\n").unwrap();
        assert_eq!((table.date_shift_days("B"), table.date_shift_days("C")), (Some(-3), None));
    }
}
