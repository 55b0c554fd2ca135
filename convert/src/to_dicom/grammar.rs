//! Whether a text is a value of its VR.
//!
//! Source: DICOM PS3.5 section 6.2, table 6.2-1.

use isocenter_dcm::{
    Dataset, Element, VR,
    dicom_core::{DicomValue, PrimitiveValue},
};

/// Whether an element's values are of its VR; items of sequences are looked into. What is no text is.
pub(super) fn is_sound(element: &Element) -> bool {
    match element.value() {
        DicomValue::Sequence(sequence) => sequence.items().iter().all(|item: &Dataset| item.iter().all(is_sound)),
        DicomValue::Primitive(PrimitiveValue::Str(text)) => is_value(element.vr(), text),
        DicomValue::Primitive(PrimitiveValue::Strs(texts)) => texts.iter().all(|text| is_value(element.vr(), text)),
        _ => true,
    }
}

/// Whether a text, of several values perhaps, is of a VR.
pub(super) fn is_value(vr: VR, text: &str) -> bool {
    if matches!(vr, VR::LT | VR::ST | VR::UT | VR::UR) {
        let limit = match vr {
            VR::ST => 1024,
            VR::LT => 10240,
            _ => usize::MAX,
        };
        return text.chars().count() <= limit && !text.contains('\0');
    }
    text.split('\\').all(|part| is_one(vr, part.trim_matches(|c| c == ' ' || c == '\0')))
}

fn is_one(vr: VR, text: &str) -> bool {
    let count = text.chars().count();
    let plain = !text.chars().any(|c| c.is_control() && c != '\x1B');
    let of = |allowed: fn(u8) -> bool| text.bytes().all(allowed);
    if text.is_empty() {
        return true;
    }
    match vr {
        VR::UI => is_uid(text),
        VR::CS => count <= 16 && of(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ' || b == b'_'),
        VR::DS => {
            count <= 16
                && of(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
                && text.parse::<f64>().is_ok_and(f64::is_finite)
        }
        VR::IS => count <= 12 && text.strip_prefix('+').unwrap_or(text).parse::<i32>().is_ok(),
        VR::DA => is_date(text),
        VR::TM => is_time(text),
        VR::DT => is_moment(text),
        VR::AS => {
            let (digits, unit) = text.split_at_checked(3).unwrap_or(("", ""));
            digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()) && ["D", "W", "M", "Y"].contains(&unit)
        }
        VR::AE | VR::SH => count <= 16 && plain,
        VR::LO => count <= 64 && plain,
        VR::PN => text.split('=').count() <= 3 && text.split('=').all(|group| group.chars().count() <= 64) && plain,
        _ => plain,
    }
}

/// Whether a text is a UID: numbers without leading zeros, parted by dots, 64 characters at most.
pub(super) fn is_uid(text: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'))
    };
    text.len() <= 64 && text.split('.').count() > 1 && text.split('.').all(is_number)
}

fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    text.len() == 8
        && text.bytes().all(|b| b.is_ascii_digit())
        && number(4..6).is_some_and(|month| (1..=12).contains(&month))
        && number(6..8).is_some_and(|day| (1..=31).contains(&day))
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let pairs = [("hour", 24), ("minute", 60), ("second", 61)];
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_fraction = is_digits(fraction) && fraction.len() <= 6 && (whole.len() == 6 || !text.contains('.'));
    is_digits(whole)
        && matches!(whole.len(), 2 | 4 | 6)
        && is_fraction
        && pairs.iter().enumerate().all(|(n, (_, limit))| {
            whole.get(2 * n..2 * n + 2).is_none_or(|part| part.parse::<u32>().is_ok_and(|value| value < *limit))
        })
}

fn is_moment(text: &str) -> bool {
    let (moment, zone) = match text.rfind(['+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let is_zone = zone.is_empty() || (zone.len() == 5 && zone[1..].bytes().all(|b| b.is_ascii_digit()));
    let is_day = |part: &str| {
        part.bytes().all(|b| b.is_ascii_digit()) && matches!(part.len(), 4 | 6 | 8) && (part.len() < 8 || is_date(part))
    };
    is_zone
        && match moment.split_at_checked(8) {
            Some((day, time)) if !time.is_empty() => is_date(day) && is_time(time),
            _ => is_day(moment),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_what_is_none() {
        for (vr, good, bad) in [
            (VR::CS, "HFS\\A B_1", "hfs"),
            (VR::DS, "-1.5e3\\ 2", "1,5"),
            (VR::IS, "+12", "1.5"),
            (VR::DA, "20260228", "20261301"),
            (VR::TM, "235959.123456", "2460"),
            (VR::DT, "20260228120000.5+0100", "2026022"),
            (VR::AS, "043Y", "43Y"),
            (VR::UI, "1.2.840.0", "1.02"),
            (VR::LO, "word", "a\nb"),
            (VR::SH, "0123456789abcdef", "0123456789abcdefg"),
        ] {
            assert!(is_value(vr, good), "{vr:?} {good}");
            assert!(!is_value(vr, bad), "{vr:?} {bad}");
            assert!(is_value(vr, ""), "{vr:?} empty");
        }
        // no panic on characters of several bytes
        for vr in [VR::AS, VR::DA, VR::TM, VR::DT, VR::UI] {
            assert!(!is_value(vr, "ÄÖÜ+ÄÖ"), "{vr:?}");
        }
    }
}
