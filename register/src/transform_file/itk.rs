//! ITK's transforms: LPS millimetres, points of the fixed image to points of the moving image, parameters about a centre.
//!
//! [`kinds`] gives the classes their meaning, [`text`], [`matlab`] and [`hdf5`] are the files that hold them.

#[cfg(feature = "hdf5")]
pub(super) mod hdf5;
pub(super) mod kinds;
pub(super) mod matlab;
pub(super) mod text;

use isocenter_volume::Affine;

use super::Error;

/// A transform as files hold it: class, parameters, fixed parameters.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) kind: String,
    pub(super) parameters: Vec<f64>,
    pub(super) fixed: Vec<f64>,
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

/// Parameters of an affine transform about the origin.
pub(super) fn parameters(map: &Affine) -> Vec<f64> {
    map.rows().iter().flat_map(|r| r[..3].iter().copied()).chain(map.translation()).collect()
}
