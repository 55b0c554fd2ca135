//! Progress bars on a terminal, lines of the log where they are asked for, silence elsewhere.

use std::{
    collections::BTreeMap,
    io::IsTerminal,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use isocenter::volume::{Observer, context::Progress};

use crate::{args::Common, interrupt, log};

/// Draws one bar for the current stage.
pub(crate) struct Bars {
    current: Mutex<Option<Bar>>,
    begun: Mutex<BTreeMap<&'static str, Instant>>,
    cancelled: Arc<AtomicBool>,
    is_visible: bool,
}

impl Bars {
    pub(crate) fn new(common: &Common) -> Self {
        let is_visible = !common.quiet && !common.json && !log::is_wanted() && std::io::stderr().is_terminal();
        Self { current: Mutex::new(None), begun: Mutex::new(BTreeMap::new()), cancelled: interrupt::flag(), is_visible }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        if let Ok(mut current) = self.current.lock()
            && let Some(bar) = current.take()
        {
            bar.drawn.finish_and_clear();
        }
    }

    /// Draws the outermost stage; what it calls only moves it on.
    fn draw(&self, at: &Progress<'_>) {
        let Ok(mut current) = self.current.lock() else { return };
        let is_new = current.as_ref().is_none_or(|bar| bar.stage != at.stage() || bar.total != at.total());
        if is_new && let Some(old) = current.replace(Bar::new(at)) {
            old.drawn.finish_and_clear();
        }
        if let Some(bar) = current.as_mut() {
            bar.set(at.done());
        }
    }

    fn tell(&self, at: &Progress<'_>) {
        let (stage, total) = (words(at.stage()), at.total());
        let is_end = total > 0 && at.done() >= total;
        match at.depth() {
            0 => {
                let Ok(mut begun) = self.begun.lock() else { return };
                if at.done() == 0 {
                    begun.insert(at.stage(), Instant::now());
                    // a number that nobody knows is not told as 0
                    tracing::info!(target: log::TARGET, stage, total = (total > 0).then_some(total), "begins");
                }
                if is_end && let Some(since) = begun.remove(at.stage()) {
                    let seconds = (since.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
                    tracing::info!(target: log::TARGET, stage, total, seconds, "ends");
                }
            }
            1 if at.done() == 0 => tracing::debug!(target: log::TARGET, within = at.path()[0], stage, total, "begins"),
            _ if at.done() == 0 => {
                tracing::trace!(target: log::TARGET, within = at.path().join("/"), stage, total, "begins");
            }
            _ => {}
        }
    }
}

impl Observer for Bars {
    fn progress(&self, at: &Progress<'_>) {
        if log::is_wanted() {
            self.tell(at);
        }
        if self.is_visible && at.depth() == 0 {
            self.draw(at);
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// The bar of one stage: with a length where that is known, and a spinner where it is not or where the stage is done and the work goes on.
struct Bar {
    stage: &'static str,
    total: u64,
    is_full: bool,
    drawn: ProgressBar,
}

impl Bar {
    fn new(at: &Progress<'_>) -> Self {
        let known = at.total() > 0;
        let drawn = if known { ProgressBar::new(at.total()) } else { ProgressBar::new_spinner() };
        styled(
            &drawn,
            if known {
                "{spinner} {msg:22} {bar:40} {human_pos}/{human_len} {eta}"
            } else {
                "{spinner} {msg} {human_pos}"
            },
        );
        drawn.set_message(words(at.stage()));
        drawn.enable_steady_tick(Duration::from_millis(120));
        Self { stage: at.stage(), total: at.total(), is_full: false, drawn }
    }

    fn set(&mut self, done: u64) {
        self.drawn.set_position(done);
        // a full bar that stands still would look like an end
        if self.total > 0 && done >= self.total && !self.is_full {
            self.is_full = true;
            styled(&self.drawn, "{spinner} {msg} {human_pos}/{human_len}, and what follows");
        }
    }
}

fn styled(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

/// A stage as a person calls it: what libraries call by what they count.
fn words(stage: &'static str) -> &'static str {
    match stage {
        "headers" => "reading headers",
        "named" => "reading what a DICOMDIR names",
        "duplicates" => "looking for duplicates",
        "images" => "sorting images",
        "voxels" => "reading voxels",
        "register" => "registering",
        "motion" => "finding the motion",
        "resample" => "resampling",
        "write" => "writing",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use isocenter::volume::Ctx;

    use super::*;

    #[test]
    fn a_full_bar_becomes_a_spinner_and_a_new_stage_a_new_bar() {
        let common = Common { jobs: None, json: false, quiet: true, verbose: 0 };
        let bars = Bars { is_visible: true, ..Bars::new(&common) };
        let ctx = Ctx::default().with_observer(&bars);
        let stage = ctx.stage("verifying", 2);
        let is_full = || bars.current.lock().unwrap().as_ref().map(|b| (b.stage, b.is_full));
        assert_eq!(is_full(), Some(("verifying", false)));
        stage.advance(1).unwrap();
        stage.ctx().stage("voxels", 1).advance(1).unwrap();
        assert_eq!(is_full(), Some(("verifying", false)));
        stage.advance(1).unwrap();
        assert_eq!(is_full(), Some(("verifying", true)));
        let _next = ctx.stage("headers", 0);
        assert_eq!(is_full(), Some(("headers", false)));
        bars.finish();
        assert!(is_full().is_none());
    }
}
