//! What is known of a series.

/// Facts of an MR series, as its header has them; what is empty or `None` is not known. Lists are as DICOM writes them, between
/// backslashes; `_` is taken too.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Series Description (0008,103E).
    pub description: &'a str,
    /// Protocol Name (0018,1030).
    pub protocol: &'a str,
    /// Image Type (0008,0008).
    pub image_type: &'a str,
    /// Scanning Sequence (0018,0020): `SE`, `GR`, `IR`, `EP`, `RM`.
    pub scanning_sequence: &'a str,
    /// Sequence Variant (0018,0021): `SK`, `SP`, `MP`, `MTC`.
    pub sequence_variant: &'a str,
    /// Scan Options (0018,0022).
    pub scan_options: &'a str,
    /// Sequence Name (0018,0024), or Pulse Sequence Name (0018,9005).
    pub sequence_name: &'a str,
    /// MR Acquisition Type (0018,0023): `2D`, `3D`.
    pub acquisition_type: &'a str,
    /// Echo Time (0018,0081), milliseconds.
    pub echo_time_ms: Option<f64>,
    /// Repetition Time (0018,0080), milliseconds.
    pub repetition_time_ms: Option<f64>,
    /// Inversion Time (0018,0082), milliseconds.
    pub inversion_time_ms: Option<f64>,
    /// Flip Angle (0018,1314), degrees.
    pub flip_angle_deg: Option<f64>,
    /// Number of this echo, from 1 (0018,0086).
    pub echo_number: Option<u32>,
    /// Field strength (0018,0087), tesla.
    pub field_strength_t: Option<f64>,
    /// Largest diffusion b-value of the series (0018,9087), s/mm2.
    pub b_value: Option<f64>,
    /// Whether contrast was given (0018,0010).
    pub contrast_agent: bool,
    /// Number of volumes on one grid.
    pub volumes: Option<u32>,
}
