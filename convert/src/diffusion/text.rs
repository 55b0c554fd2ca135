//! Numbers as text: decimals with a point and no exponent, without trailing zeros, the same on every machine.

/// Decimals of b-values, s/mm^2, and of directions.
pub(super) const B_VALUE: usize = 4;
pub(super) const DIRECTION: usize = 8;

/// A number of at most so many decimals; what is none, or rounds to nothing, is `0`.
pub(super) fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" || text == "-" { "0".to_owned() } else { text.to_owned() }
}

/// Numbers with a space between them.
pub(super) fn line(values: impl Iterator<Item = f64>, decimals: usize) -> String {
    let numbers: Vec<String> = values.map(|value| number(value, decimals)).collect();
    numbers.join(" ") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_a_negative_nothing() {
        let texts = [
            (0.0, "0"),
            (-0.0, "0"),
            (1000.0, "1000"),
            (929.750_183_133_752_7, "929.7502"),
            (-0.000_01, "0"),
            (10.0, "10"),
            (0.5, "0.5"),
            (f64::NAN, "0"),
        ];
        for (value, text) in texts {
            assert_eq!(number(value, B_VALUE), text);
        }
        assert_eq!(number(1.0 / 3.0, DIRECTION), "0.33333333");
        assert_eq!(line([1.0, -0.0, 2.5].into_iter(), B_VALUE), "1 0 2.5\n");
    }
}
