//! What was rendered.

/// A picture of 8 bits, ready for a PNG or a tensor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Picture {
    /// Rows.
    pub rows: u16,
    /// Columns.
    pub columns: u16,
    /// 1 for gray (0 is black), 3 for red, green and blue.
    pub channels: u8,
    /// Row by row, the channels of a pixel together.
    pub pixels: Vec<u8>,
    /// What the file says but could not be followed.
    pub notes: Vec<Note>,
}

/// Something that the file says and the picture does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A view cannot be used; another, or the range of the frame, stands in.
    ViewRefused {
        /// Its number in [`views`](crate::InstanceFrame::views).
        index: usize,
        /// The [reason](crate::Error::reason) code.
        reason: &'static str,
    },
    /// The padding value cannot be read; padding counts as image.
    PaddingRefused {
        /// The [reason](crate::Error::reason) code.
        reason: &'static str,
    },
    /// Presentation LUT Shape contradicts Photometric Interpretation; the shape was followed.
    PolarityDisputed,
    /// An overlay cannot be drawn.
    OverlayRefused {
        /// The reason's [code](crate::Error::reason).
        reason: &'static str,
    },
}
