//! Files that hold a transform.

use isocenter_register::transform_file::{self, Format};

/// What parses, under any stated format or none, is written in each format and read again as the same transform.
pub fn transform(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for stated in [None, Some(Format::Itk), Some(Format::RasMatrix)] {
        let Ok(affine) = transform_file::parse(text, stated) else { continue };
        for format in [Format::Itk, Format::RasMatrix] {
            let written = transform_file::format(&affine, format);
            let back = transform_file::parse(&written, Some(format));
            assert!(back.is_ok_and(|back| back == affine), "{affine:?} was written as {written}");
        }
    }
}
