//! How a pair is registered, as the arguments ask for it.

use isocenter::{
    Error,
    register::{Dof, Error as Refused, Metric, RigidOptions},
    volume::{Ctx, Mask},
};

use crate::args::{LikenessArg, RegisterArgs};

pub(super) fn options<'a>(args: &RegisterArgs, mask: Option<&'a Mask>, ctx: Ctx<'a>) -> RigidOptions<'a> {
    let metric = match args.metric {
        Some(LikenessArg::Mi) => Metric::MutualInformation,
        Some(LikenessArg::Nmi) | None => Metric::NormalizedMutualInformation,
    };
    let dof = args.dof.as_ref().and_then(|n| n.parse().ok()).and_then(Dof::of).unwrap_or_default();
    let options = RigidOptions::default().ctx(ctx).metric(metric).dof(dof);
    match mask {
        Some(mask) => options.mask(mask),
        None => options,
    }
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
