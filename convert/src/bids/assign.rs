//! Which description a volume has, and its name.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value};

use super::{
    Mapping, Subject,
    entities::{self, Entity},
    extract::{Extractor, extract},
    mapping::{Asked, Description},
};

/// What a sidecar says.
type Said = Map<String, Value>;

/// What becomes of a volume by a mapping.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fate {
    /// It has this name.
    Named(Named),
    /// No description fits.
    None,
    /// Several descriptions fit: their numbers, from 1, as they stand in the mapping. No choice is made.
    Several(Vec<usize>),
    /// Another volume has its name.
    Taken(String),
}

/// The name of a volume, and what its sidecar says besides.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Named {
    /// Folders and file below the data set, parted by `/`, without an extension.
    pub stem: String,
    /// Keys and values that the sidecar takes.
    pub changes: Vec<(String, Value)>,
    /// What is to be known of the name, a sentence each.
    pub notes: Vec<String>,
}

/// A volume with one description.
struct Found<'a> {
    volume: usize,
    description: &'a Description,
    entities: Vec<Entity>,
    task: Option<String>,
    notes: Vec<String>,
}

impl Mapping {
    /// What becomes of each volume of one subject's session. `sidecars` say of each what dcm2niix says with all that identifies, and
    /// `SidecarFilename`, the name that dcm2niix would give the sidecar. `extension` is that of the volumes (`nii.gz`), for references.
    ///
    /// The answers are in the order of the sidecars. The order of runs is that of acquisition, whatever the order of the sidecars.
    pub fn assign(&self, sidecars: &[Map<String, Value>], subject: &Subject, extension: &str) -> Vec<Fate> {
        let mut fates = vec![Fate::None; sidecars.len()];
        let extractors = self.all_extractors();
        let mut order: Vec<(usize, &Said)> = sidecars.iter().enumerate().collect();
        order.sort_by(|(_, a), (_, b)| self.compared(a, b));
        let mut found: Vec<Found<'_>> = Vec::new();
        for (volume, sidecar) in order {
            let fits = |d: &Description| d.criteria.iter().all(|criterion| criterion.is_met(sidecar));
            let fitting: Vec<usize> = (0..self.descriptions.len())
                .filter(|&number| self.descriptions.get(number).is_some_and(fits))
                .collect();
            match *fitting.as_slice() {
                [] => {}
                [number] => {
                    let Some(description) = self.descriptions.get(number) else { continue };
                    found.push(self.found(volume, description, sidecar, &extractors));
                }
                _ => {
                    if let Some(fate) = fates.get_mut(volume) {
                        *fate = Fate::Several(fitting.iter().map(|number| number + 1).collect());
                    }
                }
            }
        }
        // as dcm2bids numbers runs: those that others may refer to come first
        found.sort_by_key(|one| one.description.id.is_none());
        self.number_runs(&mut found, subject);
        let names: Vec<String> = found.iter().map(|one| self.stem(one, subject)).collect();
        for (place, (one, stem)) in found.iter().zip(&names).enumerate() {
            let is_taken = names.iter().take(place).any(|other| other.to_lowercase() == stem.to_lowercase());
            let fate = match is_taken {
                true => Fate::Taken(stem.clone()),
                false => Fate::Named(self.named(one, stem, &found, &names, subject, extension)),
            };
            if let Some(place) = fates.get_mut(one.volume) {
                *place = fate;
            }
        }
        fates
    }

