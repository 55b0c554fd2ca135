//! Progress bars on a terminal, silence elsewhere.

use std::{
    io::IsTerminal,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use isocenter::{Listener, Stage};

use crate::{args::Common, interrupt};

/// Draws one bar for the current stage.
pub(crate) struct Bars {
    current: Mutex<Option<ProgressBar>>,
    cancelled: Arc<AtomicBool>,
    visible: bool,
}

impl Bars {
    pub(crate) fn new(common: &Common) -> Self {
        let visible = !common.quiet && !common.json && std::io::stderr().is_terminal();
        Self { current: Mutex::new(None), cancelled: interrupt::flag(), visible }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        if let Ok(mut current) = self.current.lock()
            && let Some(bar) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Listener for Bars {
    fn begin(&self, stage: Stage, total: u64) {
        if !self.visible {
            return;
        }
        self.finish();
        let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
        let template = if total == 0 { "{spinner} {msg} {pos}" } else { "{msg:18} {bar:40} {pos}/{len} {eta}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(stage.name());
        bar.enable_steady_tick(Duration::from_millis(120));
        if let Ok(mut current) = self.current.lock() {
            *current = Some(bar);
        }
    }

    fn advance(&self, done: u64) {
        if let Ok(current) = self.current.lock()
            && let Some(bar) = current.as_ref()
        {
            bar.inc(done);
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
