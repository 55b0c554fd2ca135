//! The histogram of the log image, deconvolved: what value the sharpened image has for each value of the image.

use super::fft::Fft;

/// Sharpens histograms of one number of bins by one Gaussian and one noise.
pub(super) struct Sharpener {
    bins: usize,
    fwhm: f64,
    noise: f64,
    fft: Fft,
    padded: usize,
}

/// The expected sharpened value, as a line for each bin: `intercept + slope * cell` for a value in cell `cell` (bins, from 0).
pub(super) struct Table {
    pub(super) low: f32,
    pub(super) bins_per_unit: f32,
    pub(super) lines: Vec<[f32; 2]>,
}

impl Sharpener {
    /// For so many bins, the width of the Gaussian at half its height (in log units) and the Wiener filter's noise.
    pub(super) fn new(bins: usize, fwhm: f64, noise: f64) -> Self {
        let exponent = bins.next_power_of_two().trailing_zeros() + 1;
        Self { bins, fwhm, noise, fft: Fft::new(exponent), padded: 1 << exponent }
    }

    /// The table for a histogram between two values; the counts stand at `bins` points from `low` to `high`.
    pub(super) fn table(&self, counts: &[f64], low: f64, high: f64) -> Table {
        let slope = (high - low) / (self.bins - 1) as f64;
        let expected = self.expected(counts, low, slope);
        let line = |n: usize| {
            let (here, next) = (expected[n], expected.get(n + 1).copied().unwrap_or(expected[n]));
            [(here - (next - here) * n as f64) as f32, (next - here) as f32]
        };
        let lines = (0..self.bins).map(line).collect();
        Table { low: low as f32, bins_per_unit: (1.0 / slope) as f32, lines }
    }

    /// E(u|v) at the points of the histogram: Sled's equations 8 to 12, with ITK's padding and normalization.
    fn expected(&self, counts: &[f64], low: f64, slope: f64) -> Vec<f64> {
        let (len, offset) = (self.padded, (self.padded - self.bins) / 2);
        let mut observed = vec![[0.0, 0.0]; len];
        for (slot, count) in observed.iter_mut().skip(offset).zip(counts) {
            slot[0] = *count;
        }
        self.fft.forward(&mut observed);
        let width = self.fwhm / slope;
        let factor = 4.0 * std::f64::consts::LN_2 / (width * width);
        let scale = 2.0 * (std::f64::consts::LN_2 / std::f64::consts::PI).sqrt() / width;
        let mut blur: Vec<[f64; 2]> = (0..len)
            .map(|n| {
                let n = n.min(len - n) as f64;
                [scale * libm::exp(-n * n * factor), 0.0]
            })
            .collect();
        self.fft.forward(&mut blur);
        // the Gaussian is even: its transform is real
        for (value, blur) in observed.iter_mut().zip(&blur) {
            let gain = blur[0] / (blur[0] * blur[0] + self.noise);
            *value = [value[0] * gain, value[1] * gain];
        }
        self.fft.backward(&mut observed);
        // both sums in one transform: the moments in the real part, the counts in the imaginary one
        let mut both: Vec<[f64; 2]> = observed
            .iter()
            .enumerate()
            .map(|(n, value)| {
                let sharp = value[0].max(0.0);
                [(low + (n as f64 - offset as f64) * slope) * sharp, sharp]
            })
            .collect();
        self.fft.forward(&mut both);
        both.iter_mut().zip(&blur).for_each(|(value, blur)| *value = [value[0] * blur[0], value[1] * blur[0]]);
        self.fft.backward(&mut both);
        let ratio = |value: &[f64; 2]| if value[1] == 0.0 { 0.0 } else { value[0] / value[1] };
        both.iter().skip(offset).take(self.bins).map(ratio).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_drawn_to_the_peaks_of_the_histogram() {
        let counts: Vec<f64> = (0..200)
            .map(|n| {
                let bump = |centre: f64| libm::exp(-((n as f64 - centre) / 12.0).powi(2));
                1e4 * bump(60.0) + 2e4 * bump(140.0)
            })
            .collect();
        let table = Sharpener::new(200, 0.15, 0.01).table(&counts, 0.0, 1.99);
        let at = |cell: usize| table.lines[cell][0] + table.lines[cell][1] * cell as f32;
        assert!((at(60) - 0.6).abs() < 0.01 && (at(140) - 1.4).abs() < 0.01);
        assert!(at(52) > 0.54 && at(150) < 1.49, "{} {}", at(52), at(150));
    }
}
