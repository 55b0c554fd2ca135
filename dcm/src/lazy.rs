//! Files whose pixel data stays where it is: frames are read one by one, a changed header is written with the pixels copied.
//!
//! [`Lazy`] stands on anything that can be read at an offset ([`ReadAt`]): a file, bytes, a memory map in [`Bytes`](crate::Bytes). It reads
//! the header, the place of each fragment and what follows the pixel data; of the pixels only what a frame needs.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Bytes, Dataset, FileMeta, Instance, Lazy, OpenOptions, pixel::DecodeOptions, tags};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
//!
//! let mut ds = Dataset::new_empty();
//! ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
//! ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
//! for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::BITS_ALLOCATED, 8)] {
//!     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
//! }
//! ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "2"));
//! ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![1u8, 2, 3, 4])));
//! let bytes = Instance::new(FileMeta::default(), ds).to_bytes()?;
//!
//! let lazy = Lazy::new(Bytes(bytes), &OpenOptions::new())?;
//! assert!(lazy.header().dataset.get(tags::PIXEL_DATA).is_none());
//! let second = lazy.frame(1)?.decode(&DecodeOptions::default())?;
//! assert_eq!(second.to_f64(), [3.0, 4.0]);
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

mod copy;
mod fragments;
mod load;
mod path;
mod plain;

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_volume::Ctx;

use crate::pixel::source::{Header, InMemory, Pixels, Raw, RawFrames, Work};
use crate::pixel::{PixelInfo, native};
use crate::read::dataset::Context;
use crate::read::walk::Walk;
use crate::source::{ReadAt, Reader};
use crate::text::Charset;
use crate::{Error, Instance, OpenOptions, PixelElement, Tolerance, value};
pub use copy::{Edit, Outgoing};
use fragments::Fragments;
pub use plain::PlainPixels;

/// A file opened without its pixel data.
#[derive(Debug)]
pub struct Lazy<R> {
    source: R,
    header: Instance,
    place: Place,
    /// Whether elements behind the pixel data were not asked for.
    partial: bool,
    options: OpenOptions,
    /// The transfer syntax that the pixels are in, whatever becomes of the header.
    uid: String,
}

/// Where the pixels are.
#[derive(Debug)]
enum Place {
    /// In the header's data set: the file is deflated as a whole, or has none.
    InMemory,
    /// In the file, one after the other.
    Native(PixelElement),
    /// In the file, in fragments.
    Fragments(PixelElement, Fragments),
}

impl<R: ReadAt> Lazy<R> {
    /// Reads the header and what follows the pixel data.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn new(source: R, options: &OpenOptions) -> Result<Self, Error> {
        let total = source.size().map_err(io)?;
        let mut reader = Reader::new(&source).map_err(io)?;
        let mut header = options.clone().header_only(true).read_from(&mut reader, Vec::new(), total)?;
        let uid = header.meta.transfer_syntax_uid.clone();
        let deflated = header.transfer_syntax().is_ok_and(|syntax| syntax.deflated);
        let mut partial = false;
        let place = match header.pixels {
            Some(_) if deflated => {
                let mut reader = Reader::new(&source).map_err(io)?;
                header = options.clone().header_only(false).read_from(&mut reader, Vec::new(), total)?;
                Place::InMemory
            }
            None => Place::InMemory,
            Some(element) => match element.length {
                Some(length) => {
                    let end = element.offset.saturating_add(length);
                    partial = read_tail(&source, &mut header, options, (end, None), total)?;
                    Place::Native(element)
                }
                None => {
                    let fragments = Fragments::find(&source, &mut header, element, options, total)?;
                    partial = read_tail(&source, &mut header, options, (fragments.end, Some(element.tag)), total)?;
                    Place::Fragments(element, fragments)
                }
            },
        };
        // What was met behind the pixel data counts as much as what stands before it.
        if options.tolerance == Tolerance::Strict
            && let Some(warning) = header.warnings.first()
        {
            return Err(Error::NotConforming { warning: warning.clone() });
        }
        Ok(Self { source, header, place, partial, options: options.clone(), uid })
    }

    /// Everything but the pixel data; what stands behind it in the file is there too.
    pub fn header(&self) -> &Instance {
        &self.header
    }

    /// The header, to be changed before [`Lazy::write`]. What describes the pixels must stay true.
    pub fn header_mut(&mut self) -> &mut Instance {
        &mut self.header
    }

    /// Reads the pixel data too: what [`OpenOptions::open`] gives.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Limit`].
    pub fn load(self) -> Result<Instance, Error> {
        self.load_with(&Ctx::default())
    }

    /// As [`Lazy::load`]; the stage `read` counts bytes of pixel data.
    ///
    /// # Errors
    /// As [`Lazy::load`], and [`Error::Cancelled`].
    pub fn load_with(self, ctx: &Ctx<'_>) -> Result<Instance, Error> {
        load::load(self, ctx)
    }

    /// Writes the header as it is now and the pixel data as it is in the source, which is never held in memory; whole or not
    /// at all, as [`Instance::write`].
    ///
    /// # Errors
    /// As [`Instance::write`], and [`Error::PartlyRead`] where [`OpenOptions::until`] cut the header short.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.write_with(path, &Ctx::default())
    }

    /// As [`Lazy::write`]; the stage `write` counts bytes.
    ///
    /// # Errors
    /// As [`Lazy::write`], and [`Error::Cancelled`].
    pub fn write_with(&self, path: impl AsRef<Path>, ctx: &Ctx<'_>) -> Result<(), Error> {
        self.outgoing()?.write(path, &mut |_| Ok(()), ctx)
    }

    /// What [`Lazy::write`] writes, to be looked at, and edited on its way.
    ///
    /// # Errors
    /// As [`Lazy::write`], but for those of writing.
    pub fn outgoing(&self) -> Result<Outgoing<'_, R>, Error> {
        Outgoing::of(self)
    }

    /// Whether its pixel data is plain samples that lie in the source: not in fragments, not in a deflated data set, and not absent.
    pub const fn is_native(&self) -> bool {
        matches!(self.place, Place::Native(_))
    }

    /// As [`Lazy::write_with`], to anything that takes bytes; what it took stays where it fails.
    ///
    /// # Errors
    /// As [`Lazy::write_with`].
    pub fn write_to(&self, out: &mut dyn Write, ctx: &Ctx<'_>) -> Result<(), Error> {
        self.outgoing()?.write_to(out, &mut |_| Ok(()), ctx)
    }
}

