//! The bits of one frame of an overlay.

use isocenter_volume::DynSamples;

use super::{Overlay, Place};
use crate::Error;
use crate::pixel::decode_words;

impl Overlay<'_> {
    /// Row by row, whether each pixel of the plane over image frame `frame` (from 0) is set; `None` where this overlay
    /// has nothing for that frame.
    ///
    /// An overlay of one frame lies over all of the image's, unless Image Frame Origin names one; one of several begins
    /// there, or at the first.
    ///
    /// # Errors
    /// Where the bits stand in the image's words, those of [`InstanceFrame::decode`](crate::InstanceFrame::decode).
    pub fn plane(&self, frame: usize) -> Result<Option<Vec<bool>>, Error> {
        if let Place::Embedded(bit) = self.place {
            let words = decode_words(self.pixels, frame)?;
            let mask = 1u32 << bit.min(31);
            return Ok(Some(match words.samples {
                DynSamples::U8(v) => v.iter().map(|&word| u32::from(word) & mask != 0).collect(),
                DynSamples::U16(v) => v.iter().map(|&word| u32::from(word) & mask != 0).collect(),
                DynSamples::U32(v) => v.iter().map(|&word| word & mask != 0).collect(),
                _ => return Err(Error::UnsupportedPixels { what: "an overlay within samples of this type" }),
            }));
        }
        let own = match self.first_frame {
            Some(first) => (frame as u64).checked_sub(first).filter(|&own| own < self.frames),
            None => Some(0),
        };
        let Some(own) = own else { return Ok(None) };
        let count = usize::from(self.rows) * usize::from(self.columns);
        // The data was found long enough for all frames when the overlay was read.
        let start = own as usize * count;
        let is_set = |bit: usize| self.data.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
        Ok(Some((start..start + count).map(is_set).collect()))
    }

    /// The plane as it lies on an image of so many rows and columns: what is outside is cut off, what it does not cover
    /// is not set. `None` as for [`Overlay::plane`].
    ///
    /// # Errors
    /// Those of [`Overlay::plane`].
    pub fn on_image(&self, frame: usize, rows: u16, columns: u16) -> Result<Option<Vec<bool>>, Error> {
        let Some(plane) = self.plane(frame)? else { return Ok(None) };
        let (rows, columns) = (usize::from(rows), usize::from(columns));
        let mut placed = vec![false; rows * columns];
        for (row, line) in plane.chunks_exact(usize::from(self.columns).max(1)).enumerate() {
            let Some(y) = on_axis(self.top_left[0], row, rows) else { continue };
            for (column, _) in line.iter().enumerate().filter(|(_, set)| **set) {
                let at = on_axis(self.top_left[1], column, columns).and_then(|x| placed.get_mut(y * columns + x));
                if let Some(at) = at {
                    *at = true;
                }
            }
        }
        Ok(Some(placed))
    }
}

/// Where a line of the plane lies on the image, if it does.
fn on_axis(first: i64, line: usize, length: usize) -> Option<usize> {
    let at = first.checked_add(i64::try_from(line).ok()?)?;
    usize::try_from(at).ok().filter(|&at| at < length)
}
