//! Functions of scripts on one value.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::shift;

/// Every date of a value moved by days, as `YYYYMMDD...` or `YYYY-MM-DD...`; `None` where one is none.
pub(super) fn moved(value: &str, days: i64) -> Option<String> {
    each(value, |date| {
        if !date.contains('-') || date.as_bytes().get(4) != Some(&b'-') {
            return shift::date(date, days);
        }
        let (day, rest) = date.split_at_checked(10)?;
        let moved = shift::date(&day.replace('-', ""), days)?;
        Some(format!("{}-{}-{}{rest}", moved.get(..4)?, moved.get(4..6)?, moved.get(6..8)?))
    })
}

/// Every date of a value with other parts; what is `None` stays. A month or day beyond the end runs over into the next, as in CTP.
pub(super) fn modified(value: &str, year: Option<i16>, month: Option<i64>, day: Option<i64>) -> Option<String> {
    each(value, |date| {
        let (head, rest) = date.split_at_checked(8)?;
        let number = |range| head.get(range).and_then(|part: &str| part.parse::<i64>().ok());
        let (old_year, old_month, old_day) = (number(0..4)?, number(4..6)?, number(6..8)?);
        let year = year.or_else(|| i16::try_from(old_year).ok())?;
        let first = Date::new(year, 1, 1).ok()?;
        let months = 0.months().try_months(month.unwrap_or(old_month) - 1).ok()?;
        let days = 0.days().try_days(day.unwrap_or(old_day) - 1).ok()?;
        let date = first.checked_add(months).ok()?.checked_add(days).ok()?;
        Some(format!("{:04}{:02}{:02}{rest}", date.year(), date.month(), date.day()))
    })
}

fn each(value: &str, one: impl Fn(&str) -> Option<String>) -> Option<String> {
    let dates: Option<Vec<String>> = value.split('\\').map(|date| one(date.trim())).collect();
    Some(dates?.join("\\"))
}

/// Days from one date `YYYYMMDD` to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// A date of `YYYYMMDD`, more may follow.
pub(super) fn date_of(text: &str) -> Option<Date> {
    let number = |range| text.get(range).filter(|part: &&str| part.bytes().all(|b| b.is_ascii_digit()));
    Date::new(number(0..4)?.parse().ok()?, number(4..6)?.parse().ok()?, number(6..8)?.parse().ok()?).ok()
}

/// An age rounded to the nearest multiple of a width, halves up; its letter stays, the length is even. `None` for what is no age.
pub(super) fn rounded_age(age: &str, width: u32) -> Option<String> {
    let age = age.trim();
    if age.is_empty() {
        return Some(String::new());
    }
    let digits: String = age.chars().filter(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().ok()?;
    let width = u64::from(width).max(1);
    let rounded = number.checked_mul(2)?.checked_add(width)? / (2 * width) * width;
    let letters: String = age.chars().filter(|c| !c.is_ascii_digit()).collect();
    let text = format!("{rounded}{letters}");
    Some(if text.chars().count() % 2 == 1 { format!("0{text}") } else { text })
}

/// Initials of `Last^First^Middle`, the last name's last; `X` for nobody.
pub(super) fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split(['^', ',']).flat_map(str::split_whitespace).collect();
    let mut letters: Vec<String> =
        words.iter().filter_map(|word| word.chars().next()).map(|c| c.to_uppercase().collect()).collect();
    match letters.len() {
        0 => return "X".to_owned(),
        1 => {}
        _ => letters.rotate_left(1),
    }
    letters.concat()
}

/// Letters and digits moved within their alphabet.
pub(super) fn caesar(text: &str, offset: i64) -> String {
    let turn = |c: char, first: char, size: i64| {
        let place = (i64::from(u32::from(c) - u32::from(first)) + offset % size).rem_euclid(size);
        char::from_u32(u32::from(first) + place as u32).unwrap_or(c)
    };
    let one = |c: char| match c {
        'a'..='z' => turn(c, 'a', 26),
        'A'..='Z' => turn(c, 'A', 26),
        '0'..='9' => turn(c, '0', 10),
        _ => c,
    };
    text.chars().map(one).collect()
}

/// The first characters, or from the end with a negative number.
pub(super) fn truncated(text: &str, length: i64) -> String {
    if length >= 0 {
        return text.chars().take(usize::try_from(length).unwrap_or(usize::MAX)).collect();
    }
    let text = text.trim();
    let from = (text.chars().count() as i64).saturating_add(length).max(0);
    text.chars().skip(usize::try_from(from).unwrap_or(0)).collect()
}

/// A part of a path by its number, from the end with a negative one; the whole where it has none.
pub(super) fn path_element(text: &str, index: i64) -> String {
    let parts: Vec<&str> = text.split('/').collect();
    let index = if index < 0 { parts.len() as i64 + index } else { index };
    usize::try_from(index).ok().and_then(|index| parts.get(index)).unwrap_or(&text).to_string()
}

/// The first words of a name, without marks, in capitals.
pub(super) fn plain_name(name: &str, words: usize) -> String {
    let words: String = name.split('^').take(words).collect();
    words
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '\'' | '^' | '.'))
        .flat_map(char::to_uppercase)
        .collect()
}

/// The first characters of a text; none or less: all.
pub(super) fn at_most(text: String, length: Option<i64>) -> String {
    match length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length > 0) {
        Some(length) => text.chars().take(length).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_rounded_as_by_ctp() {
        for (age, width, wanted) in
            [("043Y", 5, "045Y"), ("027y", 5, "025y"), ("2Y", 5, "0Y"), ("100Y", 10, "100Y"), ("45Y", 10, "50Y")]
        {
            let found = rounded_age(age, width).unwrap();
            assert_eq!(found.trim_start_matches('0'), wanted.trim_start_matches('0'), "{age}");
            assert_eq!(found.len() % 2, 0);
        }
        assert_eq!(rounded_age("", 5).as_deref(), Some(""));
        assert_eq!(rounded_age("Y", 5), None);
    }

    #[test]
    fn parts_of_dates_run_over() {
        assert_eq!(modified("20240115", None, Some(2), Some(31)).as_deref(), Some("20240302"));
        assert_eq!(modified("20240115101112", Some(1999), None, Some(1)).as_deref(), Some("19990101101112"));
        assert_eq!(modified("2024", None, None, None), None);
        assert_eq!(moved("2024-01-01\\20240101", -1).as_deref(), Some("2023-12-31\\20231231"));
        assert_eq!(moved("soon", 1), None);
    }
}
