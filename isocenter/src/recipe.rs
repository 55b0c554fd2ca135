//! What to make of a folder of scans, as a TOML file.
//!
//! A recipe names the grid, the intensity steps of each kind of image, what is registered to what, and the split. An unknown key
//! is an error with its place, never ignored. [`Recipe::preset`] gives the ones that ship; `isocenter recipe NAME` prints them.
//!
//! # Examples
//! ```
//! use isocenter::Recipe;
//! let recipe = Recipe::preset("ct-segmentation").ok_or("no such preset")??;
//! assert!(recipe.grid.spacing_mm.is_none()); // the native grid
//! assert!(Recipe::parse("nmae = 'typo'").is_err());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod files;
mod labels;
pub mod reference;

use std::{collections::BTreeMap, path::Path};

use isocenter_volume::{Orientation, sample::Interpolation};
use serde::{Deserialize, Serialize};

pub(crate) use self::files::body_part;
pub use self::{
    files::Files,
    labels::{EmptyMaps, Labels},
};
use crate::Error;

/// A parsed recipe.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Recipe {
    /// Its name; also the name of the exported data set.
    pub name: String,
    /// One sentence on what it is for.
    #[serde(default)]
    pub description: String,
    /// How names of volume files (NIfTI, NRRD, MetaImage, MGH) are read; by their layout where left out.
    #[serde(default, skip_serializing_if = "Files::is_empty")]
    pub files: Files,
    /// What to do with label maps.
    #[serde(default)]
    pub labels: Labels,
    /// The grid of the prepared images.
    #[serde(default)]
    pub grid: Grid,
    /// Other grids by body part (Body Part Examined, such as `HEAD`), in place of `grid`.
    #[serde(default)]
    pub grids: BTreeMap<String, Grid>,
    /// What is registered to what; nothing where left out.
    #[serde(default)]
    pub register: Option<Register>,
    /// Intensity steps by kind of image: a contrast (`T1`, `FLAIR`, ...), else a modality (`CT`, `MR`, `PT`).
    #[serde(default)]
    pub normalize: BTreeMap<String, Vec<isocenter_normalize::Step>>,
    /// The split.
    #[serde(default)]
    pub split: Split,
}

/// The grid of the prepared images.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Grid {
    /// The axes are permuted and flipped to this code; left out: as acquired.
    pub orientation: Option<Orientation>,
    /// Voxel size along i, j, k, mm, after the reorientation; left out: as acquired.
    pub spacing_mm: Option<[f64; 3]>,
    /// How images are interpolated where they are resampled; label maps always take the per-label linear vote.
    pub interpolation: InterpolationName,
    /// Whether an image that is resampled is kept between its least and its largest value before its intensities are changed: cubic
    /// splines and Lanczos swing over edges. Left out: items are not, images of the nnU-Net export are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clamp: Option<bool>,
}

/// How an image is interpolated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InterpolationName {
    /// The nearest voxel.
    Nearest,
    /// Trilinear.
    Linear,
    /// Cubic B-spline, prefiltered.
    #[default]
    Bspline3,
    /// Lanczos window of radius 5.
    Lanczos5,
}

impl InterpolationName {
    /// The sampling kernel.
    pub const fn kernel(self) -> Interpolation {
        match self {
            Self::Nearest => Interpolation::Nearest,
            Self::Linear => Interpolation::Linear,
            Self::Bspline3 => Interpolation::BSpline3,
            Self::Lanczos5 => Interpolation::Lanczos { radius: 5 },
        }
    }
}

/// What is registered to what.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Register {
    /// The contrast that the others are brought to, such as `T1`.
    pub reference: String,
    /// Only series of these body parts (Body Part Examined) take part; `HEAD`, `BRAIN` and `SKULL` are one.
    pub body_parts: Vec<String>,
    /// Whether series of different studies of one patient are registered to each other.
    #[serde(default)]
    pub across_studies: bool,
    /// What becomes of a series whose registration is in doubt.
    #[serde(default)]
    pub doubtful: Doubtful,
}

/// What becomes of a series whose registration is in doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Doubtful {
    /// It is kept out.
    #[default]
    Quarantine,
    /// It is kept with a warning, unless left and right are in doubt.
    Keep,
}

/// How patients are split.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Split {
    /// Share of patients in the test part, 0 to 1.
    pub test: f64,
    /// Folds of cross-validation within the train part.
    pub folds: usize,
}

impl Default for Split {
    fn default() -> Self {
        Self { test: 0.2, folds: 5 }
    }
}

const PRESETS: [(&str, &str); 3] = [
    ("generic", include_str!("../presets/generic.toml")),
    ("ct-segmentation", include_str!("../presets/ct-segmentation.toml")),
    ("multimodal", include_str!("../presets/multimodal.toml")),
];

