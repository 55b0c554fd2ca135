//! A trunk for CT and PET: lungs, heart, liver, spleen, kidneys, spine, ribs, tumours of known uptake, a couch.
//!
//! Canonical frame: LPS millimetres, origin in the middle of the upper abdomen; the trunk runs from z = -260 to 260.

mod anatomy;

use isocenter_volume::{Affine, Geometry, LabelMap, Volume};

use crate::{
    Artifacts, Contrast, Error,
    scene::{Sampling, Scene},
    tissue::Tissue,
};

/// A ball in which the uptake is the same everywhere, clear of every edge's blur.
#[derive(Clone, Debug, PartialEq)]
pub struct Uptake {
    /// What it lies in.
    pub region: &'static str,
    /// Its middle, canonical LPS millimetres.
    pub centre_mm: [f64; 3],
    /// mm.
    pub radius_mm: f64,
    /// SUVbw, g/ml.
    pub suv: f64,
}

/// One person's trunk.
#[derive(Clone, Debug)]
pub struct Body {
    scene: Scene,
    uptake: Vec<Uptake>,
    artifacts: Option<Artifacts>,
}

impl Body {
    /// The trunk of a seed: sizes and tumours differ from one to the next.
    pub fn new(seed: u64) -> Self {
        let (scene, uptake) = anatomy::build(seed);
        Self { scene, uptake, artifacts: None }
    }

    /// Sets the noise; without, each contrast has its [`Artifacts::typical`].
    #[must_use]
    pub const fn with_artifacts(mut self, artifacts: Artifacts) -> Self {
        self.artifacts = Some(artifacts);
        self
    }

    /// Where the uptake is known.
    pub fn uptake(&self) -> &[Uptake] {
        &self.uptake
    }

    /// The trunk on a grid: [`Contrast::Ct`] in HU, [`Contrast::Suv`] in g/ml with a PET's blur of edges over 6 mm. `pose` takes
    /// canonical to world millimetres, `seed` is the noise's.
    ///
    /// # Errors
    /// [`Error::SingularPose`].
    pub fn render(
        &self,
        geometry: &Geometry,
        pose: &Affine,
        contrast: Contrast,
        seed: u64,
    ) -> Result<Volume<f32>, Error> {
        let edge_mm = if contrast == Contrast::Suv { PET_EDGE_MM } else { 0.0 };
        let sampling = Sampling { sample_mm: 3.0_f64.max(edge_mm), edge_mm };
        let mut values = self.scene.render(geometry, pose, &Tissue::table(contrast), sampling)?;
        let artifacts = self.artifacts.unwrap_or(Artifacts::typical(contrast));
        artifacts.apply(&mut values, geometry, contrast, seed);
        Ok(Volume::new(values, geometry.clone())?)
    }

    /// The organ at every voxel's centre, with names and SNOMED CT codes.
    ///
    /// # Errors
    /// [`Error::SingularPose`].
    pub fn labels(&self, geometry: &Geometry, pose: &Affine) -> Result<LabelMap, Error> {
        self.scene.labels(geometry, pose, &anatomy::NAMES)
    }
}

/// Width over which a PET smears an edge, mm.
const PET_EDGE_MM: f64 = 6.0;
