//! Files and frames on their way into the plan.

use std::ops::Deref;

use isocenter_dcm::{PatientKey, PatientKeys};

use crate::facts::{FrameFacts, ImageFacts};

/// One image file.
pub(super) struct Image<'a> {
    pub(super) file: usize,
    /// Its place in the order of SOP Instance UIDs, which is the same for any order of the input.
    pub(super) rank: usize,
    /// Whose it is, told by all files together.
    pub(super) patient: PatientKey,
    pub(super) facts: &'a ImageFacts,
}

impl<'a> Image<'a> {
    pub(super) fn new(file: usize, facts: &'a ImageFacts, patients: &PatientKeys) -> Self {
        Self { file, rank: 0, patient: patients.resolve(facts.patient.clone()), facts }
    }

    pub(super) fn shots(&self) -> impl Iterator<Item = Shot<'_>> {
        self.facts.frames.iter().enumerate().map(|(frame, facts)| Shot { image: self, frame, facts })
    }
}

/// One frame of one file, with what the header says of it.
#[derive(Clone, Copy)]
pub(super) struct Shot<'a> {
    pub(super) image: &'a Image<'a>,
    /// The frame, from 0.
    pub(super) frame: usize,
    pub(super) facts: &'a FrameFacts,
}

impl Shot<'_> {
    /// An order of frames that does not depend on that of the input.
    pub(super) fn rank(&self) -> (usize, usize) {
        (self.image.rank, self.frame)
    }
}

impl Deref for Shot<'_> {
    type Target = FrameFacts;

    fn deref(&self) -> &FrameFacts {
        self.facts
    }
}
