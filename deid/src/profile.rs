//! What may stay: the Basic Profile and the options of PS3.15 that are implemented.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The version of stored profiles. Those without one are of the first.
const VERSION: u32 = 1;

/// The Basic Application Level Confidentiality Profile with options.
///
/// ```
/// use isocenter_deid::{Profile, ProfileOption};
/// let profile = Profile::basic().with(ProfileOption::RetainPatientCharacteristics);
/// assert_eq!(profile.codes().map(|code| code.0).collect::<Vec<_>>(), ["113100", "113108"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Profile {
    options: Vec<ProfileOption>,
}

/// An option of PS3.15 E.3 that relaxes the Basic Profile. Only what is implemented is named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProfileOption {
    /// Retain Longitudinal Temporal Information with Modified Dates: a patient's dates move back by one keyed number of days,
    /// times of day stay. A date that cannot be read is treated as in the Basic Profile.
    RetainLongitudinalModifiedDates,
    /// Retain Patient Characteristics: sex, age (capped at 90 years), size, weight and the like stay. What the table wants
    /// cleaned instead of kept (allergies, patient state: free text) is treated as in the Basic Profile.
    RetainPatientCharacteristics,
}

impl Profile {
    /// The Basic Profile, no options.
    pub fn basic() -> Self {
        Self::default()
    }

    /// Adds an option.
    pub fn with(mut self, option: ProfileOption) -> Self {
        if let Err(at) = self.options.binary_search(&option) {
            self.options.insert(at, option);
        }
        self
    }

    /// The options, in a fixed order.
    pub fn options(&self) -> &[ProfileOption] {
        &self.options
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
    /// The code of CID 7050.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RetainLongitudinalModifiedDates => "113107",
            Self::RetainPatientCharacteristics => "113108",
        }
    }
}

/// A profile as it is stored.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(default = "first")]
    version: u32,
    options: Vec<ProfileOption>,
}

const fn first() -> u32 {
    1
}

impl From<Profile> for Record {
    fn from(profile: Profile) -> Self {
        Self { version: VERSION, options: profile.options }
    }
}

impl TryFrom<Record> for Profile {
    type Error = Error;

    fn try_from(record: Record) -> Result<Self, Error> {
        if record.version > VERSION {
            return Err(Error::RecordVersion { found: record.version, newest: VERSION });
        }
        Ok(record.options.into_iter().fold(Self::basic(), Self::with))
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
        let profile = Profile::basic()
            .with(ProfileOption::RetainLongitudinalModifiedDates)
            .with(ProfileOption::RetainPatientCharacteristics);
        assert_eq!(profile.codes().count(), 3);
        assert!(profile.codes().all(|(_, meaning)| meaning.len() <= 64));
    }
}
