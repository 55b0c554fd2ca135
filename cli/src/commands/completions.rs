//! `isocenter completions SHELL`.

use clap::CommandFactory;

use crate::{
    args::{Args, CompletionsArgs},
    print,
};

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "isocenter", &mut script);
    print::text(&String::from_utf8_lossy(&script));
    Ok(0)
}
