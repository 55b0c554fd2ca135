//! Types of attributes by IOD: what a compound code such as X/Z/D comes down to.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::lines;

/// The type of an attribute in an IOD. Conditional types count as their unconditional ones: an attribute that is there had
/// its condition met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Must have a value (1, 1C).
    One,
    /// Must be there, may be empty (2, 2C).
    Two,
    /// Optional (3).
    Three,
}

/// The number of the IOD that a SOP class stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Iod(u16);

/// The IOD of a SOP class; `None` for private and newer classes.
pub(crate) fn of_class(uid: &str) -> Option<Iod> {
    facts().classes.get(uid).copied()
}

/// The type of the attribute at `path` (`GGGGEEEE`, joined by dots); `None` where the IOD has no place for it.
pub(crate) fn type_of(iod: Iod, path: &str) -> Option<Type> {
    let types = facts().types.get(path)?;
    types.iter().find(|(_, set)| set.iter().any(|&(from, to)| (from..=to).contains(&iod.0))).map(|&(found, _)| found)
}

type Set = Vec<(u16, u16)>;

struct Facts {
    classes: BTreeMap<&'static str, Iod>,
    types: BTreeMap<&'static str, Vec<(Type, Set)>>,
}

fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| {
        let mut rows = lines(include_str!("../../data/iod_types.csv"));
        let names: BTreeMap<&str, u16> = rows.next().unwrap_or_default().split(' ').zip(0..).collect();
        let types = rows.filter_map(parse).collect();
        let classes = lines(include_str!("../../data/sop_classes.csv"))
            .filter_map(|line| line.split_once(','))
            .filter_map(|(uid, name)| Some((uid, Iod(*names.get(name)?))))
            .collect();
        Facts { classes, types }
    })
}

/// `path,type:numbers,type:numbers`, numbers as `3` or `5-9`.
fn parse(line: &'static str) -> Option<(&'static str, Vec<(Type, Set)>)> {
    let mut columns = line.split(',');
    let path = columns.next()?;
    let one = |column: &str| {
        let (name, set) = column.split_once(':')?;
        let found = match name.as_bytes().first()? {
            b'1' => Type::One,
            b'2' => Type::Two,
            _ => Type::Three,
        };
        let range = |text: &str| {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            Some((from.parse().ok()?, to.parse().ok()?))
        };
        Some((found, set.split(' ').filter_map(range).collect()))
    };
    Some((path, columns.filter_map(one).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_ct_and_pet_need() {
        let ct = of_class("1.2.840.10008.5.1.4.1.1.2").unwrap();
        let pet = of_class("1.2.840.10008.5.1.4.1.1.128").unwrap();
        assert_eq!(type_of(ct, "00080021"), Some(Type::Three)); // Series Date
        assert_eq!(type_of(pet, "00080021"), Some(Type::One));
        assert_eq!(type_of(pet, "00080022"), Some(Type::Two)); // Acquisition Date
        assert_eq!(type_of(ct, "00700082"), None); // Presentation Creation Date has no place in a CT image
        assert_eq!(of_class("1.2.3"), None);
    }

    #[test]
    fn table_and_iod_disagree_about_presentation_states() {
        let gsps = of_class("1.2.840.10008.5.1.4.1.1.11.1").unwrap();
        assert_eq!(type_of(gsps, "00700082"), Some(Type::One));
    }
}
