//! What the words of a description say, together.

use std::collections::BTreeSet;

use super::{Facts, Method, Timing, lexicon, radiograph::Views, regions::Regions, tokens};
use crate::names::{Abstained, Said};

/// A description taken apart.
pub(super) struct Attributes {
    pub(super) method: Method,
    /// Whether a CT belongs to the PET.
    pub(super) with_ct: bool,
    pub(super) regions: Regions,
    pub(super) side: Option<&'static str>,
    /// Left and right, and no word that both are meant.
    pub(super) two_sides: bool,
    pub(super) timing: Option<Timing>,
    /// With here and without-then-with there: parts of the body were imaged differently.
    pub(super) mixed: bool,
    pub(super) views: Views,
    pub(super) flags: BTreeSet<&'static str>,
    /// Parts that rest on what is usual and not on a word.
    pub(super) implied: u32,
    pub(super) words: usize,
    pub(super) understood: usize,
    pub(super) evidence: Vec<Said>,
}

impl Attributes {
    pub(super) fn of(facts: &Facts<'_>) -> Result<Self, Abstained> {
        // `Thorax^CHEST_WO`: the part before names a region where the part after does not
        let (before, after) = facts.description.split_once('^').unwrap_or(("", facts.description));
        let (before, after) = (tokens::of(before), tokens::of(after));
        let (method, with_ct, implied) = method(facts.modality, &before, &after)?;
        let mut this = Self {
            method,
            with_ct,
            regions: Regions::default(),
            side: None,
            two_sides: false,
            timing: None,
            mixed: false,
            views: Views::of(&after),
            flags: BTreeSet::new(),
            implied,
            words: before.len() + after.len(),
            understood: 0,
            evidence: Vec::new(),
        };
        let mut soft = None;
        let mut timings = Vec::new();
        this.read(&after, true, &mut timings, &mut soft);
        let regions_wanted = this.regions.is_empty();
        this.read(&before, regions_wanted, &mut timings, &mut soft);
        if this.regions.is_empty() {
            this.read(&tokens::of(facts.body_part), true, &mut Vec::new(), &mut None);
        }
        this.mixed = timings.contains(&Timing::With) && timings.contains(&Timing::WithoutThenWith);
        this.timing = timings.into_iter().reduce(Timing::and);
        if this.timing.is_none() && soft.is_some() {
            this.timing = soft;
            this.implied += 1;
        }
        if !method.has_timing() {
            this.timing = None;
        }
        if method.has_timing() {
            // an organ in brackets is why, not where: `CT ABDOMEN PELVIS (PANCREAS)`
            this.regions.prefer_abdomen();
        }
        if method == Method::Ct {
            this.regions.swap("face", "facialbones");
            // vessels are not seen without contrast: what is said to be without is the part before
            if this.says("angio") && this.timing == Some(Timing::Without) {
                this.timing = Some(Timing::WithoutThenWith);
            }
        }
        this.regions.narrow();
        if method != Method::Mr {
            this.regions.swap("brain", "head");
        }
        Ok(this)
    }

    pub(super) fn says(&self, flag: &str) -> bool {
        self.flags.contains(flag)
    }

    fn read(&mut self, words: &[String], regions: bool, timings: &mut Vec<Timing>, soft: &mut Option<Timing>) {
        let mut contrast_said_until = usize::MAX;
        for hit in lexicon::scan(words, Some(self.method)) {
            self.understood += hit.words;
            let end = hit.start + hit.words;
            let phrase = words.get(hit.start..end).unwrap_or_default().join(" ");
            for &(what, value) in hit.says {
                match what {
                    "region" if regions => value.split(',').for_each(|id| self.regions.add(id)),
                    "region" => continue,
                    // the second word of `WO CONTRAST` is no contrast of its own
                    "timing" if phrase == "CONTRAST" && contrast_said_until == hit.start => continue,
                    "timing" => {
                        timings.extend(Timing::of(value));
                        contrast_said_until = end;
                    }
                    "soft" => *soft = Timing::of(value),
                    "side" => self.add_side(value),
                    "view" => self.views.add(value),
                    "method" => {}
                    "portable" if value == "n" => {
                        self.flags.insert("fixed");
                    }
                    _ => {
                        self.flags.insert(what);
                    }
                }
                self.evidence.push(Said::new(phrase.as_str(), format!("{what}={value}")));
            }
        }
    }

    fn add_side(&mut self, side: &'static str) {
        match self.side {
            Some("bilateral") => {}
            Some(other) if other != side && side != "bilateral" => self.two_sides = true,
            _ => {
                self.two_sides &= side != "bilateral";
                self.side = Some(side);
            }
        }
    }
}

/// The machine: as the modality says, else the first word that names one; whether a CT goes with a PET; and how much is implied.
fn method(modality: &str, before: &[String], after: &[String]) -> Result<(Method, bool, u32), Abstained> {
    let mut known: Vec<Method> = Vec::new();
    for method in tokens::modalities(modality).iter().filter_map(|modality| Method::of(modality)) {
        if !known.contains(&method) {
            known.push(method);
        }
    }
    let hits = [after, before].map(|words| lexicon::scan(words, None));
    let said: Vec<Method> = hits
        .iter()
        .flatten()
        .flat_map(|hit| hit.says)
        .filter(|(what, _)| *what == "method")
        .filter_map(|(_, value)| Method::of(value))
        .collect();
    let first = said.first().copied();
    let has_ct =
        hits.iter().flatten().flat_map(|hit| hit.says).any(|say| *say == ("ct", "y") || *say == ("method", "CT"));
    let pet_and_ct = known.contains(&Method::Pt) && known.contains(&Method::Ct);
    if !known.is_empty() && known.iter().all(|method| matches!(method, Method::Ct | Method::Pt)) {
        // a PET holds a CT, and a CT of a PET is named for what it is: the first word of the two decides (`NM` before is a department)
        return match first {
            Some(Method::Ct) if known.contains(&Method::Ct) => Ok((Method::Ct, false, 0)),
            _ if said.contains(&Method::Pt) => Ok((Method::Pt, has_ct || pet_and_ct, 0)),
            _ if pet_and_ct => Ok((Method::Pt, true, 1)),
            _ => Ok((if known == [Method::Ct] { Method::Ct } else { Method::Pt }, has_ct, 0)),
        };
    }
    match (known.as_slice(), first) {
        ([only], _) => Ok((*only, has_ct, 0)),
        ([], Some(said)) => Ok((said, has_ct, 0)),
        // nothing names a machine, but views are counted and named for radiographs alone
        ([], None) if Views::of(after).counted() || views_named(after) => Ok((Method::Xr, false, 1)),
        ([], None) if hits.iter().flatten().flat_map(|hit| hit.says).any(|(what, _)| *what == "bronchoscopy") => {
            Ok((Method::Rf, false, 2))
        }
        ([], None) => Err(Abstained::NoMethod),
        (several, Some(said)) if several.contains(&said) => Ok((said, has_ct, 0)),
        _ => Err(Abstained::TwoReadings),
    }
}

fn views_named(words: &[String]) -> bool {
    lexicon::scan(words, Some(Method::Xr))
        .iter()
        .flat_map(|hit| hit.says)
        .any(|(what, value)| *what == "view" && *value != "AP")
}
