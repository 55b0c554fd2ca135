//! Why a normalization was refused.

/// Why a normalization was refused. No message holds a patient's value: of a missing fact it names the attribute.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The volume could not be built or read.
    #[error(transparent)]
    Volume(#[from] isocenter_volume::Error),
    /// A parameter is out of its range.
    #[error("{what} must be {wanted}, found {found}")]
    BadParameter {
        /// Name of the parameter.
        what: &'static str,
        /// What is expected of it.
        wanted: &'static str,
        /// What was given.
        found: f64,
    },
    /// The samples are still stored values.
    #[error("the volume's scaling is not applied yet: call to_real first")]
    NotReal,
    /// The step works within a mask, and none was handed in.
    #[error("the region is `mask`, but no mask was given")]
    MaskNeeded,
    /// A mask or buffer has another number of samples than the volume.
    #[error("{what} has {found} samples, wanted {wanted}")]
    Length {
        /// What has the wrong length.
        what: &'static str,
        /// Samples of the volume (of one step of it for a mask).
        wanted: usize,
        /// Samples found.
        found: usize,
    },
    /// A mask's grid lies elsewhere than the volume's.
    #[error("the mask lies up to {distance_mm:.3} mm away from the image's grid")]
    MaskElsewhere {
        /// Largest distance between corresponding corners, millimetres.
        distance_mm: f64,
    },
    /// No finite sample lies in the region.
    #[error("the region `{region}` holds no finite sample")]
    EmptyRegion {
        /// Name of the region.
        region: &'static str,
    },
    /// Too few samples for the statistic.
    #[error("{found} samples in the region, at least {wanted} are needed")]
    TooFew {
        /// Samples needed.
        wanted: u64,
        /// Samples found.
        found: u64,
    },
    /// What the result is divided by is 0: all samples of the region are equal, or the percentiles meet.
    #[error("the region is constant: {what} is 0")]
    Constant {
        /// What is 0.
        what: &'static str,
    },
    /// A fact of the acquisition is needed and the header left it out.
    #[error("{attribute} is missing, it is needed for the standardized uptake value")]
    MissingFact {
        /// The DICOM attribute that holds it.
        attribute: &'static str,
    },
    /// The facts ask for something this crate cannot do.
    #[error("{what} {found} is not supported")]
    Unsupported {
        /// The DICOM attribute.
        what: &'static str,
        /// Its defined term.
        found: &'static str,
    },
    /// The PET image was not corrected, so that its values are no activity at a known time.
    #[error("Corrected Image (0028,0051) lacks DECY or ATTN: the image holds no corrected activity")]
    NotCorrected,
    /// The map lost something and cannot be undone.
    #[error("the map has no inverse: {why}")]
    NotInvertible {
        /// What was lost.
        why: &'static str,
    },
}

/// Checks a number from a recipe or a header.
pub(crate) fn number(what: &'static str, found: f64) -> Result<f64, Error> {
    if found.is_finite() { Ok(found) } else { Err(Error::BadParameter { what, wanted: "a finite number", found }) }
}

/// Checks that a number is finite and above 0.
pub(crate) fn positive(what: &'static str, found: f64) -> Result<f64, Error> {
    if found.is_finite() && found > 0.0 {
        Ok(found)
    } else {
        Err(Error::BadParameter { what, wanted: "finite and above 0", found })
    }
}
