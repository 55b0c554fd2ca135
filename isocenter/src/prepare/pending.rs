//! What is written and has not passed its search yet: taken back where the run ends early.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Items whose privacy gate is still to come, and files and folders of the output that were not searched.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    items: Mutex<BTreeMap<String, String>>,
    paths: Mutex<BTreeSet<PathBuf>>,
}

impl Pending {
    /// An item is about to be written.
    pub(crate) fn item(&self, item_id: &str, patient: &str) {
        locked(&self.items).insert(item_id.to_owned(), patient.to_owned());
    }

    /// An item passed, or was removed.
    pub(crate) fn item_is_settled(&self, item_id: &str) {
        locked(&self.items).remove(item_id);
    }

    /// A file or folder is about to be written.
    pub(crate) fn path(&self, path: impl Into<PathBuf>) {
        locked(&self.paths).insert(path.into());
    }

    /// All files and folders passed.
    pub(crate) fn paths_are_settled(&self) {
        locked(&self.paths).clear();
    }

    /// The items that did not pass: id and patient.
    pub(crate) fn items(&self) -> Vec<(String, String)> {
        locked(&self.items).iter().map(|(item, patient)| (item.clone(), patient.clone())).collect()
    }

    /// The files and folders that did not pass.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        locked(&self.paths).iter().cloned().collect()
    }
}

// each change is whole by itself: another thread's panic leaves nothing half done
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
