//! Reading an array, or a level of an image.

use std::collections::BTreeMap;

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis};
use serde_json::{Map, Value};

use super::{
    chunks::{self, Wanted},
    codec::Inner,
    image::{Image, Level},
    label,
    metadata::{Stored, bytes_of},
    place,
    roles::{self, Roles},
};
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::Layout,
    source::{Compression, Source},
};

/// What a folder of a store is.
enum Node {
    Array(Map<String, Value>),
    Group(Map<String, Value>),
}

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let begun = object(&mut source, options)?;
    let node = node(&source, "", begun, options)?;
    let found = Found::of(&source, node, options)?;
    let (head, wanted) = found.head(options)?;
    let layout = Layout::new(found.stored.sample, head.head.len(), Endian::NATIVE);
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let mut wanted = wanted;
        if let Some(window) = &layout.window {
            found.narrow(&mut wanted, window.start, window.size);
        }
        let samples = chunks::read(&source, &found.folder, &found.stored, &wanted, &mut head.warnings, &ctx)?;
        head.with_samples(samples)
    }))
}

/// The array to read, and what is said of it.
struct Found {
    /// Its folder below the source's: empty, or with a slash at its end.
    folder: String,
    stored: Stored,
    roles: Roles,
    image: Option<(Image, usize)>,
    attributes: Map<String, Value>,
}

impl Found {
    /// The array that was asked for: of an image the finest level, or the one of that name; else the one of that name below a group.
    fn of(source: &Source<'_>, node: Node, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let attributes = match node {
            Node::Array(metadata) => return Self::plain(String::new(), &metadata),
            Node::Group(attributes) => attributes,
        };
        if let Some(found) = Self::image(source, String::new(), &attributes, options.name, options)? {
            return Ok(found);
        }
        let Some(name) = options.name else {
            return Err(Error::unsupported("a group of Zarr that is no image, with_name chooses an array", ""));
        };
        let folder = format!("{}/", name.trim_matches('/'));
        match read_node(source, &folder, options)? {
            Node::Array(metadata) => Self::plain(folder, &metadata),
            Node::Group(attributes) => Self::image(source, folder, &attributes, None, options)?
                .ok_or_else(|| Error::unsupported("a group of Zarr that is no image", "")),
        }
    }

    fn plain(folder: String, metadata: &Map<String, Value>) -> Result<Self, Error> {
        let stored = Stored::parse(metadata)?;
        let roles = Roles::plain(stored.shape.len());
        Ok(Self { folder, stored, roles, image: None, attributes: Map::new() })
    }

    /// A level of the image of a group; `None` where it has none, or none of that name.
    fn image(
        source: &Source<'_>,
        folder: String,
        attributes: &Map<String, Value>,
        name: Option<&str>,
        options: &ReadOptions<'_>,
    ) -> Result<Option<Self>, Error> {
        let Some(image) = Image::parse(attributes)? else { return Ok(None) };
        let level = match name {
            None => Some(0),
            Some(name) => image.levels.iter().position(|level| level.path == name),
        };
        let Some(level) = level else { return Ok(None) };
        let folder = format!("{folder}{}/", image.levels[level].path.trim_matches('/'));
        let Node::Array(metadata) = read_node(source, &folder, options)? else {
            return Err(Error::malformed("path", "a group", "the name of an array"));
        };
        let stored = Stored::parse(&metadata)?;
        if stored.shape.len() != image.axes.len() {
            return Err(Error::malformed("axes", image.axes.len(), "as many as the array has"));
        }
        let roles = Roles::of(&image)?;
        Ok(Some(Self { folder, stored, roles, image: Some((image, level)), attributes: attributes.clone() }))
    }

    /// What is said of the volume, and all of it as what is wanted.
    fn head(&self, options: &ReadOptions<'_>) -> Result<(FileHead, Wanted), Error> {
        let stored = &self.stored;
        let limits = options.ctx.limits();
        limits.check(&stored.shape, stored.sample.bytes() as u64)?;
        let (mut codecs, mut chunk) = (&stored.codecs, &stored.chunk);
        while let Inner::Shards(shards) = &codecs.inner {
            (codecs, chunk) = (&shards.codecs, &shards.chunk);
        }
        let (asked, limit) = (bytes_of(chunk, stored.sample), limits.bytes);
        if asked > limit {
            return Err(Error::Limit { what: "bytes of a chunk", asked, limit });
        }
        let counts = stored.shape.iter().zip(&stored.chunk).map(|(len, chunk)| len.div_ceil(*chunk));
        let asked = counts.fold(1, u64::saturating_mul);
        if asked > chunks::MOST {
            return Err(Error::Limit { what: "chunks", asked, limit: chunks::MOST });
        }
        // checked above: no axis is longer than a usize
        let len = |axis: Option<usize>| axis.map_or(1, |axis| stored.shape[axis] as usize);
        let shape = self.roles.grid.map(len);
        let mut warnings = Vec::new();
        let mut texts = BTreeMap::new();
        let (grid, slow) = match &self.image {
            Some((image, level)) => {
                let level: &Level = &image.levels[*level];
                texts.extend(image.name.clone().map(|name| ("name".to_owned(), name)));
                let grid = place::geometry(image, level, &self.roles, shape, &self.attributes, &mut warnings)?;
                let slow = self.roles.slow.iter().enumerate();
                let slow = slow.map(|(n, axis)| roles::slow_axis(image, level, *axis, n + 4, len(Some(*axis))));
                (grid, slow.collect::<Result<Vec<_>, _>>()?)
            }
            None => {
                warnings.push(Warning::NoPlace);
                let slow = self.roles.slow.iter().enumerate();
                let slow = slow.map(|(n, a)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 4)), len(Some(*a))));
                (Geometry::new(shape, Affine::IDENTITY, Frame::Unknown)?, slow.collect::<Result<Vec<_>, _>>()?)
            }
        };
        let mut head = FileHead {
            format: if self.image.is_some() { "OME-NGFF" } else { "Zarr" },
            head: Head::new(grid).with_slow_axes(slow)?,
            sample_type: stored.sample,
            texts,
            label_table: None,
            is_label: false,
            warnings,
        };
        label::read(&self.attributes, &mut head);
        let mut wanted = Wanted {
            start: vec![0; stored.shape.len()],
            size: stored.shape.clone(),
            strides: vec![0; stored.shape.len()],
        };
        self.set_strides(&mut wanted);
        Ok((head, wanted))
    }

    /// Lays the samples of what is wanted as those of a volume.
    fn set_strides(&self, wanted: &mut Wanted) {
        let mut stride = 1;
        for axis in self.roles.order().flatten() {
            wanted.strides[axis] = stride;
            stride *= wanted.size[axis] as usize;
        }
    }

    /// Wants a block of the grid, of one step or of all; the fourth number counts steps over all slow axes.
    fn narrow(&self, wanted: &mut Wanted, start: [usize; 4], size: [usize; 4]) {
        for n in 0..3 {
            if let Some(axis) = self.roles.grid[n] {
                (wanted.start[axis], wanted.size[axis]) = (start[n] as u64, size[n] as u64);
            }
        }
        let steps: u64 = self.roles.slow.iter().map(|axis| self.stored.shape[*axis]).product();
        if (size[3] as u64) < steps {
            let mut rest = start[3] as u64;
            for axis in &self.roles.slow {
                let len = self.stored.shape[*axis];
                (wanted.start[*axis], wanted.size[*axis]) = (rest % len, 1);
                rest /= len;
            }
        }
        self.set_strides(wanted);
    }
}

