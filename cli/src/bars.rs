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
use isocenter::volume::{Observer, context::Progress};

use crate::{args::Common, interrupt};

/// Draws one bar for the current stage.
pub(crate) struct Bars {
    current: Mutex<Option<(&'static str, ProgressBar)>>,
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
            && let Some((_, bar)) = current.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Bars {
    /// Draws the outermost stage; what it calls only moves it on.
    fn progress(&self, at: &Progress<'_>) {
        if !self.visible || at.depth() > 0 {
            return;
        }
        let Ok(mut current) = self.current.lock() else { return };
        if current.as_ref().is_none_or(|(stage, _)| *stage != at.stage())
            && let Some((_, old)) = current.replace((at.stage(), new_bar(at)))
        {
            old.finish_and_clear();
        }
        if let Some((_, bar)) = current.as_ref() {
            bar.set_position(at.done());
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

fn new_bar(at: &Progress<'_>) -> ProgressBar {
    let known = at.total() > 0;
    let bar = if known { ProgressBar::new(at.total()) } else { ProgressBar::new_spinner() };
    let template = if known { "{msg:18} {bar:40} {pos}/{len} {eta}" } else { "{spinner} {msg} {pos}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(at.stage());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
