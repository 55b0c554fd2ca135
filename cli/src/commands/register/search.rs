//! How a pair is registered, as the arguments ask for it.

use std::path::Path;

use isocenter::{
    Error,
    register::{Dof, Error as Refused, RegistrationOptions},
    volume::{Ctx, Mask, Volume},
};

use super::{outputs::usage, read};
use crate::args::RegisterArgs;

pub(super) fn options<'a>(args: &RegisterArgs, mask: Option<&'a Mask>, ctx: Ctx<'a>) -> RegistrationOptions<'a> {
    let dof = args.dof.as_ref().and_then(|n| n.parse().ok()).and_then(Dof::of).unwrap_or_default();
    let options =
        RegistrationOptions::default().ctx(ctx).metric(args.metric.map(Into::into).unwrap_or_default()).dof(dof);
    let options = args.trim.map_or(options.clone(), |share| options.trim(share));
    match mask {
        Some(mask) => options.mask(mask),
        None => options,
    }
}

/// A pair that is compared besides: fixed, moving, and what it counts.
type Weighted = (Volume<f32>, Volume<f32>, f64);

/// The pairs that are compared besides.
pub(super) fn pairs(args: &RegisterArgs, ctx: &Ctx<'_>) -> anyhow::Result<Vec<Weighted>> {
    let one = |words: &[String]| {
        let [fixed, moving, weight] = words else {
            return Err(usage("--pair takes two volumes and a weight".to_owned()).into());
        };
        let weight = weight.parse().ok().filter(|weight: &f64| *weight > 0.0 && weight.is_finite());
        let weight = weight.ok_or_else(|| usage("the weight of --pair is a number above 0".to_owned()))?;
        let image = |path: &String| read::image(Path::new(path), args.assume_patient_frame, ctx);
        Ok((image(fixed)?, image(moving)?, weight))
    };
    args.pair.chunks(3).map(one).collect()
}

/// A refusal, with what to do.
pub(super) fn refused(error: Refused) -> Error {
    let what_to_do = match &error {
        Refused::Cancelled => return Error::Cancelled,
        Refused::NoPatientFrame { .. } => "; --assume-patient-frame takes it as LPS, and must be true",
        Refused::SlowSteps { .. } => {
            "; write one of its steps as a file of its own, or bring all to each other with --motion"
        }
        _ => "",
    };
    Error::Usage { message: format!("{error}{what_to_do}") }
}
