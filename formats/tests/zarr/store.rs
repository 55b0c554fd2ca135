//! Stores in memory.

use std::collections::BTreeMap;

use isocenter_formats::{Error, File, Opened, ReadOptions, Source, WriteOptions, open_from, registry, target::Target};
use serde_json::Value;

/// Files by name, below the folder of the store.
pub(crate) type Store = BTreeMap<String, Vec<u8>>;

/// Opens a store by one of its files.
pub(crate) fn open<'a>(store: &'a Store, name: &str, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    open_from(Source::from_bytes(&store[name])?.beside(name, store), options)
}

/// Reads a store by the file that tells most of it.
pub(crate) fn read(store: &Store) -> Result<File, Error> {
    read_with(store, &ReadOptions::default())
}

pub(crate) fn read_with<'a>(store: &'a Store, options: &ReadOptions<'a>) -> Result<File, Error> {
    let name = ["zarr.json", ".zarray", ".zattrs"].into_iter().find(|name| store.contains_key(*name)).unwrap();
    open(store, name, options)?.read()
}

/// The store that a file is written as.
pub(crate) fn written(file: &File, options: &WriteOptions<'_>) -> Result<Store, Error> {
    let format = registry().iter().find(|f| f.name() == "Zarr").unwrap();
    let mut files = Store::new();
    format.write(file, &mut Target::Several { stem: "a", sink: &mut files }, options)?;
    Ok(files.into_iter().map(|(name, bytes)| (name.strip_prefix("a.zarr/").unwrap().to_owned(), bytes)).collect())
}

/// A store of one file of metadata, with its changes, and chunks.
pub(crate) fn of(name: &str, metadata: &Value, changes: Value, chunks: &[(&str, Vec<u8>)]) -> Store {
    let mut metadata = metadata.clone();
    for (key, value) in changes.as_object().unwrap() {
        metadata[key] = value.clone();
    }
    let chunks = chunks.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone()));
    chunks.chain([(name.to_owned(), metadata.to_string().into_bytes())]).collect()
}

/// Whole numbers as bytes, little endian.
pub(crate) fn shorts(values: impl IntoIterator<Item = i16>) -> Vec<u8> {
    values.into_iter().flat_map(i16::to_le_bytes).collect()
}
