//! Texts of private elements that cannot name anybody, by their form.

/// An orientation as Siemens software says it: `Tra`, `Cor>Tra(8.8)`, `Tra>Cor(-10.3)>Sag(2.1)`.
pub(super) fn is_orientation(text: &str) -> bool {
    text.split('>').all(|part| {
        let (axis, angle) = part.split_once('(').unwrap_or((part, ""));
        let angle = angle.strip_suffix(')').unwrap_or(angle);
        ["Tra", "Cor", "Sag"].contains(&axis) && angle.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
    })
}

/// A software baseline of Siemens: `N4_VE11A_LATEST_20140830`, or the number of a version.
pub(super) fn is_baseline(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let version = |text: &str| {
        text.len() <= 6
            && text.starts_with(['V', 'X'])
            && text.bytes().skip(1).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    match text.split('_').collect::<Vec<_>>()[..] {
        [number] => digits(number) && number.len() <= 8,
        ["N4", name, "LATEST", date] => version(name) && digits(date) && date.len() == 8,
        _ => false,
    }
}

/// A sequence that Siemens delivers, unlike one that somebody built: `%SiemensSeq%\ep2d_bold`.
pub(super) fn is_product(text: &str) -> bool {
    text.strip_prefix("%SiemensSeq%\\")
        .is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
}

/// A direction from one side of the patient to the other: `A->P`.
pub(super) fn is_direction(text: &str) -> bool {
    text.split_once("->").is_some_and(|(from, to)| {
        let side = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|b| b"RLAPHFIS".contains(&b));
        side(from) && side(to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_passes() {
        assert!(is_orientation("Tra>Cor(-10.3)") && is_orientation("Sag") && !is_orientation("Doe>John(1)"));
        assert!(is_baseline("N4_VE11A_LATEST_20140830") && is_baseline("63010001"));
        assert!(!is_baseline("N4_VDOEJOHN_LATEST_20140830") && !is_baseline("Doe") && !is_baseline(""));
        assert!(is_product("%SiemensSeq%\\ep2d_bold") && !is_product("%CustomerSeq%\\doe_bold"));
        assert!(is_direction("A->P") && !is_direction("DOE->JOHN"));
    }
}
