//! A head with masks of its face.

use data_encoding::HEXLOWER;
use isocenter_deid::faces::{Alignment, Faces};
use isocenter_register::{Dof, RegistrationOptions, Verdict};
use isocenter_volume::{Ctx, Frame, Geometry, Mask, Volume, morphology::Ball};
use sha2::{Digest, Sha256};

use super::{Error, Found, plausible};

/// The image of a head, masks of its face in its world, and its brain where there is a mask of it.
#[derive(Clone, Debug)]
pub struct Template {
    head: Volume<f32>,
    masks: Vec<Mask>,
    brain: Option<Mask>,
    margin_mm: f64,
}

/// How much masks grow, the brain's too, which wins. An affine map fits another head to some millimetres: of three real ones, with the masks of pydeface and mridefacer together, so much
/// left no landmark and took no brain; a brain that did not grow lost up to 0.1 %.
const MARGIN_MM: f64 = 6.0;
/// The most that is taken: more would reach from the face into the brain.
const MOST_MARGIN_MM: f64 = 20.0;
/// A mask, or a brain, lies with at least this part in the template's image.
const LEAST_INSIDE: f64 = 0.5;

impl Template {
    /// A head without a mask yet. It lies in a patient, has one step, and real values.
    ///
    /// # Errors
    /// [`Error::Template`].
    pub fn new(head: Volume<f32>) -> Result<Self, Error> {
        if !head.geometry().frame().is_patient() {
            return Err(Error::template("the template of the face does not say which way is left"));
        }
        if head.steps() != 1 {
            return Err(Error::template(format!("the template of the face has {} steps, one is wanted", head.steps())));
        }
        if !head.scaling().is_identity() {
            return Err(Error::template("the template of the face holds stored values, real ones are wanted"));
        }
        Ok(Self { head, masks: Vec::new(), brain: None, margin_mm: MARGIN_MM })
    }

    /// Adds a mask of what has to go, on any grid of the template's world.
    ///
    /// # Errors
    /// [`Error::Template`] for one that is empty, or lies for the most part outside of the head's image: two files that mean different worlds.
    pub fn with_mask(mut self, mask: Mask) -> Result<Self, Error> {
        self.require_inside("the mask of the face", &mask)?;
        self.masks.push(unframed(mask)?);
        Ok(self)
    }

    /// Sets the brain, which always stays.
    ///
    /// # Errors
    /// As [`with_mask`](Self::with_mask).
    pub fn with_brain(mut self, brain: Mask) -> Result<Self, Error> {
        self.require_inside("the mask of the template's brain", &brain)?;
        self.brain = Some(unframed(brain)?);
        Ok(self)
    }

    /// Sets by how much the masks of face and brain grow, mm; 6 by default, 20 at most.
    ///
    /// # Errors
    /// [`Error::Template`].
    pub fn margin_mm(mut self, margin_mm: f64) -> Result<Self, Error> {
        if !(0.0..=MOST_MARGIN_MM).contains(&margin_mm) {
            return Err(Error::template(format!(
                "the margin about the face must be 0 to {MOST_MARGIN_MM} mm, found {margin_mm}"
            )));
        }
        self.margin_mm = margin_mm;
        Ok(self)
    }

    /// Finds the face of an image: registers the template with it, and brings its masks there. The image lies in a patient, has one step, and real values (HU of a CT).
    ///
    /// # Errors
    /// [`Error::Template`] without a mask; [`Error::Register`], [`Error::NotTrusted`], [`Error::Implausible`], [`Error::Faces`]: the face of this image is not known
    /// then; [`Error::Cancelled`].
    pub fn find(&self, image: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Found, Error> {
        if self.masks.is_empty() {
            return Err(Error::template("the template of the face has no mask of it"));
        }
        // the template is the one whose body is a head and nothing else
        let found = RegistrationOptions::default().dof(Dof::Affine).ctx(*ctx).register(&self.head, image)?;
        if found.verdict != Verdict::Good {
            let (verdict, residual_mm) = (found.verdict, found.residual_mm);
            return Err(Error::NotTrusted { verdict, doubts: found.doubts, residual_mm });
        }
        plausible::check(&found.transform)?;
        let mut alignment = Alignment::image_from_template(found.transform)?;
        if let Frame::Patient(Some(uid)) = image.geometry().frame() {
            alignment = alignment.in_frame(uid.as_str());
        }
        let mut faces: Option<Faces> = None;
        for mask in &self.masks {
            let placed = alignment.place(&self.grown(mask, ctx)?)?;
            faces = Some(match faces {
                None => Faces::new(placed, ctx)?,
                Some(faces) => faces.and(placed, ctx)?,
            });
        }
        let mut faces = faces.ok_or_else(|| Error::template("the template of the face has no mask of it"))?;
        if let Some(brain) = &self.brain {
            faces = faces.with_brain(alignment.place(&self.grown(brain, ctx)?)?)?;
        }
        Ok(Found::new(faces, found))
    }

    /// Names what it holds: head, masks, brain and margin; SHA-256 in hexadecimal.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let grid = |digest: &mut Sha256, grid: &Geometry| {
            grid.shape().iter().for_each(|n| digest.update((*n as u64).to_le_bytes()));
            grid.affine().rows().iter().flatten().for_each(|v| digest.update(v.to_le_bytes()));
        };
        grid(&mut digest, self.head.geometry());
        self.head.voxels().iter().for_each(|v| digest.update(v.to_le_bytes()));
        for mask in self.masks.iter().chain(&self.brain) {
            grid(&mut digest, mask.geometry());
            mask.words().iter().for_each(|word| digest.update(word.to_le_bytes()));
        }
        digest.update([u8::from(self.brain.is_some())]);
        digest.update(self.margin_mm.to_le_bytes());
        HEXLOWER.encode(&digest.finalize())
    }

    fn grown(&self, mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        match self.margin_mm > 0.0 {
            true => Ok(mask.dilated(&Ball::of_radius_mm(mask.geometry(), self.margin_mm), ctx)?),
            false => Ok(mask.clone()),
        }
    }

    fn require_inside(&self, what: &str, mask: &Mask) -> Result<(), Error> {
        if mask.is_empty() {
            return Err(Error::template(format!("{what} is empty")));
        }
        let own = mask.geometry();
        if !own.frame().is_patient() {
            return Err(Error::template(format!("{what} does not say which way is left")));
        }
        let grid = self.head.geometry();
        let is_inside = |index: [usize; 3]| holds(grid, own.world_of(index.map(|n| n as f64)));
        let inside = mask.indices().filter(|&index| is_inside(index)).count();
        if (inside as f64) < LEAST_INSIDE * mask.count() as f64 {
            return Err(Error::template(format!(
                "{what} lies outside of the template's image: the two files mean different places"
            )));
        }
        Ok(())
    }
}

/// Whether a place lies in the image of a grid, mm.
fn holds(grid: &Geometry, place: [f64; 3]) -> bool {
    let (index, shape) = (grid.index_of(place), grid.shape());
    (0..3).all(|a| index[a] >= -0.5 && index[a] <= shape[a] as f64 - 0.5)
}

fn unframed(mask: Mask) -> Result<Mask, Error> {
    let grid = mask.geometry().clone().with_frame(Frame::Patient(None));
    Ok(Mask::from_words(mask.words().to_vec(), grid)?)
}
