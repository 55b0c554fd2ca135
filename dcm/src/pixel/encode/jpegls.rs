//! JPEG-LS, lossless and near-lossless.
//!
//! Values are coded as bit patterns of Bits Stored bits, two's complement where they are signed: the sign is the header's to
//! tell. The components of colour stand in one scan, line by line. Thresholds are the standard's defaults; below 8 and above
//! 12 bits they are written out too, since some decoders compute others there.
//!
//! Source: ITU-T T.87 (annex A coding, annex C markers); DICOM PS3.5 section 8.2.3.

mod bits;
mod scan;

use super::Image;
use crate::Error;
use crate::pixel::codec::jpegls::context::Parameters;

/// Bits of a sample whose default parameters all decoders agree on.
const BITS_AGREED_ON: std::ops::RangeInclusive<u16> = 8..=12;

/// Codes one frame so that no value moves by more than `near`; 0 is lossless.
pub(in crate::pixel) fn encode(image: &Image<'_>, near: u8) -> Result<Vec<u8>, Error> {
    let unsupported = |what| Err(Error::UnsupportedCodec { codec: "JPEG-LS", what });
    if !(2..=16).contains(&image.bits_stored) {
        return unsupported("other than 2 to 16 bits");
    }
    let near = i32::from(near);
    let most = (1i32 << image.bits_stored) - 1;
    if near > most / 2 {
        return unsupported("an error bound of more than half the range");
    }
    if image.signed && near > 0 {
        // Next to the largest value stands, as a pattern, the smallest: an error would turn one into the other.
        let half = (most + 1) / 2;
        if image.values.iter().any(|value| !(near - half..half - near).contains(value)) {
            return unsupported("near-lossless coding of signed values at the ends of their range");
        }
    }
    let p = Parameters::new(most, near, [0; 4]);
    let columns = usize::from(image.columns);
    let mut scan = scan::Scan::new(p.clone(), header(image, &p));
    let mut lines: Vec<_> = (0..image.components).map(|_| scan::Lines::new(columns)).collect();
    for row in image.values.chunks_exact(columns * image.components) {
        for (component, lines) in lines.iter_mut().enumerate() {
            let samples = row.iter().skip(component).step_by(image.components);
            scan.line(lines, samples.map(|value| value & most));
        }
    }
    let mut out = scan.finish();
    out.extend([0xFF, 0xD9]);
    Ok(out)
}

/// Everything up to the scan.
fn header(image: &Image<'_>, p: &Parameters) -> Vec<u8> {
    let count = image.components as u8;
    let mut out = Vec::with_capacity(image.values.len() * usize::from(image.bits_stored) / 16 + 64);
    out.extend([0xFF, 0xD8, 0xFF, 0xF7, 0, 8 + 3 * count, image.bits_stored as u8]);
    out.extend(image.rows.to_be_bytes());
    out.extend(image.columns.to_be_bytes());
    out.push(count);
    (1..=count).for_each(|name| out.extend([name, 0x11, 0]));
    if !BITS_AGREED_ON.contains(&image.bits_stored) {
        out.extend([0xFF, 0xF8, 0, 13, 1]);
        let [t1, t2, t3] = p.thresholds;
        [p.most, t1, t2, t3, p.reset].iter().for_each(|&value| out.extend((value as u16).to_be_bytes()));
    }
    out.extend([0xFF, 0xDA, 0, 6 + 2 * count, count]);
    (1..=count).for_each(|name| out.extend([name, 0]));
    // One component cannot be interleaved.
    out.extend([p.near as u8, u8::from(count > 1), 0]);
    out
}
