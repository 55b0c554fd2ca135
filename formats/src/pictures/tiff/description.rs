//! What the first description of a TIFF says of all its pages.

/// Words of ImageJ, a line each.
pub(super) struct ImageJ<'t>(&'t str);

impl<'t> ImageJ<'t> {
    /// Takes a description that ImageJ, or who writes as it does, made.
    pub(super) fn of(description: &'t str) -> Option<Self> {
        description.starts_with("ImageJ=").then_some(Self(description))
    }

    /// The value of a word.
    pub(super) fn text(&self, word: &str) -> Option<&'t str> {
        let mut lines = self.0.lines().filter_map(|line| line.split_once('='));
        lines.find(|(name, _)| *name == word).map(|(_, value)| value.trim())
    }

    pub(super) fn number(&self, word: &str) -> Option<f64> {
        self.text(word)?.parse().ok().filter(|n: &f64| n.is_finite())
    }

    /// How many there are of something; 1 where it is not said.
    pub(super) fn count(&self, word: &str) -> Option<u64> {
        self.text(word).map_or(Some(1), |text| text.parse().ok().filter(|n| *n > 0))
    }

    /// Millimetres in the unit of an axis; `None` where it is none of length.
    pub(super) fn unit_mm(&self, axis: &str) -> Option<f64> {
        let unit = self.text(axis).or_else(|| self.text("unit"))?;
        Some(match unit {
            "mm" | "millimeter" | "millimeters" | "millimetre" => 1.0,
            "cm" | "centimeter" | "centimetre" => 10.0,
            "m" | "meter" | "metre" => 1000.0,
            "um" | "\\u00B5m" | "\u{b5}m" | "\u{3bc}m" | "micron" | "microns" | "micrometer" | "micrometre" => 1e-3,
            "nm" | "nanometer" => 1e-6,
            "inch" | "in" | "inches" => 25.4,
            _ => return None,
        })
    }

    /// Seconds between frames.
    pub(super) fn interval_s(&self) -> Option<f64> {
        let seconds = match self.text("tunit").unwrap_or("sec") {
            "sec" | "s" | "second" | "seconds" => 1.0,
            "msec" | "ms" => 1e-3,
            "min" | "minutes" => 60.0,
            _ => return None,
        };
        self.number("finterval").filter(|n| *n > 0.0).map(|n| n * seconds)
    }
}

/// The lengths that tifffile says of an array, slowest first.
pub(super) fn shape(description: &str) -> Option<Vec<u64>> {
    let list = description.trim().strip_prefix('{')?.split_once("\"shape\"")?.1.trim_start().strip_prefix(':')?;
    let list = list.trim_start().strip_prefix('[')?.split_once(']')?.0;
    list.split(',').map(|n| n.trim().parse().ok().filter(|n| *n > 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_imagej_and_tifffile() {
        let said = ImageJ::of("ImageJ=1.54f\nimages=6\nslices=3\nunit=\\u00B5m\nspacing=2.5\nfinterval=0.5\n").unwrap();
        assert_eq!((said.count("slices"), said.count("frames")), (Some(3), Some(1)));
        assert_eq!(
            (said.unit_mm("zunit"), said.number("spacing"), said.interval_s()),
            (Some(1e-3), Some(2.5), Some(0.5))
        );
        assert!(ImageJ::of("a picture").is_none());
        assert_eq!(shape("{\"shape\": [2, 3, 4], \"x\": 1}"), Some(vec![2, 3, 4]));
        assert_eq!(shape("{\"shape\": [2, 0]}"), None);
        assert_eq!(shape("[1]"), None);
    }
}
