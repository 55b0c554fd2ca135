//! The diffusion weighting of a frame: b-value, direction, B-matrix, from the standard's attributes and the makers' own.
//!
//! Directions are unit vectors in the patient (LPS), whatever frame a maker states them in: see the makers' files. A stated b of zero
//! has the zero vector; a frame that shows no one direction (a trace image) has none, and neither has one whose header is silent.
//! A map that was computed from weighted images (ADC, FA) has no weighting at all.
//!
//! Source: DICOM PS3.3 C.8.13.5.9 (MR Diffusion Macro); the makers' elements as NA-MIC's page *DICOM for DWI and DTI* and the notes of
//! dcm2niix list them.

mod canon;
mod ge;
mod matrix;
mod philips;
mod public;
mod siemens;
mod united_imaging;
mod values;

use isocenter_dcm::{Dataset, FunctionalGroups, plane::FramePlane, tags, value};

pub(crate) use philips::numbers as philips_numbers;

use super::maker::Maker;

/// How a frame is weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Weighting {
    /// s/mm^2.
    pub(crate) b_value: Option<f64>,
    /// A unit vector in the patient, LPS; zero where there is no gradient, `None` where nothing or no one direction is stated.
    pub(crate) gradient: Option<[f64; 3]>,
    /// In the patient, s/mm^2.
    pub(crate) b_matrix: Option<[[f64; 3]; 3]>,
    /// Whether the header says that the image shows no one direction.
    pub(crate) is_isotropic: bool,
    /// Whether the header says that it is a diffusion image, weighted or not.
    pub(crate) is_diffusion: bool,
    /// Whether a zero vector means no weighting, whatever the b-value: GE gives images without one the b-value of the series.
    pub(crate) zero_is_unweighted: bool,
}

impl Weighting {
    /// What the header says of a frame that lies in a plane; a maker's frame is turned by the plane.
    pub(crate) fn of(ds: &Dataset, groups: &FunctionalGroups<'_>, frame: usize, plane: Option<&FramePlane>) -> Self {
        let frame_type = groups.grouped(frame, tags::MR_IMAGE_FRAME_TYPE_SEQUENCE);
        let words = frame_type.map(|item| value::strings(item, tags::FRAME_TYPE)).filter(|words| !words.is_empty());
        let words = words.unwrap_or_else(|| value::strings(ds, tags::IMAGE_TYPE));
        if words.iter().any(|word| MAPS.contains(&word.to_uppercase().as_str())) {
            return Self::default();
        }
        let maker = Maker::of(ds).unwrap_or(Maker::Other);
        let public = groups.item(frame, tags::MR_DIFFUSION_SEQUENCE).map(|item| public::weighting(item, maker));
        let public = public.unwrap_or_default();
        let classic = !groups.is_enhanced();
        let found = match maker {
            Maker::Siemens if classic => public.or(|| siemens::weighting(ds)),
            Maker::Siemens => public.or(|| siemens::of_frame(groups, frame)),
            Maker::Philips => public.or(|| philips::weighting(philips::holder(ds, groups, frame))),
            Maker::Ge if classic => ge::weighting(ds, plane, public),
            Maker::UnitedImaging if classic => united_imaging::weighting(ds, plane).or(|| public),
            Maker::Canon if classic => public.or(|| canon::weighting(ds, plane)),
            _ => public,
        };
        let contrast = frame_type.unwrap_or(ds);
        let says = |text: &str| text.to_uppercase().contains("DIFFUSION");
        let named = words.iter().any(|word| says(word))
            || value::string(contrast, tags::ACQUISITION_CONTRAST).is_some_and(|contrast| says(&contrast));
        Self { is_diffusion: found.is_diffusion || named, ..found.settled() }
    }

    /// Fills what is not stated here from elsewhere.
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.b_value.is_some() && self.gradient.is_some() && self.b_matrix.is_some() {
            return self;
        }
        let other = other();
        Self {
            b_value: self.b_value.or(other.b_value),
            gradient: self.gradient.or(other.gradient),
            b_matrix: self.b_matrix.or(other.b_matrix),
            is_isotropic: self.is_isotropic || other.is_isotropic,
            is_diffusion: self.is_diffusion || other.is_diffusion,
            zero_is_unweighted: self.zero_is_unweighted || other.zero_is_unweighted,
        }
    }

    /// What follows from what is stated: no gradient without a weighting, no direction of an isotropic image, the direction of a
    /// B-matrix that has one.
    fn settled(self) -> Self {
        match self.b_value {
            Some(0.0) => Self { gradient: Some([0.0; 3]), is_isotropic: false, ..self },
            _ if self.is_isotropic => Self { gradient: None, ..self },
            Some(_) => Self { gradient: self.gradient.or_else(|| matrix::direction(&self.b_matrix?)), ..self },
            None => self,
        }
    }

    /// Whether it is weighted along a direction.
    pub(crate) fn is_directional(&self) -> bool {
        self.b_value.is_some_and(|b| b > 0.0) && self.gradient.is_some_and(|g| g != [0.0; 3])
    }
}

/// Whether the gradient of a classic image was turned by an assumed direction of phase encoding.
pub(crate) fn is_frame_assumed(ds: &Dataset, weighting: &Weighting) -> bool {
    let is_unstated = |tag| value::string(ds, tag).is_none();
    let maker = Maker::of(ds).unwrap_or(Maker::Other);
    weighting.is_directional()
        && is_unstated(tags::IN_PLANE_PHASE_ENCODING_DIRECTION)
        && !public::weighting(ds, maker).is_directional()
        && match maker {
            Maker::Ge => ge::vector(ds).is_some(),
            Maker::Canon => canon::is_commented(ds),
            _ => false,
        }
}

/// Words of Image Type and Frame Type for what is computed from weighted images and is not one.
const MAPS: [&str; 11] = [
    "ADC",
    "ADC MAP",
    "ADC_MAP",
    "EADC",
    "FA",
    "FA MAP",
    "FA_MAP",
    "FRACTIONAL_ANISOTROPY",
    "COLFA",
    "TENSOR",
    "EXPONENTIAL_ADC",
];
