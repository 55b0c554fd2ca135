//! Facts of an acquisition that a later step needs and that identify nobody.
//!
//! `convert` fills these from DICOM or a sidecar, `normalize` computes with them. There is no date here, no name, no identifier:
//! a time is a number of seconds relative to another event of the same acquisition.

/// PHI-free facts of an acquisition; every field is optional because every header leaves some of them out.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Meta {
    /// Modality, (0008,0060): `CT`, `MR`, `PT`, ...
    pub modality: Option<String>,
    /// Body Part Examined, (0018,0015), a defined term.
    pub body_part: Option<String>,
    /// Manufacturer, (0008,0070), reduced to a known maker's name.
    pub manufacturer: Option<String>,
    /// Values that fill the image where nothing was measured, as the header states them.
    pub padding: Option<Padding>,
    /// Facts of an MR acquisition.
    pub mr: Option<Mr>,
    /// Facts of a CT acquisition.
    pub ct: Option<Ct>,
    /// Facts of a PET acquisition.
    pub pet: Option<Pet>,
}

/// Real values, in the unit of the image, that fill it where nothing was measured (the corners around a round field of view): no tissue.
///
/// Source: Pixel Padding Value (0028,0120) and Pixel Padding Range Limit (0028,0121), PS3.3 C.7.5.1.1.2, which count in stored values.
///
/// # Examples
/// ```
/// use isocenter_volume::meta::Padding;
/// let padding = Padding::new(-2000.0, -3024.0);
/// assert!(padding.contains(-3024.0) && padding.contains(-2000.0) && !padding.contains(-1024.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Padding {
    /// The lowest value that is padding.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact"))]
    pub low: f64,
    /// The highest value that is padding.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact"))]
    pub high: f64,
}

impl Padding {
    /// The range between two values, in either order.
    pub const fn new(one: f64, other: f64) -> Self {
        Self { low: one.min(other), high: one.max(other) }
    }

    /// Whether a real value is padding.
    pub const fn contains(&self, real: f64) -> bool {
        self.low <= real && real <= self.high
    }
}

/// Facts of an MR acquisition.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Mr {
    /// Magnetic Field Strength, (0018,0087), tesla.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub field_strength_t: Option<f64>,
    /// Repetition Time, (0018,0080), seconds.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub repetition_time_s: Option<f64>,
    /// Echo Time, (0018,0081), seconds.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub echo_time_s: Option<f64>,
    /// Inversion Time, (0018,0082), seconds.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub inversion_time_s: Option<f64>,
    /// Flip Angle, (0018,1314), degrees.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub flip_angle_deg: Option<f64>,
    /// Scanning Sequence, (0018,0020), a defined term such as `SE` or `GR`.
    pub scanning_sequence: Option<String>,
    /// The diffusion weighting of a diffusion image whose steps are all weighted alike; where they are not, a slow axis has it.
    pub diffusion: Option<Diffusion>,
}

/// A diffusion weighting.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Diffusion {
    /// Diffusion b-value, (0018,9087), s/mm^2.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact"))]
    pub b_value: f64,
    /// Diffusion Gradient Orientation, (0018,9089), a unit vector in world (LPS+); zero where there is no gradient, `None` where the
    /// image shows no one direction or its header states none.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional_vector"))]
    pub direction: Option<[f64; 3]>,
}

impl Diffusion {
    /// A weighting of so many s/mm^2 along a direction (a unit vector in world, zero without a gradient), where one is known.
    pub const fn new(b_value: f64, direction: Option<[f64; 3]>) -> Self {
        Self { b_value, direction }
    }
}

/// Facts of a CT acquisition.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Ct {
    /// KVP, (0018,0060), kilovolts.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub tube_voltage_kv: Option<f64>,
    /// Convolution Kernel, (0018,1210), joined by `\` where multi-valued.
    pub kernel: Option<String>,
}

/// Facts of a PET acquisition that a standardized uptake value needs.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Pet {
    /// Units, (0054,1001): `BQML`, `CNTS`, `GML`, ...
    pub units: Option<String>,
    /// Decay Correction, (0054,1102): `START`, `ADMIN` or `NONE`.
    pub decay_correction: Option<String>,
    /// Corrected Image, (0028,0051), contains both `DECY` and `ATTN`.
    pub corrected_for_decay_and_attenuation: Option<bool>,
    /// Radionuclide Total Dose, (0018,1074), becquerel, at the time of injection.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub injected_dose_bq: Option<f64>,
    /// Radionuclide Half Life, (0018,1075), seconds.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub half_life_s: Option<f64>,
    /// From the injection to the time that the image's activity is corrected to, seconds.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub injection_to_reference_s: Option<f64>,
    /// SUV by body weight of one unit of an image in counts, by the maker's own factor (Philips (7053,1000)).
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub suv_per_count: Option<f64>,
    /// Activity concentration (Bq/ml) of one unit of an image in counts, by the maker's own factor (Philips (7053,1009)).
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub bqml_per_count: Option<f64>,
    /// SUV Type, (0054,1006), of an image that holds uptake values: `BW` (also where none stands), `LBM`, `LBMJAMES128`, `LBMJANMA`, `BSA`, `IBW`.
    pub suv_type: Option<String>,
    /// Patient's Weight, (0010,1030), kilograms. Serves the SUV and is dropped then, unless the profile retains it; so do size and sex.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub weight_kg: Option<f64>,
    /// Patient's Size, (0010,1020), metres.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::optional"))]
    pub size_m: Option<f64>,
    /// Patient's Sex, (0010,0040).
    pub sex: Option<Sex>,
}

/// Patient's Sex, (0010,0040), where a formula needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `O`.
    Other,
}

impl Sex {
    /// That of a defined term.
    pub fn of_term(term: &str) -> Option<Self> {
        match term {
            "F" => Some(Self::Female),
            "M" => Some(Self::Male),
            "O" => Some(Self::Other),
            _ => None,
        }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn a_weighting_comes_back_from_text_to_the_bit() {
        for direction in [Some([1.0 / 3.0, -0.6, 0.1 + 0.2]), Some([0.0; 3]), None] {
            let mr = Mr { diffusion: Some(Diffusion::new(929.750_183_133_752_7, direction)), ..Mr::default() };
            let text = serde_json::to_string(&mr).unwrap();
            assert_eq!(serde_json::from_str::<Mr>(&text).unwrap(), mr, "{text}");
        }
        assert_eq!(serde_json::from_str::<Mr>("{}").unwrap(), Mr::default());
    }
}
