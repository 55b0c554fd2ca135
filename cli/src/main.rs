//! The program `isocenter`: arguments, progress bars, exit codes, nothing else.
//!
//! Exit codes: 0 done, 1 done with items quarantined, 2 usage or recipe error, 3 verification failed, 4 the privacy gate failed,
//! 5 stopped by the system, 6 a registration is doubtful, 7 a registration failed, 130 interrupted.

mod args;
mod bars;
mod commands;
mod exit;
mod failure;
mod help;
mod interrupt;
mod log;
mod print;

use std::{path::Path, process::ExitCode};

use clap::Parser;

use crate::{
    args::{Args, Command, Common},
    failure::Shown,
};

fn main() -> ExitCode {
    let args = match Args::try_parse_from(called()) {
        Ok(args) => args,
        Err(error) => return print::usage(&error),
    };
    log::start(args.common.verbose);
    let shown = Shown::of(&args.command);
    let code = match run(args.command, &args.common) {
        Ok(code) => code,
        Err(error) => failure::report(&error, &shown, &args.common),
    };
    print::end(code)
}

/// The command line; who calls the program dcm2niix means the command of that name, whose letters are none of ours.
fn called() -> Vec<std::ffi::OsString> {
    let mut all: Vec<_> = std::env::args_os().collect();
    let name = all.first().and_then(|first| Path::new(first).file_stem());
    if name.is_some_and(|name| name == "dcm2niix") {
        all.insert(1, "dcm2niix".into());
    }
    if all.get(1).is_some_and(|command| command == "dcm2niix") {
        all.insert(2, "--".into());
    }
    all
}

fn run(command: Command, common: &Common) -> anyhow::Result<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(common.jobs.unwrap_or(0)).build().map_err(|e| {
        let source = std::io::Error::other(e);
        isocenter::Error::Io { action: "start the threads for --jobs", path: std::path::PathBuf::new(), source }
    })?;
    pool.install(|| match command {
        Command::Demo(a) => commands::demo::run(&a, common),
        Command::Prepare(a) => commands::prepare::run(&a, common),
        Command::Deid(a) => commands::deid::run(&a, common),
        Command::Reidentify(a) => commands::reidentify::run(&a, common),
        Command::Profile(a) => commands::profile::run(&a, common),
        Command::Convert(a) => commands::convert::run(&a, common),
        Command::Dcm2niix(a) => commands::dcm2niix::run(&a, common),
        Command::Info(a) => commands::info::run(&a, common),
        Command::Normalize(a) => commands::normalize::run(&a, common),
        Command::Fit(a) => commands::fit::run(&a, common),
        Command::Apply(a) => commands::apply::run(&a, common),
        Command::Harmonize(a) => commands::harmonize::run(&a, common),
        Command::Register(a) => commands::register::run(&a, common),
        Command::Transform(a) => commands::transform::run(&a, common),
        Command::Recipe(a) => commands::recipe::run(&a, common),
        Command::Verify(a) => commands::verify::run(&a, common),
        Command::Completions(a) => commands::completions::run(&a),
        Command::Man(a) => commands::man::run(&a, common),
    })
}
