//! Dates, times of day and ages as text has them: `2020-09-17`, `10:22:54.000000`, years.
//!
//! Digits are copied, never counted: a time keeps the digits that it has. Source: DICOM PS3.5 section 6.2 (DA, TM, DT, AS).

/// A date as `YYYY-MM-DD`; the old form with points is understood.
pub(super) fn date(text: &str) -> Option<String> {
    let digits = text.trim().replace('.', "");
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let within = |text: &str, from: u32, to: u32| {
        text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u32| (from..=to).contains(&n))
    };
    let is_date = day.len() == 2 && within(year, 0, 9999) && within(month, 1, 12) && within(day, 1, 31);
    is_date.then(|| format!("{year}-{month}-{day}"))
}

/// A time of day as `hh:mm:ss.ffffff`; the old form with colons is understood, and minutes and seconds may be missing.
pub(super) fn time(text: &str) -> Option<String> {
    let text = text.trim().replace(':', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || !matches!(whole.len(), 2 | 4 | 6) {
        return None;
    }
    let full = format!("{whole:0<6}");
    let (hours, rest) = full.split_at_checked(2)?;
    let (minutes, seconds) = rest.split_at_checked(2)?;
    let below = |text: &str, end: u32| text.parse().is_ok_and(|n: u32| n < end);
    let fraction: String = fraction.chars().take(6).collect();
    (below(hours, 24) && below(minutes, 60) && below(seconds, 61))
        .then(|| format!("{hours}:{minutes}:{seconds}.{fraction:0<6}"))
}

/// Date and time of day of one text, without its offset from UTC.
pub(super) fn date_time(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(8)?;
    let of_day = rest.split(['+', '-', '&']).next()?;
    Some((date(day)?, time(of_day)?))
}

/// An age in years.
pub(super) fn years(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: f64 = number.parse::<u16>().ok()?.into();
    let years = match unit {
        "Y" => number,
        "M" => number / 12.0,
        "W" => number * 7.0 / DAYS,
        "D" => number / DAYS,
        _ => return None,
    };
    // to the day is as well as the text knows it
    Some((years * 1e3).round() / 1e3)
}

/// Days of a year.
const DAYS: f64 = 365.25;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_copied() {
        assert_eq!(date("20200917").as_deref(), Some("2020-09-17"));
        assert_eq!(date("1993.08.22").as_deref(), Some("1993-08-22"));
        assert_eq!(date("2020"), None);
        assert_eq!(date("00000000"), None);
        assert_eq!(date("2020\u{e9}917"), None);
        assert_eq!(time("102254").as_deref(), Some("10:22:54.000000"));
        assert_eq!(time("10:22:54.12").as_deref(), Some("10:22:54.120000"));
        assert_eq!(time("1022").as_deref(), Some("10:22:00.000000"));
        assert_eq!((time("25"), time("noon"), time("")), (None, None, None));
        let both = Some(("2024-10-04".to_owned(), "14:25:51.710000".to_owned()));
        assert_eq!(date_time("20241004142551.710000+0200"), both);
        assert_eq!(date_time("20241004"), None);
    }

    #[test]
    fn ages_are_years() {
        assert_eq!(
            (years("043Y"), years("006M"), years("365D"), years("004W")),
            (Some(43.0), Some(0.5), Some(0.999), Some(0.077))
        );
        assert_eq!((years("43"), years(""), years("\u{e9}")), (None, None, None));
    }
}
