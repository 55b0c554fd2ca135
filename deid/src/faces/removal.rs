//! What is removed, and what guards the brain.

use std::sync::Arc;

use isocenter_volume::{Ctx, Frame, Geometry, Mask};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Alignment, Background, Error, region::Region, region::at, slab::Slab};

/// The face of one patient in one world, to be removed from any image of it; cheap to clone.
#[derive(Clone, Debug)]
pub struct Faces {
    pub(super) region: Arc<Region>,
    brain: Option<Mask>,
    pub(super) background: Background,
    pub(super) allow_untouched: bool,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Defaced {
    /// Voxels that went: pixels of all frames, or those of one step of a volume.
    pub voxels: u64,
    /// Frames or planes that lost any.
    pub planes: usize,
}

/// The brain may lie in the region by so much: edges of two masks that were made apart. They stay.
const MOST_BRAIN: f64 = 0.02;
/// An image that lies no farther away from the mask, mm, may show the same head.
const HEAD_MM: f64 = 250.0;
/// A volume may lose at most this part: a face, and the air in front of it, is less of any head scan.
const MOST_OF_IMAGE: f64 = 0.75;

impl Faces {
    /// Removes what a mask holds and what lies outward of it. The mask lies in the patient, on any grid.
    ///
    /// # Errors
    /// [`Error::EmptyMask`], [`Error::MaskTooLarge`], [`Error::World`] where the mask's frame is not a patient's; [`Error::Cancelled`].
    pub fn new(mask: Mask, ctx: &Ctx<'_>) -> Result<Self, Error> {
        if !mask.geometry().frame().is_patient() {
            return Err(Error::World(isocenter_volume::Error::NoPatientFrame));
        }
        let region = Arc::new(Region::of(mask, ctx)?);
        Ok(Self { region, brain: None, background: Background::default(), allow_untouched: false })
    }

    /// Removes the face of a template, placed on the image. An affine fits no face to some millimetres: grow the mask first
    /// ([`Mask::dilated`]), and guard the brain.
    ///
    /// # Errors
    /// As [`Faces::new`].
    pub fn of_template(mask: &Mask, alignment: &Alignment, ctx: &Ctx<'_>) -> Result<Self, Error> {
        Self::new(alignment.place(mask)?, ctx)
    }

    /// Removes what another mask of the same world holds, too, and what lies outward of it: the ears of one template, the eyes of another.
    ///
    /// # Errors
    /// As [`Faces::new`], [`Error::World`] where the two lie in different worlds, and [`Error::Brain`].
    pub fn and(mut self, mask: Mask, ctx: &Ctx<'_>) -> Result<Self, Error> {
        self.frame().agrees_with(mask.geometry().frame()).map_err(Error::World)?;
        Arc::make_mut(&mut self.region).and(Region::of(mask, ctx)?);
        match self.brain.take() {
            Some(brain) => self.with_brain(brain),
            None => Ok(self),
        }
    }

    /// Guards the brain: no voxel that shows a part of it changes. The mask lies in the same world, on any grid, and may be a template's
    /// ([`Alignment::place`]), though one made from the image itself guards better.
    ///
    /// # Errors
    /// [`Error::Brain`] where more than 2 % of it lie in the region; [`Error::EmptyMask`], [`Error::World`].
    pub fn with_brain(mut self, brain: Mask) -> Result<Self, Error> {
        self.frame().agrees_with(brain.geometry().frame()).map_err(Error::World)?;
        let inside = |index: [usize; 3]| self.holds(brain.geometry().world_of(index.map(|n| n as f64)));
        let lost = brain.indices().filter(|&index| inside(index)).count();
        let share = match brain.count() {
            0 => return Err(Error::EmptyMask),
            all => lost as f64 / all as f64,
        };
        if share > MOST_BRAIN {
            return Err(Error::Brain { share });
        }
        self.brain = Some(brain);
        Ok(self)
    }

    /// What takes the place of what is removed.
    #[must_use]
    pub const fn background(mut self, background: Background) -> Self {
        self.background = background;
        self
    }

