//! Stands in where the crate is built without Encrypted Attributes: there is never one.

use std::convert::Infallible;

use isocenter_dcm::{Dataset, Element};

use crate::error::Error;
use crate::leak::LeakScan;

/// To whom originals are sealed: nobody.
#[derive(Clone, Debug)]
pub(crate) struct Sealing(Infallible);

impl Sealing {
    pub(crate) fn before(&self, _: &Dataset) -> Dataset {
        match self.0 {}
    }

    pub(crate) fn seal(&self, _: &Dataset, _: &Dataset, _: &LeakScan) -> Result<Option<Element>, Error> {
        match self.0 {}
    }
}
