//! One quantity for every step of a slow axis.

use super::{Quantity, quantity::Shape};
use crate::Error;

/// The values of a column, one a step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Values {
    /// Numbers in the unit of the quantity, all finite.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::list"))]
    Numbers(Vec<f64>),
    /// Vectors in world (LPS+), all finite.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::vectors"))]
    Vectors(Vec<[f64; 3]>),
    /// Matrices in world (LPS+), rows first, all finite.
    #[cfg_attr(feature = "serde", serde(with = "crate::exact::matrices"))]
    Matrices(Vec<[[f64; 3]; 3]>),
    /// Names.
    Names(Vec<String>),
}

impl Values {
    fn is_finite(&self) -> bool {
        match self {
            Self::Numbers(v) => v.iter().all(|n| n.is_finite()),
            Self::Vectors(v) => v.iter().flatten().all(|n| n.is_finite()),
            Self::Matrices(v) => v.iter().flatten().flatten().all(|n| n.is_finite()),
            Self::Names(_) => true,
        }
    }

    const fn shape(&self) -> Shape {
        match self {
            Self::Numbers(_) => Shape::Number,
            Self::Vectors(_) => Shape::Vector,
            Self::Matrices(_) => Shape::Matrix,
            Self::Names(_) => Shape::Name,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(v) => v.len(),
            Self::Vectors(v) => v.len(),
            Self::Matrices(v) => v.len(),
            Self::Names(v) => v.len(),
        }
    }

    fn select(&self, steps: &[usize]) -> Self {
        fn pick<V: Clone>(values: &[V], steps: &[usize]) -> Vec<V> {
            steps.iter().filter_map(|s| values.get(*s).cloned()).collect()
        }
        match self {
            Self::Numbers(v) => Self::Numbers(pick(v, steps)),
            Self::Vectors(v) => Self::Vectors(pick(v, steps)),
            Self::Matrices(v) => Self::Matrices(pick(v, steps)),
            Self::Names(v) => Self::Names(pick(v, steps)),
        }
    }
}

/// A quantity with its value at every step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::Column"))]
pub struct Column {
    quantity: Quantity,
    values: Values,
}

impl Column {
    /// Joins a quantity and its values.
    ///
    /// # Errors
    /// [`Error::BadColumn`] for values of another shape than the quantity's, or that are not finite: an axis does not hold what
    /// is not known, it leaves the column out.
    pub fn new(quantity: Quantity, values: Values) -> Result<Self, Error> {
        let refuse = |why| Err(Error::BadColumn { quantity: quantity.name().to_owned(), why });
        if values.shape() != quantity.shape() {
            return refuse("its values are of another shape: numbers, vectors, matrices or names");
        }
        if !values.is_finite() {
            return refuse("a value is not finite");
        }
        Ok(Self { quantity, values })
    }

    /// Numbers in the unit of the quantity.
    ///
    /// # Errors
    /// As [`Column::new`].
    pub fn numbers(quantity: Quantity, numbers: Vec<f64>) -> Result<Self, Error> {
        Self::new(quantity, Values::Numbers(numbers))
    }

    /// Vectors in world (LPS+).
    ///
    /// # Errors
    /// As [`Column::new`].
    pub fn vectors(quantity: Quantity, vectors: Vec<[f64; 3]>) -> Result<Self, Error> {
        Self::new(quantity, Values::Vectors(vectors))
    }

    /// Matrices in world (LPS+), rows first.
    ///
    /// # Errors
    /// As [`Column::new`].
    pub fn matrices(quantity: Quantity, matrices: Vec<[[f64; 3]; 3]>) -> Result<Self, Error> {
        Self::new(quantity, Values::Matrices(matrices))
    }

    /// Names of the steps, [`Quantity::Name`].
    pub const fn names(names: Vec<String>) -> Self {
        Self { quantity: Quantity::Name, values: Values::Names(names) }
    }

    /// What it holds.
    pub const fn quantity(&self) -> &Quantity {
        &self.quantity
    }

    /// The value at every step.
    pub const fn values(&self) -> &Values {
        &self.values
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no step.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn select(&self, steps: &[usize]) -> Self {
        Self { quantity: self.quantity.clone(), values: self.values.select(steps) }
    }
}

#[cfg(feature = "serde")]
mod stored {
    use super::{Error, Quantity, Values};

    #[derive(serde::Deserialize)]
    pub(super) struct Column {
        quantity: Quantity,
        values: Values,
    }

    impl TryFrom<Column> for super::Column {
        type Error = Error;

        fn try_from(stored: Column) -> Result<Self, Error> {
            Self::new(stored.quantity, stored.values)
        }
    }
}
