//! Pictures: PNG, JPEG and TIFF, one file or a stack of slices.
//!
//! The columns of a picture are i, its rows j. What lies along k, and what are slow axes, is said below; the first pixel is voxel 0. No
//! picture knows a patient, so the frame is [`isocenter_volume::Frame::Unknown`]. Where nothing says how far its pixels lie apart,
//! spacing is 1 mm and the warning [`crate::Warning::NoPlace`] says so.
//!
//! - **PNG** holds one plane: gray of 1, 2, 4 (as stored, in u8), 8 and 16 bits, colours of 8 bits as RGB, of 16 as three channels; colours
//!   of a palette are looked up. Alpha is left out, which a warning says. How far pixels lie apart on a print is not carried.
//! - **JPEG** holds one plane of 8 bits, gray or colour, and is read only: what it loses, it has lost.
//! - **TIFF** holds planes of every real sample type and of RGB, raw, LZW, deflate or `PackBits`, in strips or tiles, classic or big.
//!   What ImageJ says in the first description (`images`, `channels`, `slices`, `frames`, `spacing`, `unit`, `finterval`, a linear
//!   calibration) gives k, the axes [`Channel`](isocenter_volume::AxisKind::Channel) and [`Time`](isocenter_volume::AxisKind::Time) and the
//!   spacing; what tifffile says (`{"shape": [...]}`) gives numbered axes; else the pages lie along k. Without ImageJ's words a
//!   resolution per inch or centimetre is taken as the spacing, as ITK does, and a warning says so.
//!
//! Written are PNG, a file for each plane (`NAME_0001.png`, ...; see [`crate::stack`]), and TIFF as ImageJ reads it. Whole numbers of 0 to
//! 65,535 are exact in PNG, every real type in TIFF; for others, and for volumes with a scaling, [`crate::WriteOptions::with_gray`] makes
//! 8 bits of a window of real values ([`Gray`]).
//!
//! Sources: PNG (Third Edition); ITU-T T.81; TIFF 6.0; ImageJ 1.54 (`FileInfo.getImageInfo`, `TiffEncoder`, `FileOpener`); tifffile
//! (`shaped_description`).

mod gray;
mod jpeg;
mod plane;
mod png;
pub mod stack;
mod tiff;

use isocenter_files::Signature;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, source::Source, target::Target};

pub use crate::options::Gray;

/// PNG.
#[derive(Clone, Copy, Debug, Default)]
pub struct Png;

/// JPEG, read only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jpeg;

/// TIFF.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tiff;

impl Format for Png {
    fn name(&self) -> &'static str {
        "PNG"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["png"]
    }

    fn is_several(&self) -> bool {
        true
    }

    fn is_picture(&self) -> bool {
        true
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Signature::of(head) == Some(Signature::Png)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        png::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        png::write(file, target, options)
    }
}

impl Format for Jpeg {
    fn name(&self) -> &'static str {
        "JPEG"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn is_picture(&self) -> bool {
        true
    }

    fn sniff(&self, head: &[u8]) -> bool {
        // JPEG-LS begins in the same way, and is refused by its frame header
        Signature::of(head) == Some(Signature::Jpeg)
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        jpeg::open(source, options)
    }

    fn write(&self, _: &File, _: &mut Target<'_>, _: &WriteOptions<'_>) -> Result<(), Error> {
        Err(Error::unsupported("writing JPEG", "it loses values"))
    }
}

impl Format for Tiff {
    fn name(&self) -> &'static str {
        "TIFF"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["tif", "tiff"]
    }

    fn is_picture(&self) -> bool {
        true
    }

    fn sniff(&self, head: &[u8]) -> bool {
        // a big one has 43 in the place of 42
        Signature::of(head) == Some(Signature::Tiff)
            || head.starts_with(b"II+\0\x08\0")
            || head.starts_with(b"MM\0+\0\x08")
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        tiff::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        tiff::write(file, target, options)
    }
}
