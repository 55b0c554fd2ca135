//! Slow axes: time, diffusion weighting, echo, part, channel, with what is known of every step.
//!
//! An axis has a number of steps and any number of columns; a [`Column`] holds one [`Quantity`] for every step: a number in the
//! quantity's one unit, a name, or a vector or matrix in the *world* of the volume (LPS+). Because gradients are kept in world,
//! no reorientation or resampling of the grid ever touches them; who writes them in the image's own axes turns them at that
//! door. All times are seconds.
//!
//! # Examples
//! ```
//! use isocenter_volume::{AxisKind, Column, Quantity, SlowAxis};
//!
//! let diffusion = SlowAxis::new(AxisKind::Diffusion, 2)?
//!     .with_column(Column::numbers(Quantity::BValue, vec![0.0, 1000.0])?)?
//!     .with_column(Column::vectors(Quantity::GradientDirection, vec![[0.0; 3], [1.0, 0.0, 0.0]])?)?;
//! assert_eq!(diffusion.numbers(&Quantity::BValue), Some(&[0.0, 1000.0][..]));
//! assert_eq!(diffusion.select(&[1])?.vectors(&Quantity::GradientDirection), Some(&[[1.0, 0.0, 0.0]][..]));
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

mod column;
mod quantity;

pub use column::{Column, Values};
pub use quantity::Quantity;

use crate::Error;

/// What the steps of a slow axis are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AxisKind {
    /// Time points of one acquisition.
    Time,
    /// Diffusion weightings.
    Diffusion,
    /// Echoes.
    Echo,
    /// Magnitude, phase, real, imaginary.
    Part,
    /// Label, control and calibration of arterial spin labelling.
    Label,
    /// Phases of the cardiac or respiratory cycle.
    Phase,
    /// Channels or modalities.
    Channel,
    /// Layers of a label map, which may overlap.
    Layer,
    /// Any other axis, by its file's name for it.
    Other(String),
}

impl AxisKind {
    /// A word for it: `time`, `diffusion`, ...; of any other axis its file's own.
    pub fn name(&self) -> &str {
        match self {
            Self::Time => "time",
            Self::Diffusion => "diffusion",
            Self::Echo => "echo",
            Self::Part => "part",
            Self::Label => "label",
            Self::Phase => "phase",
            Self::Channel => "channel",
            Self::Layer => "layer",
            Self::Other(name) => name,
        }
    }
}

/// A slow axis of a volume: at least one step, no quantity twice.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::SlowAxis"))]
pub struct SlowAxis {
    kind: AxisKind,
    len: usize,
    columns: Vec<Column>,
}

impl SlowAxis {
    /// An axis of which only the number of steps is known.
    ///
    /// # Errors
    /// [`Error::BadStep`] for an axis without a step.
    pub fn new(kind: AxisKind, len: usize) -> Result<Self, Error> {
        if len == 0 {
            return Err(Error::BadStep { axis: 0, len: 0, step: 0 });
        }
        Ok(Self { kind, len, columns: Vec::new() })
    }

    /// An axis with one number a step.
    ///
    /// # Errors
    /// [`Error::BadStep`] without a step, [`Error::BadColumn`] for a number that is not finite.
    pub fn numbered(kind: AxisKind, quantity: Quantity, numbers: Vec<f64>) -> Result<Self, Error> {
        Self::new(kind, numbers.len())?.with_column(Column::numbers(quantity, numbers)?)
    }

    /// Adds what is known of every step.
    ///
    /// # Errors
    /// [`Error::BadColumn`] for a column of another length, or of a quantity that is there already.
    pub fn with_column(mut self, column: Column) -> Result<Self, Error> {
        let refuse = |why| Error::BadColumn { quantity: column.quantity().name().to_owned(), why };
        if column.len() != self.len {
            return Err(refuse("it has another number of steps than the axis"));
        }
        if self.column(column.quantity()).is_some() {
            return Err(refuse("the axis has it already"));
        }
        self.columns.push(column);
        Ok(self)
    }

    /// What the steps are.
    pub const fn kind(&self) -> &AxisKind {
        &self.kind
    }

    /// Number of steps.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Always false: an axis has at least one step.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// What is known of every step.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of a quantity.
    pub fn column(&self, quantity: &Quantity) -> Option<&Column> {
        self.columns.iter().find(|c| c.quantity() == quantity)
    }

    /// A number for every step, in the unit of the quantity.
    pub fn numbers(&self, quantity: &Quantity) -> Option<&[f64]> {
        match self.column(quantity)?.values() {
            Values::Numbers(v) => Some(v),
            _ => None,
        }
    }

    /// A vector for every step, in world (LPS+).
    pub fn vectors(&self, quantity: &Quantity) -> Option<&[[f64; 3]]> {
        match self.column(quantity)?.values() {
            Values::Vectors(v) => Some(v),
            _ => None,
        }
    }

    /// A matrix for every step, in world (LPS+).
    pub fn matrices(&self, quantity: &Quantity) -> Option<&[[[f64; 3]; 3]]> {
        match self.column(quantity)?.values() {
            Values::Matrices(v) => Some(v),
            _ => None,
        }
    }

    /// A name for every step.
    pub fn names(&self, quantity: &Quantity) -> Option<&[String]> {
        match self.column(quantity)?.values() {
            Values::Names(v) => Some(v),
            _ => None,
        }
    }

    /// The axis of some of its steps, in the order given.
    ///
    /// # Errors
    /// [`Error::BadStep`] for no step, or one past the last.
    pub fn select(&self, steps: &[usize]) -> Result<Self, Error> {
        if let Some(&step) = steps.iter().find(|s| **s >= self.len) {
            return Err(Error::BadStep { axis: 0, len: self.len, step });
        }
        let mut selected = Self::new(self.kind.clone(), steps.len())?;
        selected.columns = self.columns.iter().map(|c| c.select(steps)).collect();
        Ok(selected)
    }
}

#[cfg(feature = "serde")]
mod stored {
    use super::{AxisKind, Column, Error};

    #[derive(serde::Deserialize)]
    pub(super) struct SlowAxis {
        kind: AxisKind,
        len: usize,
        columns: Vec<Column>,
    }

    impl TryFrom<SlowAxis> for super::SlowAxis {
        type Error = Error;

        fn try_from(stored: SlowAxis) -> Result<Self, Error> {
            stored.columns.into_iter().try_fold(Self::new(stored.kind, stored.len)?, Self::with_column)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(SlowAxis::new(AxisKind::Time, 0).is_err());
        let two = SlowAxis::new(AxisKind::Time, 2).unwrap();
        let times = |n: usize| Column::numbers(Quantity::Time, vec![0.0; n]).unwrap();
        assert!(two.clone().with_column(times(3)).is_err());
        assert!(two.with_column(times(2)).unwrap().with_column(times(2)).is_err());
        assert!(Column::numbers(Quantity::Time, vec![f64::NAN]).is_err());
        assert!(Column::numbers(Quantity::GradientDirection, vec![0.0]).is_err(), "a direction is no number");
    }
}
