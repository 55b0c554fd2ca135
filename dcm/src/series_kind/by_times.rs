//! What repetition, echo and inversion times say of a contrast. All are seconds.

use super::{by_description, facts::SeriesFacts, suffix::Suffix};

/// By times alone, where they leave no doubt.
pub(super) fn of(facts: &SeriesFacts) -> Option<Suffix> {
    let echo = facts.echo_s?;
    if facts.inversion_s.is_some_and(|ti| ti > FLUID_S) && echo > 0.060 {
        return Some(Suffix::Flair);
    }
    // gradient echoes are spoiled; so are trains of spin echoes, whose echo times are long
    let gradient = facts.scans("GR") || (facts.varies("SP") && !facts.is_spin_echo && echo < 0.060);
    if gradient && facts.inversion_s.is_none() && echo >= SUSCEPTIBLE_S {
        return Some(Suffix::T2starw);
    }
    match facts.repetition_s? {
        // an inversion-prepared gradient echo (MPRAGE) repeats slowly but is T1-weighted
        tr if echo < 0.030 && (tr < 1.0 || (gradient && facts.inversion_s.is_some())) => Some(Suffix::T1w),
        tr if echo >= 0.060 && tr >= 1.5 => Some(Suffix::T2w),
        tr if echo < 0.040 && tr >= 1.5 && facts.inversion_s.is_none() && !gradient => Some(Suffix::PDw),
        _ => None,
    }
}

/// A spin echo: proton density, or T2 from an echo time on; T1 where repetition and echo are short. Where the times are of more than
/// one of them, the description is asked first.
pub(super) fn by_echo(facts: &SeriesFacts, from_s: f64) -> Suffix {
    let weightings = [Suffix::T1w, Suffix::T2w, Suffix::PDw];
    let described = || by_description::of(&facts.description).filter(|suffix| weightings.contains(suffix));
    if let Some(suffix) = of(facts).or_else(described) {
        suffix
    } else if is_short(facts) {
        Suffix::T1w
    } else if facts.echo_s.is_some_and(|s| s < from_s) {
        Suffix::PDw
    } else {
        Suffix::T2w
    }
}

/// A spin echo after an inversion: fat is suppressed at a short inversion time, fluid at a long one; in between, with a short echo, it
/// is T1 that is weighted by.
pub(super) fn by_inversion(facts: &SeriesFacts) -> Suffix {
    match facts.inversion_s {
        Some(ti) if ti < 0.5 => Suffix::T2w,
        Some(ti) if ti < FLUID_S && facts.echo_s.is_some_and(|te| te < 0.040) => Suffix::T1w,
        _ => Suffix::Flair,
    }
}

/// Whether it is of one echo, too early for a weighting by T2*.
pub(super) fn is_early(facts: &SeriesFacts) -> bool {
    let is_one = !facts.is_multi_echo && facts.echoes < 2 && facts.echo_number.is_none_or(|number| number < 2);
    is_one && facts.echo_s.is_some_and(|s| s < EARLY_S)
}

/// Whether repetition and echo are those of a T1 weighting.
pub(super) fn is_short(facts: &SeriesFacts) -> bool {
    facts.repetition_s.is_some_and(|s| s < 1.0) && facts.echo_s.is_some_and(|s| s < 0.030)
}

/// A gradient echo after that is weighted by T2* at 1.5 tesla and above.
const SUSCEPTIBLE_S: f64 = 0.012;

/// A gradient echo before that is not.
const EARLY_S: f64 = 0.005;

/// Fluid gives no signal after more than that.
const FLUID_S: f64 = 1.4;

#[cfg(test)]
mod tests {
    use super::*;

    // times as a scanner writes them, in milliseconds
    fn facts(tr: f64, te: f64, ti: Option<f64>, sequence: &str) -> SeriesFacts {
        SeriesFacts {
            repetition_s: Some(tr / 1e3),
            echo_s: Some(te / 1e3),
            inversion_s: ti.map(|ms| ms / 1e3),
            scanning: sequence.split('\\').map(str::to_owned).collect(),
            ..SeriesFacts::default()
        }
    }

    #[test]
    fn textbook_times_give_textbook_names() {
        assert_eq!(of(&facts(500.0, 15.0, None, "SE")), Some(Suffix::T1w));
        assert_eq!(of(&facts(2300.0, 3.0, Some(900.0), "GR\\IR")), Some(Suffix::T1w));
        assert_eq!(of(&facts(4000.0, 100.0, None, "SE")), Some(Suffix::T2w));
        assert_eq!(of(&facts(9000.0, 120.0, Some(2500.0), "SE\\IR")), Some(Suffix::Flair));
        assert_eq!(of(&facts(2500.0, 20.0, None, "SE")), Some(Suffix::PDw));
        assert_eq!(of(&facts(1200.0, 20.0, None, "SE")), None);
        assert_eq!(of(&facts(600.0, 14.0, None, "GR")), Some(Suffix::T2starw));
        assert_eq!(of(&facts(35.0, 3.0, None, "GR")), Some(Suffix::T1w));
    }

    #[test]
    fn an_inversion_suppresses_fat_fluid_or_neither() {
        for (te, ti, wanted) in [(60.0, 160.0, Suffix::T2w), (10.0, 860.0, Suffix::T1w), (90.0, 2400.0, Suffix::Flair)]
        {
            assert_eq!(by_inversion(&facts(4000.0, te, Some(ti), "SE\\IR")), wanted, "{te} {ti}");
        }
    }
}
