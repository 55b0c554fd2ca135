//! The container without a volume: numbers and texts by path, for files that hold something else (a transform).
//!
//! Up to 2^20 elements of a data set are read; whatever the bytes say, no more of them are taken than the file has.
//!
//! # Examples
//! ```
//! use isocenter_formats::hdf5::container::{Builder, Tree};
//! let mut file = Builder::default();
//! file.numbers("Group/0/Matrix", &[2, 2], vec![1.0, 2.0, 3.0, 4.0]);
//! file.texts("Group/0/Kind", &["linear"]);
//! file.attribute_text("Group", "By", "hand");
//!
//! let tree = Tree::parse(file.to_bytes()?)?;
//! assert_eq!(tree.members("Group")?, ["0"]);
//! let matrix = tree.numbers("Group/0/Matrix")?.unwrap();
//! assert_eq!((matrix.shape, matrix.values), (vec![2, 2], vec![1.0, 2.0, 3.0, 4.0]));
//! assert_eq!(tree.text("Group/0/Kind")?.as_deref(), Some("linear"));
//! assert_eq!(tree.attribute_text("Group", "By")?.as_deref(), Some("hand"));
//! assert_eq!(tree.text("Group/1")?, None);
//! # Ok::<_, isocenter_formats::Error>(())
//! ```

use std::collections::BTreeMap;

use isocenter_volume::{Ctx, SampleType};

use crate::{
    Error,
    endian::Endian,
    h5::{
        attributes::Value,
        build::{self, Content, Data, Node},
        datatype::Kind,
        tree,
    },
};

/// A file whose objects are asked for by path, names joined by slashes.
#[derive(Debug)]
pub struct Tree(tree::Tree);

/// The numbers of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// Lengths of its axes, the slowest first; none for one number.
    pub shape: Vec<u64>,
    /// The numbers, the last axis fastest.
    pub values: Vec<f64>,
}

impl Tree {
    /// Whether bytes begin as HDF5 does.
    pub fn sniff(head: &[u8]) -> bool {
        tree::place(head).is_some()
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::Truncated`], [`Error::Unsupported`].
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Error> {
        tree::Tree::new(bytes).map(Self)
    }

    /// The names in a group, in their order; none where there is no such group.
    ///
    /// # Errors
    /// As [`Tree::parse`].
    pub fn members(&self, path: &str) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = self.0.members(path)?.into_iter().map(|(name, _)| name).collect();
        names.sort();
        Ok(names)
    }

    /// The numbers of a data set; `None` where there is none of this path, or it holds none.
    ///
    /// # Errors
    /// As [`Tree::parse`], and [`Error::Limit`] for more than 2^20 of them.
    pub fn numbers(&self, path: &str) -> Result<Option<Numbers>, Error> {
        let Some(found) = self.0.dataset(path)? else { return Ok(None) };
        Ok(match found.value(&self.0.image)? {
            Value::Numbers(values) => Some(Numbers { shape: found.space.shape.clone(), values }),
            _ => None,
        })
    }

    /// The floats of a large data set in single precision, up to `most` of them, the last axis fastest; `None` where there is no data set of
    /// this path, or it holds none.
    ///
    /// # Errors
    /// As [`Tree::parse`], and [`Error::Limit`].
    pub fn floats(&self, path: &str, most: u64) -> Result<Option<Vec<f32>>, Error> {
        let Some(found) = self.0.dataset(path)? else { return Ok(None) };
        let Kind::Sample(sample @ (SampleType::F32 | SampleType::F64), endian) = found.data_type.kind else {
            return Ok(None);
        };
        let count = found.space.count();
        if count > most {
            return Err(Error::Limit { what: "elements", asked: count, limit: most });
        }
        let raw = found.raw(&self.0.image, &Ctx::default())?;
        let is_big = endian == Endian::Big;
        let singles = |b: &[u8]| {
            let mut b = [b[0], b[1], b[2], b[3]];
            if is_big {
                b.reverse();
            }
            f32::from_le_bytes(b)
        };
        let doubles = |b: &[u8]| {
            let mut b = [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]];
            if is_big {
                b.reverse();
            }
            f64::from_le_bytes(b) as f32
        };
        Ok(Some(if sample == SampleType::F32 {
            raw.chunks_exact(4).map(singles).collect()
        } else {
            raw.chunks_exact(8).map(doubles).collect()
        }))
    }

    /// The only text of a data set; `None` where there is none.
    ///
    /// # Errors
    /// As [`Tree::numbers`].
    pub fn text(&self, path: &str) -> Result<Option<String>, Error> {
        Ok(self.0.value(path)?.and_then(|value| value.text().map(ToOwned::to_owned)))
    }

    /// The only text of an attribute; `None` where there is none.
    ///
    /// # Errors
    /// As [`Tree::parse`].
    pub fn attribute_text(&self, path: &str, name: &str) -> Result<Option<String>, Error> {
        Ok(self.0.attributes(path)?.get(name).and_then(|value| value.text().map(ToOwned::to_owned)))
    }
}

/// A file to be written; groups on a path are made as they are needed.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    members: BTreeMap<String, Node>,
    attributes: BTreeMap<String, Data>,
}

impl Builder {
    /// Puts a data set of numbers; `shape` is the slowest axis first and holds as many as there are.
    pub fn numbers(&mut self, path: &str, shape: &[u64], values: Vec<f64>) {
        self.put(path, Data { shape: shape.to_vec(), content: Content::Floats(values) });
    }

    /// Puts a data set of texts along one axis.
    pub fn texts(&mut self, path: &str, texts: &[&str]) {
        self.put(path, Data::texts(texts.iter().map(|text| (*text).to_owned()).collect()));
    }

    /// Puts an attribute of one text to a group, or to the root by an empty path.
    pub fn attribute_text(&mut self, path: &str, name: &str, text: &str) {
        self.attribute(path, name, Data::text(text));
    }

    /// Puts an attribute of one whole number.
    pub fn attribute_whole(&mut self, path: &str, name: &str, value: u64) {
        self.attribute(path, name, Data { shape: Vec::new(), content: Content::Wholes(vec![value]) });
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for names, or lists of them, that HDF5's headers do not hold.
    pub fn to_bytes(self) -> Result<Vec<u8>, Error> {
        build::front(&Node::Group(self.members, self.attributes), 0)
    }

    fn put(&mut self, path: &str, data: Data) {
        let (group, name) = path.rsplit_once('/').unwrap_or(("", path));
        within(&mut self.members, &mut self.attributes, group, |members, _| {
            members.insert(name.to_owned(), Node::Set(data, BTreeMap::new()));
        });
    }

    fn attribute(&mut self, path: &str, name: &str, data: Data) {
        within(&mut self.members, &mut self.attributes, path, |_, attributes| {
            attributes.insert(name.to_owned(), data);
        });
    }
}

/// Does something to what a group holds and what is said of it. A data set on the way gives way to a group.
fn within(
    members: &mut BTreeMap<String, Node>,
    attributes: &mut BTreeMap<String, Data>,
    path: &str,
    then: impl FnOnce(&mut BTreeMap<String, Node>, &mut BTreeMap<String, Data>),
) {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    if name.is_empty() {
        return then(members, attributes);
    }
    let (mut inner, mut said) = match members.remove(name) {
        Some(Node::Group(members, attributes)) => (members, attributes),
        _ => Default::default(),
    };
    within(&mut inner, &mut said, rest, then);
    members.insert(name.to_owned(), Node::Group(inner, said));
}
