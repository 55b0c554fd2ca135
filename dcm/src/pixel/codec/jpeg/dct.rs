//! The decoder of the cosine transform with Huffman codes: sequential and progressive, 8 and 12 bits.
//!
//! One component, or three of any sampling factors; several scans; restart intervals; rows told by a later marker. Scans
//! of sequential frames cover all coefficients, whatever their headers say: encoders of medical images write odd things there.
//! A frame is whole or an error: no sample is made up for data that is missing. Only the end marker may be missing, where
//! nothing stands in its place, and bits that a progressive stream leaves out, by its end marker, on purpose.
//!
//! Source: ITU-T T.81 annexes F and G.

use super::frame::Frame;
use super::header::{FrameHeader, Segment};
use super::tables::Tables;
use super::{NAME, Values, damaged, scan};
use crate::Error;
use crate::pixel::PixelInfo;

/// Encoders write ten or so; each costs a look at every block.
const MOST_SCANS: usize = 256;

/// Decodes a frame of the rows, columns and samples per pixel of `info`, which the caller has compared with the header.
pub(super) fn decode(stream: &[u8], info: &PixelInfo) -> Result<Values, Error> {
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let (mut at, mut scans) = (2, 0);
    while let Some(segment) = Segment::read(stream, at) {
        at = segment.next;
        match segment.marker {
            0xD9 => return end(frame.filter(Frame::is_complete)),
            0xDA => {
                let frame = frame.as_mut().ok_or_else(|| damaged(NAME, "a scan before the frame header"))?;
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(damaged(NAME, "too many scans"));
                }
                at = scan::decode(segment.body, stream, at, frame, &tables)?;
                if !frame.progressive && frame.is_complete() {
                    break;
                }
            }
            0xDC if segment.body != info.rows.to_be_bytes() => {
                return Err(damaged(NAME, "rows or columns differ from the header's"));
            }
            _ if segment.is_frame() => {
                let header = FrameHeader::parse(&segment).filter(|_| frame.is_none());
                let header = header.ok_or_else(|| damaged(NAME, "more than one frame header"))?;
                frame = Some(Frame::new(&header, info.rows, stream.len())?);
            }
            marker => tables.take(marker, segment.body)?,
        }
    }
    // Without an end marker: a stream of several scans may be cut between two of them.
    end(frame.filter(Frame::is_final))
}

fn end(frame: Option<Frame>) -> Result<Values, Error> {
    frame.ok_or_else(|| damaged(NAME, "the data ends early"))?.samples()
}
