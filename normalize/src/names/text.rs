//! Folding of texts, so that case, spacing and punctuation play no part.

/// Upper case, letters and digits alone, one space between words; folding twice changes nothing.
///
/// # Examples
/// ```
/// use isocenter_normalize::names::fold;
/// assert_eq!(fold(" Thorax^CHEST_WO (Adult)"), "THORAX CHEST WO ADULT");
/// ```
pub fn fold(text: &str) -> String {
    words(text).join(" ")
}

/// The words of a folded text.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(upper).filter(|word| !word.is_empty()).collect()
}

/// Only letters whose upper case is one letter change: others (`ß`, ligatures) would fold on to something new each time.
fn upper(word: &str) -> String {
    let one = |c: char| {
        let mut upper = c.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(only), None) if only.is_alphanumeric() => only,
            _ => c,
        }
    };
    word.chars().map(one).collect()
}

/// Lines of a table that hold something: no comment, not empty.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
