//! One copy of each text that many instances share.

use std::collections::HashSet;
use std::hash::Hash;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The copies.
#[derive(Default)]
pub(super) struct Intern {
    texts: Mutex<HashSet<Arc<str>>>,
    folders: Mutex<HashSet<Arc<Path>>>,
    directions: Mutex<HashSet<Arc<[u64; 6]>>>,
}

impl Intern {
    pub(super) fn text(&self, text: Option<String>) -> Arc<str> {
        let text = text.unwrap_or_default();
        shared(&self.texts, text.as_str(), |text| Arc::from(text))
    }

    pub(super) fn folder(&self, folder: &Path) -> Arc<Path> {
        shared(&self.folders, folder, |folder| Arc::from(folder))
    }

    /// Six numbers, by their bits.
    pub(super) fn directions(&self, bits: [u64; 6]) -> Arc<[u64; 6]> {
        shared(&self.directions, &bits, |bits| Arc::new(*bits))
    }
}

fn shared<K: ?Sized + Hash + Eq>(known: &Mutex<HashSet<Arc<K>>>, key: &K, new: impl Fn(&K) -> Arc<K>) -> Arc<K> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(key) {
        return Arc::clone(known);
    }
    let new = new(key);
    known.insert(Arc::clone(&new));
    new
}
