//! The brain in an MR of a head, without a template and without learned weights.
//!
//! A closed surface grows from a ball in the middle of the head until what lies within 14 mm inwards of it has become too dark for brain,
//! smoothed all along; its last millimetres go to where the brightness falls off towards the skull. What counts as dark is told from
//! the brain itself: in a first round a share of its median, in a second of its darkest tenth, grey matter in a T1 (the surface takes in
//! the fluid of the furrows that it spans, and the ventricles). Thresholds are local, so that a coil's bias of 40 % over the head does
//! no harm. A scalp and a skull are taken to be 10 mm thick together at least; no brain lies nearer to the air.
//!
//! A head without a dark layer under its rim, bright up to it, has no skull any more: all that is there is brain, the voxels apart from the
//! background, holes filled. Where the rim is dim (an echo-planar image shows next to no scalp) the surface grows without that rule.
//!
//! The search runs on cubes of 2 mm, axes to the left, the back and the top; the mask comes back on the grid of the image. T1-weighted first; PD,
//! T2 and FLAIR are found as well as their brain is brighter than their skull. Adults: children's heads are smaller than what is asked
//! of a brain here, and animals' have other shapes.
//!
//! Source: S. M. Smith, "Fast robust automated brain extraction", Human Brain Mapping 17 (2002) 143-155,
//! <https://doi.org/10.1002/hbm.10062>: the surface and its first two forces. The thresholds, the settling, the test for a skull and those for a
//! plausible brain are ours.
//!
//! # Examples
//! ```
//! use isocenter_normalize::{BrainMask, Error};
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
//!
//! let grid = Geometry::new([64; 3], Affine::from_spacing_origin([3.0; 3], [0.0; 3]), Frame::Patient(None))?;
//! let flat = Volume::new(vec![7.0f32; 64 * 64 * 64], grid)?;
//! let found = BrainMask::default().find(&flat, &Ctx::default());
//! assert!(matches!(found, Err(Error::Constant { .. })));
//! # Ok::<_, Error>(())
//! ```

mod force;
mod inside;
mod plausible;
mod settle;
mod skull;
mod sphere;
mod start;
mod working;

use isocenter_volume::{Ctx, Mask, Volume, morphology::Ball};
use serde::{Deserialize, Serialize};

use self::{force::Forces, skull::Cover, sphere::Mesh, start::Start, working::Working};
use crate::Error;

/// How the brain is looked for; the default suits an adult's head.
///
/// In a recipe `region = "brain"` stands for the default.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct BrainMask {
    tightness: f64,
    spacing_mm: f64,
}

impl Default for BrainMask {
    fn default() -> Self {
        Self { tightness: 0.93, spacing_mm: 2.0 }
    }
}

impl BrainMask {
    /// Sets the share of the brain's darkest tenth below which it is too dark for brain: less takes in more, and leaks sooner.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 0.7 to 1.1.
    pub fn tightness(mut self, share: f64) -> Result<Self, Error> {
        self.tightness = share;
        self.checked()
    }

    /// Sets the edge of the cubes that the search runs on, mm.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 1.5 to 3.
    pub fn spacing_mm(mut self, spacing_mm: f64) -> Result<Self, Error> {
        self.spacing_mm = spacing_mm;
        self.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let wrong = |what, wanted, found| Err(Error::BadParameter { what, wanted, found });
        if !(0.7..=1.1).contains(&self.tightness) {
            return wrong("tightness", "0.7 to 1.1", self.tightness);
        }
        if !(1.5..=3.0).contains(&self.spacing_mm) {
            return wrong("spacing_mm", "1.5 to 3", self.spacing_mm);
        }
        Ok(self)
    }

