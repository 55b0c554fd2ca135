//! What the rule asks.

mod of_header;

use isocenter_volume::Meta;

use super::part::Part;

/// A maker whose names of sequences the rule knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Maker {
    /// Siemens.
    Siemens,
    /// GE.
    Ge,
    /// Philips.
    Philips,
    /// Any other.
    Other,
}

impl Maker {
    /// By Manufacturer (0008,0070).
    pub fn of(manufacturer: &str) -> Self {
        let lower = manufacturer.to_lowercase();
        if lower.starts_with("siemens") {
            Self::Siemens
        } else if lower == "ge" || ["ge ", "ge_", "gems", "general electric"].iter().any(|name| lower.starts_with(name))
        {
            Self::Ge
        } else if lower.starts_with("philips") {
            Self::Philips
        } else {
            Self::Other
        }
    }
}

/// Facts of a series that its kind is told by. All of them may be missing; times are seconds.
///
/// [`SeriesFacts::of`] reads the standard's elements. Who reads a maker's own adds what they say. The texts are those of the header,
/// and none of them goes into a kind.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SeriesFacts {
    /// Modality (0008,0060).
    pub modality: Option<String>,
    /// Who built the scanner.
    pub maker: Option<Maker>,
    /// Image Type (0008,0008).
    pub image_type: Vec<String>,
    /// Frame Type (0008,9007), where the image is enhanced.
    pub frame_type: Vec<String>,
    /// Complex Image Component (0008,9208), or what stands for it.
    pub component: Option<String>,
    /// The code of what the real values are counted in, such as `Hz`; empty where nothing says.
    pub unit: String,
    /// Which part of a complex image it shows.
    pub part: Option<Part>,
    /// Acquisition Contrast (0008,9209).
    pub acquisition_contrast: Option<String>,
    /// Scanning Sequence (0018,0020).
    pub scanning: Vec<String>,
    /// Sequence Variant (0018,0021).
    pub variant: Vec<String>,
    /// Sequence Name (0018,0024), else Pulse Sequence Name.
    pub sequence_name: String,
    /// Pulse Sequence Name (0018,9005).
    pub pulse_sequence_name: String,
    /// What the maker calls the sequence: the file of it (Siemens), its internal name (GE), else its public name.
    pub sequence_details: String,
    /// Series Description (0008,103E).
    pub description: String,
    /// Echo Time (0018,0081).
    pub echo_s: Option<f64>,
    /// Repetition Time (0018,0080), of an excitation or a volume.
    pub repetition_s: Option<f64>,
    /// Inversion Time (0018,0082).
    pub inversion_s: Option<f64>,
    /// The two inversion times of a protocol that has two.
    pub inversions_s: Option<[f64; 2]>,
    /// Flip Angle (0018,1314), degrees.
    pub flip_angle_deg: Option<f64>,
    /// Number of this echo.
    pub echo_number: Option<i64>,
    /// How many echoes the protocol has; 0 and 1 are one.
    pub echoes: usize,
    /// Whether the series has images of other echoes.
    pub is_multi_echo: bool,
    /// Whether it is diffusion weighted, or of a diffusion series.
    pub is_diffusion: bool,
    /// Whether the sequence makes spin echoes.
    pub is_spin_echo: bool,
    /// Whether the sequence is echo planar.
    pub is_planar: bool,
    /// Whether the maker says that it is of a functional series.
    pub is_functional: bool,
    /// Whether a sequence that maps the field made it.
    pub is_field_map_sequence: bool,
    /// Contrast/Bolus Agent (0018,0010) names one.
    pub has_agent: bool,
    /// Number of slices, where it is known.
    pub slices: Option<usize>,
    /// Number of volumes, where it is known.
    pub steps: Option<usize>,
    /// Whether the series has images of other orientations.
    pub has_other_planes: bool,
}

impl SeriesFacts {
    /// Those that the PHI-free facts of a volume hold, as of a volume file and its sidecar.
    ///
    /// ```
    /// use isocenter_dcm::series_kind::{Contrast, SeriesFacts, SeriesKind};
    /// use isocenter_volume::Meta;
    /// use isocenter_volume::meta::Mr;
    /// let (mut meta, mut mr) = (Meta::default(), Mr::default());
    /// (mr.repetition_time_s, mr.echo_time_s, mr.inversion_time_s) = (Some(9.0), Some(0.12), Some(2.5));
    /// (meta.modality, meta.mr) = (Some("MR".to_owned()), Some(mr));
    /// assert_eq!(SeriesKind::of(&SeriesFacts::of_meta(&meta)).contrast, Some(Contrast::Flair));
    /// ```
    pub fn of_meta(meta: &Meta) -> Self {
        let mut facts = Self {
            modality: meta.modality.clone(),
            maker: meta.manufacturer.as_deref().map(Maker::of),
            ..Self::default()
        };
        if let Some(mr) = &meta.mr {
            let scanning = mr.scanning_sequence.as_deref().unwrap_or_default();
            facts.scanning = scanning.split('\\').map(|word| word.trim().to_owned()).collect();
            facts.is_planar = facts.scans("EP");
            facts.is_spin_echo = facts.scans("SE");
            facts.echo_s = mr.echo_time_s;
            facts.repetition_s = mr.repetition_time_s;
            facts.inversion_s = mr.inversion_time_s;
            facts.flip_angle_deg = mr.flip_angle_deg;
            facts.is_diffusion = mr.diffusion.is_some_and(|weighting| weighting.b_value > 0.0);
        }
        facts
    }

    pub(super) fn details(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.sequence_details.contains(word))
    }

    pub(super) fn named(&self, word: &str) -> bool {
        self.sequence_name.contains(word)
    }

    pub(super) fn scans(&self, word: &str) -> bool {
        self.scanning.iter().any(|w| w == word)
    }

    pub(super) fn varies(&self, word: &str) -> bool {
        self.variant.iter().any(|w| w == word)
    }

    /// Whether a word of Image Type or Frame Type holds a text.
    pub fn shows(&self, text: &str) -> bool {
        self.image_type.iter().chain(&self.frame_type).any(|kind| kind.contains(text))
    }

    /// Whether the image was made at one of two inversion times: by the protocol, else by the marks that the scanner adds to a description.
    pub(super) fn is_inversion_of_two(&self) -> bool {
        self.inversions_s.is_some() || ["_INV1", "_INV2"].iter().any(|mark| self.description.ends_with(mark))
    }

    /// Whether the image was made at the second inversion time of two.
    pub fn is_second_inversion(&self) -> bool {
        match self.inversions_s {
            Some([_, second]) => self.inversion_s.is_some_and(|own| (own - second).abs() < 1e-4),
            None => self.description.ends_with("_INV2"),
        }
    }

    /// Whether a word of Image Type or Frame Type is this one, `_` being a space.
    pub(super) fn is_of_type(&self, word: &str) -> bool {
        self.image_type.iter().chain(&self.frame_type).any(|kind| kind.replace('_', " ") == word)
    }

    /// Image Type, as the frame has it where it says so itself.
    pub(super) fn own_type(&self) -> &[String] {
        if self.frame_type.is_empty() { &self.image_type } else { &self.frame_type }
    }
}

/// Whether the words of Image Type say that an image was computed from others.
pub fn is_derived(image_type: &[String]) -> bool {
    let computed = ["ADC", "TRACEW", "TRACE", "FA"];
    image_type.iter().any(|kind| kind == "DERIVED")
        || image_type.iter().skip(2).any(|kind| computed.contains(&kind.as_str()))
}
