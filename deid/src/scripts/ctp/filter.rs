//! Scripts of CTP's DicomFilter: an expression over elements that says which instances pass. The Basic Profile does the rest.

use std::sync::Arc;

use dicom_core::Tag;

use crate::pixels::{Error as PixelError, Signature};
use crate::profile::Profile;
use crate::rules::{At, Decision, Original, Refusal, Rules};
use crate::scripts::{Dialect, Error, LetOut, Parts};

/// A filter before a profile.
#[derive(Clone, Debug)]
struct Filtered {
    profile: Profile,
    passes: Signature,
}

/// Reads a filter.
pub(in crate::scripts) fn read(text: &str) -> Result<Parts, Error> {
    let passes = Signature::parse_ctp(text).map_err(|error| match error {
        PixelError::Rule { line, what } => Error::malformed(format!("line {line}"), what),
        other => Error::malformed("the filter", other.to_string()),
    })?;
    let rules = Filtered { profile: Profile::basic(), passes };
    let remark = "the script is a filter: of what passes, the Basic Profile decides".to_owned();
    Ok(Parts { remarks: vec![remark], ..Parts::of(Arc::new(rules)) })
}

impl Rules for Filtered {
    fn decide(&self, at: &At<'_>) -> Decision {
        self.profile.decide(at)
    }

    fn for_instance(&self, original: &Original<'_>) -> Result<Option<Box<dyn Rules>>, Refusal> {
        match self.passes.applies(original.dataset) {
            true => Ok(None),
            false => Err(Refusal::Filtered { place: "the script".to_owned() }),
        }
    }
}

impl Dialect for Filtered {
    fn lets_out(&self, _tag: Tag) -> LetOut {
        LetOut::No
    }

    fn lets_out_private(&self) -> bool {
        false
    }

    fn as_rules(self: Arc<Self>) -> Arc<dyn Rules> {
        self
    }
}