    /// The voxels of the brain, on the grid of the volume; of the first step of a volume with slow axes.
    ///
    /// # Errors
    /// [`Error::NoBrain`] for what cannot be an adult's brain: see its field `what`. [`Error::Constant`], [`Error::EmptyRegion`],
    /// [`Error::NotReal`], [`Error::Cancelled`]; [`Error::Volume`] where nobody says which way is up (no patient's frame).
    pub fn find(&self, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        ctx.install(|| {
            let work = Working::new(volume, self.spacing_mm, ctx)?;
            let start = Start::of(&work, ctx)?;
            let mask = match skull::cover(&work, &start) {
                Cover::Nothing => skull::all_there(volume, ctx)?,
                cover => work.bring_back(&self.within(&work, cover, start, ctx)?, volume.geometry())?,
            };
            plausible::check(volume, &mask)?;
            Ok(mask)
        })
    }

    /// The brain under its cover, on the working grid.
    fn within(&self, work: &Working, cover: Cover, start: Start, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        let stage = ctx.stage("brain", ROUNDS * (COARSE + FINE) + SETTLING);
        let room = match cover {
            Cover::Skull => start::hull(work, ctx)?.eroded(&Ball::of_radius_mm(&work.geometry, SCALP_MM), ctx)?,
            _ => Mask::full(work.geometry.clone()),
        };
        let bare = work.within(&room);
        let (mut centre, mut radius, mut share) = (start.centre, start.radius, FIRST_SHARE);
        let mut mesh = Mesh::ball(centre, 0.5 * radius, HALVINGS);
        for round in 0..ROUNDS {
            if round > 0 {
                mesh = Mesh::ball(centre, 0.5 * radius, HALVINGS);
            }
            let forces = Forces { share, median: start::median(&bare, centre, 0.8 * radius)? };
            forces.drive(&bare, &mut mesh, COARSE, &stage)?;
            mesh = mesh.halved();
            forces.drive(&bare, &mut mesh, FINE, &stage)?;
            (centre, radius) = mesh.size();
            let core = inside::mask(&bare, &mesh)?.eroded(&Ball::of_radius_mm(&work.geometry, RIM_MM), ctx)?;
            share = (self.tightness as f32 * start::darkest_tenth(&bare, &core)?).clamp(SHARES[0], SHARES[1]);
        }
        settle::settle(work, &mut mesh, start::median(work, centre, 0.8 * radius)?, SETTLING, &stage)?;
        let settled = inside::mask(work, &mesh)?.and(&room)?;
        let opened = settled.opened(&Ball::of_radius_mm(&work.geometry, THIN_MM), ctx)?;
        Ok(start::largest(&opened, ctx)?.filled(ctx)?)
    }
}

/// The surface grows twice: the first round finds the middle and the brightness of the brain for the second.
const ROUNDS: u64 = 2;
/// Halvings of the icosahedron that a round starts from.
const HALVINGS: usize = 3;
/// Moves of 642 places, of 2562, and of the last millimetres.
const COARSE: u64 = 300;
const FINE: u64 = 200;
const SETTLING: u64 = 60;
/// Share of the median that is too dark in the first round: between the grey and the white of a T1, which leaks nowhere.
const FIRST_SHARE: f32 = 0.7;
/// The darkest tenth gives no share outside of these.
const SHARES: [f32; 2] = [0.6, 0.8];
/// Scalp and skull together, at least: mm. Adults have 10 to 14 over the vault.
const SCALP_MM: f64 = 10.0;
/// The rim of the brain that does not tell how bright it is, mm.
const RIM_MM: f64 = 6.0;
/// What is thinner than twice this is no brain but a nerve, a vessel or a leak, mm.
const THIN_MM: f64 = 6.0;

#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact")]
    tightness: f64,
    #[serde(with = "isocenter_volume::exact")]
    spacing_mm: f64,
}

impl Default for Repr {
    fn default() -> Self {
        BrainMask::default().into()
    }
}

impl From<BrainMask> for Repr {
    fn from(mask: BrainMask) -> Self {
        Self { tightness: mask.tightness, spacing_mm: mask.spacing_mm }
    }
}

impl TryFrom<Repr> for BrainMask {
    type Error = Error;

    fn try_from(repr: Repr) -> Result<Self, Error> {
        Self { tightness: repr.tightness, spacing_mm: repr.spacing_mm }.checked()
    }
}
