//! Writing a file of groups, small data sets and one large one.
//!
//! The structures are those of version 2 (since HDF5 1.8): all of them come first, the elements of the one large data set last, so
//! that they are streamed. Texts lie in one heap behind the superblock, as those who read a C string want them.

use std::collections::BTreeMap;

use isocenter_volume::SampleType;

use super::{checksum, tree::SIGNATURE};
use crate::Error;

/// Bytes of the superblock.
const SUPERBLOCK: usize = 48;

/// Least bytes of a heap.
const LEAST_HEAP: usize = 4096;

/// What the first element of the large data set is aligned to.
const ALIGNMENT: usize = 64;

/// What a data set or attribute holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Floats(Vec<f64>),
    /// Whole numbers without a sign.
    Wholes(Vec<u64>),
    Texts(Vec<String>),
    /// The large one, whose elements the caller writes behind all else.
    Voxels(SampleType),
}

/// A data set, or an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// Lengths of its axes, the slowest first; none for one element.
    pub(crate) shape: Vec<u64>,
    pub(crate) content: Content,
}

impl Data {
    /// A row of numbers.
    pub(crate) fn floats(numbers: impl IntoIterator<Item = f64>) -> Self {
        let numbers: Vec<f64> = numbers.into_iter().collect();
        Self { shape: vec![numbers.len() as u64], content: Content::Floats(numbers) }
    }

    /// One text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { shape: Vec::new(), content: Content::Texts(vec![text.into()]) }
    }

    /// A row of texts.
    pub(crate) fn texts(texts: Vec<String>) -> Self {
        Self { shape: vec![texts.len() as u64], content: Content::Texts(texts) }
    }

    /// The same numbers or texts along other axes.
    pub(crate) fn shaped(mut self, shape: &[u64]) -> Self {
        shape.clone_into(&mut self.shape);
        self
    }
}

/// An object of the file.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Group(BTreeMap<String, Node>, BTreeMap<String, Data>),
    Set(Data, BTreeMap<String, Data>),
}

/// All that stands before the elements of the large data set.
pub(crate) fn front(root: &Node, voxel_bytes: u64) -> Result<Vec<u8>, Error> {
    // once to see how long it is, once more knowing where the voxels are
    let len = Writer::new(root, 0, voxel_bytes).finish(root, 0)?.len();
    let at = len.next_multiple_of(ALIGNMENT);
    let mut bytes = Writer::new(root, at as u64, voxel_bytes).finish(root, at as u64 + voxel_bytes)?;
    bytes.resize(at, 0);
    Ok(bytes)
}

struct Writer {
    bytes: Vec<u8>,
    /// Texts that were given a place in the heap.
    texts: u32,
    voxels_at: u64,
    voxel_bytes: u64,
}

impl Writer {
    fn new(root: &Node, voxels_at: u64, voxel_bytes: u64) -> Self {
        let mut bytes = vec![0; SUPERBLOCK];
        bytes.extend(heap(root));
        Self { bytes, texts: 0, voxels_at, voxel_bytes }
    }

    fn finish(mut self, root: &Node, end: u64) -> Result<Vec<u8>, Error> {
        let root = self.node(root)?;
        let mut block = SIGNATURE.to_vec();
        block.extend([2, 8, 8, 0]);
        for address in [0, u64::MAX, end, root] {
            block.extend(address.to_le_bytes());
        }
        block.extend(checksum::of(&block).to_le_bytes());
        self.bytes[..SUPERBLOCK].copy_from_slice(&block);
        Ok(self.bytes)
    }

