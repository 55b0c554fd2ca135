//! Which page lies where: k, channels, times.

use isocenter_volume::{AxisKind, Quantity, SlowAxis};

use super::{
    description::{self, ImageJ},
    pages::Pages,
};
use crate::{Error, walk::Walk};

/// The axes of all pages.
pub(super) struct Axes {
    /// Planes along k.
    pub(super) planes: u64,
    pub(super) slow: Vec<SlowAxis>,
    /// Lengths of the file's axes, fastest first, and where the axes of the volume are among them.
    pub(super) in_file: Vec<u64>,
    pub(super) order: Vec<usize>,
}

impl Axes {
    pub(super) fn of(pages: &Pages, count: u64) -> Result<Self, Error> {
        let [width, height] = pages.size;
        let samples = pages.pixels.channels;
        let mut slow = Vec::new();
        let mut add = |kind: AxisKind, len: u64| -> Result<(), Error> {
            slow.push(SlowAxis::new(kind, len as usize)?);
            Ok(())
        };
        if let Some(said) = ImageJ::of(&pages.description) {
            let wrong = |word: &'static str| Error::malformed(word, "another number", "a count of at least 1");
            let [c, z, t] = ["channels", "slices", "frames"].map(|word| said.count(word).ok_or_else(|| wrong(word)));
            let (c, mut z, t) = (c?, z?, t?);
            if (c, z, t) == (1, 1, 1) {
                // a plain stack
                z = count;
            }
            if c.saturating_mul(z).saturating_mul(t) != count {
                let found = format!("{c} x {z} x {t} of {count} pages");
                return Err(Error::malformed("channels, slices, frames", found, "one page for each"));
            }
            if samples > 1 && c > 1 {
                return Err(Error::unsupported("channels in the pages and of them", format!("{samples} and {c}")));
            }
            if samples.max(c) > 1 {
                add(AxisKind::Channel, samples.max(c))?;
            }
            if t > 1 {
                slow.push(times(&said, t as usize)?);
            }
            return Ok(match samples {
                1 => Self::new(z, slow, vec![width, height, c, z, t], vec![0, 1, 3, 2, 4]),
                _ => Self::new(z, slow, vec![samples, width, height, z, t], vec![1, 2, 3, 0, 4]),
            });
        }
        if samples > 1 {
            add(AxisKind::Channel, samples)?;
        }
        let before = page_axes(pages, count);
        let (planes, outer) = before.split_first().map_or((count, &[][..]), |(z, outer)| (*z, outer));
        for (n, len) in outer.iter().enumerate() {
            add(AxisKind::Other(format!("dim{}", n + 4)), *len)?;
        }
        let in_file: Vec<u64> = [samples, width, height, planes].into_iter().chain(outer.iter().copied()).collect();
        let order = [1, 2, 3, 0].into_iter().chain(4..in_file.len()).collect();
        Ok(Self::new(planes, slow, in_file, order))
    }

    const fn new(planes: u64, slow: Vec<SlowAxis>, in_file: Vec<u64>, order: Vec<usize>) -> Self {
        Self { planes, slow, in_file, order }
    }

    pub(super) fn walk(&self) -> Option<Walk> {
        let lengths: Vec<usize> = self.in_file.iter().map(|n| *n as usize).collect();
        Walk::new(&lengths, &self.order)
    }
}

/// The axes of the pages that tifffile says, that of the planes first; none where it says nothing that fits.
fn page_axes(pages: &Pages, count: u64) -> Vec<u64> {
    let Some(shape) = description::shape(&pages.description) else { return Vec::new() };
    let [width, height] = pages.size;
    let plane = match (pages.pixels.sample, pages.pixels.channels) {
        (isocenter_volume::SampleType::Rgb, _) => vec![height, width, 3],
        (_, 1) => vec![height, width],
        (_, samples) => vec![height, width, samples],
    };
    let Some(before) = shape.strip_suffix(plane.as_slice()) else { return Vec::new() };
    let product = before.iter().fold(1u64, |n, len| n.saturating_mul(*len));
    if product == count { before.iter().rev().copied().collect() } else { Vec::new() }
}

fn times(said: &ImageJ<'_>, len: usize) -> Result<SlowAxis, Error> {
    Ok(match said.interval_s() {
        Some(step) => {
            let times = (0..len).map(|n| step * n as f64).collect();
            SlowAxis::numbered(AxisKind::Time, Quantity::Time, times)?
        }
        None => SlowAxis::new(AxisKind::Time, len)?,
    })
}
