//! What became of one volume of a plan.

use std::path::PathBuf;

use super::{Identity, name::Name};
use crate::{Facts, SeriesPlan};

/// What became of one volume of a plan, for a person and for a program. Its paths of input files and, where identity is kept, its
/// description may name a patient.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Series Number.
    pub series_number: Option<i64>,
    /// Modality.
    pub modality: Option<String>,
    /// Series Description, where identity is kept.
    pub description: Option<String>,
    /// Number of input files.
    pub files: usize,
    /// Number of frames.
    pub frames: usize,
    /// The input files, in the order of their first frame.
    pub inputs: Vec<PathBuf>,
    /// Columns, rows, slices.
    pub shape: [usize; 3],
    /// Distances of voxels, mm.
    pub spacing_mm: [f64; 3],
    /// The slow axes, fastest first.
    pub axes: Vec<Axis>,
    /// The attribute that orders the steps of the slow axes.
    pub ordered_by: Option<&'static str>,
    /// What groups its frames and keeps others out: names and values.
    pub facts: Vec<(&'static str, String)>,
    /// What was decided on the way.
    pub warnings: Vec<Note>,
    /// Whether the template gave its name to an earlier volume too, so that it has a letter more.
    pub renamed: bool,
    /// The files that were written, below the output folder; the volume first.
    pub outputs: Vec<PathBuf>,
    /// Why nothing was written, where nothing could be.
    pub refused: Option<Note>,
    /// Why a mapping ([`Outputs::bids`](super::Outputs)) gives it no name, so that nothing was written: `no-description`,
    /// `several-descriptions`, `name-taken`.
    pub unmapped: Option<Note>,
    /// How long reading and writing took.
    pub seconds: f64,
}

/// A slow axis of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Axis {
    /// What its steps are, such as `time`.
    pub kind: String,
    /// How many there are.
    pub steps: usize,
}

/// A decision or a reason: a stable code, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The code.
    pub code: &'static str,
    /// The sentence.
    pub text: String,
}

impl Record {
    pub(super) fn of(series: &SeriesPlan, files: &[Facts], identity: Identity) -> Self {
        let head = &series.head;
        let inputs = series.files.iter().filter_map(|&file| files.get(file)).map(|facts| facts.path().to_owned());
        let axes = head.slow_axes().iter();
        Self {
            series_number: series.series_number,
            modality: series.modality.clone(),
            description: series.description.clone().filter(|_| identity != Identity::Drop),
            files: series.files.len(),
            frames: series.frames.len(),
            inputs: inputs.collect(),
            shape: head.shape(),
            spacing_mm: head.geometry().spacing_mm(),
            axes: axes.map(|axis| Axis { kind: axis.kind().name().to_owned(), steps: axis.len() }).collect(),
            ordered_by: series.ordered_by,
            facts: series.facts(),
            warnings: series.warnings.iter().map(|w| Note { code: w.code(), text: w.sentence() }).collect(),
            renamed: false,
            outputs: Vec::new(),
            refused: None,
            unmapped: None,
            seconds: 0.0,
        }
    }

    /// Notes how it is called.
    pub(super) fn named(&mut self, name: &Name) {
        self.renamed = name.is_taken;
        for text in &name.notes {
            self.note("bids-name", text.clone());
        }
    }

    /// Notes what was decided, or could not be had.
    pub(super) fn note(&mut self, code: &'static str, text: String) {
        self.warnings.push(Note { code, text });
    }
}
