//! `isocenter demo OUT`.

use isocenter::{demo, volume::Ctx};

use crate::{
    args::{Common, DemoArgs},
    bars::Bars,
    commands::prepare,
    print,
};

pub(crate) fn run(args: &DemoArgs, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let finished = demo::run(&args.out, args.seed, &Ctx::default().with_observer(&bars));
    bars.finish();
    let finished = finished?;
    prepare::report(&finished.outcome, common)?;
    print::line(common, &finished.verdict);
    Ok(finished.exit_code())
}
