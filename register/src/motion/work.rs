//! From a reference and a series to the motion of every step.

use isocenter_volume::{Ctx, Mask, Real, Stage, Volume};
use rayon::prelude::*;

use super::{
    MotionOptions, cubic,
    descent::{Ground, Place, Valley},
    found::{Motion, Step},
    gather::{Field, is_inner, look},
    mean,
    scales::{Scale, level, scales, whole},
    template::{Template, index_map},
};
use crate::{
    Error, Rigid, Side, align,
    prepared::{Prepared, Shown},
    pyramid::Level,
};

/// The last resolution.
const LAST: usize = 2;

/// The reference, ready to be compared at every resolution.
#[derive(Debug)]
struct Base {
    scales: [Scale; 3],
    /// At each resolution; where an image shows nothing there, it is passed over.
    templates: [Option<Template>; 3],
    /// The reference at the last resolution, and where it is compared.
    last: Level,
    region: Mask,
    middle_mm: [f64; 3],
    radius_mm: f64,
    normal: Option<[f64; 3]>,
}

/// Finds the motion of every step against `reference`.
pub(super) fn run<T: Real>(
    options: &MotionOptions<'_>,
    reference: &Volume<f32>,
    series: &Volume<T>,
    second_pass: bool,
) -> Result<Motion, Error> {
    let stage = options.ctx.stage("motion", 2 + u64::from(second_pass));
    let mut base = Base::new(reference, options.mask, &stage.ctx())?;
    stage.advance(1)?;
    let mut found = base.align_all(series, None, &stage.ctx())?;
    stage.advance(1)?;
    if second_pass {
        base.sharpen(series, &found, &stage.ctx())?;
        found = base.align_all(series, Some(&found), &stage.ctx())?;
        stage.advance(1)?;
    }
    let steps: Vec<Step> = found.iter().map(|valley| base.step(valley.as_ref())).collect();
    Ok(Motion::of(&steps, reference.geometry().clone(), base.middle_mm))
}

impl Base {
    fn new(reference: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        if let Some(mask) = mask {
            align::check(mask, reference, Side::Fixed)?;
        }
        let prepared = Prepared::new(reference, Shown::of(reference, Side::Fixed, ctx)?, mask, ctx)?;
        let (middle_mm, radius_mm) = (prepared.body.centre_mm, prepared.body.radius_mm);
        let geometry = reference.geometry();
        let scales = scales(radius_mm, geometry);
        let samples =
            whole(reference.voxels(), reference.shape(), ctx)?.ok_or(Error::NothingFinite { side: Side::Fixed })?;
        let mut templates = [None, None, None];
        let mut last = None;
        for (scale, template) in scales.iter().zip(&mut templates) {
            let level = level(&samples, geometry, scale, ctx)?;
            let region = prepared.region_on(&level, ctx)?;
            let [nx, ny, _] = level.shape;
            let inner = |n: usize| is_inner([n % nx, n / nx % ny, n / (nx * ny)], level.shape);
            let region = Mask::from_fn(level.geometry()?, |n| region.get(n) && inner(n));
            *template = Template::new(&level, &region, middle_mm, radius_mm, scale.is_shaded);
            last = Some((level, region));
        }
        let Some((last, region)) = last else { return Err(Error::NoContrast { side: Side::Fixed }) };
        let voxels = reference.voxels();
        let region = Mask::from_fn(last.geometry()?, |n| region.get(n) && voxels.get(n).is_some_and(|v| v.is_finite()));
        if region.count() < u64::try_from(voxels.len()).unwrap_or(u64::MAX) {
            templates[LAST] = Template::new(&last, &region, middle_mm, radius_mm, true);
        }
        if templates[LAST].is_none() {
            return Err(Error::NoContrast { side: Side::Fixed });
        }
        let flat = (0..3).find(|a| geometry.shape()[*a] == 1);
        let normal = flat.map(|a| across(geometry.direction(), a));
        Ok(Self { scales, templates, last, region, middle_mm, radius_mm, normal })
    }

