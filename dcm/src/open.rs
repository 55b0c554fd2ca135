//! Opening a file: tolerant, within limits, every repair told.
//!
//! A file is read in stages: the meta group ([`FileMeta`](crate::FileMeta)), the data set, then checks on the whole. What can
//! be told without a guess is repaired and listed in [`Instance::warnings`]; what cannot is an [`Error`]. How far that goes is
//! a [`Tolerance`]. With [`header_only`](OpenOptions::header_only), reading ends before the pixel data, and only the first blocks
//! of the file are read; [`Lazy`](crate::Lazy) also decodes single frames of what stays in the file.
//!
//! A memory map is bytes: [`OpenOptions::parse`] takes it, and [`OpenOptions::read_at`] any source.
//!
//! Source: DICOM PS3.10 section 7.

use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::rc::Rc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::read::dataset::Context;
use crate::read::meta;
use crate::read::sniff::{self, Layout};
use crate::read::walk::{Stop, Walk};
use crate::text::Charset;
use crate::{Error, Instance, OpenOptions, Tolerance, TransferSyntax, Warning, file_meta, pixel, value};

/// Bytes of the first read of a header; most headers fit.
pub(crate) const FIRST_BLOCK: usize = 32 << 10;

impl OpenOptions {
    /// Opens what a reader gives from where it stands to its end; with [`OpenOptions::header_only`] or
    /// [`OpenOptions::until`], no more of it is read than they need.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn read(&self, reader: &mut (impl Read + Seek)) -> Result<Instance, Error> {
        let start = reader.stream_position().map_err(io)?;
        let end = reader.seek(SeekFrom::End(0)).map_err(io)?;
        reader.seek(SeekFrom::Start(start)).map_err(io)?;
        self.read_from(reader, Vec::new(), end.saturating_sub(start))
    }

    /// Opens what a stream gives up to its end: a socket, a pipe, the member of an archive. All of it is read, since only its
    /// end tells how long it is.
    ///
    /// # Errors
    /// As [`OpenOptions::open`].
    pub fn read_stream(&self, reader: &mut impl Read) -> Result<Instance, Error> {
        let mut bytes = Vec::new();
        reader.by_ref().take(self.limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(io)?;
        self.parse(&bytes)
    }

    /// Opens a file whose bytes are at hand.
    pub fn parse(&self, bytes: &[u8]) -> Result<Instance, Error> {
        self.check_total(bytes.len() as u64)?;
        self.attempt(bytes, bytes.len() as u64).map_err(failed)
    }

    /// Goes on reading a file of `total` bytes of which `head` has been read.
    pub(crate) fn read_from(&self, file: &mut impl Read, head: Vec<u8>, total: u64) -> Result<Instance, Error> {
        self.check_total(total)?;
        let whole = usize::try_from(total).map_err(|_| Error::Limit {
            what: "bytes of a file",
            asked: total,
            limit: usize::MAX as u64,
        })?;
        let mut bytes = head;
        let partly = self.header_only || self.until.is_some();
        let mut wanted = if partly { FIRST_BLOCK.max(bytes.len()).min(whole) } else { whole };
        loop {
            extend(file, &mut bytes, wanted)?;
            match self.attempt(&bytes, total) {
                Ok(instance) => return Ok(instance),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::More(least)) if wanted < whole => wanted = least.max(wanted.saturating_mul(4)).min(whole),
                Err(Stop::More(_)) => return Err(Error::Malformed { tag: None, what: "a length beyond the file" }),
            }
        }
    }

    fn check_total(&self, total: u64) -> Result<(), Error> {
        if total == 0 {
            return Err(Error::Empty);
        }
        if total > self.limits.file_bytes {
            return Err(Error::Limit { what: "bytes of a file", asked: total, limit: self.limits.file_bytes });
        }
        Ok(())
    }

    fn attempt(&self, bytes: &[u8], total: u64) -> Result<Instance, Stop> {
        let head = meta::read(bytes, total)?;
        let (mut meta, mut warnings) = (head.meta, head.warnings);
        let rest = bytes.get(head.dataset_at..).unwrap_or_default();
        let rest_total = total - head.dataset_at as u64;
        if rest_total > 0 && (rest.len() as u64) < rest_total.min(8) {
            return Err(Stop::More(head.dataset_at + 8));
        }
        let mut found = sniff::layout(rest, rest_total);
        if meta.transfer_syntax_uid.is_empty() {
            let bare = warnings.contains(&Warning::MissingMeta);
            let missing = Error::Missing { tag: tags::TRANSFER_SYNTAX_UID };
            // Behind a meta group there is a data set, even where its first tag is one that nobody knows.
            found = found.or_else(|| (!bare).then(|| Layout { explicit: sniff::has_vr(rest), big: false }));
            let layout = found.ok_or(if bare { Error::NotDicom } else { missing })?;
            meta.transfer_syntax_uid = match layout {
                Layout { explicit: false, .. } => "1.2.840.10008.1.2",
                Layout { big: false, .. } => "1.2.840.10008.1.2.1",
                Layout { big: true, .. } => "1.2.840.10008.1.2.2",
            }
            .to_owned();
            if !bare {
                warnings.push(Warning::MissingTransferSyntax);
            }
        }
        let mut second = head.second_syntax;
        if let Some(second) =
            second.as_mut().filter(|uid| !is_as(&meta.transfer_syntax_uid, found) && is_as(uid, found))
        {
            std::mem::swap(&mut meta.transfer_syntax_uid, second);
        }
        let syntax = TransferSyntax::of(&meta.transfer_syntax_uid);
        let inflated;
        let (bytes, start, total) = match syntax {
            Some(TransferSyntax { deflated: true, .. }) => {
                if (bytes.len() as u64) < total {
                    return Err(Stop::More(usize::try_from(total).unwrap_or(usize::MAX)));
                }
                inflated = inflate(rest, self.limits.file_bytes)?;
                (inflated.as_slice(), 0, inflated.len() as u64)
            }
            _ => (bytes, head.dataset_at, total),
        };
        let layout = self.layout(
            syntax,
            &meta.transfer_syntax_uid,
            bytes.get(start..).unwrap_or_default(),
            total - start as u64,
        )?;
        if syntax.is_some_and(|syntax| (syntax.explicit_vr, syntax.big_endian) != (layout.explicit, layout.big)) {
            warnings.push(Warning::SyntaxMismatch { explicit: layout.explicit, big_endian: layout.big });
        }
        let mut walk = Walk { warnings, ..Walk::new(bytes, total, start, self) };
        let context = Context { layout, charset: Rc::new(Charset::default()), signed: false, depth: 0 };
        let dataset = walk.dataset(context, total, None)?;
        let Walk { warnings, pixels, stopped, second_syntax, digest, .. } = walk;
        let digest = digest.map(|digest| digest.finish());
        let encapsulated = |uid: &str| TransferSyntax::of(uid).is_some_and(|syntax| syntax.is_encapsulated());
        // the syntax of a second meta group, where the pixels are as it says and not as the first does
        if let Some(fragments) = pixels.map(|element| element.length.is_none())
            && encapsulated(&meta.transfer_syntax_uid) != fragments
            && let Some(uid) = second_syntax.or(second)
            && TransferSyntax::of(&uid).is_some_and(|syntax| !syntax.deflated)
            && encapsulated(&uid) == fragments
        {
            meta.transfer_syntax_uid = uid;
        }
        let limits = self.limits.clone();
        let strict = self.tolerance == Tolerance::Strict;
        let whole = !stopped && self.selection.is_none();
        let mut instance = Instance { meta, dataset, warnings, pixels, layout, whole, limits, strict, digest };
        self.finish(&mut instance)?;
        Ok(instance)
    }

    /// Checks that need the whole header, and the warnings that come of them.
    fn finish(&self, instance: &mut Instance) -> Result<(), Error> {
        if instance.pixels.is_some() || instance.whole {
            self.check_uids(instance);
        }
        self.check_pixels(instance)?;
        match instance.warnings.first() {
            Some(warning) if self.tolerance == Tolerance::Strict => {
                Err(Error::NotConforming { warning: warning.clone() })
            }
            _ => Ok(()),
        }
    }

    fn check_uids(&self, instance: &mut Instance) {
        let empty = |tag: Tag| value::string(&instance.dataset, tag).is_none();
        let meta = &instance.meta;
        let class = empty(tags::SOP_CLASS_UID) && !meta.media_storage_sop_class_uid.is_empty();
        let uid = empty(tags::SOP_INSTANCE_UID) && !meta.media_storage_sop_instance_uid.is_empty();
        instance.warnings.extend(class.then_some(Warning::SopClassFromMeta));
        instance.warnings.extend(uid.then_some(Warning::SopInstanceFromMeta));
    }

    fn check_pixels(&self, instance: &mut Instance) -> Result<(), Error> {
        let Some(element) = instance.pixels else { return Ok(()) };
        if element.length == Some(0) {
            instance.warnings.push(Warning::EmptyPixelData);
            return Ok(());
        }
        let (Some(length), Ok(info)) = (element.length, pixel::PixelInfo::of(&instance.dataset)) else { return Ok(()) };
        let native = instance.transfer_syntax().is_ok_and(|s| !s.is_encapsulated());
        let Some(wanted) = info.native_bytes().filter(|_| native) else { return Ok(()) };
        if info.are_words(length) {
            instance.warnings.push(Warning::WordsForPackedPixels);
            return Ok(());
        }
        if info.bits_allocated == pixel::PACKED && length > wanted + 1 {
            let what = "pixel data that is neither packed nor has a word for each sample";
            return Err(Error::Malformed { tag: Some(element.tag), what });
        }
        if length < wanted {
            if self.tolerance != Tolerance::Salvage {
                let (tag, offset) = (Some(element.tag), element.offset);
                return Err(Error::Truncated { tag, offset, wanted, left: length });
            }
            let told = |w: &Warning| matches!(w, Warning::Truncated { tag, .. } if *tag == element.tag);
            if !instance.warnings.iter().any(told) {
                instance.warnings.push(Warning::Truncated { tag: element.tag, wanted, left: length });
            }
        }
        if length > wanted + 1 {
            instance.warnings.push(Warning::LongPixelData { excess: length - wanted });
        }
        Ok(())
    }

    /// The layout that the syntax declares, or the one that the bytes show where they differ.
    fn layout(&self, syntax: Option<TransferSyntax>, uid: &str, bytes: &[u8], total: u64) -> Result<Layout, Error> {
        let found = sniff::layout(bytes, total);
        match (syntax, found) {
            (Some(syntax), None) => Ok(Layout { explicit: syntax.explicit_vr, big: syntax.big_endian }),
            (_, Some(found)) => Ok(found),
            // Syntaxes that are not the standard's are encapsulated ones, as far as they are known.
            (None, None) if sniff::has_vr(bytes) => Ok(Layout { explicit: true, big: false }),
            (None, None) => Err(Error::UnsupportedTransferSyntax { uid: file_meta::safe_uid(uid) }),
        }
    }
}

