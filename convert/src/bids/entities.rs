//! The name of a volume: entities in the order of BIDS, and the suffix.

/// Entities in the order in which names have them.
///
/// Source: BIDS specification 1.10, appendix "Entities", and the table of dcm2bids 3.2, which has the same order.
const ORDER: [&str; 29] = [
    "sub",
    "ses",
    "sample",
    "task",
    "tracksys",
    "acq",
    "ce",
    "trc",
    "stain",
    "rec",
    "dir",
    "run",
    "mod",
    "echo",
    "flip",
    "inv",
    "mt",
    "part",
    "proc",
    "hemi",
    "space",
    "split",
    "recording",
    "chunk",
    "seg",
    "res",
    "den",
    "label",
    "desc",
];

/// An entity, `task-rest`, as key and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entity {
    pub(super) key: String,
    pub(super) value: String,
}

impl Entity {
    pub(super) fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned() }
    }
}

/// Whether a text can stand in a name between marks: no mark, nothing that parts folders, nothing that a file system does not take.
pub(super) fn is_part(text: &str) -> bool {
    let is_fit = |c: char| c.is_alphanumeric() || "+.%@,()".contains(c);
    !text.is_empty() && text.len() <= 60 && !text.starts_with('.') && text.chars().all(is_fit)
}

/// What an entity may hold of a text from a header: its ASCII letters and digits.
pub(super) fn label(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(60).collect()
}

/// The name of a volume without an extension. Of an entity that is there twice, the last value holds.
///
/// Sorted, entities stand in the order of BIDS, and those that it does not know behind; else as they are given.
pub(super) fn name(prefix: &str, entities: &[Entity], suffix: &str, is_sorted: bool) -> String {
    let mut held: Vec<Entity> = Vec::with_capacity(entities.len());
    for entity in entities {
        match held.iter_mut().find(|other| other.key == entity.key) {
            Some(other) => other.value.clone_from(&entity.value),
            None => held.push(entity.clone()),
        }
    }
    if is_sorted {
        let rank = |entity: &Entity| ORDER.iter().position(|key| *key == entity.key).unwrap_or(ORDER.len());
        held.sort_by_key(rank);
    }
    let joined: String = held.iter().map(|entity| format!("_{}-{}", entity.key, entity.value)).collect();
    format!("{prefix}{joined}_{suffix}")
}

/// Whether BIDS has an entity of that key.
pub(super) fn is_known(key: &str) -> bool {
    ORDER.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(texts: &[&str]) -> Vec<Entity> {
        let parts = texts.iter().map(|text| text.split_once('-').unwrap());
        parts.map(|(key, value)| Entity::new(key, value)).collect()
    }

    #[test]
    fn entities_stand_in_the_order_of_bids_or_as_given() {
        let given = all(&["run-02", "dir-AP", "x-1", "task-rest", "run-03"]);
        assert_eq!(name("sub-01", &given, "bold", true), "sub-01_task-rest_dir-AP_run-03_x-1_bold");
        assert_eq!(name("sub-01", &given, "bold", false), "sub-01_run-03_dir-AP_x-1_task-rest_bold");
    }

    #[test]
    fn no_part_of_a_name_leads_out_of_its_folder() {
        for wrong in ["", "..", ".", "a/b", "a\\b", "a-b", "a_b", "a:b", "a\0", "a b", ".x"] {
            assert!(!is_part(wrong), "{wrong}");
        }
        assert!(is_part("rest") && is_part("0.7mm"));
        assert_eq!(label("../../Müller 3.5-T"), "Mller35T");
    }
}
