//! What may stay: the Basic Profile and the options of PS3.15 that are implemented.

mod overrides;
#[cfg(feature = "schema")]
mod schema;
mod statement;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

pub(crate) use overrides::of as override_of;
pub use overrides::{Attribute, Override};

/// The version of stored profiles. Those without one are of the first.
const VERSION: u32 = 1;

/// The Basic Application Level Confidentiality Profile with options, and what is decided otherwise for single attributes.
///
/// As data (serde), a profile is its options and overrides; what is not said is the Basic Profile:
///
/// ```
/// use isocenter_deid::{Override, Profile, ProfileOption};
/// let text = r#"{
///     "options": ["retain-patient-characteristics"],
///     "overrides": { "EthnicGroup": "remove", "0019,23,GEMS_ACQU_01": "keep" }
/// }"#;
/// let profile: Profile = serde_json::from_str(text)?;
/// let same = Profile::basic()
///     .with(ProfileOption::RetainPatientCharacteristics)
///     .with_override("EthnicGroup".parse()?, Override::Remove)
///     .with_override("0019,23,GEMS_ACQU_01".parse()?, Override::Keep);
/// assert_eq!(profile, same);
/// assert_eq!(profile.codes().map(|code| code.0).collect::<Vec<_>>(), ["113100", "113108"]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Profile {
    options: Vec<ProfileOption>,
    overrides: BTreeMap<Attribute, Override>,
}

/// An option of PS3.15 E.3. Only what is implemented is named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProfileOption {
    /// Clean Pixel Data: text in the pixels is found and blanked, and looked for again; an image that still shows some is refused. See
    /// [`pixels`](crate::pixels) for what is searched and what is missed.
    CleanPixelData,
    /// Clean Recognizable Visual Features: face, teeth and ears go from images that may show them, by a mask that is handed in; without one such images are
    /// refused. See [`faces`](crate::faces).
    CleanRecognizableVisualFeatures,
    /// Clean Graphics: overlays, their descriptions and graphic annotations stay, without text that identifies. Curves (retired) go.
    CleanGraphics,
    /// Clean Structured Content: content trees, acquisition context, specimen preparation and waveform annotations stay; their text is
    /// cleaned, values whose concept Table E.3.4-1 lists become dummies unless another option retains them.
    CleanStructuredContent,
    /// Clean Descriptors: descriptions, comments and labels stay, and so does free text that the table does not list; what identifies in
    /// them is replaced.
    CleanDescriptors,
    /// Retain Longitudinal Temporal Information with Full Dates: dates and times stay as they are. It takes the place of modified dates.
    RetainLongitudinalFullDates,
    /// Retain Longitudinal Temporal Information with Modified Dates: a patient's dates move back by one keyed number of days,
    /// times of day stay. A date that cannot be read is treated as in the Basic Profile. It takes the place of full dates.
    RetainLongitudinalModifiedDates,
    /// Retain Patient Characteristics: sex, age (capped at 90 years), size, weight and the like stay. Free text of that option
    /// (allergies, patient state) is cleaned.
    RetainPatientCharacteristics,
    /// Retain Device Identity: serial numbers, station names and the like stay. AE titles become dummies.
    RetainDeviceIdentity,
    /// Retain UIDs: no UID is replaced. Whoever has the originals can then tell whose they are.
    RetainUids,
    /// Retain Safe Private: private elements that are known to name nobody stay, with their creators (`data/README.md` says which), and those
    /// that the instance declares safe. Their text is cleaned all the same.
    RetainSafePrivate,
    /// Retain Institution Identity: name and address of the institution stay.
    RetainInstitutionIdentity,
}

impl Profile {
    /// The Basic Profile, no options.
    pub fn basic() -> Self {
        Self::default()
    }

    /// For research: sex, age, intervals, descriptions, structured content, drawings and safe private elements stay; pixels are cleaned.
    pub fn research() -> Self {
        use ProfileOption as O;
        [
            O::CleanPixelData,
            O::CleanGraphics,
            O::CleanStructuredContent,
            O::CleanDescriptors,
            O::RetainLongitudinalModifiedDates,
            O::RetainPatientCharacteristics,
            O::RetainSafePrivate,
        ]
        .into_iter()
        .fold(Self::basic(), Self::with)
    }

    /// The names of profiles that need no file.
    pub const NAMES: [&str; 2] = ["basic", "research"];

    /// A profile by its name, `basic` or `research`.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "basic" => Some(Self::basic()),
            "research" => Some(Self::research()),
            _ => None,
        }
    }

    /// Adds an option. Full and modified dates exclude each other: the later takes the earlier's place.
    pub fn with(mut self, option: ProfileOption) -> Self {
        use ProfileOption::{RetainLongitudinalFullDates as Full, RetainLongitudinalModifiedDates as Modified};
        if let Full | Modified = option {
            self.options.retain(|other| !matches!(other, Full | Modified));
        }
        if let Err(at) = self.options.binary_search(&option) {
            self.options.insert(at, option);
        }
        self
    }

    /// Decides otherwise for one attribute, on the top level and in every item. Ids that the de-identifier writes itself (Patient ID and
    /// Name, SOP Instance UID) are written all the same.
    pub fn with_override(mut self, attribute: Attribute, decision: Override) -> Self {
        self.overrides.insert(attribute, decision);
        self
    }

    /// The options, in the order of their codes.
    pub fn options(&self) -> &[ProfileOption] {
        &self.options
    }

    /// What is decided otherwise, by attribute.
    pub fn overrides(&self) -> &BTreeMap<Attribute, Override> {
        &self.overrides
    }

    /// Whether an option was chosen.
    pub fn has(&self, option: ProfileOption) -> bool {
        self.options.contains(&option)
    }

    /// Codes of CID 7050 and their meanings, for De-identification Method Code Sequence.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        std::iter::once("113100")
            .chain(self.options.iter().map(|option| option.code()))
            .filter_map(crate::table::codes::meaning)
    }
}

