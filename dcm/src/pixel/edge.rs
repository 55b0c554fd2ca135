//! Tiles at the edge of a whole-slide image whose streams are smaller than the frame.
//!
//! All frames of a tiled image have its rows and columns; those at the right and the lower edge reach beyond the total pixel matrix.
//! Some writers code of such a tile what lies within the matrix and no more. It is put where it belongs, at the upper left; what is
//! outside the matrix is 0. A stream of any other size is none of that frame's; opened strictly, neither is such a one.
//!
//! Source: DICOM PS3.3 C.8.12.4.1.1 (total pixel matrix), C.7.6.17.3 (order of tiles, `TILED_FULL`), C.8.12.6.1 (position of a tile).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use isocenter_volume::DynSamples;

use super::decoded::each;
use super::source::{Header, Raw};
use super::{DecodedPixels, PixelInfo};
use crate::syntax::Coding;
use crate::{Dataset, FunctionalGroups, value};

/// The rows and columns that the stream of frame `index` has, where they are what lies within the total pixel matrix of a tile at its
/// edge.
pub(super) fn part(header: &Header<'_>, raw: &Raw<'_>, index: usize) -> Option<[u16; 2]> {
    let Raw::Stream(stream) = raw else { return None };
    if header.strict {
        return None;
    }
    let within = within(header.dataset, &header.info, index)?;
    (within != [header.info.rows, header.info.columns] && size(stream, header.coding)? == within).then_some(within)
}

/// A tile in a frame of the size that `info` says.
pub(super) fn placed(tile: DecodedPixels, info: &PixelInfo) -> DecodedPixels {
    let DecodedPixels { info: mut small, samples, .. } = tile;
    let part = [small.rows, small.columns];
    let count = usize::from(small.samples_per_pixel);
    let (from, to) = (usize::from(small.columns) * count, usize::from(info.columns) * count);
    (small.rows, small.columns) = (info.rows, info.columns);
    let length = small.samples();
    let samples: DynSamples = each!(samples, values => {
        let mut whole = vec![Default::default(); length];
        let rows = whole.chunks_exact_mut(to.max(1)).zip(values.chunks_exact(from.max(1)));
        rows.for_each(|(whole, part)| whole.iter_mut().zip(part).for_each(|(place, &value)| *place = value));
        whole.into()
    }, other => other);
    DecodedPixels { info: small, samples, tile: Some(part) }
}

/// Rows and columns of a frame that lie within the total pixel matrix; `None` where the image is not tiled.
fn within(dataset: &Dataset, info: &PixelInfo, index: usize) -> Option<[u16; 2]> {
    let total = |tag| value::i64(dataset, tag).filter(|&n| n > 0);
    let (rows, columns) = (total(tags::TOTAL_PIXEL_MATRIX_ROWS)?, total(tags::TOTAL_PIXEL_MATRIX_COLUMNS)?);
    let (height, width) = (i64::from(info.rows), i64::from(info.columns));
    let groups = FunctionalGroups::new(dataset);
    let position = |tag: Tag| {
        let item = groups.grouped(index, tags::PLANE_POSITION_SLIDE_SEQUENCE)?;
        // counted from 1
        value::i64(item, tag).map(|n| n - 1)
    };
    let placed = position(tags::ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX)
        .zip(position(tags::COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX));
    let full = value::string(dataset, tags::DIMENSION_ORGANIZATION_TYPE).as_deref() == Some("TILED_FULL");
    let (row, column) = match placed {
        Some(placed) => placed,
        // row by row, plane by plane
        None if full => {
            let across = (columns + width - 1) / width;
            let down = (rows + height - 1) / height;
            let number = i64::try_from(index).ok()? % across.checked_mul(down)?;
            (number / across * height, number % across * width)
        }
        None => return None,
    };
    let left = |total: i64, at: i64, length: i64| u16::try_from(total.checked_sub(at)?.min(length)).ok();
    let within = [left(rows, row, height)?, left(columns, column, width)?];
    (row >= 0 && column >= 0 && within.iter().all(|&n| n > 0)).then_some(within)
}

/// Rows and columns that a code stream says it has.
fn size(stream: &[u8], coding: Coding) -> Option<[u16; 2]> {
    let word = |at: usize| Some(u16::from_be_bytes(stream.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_be_bytes(stream.get(at..at + 4)?.try_into().ok()?));
    match coding {
        Coding::Jpeg | Coding::JpegLossless | Coding::JpegLs => {
            let mut at = 2;
            loop {
                let marker = word(at)?;
                match marker {
                    0xFFFF => at += 1,
                    // the start of a frame, of any process
                    0xFFC0..=0xFFC3 | 0xFFC5..=0xFFC7 | 0xFFC9..=0xFFCB | 0xFFCD..=0xFFCF | 0xFFF7 => {
                        return Some([word(at + 5)?, word(at + 7)?]);
                    }
                    0xFF01..=0xFFFE => at += 2 + usize::from(word(at + 2)?),
                    _ => return None,
                }
            }
        }
        Coding::Jpeg2000 | Coding::HtJ2k => {
            let start = stream.windows(4).take(1 << 12).position(|window| window == b"\xFF\x4F\xFF\x51")?;
            let side =
                |end: usize, origin: usize| u16::try_from(long(start + end)?.checked_sub(long(start + origin)?)?).ok();
            Some([side(12, 20)?, side(8, 16)?])
        }
        _ => None,
    }
}
