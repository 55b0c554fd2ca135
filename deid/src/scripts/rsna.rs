//! The script of RSNA's Anonymizer: what it does not name goes, in items too, and so do private elements.
//!
//! It has the form of CTP's, with a few functions of its own: nothing or `@keep`, `@empty`, `@uid`, `@ptid`, `@acc`, `@hashdate`, `@round(this,N)`, `@remove`. The
//! boxes to tick (`en`) and the lines `r` count for nothing, as there. The program's markers are written: (0012,0062) to (0012,0064); its private block, which names site and
//! project, is not.
//!
//! Source: the behaviour of version 19.

use std::collections::BTreeMap;
use std::sync::Arc;

use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element};

use super::names::shown;
use super::plan::{Judge, Judged, Verdict};
use super::scope::{Scope, Subject, text_of};
use super::{Compat, Error, LetOut, Parts, Settings, compat, names, values, xml};
use crate::dummy;
use crate::rules::{Decision, Refusal, Values};
use crate::table;

/// What is done with an element that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Keep,
    Empty,
    Uid,
    PatientId,
    Accession,
    HashDate,
    /// To the nearest multiple of years.
    Round(u32),
}

#[derive(Clone, Debug)]
struct Rsna {
    kept: BTreeMap<Tag, Operation>,
    compat: Option<Compat>,
    /// Before the number of a UID, with [`Compat::RsnaMd5`].
    uid_prefix: String,
}

/// The date of what is none, and of an instance without a Patient ID.
const NO_DATE: &str = "20000101";
const MARKERS: [Tag; 3] =
    [tags::PATIENT_IDENTITY_REMOVED, tags::DEIDENTIFICATION_METHOD, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE];
/// Options that the program says its script has.
const CODES: [&str; 3] = ["113100", "113107", "113108"];

/// Reads a script.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Parts, Error> {
    let mut kept = BTreeMap::new();
    for line in xml::lines(text)?.into_iter().filter(|line| line.name == "e") {
        let place = format!("{}, {}", line.place(), line.get("n").chars().take(64).collect::<String>());
        let digits = line.get("t");
        let tag = Some(digits).filter(|t| t.len() == 8 && t.bytes().all(|b| b.is_ascii_hexdigit()));
        let tag = tag
            .and_then(names::tag_of)
            .ok_or_else(|| Error::malformed(&place, "no tag: wanted eight hexadecimal digits"))?;
        // the program writes these by itself, whatever stands here
        let text = if MARKERS.contains(&tag) && !line.text.contains('@') { "" } else { line.text.trim() };
        if let Some(operation) = operation(text, &place)? {
            kept.insert(tag, operation);
        }
    }
    let hashes = kept.values().any(|operation| matches!(operation, Operation::Uid | Operation::HashDate));
    let insecure = settings.compat.is_some() && hashes;
    let mut uid_prefix = String::new();
    if insecure {
        let variable =
            |name: &str| settings.variables.get(name).map(|value| value.trim()).filter(|value| is_root(value));
        let wanted = |name: &str| {
            Error::missing("the script", format!("the project's {name}, digits and dots, to make its UIDs again"))
        };
        let root = variable("UIDROOT").ok_or_else(|| wanted("UIDROOT"))?;
        let site = variable("SITEID").ok_or_else(|| wanted("SITEID"))?;
        uid_prefix = format!("{root}.{site}.2.");
        if uid_prefix.len() > 40 {
            return Err(Error::malformed("the project", "UIDROOT and SITEID leave no room in a UID"));
        }
    }
    let rsna = Rsna { kept, compat: settings.compat, uid_prefix };
    let remarks = vec![
        "subjects and accession numbers get keyed pseudonyms, not the next number of a project".to_owned(),
        "the private block with the names of site and project is not written".to_owned(),
    ];
    Ok(Parts { remarks, insecure, ..Parts::of(Arc::new(Judged(rsna))) })
}

