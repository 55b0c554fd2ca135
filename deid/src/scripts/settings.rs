//! What a script needs from outside.

use std::collections::BTreeMap;

use super::{Compat, Lookup};

/// What a script needs from outside. By default nothing is given, and hashes are keyed.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(super) lookup: Option<Lookup>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) compat: Option<Compat>,
    pub(super) now: Option<String>,
}

impl Settings {
    /// The table that CTP's `lookup`, `dateinterval` and `incrementdate` look into.
    #[must_use]
    pub fn lookup(mut self, table: Lookup) -> Self {
        self.lookup = Some(table);
        self
    }

    /// The value of a variable (`var:NAME`) of deid, of a parameter of CTP (in the place of the script's own), or of RSNA's `UIDROOT` and `SITEID`.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Makes hashes as the original program does: without a key, by MD5. See [`Compat`].
    #[must_use]
    pub fn compat(mut self, compat: Compat) -> Self {
        self.compat = Some(compat);
        self
    }

    /// Date and time of the run as `YYYYMMDDHHMMSS`, for CTP's `date` and `time`, and for what is older than 89 years. Without it they are 19000101 and
    /// 000000, so that a run gives the same bytes whenever it runs; the script [remarks](super::Script::remarks) it. What is no such text is not taken.
    #[must_use]
    pub fn now(mut self, date_time: &str) -> Self {
        let is_one = date_time.len() == 14 && date_time.bytes().all(|b| b.is_ascii_digit());
        self.now = is_one.then(|| date_time.to_owned());
        self
    }
}