    /// Writes an object and those in it; where its header is.
    fn node(&mut self, node: &Node) -> Result<u64, Error> {
        let (mut messages, attributes) = match node {
            Node::Group(members, attributes) => {
                let mut messages = vec![
                    // links in the header itself, in no order
                    (0x02, [vec![0, 0], vec![0xff; 16]].concat()),
                    (0x0a, vec![0, 0]),
                ];
                for (name, member) in members {
                    let address = self.node(member)?;
                    // a name of UTF-8, whose length has two bytes
                    let len = u16::try_from(name.len()).map_err(|_| too_long(name.len()))?;
                    let mut link = vec![1, 0x11, 1];
                    link.extend(len.to_le_bytes());
                    link.extend(name.as_bytes());
                    link.extend(address.to_le_bytes());
                    messages.push((0x06, link));
                }
                (messages, attributes)
            }
            Node::Set(data, attributes) => {
                let (address, bytes) = self.elements(data);
                let mut layout = vec![3, 1];
                layout.extend(address.to_le_bytes());
                layout.extend(bytes.to_le_bytes());
                // no value for what nobody wrote
                let fill = vec![3, 0x0a];
                (
                    vec![(0x01, space(&data.shape)), (0x03, type_of(&data.content)?), (0x05, fill), (0x08, layout)],
                    attributes,
                )
            }
        };
        for (name, data) in attributes {
            messages.push((0x0c, self.attribute(name, data)?));
        }
        self.header(&messages)
    }

    /// The elements of a data set: where, and how many bytes.
    fn elements(&mut self, data: &Data) -> (u64, u64) {
        if matches!(data.content, Content::Voxels(_)) {
            return (self.voxels_at, self.voxel_bytes);
        }
        self.align();
        let at = self.bytes.len() as u64;
        let raw = self.raw(&data.content);
        self.bytes.extend(&raw);
        (at, raw.len() as u64)
    }

    fn raw(&mut self, content: &Content) -> Vec<u8> {
        match content {
            Content::Floats(numbers) => numbers.iter().flat_map(|n| n.to_le_bytes()).collect(),
            Content::Wholes(numbers) => numbers.iter().flat_map(|n| n.to_le_bytes()).collect(),
            Content::Voxels(_) => Vec::new(),
            Content::Texts(texts) => {
                let mut raw = Vec::new();
                for text in texts {
                    // a number of 16 bits counts the texts of a heap
                    let (heap, number) = place(self.texts);
                    raw.extend((text.len() as u32).to_le_bytes());
                    raw.extend((heap as u64).to_le_bytes());
                    raw.extend(number.to_le_bytes());
                    self.texts += 1;
                }
                raw
            }
        }
    }

    fn attribute(&mut self, name: &str, data: &Data) -> Result<Vec<u8>, Error> {
        let (kind, space) = (type_of(&data.content)?, space(&data.shape));
        let mut message = vec![3, 0];
        for len in [name.len() + 1, kind.len(), space.len()] {
            message.extend(u16::try_from(len).map_err(|_| too_long(len))?.to_le_bytes());
        }
        message.push(1);
        message.extend(name.as_bytes());
        message.push(0);
        message.extend(kind);
        message.extend(space);
        message.extend(self.raw(&data.content));
        Ok(message)
    }

    fn header(&mut self, messages: &[(u8, Vec<u8>)]) -> Result<u64, Error> {
        let mut body = Vec::new();
        for (kind, message) in messages {
            let len = u16::try_from(message.len()).map_err(|_| too_long(message.len()))?;
            body.push(*kind);
            body.extend(len.to_le_bytes());
            body.push(0);
            body.extend(message);
        }
        let mut header = b"OHDR\x02\x02".to_vec();
        header.extend(u32::try_from(body.len()).map_err(|_| too_long(body.len()))?.to_le_bytes());
        header.extend(body);
        header.extend(checksum::of(&header).to_le_bytes());
        self.align();
        let at = self.bytes.len() as u64;
        self.bytes.extend(header);
        Ok(at)
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }
}

fn too_long(bytes: usize) -> Error {
    Error::unsupported("a name or list longer than HDF5's headers hold", format!("{bytes} bytes"))
}

/// The heap, and the number in it, of a text by its order in the file.
const fn place(text: u32) -> (usize, u32) {
    (SUPERBLOCK, text + 1)
}

