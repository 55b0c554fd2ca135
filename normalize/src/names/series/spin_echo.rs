//! Spin-echo series: weighting by echo, repetition and inversion time.

use super::{Kind, reading::Verdict, view::View};

/// Fluid is nulled at 0.69 of its T1 in long repetitions, or as low as this (ms) at TR 5 s.
const FLUID_TI_MS: f64 = 1500.0;
/// Fat is nulled below this (ms): 0.69 of its T1 of 230 to 370 ms.
const FAT_TI_MS: f64 = 300.0;
/// From this echo time (ms) on the image is weighted by T2.
const LONG_TE_MS: f64 = 55.0;
/// Up to this echo time (ms) it is not.
const SHORT_TE_MS: f64 = 35.0;
/// Up to this repetition time (ms) T1 has not recovered.
const SHORT_TR_MS: f64 = 1000.0;

pub(super) fn judge(view: &View<'_>) -> Option<Verdict> {
    let refocused = view.spin_echo() || view.flip().is_some_and(|flip| flip >= 80.0);
    if !refocused || view.echo_planar() {
        return None;
    }
    let te = view.te()?;
    let mut found = format!("TE {te} ms");
    if let Some(tr) = view.tr() {
        found.push_str(&format!(", TR {tr} ms"));
    }
    if let Some(ti) = view.ti() {
        let found = format!("{found}, TI {ti} ms");
        return Some(match ti {
            _ if ti <= FAT_TI_MS => Verdict::new(Kind::Stir, 0.93, found, "fat nulled"),
            _ if ti >= FLUID_TI_MS && te >= LONG_TE_MS => Verdict::new(Kind::Flair, 0.96, found, "fluid nulled"),
            _ => Verdict::new(Kind::T1w, 0.75, found, "inversion, between fat and fluid"),
        });
    }
    if view.inverted() && te >= LONG_TE_MS {
        return Some(Verdict::new(Kind::Flair, 0.7, found, "an inversion, late echo"));
    }
    if te >= LONG_TE_MS {
        return Some(Verdict::new(Kind::T2w, 0.95, found, "late spin echo"));
    }
    let tr = view.tr()?;
    if te <= SHORT_TE_MS {
        let kind = if tr <= SHORT_TR_MS { Kind::T1w } else { Kind::PDw };
        return Some(Verdict::new(kind, 0.85, found, "early spin echo"));
    }
    None
}
