//! Dates moved by a number of days.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A DA or DT value moved by `days`: the first eight digits are the date, what follows (time, offset) stays. `None` where
/// that is no date, such as a bare year.
pub(crate) fn date(value: &str, days: i64) -> Option<String> {
    let value = value.trim();
    // ACR-NEMA wrote 1993.07.01.
    let plain: String = match value.as_bytes() {
        [_, _, _, _, b'.', _, _, b'.', _, _] => value.replace('.', ""),
        _ => value.to_owned(),
    };
    let (head, tail) = plain.split_at_checked(8)?;
    if !head.bytes().all(|b| b.is_ascii_digit())
        || !tail.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'))
    {
        return None;
    }
    let day = Date::new(head[..4].parse().ok()?, head[4..6].parse().ok()?, head[6..8].parse().ok()?).ok()?;
    let span: Span = 0.days().try_days(days).ok()?;
    let moved = day.checked_add(span).ok()?;
    Some(format!("{:04}{:02}{:02}{tail}", moved.year(), moved.month(), moved.day()))
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn moves_over_months_and_leap_days() {
        assert_eq!(date("20240301", -1).as_deref(), Some("20240229"));
        assert_eq!(date("20240101235959.5+0100", -30).as_deref(), Some("20231202235959.5+0100"));
        assert_eq!(date("1993.07.01", -30).as_deref(), Some("19930601"));
    }

    #[test]
    fn what_is_no_date_does_not_move() {
        for value in ["", "2024", "20241301", "20240230", "yesterday", "20240101 Doe", "2024010\u{e9}"] {
            assert_eq!(date(value, -30), None, "{value}");
        }
    }
}
