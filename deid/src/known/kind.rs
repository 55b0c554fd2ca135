//! What sort of thing a known value is.

use serde::{Deserialize, Serialize};

/// What sort of thing a known value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A person's name, or a part of one.
    Name,
    /// An id, number, address of a person, phone: anything the table lists that is nothing else.
    Identifier,
    /// An institution or its address.
    Place,
    /// A device or station.
    Device,
    /// A date, or date and time.
    Date,
    /// A time of day.
    Time,
    /// A UID that is not DICOM's own.
    Uid,
    /// Free text.
    Description,
    /// A number, an age, a code string.
    Number,
    /// Text of a private element.
    Private,
}
