//! A face that was found.

use isocenter_deid::faces::Faces;
use isocenter_register::{Registration, Verdict};

/// The face of a patient in one world, and what speaks for it.
#[derive(Clone, Debug)]
pub struct Found {
    faces: Faces,
    registration: Registration,
}

impl Found {
    pub(super) const fn new(faces: Faces, registration: Registration) -> Self {
        Self { faces, registration }
    }

    /// What has to go, in the patient's world.
    pub const fn faces(&self) -> &Faces {
        &self.faces
    }

    /// How far it is to be trusted: what is not [`Verdict::Good`] is not given.
    pub const fn verdict(&self) -> Verdict {
        self.registration.verdict
    }

    /// How far parts of the head are from where each alone fits best, mm (the median): how unlike the template is.
    pub const fn residual_mm(&self) -> f64 {
        self.registration.residual_mm
    }

    /// The map of points of the template to points of the image, with all that speaks for it.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }
}
