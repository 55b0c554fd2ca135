//! `isocenter register`: a pair, many volumes onto one, a group to its middle, the motion of a series, transforms applied.

mod apply;
mod each;
mod group;
mod motion;
pub(super) mod outputs;
mod pair;
pub(super) mod read;
mod said;
mod search;
mod verdict;
pub(super) mod write;

use crate::args::{Common, RegisterArgs};

pub(crate) fn run(args: &RegisterArgs, common: &Common) -> anyhow::Result<u8> {
    if !args.apply.is_empty() {
        return apply::run(args, common);
    }
    if let Some(series) = &args.motion {
        return motion::run(args, series, common);
    }
    if !args.group.is_empty() {
        return group::run(args, common);
    }
    let Some(fixed) = &args.fixed else {
        return Err(outputs::usage("an image that stays is wanted".to_owned()).into());
    };
    match &args.moving {
        Some(moving) => pair::run(args, fixed, moving, common),
        None => each::run(args, fixed, common),
    }
}
