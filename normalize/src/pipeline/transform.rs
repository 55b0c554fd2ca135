//! A step of either kind.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{Step, spatial::Spatial};

/// A step of either kind: of the grid, or of the values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Transform {
    /// The grid changes.
    Spatial(Spatial),
    /// The values change.
    Intensity(Step),
}

impl Transform {
    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Spatial(step) => step.name(),
            Self::Intensity(step) => step.name(),
        }
    }

    /// The names of all steps: those of the grid, then those of the values.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Spatial::NAMES.into_iter().chain(Step::NAMES)
    }
}

impl From<Spatial> for Transform {
    fn from(step: Spatial) -> Self {
        Self::Spatial(step)
    }
}

impl From<Step> for Transform {
    fn from(step: Step) -> Self {
        Self::Intensity(step)
    }
}

impl<'de> Deserialize<'de> for Transform {
    /// The name decides which kind the rest is read as, so that an error is of the step that was meant.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = serde_json::Value::deserialize(deserializer)?;
        let Some(name) = table.get("name").and_then(|name| name.as_str()).map(str::to_owned) else {
            return Err(D::Error::custom("a step is a table with its `name`"));
        };
        let at = |error: serde_json::Error| D::Error::custom(format!("step `{name}`: {error}"));
        if Spatial::NAMES.contains(&name.as_str()) {
            Spatial::deserialize(table).map(Self::Spatial).map_err(at)
        } else if Step::NAMES.contains(&name.as_str()) {
            Step::deserialize(table).map(Self::Intensity).map_err(at)
        } else {
            let known: Vec<&str> = Self::names().collect();
            Err(D::Error::custom(format!("no step is called `{name}`; there are {}", known.join(", "))))
        }
    }
}
