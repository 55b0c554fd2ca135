//! What an MR series shows, from the facts of its acquisition.
//!
//! Times first, because they are physics: a long inversion time with a long echo suppresses fluid (FLAIR), a long echo with a long
//! repetition shows fluid bright (T2), short ones show fat bright (T1). Thresholds are for 1.5 and 3 tesla (Bernstein, King, Zhou,
//! Handbook of MRI Pulse Sequences, 2004, ch. 14 and 17). The words of a series' description only decide where the times do not,
//! and are read here alone: they go no further. An image whose values are no signal of tissue (phase, a field map) is none of
//! these, whatever its times: see [`map`].

pub mod map;

use isocenter_volume::meta::Mr;

/// The contrast of an MR series: `T1`, `T2`, `FLAIR`, `PD`, or `None` where nothing decides.
pub fn of_mr(mr: &Mr, description: Option<&str>) -> Option<&'static str> {
    by_times(mr).or_else(|| description.and_then(by_words))
}

fn by_times(mr: &Mr) -> Option<&'static str> {
    let echo = mr.echo_time_s?;
    let repetition = mr.repetition_time_s;
    if mr.inversion_time_s.is_some_and(|ti| ti > 1.4) && echo > 0.060 {
        return Some("FLAIR");
    }
    let gradient_echo = mr.scanning_sequence.as_deref().is_some_and(|s| s.split('\\').any(|v| v.trim() == "GR"));
    match repetition? {
        // an inversion-prepared gradient echo (MPRAGE) repeats slowly but is T1-weighted
        tr if echo < 0.030 && (tr < 1.0 || (gradient_echo && mr.inversion_time_s.is_some())) => Some("T1"),
        tr if echo >= 0.060 && tr >= 1.5 => Some("T2"),
        tr if echo < 0.040 && tr >= 1.5 && mr.inversion_time_s.is_none() && !gradient_echo => Some("PD"),
        _ => None,
    }
}

fn by_words(description: &str) -> Option<&'static str> {
    let lower = description.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let has = |names: &[&str]| words.iter().any(|w| names.contains(w));
    if has(&["flair", "darkfluid"]) {
        Some("FLAIR")
    } else if has(&["t1", "t1w", "mprage", "spgr", "bravo", "tfe"]) {
        Some("T1")
    } else if has(&["t2", "t2w"]) {
        Some("T2")
    } else if has(&["pd", "pdw"]) {
        Some("PD")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // times as a scanner writes them, in milliseconds
    fn mr(tr: f64, te: f64, ti: Option<f64>, sequence: &str) -> Mr {
        let mut mr = Mr::default();
        mr.repetition_time_s = Some(tr / 1e3);
        mr.echo_time_s = Some(te / 1e3);
        mr.inversion_time_s = ti.map(|ms| ms / 1e3);
        mr.scanning_sequence = Some(sequence.to_owned());
        mr
    }

    #[test]
    fn textbook_times_give_textbook_names() {
        assert_eq!(of_mr(&mr(500.0, 15.0, None, "SE"), None), Some("T1"));
        assert_eq!(of_mr(&mr(2300.0, 3.0, Some(900.0), "GR\\IR"), None), Some("T1"));
        assert_eq!(of_mr(&mr(4000.0, 100.0, None, "SE"), None), Some("T2"));
        assert_eq!(of_mr(&mr(9000.0, 120.0, Some(2500.0), "SE\\IR"), None), Some("FLAIR"));
    }

    #[test]
    fn words_decide_only_where_times_do_not() {
        assert_eq!(of_mr(&Mr::default(), Some("AX T2 FLAIR")), Some("FLAIR"));
        assert_eq!(of_mr(&mr(4000.0, 100.0, None, "SE"), Some("t1")), Some("T2"));
        assert_eq!(of_mr(&Mr::default(), Some("localizer")), None);
    }
}
