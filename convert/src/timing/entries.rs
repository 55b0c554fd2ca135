//! What is gathered for a sidecar.

use serde_json::Value;

/// Entries of a sidecar, each key once: the first that was put.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) list: Vec<(&'static str, Value)>,
}

impl Entries {
    fn has(&self, key: &str) -> bool {
        self.list.iter().any(|(found, _)| *found == key)
    }

    pub(super) fn put(&mut self, key: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value
            && !self.has(key)
        {
            self.list.push((key, value.into()));
        }
    }

    /// A number that is no null of JSON.
    pub(super) fn number(&mut self, key: &'static str, value: Option<f64>) {
        self.put(key, value.filter(|v| v.is_finite()));
    }

    /// A number that is whole, or none.
    pub(super) fn count(&mut self, key: &'static str, value: Option<f64>) {
        self.put(key, value.filter(|v| (0.0..=MOST_COUNTED).contains(v)).map(|v| v.round() as i64));
    }

    /// Times in milliseconds, put as seconds to the tenth of a microsecond; all of them, or none.
    pub(super) fn seconds(&mut self, key: &'static str, ms: &[f64]) {
        let rounded: Vec<f64> = ms.iter().map(|t| (t * 1e4).round() / 1e7).collect();
        self.put(key, Some(rounded).filter(|all| all.iter().all(|s| s.is_finite())));
    }
}

/// Above that a count is no count of lines, echoes or slices.
const MOST_COUNTED: f64 = 1e9;
