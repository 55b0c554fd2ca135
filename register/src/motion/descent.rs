//! From a start to where a step's image fits the reference best.

use isocenter_volume::{Affine, Cancelled, Stage};

use super::{
    appearance::Columns,
    gather::{Field, Gathered, gather},
    template::{Motion, Template, index_map},
};
use crate::{pyramid::Level, rotation::Rotation};

/// Most passes of one descent.
const PASSES: usize = 40;
/// Longest step of one pass, in blurs of the level: as far as its slopes speak of.
const LONGEST: f64 = 1.5;
/// Least gain, as a share of what variances say it is: what is darker than this does not show the body.
const LEAST_GAIN: f64 = 0.1;

/// Where the reference's points lie in a step: `y = R (x - c) + c + t` about the middle of the body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) rotation: Rotation,
    pub(super) shift_mm: [f64; 3],
}

impl Place {
    pub(super) const STILL: Self = Self { rotation: Rotation::IDENTITY, shift_mm: [0.0; 3] };

    /// From an offset to the world.
    pub(super) fn of_offset(&self, middle_mm: [f64; 3]) -> Affine {
        let m = self.rotation.matrix();
        Affine::from_rows([0, 1, 2].map(|r| [m[r][0], m[r][1], m[r][2], middle_mm[r] + self.shift_mm[r]]))
    }

    /// The place after the reference was moved the other way.
    fn after(&self, motion: &Motion) -> Self {
        let [x, y, z, p, q, r] = *motion;
        let back = Rotation::from_vector([-p, -q, -r]);
        let rotation = self.rotation.compose(back);
        let shift = rotation.apply([x, y, z]);
        Self { rotation, shift_mm: [0, 1, 2].map(|a| self.shift_mm[a] - shift[a]) }
    }
}

/// Where a descent ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Valley {
    pub(super) place: Place,
    /// Correlation of the step with the reference under the model of its appearance, 0 to 1.
    pub(super) likeness: f64,
    /// Share of the places that lie in the step's field of view.
    pub(super) share: f64,
    /// Whether the last step was short.
    pub(super) is_settled: bool,
}

/// What a descent runs on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) template: &'a Template,
    pub(super) middle_mm: [f64; 3],
    pub(super) radius_mm: f64,
    pub(super) blur_mm: f64,
    pub(super) last_step_mm: f64,
    /// The one direction along which a flat reference has no extent, of unit length.
    pub(super) normal: Option<[f64; 3]>,
}

impl Ground<'_> {
    /// Goes down from `start`, on one level of the step's image, as `field` reads it.
    pub(super) fn descend(
        &self,
        level: &Level,
        field: Field<'_>,
        start: Place,
        stage: &Stage<'_>,
    ) -> Result<Valley, Cancelled> {
        let mut place = start;
        let look = |place: &Place, model: &Columns| -> Gathered {
            gather(self.template, field, index_map(level, &place.of_offset(self.middle_mm)), model)
        };
        let mut model: Columns = [0.0; 11];
        model[0] = 1.0;
        // the first answers are about the appearance alone: what lies outside counts as the model says
        for _ in 0..2 {
            let found = look(&place, &model);
            let (_, change) = self.template.answer(&found.motion, &found.columns, 1.0);
            add(&mut model, &change);
        }
        let expected = model[0].abs();
        let mut is_settled = false;
        for _ in 0..PASSES {
            stage.check()?;
            let found = look(&place, &model);
            let gain = model[0].max(LEAST_GAIN * expected);
            // written so that NaN ends it
            if !(gain > 0.0 && found.weight > 0.0) {
                break;
            }
            let (motion, change) = self.template.answer(&found.motion, &found.columns, gain);
            let motion = self.held(motion);
            let length = self.length(&motion);
            if !length.is_finite() {
                break;
            }
            let shorter = (LONGEST * self.blur_mm / length).min(1.0);
            place = place.after(&motion.map(|v| v * shorter));
            add(&mut model, &change);
            if length < self.last_step_mm {
                is_settled = true;
                break;
            }
        }
        let found = look(&place, &model);
        let unexplained = if found.variance > 0.0 { (found.squares / found.variance).clamp(0.0, 1.0) } else { 1.0 };
        Ok(Valley {
            place,
            likeness: (1.0 - unexplained).sqrt(),
            share: found.weight / self.template.len().max(1) as f64,
            is_settled,
        })
    }

    /// What a flat reference can say: shifts in its plane and a turn about its normal.
    fn held(&self, motion: Motion) -> Motion {
        let Some(n) = self.normal else { return motion };
        let [x, y, z, p, q, r] = motion;
        let along = isocenter_volume::affine::dot([x, y, z], n);
        let about = isocenter_volume::affine::dot([p, q, r], n);
        [x - along * n[0], y - along * n[1], z - along * n[2], about * n[0], about * n[1], about * n[2]]
    }

    /// How far a motion takes a body of the radius, mm.
    fn length(&self, motion: &Motion) -> f64 {
        let [x, y, z, p, q, r] = *motion;
        let turn = isocenter_volume::affine::norm([p, q, r]) * self.radius_mm;
        libm::hypot(isocenter_volume::affine::norm([x, y, z]), turn)
    }
}

fn add(model: &mut Columns, change: &Columns) {
    model.iter_mut().zip(change).for_each(|(m, c)| *m += c);
}
