//! Pictures in rows and columns, as one.

use super::Indexed;

/// Black pixels between two pictures.
const GAP: usize = 10;

/// Pictures side by side, each in the middle of its place; colours are sRGB, so that those of all palettes fit.
pub(crate) struct Sheet {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Sheet {
    /// Columns are as wide as their widest picture, rows as high as their highest.
    pub(crate) fn of(rows: &[Vec<Indexed>]) -> Self {
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|p| p.size()[0]).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count).map(widest).collect();
        let heights: Vec<usize> = rows.iter().map(|row| row.iter().map(|p| p.size()[1]).max().unwrap_or(0)).collect();
        let whole = |sizes: &[usize]| sizes.iter().sum::<usize>() + GAP * (sizes.len() + 1);
        let (width, height) = (whole(&widths), whole(&heights));
        let mut sheet = Self { width, height, rgb: vec![0; 3 * width * height] };
        let mut top = GAP;
        for (row, row_height) in rows.iter().zip(&heights) {
            let mut left = GAP;
            for (picture, column_width) in row.iter().zip(&widths) {
                let [w, h] = picture.size();
                sheet.put(picture, left + (column_width - w) / 2, top + (row_height - h) / 2);
                left += column_width + GAP;
            }
            top += row_height + GAP;
        }
        sheet
    }

    fn put(&mut self, picture: &Indexed, left: usize, top: usize) {
        let [width, height] = picture.size();
        for y in 0..height {
            for x in 0..width {
                let at = 3 * ((top + y) * self.width + left + x);
                self.rgb[at..at + 3].copy_from_slice(&picture.colour(x, y));
            }
        }
    }

    /// PNG bytes; the same pictures give the same bytes.
    pub(crate) fn to_png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::Adaptive);
        // writing to memory cannot fail, and an empty picture is shown as missing
        if let Ok(mut writer) = encoder.write_header() {
            let _ = writer.write_image_data(&self.rgb);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_in_the_middle_of_their_places() {
        let white = |w, h| {
            let mut picture = Indexed::of_greys(w, h, &[]);
            (0..w * h).for_each(|p| picture.put(p % w, p / w, Indexed::WHITE));
            picture
        };
        let sheet = Sheet::of(&[vec![white(4, 2), white(2, 6)], vec![white(2, 2)]]);
        assert_eq!([sheet.width, sheet.height], [4 + 2 + 3 * GAP, 6 + 2 + 3 * GAP]);
        let is_white = |x: usize, y: usize| sheet.rgb[3 * (y * sheet.width + x)] == 255;
        assert!(!is_white(GAP, GAP) && is_white(GAP, GAP + 2) && is_white(2 * GAP + 4, GAP));
        assert!(!is_white(GAP, 2 * GAP + 6) && is_white(GAP + 1, 2 * GAP + 6));
    }
}
