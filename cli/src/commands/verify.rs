//! `isocenter verify OUT`.

use isocenter::{verify, volume::Ctx};

use crate::{
    args::{Common, VerifyArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &VerifyArgs, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let checked = verify::inspect(&args.out, &Ctx::default().with_observer(&bars));
    bars.finish();
    let checked = checked?;
    let code = checked.require().map_or_else(|error| error.exit_code(), |()| 0);
    let mut value = serde_json::to_value(&checked)?;
    value["exit_code"] = code.into();
    print::json(common, &value);
    if code == 0 {
        print::answer(
            common,
            &format!(
                "whole: {} files as they were written, {} items, {} nnU-Net data sets, counts add up",
                checked.files, checked.items, checked.nnunet
            ),
        );
    } else {
        print::answer(
            common,
            &format!("not whole: {} of {} files and records do not hold", checked.problems.len(), checked.files),
        );
    }
    for problem in &checked.problems {
        print::answer(common, &format!("  {problem}"));
    }
    Ok(code)
}