    /// The order of two volumes by the keys of the mapping. What says nothing comes first, numbers before texts.
    fn compared(&self, a: &Said, b: &Said) -> Ordering {
        let by_key = |key: &String| match (a.get(key), b.get(key)) {
            (None, other) => {
                if other.is_some() {
                    Ordering::Less
                } else {
                    Ordering::Equal
                }
            }
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => match (a.as_str(), b.as_str()) {
                    (Some(a), Some(b)) => a.cmp(b),
                    _ => a.to_string().cmp(&b.to_string()),
                },
            },
        };
        self.order.iter().map(by_key).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn found<'a>(
        &self,
        volume: usize,
        description: &'a Description,
        sidecar: &Said,
        extractors: &[Extractor],
    ) -> Found<'a> {
        let extracted = match self.is_automatic || !description.entities.is_empty() {
            true => extract(extractors, sidecar),
            false => BTreeMap::new(),
        };
        let mut entities = Vec::new();
        let mut notes = Vec::new();
        let mut task = None;
        let mut take = |key: &str, entities: &mut Vec<Entity>| match extracted.get(key) {
            Some(value) => {
                if key == "task" {
                    task = Some(value.clone());
                }
                entities.push(Entity::new(key, value));
                true
            }
            None => false,
        };
        for asked in &description.entities {
            match asked {
                Asked::Given(entity) => entities.push(entity.clone()),
                Asked::Extracted(key) => {
                    if !take(key, &mut entities) {
                        notes.push(format!("no extractor finds {key}, which its name was to have"));
                    }
                }
            }
        }
        if self.is_automatic {
            for key in super::extract::automatic_entities(&description.datatype, &description.suffix) {
                let has = entities.iter().any(|entity| entity.key == *key);
                if !has && !take(key, &mut entities) {
                    notes.push(format!("nothing states {key}, which names of its kind have"));
                }
            }
        }
        notes.extend(
            entities
                .iter()
                .filter(|entity| !entities::is_known(&entity.key))
                .map(|entity| format!("{} is no entity of BIDS", entity.key)),
        );
        Found { volume, description, entities, task, notes }
    }

    /// Numbers the volumes that have one name: `run-01` and on, or `dup-01` and on for all but the last.
    fn number_runs(&self, found: &mut [Found<'_>], subject: &Subject) {
        let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, one) in found.iter().enumerate() {
            same.entry(self.stem(one, subject)).or_default().push(place);
        }
        for places in same.into_values().filter(|places| places.len() > 1) {
            let (key, count) = if self.is_dup { ("dup", places.len() - 1) } else { ("run", places.len()) };
            for (number, place) in places.into_iter().take(count).enumerate() {
                if let Some(one) = found.get_mut(place) {
                    one.entities.push(Entity::new(key, &format!("{:02}", number + 1)));
                }
            }
        }
    }

    fn stem(&self, one: &Found<'_>, subject: &Subject) -> String {
        let description = one.description;
        let name = entities::name(&subject.prefix(), &one.entities, &description.suffix, self.is_sorted);
        format!("{}/{}/{name}", subject.folder(), description.datatype)
    }

    fn named(
        &self,
        one: &Found<'_>,
        stem: &str,
        all: &[Found<'_>],
        names: &[String],
        subject: &Subject,
        extension: &str,
    ) -> Named {
        let mut notes = one.notes.clone();
        let mut changes = Vec::new();
        let stated = one.entities.iter().find(|entity| entity.key == "task").map(|entity| entity.value.clone());
        // BIDS wants the name of the task wherever a file's name has one
        if let Some(task) = one.task.clone().or(stated) {
            changes.push(("TaskName".to_owned(), Value::from(task)));
        }
        let reference = |stem: &String| {
            let whole = format!("{stem}.{extension}");
            let below = whole.strip_prefix(&format!("{}/", subject.name())).unwrap_or(&whole);
            Value::from(if self.is_relative { below.to_owned() } else { format!("bids::{whole}") })
        };
        for (key, value) in &one.description.changes {
            let list = match value {
                Value::Array(list) => list.clone(),
                one => vec![one.clone()],
            };
            let refers = REFERENCES.contains(&key.as_str());
            let mut values = Vec::new();
            for value in list {
                let named = |other: &(&Found<'_>, &String)| other.0.description.id.as_ref() == Some(&value);
                let targets: Vec<Value> =
                    all.iter().zip(names).filter(named).map(|(_, stem)| reference(stem)).collect();
                match (targets.is_empty(), refers) {
                    (false, _) => values.extend(targets),
                    (true, true) => notes.push(format!("{key}: no volume has the id {value}")),
                    (true, false) => values.push(value),
                }
            }
            match <[Value; 1]>::try_from(values) {
                Ok([value]) => changes.push((key.clone(), value)),
                // a reference to nothing is left out
                Err(values) if values.is_empty() && refers => {}
                Err(values) => changes.push((key.clone(), Value::from(values))),
            }
        }
        Named { stem: stem.to_owned(), changes, notes }
    }
}

/// Keys whose values are ids of descriptions, and nothing else.
const REFERENCES: [&str; 2] = ["IntendedFor", "Sources"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assigned(mapping: &Value, sidecars: &[Value]) -> Vec<Fate> {
        let mapping = Mapping::parse(&mapping.to_string()).unwrap();
        let sidecars: Vec<Said> = sidecars.iter().map(|s| s.as_object().unwrap().clone()).collect();
        mapping.assign(&sidecars, &Subject::new("01", Some("a")).unwrap(), "nii.gz")
    }

    fn stems(fates: &[Fate]) -> Vec<&str> {
        fates
            .iter()
            .map(|fate| match fate {
                Fate::Named(named) => named.stem.rsplit('/').next().unwrap(),
                Fate::None => "none",
                Fate::Several(_) => "several",
                Fate::Taken(_) => "taken",
            })
            .collect()
    }

    fn bold(id: Value) -> Value {
        json!({"id": id, "datatype": "func", "suffix": "bold", "custom_entities": ["task-rest"],
            "criteria": {"SeriesDescription": "*bold*"}})
    }

    #[test]
    fn runs_are_numbered_in_the_order_of_acquisition() {
        let sidecar = |time: &str, number: u32| json!({"SeriesDescription": "bold", "AcquisitionTime": time, "SeriesNumber": number});
        let sidecars = [sidecar("10:00:02", 4), sidecar("09:59:00", 9), sidecar("10:00:02", 3), json!({})];
        let fates = assigned(&json!({"descriptions": [bold(json!(null))]}), &sidecars);
        assert_eq!(
            stems(&fates),
            [
                "sub-01_ses-a_task-rest_run-03_bold",
                "sub-01_ses-a_task-rest_run-01_bold",
                "sub-01_ses-a_task-rest_run-02_bold",
                "none"
            ]
        );
        let fates = assigned(&json!({"descriptions": [bold(json!(null))], "dup_method": "dup"}), &sidecars);
        assert_eq!(
            stems(&fates)[..3],
            ["sub-01_ses-a_task-rest_bold", "sub-01_ses-a_task-rest_dup-01_bold", "sub-01_ses-a_task-rest_dup-02_bold"]
        );
    }

    #[test]
    fn a_field_map_names_all_volumes_that_it_is_for() {
        let fmap = json!({"datatype": "fmap", "suffix": "epi", "criteria": {"SeriesDescription": "fmap"},
            "sidecar_changes": {"IntendedFor": ["rest", "absent"], "B0FieldIdentifier": "b0", "List": [1, 2]}});
        let mut mapping = json!({"descriptions": [fmap, bold(json!("rest"))]});
        let sidecars = [
            json!({"SeriesDescription": "fmap", "SeriesNumber": 1}),
            json!({"SeriesDescription": "bold", "SeriesNumber": 2}),
            json!({"SeriesDescription": "bold", "SeriesNumber": 3}),
        ];
        let fates = assigned(&mapping, &sidecars);
        let Fate::Named(named) = &fates[0] else { panic!("{fates:?}") };
        let target = |run: u8| format!("ses-a/func/sub-01_ses-a_task-rest_run-0{run}_bold.nii.gz");
        let said: BTreeMap<_, _> = named.changes.iter().cloned().collect();
        assert_eq!(
            said["IntendedFor"],
            json!([format!("bids::sub-01/{}", target(1)), format!("bids::sub-01/{}", target(2))])
        );
        assert_eq!((&said["B0FieldIdentifier"], &said["List"]), (&json!("b0"), &json!([1, 2])));
        assert!(named.notes.iter().any(|note| note.contains("absent")), "{:?}", named.notes);
        mapping["bids_uri"] = json!("relative");
        let Fate::Named(named) = &assigned(&mapping, &sidecars)[0] else { panic!() };
        let said: BTreeMap<_, _> = named.changes.iter().cloned().collect();
        assert_eq!(said["IntendedFor"], json!([target(1), target(2)]));
    }

    #[test]
    fn what_several_descriptions_fit_goes_nowhere() {
        let mapping = json!({"descriptions": [bold(json!(1)), bold(json!(2))]});
        assert_eq!(assigned(&mapping, &[json!({"SeriesDescription": "bold"})]), [Fate::Several(vec![1, 2])]);
    }

    #[test]
    fn no_volume_has_the_name_of_another() {
        let with_run = json!({"datatype": "func", "suffix": "bold", "custom_entities": ["task-rest", "run-01"],
            "criteria": {"SeriesDescription": "first"}});
        let mapping = json!({"descriptions": [bold(json!(null)), with_run]});
        let said = |text: &str, number: u32| json!({"SeriesDescription": text, "SeriesNumber": number});
        let fates = assigned(&mapping, &[said("first", 1), said("bold", 2), said("bold", 3)]);
        assert_eq!(
            stems(&fates),
            ["sub-01_ses-a_task-rest_run-01_bold", "taken", "sub-01_ses-a_task-rest_run-02_bold"]
        );
    }

    #[test]
    fn entities_come_from_extractors_and_tasks_are_named() {
        let mapping = json!({
            "descriptions": [{"datatype": "func", "suffix": "bold", "custom_entities": ["task", "dir", "acq-x"],
                "criteria": {"SeriesDescription": "*bold*"}}],
            "extractors": {"SeriesDescription": "task-(?P<task>[a-z]+)", "PhaseEncodingDirection": ["(?P<dir>j-?)"]},
        });
        let sidecar = json!({"SeriesDescription": "bold_task-faces", "PhaseEncodingDirection": "j"});
        let fates = assigned(&mapping, &[sidecar]);
        assert_eq!(stems(&fates), ["sub-01_ses-a_task-faces_acq-x_dir-PA_bold"]);
        let Fate::Named(named) = &fates[0] else { panic!() };
        assert_eq!(named.changes, [("TaskName".to_owned(), json!("faces"))]);
        let fates = assigned(&mapping, &[json!({"SeriesDescription": "bold"})]);
        assert_eq!(stems(&fates), ["sub-01_ses-a_acq-x_bold"]);
    }
}
