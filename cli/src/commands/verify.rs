//! `isocenter verify OUT`.

use crate::{
    args::{Common, VerifyArgs},
    print,
};

pub(crate) fn run(args: &VerifyArgs, common: &Common) -> anyhow::Result<u8> {
    let checked = isocenter::verify::check(&args.out)?;
    print::json(common, &serde_json::to_value(&checked)?);
    print::line(
        common,
        &format!(
            "{} items, {} files as the manifest says, {} nnU-Net data sets whole, counts add up",
            checked.items, checked.files, checked.nnunet
        ),
    );
    Ok(0)
}
