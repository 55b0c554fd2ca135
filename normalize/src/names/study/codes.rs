//! The list of codes, found by code or by parts.

use std::{collections::HashMap, sync::LazyLock};

use serde::Serialize;

use crate::names::text;

/// A code of LOINC with the parts that rules match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code: `29252-4`.
    pub code: &'static str,
    /// LOINC's Method: `CT`, `CT.angio`, `XR.portable`.
    pub method: &'static str,
    /// LOINC's System, what is imaged: `Chest`, `Lower extremity.left>Knee`.
    pub system: &'static str,
    /// LOINC's Component, how it is imaged: `Multisection^WO contrast`, `Views 2`.
    pub component: &'static str,
    /// Long common name.
    pub name: &'static str,
}

struct Codes {
    by_code: HashMap<&'static str, Code>,
    by_parts: HashMap<[&'static str; 3], Code>,
}

static CODES: LazyLock<Codes> = LazyLock::new(|| {
    let codes = text::rows(include_str!("../../../data/loinc.tsv")).filter_map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next();
        Some(Code { code: cell()?, method: cell()?, system: cell()?, component: cell()?, name: cell()? })
    });
    let mut list = Codes { by_code: HashMap::new(), by_parts: HashMap::new() };
    for code in codes {
        list.by_code.insert(code.code, code);
        list.by_parts.insert([code.method, code.system, code.component], code);
    }
    list
});

impl Code {
    /// The code of this number, where it is in the list.
    pub fn of(code: &str) -> Option<Self> {
        CODES.by_code.get(code).copied()
    }

    /// The code with these three parts.
    pub(super) fn with_parts(method: &str, system: &str, component: &str) -> Option<Self> {
        CODES.by_parts.get(&[method, system, component]).copied()
    }
}
