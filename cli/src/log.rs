//! What `-v` and `RUST_LOG` ask for: stages as they begin and end, on stderr.
//!
//! Only this program's own events are told. A library's could hold a value of a file, and a log goes where a report does not: here
//! stand names of stages, counts, times and keyed ids.

use std::sync::OnceLock;

use tracing::Level;
use tracing_subscriber::{
    Layer,
    filter::{Targets, filter_fn},
    fmt::{self, time},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::print;

/// The target of every event.
pub(crate) const TARGET: &str = "isocenter";

static WANTED: OnceLock<bool> = OnceLock::new();

/// Whether anything is told, so that bars do not write between the lines.
pub(crate) fn is_wanted() -> bool {
    WANTED.get().copied().unwrap_or(false)
}

/// Begins to tell: what `RUST_LOG` says where it is set, else stages with `-v`, and those within them with `-vv`.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => None,
        1 => Some(Level::INFO),
        2 => Some(Level::DEBUG),
        _ => Some(Level::TRACE),
    };
    let asked = std::env::var("RUST_LOG").ok().filter(|text| !text.trim().is_empty());
    let filter = match asked.as_deref().map(str::parse::<Targets>) {
        Some(Ok(targets)) => targets,
        Some(Err(error)) => {
            print::warning(&format!(
                "RUST_LOG is not understood ({error}); wanted is such as `info` or `isocenter=debug`"
            ));
            Targets::new().with_target(TARGET, level)
        }
        None => Targets::new().with_target(TARGET, level),
    };
    let wants = [Level::ERROR, Level::INFO, Level::DEBUG, Level::TRACE].iter().any(|l| filter.would_enable(TARGET, l));
    let _ = WANTED.set(wants);
    if wants {
        let lines = fmt::layer()
            .with_writer(|| print::Log)
            .with_ansi(false)
            .with_target(false)
            .with_timer(time::uptime())
            .with_filter(filter)
            .with_filter(filter_fn(|event| event.target() == TARGET));
        // refused only where a subscriber is there already
        let _ = tracing_subscriber::registry().with(lines).try_init();
    }
}
