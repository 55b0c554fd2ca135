//! What every work item of a run can see.

use std::path::Path;

use isocenter_deid::{Key, LeakScan, Pseudonyms};
use isocenter_volume::Ctx;

use super::{inputs::Inputs, options::Prepare, pending::Pending};
use crate::Export;

/// What every work item can see.
pub(crate) struct Run<'a> {
    pub(crate) prepare: &'a Prepare,
    pub(crate) key: &'a Key,
    pub(crate) names: &'a Pseudonyms,
    pub(crate) inputs: &'a Inputs,
    /// Everything that the output is searched for.
    pub(crate) scan: &'a LeakScan,
    /// Names, ids, places and dates: what text that goes on is searched for.
    pub(crate) identities: &'a LeakScan,
    pub(crate) staging: &'a Path,
    pub(crate) pending: &'a Pending,
    pub(crate) ctx: Ctx<'a>,
}

impl Run<'_> {
    /// Whether an export was asked for.
    pub(crate) fn wants(&self, export: Export) -> bool {
        self.prepare.exports.contains(&export)
    }
}
