//! A table of pseudonyms that the caller has.

use std::{path::Path, sync::Arc};

use isocenter_deid::pseudonym::Table;

use super::{files::Place, given, seen::Seen};
use crate::Error;

/// Reads the table.
///
/// # Errors
/// [`Error::Usage`], with the line that cannot be used.
pub(super) fn load(path: &Path) -> Result<Arc<Table>, Error> {
    let text = given::text(path, "the table of pseudonyms")?;
    let table = Table::from_csv(&text).map_err(|error| Error::usage(format!("{}: {error}", path.display())))?;
    Ok(Arc::new(table))
}

/// Keeps out whom a table that names patients does not name: a trial's data set has subjects alone.
pub(super) fn keep_out(table: &Table, seen: &Seen, places: &mut [Place]) {
    for (n, place) in places.iter_mut().enumerate() {
        let Some(patient) = seen.patient(n) else { continue };
        let is_named = patient.id().is_some_and(|id| table.has_patient(id));
        if matches!(place, Place::At(_) | Place::Repeats(_)) && !is_named {
            *place = Place::Refused("not-in-table");
        }
    }
}
