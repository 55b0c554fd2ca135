//! Numbers as decimal strings: at most 16 characters, as near as those allow.
//!
//! Source: DICOM PS3.5 table 6.2-1 (DS).

/// The most characters of a decimal string.
const LENGTH: usize = 16;

/// The decimal string that comes nearest to a finite number.
pub(super) fn text(number: f64) -> String {
    let number = if number == 0.0 { 0.0 } else { number };
    let plain = format!("{number}");
    if plain.len() <= LENGTH {
        return plain;
    }
    let mut best: Option<(f64, String)> = None;
    let mut offer = |text: String| {
        let miss = text.parse::<f64>().map_or(f64::INFINITY, |read| (read - number).abs());
        if text.len() <= LENGTH && best.as_ref().is_none_or(|(least, _)| miss < *least) {
            best = Some((miss, text));
        }
    };
    // the longest of each form that fits is the nearest of its form
    if let Some(text) = (0..LENGTH).rev().map(|digits| format!("{number:.digits$}")).find(|t| t.len() <= LENGTH) {
        offer(trimmed(&text));
    }
    if let Some(text) = (0..LENGTH).rev().map(|digits| format!("{number:.digits$e}")).find(|t| t.len() <= LENGTH) {
        offer(text);
    }
    best.map_or_else(|| "0".to_owned(), |(_, text)| text)
}

/// The number that its decimal string reads as.
pub(super) fn rounded(number: f64) -> f64 {
    text(number).parse().unwrap_or(number)
}

fn trimmed(text: &str) -> String {
    if !text.contains('.') {
        return text.to_owned();
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "" | "-" | "-0") { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_numbers_stay_and_long_ones_keep_what_fits() {
        for (number, wanted) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-1024.0, "-1024"),
            (1.0 / 3.0, "0.33333333333333"),
            (-1.0 / 3.0, "-0.3333333333333"),
            (-1234.567890123456, "-1234.5678901235"),
            (1.0 / 3e7, "3.3333333333e-8"),
        ] {
            let found = text(number);
            assert!(found.len() <= LENGTH, "{found}");
            if wanted.len() == LENGTH || number.abs() >= 1.0 || number == 0.0 {
                assert_eq!(found, wanted);
            }
        }
        assert!(text(f64::MAX).len() <= LENGTH && text(f64::MIN_POSITIVE).len() <= LENGTH);
    }

    proptest! {
        #[test]
        fn a_place_within_ten_metres_keeps_a_nanometre(mm in -1e4..1e4f64) {
            let found = text(mm);
            prop_assert!(found.len() <= LENGTH);
            prop_assert!((found.parse::<f64>().unwrap() - mm).abs() < 1e-6);
        }

        #[test]
        fn any_number_keeps_nine_digits(number in proptest::num::f64::NORMAL) {
            let found = text(number);
            prop_assert!(found.len() <= LENGTH, "{found}");
            prop_assert!((found.parse::<f64>().unwrap() / number - 1.0).abs() < 1e-8);
        }
    }
}