fn is_root(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// What a line asks for; `None` where the element goes.
fn operation(text: &str, place: &str) -> Result<Option<Operation>, Error> {
    let name = text.split('(').next().unwrap_or_default().trim();
    Ok(Some(match name {
        "" | "@keep" => Operation::Keep,
        "@remove" => return Ok(None),
        "@empty" => Operation::Empty,
        "@uid" => Operation::Uid,
        "@ptid" => Operation::PatientId,
        "@acc" => Operation::Accession,
        "@hashdate" => Operation::HashDate,
        "@round" => {
            let digits: String =
                text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            let width = digits.parse().ok().filter(|width| (1..=120).contains(width));
            Operation::Round(width.ok_or_else(|| Error::malformed(place, "@round wants a number of years"))?)
        }
        other => {
            let other: String = other.chars().take(32).collect();
            return Err(Error::unsupported(
                place,
                format!("`{other}`"),
                "RSNA's Anonymizer knows no such function, and would keep the value",
            ));
        }
    }))
}

impl Rsna {
    fn value(&self, operation: Operation, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Decision, Refusal> {
        let text = || text_of(subject.element);
        let of = |text: String| Decision::Replace(Values::of(&text));
        Ok(match operation {
            Operation::Keep => Decision::Leave,
            Operation::Empty => Decision::Replace(Values::default()),
            Operation::Uid if self.compat.is_some() => of(self.md5_uid(&text())),
            Operation::Uid => Decision::Uid,
            Operation::PatientId => of(scope.names().patient_id(scope.original.patient, "")),
            Operation::Accession if text().trim().is_empty() => Decision::Replace(Values::default()),
            Operation::Accession => of(scope.names().token("AccessionNumber", text().trim())),
            Operation::HashDate => of(self.date(&text(), scope)),
            Operation::Round(width) => {
                let wrong = || Refusal::Failed { place: shown(subject.tag()), function: "round", what: "no age" };
                of(values::rounded_age(&text(), width).ok_or_else(wrong)?)
            }
        })
    }

    fn md5_uid(&self, uid: &str) -> String {
        let room = 64 - self.uid_prefix.len();
        let number = u128::from_be_bytes(compat::md5(uid.as_bytes()));
        let number = if room < 39 { number % 10u128.pow(room as u32) } else { number };
        format!("{}{number}", self.uid_prefix)
    }

    fn date(&self, text: &str, scope: &Scope<'_>) -> String {
        let id = scope.root_text(tags::PATIENT_ID);
        let plain = |text: &str| text.len() == 8 && values::date_of(text).is_some_and(|date| date.year() >= 1900);
        let moved = match self.compat {
            Some(_) if id.is_empty() || !plain(text) => None,
            Some(_) => values::moved(text, (u128::from_be_bytes(compat::md5(id.as_bytes())) % 3652) as i64),
            None => values::moved(text, scope.names().date_shift_days(scope.original.patient)),
        };
        moved.unwrap_or_else(|| NO_DATE.to_owned())
    }
}

impl Judge for Rsna {
    fn judge(&self, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Verdict, Refusal> {
        let Some(operation) = self.kept.get(&subject.tag()).filter(|_| !subject.is_private()) else {
            return Ok(Decision::Remove.into());
        };
        match (subject.vr, operation) {
            // items are judged by themselves
            (VR::SQ, Operation::Keep) => Ok(Decision::Keep.into()),
            (VR::SQ, _) => Ok(Decision::Replace(Values::default()).into()),
            _ => self.value(*operation, scope, subject).map(Verdict::from),
        }
    }

    fn added(&self, scope: &Scope<'_>) -> Result<Vec<Element>, Refusal> {
        let items = CODES.iter().filter_map(|code| table::codes::meaning(code)).map(|(code, meaning)| {
            Dataset::from_element_iter([
                DataElement::new(tags::CODE_VALUE, VR::SH, code),
                DataElement::new(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM"),
                DataElement::new(tags::CODE_MEANING, VR::LO, meaning),
            ])
        });
        let mut added = vec![
            DataElement::new(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES"),
            DataElement::new(tags::DEIDENTIFICATION_METHOD, VR::LO, "isocenter-deid, script of RSNA's Anonymizer"),
            dummy::sequence(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, items.collect()),
        ];
        let has_id = scope.dataset.get(tags::PATIENT_ID).is_some();
        if !has_id && self.kept.get(&tags::PATIENT_ID) == Some(&Operation::PatientId) {
            let id = scope.names().patient_id(scope.original.patient, "");
            added.push(DataElement::new(tags::PATIENT_ID, VR::LO, id));
        }
        Ok(added)
    }

    fn lets_out(&self, tag: Tag) -> LetOut {
        match self.kept.get(&tag) {
            Some(Operation::Keep | Operation::Round(_) | Operation::HashDate) => LetOut::Named,
            _ => LetOut::No,
        }
    }

    fn lets_out_private(&self) -> bool {
        false
    }
}
