//! A picture of at most 256 colours, and its PNG.
//!
//! An eye tells some fifty greys apart on a screen, and the noise of a scan in 48 steps takes half the bytes of 256.

/// A picture whose pixels are numbers of colours.
#[derive(Clone, Debug)]
pub(crate) struct Indexed {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    palette: Vec<[u8; 3]>,
}

impl Indexed {
    /// Greys of a palette; the colours of labels follow.
    pub(crate) const GREYS: u8 = 48;
    /// Levels of each of the two volumes of an overlay.
    const LEVELS: u8 = 16;
    pub(crate) const BLACK: u8 = 0;
    /// Marks white in a picture of either palette; it is resolved when a pixel is put.
    pub(crate) const WHITE: u8 = u8::MAX;

    /// A black picture with greys and some colours beside them.
    pub(crate) fn of_greys(width: usize, height: usize, colours: &[[u8; 3]]) -> Self {
        let greys = (0..Self::GREYS).map(|g| [(u16::from(g) * 255 / u16::from(Self::GREYS - 1)) as u8; 3]);
        let palette = greys.chain(colours.iter().copied().take(usize::from(u8::MAX - Self::GREYS))).collect();
        Self { width, height, pixels: vec![Self::BLACK; width * height], palette }
    }

    /// A black picture for two volumes: the first in orange, the second in blue, grey where they agree.
    pub(crate) fn of_pairs(width: usize, height: usize) -> Self {
        let level = |l: u16| l * 255 / u16::from(Self::LEVELS - 1);
        let palette = (0..=u8::MAX)
            .map(|n| {
                let (a, b) = (level(u16::from(n / Self::LEVELS)), level(u16::from(n % Self::LEVELS)));
                [a as u8, ((a + b) / 2) as u8, b as u8]
            })
            .collect();
        Self { width, height, pixels: vec![Self::BLACK; width * height], palette }
    }

    /// The number of a grey, 0 (black) to 1 (white).
    pub(crate) fn grey(share: f32) -> u8 {
        (share * f32::from(Self::GREYS - 1) + 0.5) as u8
    }

    /// The number of a pair of greys, each 0 to 1.
    pub(crate) fn pair(first: f32, second: f32) -> u8 {
        let level = |share: f32| (share * f32::from(Self::LEVELS - 1) + 0.5) as u8;
        level(first) * Self::LEVELS + level(second)
    }

    /// Sets a pixel; one outside is left out.
    pub(crate) fn put(&mut self, x: usize, y: usize, colour: u8) {
        if x < self.width && y < self.height {
            let is_pairs = self.palette.len() > usize::from(u8::MAX);
            let white = if is_pairs { u8::MAX } else { Self::GREYS - 1 };
            self.pixels[y * self.width + x] = if colour == Self::WHITE { white } else { colour };
        }
    }

    /// Width and height, pixels.
    pub(crate) const fn size(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// The colour of a pixel, sRGB.
    pub(crate) fn colour(&self, x: usize, y: usize) -> [u8; 3] {
        self.palette[usize::from(self.pixels[y * self.width + x])]
    }

    /// PNG bytes; the same picture gives the same bytes.
    pub(crate) fn to_png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(self.palette.concat());
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::Adaptive);
        // writing to memory cannot fail, and an empty picture is shown as missing
        if let Ok(mut writer) = encoder.write_header() {
            let _ = writer.write_image_data(&self.pixels);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_holds_the_pixels_that_were_put() {
        let mut picture = Indexed::of_greys(3, 2, &[[255, 90, 195]]);
        picture.put(1, 0, Indexed::grey(1.0));
        picture.put(2, 1, Indexed::GREYS);
        picture.put(9, 9, 1);
        assert_eq!(picture.colour(1, 0), [255; 3]);
        let bytes = picture.to_png();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut rgb = vec![0; 18];
        reader.next_frame(&mut rgb).unwrap();
        assert_eq!(&rgb[15..], [255, 90, 195]);
        assert_eq!(&rgb[3..6], [255; 3]);
    }

    #[test]
    fn a_pair_that_agrees_is_grey() {
        let mut picture = Indexed::of_pairs(2, 1);
        picture.put(0, 0, Indexed::pair(0.5, 0.5));
        let [r, g, b] = picture.colour(0, 0);
        assert!(r == g && g == b && r > 100);
        picture.put(1, 0, Indexed::WHITE);
        assert_eq!(picture.colour(1, 0), [255; 3]);
    }
}
