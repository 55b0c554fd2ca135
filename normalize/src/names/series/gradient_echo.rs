//! Gradient-echo series: inversion-prepared T1, two inversions, T2*, field maps, magnetization transfer.

use super::{Kind, reading::Verdict, view::View, words};

/// A field map's second echo comes one cycle of fat after its first: 2.46 ms at 3 T, twice that at 1.5 T. First echoes are as short
/// as two of them allow, at most about 5.8 ms at 3 T.
const SECOND_ECHO_MS_AT_3_T: f64 = 6.5;
/// Above this repetition time (ms) a flip of 40 degrees or less is far below the Ernst angle of tissue: T1 has little weight.
const LONG_TR_MS: f64 = 200.0;
/// Below this repetition time (ms) a 3-D readout is steady state; above, it is prepared.
const STEADY_TR_MS: f64 = 130.0;
/// Turbo readouts repeat within this (ms); a stand-alone spoiled gradient echo with useful flip does not.
const TURBO_TR_MS: f64 = 12.0;

pub(super) fn judge(view: &View<'_>) -> Option<Verdict> {
    if !view.gradient_echo() || view.echo_planar() {
        return None;
    }
    field_map(view)
        .or_else(|| prepared(view))
        .or_else(|| vessels(view))
        .or_else(|| by_echoes(view))
        .or_else(|| steady(view))
}

fn field_map(view: &View<'_>) -> Option<Verdict> {
    let named = view.sequence(&["fm2d"]);
    let word = words::field_map(view);
    if !named && word.is_none() {
        return None;
    }
    let (found, says) = (word.unwrap_or("Sequence Name"), "field map by two gradient echoes");
    if view.phase() {
        return Some(Verdict::new(Kind::Phasediff, 0.93, found, says).and("Image Type", "phase"));
    }
    if let Some(number) = view.facts.echo_number.filter(|number| *number > 0) {
        let kind = if number == 1 { Kind::Magnitude1 } else { Kind::Magnitude2 };
        return Some(Verdict::new(kind, 0.95, found, says).and(format!("echo {number}"), "which of two"));
    }
    let te = view.te()?;
    let second = SECOND_ECHO_MS_AT_3_T * 3.0 / view.facts.field_strength_t.filter(|field| *field > 0.0).unwrap_or(3.0);
    let kind = if te < second { Kind::Magnitude1 } else { Kind::Magnitude2 };
    Some(Verdict::new(kind, 0.8, found, says).and(format!("TE {te} ms"), "which of two, by what is usual"))
}

/// With an inversion, or a turbo readout that only an inversion makes useful.
fn prepared(view: &View<'_>) -> Option<Verdict> {
    if let Some(word) = view.word(&["INV1", "INV2"]).or_else(|| view.part(&["MP2RAGE"])) {
        return Some(Verdict::new(Kind::Mp2rage, 0.93, word, "one of two inversions"));
    }
    let turbo = view.sequence(&["tfl"]) || view.variant("MP");
    if let Some(ti) = view.ti() {
        return Some(Verdict::new(Kind::T1w, 0.95, format!("TI {ti} ms"), "inversion before a gradient echo"));
    }
    if turbo || view.inverted() {
        return Some(Verdict::new(Kind::T1w, 0.93, "Sequence Variant or Name", "prepared turbo gradient echo"));
    }
    let tr = view.tr()?;
    let word = view.stem(&["T1", "MPR", "BRAVO", "TFE", "FSPGR"])?;
    (tr <= TURBO_TR_MS).then(|| Verdict::new(Kind::T1w, 0.8, word, "T1").and(format!("TR {tr} ms"), "turbo readout"))
}

fn vessels(view: &View<'_>) -> Option<Verdict> {
    let word = view.stem(&["TOF", "MRA", "ANGIO"]);
    if let Some(word) = word {
        return Some(Verdict::new(Kind::Angio, 0.85, word, "vessels"));
    }
    let word = view.stem(&["SWI", "SWAN"])?;
    Some(Verdict::new(Kind::Swi, 0.85, word, "susceptibility"))
}

/// Several echoes, or one late echo.
fn by_echoes(view: &View<'_>) -> Option<Verdict> {
    if let Some(echoes) = view.echoes_in_name().filter(|echoes| *echoes > 2) {
        return Some(Verdict::new(
            Kind::Megre,
            0.88,
            format!("{echoes} echoes in the sequence's name"),
            "echoes one by one",
        ));
    }
    if view.sequence(&["me2d", "me3d"]) {
        return Some(Verdict::new(Kind::T2star, 0.92, "Sequence Name", "echoes combined"));
    }
    let (te, tr) = (view.te()?, view.tr()?);
    let late = te >= 10.0;
    if view.flip().is_some_and(|flip| flip <= 40.0) && tr > LONG_TR_MS {
        let found = format!("TR {tr} ms, TE {te} ms, flip below 40 degrees");
        return Some(Verdict::new(Kind::T2star, if late { 0.92 } else { 0.75 }, found, "little T1, so T2*"));
    }
    late.then(|| Verdict::new(Kind::T2star, 0.75, format!("TE {te} ms"), "a late gradient echo"))
}

/// A spoiled gradient echo in its steady state: T1, or one of a set.
fn steady(view: &View<'_>) -> Option<Verdict> {
    if view.variant("MTC") || view.option("MT") {
        return Some(Verdict::new(Kind::Mts, 0.93, "Sequence Variant or Scan Options", "magnetization transfer"));
    }
    if let Some(word) = words::transfer(view) {
        return Some(Verdict::new(Kind::Mts, 0.88, word, "magnetization transfer"));
    }
    let tr = view.tr()?;
    let found = format!("TR {tr} ms");
    // breath-held and dynamic scans of the body, and all that follow contrast, are looked at as T1
    if view.facts.contrast_agent {
        return Some(Verdict::new(Kind::T1w, 0.85, "a contrast agent", "T1"));
    }
    if let Some(word) = view.stem(&["VIBE", "LAVA", "THRIVE", "DIXON", "STARVIBE", "POST", "DYN"]) {
        return Some(Verdict::new(Kind::T1w, 0.85, word, "T1"));
    }
    if tr <= STEADY_TR_MS && view.facts.acquisition_type != "2D" {
        let says = "unprepared 3-D gradient echo, used alone for maps (transfer, flip angles)";
        return Some(Verdict::new(Kind::Mts, 0.65, found, says));
    }
    Some(Verdict::new(Kind::T1w, 0.6, found, "a short gradient echo"))
}
