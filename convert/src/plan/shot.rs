//! Files and frames on their way into the plan.

use std::ops::Deref;

use isocenter_dcm::{PatientKey, PatientKeys, plane::FramePlane};

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
        let slices = self.facts.tiles.mosaic().map(|mosaic| mosaic.positions.len());
        let frames = self.facts.frames.iter().enumerate();
        frames.flat_map(move |(frame, facts)| {
            (0..slices.unwrap_or(1)).map(move |tile| Shot {
                image: self,
                frame,
                tile,
                plane: facts.plane.map(|plane| self.moved(plane, tile)),
                facts,
            })
        })
    }

    /// The plane of a tile, from that of the first.
    fn moved(&self, mut plane: FramePlane, tile: usize) -> FramePlane {
        let mosaic = self.facts.tiles.mosaic();
        plane.position = mosaic.and_then(|m| m.positions.get(tile)).copied().unwrap_or(plane.position);
        plane
    }
}

/// One frame of one file, or one tile of it, with what the header says of it.
#[derive(Clone, Copy)]
pub(super) struct Shot<'a> {
    pub(super) image: &'a Image<'a>,
    /// The frame, from 0.
    pub(super) frame: usize,
    /// The tile of the frame, from 0; 0 where the frame is one slice.
    pub(super) tile: usize,
    /// Where it lies.
    pub(super) plane: Option<FramePlane>,
    pub(super) facts: &'a FrameFacts,
}

impl Shot<'_> {
    /// An order of frames that does not depend on that of the input.
    pub(super) fn rank(&self) -> (usize, usize, usize) {
        (self.image.rank, self.frame, self.tile)
    }
}

impl Deref for Shot<'_> {
    type Target = FrameFacts;

    fn deref(&self) -> &FrameFacts {
        self.facts
    }
}
