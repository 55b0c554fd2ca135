//! Rules for devices: which rectangles of an image show text, told by its header.
//!
//! Two files are read. The own form is TOML, in which every rule that applies counts:
//!
//! ```
//! use isocenter_deid::pixels::Rules;
//! let rules = Rules::from_toml(r#"
//!     [[rule]]
//!     name = "workstation page"
//!     size = [1024, 768]              # columns and rows; optional
//!     where = [                       # all of them
//!         { tag = "Manufacturer", contains = "ACME", ignore_case = true },
//!         { tag = "(0008,0008)", starts_with = "DERIVED" },
//!         { tag = "Modality", equals = "CT", not = true },
//!     ]
//!     areas = [[0, 0, 1024, 60]]      # first column, first row, columns, rows
//! "#)?;
//! assert_eq!(rules.len(), 1);
//! # Ok::<_, isocenter_deid::pixels::Error>(())
//! ```
//!
//! The other is the script of CTP's DicomPixelAnonymizer, in which the first signature that applies counts, as there; see [`Rules::from_ctp`].
//! What cannot be honoured is an error with its line; nothing is passed over.
//!
//! The values of an attribute are compared as one text, parted by `\`; an attribute that is not there is an empty text. Regular expressions
//! have to match the whole of it.

mod ctp;
pub(crate) mod signature;
mod toml;

use isocenter_dcm::Dataset;

use super::{Error, Rect};
use signature::Signature;

/// Rules for devices.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Whether a rule that applies ends the search.
    first: bool,
}

/// A rule that applies to an image.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: the file's own, or the line that it starts at.
    name: String,
    signature: Signature,
    /// Columns and rows.
    size: Option<[u32; 2]>,
    areas: Vec<Rect>,
}

impl Rules {
    /// Reads the own form.
    ///
    /// # Errors
    /// [`Error::Rules`] for what is no such file, [`Error::Rule`] for a rule with an attribute or an expression that is none.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Ok(Self { rules: toml::parse(text)?, first: false })
    }

    /// Reads a script of CTP's DicomPixelAnonymizer.
    ///
    /// A signature stands in braces, its rectangles `(x,y,columns,rows)` after it; any other text between is a comment, and so is `//` to the end
    /// of a line within the braces. A signature joins `attribute.comparison("value")`, `true` and `false` by `*` (and), `+` (or, after all
    /// `*`), `!` (not) and parentheses. An attribute is `[gggg,eeee]` or a keyword. Comparisons are `equals`, `contains`, `startsWith`,
    /// `endsWith`, each also with `IgnoreCase`, `matches`, `isLessThan` and `isGreaterThan`. As there, braces and parentheses have no meaning inside the first closing brace, and a
    /// signature without rectangles that applies ends the search.
    ///
    /// # Errors
    /// [`Error::Rule`]: where CTP takes an unknown comparison or attribute for false, skips a rectangle that is none, or reads a number that
    /// is none as 0, this is an error. A parenthesis between signatures without a comma is a comment.
    ///
    /// ```
    /// use isocenter_deid::pixels::{Error, Rules};
    /// let rules = Rules::from_ctp("Old scanner\n{ Modality.equals(\"US\") * ![0028,0010].equals(\"768\") }\n(0,0,640,40)")?;
    /// assert_eq!(rules.len(), 1);
    /// let unknown = Rules::from_ctp("\n{ Modality.soundsLike(\"US\") }\n(0,0,640,40)");
    /// assert!(matches!(unknown, Err(Error::Rule { line: 2, .. })));
    /// # Ok::<_, Error>(())
    /// ```
    pub fn from_ctp(text: &str) -> Result<Self, Error> {
        Ok(Self { rules: ctp::parse(text)?, first: true })
    }

    /// Rules of which every one that applies counts: a name, what a header has to say, rectangles.
    pub(crate) fn of_signatures(rules: impl IntoIterator<Item = (String, Signature, Vec<Rect>)>) -> Self {
        let rule = |(name, signature, areas)| Rule { name, signature, size: None, areas };
        Self { rules: rules.into_iter().map(rule).collect(), first: false }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules that apply to an image of `size` (columns, rows): all of the own form, the first of a script. Ask with the original
    /// header: de-identified, it has lost what many rules look at.
    pub fn matching(&self, dataset: &Dataset, size: [u32; 2]) -> Vec<&Rule> {
        let applies = |rule: &&Rule| rule.size.is_none_or(|wanted| wanted == size) && rule.signature.applies(dataset);
        self.rules.iter().filter(applies).take(if self.first { 1 } else { usize::MAX }).collect()
    }
}

impl Rule {
    /// What it is called: the name in the own form, else `line` and the line it starts at.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rectangles, in every frame; they may go beyond it.
    pub fn areas(&self) -> &[Rect] {
        &self.areas
    }
}

/// A rectangle from its corner and size.
fn area([x, y, columns, rows]: [u32; 4]) -> Rect {
    Rect::new(x, y, x.saturating_add(columns), y.saturating_add(rows))
}
