//! Formats of scripts, and how their content tells them.

use serde::{Deserialize, Serialize};

/// Of which program a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// CTP's DicomAnonymizer.
    Ctp,
    /// CTP's DicomFilter.
    CtpFilter,
    /// RSNA's Anonymizer.
    Rsna,
    /// pydicom's deid.
    Deid,
    /// Orthanc.
    Orthanc,
    /// Google's Healthcare API.
    Google,
    /// Microsoft's DICOM anonymizer.
    Microsoft,
}

impl Format {
    /// Every format there is.
    pub const ALL: [Self; 7] =
        [Self::Ctp, Self::CtpFilter, Self::Rsna, Self::Deid, Self::Orthanc, Self::Google, Self::Microsoft];

    /// Its name, as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ctp => "ctp",
            Self::CtpFilter => "ctp-filter",
            Self::Rsna => "rsna",
            Self::Deid => "deid",
            Self::Orthanc => "orthanc",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    /// The format of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What the content says; `None` where it does not tell, such as an empty JSON object.
    ///
    /// ```
    /// use isocenter_deid::scripts::Format;
    /// assert_eq!(Format::of("FORMAT dicom\n%header\nREMOVE PatientID"), Some(Format::Deid));
    /// assert_eq!(Format::of(r#"{"KeepPrivateTags": true}"#), Some(Format::Orthanc));
    /// assert_eq!(Format::of("!ImageType.contains(\"SAVE\")"), Some(Format::CtpFilter));
    /// assert_eq!(Format::of("{}"), None);
    /// ```
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            return Some(if is_rsna(text) { Self::Rsna } else { Self::Ctp });
        }
        if text.starts_with('{') {
            return of_json(text);
        }
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_recipe = |line: &str| {
            let upper = line.to_ascii_uppercase();
            upper.starts_with("FORMAT")
                || ["%HEADER", "%FILTER", "%FIELDS", "%VALUES", "%LABELS"].contains(&first(&upper))
        };
        if lines().find(|line| !line.starts_with('#')).is_some_and(is_recipe) {
            return Some(Self::Deid);
        }
        let is_property = |line: &str| {
            let line = line.trim_start_matches('#');
            line.contains('=') && ["set.[", "param.", "keep.", "remove."].iter().any(|start| line.starts_with(start))
        };
        if lines().any(is_property) {
            return Some(Self::Ctp);
        }
        let tests = [".equals", ".contains", ".startsWith", ".endsWith", ".matches", ".isLessThan", ".isGreaterThan"];
        let is_filter = tests.iter().any(|test| text.contains(test))
            || ["true", "true.", "false", "false."].contains(&text.trim_end());
        is_filter.then_some(Self::CtpFilter)
    }
}

fn first(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// Functions that only RSNA's Anonymizer knows, or that are written there without parentheses.
fn is_rsna(text: &str) -> bool {
    ["@uid<", "@ptid<", "@acc<", "@hashdate<", "@empty<", "@keep<"].iter().any(|function| text.contains(function))
}

fn of_json(text: &str) -> Option<Format> {
    let serde_json::Value::Object(object) = serde_json::from_str(text).ok()? else { return None };
    let has = |keys: &[&str]| keys.iter().any(|key| object.contains_key(*key));
    match () {
        () if has(&["rules"]) => Some(Format::Microsoft),
        () if has(super::google::KEYS) => Some(Format::Google),
        () if has(super::orthanc::KEYS) => Some(Format::Orthanc),
        () => None,
    }
}
