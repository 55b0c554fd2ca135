//! Rules for devices, from a file.

use std::{path::Path, sync::Arc};

use data_encoding::HEXLOWER;
use isocenter_deid::{Key, pixels::Rules};

use super::given;
use crate::Error;

/// Rules that were read, and what tells them from others.
pub(super) struct PixelRules {
    pub(super) rules: Arc<Rules>,
    text: String,
}

impl PixelRules {
    /// Reads the own form where the name ends in `.toml`, else a script of CTP's DicomPixelAnonymizer.
    ///
    /// # Errors
    /// [`Error::Usage`], also for a file without a rule: in a script all that is no rule is a comment.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = given::text(path, "the file of --pixel-rules")?;
        let is_own = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        let rules = if is_own { Rules::from_toml(&text) } else { Rules::from_ctp(&text) };
        let rules = rules.map_err(|error| {
            Error::usage(format!("the file of --pixel-rules {} cannot be used: {error}", path.display()))
        })?;
        if rules.is_empty() {
            let form =
                if is_own { "[[rule]]" } else { "signature in braces; the own form is told by the name's .toml" };
            return Err(Error::usage(format!("the file of --pixel-rules {} holds no {form}", path.display())));
        }
        Ok(Self { rules: Arc::new(rules), text })
    }

    /// A keyed name of them.
    pub(super) fn digest(&self, key: &Key) -> String {
        HEXLOWER.encode(&key.mac("pixel-rules", &[self.text.as_bytes()])[..16])
    }
}
