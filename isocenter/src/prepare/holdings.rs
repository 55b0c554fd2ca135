//! What of the input something is made of: files, frames, volumes.

use super::inputs::Inputs;

/// A volume of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VolumeId {
    /// One that is put together from DICOM frames, by the id of its item.
    Series(String),
    /// A file that holds an image or a label map.
    File(usize),
}

/// What of the input something is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// Files, by number.
    pub(crate) files: Vec<usize>,
    /// Frames of DICOM files: file and frame.
    pub(crate) frames: Vec<(usize, usize)>,
    pub(crate) volumes: Vec<VolumeId>,
}

impl Holdings {
    /// Whole files, with all their frames.
    pub(crate) fn of_files(inputs: &Inputs, files: Vec<usize>) -> Self {
        let frames = files.iter().flat_map(|file| all_frames(inputs, *file)).collect();
        Self { files, frames, volumes: Vec::new() }
    }

    /// The same, and the file that holds the volume.
    pub(crate) fn of_volume_file(inputs: &Inputs, file: usize, files: Vec<usize>) -> Self {
        Self { volumes: vec![VolumeId::File(file)], ..Self::of_files(inputs, files) }
    }

    /// Takes in what another has.
    pub(crate) fn add(&mut self, other: &Self) {
        self.files.extend_from_slice(&other.files);
        self.frames.extend_from_slice(&other.frames);
        self.volumes.extend_from_slice(&other.volumes);
    }

    /// Leaves out what another has.
    pub(crate) fn leave(&mut self, other: &Self) {
        self.files.retain(|file| !other.files.contains(file));
        self.frames.retain(|frame| !other.frames.contains(frame));
        self.volumes.retain(|volume| !other.volumes.contains(volume));
    }
}

/// All frames of a file.
pub(super) fn all_frames(inputs: &Inputs, file: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..inputs.facts.get(file).map_or(0, isocenter_convert::Facts::frames)).map(move |frame| (file, frame))
}
