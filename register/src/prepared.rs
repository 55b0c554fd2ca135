//! The two images, each ready to be compared, in their roles.

use isocenter_volume::{Affine, Ctx, Mask, Volume, non_finite};
use rayon::prelude::*;

use crate::{
    Error, Side,
    body::Body,
    intensity::Window,
    pose::Pose,
    pyramid::{Level, Source},
    rotation::Rotation,
};

/// Longest axis, in voxels, of the image on which the body is looked for.
const SURVEY_AXIS: f64 = 64.0;
/// How far around the body the images are compared, as a share of its radius of gyration: air tells where the skin ends.
const MARGIN: f64 = 0.15;

/// How the intensities of an image are seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    window: Window,
    has_holes: bool,
}

impl Shown {
    /// By what the image itself holds.
    pub(crate) fn of(volume: &Volume<f32>, side: Side, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let holes = non_finite::count(volume.voxels(), ctx)? as usize;
        if holes == volume.voxels().len() {
            return Err(Error::NothingFinite { side });
        }
        let window = Window::of(volume.voxels(), holes).ok_or(Error::NoContrast { side })?;
        Ok(Self { window, has_holes: holes > 0 })
    }

    /// Both through one window, where values themselves are compared.
    pub(crate) fn alike(one: Self, other: Self) -> Result<[Self; 2], Error> {
        let window = one.window.with(other.window).ok_or(Error::NoContrast { side: Side::Moving })?;
        Ok([Self { window, ..one }, Self { window, ..other }])
    }
}

/// One image, ready to be compared.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) survey: Level,
    pub(crate) body: Body,
    /// Where to compare: the caller's mask on the image's own grid, or the body's surroundings on the survey level.
    region: Mask,
    /// Whether the region is the caller's mask.
    is_masked: bool,
}

impl<'a> Prepared<'a> {
    /// Looks an image over that is seen through `shown`.
    pub(crate) fn new(
        volume: &'a Volume<f32>,
        shown: Shown,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let source = Source::new(volume.voxels(), volume.geometry(), shown.window, shown.has_holes);
        let extent = (0..3).map(|a| source.spacing_mm[a] * source.shape[a] as f64).fold(0.0, f64::max);
        let survey = source.towards(extent / SURVEY_AXIS, ctx)?.smoothed(0.75 * extent / SURVEY_AXIS, ctx)?;
        let allowed = mask.map(|mask| looked_up(&survey, mask, ctx)).transpose()?;
        let body = Body::of(&survey, allowed.as_ref())?;
        let region = match mask {
            Some(mask) => mask.clone(),
            None => body.dilated(&survey, MARGIN * body.radius_mm, ctx)?,
        };
        Ok(Self { source, survey, body, region, is_masked: mask.is_some() })
    }

    /// Where to compare, on another level of the image; never in a hole of it.
    pub(crate) fn region_on(&self, level: &Level, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        let region = looked_up(level, &self.region, ctx)?;
        match level.holes {
            None => Ok(region),
            Some(_) => Ok(Mask::from_fn(level.geometry()?, |n| region.get(n) && !level.is_hole(n))),
        }
    }

    /// A level of the image whose voxels outside of the caller's mask are holes: they keep their values, and are not compared.
    pub(crate) fn masked(&self, mut level: Level, ctx: &Ctx<'_>) -> Result<Level, Error> {
        if self.is_masked {
            let region = looked_up(&level, &self.region, ctx)?;
            level.holes = Some((0..level.values.len()).map(|n| !region.get(n) || level.is_hole(n)).collect());
        }
        Ok(level)
    }

    /// Root mean square distance between where two maps take the body, mm.
    pub(crate) fn distance_mm(&self, one: &Affine, other: &Affine) -> f64 {
        let (mut sum, mut all) = (0.0, 0usize);
        for index in self.body.inside.indices() {
            let place = self.survey.to_world.apply(index.map(|v| v as f64));
            let (a, b) = (one.apply(place), other.apply(place));
            sum += [0, 1, 2].map(|n| (a[n] - b[n]) * (a[n] - b[n])).iter().sum::<f64>();
            all += 1;
        }
        (sum / all.max(1) as f64).sqrt()
    }

    /// Share of the body that lies in the field of view of another image, through a map of this world to that one's.
    pub(crate) fn share_in(&self, other: &Source<'_>, map: &Affine) -> f64 {
        let Some(to_index) = other.to_world.inverse() else { return 0.0 };
        let through = to_index.compose(map).compose(&self.survey.to_world);
        let (mut held, mut all) = (0usize, 0usize);
        for index in self.body.inside.indices() {
            let at = through.apply(index.map(|v| v as f64));
            all += 1;
            held += usize::from((0..3).all(|a| at[a] >= -0.5 && at[a] <= other.shape[a] as f64 - 0.5));
        }
        held as f64 / all.max(1) as f64
    }
}

/// The two images in their roles: places are taken `from` one, values interpolated in the other.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) from: &'a Prepared<'a>,
    pub(crate) to: &'a Prepared<'a>,
    /// The smaller body's radius of gyration, mm: the unit of every length here.
    pub(crate) radius_mm: f64,
    /// What the pair counts, beside others.
    pub(crate) weight: f64,
}

impl Pair<'_> {
    /// Whether both are single planes, which lie in the plane of x and y then ([`crate::plane`]).
    pub(crate) fn is_planar(&self) -> bool {
        [self.from, self.to].iter().all(|image| image.source.shape[2] == 1)
    }

    /// The pose that leaves the world as it is.
    pub(crate) fn header_pose(&self) -> Pose {
        let (a, b) = (self.from.body.centre_mm, self.to.body.centre_mm);
        Pose::rigid(Rotation::IDENTITY, [0, 1, 2].map(|i| a[i] - b[i]))
    }
}

/// A mask read at the voxel centres of a level whose axes are parallel to it, nearest voxel.
fn looked_up(level: &Level, mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let grid = mask.geometry();
    let map = grid.inverse_affine().compose(&level.to_world);
    let shape = grid.shape();
    // a level's axes are its image's axes: index a depends on index a alone
    let line = |a: usize| -> Vec<usize> {
        (0..level.shape[a])
            .map(|n| {
                let at = map.column(a)[a] * n as f64 + map.translation()[a];
                (at.round().max(0.0) as usize).min(shape[a] - 1)
            })
            .collect()
    };
    let [is, js, ks] = [line(0), line(1), line(2)];
    let mut out = vec![false; level.values.len()];
    let stage = ctx.stage("region", ks.len() as u64);
    out.par_chunks_mut(is.len() * js.len()).zip(&ks).try_for_each(|(plane, k)| {
        for (row, j) in plane.chunks_mut(is.len()).zip(&js) {
            let first = (k * shape[1] + j) * shape[0];
            row.iter_mut().zip(&is).for_each(|(slot, i)| *slot = mask.get(first + i));
        }
        stage.advance(1)
    })?;
    Ok(Mask::from_bools(&out, level.geometry()?)?)
}
