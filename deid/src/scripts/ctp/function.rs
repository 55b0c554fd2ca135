//! The functions of CTP's scripts.

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Always,
    Append,
    Blank,
    Contents,
    Date,
    DateInterval,
    Empty,
    Hash,
    HashDate,
    HashName,
    HashPtId,
    HashUid,
    If,
    IncrementDate,
    Initials,
    Integer,
    Keep,
    Lookup,
    Lowercase,
    ModifyDate,
    Param,
    PathElement,
    Process,
    Quarantine,
    Remove,
    Require,
    Round,
    Select,
    Skip,
    Time,
    Truncate,
    Uppercase,
    Value,
}

use Function as F;

/// Name, function, least and most arguments.
const TABLE: [(&str, Function, usize, usize); 33] = [
    ("always", F::Always, 0, 0),
    ("append", F::Append, 0, 0),
    ("blank", F::Blank, 1, 1),
    ("contents", F::Contents, 1, 3),
    ("date", F::Date, 0, 1),
    ("dateinterval", F::DateInterval, 3, 4),
    ("empty", F::Empty, 0, 0),
    ("hash", F::Hash, 1, 2),
    ("hashdate", F::HashDate, 2, 2),
    ("hashname", F::HashName, 2, 3),
    ("hashptid", F::HashPtId, 2, 3),
    ("hashuid", F::HashUid, 2, 3),
    ("if", F::If, 2, 3),
    ("incrementdate", F::IncrementDate, 2, 3),
    ("initials", F::Initials, 1, 2),
    ("integer", F::Integer, 2, 3),
    ("keep", F::Keep, 0, 0),
    ("lookup", F::Lookup, 2, 4),
    ("lowercase", F::Lowercase, 1, 1),
    ("modifydate", F::ModifyDate, 4, 4),
    ("param", F::Param, 1, 1),
    ("pathelement", F::PathElement, 2, 2),
    ("process", F::Process, 0, 0),
    ("quarantine", F::Quarantine, 0, 0),
    ("remove", F::Remove, 0, 0),
    ("require", F::Require, 0, 2),
    ("round", F::Round, 2, 2),
    ("select", F::Select, 0, 0),
    ("skip", F::Skip, 0, 0),
    ("time", F::Time, 0, 1),
    ("truncate", F::Truncate, 2, 2),
    ("uppercase", F::Uppercase, 1, 1),
    ("value", F::Value, 1, 2),
];

impl Function {
    /// The function of a name, and how many arguments it takes.
    pub(super) fn of(name: &str) -> Option<(Self, std::ops::RangeInclusive<usize>)> {
        let (_, function, least, most) = TABLE.iter().find(|(known, ..)| *known == name)?;
        Some((*function, *least..=*most))
    }

    /// Why one that CTP knows is not honoured.
    pub(super) fn refused(name: &str) -> Option<&'static str> {
        match name {
            "encrypt" => Some("whoever has the script can undo it; use hash or lookup"),
            "decrypt" => Some("it gives back what identifies"),
            "call" => Some("plugins of CTP are not run"),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        TABLE.iter().find(|(_, function, ..)| *function == self).map_or("", |(name, ..)| name)
    }

    /// Whether it makes a pseudonym.
    pub(super) fn hashes(self) -> bool {
        matches!(self, F::Hash | F::HashDate | F::HashName | F::HashPtId | F::HashUid)
    }

    /// Whether clauses in braces follow: how many.
    pub(super) fn clauses(self) -> usize {
        match self {
            F::If | F::Select => 2,
            F::Append => 1,
            _ => 0,
        }
    }

    /// Which of its arguments name elements.
    pub(super) fn elements(self) -> &'static [usize] {
        match self {
            F::Contents | F::Value | F::Truncate | F::Hash | F::HashName | F::Initials | F::Integer | F::Lowercase => {
                &[0]
            }
            F::Uppercase | F::PathElement | F::Round | F::If | F::Require | F::ModifyDate => &[0],
            F::HashPtId => &[1],
            F::HashUid => &[1, 2],
            F::HashDate => &[0, 1],
            F::DateInterval => &[0, 2],
            _ => &[],
        }
    }

    /// Which of its arguments may be parameters of the script: `@NAME`.
    pub(super) fn parameters(self) -> &'static [usize] {
        match self {
            F::Param | F::HashUid => &[0],
            F::HashPtId => &[0, 2],
            F::Hash | F::Round => &[1],
            F::HashName | F::IncrementDate => &[1, 2],
            F::ModifyDate => &[1, 2, 3],
            F::DateInterval => &[3],
            F::If => &[2],
            _ => &[],
        }
    }

    /// Which of the elements that it names can be read in what it gives.
    pub(super) fn opens(self) -> &'static [usize] {
        match self {
            F::Contents | F::Value | F::Truncate | F::Initials | F::Lowercase | F::Uppercase | F::PathElement => &[0],
            F::Round | F::Require | F::ModifyDate | F::IncrementDate | F::HashDate => &[0],
            _ => &[],
        }
    }
}
