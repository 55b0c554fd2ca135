//! Files whose pixel data stays where it is: frames are read one by one, a changed header is written with the pixels copied.
//!
//! [`Lazy`] stands on anything that can be read at an offset ([`ReadAt`]): a file, bytes, a memory map in [`Bytes`]. It reads
//! the header, the place of each fragment and what follows the pixel data; of the pixels only what a frame needs.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, OpenOptions, pixel::DecodeOptions, tags, write};
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
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("image.dcm");
//! write::write_file(&FileMeta::default(), &ds, &path)?;
//!
//! let lazy = OpenOptions::new().open_lazy(&path)?;
//! assert!(lazy.header().dataset.get(tags::PIXEL_DATA).is_none());
//! let second = lazy.frame(1, &DecodeOptions::default())?;
//! assert_eq!(second.samples.to_f64(), [3.0, 4.0]);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod copy;
mod fragments;
mod load;
mod read_at;

use std::borrow::Cow;
use std::path::Path;
use std::rc::Rc;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

pub(crate) use copy::Failed;
pub use read_at::{Bytes, ReadAt};

use crate::pixel::native;
use crate::pixel::real;
use crate::pixel::source::{Header, InMemory, Raw, RawFrames};
use crate::pixel::{DecodeOptions, Frame, PixelInfo, Target};
use crate::read::dataset::{Context, Walk};
use crate::text::Charset;
use crate::{Error, Instance, OpenOptions, PixelElement, Tolerance, value, write};
use fragments::Fragments;

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
        let mut reader = read_at::Reader { source: &source, at: 0 };
        let mut header = options.clone().header_only(true).read_from(&mut reader, Vec::new(), total)?;
        let uid = header.meta.transfer_syntax_uid.clone();
        let deflated = header.transfer_syntax().is_ok_and(|syntax| syntax.deflated);
        let mut partial = false;
        let place = match header.pixels {
            Some(_) if deflated => {
                let mut reader = read_at::Reader { source: &source, at: 0 };
                header = options.clone().header_only(false).read_from(&mut reader, Vec::new(), total)?;
                Place::InMemory
            }
            None => Place::InMemory,
            Some(element) => match element.length {
                Some(length) => {
                    partial = read_tail(&source, &mut header, options, element.offset.saturating_add(length), total)?;
                    Place::Native(element)
                }
                None => {
                    let fragments = Fragments::find(&source, &mut header, element, options, total)?;
                    partial = read_tail(&source, &mut header, options, fragments.end, total)?;
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
        load::load(self)
    }

    /// Decodes frame `index` (from 0), reading its bytes only.
    ///
    /// # Errors
    /// As [`decode_frame`](crate::pixel::decode_frame), and [`Error::Io`].
    pub fn frame(&self, index: usize, options: &DecodeOptions) -> Result<Frame, Error> {
        self.with(|header, frames| options.frame_of(header, frames, index))
    }

    /// Decodes all frames, in parallel on the current rayon pool.
    ///
    /// # Errors
    /// As [`decode_all`](crate::pixel::decode_all), and [`Error::Io`].
    pub fn all(&self, options: &DecodeOptions) -> Result<Frame, Error> {
        self.with(|header, frames| options.all_of(header, frames))
    }

    /// Decodes frame `index` into the caller's buffer.
    ///
    /// # Errors
    /// As [`decode_frame_into`](crate::pixel::decode_frame_into), and [`Error::Io`].
    pub fn frame_into<T: Target>(
        &self,
        index: usize,
        options: &DecodeOptions,
        out: &mut [T],
    ) -> Result<PixelInfo, Error> {
        self.with(|header, frames| options.fill_of(header, frames, index, out))
    }

    /// The real values of frame `index` into the caller's buffer.
    ///
    /// # Errors
    /// As [`real_frame`](crate::pixel::real_frame), and [`Error::Io`].
    pub fn real_frame_into(&self, index: usize, out: &mut [f32]) -> Result<(), Error> {
        self.with(|header, frames| real::fill_of(header, frames, index, out))
    }

    /// Writes the header as it is now and the pixel data as it is in the file, which is never held in memory; whole or not
    /// at all, as [`write::write_file`].
    ///
    /// # Errors
    /// As [`write::write_file`], and [`Error::PartlyRead`] where [`OpenOptions::until`] cut the header short.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        match &self.place {
            _ if self.partial => Err(Error::PartlyRead),
            Place::InMemory => self.header.write(path),
            Place::Native(element) => copy::native(self, element, path),
            Place::Fragments(element, fragments) => copy::fragments(self, element, fragments, path),
        }
    }

    fn with<T>(&self, decode: impl FnOnce(&Header<'_>, &dyn RawFrames) -> Result<T, Error>) -> Result<T, Error> {
        let header = Header::new(&self.header)?;
        match &self.place {
            Place::InMemory => decode(&header, &InMemory::new(header.dataset, &header.info)?),
            Place::Native(element) => {
                let order = Order::of(&self.header, element, &header.info);
                decode(&header, &NativeFrames { source: &self.source, element, order })
            }
            Place::Fragments(_, fragments) => {
                let frames = fragments.frames(&self.source, header.dataset, header.info.frames)?;
                decode(&header, &frames)
            }
        }
    }
}

/// How many bytes are turned together to make them little endian.
#[derive(Clone, Copy)]
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

/// Adds the elements behind the pixel data to the header; returns whether it stopped before the last of them.
fn read_tail(
    source: &impl ReadAt,
    header: &mut Instance,
    options: &OpenOptions,
    at: u64,
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
