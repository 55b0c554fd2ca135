//! What is to stay: age, sex, a disease.

use crate::{Error, harmonize::Smooth};

/// The covariates of some samples: continuous ones as they are, categories as 0 or 1 for every level but the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    samples: usize,
    names: Vec<String>,
    /// One after another.
    columns: Vec<f64>,
}

impl Covariates {
    /// Of so many samples, nothing that is to stay.
    pub const fn none(samples: usize) -> Self {
        Self { samples, names: Vec::new(), columns: Vec::new() }
    }

    /// Adds a number of every sample.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::BadParameter`] for a number that is not finite: a sample without its covariate cannot be told from its site.
    pub fn continuous(mut self, name: &str, values: &[f64]) -> Result<Self, Error> {
        if values.len() != self.samples {
            return Err(Error::Length { what: "a covariate", wanted: self.samples, found: values.len() });
        }
        if let Some(found) = values.iter().find(|v| !v.is_finite()) {
            return Err(Error::BadParameter {
                what: "a covariate",
                wanted: "a number for every sample",
                found: *found,
            });
        }
        self.names.push(name.to_owned());
        self.columns.extend(values);
        Ok(self)
    }

    /// Adds a category of every sample. `levels` are all that there are at any site, in one order at all of them; the first is what the others are compared with.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::BadParameter`] for a category that is none of the levels.
    pub fn categorical<T: AsRef<str>>(mut self, name: &str, levels: &[T], values: &[T]) -> Result<Self, Error> {
        if values.len() != self.samples {
            return Err(Error::Length { what: "a covariate", wanted: self.samples, found: values.len() });
        }
        let is_level = |value: &T| levels.iter().any(|level| level.as_ref() == value.as_ref());
        if !values.iter().all(is_level) {
            return Err(Error::BadParameter { what: "a covariate", wanted: "one of its levels", found: f64::NAN });
        }
        for level in levels.iter().skip(1) {
            self.names.push(format!("{name}={}", level.as_ref()));
            self.columns.extend(values.iter().map(|value| f64::from(u8::from(value.as_ref() == level.as_ref()))));
        }
        Ok(self)
    }

    /// Adds a number of every sample of which features may follow any smooth curve, as columns of its basis.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::BadParameter`] for a number outside the curve's ends, or that is not finite.
    pub fn smooth(mut self, smooth: &Smooth, values: &[f64]) -> Result<Self, Error> {
        if values.len() != self.samples {
            return Err(Error::Length { what: "a covariate", wanted: self.samples, found: values.len() });
        }
        let rows: Vec<Vec<f64>> = values.iter().map(|v| smooth.basis(*v)).collect::<Result<_, _>>()?;
        for (n, name) in smooth.columns().enumerate() {
            self.names.push(name);
            self.columns.extend(rows.iter().map(|row| row[n]));
        }
        Ok(self)
    }

    /// Number of samples.
    pub const fn samples(&self) -> usize {
        self.samples
    }

    /// The names of the columns: of a category `name=level`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub(in super::super) fn value(&self, column: usize, sample: usize) -> f64 {
        self.columns[column * self.samples + sample]
    }

    pub(in super::super) fn require(&self, names: &[String]) -> Result<(), Error> {
        if self.names == names {
            return Ok(());
        }
        Err(Error::Length {
            what: "the list of covariates (or their names differ)",
            wanted: names.len(),
            found: self.names.len(),
        })
    }
}
