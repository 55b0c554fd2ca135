//! The JSON Schema of stored profiles.

use serde_json::{Value, json};

use super::{Override, Profile, ProfileOption, VERSION};

impl Profile {
    /// The schema of a profile as data, in JSON or TOML: JSON Schema, draft 2020-12.
    pub fn json_schema() -> Value {
        let options: Vec<&str> = ProfileOption::ALL.into_iter().map(ProfileOption::name).collect();
        let decisions: Vec<Value> =
            Override::ALL.iter().filter_map(|decision| serde_json::to_value(decision).ok()).collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "isocenter de-identification profile",
            "description": "The Basic Application Level Confidentiality Profile of DICOM PS3.15, with options, and what is decided otherwise for single attributes.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "version": { "type": "integer", "minimum": 1, "maximum": VERSION, "default": 1 },
                "options": {
                    "description": "Options of PS3.15 E.3. Full and modified dates exclude each other.",
                    "type": "array",
                    "items": { "enum": options },
                    "not": {
                        "allOf": [
                            { "contains": { "const": ProfileOption::RetainLongitudinalFullDates.name() } },
                            { "contains": { "const": ProfileOption::RetainLongitudinalModifiedDates.name() } }
                        ]
                    },
                    "default": []
                },
                "overrides": {
                    "description": "By attribute: a keyword, GGGG,EEEE, or GGGG,EE,CREATOR for a private one.",
                    "type": "object",
                    "propertyNames": { "pattern": "^([A-Za-z][A-Za-z0-9]*|[0-9A-Fa-f]{4},?[0-9A-Fa-f]{4}|[0-9A-Fa-f]{4},[0-9A-Fa-f]{2},.+)$" },
                    "additionalProperties": { "enum": decisions },
                    "default": {}
                }
            }
        })
    }
}
