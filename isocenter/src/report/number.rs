//! Numbers as a person reads them: never rounded to nothing.

/// Three significant digits or more, without an exponent where that is short.
pub(crate) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "not finite".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.2e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if !(-6..=9).contains(&exponent) {
        return scientific;
    }
    let decimals = usize::try_from(2 - exponent).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn small_numbers_stay_and_large_ones_keep_their_digits() {
        let cases = [
            (0.0, "0"),
            (0.000_343, "0.000343"),
            (12.345, "12.3"),
            (1234.56, "1235"),
            (-1024.0, "-1024"),
            (2.5, "2.5"),
            (999.99, "1000"),
            (1e-9, "1.00e-9"),
            (f64::NAN, "not finite"),
            (f64::INFINITY, "not finite"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }
}