    /// Brings every step to the reference, from the start or from where it was found before.
    fn align_all<T: Real>(
        &self,
        series: &Volume<T>,
        before: Option<&[Option<Valley>]>,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<Option<Valley>>, Error> {
        let stage = ctx.stage("steps", series.steps() as u64);
        (0..series.steps())
            .into_par_iter()
            .map(|step| {
                let start = before.map(|before| before.get(step).copied().flatten());
                let found = self.align_one(series, step, start, &stage)?;
                stage.advance(1)?;
                Ok(found)
            })
            .collect()
    }

    /// `None` where no sample of the step is finite.
    fn align_one<T: Real>(
        &self,
        series: &Volume<T>,
        step: usize,
        before: Option<Option<Valley>>,
        stage: &Stage<'_>,
    ) -> Result<Option<Valley>, Error> {
        let ctx = Ctx::default();
        let real = series.extract_step(step)?.to_real(&ctx)?;
        let Some(samples) = whole(real.voxels(), real.shape(), &ctx)? else { return Ok(None) };
        // a second time only the last resolution is looked at
        let (first, mut valley) = match before {
            Some(None) => return Ok(None),
            Some(Some(valley)) => (LAST, Some(valley)),
            None => (0, None),
        };
        for (scale, template) in self.scales.iter().zip(&self.templates).skip(first) {
            let Some(template) = template else { continue };
            let mut level = level(&samples, real.geometry(), scale, &ctx)?;
            let ground = |last_step_mm: f64| Ground {
                template,
                middle_mm: self.middle_mm,
                radius_mm: self.radius_mm,
                blur_mm: scale.blur_mm,
                last_step_mm,
                normal: self.normal,
            };
            if before.is_none() {
                // one sample more at the end: pairs along an axis of one voxel are read with it
                level.values.push(0.0);
                let start = valley.map_or(Place::STILL, |valley| valley.place);
                let field = Field::linear(&level.values, level.shape);
                valley = Some(ground(scale.last_step_mm).descend(&level, field, start, stage)?);
                level.values.pop();
            }
            if let Some(last_step_mm) = scale.last_cubic_step_mm {
                let start = valley.map_or(Place::STILL, |valley| valley.place);
                let coefficients = cubic::coefficients(std::mem::take(&mut level.values), level.shape, &ctx)?;
                let field = Field::cubic(&coefficients, level.shape);
                valley = Some(ground(last_step_mm).descend(&level, field, start, stage)?);
            }
        }
        Ok(valley)
    }

    /// Makes the mean of the aligned steps the reference at the last resolution.
    fn sharpen<T: Real>(&mut self, series: &Volume<T>, found: &[Option<Valley>], ctx: &Ctx<'_>) -> Result<(), Error> {
        let [.., scale] = self.scales;
        let quiet = Ctx::default();
        // every voxel, not only those compared: slopes look at their neighbours
        let everywhere = Mask::from_fn(self.last.geometry()?, |_| true);
        let Some(grid) = Template::new(&self.last, &everywhere, self.middle_mm, self.radius_mm, false) else {
            return Ok(());
        };
        let sums = mean::sum(series.steps(), self.last.values.len(), ctx, |step, add| {
            let Some(Some(valley)) = found.get(step) else { return Ok(()) };
            let real = series.extract_step(step)?.to_real(&quiet)?;
            let Some(samples) = whole(real.voxels(), real.shape(), &quiet)? else { return Ok(()) };
            let mut level = level(&samples, real.geometry(), &scale, &quiet)?;
            let coefficients = cubic::coefficients(std::mem::take(&mut level.values), level.shape, &quiet)?;
            let map = index_map(&level, &valley.place.of_offset(self.middle_mm));
            look(&grid, Field::cubic(&coefficients, level.shape), map, |n, value, weight| {
                add(n, value, weight);
            });
            Ok(())
        })?;
        let mean = self.last.values.iter().zip(&sums);
        let values = mean.map(|(own, (sum, weight))| if *weight > 0.5 { sum / weight } else { *own }).collect();
        let level = Level { values, ..self.last.clone() };
        if let Some(template) = Template::new(&level, &self.region, self.middle_mm, self.radius_mm, scale.is_shaded) {
            self.templates[LAST] = Some(template);
            self.last = level;
        }
        Ok(())
    }

    fn step(&self, valley: Option<&Valley>) -> Step {
        match valley {
            Some(v) => Step {
                rigid: Rigid::of(v.place.rotation, v.place.shift_mm, self.middle_mm),
                likeness: v.likeness,
                overlap: v.share,
                is_settled: v.is_settled,
            },
            None => Step {
                rigid: Rigid::of(Place::STILL.rotation, [0.0; 3], self.middle_mm),
                likeness: 0.0,
                overlap: 0.0,
                is_settled: false,
            },
        }
    }
}

/// The direction at right angles to the two axes that an image has beside a flat one.
fn across(direction: [[f64; 3]; 3], flat: usize) -> [f64; 3] {
    let (a, b) = (direction[(flat + 1) % 3], direction[(flat + 2) % 3]);
    let normal = isocenter_volume::affine::cross(a, b);
    let length = isocenter_volume::affine::norm(normal);
    normal.map(|v| v / length)
}
