//! Table E.1-1: what the Basic Profile does to each attribute, and what the options do instead.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use dicom_core::Tag;

use super::{lines, parse_tag};

/// The action of the Basic Profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Replace by a dummy.
    D,
    /// Zero length, or a dummy.
    Z,
    /// Remove.
    X,
    /// Replace by a consistent UID.
    U,
    /// Z, or D where the type needs it.
    ZOrD,
    /// X, or Z.
    XOrZ,
    /// X, or D.
    XOrD,
    /// X, Z or D.
    XzOrD,
    /// X, Z, or map the UIDs within.
    XzOrU,
}

/// What an option does with an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relaxed {
    Keep,
    Clean,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) code: Code,
    pub(crate) uids: bool,
    pub(crate) device: Option<Relaxed>,
    pub(crate) institution: bool,
    pub(crate) patient: Option<Relaxed>,
    /// Kept with full dates, moved with modified ones: the same rows.
    pub(crate) dates: bool,
    pub(crate) descriptor: bool,
    pub(crate) structured: bool,
    pub(crate) graphics: bool,
}

/// The row of a tag. 50xx and 60xx are not here: whole groups go, see `decide`.
pub(crate) fn row(tag: Tag) -> Option<&'static Row> {
    rows().get(&tag)
}

/// All rows with the code and the name that the table has, in the order of tags.
pub(crate) fn listed() -> impl Iterator<Item = (Tag, Row, &'static str, &'static str)> {
    lines(include_str!("../../data/attributes.csv")).filter_map(|line| {
        let (tag, row) = parse(line)?;
        Some((tag, row, line.split(',').nth(1)?, line.rsplit(',').next()?))
    })
}

fn rows() -> &'static BTreeMap<Tag, Row> {
    static ROWS: OnceLock<BTreeMap<Tag, Row>> = OnceLock::new();
    ROWS.get_or_init(|| lines(include_str!("../../data/attributes.csv")).filter_map(parse).collect())
}

/// Columns: tag, basic, safe private, UIDs, device, institution, patient, full dates, modified dates, descriptors,
/// structured content, graphics, name.
fn parse(line: &str) -> Option<(Tag, Row)> {
    let columns: Vec<&str> = line.split(',').collect();
    let column = |at: usize| columns.get(at).copied().unwrap_or_default();
    let relaxed = |at: usize| match column(at) {
        "K" => Some(Relaxed::Keep),
        "C" => Some(Relaxed::Clean),
        _ => None,
    };
    let code = match column(1) {
        "D" => Code::D,
        "Z" => Code::Z,
        "X" => Code::X,
        "U" => Code::U,
        "Z/D" => Code::ZOrD,
        "X/Z" => Code::XOrZ,
        "X/D" => Code::XOrD,
        "X/Z/D" => Code::XzOrD,
        "X/Z/U*" => Code::XzOrU,
        _ => return None,
    };
    let row = Row {
        code,
        uids: relaxed(3).is_some(),
        device: relaxed(4),
        institution: relaxed(5).is_some(),
        patient: relaxed(6),
        dates: relaxed(8).is_some(),
        descriptor: relaxed(9).is_some(),
        structured: relaxed(10).is_some(),
        graphics: relaxed(11).is_some(),
    };
    Some((parse_tag(column(0))?, row))
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn every_single_tag_is_read() {
        assert_eq!(rows().len(), 652);
        assert_eq!(rows().values().filter(|row| row.dates).count(), 169);
        assert_eq!(rows().values().filter(|row| row.patient == Some(Relaxed::Keep)).count(), 14);
        let count = |of: fn(&Row) -> bool| rows().values().filter(|row| of(row)).count();
        assert_eq!(count(|row| row.uids), 60);
        assert_eq!(
            (count(|row| row.device == Some(Relaxed::Keep)), count(|row| row.device == Some(Relaxed::Clean))),
            (48, 11)
        );
        assert_eq!(
            (count(|row| row.institution), count(|row| row.descriptor), count(|row| row.structured)),
            (10, 140, 4)
        );
        assert!(row(Tag(0x0070, 0x0001)).is_some_and(|row| row.graphics));
    }

    #[test]
    fn rows_say_what_the_standard_says() {
        assert_eq!(row(tags::PATIENT_ID).unwrap().code, Code::ZOrD);
        assert_eq!(row(tags::REFERENCED_IMAGE_SEQUENCE).unwrap().code, Code::XzOrU);
        assert!(row(tags::MODALITY).is_none());
    }
}
