//! Data sets in the layouts that training frameworks load.

pub(crate) mod dicom;
pub(crate) mod nnunet;

use std::str::FromStr;

use crate::Error;

/// An export that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Export {
    /// An nnU-Net v2 raw data set.
    NnUnet,
    /// The de-identified DICOM instances of the items.
    Dicom,
}

impl Export {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NnUnet => "nnunet",
            Self::Dicom => "dicom",
        }
    }
}

impl FromStr for Export {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "nnunet" => Ok(Self::NnUnet),
            "dicom" => Ok(Self::Dicom),
            other => Err(Error::usage(format!("there is no export {other:?}; there are nnunet and dicom"))),
        }
    }
}