/// Whether a data set whose first element shows `found` is written as a transfer syntax says.
fn is_as(uid: &str, found: Option<Layout>) -> bool {
    TransferSyntax::of(uid).is_some_and(|syntax| match found {
        Some(layout) => !syntax.deflated && (syntax.explicit_vr, syntax.big_endian) == (layout.explicit, layout.big),
        None => syntax.deflated,
    })
}

/// The error of a walk over bytes that are all there.
pub(crate) fn failed(stop: Stop) -> Error {
    match stop {
        Stop::Failed(error) => error,
        Stop::More(_) => Error::Malformed { tag: None, what: "a length beyond the file" },
    }
}

fn extend(file: &mut impl Read, bytes: &mut Vec<u8>, wanted: usize) -> Result<(), Error> {
    let missing = wanted.saturating_sub(bytes.len());
    bytes.try_reserve_exact(missing).map_err(|_| Error::Limit { what: "memory", asked: wanted as u64, limit: 0 })?;
    file.by_ref().take(missing as u64).read_to_end(bytes).map_err(io)?;
    if bytes.len() < wanted {
        return Err(io(ErrorKind::UnexpectedEof.into()));
    }
    Ok(())
}

fn io(source: std::io::Error) -> Error {
    Error::Io { path: None, action: "read", source }
}

fn inflate(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Error> {
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(bytes).take(limit.saturating_add(1));
    decoder.read_to_end(&mut inflated).map_err(|_| Error::Truncated {
        tag: None,
        offset: 0,
        wanted: inflated_more(bytes),
        left: bytes.len() as u64,
    })?;
    if inflated.len() as u64 > limit {
        return Err(Error::Limit { what: "bytes of an inflated data set", asked: inflated.len() as u64, limit });
    }
    Ok(inflated)
}

fn inflated_more(bytes: &[u8]) -> u64 {
    bytes.len() as u64 + 1
}
