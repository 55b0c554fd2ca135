//! The JSON of Orthanc's `/anonymize`: the Basic Profile, with elements kept, removed and replaced.
//!
//! Orthanc makes random UIDs and calls patients Anonymized1, Anonymized2; here both are keyed. A later table than Orthanc's removes more. In a path (`RefStudySeq[0].PatientID`, as
//! dcmodify writes it) an index in brackets or `*` names items.
//!
//! Source: the Orthanc Book, "Anonymization and modification", and the REST API of Orthanc 1.12.

use std::sync::Arc;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::Element;
use serde_json::Value;

use super::json::{self, Object};
use super::names::{shown, tag_of};
use super::{Dialect, Error, IDS_AND_MARKERS, LetOut, Parts};
use crate::element::{empty, of_text};
use crate::profile::Profile;
use crate::rules::{At, Decision, Rules, Values};
use crate::table;

/// Keys by which such a script is known.
pub(super) const KEYS: &[&str] =
    &["Keep", "Replace", "Remove", "KeepPrivateTags", "DicomVersion", "Force", "KeepSource", "PrivateCreator"];

#[derive(Clone, Debug)]
struct Orthanc {
    profile: Profile,
    keep: Vec<Path>,
    remove: Vec<Path>,
    replace: Vec<(Path, Values)>,
    keep_private: bool,
}

/// An element by the sequences around it; the last tag is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
    /// Each with the item that is meant, `None` for all.
    steps: Vec<(Tag, Option<usize>)>,
    /// The last tag anywhere below.
    last: Tag,
}

/// Ids that Orthanc lets be replaced or kept by force alone.
const IDS: [Tag; 4] = [tags::PATIENT_ID, tags::STUDY_INSTANCE_UID, tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID];

/// Reads a script.
pub(super) fn read(text: &str) -> Result<Parts, Error> {
    let mut object = Object::parse(text)?;
    let mut remarks = Vec::new();
    if let Some(version) = object.text("DicomVersion")? {
        if !["2008", "2017c", "2021b", "2023b"].contains(&version.as_str()) {
            return Err(Error::malformed("DicomVersion", "wanted 2008, 2017c, 2021b or 2023b"));
        }
        remarks.push(format!("DicomVersion {version}: the table of 2026c is applied, which has more"));
    }
    if object.boolean("KeepSource")? == Some(false) {
        return Err(Error::unsupported("KeepSource", "false", "originals are never deleted"));
    }
    if object.has("Transcode") {
        return Err(Error::unsupported("the script", "Transcode", "pixels stay as they are"));
    }
    if object.has("Resources") {
        return Err(Error::unsupported("the script", "Resources", "what is de-identified is said by paths"));
    }
    // how a server runs its jobs
    for key in ["Asynchronous", "Synchronous", "Priority", "Permissive", "UserData", "KeepLabels", "LossyQuality"] {
        if object.take(key).is_some() {
            remarks.push(format!("{key} is a matter of the server"));
        }
    }
    let forced = object.boolean("Force")?.unwrap_or(false);
    // elements that Replace names by a private tag are told by their place alone
    let creator = object.text("PrivateCreator")?;
    let keep_private = object.boolean("KeepPrivateTags")?.unwrap_or(false);
    let keep = paths(object.texts("Keep")?, "Keep")?;
    let remove = paths(object.texts("Remove")?, "Remove")?;
    let replace = replacements(object.object("Replace")?, creator.is_some())?;
    object.done()?;
    let named = keep.iter().map(|path| (path, "Keep")).chain(replace.iter().map(|(path, _)| (path, "Replace")));
    for (path, key) in named {
        let is_kept_patient = key == "Keep" && path.last == tags::PATIENT_ID;
        if path.steps.is_empty() && IDS.contains(&path.last) && !is_kept_patient && !forced {
            return Err(Error::missing(format!("{key}, {}", shown(path.last)), "\"Force\": true"));
        }
    }
    let orthanc = Orthanc { profile: Profile::basic(), keep, remove, replace, keep_private };
    Ok(Parts { remarks, ..Parts::of(Arc::new(orthanc)) })
}

fn paths(texts: Vec<String>, key: &str) -> Result<Vec<Path>, Error> {
    texts.iter().map(|text| Path::parse(text, key)).collect()
}

