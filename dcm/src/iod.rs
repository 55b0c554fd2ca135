//! Names of storage SOP classes.
//!
//! The table is `iod/classes.txt`: every storage class of the standard, the retired ones also, with a short name each (the
//! standard's without "Storage", "Softcopy" and "For Presentation").
//!
//! Source: DICOM PS3.6 table A-1 and PS3.4 table B.5-1, edition 2024c, with the classes that later editions added.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A short name of a storage SOP class; `None` for one that is not in the table.
///
/// ```
/// assert_eq!(isocenter_dcm::iod::name("1.2.840.10008.5.1.4.1.1.2"), Some("CT Image"));
/// ```
pub fn name(sop_class_uid: &str) -> Option<&'static str> {
    find(sop_class_uid).map(|(_, name)| name)
}

/// Whether a storage SOP class is retired; `None` for one that is not in the table.
///
/// ```
/// assert_eq!(isocenter_dcm::iod::is_retired("1.2.840.10008.5.1.4.1.1.5"), Some(true)); // the first Nuclear Medicine Image
/// ```
pub fn is_retired(sop_class_uid: &str) -> Option<bool> {
    find(sop_class_uid).map(|(retired, _)| retired)
}

/// Whether the class is retired, and its name.
fn find(sop_class_uid: &str) -> Option<(bool, &'static str)> {
    CLASSES.get(sop_class_uid.strip_prefix("1.2.840.10008.")?).copied()
}

static CLASSES: LazyLock<HashMap<&str, (bool, &str)>> = LazyLock::new(|| rows().collect());

/// UID after `1.2.840.10008.`, whether it is retired, name.
fn rows() -> impl Iterator<Item = (&'static str, (bool, &'static str))> {
    include_str!("iod/classes.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        Some((parts.next()?, (parts.next()? == "R", parts.next()?)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_whole() {
        assert_eq!(rows().count(), 215);
        assert_eq!(CLASSES.len(), 215, "no UID twice");
        assert!(rows().all(|(uid, (_, name))| {
            uid.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !name.is_empty() && name.trim() == name
        }));
    }

    #[test]
    fn names_old_and_new_classes() {
        let class = |tail: &str| format!("1.2.840.10008.5.1.4.1.1.{tail}");
        assert_eq!(name(&class("88.67")), Some("X-Ray Radiation Dose SR"));
        assert_eq!(name(&class("66.7")), Some("Label Map Segmentation"));
        assert_eq!(name(&class("6")), name(&class("6.1")));
        assert_eq!((is_retired(&class("6")), is_retired(&class("6.1"))), (Some(true), Some(false)));
        assert_eq!(name("1.2.3"), None);
    }
}