impl ProfileOption {
    /// Every option there is, in the order of their codes.
    pub const ALL: [Self; 12] = [
        Self::CleanPixelData,
        Self::CleanRecognizableVisualFeatures,
        Self::CleanGraphics,
        Self::CleanStructuredContent,
        Self::CleanDescriptors,
        Self::RetainLongitudinalFullDates,
        Self::RetainLongitudinalModifiedDates,
        Self::RetainPatientCharacteristics,
        Self::RetainDeviceIdentity,
        Self::RetainUids,
        Self::RetainSafePrivate,
        Self::RetainInstitutionIdentity,
    ];

    /// Its name, as it is stored: `clean-descriptors`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CleanPixelData => "clean-pixel-data",
            Self::CleanRecognizableVisualFeatures => "clean-recognizable-visual-features",
            Self::CleanGraphics => "clean-graphics",
            Self::CleanStructuredContent => "clean-structured-content",
            Self::CleanDescriptors => "clean-descriptors",
            Self::RetainLongitudinalFullDates => "retain-longitudinal-full-dates",
            Self::RetainLongitudinalModifiedDates => "retain-longitudinal-modified-dates",
            Self::RetainPatientCharacteristics => "retain-patient-characteristics",
            Self::RetainDeviceIdentity => "retain-device-identity",
            Self::RetainUids => "retain-uids",
            Self::RetainSafePrivate => "retain-safe-private",
            Self::RetainInstitutionIdentity => "retain-institution-identity",
        }
    }

    /// The option of a name, as it is stored.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|option| option.name() == name)
    }

    /// The code of CID 7050.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CleanPixelData => "113101",
            Self::CleanRecognizableVisualFeatures => "113102",
            Self::CleanGraphics => "113103",
            Self::CleanStructuredContent => "113104",
            Self::CleanDescriptors => "113105",
            Self::RetainLongitudinalFullDates => "113106",
            Self::RetainLongitudinalModifiedDates => "113107",
            Self::RetainPatientCharacteristics => "113108",
            Self::RetainDeviceIdentity => "113109",
            Self::RetainUids => "113110",
            Self::RetainSafePrivate => "113111",
            Self::RetainInstitutionIdentity => "113112",
        }
    }
}

/// A profile as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    #[serde(default = "first")]
    version: u32,
    #[serde(default)]
    options: Vec<ProfileOption>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    overrides: BTreeMap<String, Override>,
}

const fn first() -> u32 {
    1
}

impl From<Profile> for Record {
    fn from(profile: Profile) -> Self {
        let overrides = profile.overrides.iter().map(|(attribute, decision)| (attribute.to_string(), *decision));
        Self { version: VERSION, options: profile.options, overrides: overrides.collect() }
    }
}

impl TryFrom<Record> for Profile {
    type Error = Error;

    fn try_from(record: Record) -> Result<Self, Error> {
        if record.version > VERSION {
            return Err(Error::RecordVersion { found: record.version, newest: VERSION });
        }
        let both = [ProfileOption::RetainLongitudinalFullDates, ProfileOption::RetainLongitudinalModifiedDates];
        if both.iter().all(|option| record.options.contains(option)) {
            return Err(Error::BadRecord { what: "options", wanted: "full or modified dates, not both" });
        }
        let profile = record.options.into_iter().fold(Self::basic(), Self::with);
        record
            .overrides
            .into_iter()
            .try_fold(profile, |profile, (name, decision)| Ok(profile.with_override(name.parse()?, decision)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_a_set_in_fixed_order() {
        use ProfileOption::{RetainLongitudinalModifiedDates as Dates, RetainPatientCharacteristics as Patient};
        assert_eq!(
            Profile::basic().with(Patient).with(Dates).with(Patient),
            Profile::basic().with(Dates).with(Patient)
        );
    }

    #[test]
    fn every_code_has_a_meaning_that_fits_its_element() {
        let codes = |options: &[ProfileOption]| {
            let profile = options.iter().fold(Profile::basic(), |profile, option| profile.with(*option));
            profile.codes().collect::<Vec<_>>()
        };
        for option in ProfileOption::ALL {
            assert_eq!(serde_json::to_value(option).unwrap(), option.name());
            assert_eq!(ProfileOption::by_name(option.name()), Some(option));
            let [(basic, _), (code, meaning)] = codes(&[option])[..] else { panic!("{option:?} has no code") };
            assert_eq!((basic, code), ("113100", option.code()));
            assert!(meaning.len() <= 64);
        }
        // all but one of the two that exclude each other, in the order of their codes
        let all = codes(&ProfileOption::ALL);
        assert_eq!(all.len(), ProfileOption::ALL.len());
        assert!(all.is_sorted());
    }

    #[test]
    fn a_stored_profile_says_nothing_that_is_not_understood() {
        let read = |text: &str| serde_json::from_str::<Profile>(text);
        assert_eq!(read("{}").unwrap(), Profile::basic());
        let profile = Profile::basic()
            .with(ProfileOption::CleanDescriptors)
            .with_override("7E01,01,HOLOGIC, Inc.".parse().unwrap(), Override::Keep);
        assert_eq!(read(&serde_json::to_string(&profile).unwrap()).unwrap(), profile);
        for text in [
            r#"{"option": []}"#,
            r#"{"options": ["keep-all"]}"#,
            r#"{"options": ["retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"]}"#,
            r#"{"overrides": {"Nonsense": "keep"}}"#,
            r#"{"overrides": {"EthnicGroup": "hide"}}"#,
            r#"{"version": 2}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
