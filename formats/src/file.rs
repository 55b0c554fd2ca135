//! What a file holds: a volume, its texts, its label table; and what its header says of them.

use std::collections::BTreeMap;

use isocenter_volume::{DynSamples, DynVolume, Head, SampleType};

use crate::{Error, Warning};

/// What a file holds.
///
/// Everything here but the volume is free text or derived from it and may name a patient. [`crate::write()`] writes the texts
/// that the target format has a field for; a file made by [`File::from_volume`] has none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct File {
    /// Name of the format it was read from, such as `NIfTI-1`; empty where it was made in memory.
    pub format: &'static str,
    /// The voxels as stored, their scaling, and their place.
    pub volume: DynVolume,
    /// Free text by field name.
    ///
    /// NIfTI: `descrip`, `aux_file`, `intent_name`, `db_name`, `data_type`, and `extension.N.CODE` for the N-th header extension
    /// of that code. NRRD: key-values by their key, `content`, `comments` and other fields without a meaning for the volume.
    /// MetaImage: keys without a meaning for the volume. MGH: `cmdline.N`, `xfm`, `pedir`, `dof`. VTK: `title`. GIPL: `description`.
    /// Analyze: the texts of its header, and `orient`. PAR/REC: the lines of the general information by their name.
    /// ECAT: the texts of the main header. TIFF: `ImageDescription`. FITS: its texts by keyword. Safetensors: the texts of `__metadata__`.
    /// HDF5: the texts of `MetaData` in ITK's image.
    pub texts: BTreeMap<String, String>,
    /// Label values and names, ascending by value, where the file has such a table: a CaretExtension (Connectome Workbench,
    /// TotalSegmentator) in NIfTI, segment key-values (3D Slicer) in NRRD and MetaImage, or a colour table in MGH. Values repeat where layers overlap.
    pub label_table: Option<Vec<(u32, String)>>,
    /// Whether the file says that its voxels are labels: a label table, or NIfTI's label intent.
    pub is_label: bool,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

impl File {
    /// A file of nothing but a volume, to be written.
    pub const fn from_volume(volume: DynVolume) -> Self {
        Self { format: "", volume, texts: BTreeMap::new(), label_table: None, is_label: false, warnings: Vec::new() }
    }

    /// Sets the free texts.
    #[must_use]
    pub fn with_texts(mut self, texts: BTreeMap<String, String>) -> Self {
        self.texts = texts;
        self
    }

    /// Refuses a volume whose scaling a format has no place for.
    pub(crate) fn refuse_scaling(&self) -> Result<(), Error> {
        let pair = self.volume.scaling().as_uniform().ok_or(Error::PerPlaneScaling)?;
        if pair.is_identity() {
            return Ok(());
        }
        Err(Error::Scaling { slope: pair.slope(), intercept: pair.intercept() })
    }

    /// Sets the label table, and with it that the voxels are labels.
    #[must_use]
    pub fn with_label_table(mut self, table: Vec<(u32, String)>) -> Self {
        self.is_label = true;
        self.label_table = Some(table);
        self
    }
}

/// What a file says of its volume before a voxel is read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FileHead {
    /// Name of the format.
    pub format: &'static str,
    /// The grid and its place, slow axes, scaling.
    pub head: Head,
    /// The type that the samples would be read as.
    pub sample_type: SampleType,
    /// Free text by field name, as in [`File::texts`].
    pub texts: BTreeMap<String, String>,
    /// Label values and names, as in [`File::label_table`].
    pub label_table: Option<Vec<(u32, String)>>,
    /// Whether the file says that its voxels are labels.
    pub is_label: bool,
    /// What was odd so far.
    pub warnings: Vec<Warning>,
}

impl FileHead {
    /// The file once its samples are there.
    pub(crate) fn with_samples(self, samples: DynSamples) -> Result<File, Error> {
        Ok(File {
            format: self.format,
            volume: DynVolume::from_parts(self.head, samples)?,
            texts: self.texts,
            label_table: self.label_table,
            is_label: self.is_label,
            warnings: self.warnings,
        })
    }
}
