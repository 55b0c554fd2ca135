//! A head: scalp, skull, folded brain, ventricles, eyes, nose, ears, a lesion.
//!
//! Canonical frame: LPS millimetres, origin in the middle of the brain; the nose points to -y. Left and right differ on purpose
//! (ears, ventricles, sinuses, the side of the lesion, an oil capsule on the right temple), so that a flip shows.

mod anatomy;
mod landmarks;
mod names;

use isocenter_volume::{Affine, Geometry, LabelMap, Volume};

use crate::{
    Artifacts, Contrast, Error,
    scene::{Sampling, Scene},
    tissue::Tissue,
};

pub use anatomy::Lesion;
pub use landmarks::Landmark;

/// One person's head.
///
/// # Examples
/// ```
/// use isocenter_phantom::{Contrast, Head, grid::{Grid, Plane, pose}};
///
/// let head = Head::new(7);
/// let grid = Grid::new(Plane::Axial, [32, 40, 16], [6.0, 6.0, 9.0]).geometry()?;
/// let turned = pose([4.0, 0.0, -3.0], [2.0, 5.0, -1.0]); // canonical to world
/// let t1 = head.render(&grid, &turned, Contrast::T1, 1)?;
/// let labels = head.labels(&grid, &turned)?;
/// assert_eq!(t1.geometry(), labels.geometry());
/// assert!(labels.segments().iter().any(|s| s.name == "lesion"));
/// # Ok::<_, isocenter_phantom::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Head {
    scene: Scene,
    lesion: Lesion,
    landmarks: Vec<Landmark>,
    artifacts: Option<Artifacts>,
}

impl Head {
    /// The head of a seed: size, folds and lesion differ from one to the next.
    pub fn new(seed: u64) -> Self {
        let (scene, lesion, landmarks) = anatomy::build(seed);
        Self { scene, lesion, landmarks, artifacts: None }
    }

    /// Sets noise and shading; without, each contrast has its [`Artifacts::typical`].
    #[must_use]
    pub const fn with_artifacts(mut self, artifacts: Artifacts) -> Self {
        self.artifacts = Some(artifacts);
        self
    }

    /// Where the lesion is, canonical millimetres.
    pub const fn lesion(&self) -> &Lesion {
        &self.lesion
    }

    /// Places of the face by which a person may be known, canonical millimetres.
    pub fn landmarks(&self) -> &[Landmark] {
        &self.landmarks
    }

    /// The head as one contrast shows it, sampled on a grid; `pose` takes canonical to world millimetres (both LPS), `seed` is the
    /// noise's. Values are those of [`Tissue::value`], real (HU for CT).
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
        let mut values = self.scene.render(geometry, pose, &Tissue::table(contrast), SAMPLING)?;
        let artifacts = self.artifacts.unwrap_or(Artifacts::typical(contrast));
        artifacts.apply(&mut values, geometry, contrast, seed);
        Ok(Volume::new(values, geometry.clone())?)
    }

    /// The structure at every voxel's centre, with names and SNOMED CT codes.
    ///
    /// # Errors
    /// [`Error::SingularPose`].
    pub fn labels(&self, geometry: &Geometry, pose: &Affine) -> Result<LabelMap, Error> {
        self.scene.labels(geometry, pose, &names::NAMES)
    }

    /// The material that a label value of [`Head::labels`] is made of, where it is one.
    pub const fn tissue_of(label: u32) -> Option<Tissue> {
        match label {
            names::WHITE => Some(Tissue::White),
            names::CORTEX => Some(Tissue::Grey),
            names::VENTRICLE | names::SUBARACHNOID => Some(Tissue::Csf),
            names::DEEP_GREY => Some(Tissue::DeepGrey),
            names::LESION => Some(Tissue::Lesion),
            names::NECROSIS => Some(Tissue::Necrosis),
            names::LEFT_EYE | names::RIGHT_EYE => Some(Tissue::Vitreous),
            names::BRAIN_STEM => Some(Tissue::White),
            names::SCALP => Some(Tissue::Fat),
            _ => None,
        }
    }
}

const SAMPLING: Sampling = Sampling { sample_mm: 1.6, edge_mm: 0.0 };
