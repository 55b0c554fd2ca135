//! Writing a TIFF as ImageJ reads it: raw pages one behind the other, little endian, the first directory before them.

use isocenter_volume::{AxisKind, Quantity, SampleType, SlowAxis};

use crate::{
    Error, File, WriteOptions,
    even::start_and_step,
    pace::Paced,
    pictures::gray::{self, Holds},
    samples,
    target::Target,
    walk::Walk,
};

/// Fields of a directory.
const FIELDS: usize = 15;

/// Bytes of a directory: a count, fields of 12, the place of the next.
const DIRECTORY: u64 = 2 + 12 * FIELDS as u64 + 4;

/// Where the first directory begins.
const FIRST: u64 = 8;

pub(in crate::pictures) fn write(
    file: &File,
    target: &mut Target<'_>,
    options: &WriteOptions<'_>,
) -> Result<(), Error> {
    let samples = gray::planes(file, options, Holds::Real)?;
    let volume = &file.volume;
    let [width, height, planes] = volume.shape();
    let Hyper { counts: [c, t], walk, interval } = Hyper::of(volume.shape(), volume.slow_axes())?;
    let pages = (c * planes * t) as u64;
    let spacing = volume.geometry().spacing_mm();
    let mut words = format!("ImageJ=1.54f\nimages={pages}\n");
    for (word, n) in [("channels", c), ("slices", planes), ("frames", t)] {
        if n > 1 {
            words += &format!("{word}={n}\n");
        }
    }
    if pages > 1 {
        // gray, not the colours of three channels
        words += if c > 1 {
            "hyperstack=true\nmode=grayscale\n"
        } else if t > 1 {
            "hyperstack=true\n"
        } else {
            ""
        };
    }
    words += &format!("unit=mm\nspacing={}\nloop=false\n", spacing[2]);
    if let Some(step) = interval {
        words += &format!("finterval={step}\n");
    }
    // ImageJ knows no half floats
    let sample = if samples.sample_type() == SampleType::F16 { SampleType::F32 } else { samples.sample_type() };
    let layout = Layout::new([width, height], sample, pages, &words, [spacing[0], spacing[1]])?;
    target.header(&layout.head())?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(&samples));
    let out = &mut Paced::new(target.data(), &stage);
    match walk {
        Some(walk) => samples::write_walked(&samples, walk, out),
        None => samples::write(&samples, out),
    }
    .map_err(Error::io)?;
    for page in 1..pages {
        stage.check()?;
        target.data().write_all(&layout.directory(page)).map_err(Error::io)?;
    }
    Ok(())
}

/// Channels and times of ImageJ, and the order of its pages: channels fastest, then k, then times.
struct Hyper {
    counts: [usize; 2],
    walk: Option<Walk>,
    interval: Option<f64>,
}

impl Hyper {
    fn of([nx, ny, nz]: [usize; 3], slow: &[SlowAxis]) -> Result<Self, Error> {
        let real: Vec<&SlowAxis> = slow.iter().filter(|axis| axis.len() > 1).collect();
        let is_channel = |axis: &SlowAxis| *axis.kind() == AxisKind::Channel;
        let (c, t, order) = match real.as_slice() {
            [] => (1, 1, vec![0, 1, 3, 2, 4]),
            [one] if is_channel(one) => (one.len(), 1, vec![0, 1, 3, 2, 4]),
            // whatever it is, ImageJ has times for it
            [one] => (1, one.len(), vec![0, 1, 3, 2, 4]),
            [one, two] if is_channel(one) => (one.len(), two.len(), vec![0, 1, 3, 2, 4]),
            [one, two] if is_channel(two) => (two.len(), one.len(), vec![0, 1, 3, 4, 2]),
            several => {
                let kinds: Vec<&str> = several.iter().map(|axis| axis.kind().name()).collect();
                return Err(Error::unsupported("slow axes but channels and one other in TIFF", kinds.join(", ")));
            }
        };
        let interval =
            real.iter().find_map(|axis| start_and_step(axis.numbers(&Quantity::Time)?)).map(|(_, step)| step);
        Ok(Self { counts: [c, t], walk: Walk::new(&[nx, ny, c, nz, t], &order), interval })
    }
}

/// Where everything lies.
struct Layout<'w> {
    size: [u32; 2],
    sample: SampleType,
    pages: u64,
    words: &'w str,
    resolution: [[u32; 2]; 2],
    page: u64,
    /// Where the first page begins.
    data: u64,
}

