//! The version of a stored record.

use serde::{Deserialize, Serialize};

/// Version of a stored record; a record without one is of version 0, whose fields are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(crate) struct Version(u32);

impl Version {
    /// The version that is written.
    pub(crate) const CURRENT: Self = Self(1);
}

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(found: u32) -> Result<Self, String> {
        let newest = Self::CURRENT.0;
        if found <= newest {
            Ok(Self(found))
        } else {
            Err(format!("version {found} of a record, {newest} is the newest known"))
        }
    }
}

impl From<Version> for u32 {
    fn from(version: Version) -> Self {
        version.0
    }
}
