//! Facts made ready for rules: lists split, words folded, what a sequence's name says spelt out.

use super::Facts;
use crate::names::text;

/// Facts and words of a series.
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts<'a>,
    words: Vec<String>,
    image: Vec<String>,
    scanning: Vec<String>,
    variant: Vec<String>,
    options: Vec<String>,
    /// Sequence name without the marks before it, in lower case.
    sequence: String,
}

impl<'a> View<'a> {
    pub(super) fn of(facts: &'a Facts<'a>) -> Self {
        let mut words = text::words(facts.description);
        words.extend(text::words(facts.protocol));
        let sequence = facts.sequence_name.to_ascii_lowercase();
        let sequence = sequence
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .trim_start_matches("wip")
            .trim_start_matches('_')
            .to_owned();
        Self {
            facts,
            words,
            image: text::words(facts.image_type),
            scanning: text::words(facts.scanning_sequence),
            variant: text::words(facts.sequence_variant),
            options: text::words(facts.scan_options),
            sequence,
        }
    }

    /// The first of these words that stands in a name.
    pub(super) fn word(&self, wanted: &[&'static str]) -> Option<&'static str> {
        wanted.iter().copied().find(|wanted| self.words.iter().any(|word| word == wanted))
    }

    /// The first of these that a word of a name begins with.
    pub(super) fn stem(&self, wanted: &[&'static str]) -> Option<&'static str> {
        wanted.iter().copied().find(|wanted| self.words.iter().any(|word| word.starts_with(wanted)))
    }

    /// The first of these that a word of a name holds, at any place.
    pub(super) fn part(&self, wanted: &[&'static str]) -> Option<&'static str> {
        wanted.iter().copied().find(|wanted| self.words.iter().any(|word| word.contains(wanted)))
    }

    /// Two words, one behind the other.
    pub(super) fn pair(&self, first: &str, second: &str) -> bool {
        self.words.windows(2).any(|pair| pair.iter().map(String::as_str).eq([first, second]))
    }

    pub(super) fn image(&self, value: &str) -> bool {
        self.image.iter().any(|word| word == value)
    }

    pub(super) fn scanning(&self, value: &str) -> bool {
        self.scanning.iter().any(|word| word == value)
    }

    pub(super) fn variant(&self, value: &str) -> bool {
        self.variant.iter().any(|word| word == value)
    }

    pub(super) fn option(&self, value: &str) -> bool {
        self.options.iter().any(|word| word == value)
    }

    /// Whether the maker's name of the sequence begins with one of these.
    pub(super) fn sequence(&self, wanted: &[&str]) -> bool {
        wanted.iter().any(|wanted| self.sequence.starts_with(wanted))
    }

    /// How many echoes a Siemens name says: 4 in `tfl3d4_16ns`.
    pub(super) fn echoes_in_name(&self) -> Option<u32> {
        let (_, rest) = self.sequence.split_once("2d").or_else(|| self.sequence.split_once("3d"))?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    pub(super) fn te(&self) -> Option<f64> {
        known(self.facts.echo_time_ms)
    }

    pub(super) fn tr(&self) -> Option<f64> {
        known(self.facts.repetition_time_ms)
    }

    /// Inversion time, where an inversion was made.
    pub(super) fn ti(&self) -> Option<f64> {
        known(self.facts.inversion_time_ms)
    }

    pub(super) fn flip(&self) -> Option<f64> {
        known(self.facts.flip_angle_deg)
    }

    /// Whether magnetization is inverted before it is read.
    pub(super) fn inverted(&self) -> bool {
        self.ti().is_some() || self.scanning("IR") || self.option("IR")
    }

    /// Whether a phase image is stored.
    pub(super) fn phase(&self) -> bool {
        self.image("P") || self.image("PHASE")
    }

    /// Echo-planar by the facts, or by words that stand for nothing else.
    pub(super) fn echo_planar(&self) -> bool {
        self.scanning("EP")
            || self.sequence(&["ep_", "epfid", "epse", "ez_", "ep2d", "epi"])
            || self.image("FMRI")
            || self.image("DIFFUSION")
    }

    /// Read by refocusing pulses.
    pub(super) fn spin_echo(&self) -> bool {
        self.scanning("SE") || self.image("SE") || self.sequence(&["tse", "spc", "se2d", "se3d", "tir", "h2d"])
    }

    /// Read without refocusing pulses.
    pub(super) fn gradient_echo(&self) -> bool {
        let named = self.scanning("GR")
            || self.image("FFE")
            || self.sequence(&["fl2d", "fl3d", "fl_", "fm2d", "me2d", "me3d", "tfl", "fgre"]);
        let word = || self.part(&["GRE", "SPGR", "FFE", "FLASH", "MPRAGE", "MPR", "BRAVO", "MERGE", "MEDIC"]).is_some();
        // a flip far below 90 degrees is not refocused in any common sequence
        named
            || !self.spin_echo()
                && (word() && self.flip().is_none_or(|flip| flip < 80.0)
                    || self.flip().is_some_and(|flip| flip <= 45.0))
    }
}

/// A header's zero is a fact that is not known.
fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite() && *value > 0.0)
}
