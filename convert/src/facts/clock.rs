//! Dates and times as microseconds, for differences only.
//!
//! Source: DICOM PS3.5 section 6.2 (DA, TM, DT), PS3.3 C.12.1 (Timezone Offset From UTC). Dates and times of a file are in one zone;
//! a DT that states its offset from UTC is brought to it where the file says which it is, and is taken for it where not.

use isocenter_dcm::{Dataset, Tag, tags, value};
use jiff::civil::Date;

/// Microseconds since 1970-01-01 00:00 of the file's zone, or since midnight where only a time is there.
pub(crate) type Micros = i64;

/// Microseconds of a day.
pub(crate) const DAY: Micros = 86_400_000_000;

/// As seconds.
pub(crate) fn seconds(micros: Micros) -> f64 {
    micros as f64 / 1e6
}

/// The time of day, `hh:mm:ss`.
pub(crate) fn time_of_day(micros: Micros) -> String {
    let seconds = micros.rem_euclid(DAY) / 1_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A date, DA.
pub(crate) fn date(dataset: &Dataset, tag: Tag) -> Option<Micros> {
    parse_date(&value::string(dataset, tag)?)
}

/// A time of day, TM.
pub(crate) fn time(dataset: &Dataset, tag: Tag) -> Option<Micros> {
    parse_time(&value::string(dataset, tag)?)
}

/// A date and time, DT, in the file's zone: its offset from UTC, where that is known.
pub(crate) fn date_time(dataset: &Dataset, tag: Tag, zone: Option<Micros>) -> Option<Micros> {
    let (wall, offset) = parse_date_time(&value::string(dataset, tag)?)?;
    Some(match (offset, zone) {
        (Some(offset), Some(zone)) => wall - offset + zone,
        _ => wall,
    })
}

/// The offset from UTC that a DT states.
pub(crate) fn offset(dataset: &Dataset, tag: Tag) -> Option<Micros> {
    parse_date_time(&value::string(dataset, tag)?)?.1
}

/// The file's zone: Timezone Offset From UTC, else the offset of its Acquisition DateTime.
pub(crate) fn zone(dataset: &Dataset) -> Option<Micros> {
    let stated = value::string(dataset, tags::TIMEZONE_OFFSET_FROM_UTC);
    stated.and_then(|text| parse_offset(&text)).or_else(|| offset(dataset, tags::ACQUISITION_DATE_TIME))
}

/// A DT, else a DA and a TM, else a TM alone.
pub(crate) fn moment(dataset: &Dataset, dt: Tag, da: Tag, tm: Tag) -> Option<Micros> {
    date_time(dataset, dt, zone(dataset)).or_else(|| Some(date(dataset, da).unwrap_or(0) + time(dataset, tm)?))
}

/// Reads `YYYYMMDD`, or `YYYY.MM.DD` of old files.
pub(crate) fn parse_date(text: &str) -> Option<Micros> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | '-')).collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let day = Date::new(part(0..4)?, i8::try_from(part(4..6)?).ok()?, i8::try_from(part(6..8)?).ok()?).ok()?;
    let epoch = Date::new(1970, 1, 1).ok()?;
    Some(day.duration_since(epoch).as_hours() / 24 * DAY)
}

/// Reads `HHMMSS.FFFFFF`, cut off anywhere after the hour, or `HH:MM:SS` of old files.
pub(crate) fn parse_time(text: &str) -> Option<Micros> {
    let text: String = text.trim().chars().filter(|c| *c != ':').collect();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !matches!(whole.len(), 2 | 4 | 6) || !digits(whole) || !digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let part = |at: usize| whole.get(at..at + 2).map_or(Some(0), |t| t.parse::<i64>().ok());
    let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let micros: i64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").parse().ok()? };
    Some((hour * 3600 + minute * 60 + second) * 1_000_000 + micros)
}

/// Reads `YYYYMMDDHHMMSS.FFFFFF&ZZXX`: the wall clock, and its offset from UTC where it states one.
pub(crate) fn parse_date_time(text: &str) -> Option<(Micros, Option<Micros>)> {
    let text = text.trim();
    let (plain, offset) = text.split_at(text.find(['+', '-']).unwrap_or(text.len()));
    let (day, clock) = (plain.get(..8)?, plain.get(8..)?);
    let wall = parse_date(day)? + if clock.is_empty() { 0 } else { parse_time(clock)? };
    Some((wall, parse_offset(offset)))
}

/// Reads `&ZZXX`, `+` or `-` and hours and minutes.
pub(crate) fn parse_offset(text: &str) -> Option<Micros> {
    let text = text.trim();
    let (sign, digits) = text.split_at_checked(1)?;
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    let size = (hours * 60 + minutes) * 60_000_000;
    match sign {
        _ if hours > 14 || minutes > 59 => None,
        "+" => Some(size),
        "-" => Some(-size),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_the_standard_and_the_old_ones() {
        assert_eq!(parse_time("070907.0705"), Some((7 * 3600 + 9 * 60 + 7) * 1_000_000 + 70_500));
        assert_eq!(parse_time("10"), Some(36_000_000_000));
        assert_eq!(parse_time("10:20:30"), parse_time("102030"));
        assert_eq!(parse_time("2460"), None);
        assert_eq!(parse_date("19700103"), Some(2 * DAY));
        assert_eq!(parse_date("20230229"), None);
        assert_eq!(parse_date_time("19700102010203.5+0100"), Some((DAY + 3_723_500_000, Some(3_600_000_000))));
        assert_eq!(parse_date_time("19700102-0330"), Some((DAY, Some(-12_600_000_000))));
        assert_eq!(parse_offset("0100"), None);
        assert_eq!(parse_date_time("1970"), None);
    }
}
