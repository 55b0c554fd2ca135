//! `isocenter man OUT`.

use clap::CommandFactory;
use isocenter::Error;

use crate::{
    args::{Args, Common, ManArgs},
    print,
};

pub(crate) fn run(args: &ManArgs, common: &Common) -> anyhow::Result<u8> {
    let refused = |action| {
        let path = args.out.clone();
        move |source| Error::Io { action, path, source }
    };
    std::fs::create_dir_all(&args.out).map_err(refused("make the folder"))?;
    // what clap adds by itself (`help`) is no command of its own
    let command = Args::command().disable_help_subcommand(true);
    clap_mangen::generate_to(command, &args.out).map_err(refused("write the manual pages"))?;
    print::json(common, &serde_json::json!({ "written": args.out }));
    print::line(
        common,
        &format!("wrote the manual pages to {0}; read them with `man -l {0}/isocenter.1`", args.out.display()),
    );
    Ok(0)
}
