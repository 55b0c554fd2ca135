//! Why a file could not be read or written.

use std::path::PathBuf;

use isocenter_volume::{Cancelled, Family};

/// Why a file could not be read or written.
///
/// No message holds a free text of the file or a path: the path is a field, for a caller who knows where it may be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No format claims the bytes.
    #[error("no known format of a volume in {bytes} bytes looked at")]
    UnknownFormat {
        /// Bytes that were looked at, after decompression; 0 for an empty file.
        bytes: u64,
    },
    /// The name to write to has no extension that a format answers to.
    #[error(
        "the file name has no known extension; nii, nii.gz, hdr, nrrd, nhdr, mha, mhd, mgz, mgh, npy, npz, safetensors, vtk, gipl, tif, png, zarr, jnii and bnii are known"
    )]
    UnknownExtension,
    /// A field contradicts the format.
    #[error("{field} is {found}, wanted {wanted}")]
    Malformed {
        /// The field, by the format's own name for it.
        field: &'static str,
        /// What the file holds.
        found: String,
        /// What the format allows.
        wanted: &'static str,
    },
    /// The file, or what should be written, is legal but not supported.
    #[error("not supported: {what} ({found})")]
    Unsupported {
        /// The feature.
        what: &'static str,
        /// Its value.
        found: String,
    },
    /// The file asks for more than the limits allow.
    #[error("{asked} {what} asked for, the limit is {limit}")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// What was asked for.
        asked: u64,
        /// The limit.
        limit: u64,
    },
    /// The file ends before what it announces.
    #[error("the file ends within its {what}: {wanted} bytes wanted, at most {found} there")]
    Truncated {
        /// The part that is cut off.
        what: &'static str,
        /// Bytes wanted.
        wanted: u64,
        /// Bytes there, or an upper bound where they are compressed.
        found: u64,
    },
    /// The planes have different scalings, and the format holds one pair for all.
    #[error("the planes have different scalings, which the format cannot hold: apply them with to_real first")]
    PerPlaneScaling,
    /// The format has no place for a scaling, and without it the values would mean something else.
    #[error("the format has no place for slope {slope} and intercept {intercept}: apply them with to_real first")]
    Scaling {
        /// Real units per stored unit.
        slope: f64,
        /// Intercept, in real units.
        intercept: f64,
    },
    /// What the file holds is no valid volume, or no label map.
    #[error(transparent)]
    Volume(isocenter_volume::Error),
    /// The caller's observer asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The system refused to read or write.
    #[error("the system could not read or write the file")]
    Io {
        /// The file; empty where bytes were read or written.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Error {
    /// A stable code in kebab case, for manifests and quarantine lists.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownFormat { .. } => "unknown-format",
            Self::UnknownExtension => "unknown-extension",
            Self::Malformed { .. } => "malformed",
            Self::Unsupported { .. } => "unsupported",
            Self::Limit { .. } => "limit",
            Self::Truncated { .. } => "truncated",
            Self::PerPlaneScaling => "per-plane-scaling",
            Self::Scaling { .. } => "scaling",
            Self::Volume(isocenter_volume::Error::NotALabel { .. }) => "not-a-label",
            Self::Volume(isocenter_volume::Error::SampleType { .. }) => "sample-type",
            Self::Volume(_) => "geometry",
            Self::Cancelled => "cancelled",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            // a volume that its own rules refuse was announced by the file
            Self::Malformed { .. } | Self::Truncated { .. } | Self::Volume(_) => Family::Malformed,
            Self::UnknownFormat { .. } | Self::Unsupported { .. } | Self::PerPlaneScaling | Self::Scaling { .. } => {
                Family::Unsupported
            }
            Self::UnknownExtension => Family::Argument,
            Self::Limit { .. } => Family::Limit,
            Self::Cancelled => Family::Cancelled,
            Self::Io { .. } => Family::Io,
        }
    }

    pub(crate) fn malformed(field: &'static str, found: impl ToString, wanted: &'static str) -> Self {
        // a hostile header may put anything here: enough to see what is wrong, no more
        let found = found.to_string().chars().take(40).collect();
        Self::Malformed { field, found, wanted }
    }

    pub(crate) fn unsupported(what: &'static str, found: impl ToString) -> Self {
        Self::Unsupported { what, found: found.to_string().chars().take(40).collect() }
    }

    /// An error of the system, without a path yet; or what was passed through the system's streams as one.
    pub(crate) fn io(source: std::io::Error) -> Self {
        if source.get_ref().is_some_and(|e| e.is::<Cancelled>()) {
            return Self::Cancelled;
        }
        match source.downcast::<Self>() {
            Ok(own) => own,
            Err(source) => Self::Io { path: PathBuf::new(), source },
        }
    }

    /// The same error as one of the system's, to pass through a stream; [`Error::io`] finds it again.
    pub(crate) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }

    /// The same error with the path where it belongs.
    pub(crate) fn at(self, path: &std::path::Path) -> Self {
        match self {
            Self::Io { path: old, source } if old.as_os_str().is_empty() => Self::Io { path: path.to_owned(), source },
            other => other,
        }
    }
}

impl From<isocenter_volume::Error> for Error {
    fn from(error: isocenter_volume::Error) -> Self {
        match error {
            isocenter_volume::Error::Limit { what, asked, limit } => Self::Limit { what, asked, limit },
            isocenter_volume::Error::PerPlaneScaling => Self::PerPlaneScaling,
            isocenter_volume::Error::Cancelled => Self::Cancelled,
            other => Self::Volume(other),
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_through_a_stream_comes_out_again() {
        assert!(matches!(Error::io(std::io::Error::other(Cancelled)), Error::Cancelled));
        let own = Error::malformed("hex data", "another byte", "digits");
        assert_eq!(Error::io(own.into_io()).reason(), "malformed");
        assert_eq!(Error::io(std::io::ErrorKind::NotFound.into()).family(), Family::Io);
    }
}
