//! JSON objects whose keys are all accounted for.

use serde_json::{Map, Value};

use super::Error;

/// An object, and where it stands.
pub(super) struct Object {
    place: String,
    map: Map<String, Value>,
}

impl Object {
    /// The whole text.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            Error::malformed(format!("line {}", error.line()), format!("not JSON: column {}", error.column()))
        })?;
        Self::of("the script", value)
    }

    pub(super) fn of(place: impl Into<String>, value: Value) -> Result<Self, Error> {
        let place = place.into();
        match value {
            Value::Object(map) => Ok(Self { place, map }),
            _ => Err(Error::malformed(place, "wanted an object")),
        }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Takes a key; `null` is the same as none.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|value| !value.is_null())
    }

    /// The same, whatever case its letters have.
    pub(super) fn take_any_case(&mut self, key: &str) -> Option<Value> {
        let found = self.map.keys().find(|known| known.eq_ignore_ascii_case(key))?.clone();
        self.take(&found)
    }

    pub(super) fn object(&mut self, key: &str) -> Result<Option<Self>, Error> {
        let place = self.under(key);
        self.take(key).map(|value| Self::of(place, value)).transpose()
    }

    pub(super) fn boolean(&mut self, key: &str) -> Result<Option<bool>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(Error::malformed(self.under(key), "wanted true or false")),
        }
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(value)) => Ok(Some(value)),
            Some(_) => Err(Error::malformed(self.under(key), "wanted a text")),
        }
    }

    /// A list of texts; empty where there is none.
    pub(super) fn texts(&mut self, key: &str) -> Result<Vec<String>, Error> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        let found = match self.take(key) {
            None => Some(Vec::new()),
            Some(Value::Array(values)) => values.into_iter().map(text).collect(),
            Some(_) => None,
        };
        found.ok_or_else(|| Error::malformed(self.under(key), "wanted a list of texts"))
    }

    /// Nothing may be left: a key that is not known is not passed over.
    pub(super) fn done(self) -> Result<(), Error> {
        match self.map.into_iter().find(|(_, value)| !value.is_null()) {
            None => Ok(()),
            Some((key, _)) => {
                let key: String = key.chars().take(64).collect();
                Err(Error::unsupported(self.place, format!("`{key}`"), "no such key is known"))
            }
        }
    }

    pub(super) fn under(&self, key: &str) -> String {
        format!("{}, {key}", self.place)
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.map
    }
}

/// A number, or a text that is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A value as text: numbers and truth values as they are written.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
