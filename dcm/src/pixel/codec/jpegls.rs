//! JPEG-LS, lossless and near-lossless, one or three components in any interleave.
//!
//! Source: ITU-T T.87 (annex A coding, annex C markers). Not decoded: restart intervals, mapping tables, point transforms
//! and the colour transforms of one vendor, all refused by name.

mod bits;
pub(in crate::pixel) mod context;
mod header;
pub(in crate::pixel) mod scan;

use super::{Colour, Loss, Stream, damaged};
use crate::Error;
use crate::pixel::PixelInfo;

const NAME: &str = "JPEG-LS";

/// Decodes one frame.
pub(in super::super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Stream, Error> {
    let mut markers = header::Markers::new(stream)?;
    let frame = markers.frame()?;
    if (frame.rows, frame.columns) != (info.rows, info.columns) {
        return Err(damaged(NAME, "rows or columns differ from the header's"));
    }
    if frame.components.len() != usize::from(info.samples_per_pixel) {
        return Err(damaged(NAME, "components differ from samples per pixel"));
    }
    let mut values = vec![0; info.samples()];
    let (mut done, mut loss) = (0, Loss::None);
    while done < frame.components.len() {
        let scan = markers.scan(&frame)?;
        let used = scan::decode(&scan, &frame, markers.rest(), &mut values)?;
        markers.skip(used);
        done += scan.components.len();
        if scan.near > 0 {
            loss = Loss::Some;
        }
    }
    Ok(Stream {
        values: values.into(),
        precision: u16::from(frame.precision),
        signed: false,
        colour: Colour::AsDeclared,
        loss,
    })
}