    /// Lets an image pass as it is that the mask does not meet, wherever it lies. Without, a volume and a multi-frame image are refused then, and so is a single
    /// frame that lies more than 250 mm away from the mask, unless its Frame of Reference UID is the mask's.
    #[must_use]
    pub const fn allow_untouched(mut self) -> Self {
        self.allow_untouched = true;
        self
    }

    /// Whether a place of the world (LPS mm) goes, the brain left aside.
    pub fn holds(&self, world: [f64; 3]) -> bool {
        self.region.holds(world)
    }

    /// The voxels of a grid that go.
    ///
    /// # Errors
    /// [`Error::NoGeometry`] for a grid that lies in no patient, [`Error::World`] for one in another's; [`Error::NothingCovered`], [`Error::NotInView`];
    /// [`Error::TooMuch`]; [`Error::Cancelled`].
    pub fn on(&self, grid: &Geometry, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        self.require_world(grid.frame(), 0)?;
        if !self.region.meets(grid) {
            // in front of a mask that lies behind the head, or below the table, all would go
            let refusal = || Err(self.untouched(grid.corners_mm().into_iter()));
            return if self.allow_untouched { Ok(Mask::none(grid.clone())) } else { refusal() };
        }
        let ([columns, rows, planes], affine) = (grid.shape(), grid.affine());
        let slab = |k: usize| Slab {
            origin: affine.apply([0.0, 0.0, k as f64]),
            sides: [0, 1, 2].map(|axis| affine.column(axis)),
            size: [columns, rows],
        };
        let stage = ctx.stage("faces", planes as u64);
        let plane = |k: usize| {
            stage.check()?;
            let removed = slab(k).removed(self);
            stage.advance(1)?;
            Ok(removed)
        };
        let found: Vec<Result<Vec<bool>, Error>> = ctx.install(|| (0..planes).into_par_iter().map(plane).collect());
        let mut removed = Vec::with_capacity(grid.len());
        for plane in found {
            removed.append(&mut plane?);
        }
        let mask = Mask::from_bools(&removed, grid.clone())?;
        let share = mask.count() as f64 / mask.len() as f64;
        // a few planes may well lie in the face
        if share > MOST_OF_IMAGE && planes >= 16 {
            return Err(Error::TooMuch { share });
        }
        if share == 0.0 && !self.allow_untouched {
            return Err(Error::NothingCovered);
        }
        Ok(mask)
    }

    /// Why nothing was removed from an image with these corners.
    pub(super) fn untouched(&self, corners: impl Iterator<Item = [f64; 3]> + Clone) -> Error {
        match self.region.distance_mm(corners) {
            0.0 => Error::NothingCovered,
            distance_mm => Error::NotInView { distance_mm },
        }
    }

    /// Whether an image with these corners lies so near to the mask that it may show the same head.
    pub(super) fn is_near(&self, corners: impl Iterator<Item = [f64; 3]> + Clone) -> bool {
        self.region.distance_mm(corners) <= HEAD_MM
    }

    /// The frame that the mask lies in.
    pub(super) fn frame(&self) -> &Frame {
        self.region.frame()
    }

    /// Passes where a frame may be compared with the mask's.
    pub(super) fn require_world(&self, frame: &Frame, index: usize) -> Result<(), Error> {
        if !frame.is_patient() {
            return Err(Error::NoGeometry { frame: index });
        }
        self.frame().agrees_with(frame).map_err(Error::World)
    }

    /// Whether a voxel goes, by places in it: offsets from its centre, none farther than `reach` mm.
    pub(super) fn takes(&self, centre: [f64; 3], offsets: &[[f64; 3]], reach: f64) -> bool {
        if self.region.is_clear_of(centre, reach) {
            return false;
        }
        let place = |o: &[f64; 3]| [centre[0] + o[0], centre[1] + o[1], centre[2] + o[2]];
        let is_brain = |p| self.brain.as_ref().is_some_and(|brain| at(brain, p));
        offsets.iter().any(|o| self.region.holds(place(o))) && !offsets.iter().any(|o| is_brain(place(o)))
    }
}