/// One heap of all texts, in the order in which the objects are written.
fn heap(root: &Node) -> Vec<u8> {
    let mut texts = Vec::new();
    gather(root, &mut texts);
    let mut objects = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        objects.extend((n as u16 + 1).to_le_bytes());
        objects.extend([0; 6]);
        objects.extend((text.len() as u64).to_le_bytes());
        objects.extend(text.as_bytes());
        objects.resize(objects.len().next_multiple_of(8), 0);
    }
    let bytes = (16 + objects.len() + 16).max(LEAST_HEAP);
    let mut heap = b"GCOL\x01\0\0\0".to_vec();
    heap.extend((bytes as u64).to_le_bytes());
    heap.extend(objects);
    // what is free is an object of number 0
    let free = bytes - heap.len();
    heap.extend([0; 8]);
    heap.extend((free as u64).to_le_bytes());
    heap.resize(bytes, 0);
    heap
}

fn gather<'n>(node: &'n Node, texts: &mut Vec<&'n String>) {
    let mut put = |data: &'n Data| {
        if let Content::Texts(found) = &data.content {
            texts.extend(found);
        }
    };
    match node {
        Node::Group(members, attributes) => {
            members.values().for_each(|member| gather(member, texts));
            attributes.values().for_each(|data| {
                if let Content::Texts(found) = &data.content {
                    texts.extend(found);
                }
            });
        }
        Node::Set(data, attributes) => std::iter::once(data).chain(attributes.values()).for_each(&mut put),
    }
}

fn space(shape: &[u64]) -> Vec<u8> {
    let mut space = vec![2, shape.len() as u8, 0, u8::from(!shape.is_empty())];
    space.extend(shape.iter().flat_map(|n| n.to_le_bytes()));
    space
}

fn type_of(content: &Content) -> Result<Vec<u8>, Error> {
    match content {
        Content::Floats(_) => number(SampleType::F64),
        Content::Wholes(_) => number(SampleType::U64),
        Content::Voxels(SampleType::Complex32) => Ok(compound(&["r", "i"], &number(SampleType::F32)?)),
        Content::Voxels(SampleType::Complex64) => Ok(compound(&["r", "i"], &number(SampleType::F64)?)),
        Content::Voxels(sample) => number(*sample),
        // of any length, ended by a zero; ITK reads nothing but what calls itself ASCII
        Content::Texts(_) => Ok([&[0x19, 1, 0, 0, 16, 0, 0, 0], &[0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0][..]].concat()),
    }
}

fn number(sample: SampleType) -> Result<Vec<u8>, Error> {
    let bytes = sample.bytes() as u8;
    let whole = |bits: u8| vec![0x10, bits, 0, 0, bytes, 0, 0, 0, 0, 0, 8 * bytes, 0];
    let float = |rest: [u8; 8]| {
        [vec![0x11, 0x20, 8 * bytes - 1, 0, bytes, 0, 0, 0, 0, 0, 8 * bytes, 0], rest.to_vec()].concat()
    };
    Ok(match sample {
        SampleType::U8 | SampleType::U16 | SampleType::U32 | SampleType::U64 => whole(0),
        SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64 => whole(8),
        SampleType::F16 => float([10, 5, 0, 10, 15, 0, 0, 0]),
        SampleType::F32 => float([23, 8, 0, 23, 127, 0, 0, 0]),
        SampleType::F64 => float([52, 11, 0, 52, 0xff, 3, 0, 0]),
        other => return Err(Error::unsupported("sample type in HDF5", other.name())),
    })
}

/// Numbers side by side, as h5py has them.
fn compound(names: &[&str], member: &[u8]) -> Vec<u8> {
    let bytes = member[4];
    let mut kind = vec![0x36, names.len() as u8, 0, 0, bytes * names.len() as u8, 0, 0, 0];
    for (n, name) in names.iter().enumerate() {
        kind.extend(name.as_bytes());
        kind.extend([0, bytes * n as u8]);
        kind.extend(member);
    }
    kind
}
