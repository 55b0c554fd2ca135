//! The objects of a file, by their path.

use std::collections::BTreeSet;

pub(crate) use super::superblock::{SIGNATURE, place};
use super::{
    attributes::{self, Value},
    bytes::Image,
    dataset::{self, Dataset},
    datatype::DataType,
    header::Header,
    links,
    space::Space,
};
use crate::Error;

/// Most groups within groups.
const DEEPEST: usize = 16;

/// A file whose root is known.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) image: Image,
    root: u64,
}

/// What is known of a data set before it is read.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    /// Its path, without a slash in front.
    pub(crate) path: String,
    pub(crate) space: Space,
    pub(crate) data_type: DataType,
}

impl Tree {
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        let (image, root) = super::superblock::read(bytes)?;
        Ok(Self { image, root })
    }

    /// The address of an object; `None` where there is none of this path.
    pub(crate) fn find(&self, path: &str) -> Result<Option<u64>, Error> {
        let mut address = self.root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let members = links::members(&self.image, &Header::read(&self.image, address)?)?;
            let Some(found) = members.into_iter().find(|member| member.0 == name) else { return Ok(None) };
            address = found.1;
        }
        Ok(Some(address))
    }

    /// The data set of a path.
    pub(crate) fn dataset(&self, path: &str) -> Result<Option<Dataset>, Error> {
        self.find(path)?.map(|address| Dataset::read(&self.image, address)).transpose()
    }

    /// What a small data set holds.
    pub(crate) fn value(&self, path: &str) -> Result<Option<Value>, Error> {
        self.dataset(path)?.map(|found| found.value(&self.image)).transpose()
    }

    /// The names in a group.
    pub(crate) fn members(&self, path: &str) -> Result<Vec<(String, u64)>, Error> {
        let Some(address) = self.find(path)? else { return Ok(Vec::new()) };
        links::members(&self.image, &Header::read(&self.image, address)?)
    }

    /// The attributes of a group or data set.
    pub(crate) fn attributes(&self, path: &str) -> Result<std::collections::BTreeMap<String, Value>, Error> {
        let Some(address) = self.find(path)? else { return Ok(std::collections::BTreeMap::new()) };
        attributes::of(&self.image, &Header::read(&self.image, address)?)
    }

    /// All data sets, in the order of their paths.
    pub(crate) fn datasets(&self) -> Result<Vec<Outline>, Error> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let mut groups = vec![(String::new(), self.root, 0)];
        while let Some((path, address, depth)) = groups.pop() {
            // what is linked twice is read once
            if !seen.insert(address) {
                continue;
            }
            self.image.look(8 * path.len() as u64 + 256)?;
            let header = Header::read(&self.image, address)?;
            match dataset::outline(&header) {
                Ok(None) => {}
                Ok(Some((space, data_type))) => {
                    found.push(Outline { path, space, data_type });
                    continue;
                }
                // what cannot be read is none of those to choose from
                Err(Error::Unsupported { .. }) => continue,
                Err(error) => return Err(error),
            }
            if depth == DEEPEST {
                continue;
            }
            for (name, address) in links::members(&self.image, &header)? {
                self.image.look(8 * (path.len() + name.len()) as u64 + 256)?;
                let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                groups.push((path, address, depth + 1));
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}