impl<R: ReadAt> Pixels for Lazy<R> {
    fn instance(&self) -> &Instance {
        &self.header
    }

    fn work(&self, work: &mut Work<'_>) -> Result<(), Error> {
        let header = Header::new(&self.header)?;
        match &self.place {
            Place::InMemory => work(&header, &InMemory::new(header.dataset, &header.info)?),
            Place::Native(PixelElement { length: Some(0), .. }) => Err(Error::NoPixelData),
            Place::Native(element) => {
                let order = Order::of(&self.header, element, &header.info);
                work(&header, &NativeFrames { source: &self.source, element, order })
            }
            Place::Fragments(_, fragments) => {
                let frames = fragments.frames(&self.source, header.dataset, header.info.frames)?;
                work(&header, &frames)
            }
        }
    }
}

/// How many bytes are turned together to make them little endian.
#[derive(Clone, Copy, Debug)]
struct Order(usize);

impl Order {
    fn of(header: &Instance, element: &PixelElement, info: &PixelInfo) -> Self {
        if !header.layout.big || element.vr == VR::OB {
            return Self(1);
        }
        // Words of 16 bits, unless the samples themselves are wider.
        Self(usize::from((info.bits_allocated / 8).max(2)))
    }

    fn turn(self, bytes: &mut [u8]) {
        if self.0 > 1 {
            bytes.chunks_exact_mut(self.0).for_each(<[u8]>::reverse);
        }
    }
}

struct NativeFrames<'a, R> {
    source: &'a R,
    element: &'a PixelElement,
    order: Order,
}

impl<R: ReadAt> RawFrames for NativeFrames<'_, R> {
    fn raw(&self, info: &PixelInfo, index: usize) -> Result<Raw<'_>, Error> {
        let length = self.element.length.unwrap_or(0);
        let span = native::span(info, index, length)?;
        // A frame may start within a word that has to be turned as a whole.
        let width = self.order.0 as u64;
        let (from, to) = (span.bytes.start / width * width, span.bytes.end.next_multiple_of(width).min(length));
        let mut bytes = read(self.source, self.element.offset.saturating_add(from), to - from)?;
        self.order.turn(&mut bytes);
        bytes.truncate((span.bytes.end - from) as usize);
        bytes.drain(..(span.bytes.start - from) as usize);
        Ok(Raw::Native(Cow::Owned(bytes), span.bit))
    }
}

/// Reads `length` bytes, which lie in the file.
fn read(source: &impl ReadAt, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
    let limit = Error::Limit { what: "memory", asked: length, limit: 0 };
    let mut bytes = Vec::new();
    match usize::try_from(length) {
        Ok(length) if bytes.try_reserve_exact(length).is_ok() => bytes.resize(length, 0),
        _ => return Err(limit),
    }
    source.read_exact_at(&mut bytes, offset).map_err(io)?;
    Ok(bytes)
}

/// Adds the elements behind the pixel data to the header, from where it ends and whose delimiter ends it; returns whether it stopped
/// before the last of them.
fn read_tail(
    source: &impl ReadAt,
    header: &mut Instance,
    options: &OpenOptions,
    (at, closed): (u64, Option<Tag>),
    total: u64,
) -> Result<bool, Error> {
    if at >= total {
        return Ok(false);
    }
    let bytes = read(source, at, total - at)?;
    let names = value::strings(&header.dataset, tags::SPECIFIC_CHARACTER_SET);
    let signed = value::u16(&header.dataset, tags::PIXEL_REPRESENTATION) == Some(1);
    let context = Context { layout: header.layout, charset: Rc::new(Charset::of(&names)), signed, depth: 0 };
    let mut walk = Walk::new(&bytes, bytes.len() as u64, 0, options);
    walk.header_only = false;
    walk.closed = closed.map(|tag| (0, tag));
    walk.before = header.pixels.map(|element| element.tag);
    let tail = walk.dataset(context, bytes.len() as u64, None::<Tag>).map_err(crate::open::failed)?;
    header.warnings.append(&mut walk.warnings);
    tail.into_iter().for_each(|element| {
        header.dataset.put(element);
    });
    Ok(walk.stopped)
}

fn io(source: std::io::Error) -> Error {
    Error::Io { path: None, action: "read", source }
}
