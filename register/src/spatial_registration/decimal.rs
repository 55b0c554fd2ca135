//! Decimal strings, VR DS.

/// Most characters of one.
const LONGEST: usize = 16;

/// The decimal string of at most 16 characters that comes closest to a number.
pub(super) fn decimal(value: f64) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    let shortest = format!("{value}");
    if shortest.len() <= LONGEST {
        return shortest;
    }
    let plain = (0..LONGEST).rev().map(|digits| format!("{value:.digits$}")).find(|text| text.len() <= LONGEST);
    let scientific = (0..LONGEST).rev().map(|digits| format!("{value:.digits$e}")).find(|text| text.len() <= LONGEST);
    let error = |text: &String| text.parse::<f64>().map_or(f64::INFINITY, |found| (found - value).abs());
    let closest = plain.into_iter().chain(scientific).min_by(|a, b| error(a).total_cmp(&error(b)));
    closest.unwrap_or_else(|| "0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_sixteen_characters_and_stays_close() {
        for value in
            [0.1 + 0.2, -std::f64::consts::PI, 1e-17 / 3.0, -1e300 / 3.0, 12345.678901234567, -0.0, 1.0, -1.0 / 3.0]
        {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            let found: f64 = text.parse().unwrap();
            assert!((found - value).abs() <= 2e-9 * value.abs(), "{text} {value}");
        }
        assert_eq!((decimal(-0.0), decimal(1.5)), ("0".to_owned(), "1.5".to_owned()));
    }
}
