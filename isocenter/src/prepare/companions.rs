//! Files that belong to a volume file: its sidecar, its voxels where they lie apart, what describes its data set.

use std::collections::BTreeMap;

use super::{inputs::Inputs, layout::Layout};
use crate::volume_file::stem;

/// Files that belong to a volume file.
#[derive(Clone, Default)]
pub(super) struct Companions {
    pub(super) sidecar: Option<usize>,
    pub(super) voxels: Vec<usize>,
    described: Option<usize>,
}

impl Companions {
    /// All of them.
    pub(super) fn files(&self) -> impl Iterator<Item = usize> {
        [self.sidecar, self.described].into_iter().flatten().chain(self.voxels.iter().copied())
    }
}

/// By the volume's number: a JSON file beside it of the same name, the file that describes its data set, and the voxels that its header
/// names.
pub(super) fn of_all(inputs: &Inputs, layout: &Layout) -> BTreeMap<usize, Companions> {
    let opened = inputs.scanned.iter().enumerate().filter(|(_, s)| !s.is_unopened());
    let by_path: BTreeMap<_, usize> = opened.map(|(n, s)| (s.path.clone(), n)).collect();
    let of = |volume: usize| {
        let path = inputs.path(volume);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Companions {
            sidecar: by_path.get(&path.with_file_name(format!("{}.json", stem(&name)))).copied(),
            voxels: inputs.volumes.parts(volume).to_vec(),
            described: layout.of(path).described_by.and_then(|d| by_path.get(&d).copied()),
        }
    };
    inputs.volumes.numbers().map(|volume| (volume, of(volume))).collect()
}
