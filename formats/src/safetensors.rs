//! Tensors of one file: `.safetensors`.
//!
//! A tensor is indexed as an array of [`crate::npy`]: its last axis is i. The only one is the volume; of several,
//! [`crate::ReadOptions::with_name`] chooses, and without it they are refused, and named.
//!
//! The format has no place. What is written here keeps it in `__metadata__`, which holds texts alone: `isocenter.affine`, three rows of
//! four numbers that take voxel (i, j, k) to LPS+ millimetres, and `isocenter.frame`, `patient`, `unknown` or `pixel`; the tensor is
//! `data`. Files of others have spacing 1 mm, the frame unknown, and a warning ([`crate::Warning::NoPlace`]). Other texts come back by
//! their key. A scaling is refused, and so are types that a volume does not have (`BF16`, `F8_E4M3`, ...).
//!
//! Source: the format's description in huggingface/safetensors, "Format" (0.4 and later).

mod header;
mod reader;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Safetensors;

impl Format for Safetensors {
    fn name(&self) -> &'static str {
        "safetensors"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["safetensors"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        // the length of a text that begins as an object, and the words that each has
        let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
        let len = head.first_chunk::<8>().map_or(0, |len| u64::from_le_bytes(*len));
        (2..1 << 40).contains(&len) && head.get(8) == Some(&b'{') && (has(b"\"dtype\"") || has(b"\"__metadata__\""))
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}
