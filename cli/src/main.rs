//! The program `isocenter`: arguments, progress bars, exit codes, nothing else.
//!
//! Exit codes: 0 done, 1 done with items quarantined, 2 usage or recipe error, 3 verification failed, 4 the privacy gate failed,
//! 5 stopped by the system, 130 interrupted.

mod args;
mod bars;
mod commands;
mod interrupt;
mod print;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // help and version go to stdout with code 0, anything else to stderr with code 2
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let common = args.common;
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(common.jobs.unwrap_or(0)).build() {
        Ok(pool) => pool,
        Err(_) => return print::failure("the threads for --jobs cannot be started", &common, 5),
    };
    let outcome = pool.install(|| match args.command {
        Command::Demo(a) => commands::demo::run(&a, &common),
        Command::Prepare(a) => commands::prepare::run(&a, &common),
        Command::Info(a) => commands::info::run(&a, &common),
        Command::Register(a) => commands::register::run(&a, &common),
        Command::Recipe(a) => commands::recipe::run(&a, &common),
        Command::Verify(a) => commands::verify::run(&a, &common),
    });
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let code = error.downcast_ref::<isocenter::Error>().map_or(2, isocenter::Error::exit_code);
            print::failure(&print::chain(&error), &common, code)
        }
    }
}
