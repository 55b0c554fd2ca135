//! Dates in text.

use std::ops::Range;
use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::Date;
use regex::{Captures, Regex};

use super::{Dates, MARK, Piece};

/// All dates of a text and what becomes of each; one that stays is a piece too, which nothing else takes for a number.
pub(super) fn find(text: &str, dates: Dates) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (spelling, pattern) in patterns() {
        for found in pattern.captures_iter(text) {
            let Some(range) = found.get(0).map(|all| all.range()) else { continue };
            let overlaps = |piece: &Piece| piece.range.start < range.end && range.start < piece.range.end;
            if pieces.iter().any(overlaps) || is_part_of_a_number(text, &range) {
                continue;
            }
            let Some(day) = spelling.day(&found) else { continue };
            let moved = match (dates, day) {
                (Dates::Shift(days), Day::Certain(day)) => {
                    0.days().try_days(days).ok().and_then(|span| day.checked_add(span).ok())
                }
                _ => None,
            };
            let new = match moved {
                _ if dates == Dates::Keep => text[range.clone()].to_owned(),
                Some(day) => spelling.write(day, &found),
                None => MARK.to_owned(),
            };
            pieces.push(Piece { range, new });
        }
    }
    pieces
}

/// A date that was read.
#[derive(Clone, Copy)]
enum Day {
    Certain(Date),
    /// It may be one, or which number is the month is not certain.
    Doubtful,
}

#[derive(Clone, Copy)]
enum Spelling {
    /// Year, month, day in numbers.
    YearFirst,
    /// Day or month first, in numbers: certain where one of them is above 12.
    YearLast,
    /// Day and month with dots: the day is first.
    Dotted,
    /// Two digits of a year.
    ShortYear,
    /// The month in letters.
    Named,
}

fn patterns() -> &'static [(Spelling, Regex)] {
    static PATTERNS: OnceLock<Vec<(Spelling, Regex)>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let year = r"(?P<y>(?:18|19|20)\d\d)";
        let month = r"(?P<n>jan|feb|fév|mar|mär|mrz|apr|avr|may|mai|maj|jun|juin|jul|juil|aug|aou|aoû|sep|oct|okt|nov|dec|dez|déc)[\p{L}]*\.?";
        [
            (Spelling::YearFirst, format!(r"{year}(?P<s>[-/. ]?)(?P<m>0[1-9]|1[0-2])[-/. ]?(?P<d>0[1-9]|[12]\d|3[01])")),
            (Spelling::YearFirst, format!(r"{year}(?P<s>\s*年\s*)(?P<m>\d\d?)\s*月\s*(?P<d>\d\d?)\s*日")),
            (Spelling::YearFirst, format!(r"{year}(?P<s>\s*년\s*)(?P<m>\d\d?)\s*월\s*(?P<d>\d\d?)\s*일")),
            (Spelling::YearFirst, format!(r"{year}(?P<s>[-/.])(?P<m>\d\d?)[-/.](?P<d>\d\d?)")),
            (Spelling::Dotted, format!(r"(?P<a>\d\d?)(?P<s>\.) ?(?P<b>\d\d?)\. ?{year}")),
            (Spelling::YearLast, format!(r"(?P<a>\d\d?)(?P<s>[-/ ])(?P<b>\d\d?)[-/ ]{year}")),
            (Spelling::ShortYear, r"\d\d?/\d\d?/\d\d".to_owned()),
            (Spelling::Named, format!(r"(?i)(?P<d>\d\d?)(?:st|nd|rd|th|\.)?[-\s]?(?:of )?{month}[-,\s]*{year}")),
            (Spelling::Named, format!(r"(?i){month}[-\s]?(?P<d>\d\d?)(?:st|nd|rd|th)?[-,\s]+{year}")),
            (Spelling::Named, format!(r"(?i){year}[-\s]?{month}[-\s]?(?P<d>\d\d?)")),
        ]
        .into_iter()
        .filter_map(|(spelling, pattern)| Some((spelling, Regex::new(&pattern).ok()?)))
        .collect()
    })
}

/// A date beside digits is a part of a number, but for a time behind it as DT has it (`20160228235959`).
fn is_part_of_a_number(text: &str, range: &Range<usize>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let before = &text[..range.start];
    let after = &text[range.end..];
    let time = after.bytes().take_while(u8::is_ascii_digit).count();
    let is_time = matches!(time, 4 | 6) && text[range.clone()].bytes().all(|b| b.is_ascii_digit());
    digit(before.chars().next_back())
        || (before.ends_with('.') && digit(before[..before.len() - 1].chars().next_back()))
        || (digit(after.chars().next()) && !is_time)
}

