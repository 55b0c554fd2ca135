//! Otsu's threshold between the darker and the brighter class of a histogram.
//!
//! Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
//! Cybernetics 1979.

use super::Histogram;

/// The cut of a histogram into two classes with the largest variance between their means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Otsu {
    first: f64,
    last: f64,
    dark_mean: f64,
}

impl Otsu {
    /// The cut of a histogram; `None` where all samples lie in one bin.
    ///
    /// Every sample counts as the middle of its bin. Empty bins between two modes part them equally well: all such cuts are kept,
    /// as the lowest and the highest of them.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        let counts = histogram.counts();
        let total = histogram.total() as f64;
        let weighted: f64 = counts.iter().enumerate().map(|(b, &n)| b as f64 * n as f64).sum();
        // whole numbers below 2^53: these sums are exact
        let (mut below, mut below_sum) = (0.0, 0.0);
        let mut best: Option<(f64, usize, usize, f64)> = None;
        for (bin, &n) in counts.iter().enumerate().take(counts.len() - 1) {
            below += n as f64;
            below_sum += bin as f64 * n as f64;
            let above = total - below;
            if below == 0.0 || above == 0.0 {
                continue;
            }
            let difference = below_sum / below - (weighted - below_sum) / above;
            let between = below * above * difference * difference;
            match &mut best {
                Some((value, _, last, _)) if between <= *value * (1.0 + TIE) => {
                    if between > *value * (1.0 - TIE) {
                        *last = bin;
                    }
                }
                _ => best = Some((between, bin, bin, below_sum / below)),
            }
        }
        let (_, first, last, dark) = best?;
        let (low, width) = (histogram.bin_edge(0), histogram.bin_width());
        Some(Self {
            first: histogram.bin_edge(first + 1),
            last: histogram.bin_edge(last + 1),
            dark_mean: low + (dark + 0.5) * width,
        })
    }

    /// The lowest value that parts the classes best: object is what lies above.
    pub const fn lowest(&self) -> f64 {
        self.first
    }

    /// The middle of the values that part the classes equally well.
    pub const fn middle(&self) -> f64 {
        (self.first + self.last) / 2.0
    }

    /// Mean of the darker class.
    pub const fn dark_mean(&self) -> f64 {
        self.dark_mean
    }
}

/// Variances nearer to each other than this share are one: far above rounding, far below what a sample changes.
const TIE: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_two_modes() {
        let mut histogram = Histogram::new(0.0, 10.0, 10).unwrap();
        histogram.add(&[1.5f32, 1.5, 2.5, 7.5, 8.5, 8.5]);
        let cut = Otsu::of(&histogram).unwrap();
        // bins 3 to 6 are empty: any edge from 3 to 7 parts equally well
        assert_eq!((cut.lowest(), cut.middle()), (3.0, 5.0));
        assert!((cut.dark_mean() - (1.5 + 1.5 + 2.5) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn one_bin_has_no_cut() {
        let mut histogram = Histogram::new(0.0, 1.0, 4).unwrap();
        assert_eq!(Otsu::of(&histogram), None);
        histogram.add(&[0.6f32; 9]);
        assert_eq!(Otsu::of(&histogram), None);
    }
}
