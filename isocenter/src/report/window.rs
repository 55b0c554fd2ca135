//! The range of values shown as black to white.

use std::fmt;

use isocenter_volume::{Unit, Volume, stats};

use super::tissue::{self, Content};

/// A window for CT, by what is to be seen in it. Levels and widths are those of a workstation's presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Preset {
    Brain,
    SoftTissue,
    Lung,
    Bone,
}

impl Preset {
    pub(crate) const ALL: [Self; 4] = [Self::Brain, Self::SoftTissue, Self::Lung, Self::Bone];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Brain => "brain",
            Self::SoftTissue => "soft tissue",
            Self::Lung => "lung",
            Self::Bone => "bone",
        }
    }

    /// Level and width, HU.
    pub(crate) const fn level_width(self) -> [i16; 2] {
        match self {
            Self::Brain => [40, 80],
            Self::SoftTissue => [40, 400],
            Self::Lung => [-600, 1500],
            Self::Bone => [400, 1800],
        }
    }

    /// What a CT is shown in: all planes in the first window, axial slices once more in the second.
    pub(crate) const fn for_content(content: Content) -> (Self, Option<Self>) {
        match content {
            Content::Head => (Self::Brain, Some(Self::Bone)),
            Content::Chest => (Self::SoftTissue, Some(Self::Lung)),
            Content::Trunk => (Self::SoftTissue, None),
            Content::Bones => (Self::Bone, Some(Self::SoftTissue)),
        }
    }
}

/// The range of values shown as black to white.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) unit: String,
    pub(crate) preset: Option<Preset>,
    /// Dark for high values, as PET is shown.
    pub(crate) inverted: bool,
}

impl Range {
    pub(crate) fn of_preset(preset: Preset) -> Self {
        let [level, width] = preset.level_width().map(f64::from);
        let (low, high) = (level - width / 2.0, level + width / 2.0);
        Self { low, high, unit: Unit::Hu.code().to_owned(), preset: Some(preset), inverted: false }
    }

    /// From the 1st to the 99.5th percentile of what is tissue.
    pub(crate) fn of_percentiles(volume: &Volume<f32>, modality: Option<&str>) -> Self {
        let found = tissue::sampled(volume);
        let cuts = stats::percentiles(&found, &[1.0, 99.5]).unwrap_or_default();
        let (low, high) = match cuts.as_slice() {
            [low, high, ..] if high > low => (*low, *high),
            [value, ..] => (value - 0.5, value + 0.5),
            _ => (0.0, 1.0),
        };
        let unit = volume.scaling().unit().code().to_owned();
        Self { low, high, unit, preset: None, inverted: modality == Some("PT") }
    }

    pub(crate) fn window(&self) -> Window {
        Window { low: self.low as f32, high: self.high as f32, inverted: self.inverted }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(preset) = self.preset {
            let [level, width] = preset.level_width();
            return write!(f, "{} window, level {level}, width {width} {}", preset.name(), self.unit);
        }
        let number = super::number::short;
        write!(f, "1st to 99.5th percentile: {} to {}{}", number(self.low), number(self.high), unit_word(&self.unit))?;
        if self.inverted { f.write_str(", high values dark") } else { Ok(()) }
    }
}

/// A unit behind a number; none where the number has none.
pub(crate) fn unit_word(unit: &str) -> String {
    if matches!(unit, "1" | "arbitrary" | "") { String::new() } else { format!(" {unit}") }
}

/// Grey of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    low: f32,
    high: f32,
    inverted: bool,
}

impl Window {
    /// The grey of a value as it is shown, 0 (black) to 1 (white); what is no number is black.
    pub(crate) fn grey(self, value: f32) -> f32 {
        let t = self.bright(value);
        if self.inverted { 1.0 - t } else { t }
    }

    /// The grey of a value where high is always bright.
    pub(crate) fn bright(self, value: f32) -> f32 {
        let t = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        if t.is_nan() { 0.0 } else { t }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_never_shown_from_air_to_bone() {
        for preset in Preset::ALL {
            let range = Range::of_preset(preset);
            assert!(range.high - range.low <= 1800.0);
            assert!(range.to_string().starts_with(preset.name()));
        }
        assert_eq!(Preset::for_content(Content::Head), (Preset::Brain, Some(Preset::Bone)));
        assert_eq!(Range::of_preset(Preset::Brain).to_string(), "brain window, level 40, width 80 HU");
        let window = Range::of_preset(Preset::Lung).window();
        assert_eq!([-1350.0, -600.0, 150.0, f32::NAN, -3024.0].map(|v| window.grey(v)), [0.0, 0.5, 1.0, 0.0, 0.0]);
    }
}
