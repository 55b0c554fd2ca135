//! ITK's transforms: LPS millimetres, points of the fixed image to points of the moving image, parameters about a centre.
//!
//! [`kinds`] gives the classes their meaning, [`text`], [`matlab`] and [`hdf5`] are the files that hold them.

mod field;
#[cfg(feature = "hdf5")]
pub(super) mod hdf5;
pub(super) mod kinds;
pub(super) mod matlab;
pub(super) mod text;

use isocenter_volume::{Affine, world_map::Composed};

use super::Error;

/// A transform as files hold it: class, parameters, fixed parameters.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) kind: String,
    pub(super) parameters: Vec<f64>,
    pub(super) fixed: Vec<f64>,
    /// The vectors of a field, one number after the other.
    pub(super) vectors: Vec<f32>,
    /// Where in a text it stands.
    pub(super) line: usize,
}

/// The class of what is written.
pub(super) const WRITTEN: &str = "AffineTransform_double_3_3";

/// The name of a composite, without precision and dimensions.
const COMPOSITE: &str = "CompositeTransform";

/// The maps of a file in their order; the parts of a composite become one, the last of them applied first.
pub(super) fn maps(all: &[Stored], broken: impl Fn(usize, &'static str) -> Error) -> Result<Vec<Affine>, Error> {
    let is_composite = |stored: &Stored| stored.kind.starts_with(COMPOSITE);
    let one = |stored: &Stored| {
        if is_composite(stored) {
            return Err(broken(stored.line, "a composite must come first in its file"));
        }
        kinds::map(&stored.kind, &stored.parameters, &stored.fixed).map_err(|why| match why {
            kinds::Fault::Wrong(what) => broken(stored.line, what),
            kinds::Fault::Unknown(found) => Error::unsupported(&found),
        })
    };
    match all {
        [first, parts @ ..] if is_composite(first) => {
            parts.iter().try_fold(Affine::IDENTITY, |done, part| Ok(done.compose(&one(part)?))).map(|map| vec![map])
        }
        all => all.iter().map(one).collect(),
    }
}

/// The one map of a file, fields of displacements among its parts.
pub(super) fn chain(
    all: Vec<Stored>,
    broken: impl Fn(usize, &'static str) -> Error,
) -> Result<Composed<'static>, Error> {
    let is_composite = all.first().is_some_and(|first| first.kind.starts_with(COMPOSITE));
    if !is_composite && all.len() != 1 {
        return Err(Error::NotOne { found: all.len() });
    }
    // the last is applied first
    let mut chain = Composed::first(Affine::IDENTITY);
    for part in all.into_iter().skip(usize::from(is_composite)).rev() {
        let line = part.line;
        if field::is_field(&part.kind) {
            chain = chain.then(field::read(part).map_err(|what| broken(line, what))?);
            continue;
        }
        for map in maps(std::slice::from_ref(&part), &broken)? {
            map.inverse().ok_or_else(|| broken(line, super::text::SINGULAR))?;
            chain = chain.then(map);
        }
    }
    Ok(chain)
}

/// Parameters of an affine transform about the origin.
pub(super) fn parameters(map: &Affine) -> Vec<f64> {
    map.rows().iter().flat_map(|r| r[..3].iter().copied()).chain(map.translation()).collect()
}
