//! Series of one head brought to the reference of their study.

use isocenter_register::{Doubt, Registration, RegistrationOptions, Verdict};
use isocenter_volume::{Affine, Ctx, Geometry, Volume, affine, resample::Resample, sample::Interpolation};

use super::refusal::Refusal;
use crate::{
    manifest,
    recipe::Doubtful,
    report::{Cuts, Figure, Gallery},
};

/// Finds the rigid transform from the reference to a series.
///
/// # Errors
/// A refusal where the registration does not trust itself, or where left and right are in doubt: such a series is kept out, not
/// exported askew or with its sides exchanged. Any other doubt is one too, unless the recipe keeps them: then they are [`warnings`].
pub(crate) fn register(
    fixed: &Volume<f32>,
    moving: &Volume<f32>,
    doubtful: Doubtful,
    ctx: Ctx<'_>,
) -> Result<Registration, Refusal> {
    let found = RegistrationOptions::default().ctx(ctx).register(fixed, moving)?;
    if !found.converged {
        return Err(Refusal::new(
            "registration-not-trusted",
            "the series could not be brought to the reference of its study with confidence",
        ));
    }
    if found.doubts.contains(&Doubt::SidesTurned) {
        return Err(Refusal::new(
            "registration-left-right",
            "the best pose exchanges left and right against what both headers say: the image or its header may be mirrored",
        ));
    }
    if found.doubts.contains(&Doubt::Mirrored) {
        return Err(Refusal::new(
            "registration-mirrored",
            "the series fits the reference better as its mirror image: left and right may be exchanged in one of the two",
        ));
    }
    if doubtful == Doubtful::Quarantine
        && let Some(doubt) = found.doubts.first()
    {
        return Err(Refusal::new("registration-doubtful", doubt.sentence()));
    }
    Ok(found)
}

/// What a person should look at, as warnings of the item.
pub(crate) fn warnings(found: &Registration) -> Vec<String> {
    found.doubts.iter().map(|doubt| format!("registration-{}", doubt.code())).collect()
}

/// The manifest's record of a registration.
pub(crate) fn record(found: &Registration, fixed_id: &str, fixed: &Geometry) -> manifest::Registration {
    let centre = fixed.centre_mm();
    let moved = found.transform.apply(centre);
    let shift = affine::norm([0, 1, 2].map(|a| moved[a] - centre[a]));
    manifest::Registration {
        fixed: fixed_id.to_owned(),
        fixed_to_moving_lps: found.transform.rows(),
        rotation_deg: rotation_deg(&found.transform),
        shift_mm: shift,
        metric_before: found.metric_before,
        metric_after: found.metric_after,
        verdict: if found.verdict == Verdict::Good { "good" } else { "doubtful" }.to_owned(),
        doubts: found.doubts.iter().map(|doubt| doubt.code().to_owned()).collect(),
    }
}

fn rotation_deg(transform: &Affine) -> f64 {
    let trace: f64 = (0..3).map(|a| transform.column(a)[a]).sum();
    libm::acos(((trace - 1.0) / 2.0).clamp(-1.0, 1.0)).to_degrees()
}

/// Reference and series in one picture, as the headers place them and as the registration does.
pub(crate) fn figures(
    target: &Volume<f32>,
    moving: &Volume<f32>,
    transform: Affine,
    cuts: &Cuts,
    ctx: Ctx<'_>,
) -> Result<Vec<Figure>, Refusal> {
    let through = |transform: Affine| {
        Resample::to_geometry(target.geometry().clone())
            .transform(transform)
            .interpolation(Interpolation::Linear)
            .outside(f64::from(super::padding::lowest(moving)))
            .ctx(ctx)
            .apply(moving)
    };
    let ways =
        [("before: as the headers say", through(Affine::IDENTITY)?), ("after registration", through(transform)?)];
    Ok(Gallery::overlays(target, &ways, cuts, &ctx).map_err(isocenter_volume::Error::from)?)
}
