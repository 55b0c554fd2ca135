//! `isocenter apply FITTED IN... -o OUT`: fitted steps to images, or what was done to one image again, or back.

use isocenter::normalizing::{self, Steps, Work};

use super::{normalize::each, register::outputs::usage};
use crate::args::{ApplyArgs, Common};

pub(crate) fn run(args: &ApplyArgs, common: &Common) -> anyhow::Result<u8> {
    let work = match normalizing::from_file(&args.fitted)? {
        Steps::Done(record) if args.inverse => Work::Back(record),
        Steps::Done(record) => Work::Again(record),
        Steps::Wanted(_) if args.inverse => {
            return Err(usage(format!(
                "{}: these are steps, and the way back is of one image: --inverse wants its record (--record)",
                args.fitted.display()
            ))
            .into());
        }
        Steps::Wanted(steps) => {
            let at = |error: isocenter::normalize::Error| usage(format!("{}: {error}", args.fitted.display()));
            Work::Steps(steps.into_pipeline().map_err(at)?)
        }
    };
    if args.record && !matches!(work, Work::Steps(_)) {
        return Err(
            usage(format!("{}: it is a record already; --record is for fitted steps", args.fitted.display())).into()
        );
    }
    let asked = each::Asked { out: &args.out, how: &args.how, record: args.record, memory: None };
    each::run(&args.paths, &work, &asked, common)
}
