//! Where GE keeps its own elements.

use super::super::header::Own;

/// An element of a creator.
pub(super) const fn own(group: u16, creator: &'static [&'static str], element: u8) -> Own {
    Own { group, creators: creator, element, block: 0x10 }
}

/// An element of the acquisition.
pub(super) const fn acquired(element: u8) -> Own {
    own(0x0019, &["GEMS_ACQU_01"], element)
}

/// An element of the parameters.
pub(super) const fn parameter(element: u8) -> Own {
    own(0x0043, &["GEMS_PARM_01"], element)
}