impl Spelling {
    /// The date; `None` where the numbers are none.
    fn day(self, found: &Captures<'_>) -> Option<Day> {
        let number = |name: &str| found.name(name).and_then(|text| text.as_str().parse::<i16>().ok());
        let date = |year: i16, month: i16, day: i16| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok();
        match self {
            Self::YearFirst => date(number("y")?, number("m")?, number("d")?).map(Day::Certain),
            Self::Dotted => date(number("y")?, number("b")?, number("a")?).map(Day::Certain),
            Self::YearLast => {
                let (year, a, b) = (number("y")?, number("a")?, number("b")?);
                match (date(year, b, a), date(year, a, b)) {
                    (Some(_), Some(_)) if a != b => Some(Day::Doubtful),
                    (Some(day), _) | (None, Some(day)) => Some(Day::Certain(day)),
                    (None, None) => None,
                }
            }
            Self::ShortYear => Some(Day::Doubtful),
            Self::Named => date(number("y")?, month(found.name("n")?.as_str())?, number("d")?).map(Day::Certain),
        }
    }

    /// A date as the one that was found is written.
    fn write(self, day: Date, found: &Captures<'_>) -> String {
        let between = found.name("s").map_or("", |text| text.as_str());
        let (y, m, d) = (day.year(), day.month(), day.day());
        let day_first = || {
            // which of the two was the day, if the month cannot be
            let first = found.name("a").and_then(|text| text.as_str().parse::<i16>().ok());
            first.is_some_and(|first| first > 12)
        };
        match self {
            Self::YearFirst if between.contains(['年', '년']) => {
                let [month, day] = if between.contains('年') { ["月", "日"] } else { ["월", "일"] };
                format!("{y:04}{}{m}{month}{d}{day}", between.trim())
            }
            Self::YearFirst => format!("{y:04}{between}{m:02}{between}{d:02}"),
            Self::Dotted => format!("{d:02}.{m:02}.{y:04}"),
            Self::YearLast if day_first() => format!("{d:02}{between}{m:02}{between}{y:04}"),
            Self::YearLast | Self::ShortYear => format!("{m:02}{between}{d:02}{between}{y:04}"),
            Self::Named => day.strftime("%-d %b %Y").to_string(),
        }
    }
}

/// The number of a month by its first letters, in English, German and French.
fn month(name: &str) -> Option<i16> {
    const NAMES: [&[&str]; 12] = [
        &["jan"],
        &["feb", "fév"],
        &["mar", "mär", "mrz"],
        &["apr", "avr"],
        &["may", "mai", "maj"],
        &["jun", "juin"],
        &["jul", "juil"],
        &["aug", "aou", "aoû"],
        &["sep"],
        &["oct", "okt"],
        &["nov"],
        &["dec", "dez", "déc"],
    ];
    let name = name.to_lowercase();
    (1..).zip(NAMES).find(|(_, names)| names.contains(&name.as_str())).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str) -> String {
        let mut pieces = find(text, Dates::Shift(-40));
        pieces.sort_by_key(|piece| piece.range.start);
        pieces.into_iter().map(|piece| piece.new).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn every_usual_spelling_is_a_date() {
        for (text, wanted) in [
            ("20160228", "20160119"),
            ("on 2016-02-28.", "2016-01-19"),
            ("2016/02/28", "2016/01/19"),
            ("28.02.2016", "19.01.2016"),
            ("28. 2. 2016", "19.01.2016"),
            ("28/02/2016", "19/01/2016"),
            ("02/28/2016", "01/19/2016"),
            ("02/03/2016", "***"), // February or March
            ("2/3/16", "***"),
            ("28 Feb 2016", "19 Jan 2016"),
            ("28-FEB-2016", "19 Jan 2016"),
            ("February 28th, 2016", "19 Jan 2016"),
            ("28. Februar 2016", "19 Jan 2016"),
            ("28 février 2016", "19 Jan 2016"),
            ("2016年2月28日", "2016年1月19日"),
            ("scanned 20160228235959", "20160119"),
            ("a 2016-02-28 b 2016-03-01", "2016-01-19|2016-01-21"),
        ] {
            assert_eq!(moved(text), wanted, "{text}");
        }
    }

    #[test]
    fn numbers_are_no_dates() {
        for text in
            ["1.2.20160228", "120160228", "2016022", "20161345", "512 x 512", "5/6 views", "0.20160228", "v1.5.10"]
        {
            assert_eq!(moved(text), "", "{text}");
        }
    }
}
