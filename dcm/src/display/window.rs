//! Windows: a center and a width in real values, and the curve between black and white.
//!
//! Source: DICOM PS3.3 C.11.2.1.2 (linear), C.11.2.1.3 (sigmoid, exact).

use dicom_dictionary_std::tags;

use crate::Error;

/// The curve of a window: VOI LUT Function (0028,1056).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowFunction {
    /// A line over `width` whole numbers: from `center - width / 2` to `center + width / 2 - 1`. What is meant where
    /// nothing is said.
    #[default]
    Linear,
    /// A line from `center - width / 2` to `center + width / 2`.
    LinearExact,
    /// A logistic curve, half at `center`, of slope `1 / width` there.
    Sigmoid,
}

impl WindowFunction {
    /// The function of a defined term.
    pub fn of(term: &str) -> Option<Self> {
        match term {
            "LINEAR" => Some(Self::Linear),
            "LINEAR_EXACT" => Some(Self::LinearExact),
            "SIGMOID" => Some(Self::Sigmoid),
            _ => None,
        }
    }
}

/// A window on real values.
///
/// ```
/// use isocenter_dcm::display::{Window, WindowFunction};
/// let window = Window::new(2048.0, 4096.0, WindowFunction::Linear)?; // the example of the standard: 0 to 4095
/// assert_eq!([0.0, 4095.0].map(|real| window.level(real)), [0.0, 1.0]);
/// assert!(Window::new(40.0, 0.0, WindowFunction::Linear).is_err());
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    center: f64,
    width: f64,
    function: WindowFunction,
}

impl Window {
    /// A window; [`Error::Malformed`] where the width is below 1 ([`WindowFunction::Linear`]) or not above 0 (the
    /// others), or a number is not finite.
    pub fn new(center: f64, width: f64, function: WindowFunction) -> Result<Self, Error> {
        let wide_enough = match function {
            WindowFunction::Linear => width >= 1.0,
            WindowFunction::LinearExact | WindowFunction::Sigmoid => width > 0.0,
        };
        if !wide_enough || !width.is_finite() {
            let what = "a window width below 1, or for exact and sigmoid windows not above 0";
            return Err(Error::Malformed { tag: Some(tags::WINDOW_WIDTH), what });
        }
        if !center.is_finite() {
            let what = "a window center that is no number";
            return Err(Error::Malformed { tag: Some(tags::WINDOW_CENTER), what });
        }
        Ok(Self { center, width, function })
    }

    /// The level of a real value, from 0 to 1; NaN for NaN.
    pub fn level(&self, real: f64) -> f64 {
        let line = |center: f64, width: f64| {
            if real <= center - width / 2.0 {
                0.0
            } else if real > center + width / 2.0 {
                1.0
            } else {
                // Never reached with a width of 0: one of the two above holds.
                ((real - center) / width + 0.5).clamp(0.0, 1.0)
            }
        };
        match self.function {
            WindowFunction::Linear => line(self.center - 0.5, self.width - 1.0),
            WindowFunction::LinearExact => line(self.center, self.width),
            WindowFunction::Sigmoid => 1.0 / (1.0 + libm::exp(-4.0 * (real - self.center) / self.width)),
        }
    }

    /// Window Center, in real values.
    pub const fn center(&self) -> f64 {
        self.center
    }

    /// Window Width, in real values.
    pub const fn width(&self) -> f64 {
        self.width
    }

    /// Its curve.
    pub const fn function(&self) -> WindowFunction {
        self.function
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(center: f64, width: f64, function: WindowFunction) -> Window {
        Window::new(center, width, function).unwrap()
    }

    #[test]
    fn a_linear_window_covers_as_many_numbers_as_it_is_wide() {
        // The notes of C.11.2.1.2.1.
        let levels = |c, w, xs: [f64; 3]| xs.map(|x| window(c, w, WindowFunction::Linear).level(x));
        assert_eq!(levels(2048.0, 4096.0, [0.0, 2047.5, 4095.0]), [0.0, 0.5, 1.0]);
        assert_eq!(levels(0.0, 100.0, [-50.0, -0.5, 49.0]), [0.0, 0.5, 1.0]);
        assert_eq!(levels(0.0, 1.0, [-1.0, -0.5, 0.0]), [0.0, 0.0, 1.0], "a threshold");
    }

    #[test]
    fn an_exact_window_ends_where_it_says() {
        let levels = |c, w, xs: [f64; 5]| xs.map(|x| window(c, w, WindowFunction::LinearExact).level(x));
        assert_eq!(levels(2048.0, 4096.0, [-1.0, 0.0, 1024.0, 4096.0, 4097.0]), [0.0, 0.0, 0.25, 1.0, 1.0]);
        assert_eq!(levels(0.25, 0.5, [0.0, 0.125, 0.25, 0.5, 1.0]), [0.0, 0.25, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn a_sigmoid_window_is_half_at_its_center() {
        let curve = window(10.0, 4.0, WindowFunction::Sigmoid);
        assert_eq!(curve.level(10.0), 0.5);
        // 1 / (1 + e^-1) and its mirror.
        assert!((curve.level(11.0) - 0.731_058_578_630_004_9).abs() < 1e-15);
        assert!((curve.level(9.0) + curve.level(11.0) - 1.0).abs() < 1e-15);
        assert_eq!((curve.level(-1e9), curve.level(1e9)), (0.0, 1.0));
    }

    #[test]
    fn widths_that_would_divide_by_zero_are_refused() {
        use WindowFunction::{Linear, LinearExact, Sigmoid};
        for (width, function) in [(0.0, Linear), (0.99, Linear), (-5.0, Linear), (0.0, LinearExact), (0.0, Sigmoid)] {
            assert_eq!(Window::new(40.0, width, function).unwrap_err().reason(), "malformed", "{width}");
        }
        for (center, width) in [(f64::NAN, 1.0), (0.0, f64::NAN), (0.0, f64::INFINITY), (f64::INFINITY, 1.0)] {
            assert!(Window::new(center, width, LinearExact).is_err());
        }
    }

    proptest! {
        #[test]
        fn levels_rise_and_stay_within_bounds(
            center in -5e3..5e3f64, width in 1.0..5e3f64, a in -1e4..1e4f64, b in -1e4..1e4f64,
            function in prop::sample::select(vec![
                WindowFunction::Linear, WindowFunction::LinearExact, WindowFunction::Sigmoid,
            ]),
        ) {
            let window = window(center, width, function);
            let (low, high) = (window.level(a.min(b)), window.level(a.max(b)));
            prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
            prop_assert!(low <= high, "{low} {high}");
        }
    }
}
