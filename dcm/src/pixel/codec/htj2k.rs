//! High-throughput JPEG 2000 (HTJ2K), lossless and lossy, one component or three.
//!
//! The frame of JPEG 2000 part 1 (tiles, wavelets, packets) around another coder of blocks. Values of up to 24 bits, signed or
//! not; any tiling, progression order and number of layers. Not decoded, all refused by name: streams that mix both block
//! coders, regions of interest, changes of the progression order, packed packet headers, subsampled or unequal components,
//! extensions of part 2.
//!
//! Real numbers are `f32` in one fixed order of operations, so that lossy images are the same on each machine.
//!
//! Source: ITU-T T.814 (ISO/IEC 15444-15) for the block coder, T.800 for the rest; DICOM PS3.5 section 8.2.14.

mod bits;
mod block;
mod geometry;
mod header;
mod output;
mod packet;
mod progression;
mod style;
mod tag_tree;
mod tile;
mod wavelet;

use super::jpeg2000::{self, Size};
use super::{Loss, Stream, damaged};
use crate::Error;
use crate::pixel::PixelInfo;

const NAME: &str = "HTJ2K";

/// Whether a stream's blocks are coded with high throughput; a JPEG 2000 stream of part 1 otherwise.
pub(in super::super) fn applies(stream: &[u8]) -> bool {
    jpeg2000::find(stream).is_some_and(header::applies)
}

/// Decodes one frame.
pub(in super::super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Stream, Error> {
    let codestream = jpeg2000::find(stream).ok_or_else(|| damaged(NAME, "no code stream"))?;
    let size = Size::read(codestream).ok_or_else(|| damaged(NAME, "no size marker"))?;
    size.check(info)?;
    let header = header::Header::read(codestream)?;
    let components = usize::from(info.samples_per_pixel);
    let range = output::Range::new(size.precision, size.signed);
    let mut values = vec![0; info.samples()];
    let mut decoder = block::Decoder::default();
    let mut loss = Loss::Untold;
    for tile in &header.tiles {
        let (mut samples, transform) = tile::decode(tile, &header.main, components, size.precision, &mut decoder)?;
        if transform {
            output::undo_transform(&mut samples)?;
        }
        for (index, component) in samples.iter().enumerate() {
            if let output::Samples::Real(_) = component {
                loss = Loss::Some;
            }
            output::store(component, index, components, &header.image, range, &mut values);
        }
    }
    let colour = jpeg2000::colour(info);
    Ok(Stream { values: values.into(), precision: u16::from(size.precision), signed: size.signed, colour, loss })
}
