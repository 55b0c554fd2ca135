//! Items that were finished and cannot stay: what an export of them shows, no other check could see.

use std::collections::{BTreeMap, BTreeSet};

use super::{gate, patient::Done, refusal::Refusal, run::Run, work::Refused};
use crate::{
    Error,
    export::{dicom::Exported, nnunet::Case},
};

/// Keeps out the items whose exported instances hold a value of the input, and those that were registered to one of them.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn keep_out(
    run: &Run<'_>,
    exported: &mut Exported,
    done: &mut Vec<Done>,
    cases: &mut Vec<Case>,
    refused: &mut Vec<Refused>,
) -> Result<(), Error> {
    let mut why: BTreeMap<String, Refusal> = BTreeMap::new();
    for item in done.iter() {
        let fields = item.holds.files.iter().flat_map(|file| exported.leaks_of(*file));
        let found = fields.map(|field| ("its de-identified DICOM", field.clone())).collect();
        why.extend(gate::refusal(&found).map(|why| (item.item.item_id.clone(), why)));
    }
    for item in done.iter() {
        if item.item.registration.as_ref().is_some_and(|r| why.contains_key(&r.fixed)) {
            let lost = || Refusal::new("reference-not-usable", "the reference of its study was kept out");
            why.entry(item.item.item_id.clone()).or_insert_with(lost);
        }
    }
    if why.is_empty() {
        return Ok(());
    }
    let (out, kept): (Vec<Done>, Vec<Done>) =
        std::mem::take(done).into_iter().partition(|d| why.contains_key(&d.item.item_id));
    *done = kept;
    for item in out {
        gate::remove(run, &item.item.patient, &item.item.item_id)?;
        if let Some(why) = why.get(&item.item.item_id) {
            refused.push(Refused {
                holds: item.holds,
                why: why.clone(),
                patient: Some(item.item.patient),
                series: Some(item.item.series),
            });
        }
    }
    cases.retain_mut(|case| {
        let led = case.channels.first().is_some_and(|first| !why.contains_key(&first.2));
        case.channels.retain(|(_, _, item)| !why.contains_key(item));
        case.label = case.label.take().filter(|(path, _)| path.is_file());
        led
    });
    let wanted: BTreeSet<usize> = done.iter().flat_map(|d| d.holds.files.iter().copied()).collect();
    exported.retain(&wanted)
}