impl Recipe {
    /// Names of the presets that ship.
    pub fn preset_names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name)
    }

    /// The text of a preset.
    pub fn preset_text(name: &str) -> Option<&'static str> {
        PRESETS.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
    }

    /// A preset by name, or `None` where there is no such preset.
    pub fn preset(name: &str) -> Option<Result<Self, Error>> {
        Self::preset_text(name).map(Self::parse)
    }

    /// Takes a preset's name or the path of a TOML file.
    ///
    /// # Errors
    /// [`Error::Recipe`].
    pub fn load(name_or_path: &str) -> Result<Self, Error> {
        if let Some(preset) = Self::preset(name_or_path) {
            return preset;
        }
        let path = Path::new(name_or_path);
        let text = std::fs::read_to_string(path).map_err(|e| Error::Recipe {
            message: format!(
                "{name_or_path} is neither a preset ({}) nor a readable file ({e})",
                Self::preset_names().collect::<Vec<_>>().join(", ")
            ),
        })?;
        Self::parse(&text)
    }

    /// Parses a recipe.
    ///
    /// # Errors
    /// [`Error::Recipe`] naming the line and the key, or the number that cannot be.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let recipe: Self = toml::from_str(text).map_err(|e| Error::Recipe { message: e.to_string() })?;
        let bad = |message: &str| Err(Error::Recipe { message: message.to_owned() });
        if recipe.name.is_empty() || !recipe.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return bad("`name` must be made of letters, digits, `-` and `_`");
        }
        for grid in recipe.grids.values().chain([&recipe.grid]) {
            if grid.spacing_mm.is_some_and(|s| s.iter().any(|v| !v.is_finite() || *v < 0.05 || *v > 1000.0)) {
                return bad("`spacing_mm` must lie between 0.05 and 1000");
            }
        }
        recipe.files.check().map_err(|message| Error::Recipe { message })?;
        if !(0.0..1.0).contains(&recipe.split.test) {
            return bad("`split.test` must be at least 0 and below 1");
        }
        if recipe.split.folds == 0 || recipe.split.folds > 100 {
            return bad("`split.folds` must lie between 1 and 100");
        }
        Ok(recipe)
    }

    /// The recipe with every default written out, as TOML; the same recipe gives the same text.
    ///
    /// # Errors
    /// [`Error::Internal`] where it cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, Error> {
        toml::to_string(self).map_err(|e| Error::Internal { message: e.to_string() })
    }

    /// The grid of an image of a body part.
    ///
    /// Scanners call a head `HEAD`, `BRAIN` or `SKULL`: an entry for one of them serves the others that have none.
    pub fn grid_for(&self, body_part: Option<&str>) -> &Grid {
        let exact = body_part.and_then(|part| self.grids.get(part));
        exact.or_else(|| body_part.and_then(|part| self.grids.get(region(part)))).unwrap_or(&self.grid)
    }

    /// Whether the body part of an image decides what is done with it.
    pub fn asks_for_body_part(&self) -> bool {
        !self.grids.is_empty() || self.register.is_some()
    }

    /// The intensity steps of an image: those of its contrast, else those of its modality, else none.
    pub fn steps_for(&self, contrast: Option<&str>, modality: Option<&str>) -> &[isocenter_normalize::Step] {
        let of = |key: Option<&str>| key.and_then(|k| self.normalize.get(k)).map(Vec::as_slice);
        of(contrast).or_else(|| of(modality)).unwrap_or_default()
    }
}

impl Register {
    /// The region that a body part belongs to, where series of it take part.
    pub fn region_of<'p>(&self, body_part: Option<&'p str>) -> Option<&'p str> {
        let found = region(body_part?);
        self.body_parts.iter().any(|part| region(part) == found).then_some(found)
    }
}

/// One name for what is scanned as one thing, of the body parts of PS3.16 CID 4031.
fn region(body_part: &str) -> &str {
    match body_part {
        "BRAIN" | "SKULL" => "HEAD",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_parses_and_round_trips() {
        for name in Recipe::preset_names() {
            let recipe = Recipe::preset(name).unwrap().unwrap();
            assert_eq!(recipe.name, name);
            let text = recipe.to_toml().unwrap();
            assert_eq!(Recipe::parse(&text).unwrap().to_toml().unwrap(), text);
        }
    }

    #[test]
    fn a_brain_is_a_head() {
        let recipe = Recipe::preset("multimodal").unwrap().unwrap();
        assert!(recipe.grid_for(Some("BRAIN")).spacing_mm.is_some());
        assert!(recipe.grid_for(Some("CHEST")).spacing_mm.is_none());
        let register = recipe.register.unwrap();
        assert_eq!(register.region_of(Some("BRAIN")), Some("HEAD"));
        assert_eq!(register.region_of(Some("CHEST")), None);
    }

    #[test]
    fn names_the_unknown_key() {
        let text = "name = 'x'\n[grid]\nspacing = [1, 1, 1]\n";
        assert!(Recipe::parse(text).unwrap_err().to_string().contains("spacing"));
    }
}
