//! Data sets in the layouts that training frameworks load.

pub(crate) mod dicom;
pub(crate) mod nnunet;

use std::{collections::BTreeMap, str::FromStr};

use serde::Serialize;

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

/// Words of [`Exported::sentence`] and of the folders.
pub(crate) const WORDS: &str = "nnunet nnU-Net dataset imagesTr labelsTr imagesTs labelsTs dicom training and test case cases channels \
    labels no data set for none has have a label map Put maps among the inputs or name them with pairs without other than any labelled \
    cannot be of de-identified DICOM instance instances";

/// What an export holds, or would hold after a dry run; and what it cannot take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Exported {
    /// The export's name, such as `nnunet`.
    pub export: String,
    /// Folder of the data set in the output; none where this tells of cases that are in no data set.
    pub folder: Option<String>,
    /// Cases to train with.
    pub training: usize,
    /// Cases that are kept for the test, or have no labels.
    pub test: usize,
    /// Channels of each case, in order.
    pub channels: Vec<String>,
    /// Label values and their names, the background left out.
    pub labels: BTreeMap<u32, String>,
    /// De-identified DICOM instances.
    pub instances: usize,
    /// Cases that are in no data set.
    pub left_out: usize,
    /// All that in one sentence.
    pub sentence: String,
}

impl Exported {
    /// What the DICOM export holds.
    pub(crate) fn of_dicom(instances: usize) -> Self {
        let sentence = format!("{instances} de-identified DICOM instance{}", if instances == 1 { "" } else { "s" });
        Self { export: "dicom".to_owned(), folder: Some("dicom".to_owned()), instances, sentence, ..Self::default() }
    }
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