/// The metadata of a folder below the source's.
fn read_node(source: &Source<'_>, folder: &str, options: &ReadOptions<'_>) -> Result<Node, Error> {
    for name in super::METADATA {
        if let Some(begun) = beside(source, &format!("{folder}{name}"), options)? {
            return node(source, folder, begun, options);
        }
    }
    Err(Error::unsupported("an array of a name that the file does not have", ""))
}

/// What a folder is, by one of the files that say so.
fn node(
    source: &Source<'_>,
    folder: &str,
    begun: Map<String, Value>,
    options: &ReadOptions<'_>,
) -> Result<Node, Error> {
    match begun.get("zarr_format").and_then(Value::as_u64) {
        Some(3) if begun.get("node_type").and_then(Value::as_str) == Some("group") => {
            let mut begun = begun;
            match begun.remove("attributes") {
                Some(Value::Object(attributes)) => Ok(Node::Group(attributes)),
                _ => Ok(Node::Group(Map::new())),
            }
        }
        // of another version, or an array
        Some(_) if begun.contains_key("shape") => Ok(Node::Array(begun)),
        Some(2) => Ok(Node::Group(beside(source, &format!("{folder}.zattrs"), options)?.unwrap_or_default())),
        Some(other) => Err(Error::unsupported("version of Zarr", other)),
        // attributes alone: of an image, or of an array
        None if Image::parse(&begun).is_ok_and(|image| image.is_none()) => {
            let array = beside(source, &format!("{folder}.zarray"), options)?;
            Ok(array.map_or(Node::Group(begun), Node::Array))
        }
        None => Ok(Node::Group(begun)),
    }
}

/// The object of a file beside the source; `None` where it is not there.
fn beside(source: &Source<'_>, name: &str, options: &ReadOptions<'_>) -> Result<Option<Map<String, Value>>, Error> {
    match source.open_beside(name, Compression::None) {
        Ok(mut file) => object(&mut file, options).map(Some),
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn object(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Map<String, Value>, Error> {
    let text = source.rest("bytes of metadata", options.header_bytes)?;
    let found = serde_json::from_slice(super::without_mark(&text));
    found.map_err(|_| Error::malformed("metadata", "no JSON", "an object"))
}
