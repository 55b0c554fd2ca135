//! CT window: a range of values, clipped, and taken to another range or kept as it is.

use isocenter_volume::{Ctx, Mask, Unit, Volume};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, LinearMap, Output, error, preset::CtPreset};

/// Clips to a range given in the unit of the volume (Hounsfield units for CT).
///
/// In a recipe either `centre` and `width`, or `lower` and `upper`, or a [`CtPreset`] by `preset`; `out` is `[0, 1]` unless said otherwise, and `"keep"` leaves
/// the values in their unit. The range runs from `centre - width / 2` to `centre + width / 2`, as MONAI and radiologists' presets
/// mean it; DICOM's LINEAR function of displays (PS3.3 C.11.2.1.2) differs by half a unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct CtWindow {
    lower: f64,
    upper: f64,
    out: Output,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    preset: Option<CtPreset>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "isocenter_volume::exact::optional")]
    centre: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "isocenter_volume::exact::optional")]
    width: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "isocenter_volume::exact::optional")]
    lower: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "isocenter_volume::exact::optional")]
    upper: Option<f64>,
    #[serde(default = "unit_range")]
    out: Output,
}

const fn unit_range() -> Output {
    Output::Range([0.0, 1.0])
}

impl CtWindow {
    /// The window of a width about a centre, to 0..1.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless the width is above 0.
    pub fn centre_width(centre: f64, width: f64) -> Result<Self, Error> {
        error::number("window centre", centre)?;
        error::positive("window width", width)?;
        Self::range(centre - width / 2.0, centre + width / 2.0)
    }

    /// The window between two values, to 0..1.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless lower < upper.
    pub fn range(lower: f64, upper: f64) -> Result<Self, Error> {
        error::number("lower limit", lower)?;
        error::number("upper limit", upper)?;
        if lower >= upper {
            return Err(Error::BadParameter { what: "lower limit", wanted: "below the upper one", found: lower });
        }
        Ok(Self { lower, upper, out: unit_range() })
    }

    /// The window of a name, to 0..1.
    pub const fn preset(preset: CtPreset) -> Self {
        let [centre, width] = preset.centre_width();
        Self { lower: centre - width / 2.0, upper: centre + width / 2.0, out: unit_range() }
    }

    /// Sets where the ends of the window go.
    #[must_use]
    pub fn out(mut self, out: Output) -> Self {
        self.out = out;
        self
    }

    /// The lower end, in the unit of the volume.
    pub const fn lower(&self) -> f64 {
        self.lower
    }

    /// The upper end, in the unit of the volume.
    pub const fn upper(&self) -> f64 {
        self.upper
    }

    /// The map; nothing of the volume is measured.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for an output range that is not finite.
    pub fn fit(&self, _volume: &Volume<f32>, _mask: Option<&Mask>, _ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        self.to_fitted()
    }

    /// The map, without a volume.
    ///
    /// # Errors
    /// As [`CtWindow::fit`].
    pub fn to_fitted(&self) -> Result<Fitted, Error> {
        let unit = match self.out {
            Output::Range(_) => Some(Unit::Ratio),
            Output::Keep => None,
        };
        Ok(Fitted::linear(LinearMap::between(self.lower, self.upper, self.out, true)?, unit))
    }
}

impl TryFrom<Repr> for CtWindow {
    type Error = String;

    fn try_from(repr: Repr) -> Result<Self, String> {
        let Repr { preset, centre, width, lower, upper, out } = repr;
        let window = match (preset, centre, width, lower, upper) {
            (None, Some(c), Some(w), None, None) => Self::centre_width(c, w),
            (None, None, None, Some(l), Some(u)) => Self::range(l, u),
            (Some(preset), None, None, None, None) => Ok(Self::preset(preset)),
            _ => return Err("either `centre` and `width`, or `lower` and `upper`, or `preset` is wanted".to_owned()),
        };
        window.map(|w| w.out(out)).map_err(|e| e.to_string())
    }
}

impl From<CtWindow> for Repr {
    fn from(window: CtWindow) -> Self {
        let (lower, upper) = (Some(window.lower), Some(window.upper));
        Self { preset: None, centre: None, width: None, lower, upper, out: window.out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_window() {
        let a: CtWindow = toml::from_str("centre = 40\nwidth = 400").unwrap();
        let b: CtWindow = toml::from_str("lower = -160.0\nupper = 240.0\nout = [0, 1]").unwrap();
        assert_eq!(a, b);
        for preset in CtPreset::ALL {
            let name = serde_json::to_string(&preset).unwrap();
            let [centre, width] = preset.centre_width();
            let named: CtWindow = toml::from_str(&format!("preset = {name}")).unwrap();
            assert_eq!(named, CtWindow::centre_width(centre, width).unwrap(), "{name}");
        }
        for bad in [
            "preset = 'lungs'",
            "preset = 'lung'\nwidth = 5",
            "centre = 40",
            "centre = 40\nwidth = 0",
            "lower = 3\nupper = 1",
            "centre = 1\nwidth = 2\nlevel = 3",
        ] {
            assert!(toml::from_str::<CtWindow>(bad).is_err(), "{bad}");
        }
    }
}
