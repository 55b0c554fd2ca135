//! Parts of the body, and LOINC's System for several of them.

use std::sync::LazyLock;

use crate::names::text;

struct Part {
    id: &'static str,
    system: &'static str,
    vessels: &'static str,
}

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
    let rows = text::rows(include_str!("../../../data/study_regions.tsv"));
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        Some(Part { id: cells.next()?, system: cells.next()?, vessels: cells.next().unwrap_or("") })
    })
    .collect()
});

/// What a smaller part makes needless to say: a chest in which the heart is imaged is the heart.
const HIDES: [(&str, &[&str]); 14] = [
    ("heart", &["chest", "lung"]),
    ("coronary", &["heart", "chest", "lung"]),
    ("pulmonary", &["chest", "lung"]),
    ("aortat", &["chest"]),
    ("aortaa", &["abdomen"]),
    ("esophagus", &["chest"]),
    ("brain", &["head"]),
    ("facialbones", &["sinuses", "face", "head"]),
    ("sinuses", &["head"]),
    ("orbit", &["head"]),
    ("kidney", &["abdomen"]),
    ("liver", &["abdomen"]),
    ("biliary", &["abdomen"]),
    ("chest", &["lung"]),
];

/// A set of parts, in the order of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Regions(Vec<&'static str>);

impl Regions {
    pub(super) fn add(&mut self, id: &'static str) {
        if !self.0.contains(&id) {
            self.0.push(id);
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.retain(|part| *part != id);
    }

    pub(super) fn swap(&mut self, from: &str, to: &'static str) {
        if self.has(from) {
            self.remove(from);
            self.add(to);
        }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains(&id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is(&self, ids: &[&str]) -> bool {
        self.0.len() == ids.len() && ids.iter().all(|id| self.has(id))
    }

    /// Leaves out the organs of an abdomen that is named too.
    pub(super) fn prefer_abdomen(&mut self) {
        if self.has("abdomen") {
            self.0.retain(|part| !matches!(*part, "kidney" | "liver" | "pancreas" | "spleen" | "prostate"));
        }
    }

    /// Leaves out what a smaller part says already.
    pub(super) fn narrow(&mut self) {
        for (small, hidden) in HIDES {
            if self.has(small) {
                self.0.retain(|part| !hidden.contains(part));
            }
        }
    }

    /// LOINC's System: the chest, abdomen and pelvis with `+`, others with `&`.
    pub(super) fn system(&self, side: Option<&str>) -> String {
        let trunk = self.0.iter().all(|id| matches!(*id, "chest" | "abdomen" | "pelvis"));
        self.join(if trunk { "+" } else { " & " }, side, |part| part.system)
    }

    /// LOINC's System of the vessels; `None` where a part has none in the list.
    pub(super) fn vessels(&self) -> Option<String> {
        let system = self.join(" & ", None, |part| part.vessels);
        (!system.is_empty()).then_some(system)
    }

    fn join(&self, between: &str, side: Option<&str>, of: impl Fn(&Part) -> &'static str) -> String {
        let side = side.map(|side| format!(".{side}")).unwrap_or_default();
        let mut systems: Vec<String> = Vec::new();
        for part in PARTS.iter().filter(|part| self.has(part.id)) {
            let system = of(part).replace("{}", &side);
            if system.is_empty() {
                return String::new();
            }
            if !systems.contains(&system) {
                systems.push(system);
            }
        }
        systems.join(between)
    }
}