impl<'w> Layout<'w> {
    fn new(
        [width, height]: [usize; 2],
        sample: SampleType,
        pages: u64,
        words: &'w str,
        spacing: [f64; 2],
    ) -> Result<Self, Error> {
        let side = |n: usize| u32::try_from(n).map_err(|_| Error::unsupported("so long a side in TIFF", n));
        let page = (width as u64).saturating_mul(height as u64).saturating_mul(sample.bytes() as u64);
        // the directory, two ratios, three depths and as many formats, the words with a zero
        let data = (FIRST + DIRECTORY + 16 + 12 + words.len() as u64 + 1).next_multiple_of(16);
        let end = page.saturating_mul(pages).saturating_add(data + 1).saturating_add(DIRECTORY * pages);
        if end > u64::from(u32::MAX) {
            return Err(Error::unsupported("a TIFF of more than 4 GiB", format!("{end} bytes")));
        }
        let resolution = [ratio(spacing[0])?, ratio(spacing[1])?];
        Ok(Self { size: [side(width)?, side(height)?], sample, pages, words, resolution, page, data })
    }

    /// Everything before the first page.
    fn head(&self) -> Vec<u8> {
        let mut head = b"II*\0".to_vec();
        head.extend((FIRST as u32).to_le_bytes());
        head.extend(self.directory(0));
        head.extend(self.resolution.iter().flatten().flat_map(|n| n.to_le_bytes()));
        head.extend([8u16; 3].iter().chain(&[1; 3]).flat_map(|n| n.to_le_bytes()));
        head.extend(self.words.bytes());
        head.resize(self.data as usize, 0);
        head
    }

    /// The directory of a page, with the zero byte before it that makes its place even.
    fn directory(&self, page: u64) -> Vec<u8> {
        let at = |n: u64| if n < self.pages { self.directories() + (n - 1) * DIRECTORY } else { 0 };
        let extra = FIRST + DIRECTORY;
        let is_rgb = self.sample == SampleType::Rgb;
        let (format, bits) = match self.sample {
            SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64 => (2, self.sample.bytes() * 8),
            SampleType::F16 | SampleType::F32 | SampleType::F64 => (3, self.sample.bytes() * 8),
            _ => (1, self.sample.bytes() * 8),
        };
        const SHORT: u16 = 3;
        const LONG: u16 = 4;
        let three = |at: u64, one: usize| if is_rgb { (SHORT, 3, extra + at) } else { (SHORT, 1, one as u64) };
        let (words, len) = (extra + 28, self.words.len() as u64 + 1);
        let fields: [(u16, (u16, u64, u64)); FIELDS] = [
            (254, (LONG, 1, 0)),
            (256, (LONG, 1, u64::from(self.size[0]))),
            (257, (LONG, 1, u64::from(self.size[1]))),
            (258, three(16, bits)),
            (259, (SHORT, 1, 1)),
            (262, (SHORT, 1, if is_rgb { 2 } else { 1 })),
            (270, (2, len, words)),
            (273, (LONG, 1, self.data + page * self.page)),
            (277, (SHORT, 1, if is_rgb { 3 } else { 1 })),
            (278, (LONG, 1, u64::from(self.size[1]))),
            (279, (LONG, 1, self.page)),
            (282, (5, 1, extra)),
            (283, (5, 1, extra + 8)),
            // the words say which unit
            (296, (SHORT, 1, 1)),
            (339, three(22, format)),
        ];
        let mut bytes = Vec::new();
        if page == 1 && self.directories() > self.data + self.page * self.pages {
            bytes.push(0);
        }
        bytes.extend((FIELDS as u16).to_le_bytes());
        for (tag, (kind, count, value)) in fields {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend((count as u32).to_le_bytes());
            bytes.extend((value as u32).to_le_bytes());
        }
        bytes.extend((at(page + 1) as u32).to_le_bytes());
        bytes
    }

    /// Where the second directory begins, and the others behind it.
    const fn directories(&self) -> u64 {
        (self.data + self.page * self.pages).next_multiple_of(2)
    }
}

/// Pixels for a millimetre, as a ratio that gives a spacing of few binary digits back exactly.
fn ratio(spacing: f64) -> Result<[u32; 2], Error> {
    let most = f64::from(1u32 << 31);
    let mut scale = most;
    while spacing * scale > most {
        scale /= 2.0;
    }
    let lower = (spacing * scale).round();
    if scale < 1.0 || lower < 1.0 {
        return Err(Error::unsupported("such a spacing in TIFF", format!("{spacing} mm")));
    }
    // as short as it can be
    let (mut upper, mut lower) = (scale as u32, lower as u32);
    while upper % 2 == 0 && lower % 2 == 0 && upper > 1 {
        (upper, lower) = (upper / 2, lower / 2);
    }
    Ok([upper, lower])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_gives_its_spacing_back() {
        for spacing in [0.125, 0.5, 1.0, 3.375, 700.0, 0.000_976_562_5] {
            let [upper, lower] = ratio(spacing).unwrap();
            assert_eq!(f64::from(lower) / f64::from(upper), spacing);
        }
        let [upper, lower] = ratio(0.3).unwrap();
        assert!((f64::from(lower) / f64::from(upper) - 0.3).abs() < 1e-9);
        assert!(ratio(1e-12).is_err() && ratio(1e12).is_err());
    }
}