fn replacements(object: Option<Object>, has_creator: bool) -> Result<Vec<(Path, Values)>, Error> {
    let mut found = Vec::new();
    for (name, value) in object.map(Object::into_map).unwrap_or_default() {
        let path = Path::parse(&name, "Replace")?;
        let place = format!("Replace, {}", shown(path.last));
        if path.last.group() % 2 == 1 {
            let why = if has_creator {
                "private elements are not written"
            } else {
                "a private element without PrivateCreator"
            };
            return Err(Error::unsupported(place, "a private element", why));
        }
        let text = match &value {
            Value::Array(_) | Value::Object(_) => {
                return Err(Error::unsupported(place, "a sequence", "only values are replaced"));
            }
            other => json::plain(other).unwrap_or_default(),
        };
        let values = Values::of(&text);
        let vr = table::dictionary(path.last).map_or(VR::LO, |(vr, _)| vr);
        if !values.0.is_empty() && of_text(path.last, vr, &values.0).is_none() {
            return Err(Error::malformed(place, "no value of its value representation"));
        }
        found.push((path, values));
    }
    Ok(found)
}

impl Path {
    fn parse(text: &str, key: &str) -> Result<Self, Error> {
        let shown: String = text.chars().take(64).collect();
        let wrong = || Error::malformed(format!("{key}, {shown}"), "no element, or no path of elements");
        let mut parts = text.split('.').collect::<Vec<_>>();
        let last = tag_of(parts.pop().unwrap_or_default()).ok_or_else(wrong)?;
        let steps = parts.into_iter().map(|part| {
            let (name, index) = part.strip_suffix(']').and_then(|part| part.split_once('[')).ok_or_else(wrong)?;
            let index = match index.trim() {
                "*" => None,
                number => Some(number.parse().map_err(|_| wrong())?),
            };
            Ok((tag_of(name).ok_or_else(wrong)?, index))
        });
        Ok(Self { steps: steps.collect::<Result<_, Error>>()?, last })
    }

    /// Whether it names an element: a path at its place, a tag alone on the top level.
    fn is_at(&self, at: &At<'_>) -> bool {
        let Some((last, sequences)) = at.path.split_last() else { return false };
        self.last == *last
            && sequences.len() == self.steps.len()
            && self
                .steps
                .iter()
                .zip(sequences)
                .zip(at.items)
                .all(|(((tag, index), sequence), item)| tag == sequence && index.is_none_or(|index| index == *item))
    }

    /// Whether an element stands below the sequence that it names.
    fn is_above(&self, at: &At<'_>) -> bool {
        at.path.len() > self.steps.len() + 1
            && at.path[..self.steps.len()].iter().zip(&self.steps).all(|(tag, (step, _))| tag == step)
            && at.path[self.steps.len()] == self.last
    }
}

impl Rules for Orthanc {
    fn decide(&self, at: &At<'_>) -> Decision {
        let names = |paths: &[Path]| paths.iter().any(|path| path.is_at(at));
        if let Some((_, values)) = self.replace.iter().find(|(path, _)| path.is_at(at)) {
            return Decision::Replace(values.clone());
        }
        if names(&self.remove) {
            return Decision::Remove;
        }
        if names(&self.keep) {
            return Decision::Leave;
        }
        // a way to an element that stays, or what a sequence that stays holds
        let leads = |path: &Path| {
            path.steps.len() >= at.path.len() && path.steps.iter().zip(at.path).all(|((tag, _), step)| tag == step)
        };
        let others = self.keep.iter().chain(self.replace.iter().map(|(path, _)| path));
        if at.vr == VR::SQ && others.clone().any(leads) {
            return Decision::Keep;
        }
        if self.keep.iter().any(|path| path.is_above(at)) {
            return Decision::Keep;
        }
        if at.is_private() && self.keep_private {
            return Decision::Keep;
        }
        self.profile.decide(at)
    }

    fn added(&self) -> Vec<Element> {
        let top = self.replace.iter().filter(|(path, _)| path.steps.is_empty());
        let element = |(path, values): &(Path, Values)| {
            let vr = table::dictionary(path.last).map_or(VR::LO, |(vr, _)| vr);
            match values.0.is_empty() {
                true => empty(path.last, vr),
                false => of_text(path.last, vr, &values.0).unwrap_or_else(|| empty(path.last, vr)),
            }
        };
        top.map(element).filter(|element| element.tag().group() >= 0x0008).collect()
    }

    fn writes(&self, tag: Tag) -> bool {
        let all = self.keep.iter().chain(&self.remove).chain(self.replace.iter().map(|(path, _)| path));
        IDS_AND_MARKERS.contains(&tag) && all.into_iter().any(|path| path.steps.is_empty() && path.last == tag)
    }
}

impl Dialect for Orthanc {
    fn lets_out(&self, tag: Tag) -> LetOut {
        if self.keep.iter().any(|path| path.last == tag) { LetOut::Named } else { LetOut::No }
    }

    fn lets_out_private(&self) -> bool {
        self.keep_private
    }

    fn as_rules(self: Arc<Self>) -> Arc<dyn Rules> {
        self
    }
}
