//! A verdict as a word and an exit code.

use isocenter::register::Verdict;

pub(super) const GOOD: u8 = 0;
pub(super) const DOUBTFUL: u8 = 6;
pub(super) const FAILED: u8 = 7;

/// The exit code of a verdict; the worse is the larger.
pub(super) const fn code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Good => GOOD,
        Verdict::Doubtful => DOUBTFUL,
        // a verdict that is not known here is none to trust
        _ => FAILED,
    }
}

pub(super) const fn word(code: u8) -> &'static str {
    match code {
        GOOD => "good",
        DOUBTFUL => "doubtful",
        _ => "failed",
    }
}
