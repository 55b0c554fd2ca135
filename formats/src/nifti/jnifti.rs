//! JNIfTI: NIfTI as a document, text (`.jnii`, JSON) or binary (`.bnii`, BJData, little endian).
//!
//! `NIFTIHeader` has the fields of NIfTI's header by other names, which mean what they mean there (see [`crate::nifti`]): numbers
//! or words, in f64. `NIFTIData` is the array: lists of numbers, typed arrays of BJData, or an annotated array of JData, whose numbers may be
//! packed by zlib or gzip or spelled in base64. Its first index is i; the last varies fastest unless `_ArrayOrder_` says otherwise. Complex
//! numbers are two rows, colours a last axis of three. `NIFTIExtension` are header extensions. Of several (`NIFTIData(name)`)
//! [`crate::ReadOptions::with_name`] chooses; groups below the top are not searched.
//!
//! Where `DataType` contradicts `_ArrayType_` the array's own type is taken, but for whole numbers of as many bytes, whose sign the header
//! knows; a warning says so ([`crate::Warning::TypeDisagrees`]). Written arrays are packed by zlib; half floats become f32.
//!
//! Sources: JNIfTI specification (Draft 2 and 3); JData specification (Draft 2); Binary JData specification (Draft 2 and later).

mod array;
mod bjdata;
mod fields;
mod reader;
mod tree;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The text form.
#[derive(Clone, Copy, Debug, Default)]
pub struct JniftiText;

/// The binary form.
#[derive(Clone, Copy, Debug, Default)]
pub struct JniftiBinary;

/// Words that tell such a document, one of which stands near its begin.
const WORDS: [&[u8]; 4] = [b"JNIFTIVersion", b"NIFTIHeader", b"NIFTIData", b"NIFTIExtension"];

/// Whether a document is text: what opens it is followed by a quote.
fn is_text(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().strip_prefix(b"{");
    rest.is_some_and(|rest| rest.trim_ascii_start().first().is_none_or(|byte| *byte == b'"'))
}

fn is_document(head: &[u8]) -> bool {
    let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
    head.trim_ascii_start().starts_with(b"{") && WORDS.into_iter().any(has)
}

impl Format for JniftiText {
    fn name(&self) -> &'static str {
        "JNIfTI"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jnii"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        is_document(head) && is_text(head)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options, true)
    }
}

impl Format for JniftiBinary {
    fn name(&self) -> &'static str {
        "binary JNIfTI"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["bnii"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        is_document(head) && !is_text(head)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options, false)
    }
}
